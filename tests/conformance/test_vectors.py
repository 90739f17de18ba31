"""The loader says which file and which vector is wrong; the schema holds the same."""

import json
from importlib import resources

import jsonschema
import pytest

from dfx_conformance import VectorError, load

from .conftest import ORDER, ROW, refused, vector

PACKAGE = resources.files("dfx_conformance")
SCHEMA = json.loads((PACKAGE / "vectors.schema.json").read_bytes())
FILES = sorted(
    (one for one in (PACKAGE / "vectors").iterdir() if one.name.endswith(".json")),
    key=lambda one: one.name,
)


def is_valid(document):
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(document)


def of(*made):
    return {"$schema": "../vectors.schema.json", "vectors": list(made)}


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_keeps_the_schema(file):
    faults = jsonschema.Draft202012Validator(SCHEMA).iter_errors(json.loads(file.read_bytes()))
    assert [fault.message for fault in faults] == []


def test_there_are_enough_and_every_area_is_there():
    loaded = load()
    assert len(loaded) >= 120
    assert len({one.id for one in loaded}) == len(loaded)
    assert {one.provenance for one in loaded} == {"documented", "recorded", "derived"}


def test_a_vector_is_read(vectors):
    (one,) = vectors(vector())
    assert one.rules == ("MAP-003", "MAP-014", "MAP-020")
    assert one.expected == ([ORDER],)
    assert json.loads(one.bodies[0]) == {"code": 0, "data": [ROW]}


def test_a_body_keeps_the_text_of_its_numbers(tmp_path):
    text = json.dumps(of(vector(body="BODY"))).replace('"BODY"', '{"a": [1.10, 1E+400, 5e-05]}')
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    (one,) = load([tmp_path / "a.json"])
    assert one.bodies == (b'{"a":[1.10,1E+400,5e-05]}',)


def test_a_text_is_a_body_to_the_last_byte(vectors):
    (one,) = vectors(vector(body={"text": ' {"a": NaN\n'}))
    assert one.bodies == (b' {"a": NaN\n',)


def test_every_snapshot_has_orders(vectors):
    (one,) = vectors(vector(body=..., snapshots=[{"a": 1}, []], orders=[[ORDER], []]))
    assert one.bodies == (b'{"a":1}', b"[]")
    assert one.expected == ([ORDER], [])


def test_what_a_vector_asks_for_beside_its_rules_is_a_rule_too(vectors):
    (one,) = vectors(refused(warns=["a1"]))
    assert one.all_rules == ("MAP-004", "ERR-020", "MAP-034", "ERR-016")


# What is wrong, and the message; the schema lets the last ones pass.
BROKEN = {
    "no title": ([vector(title=...)], "title", False),
    "unknown key": ([vector(expect=1)], "expect", False),
    "unknown level": ([vector(level="MAY")], "MAY", False),
    "unknown provenance": ([vector(provenance="invented")], "invented", False),
    "unknown capability": ([vector(capability="swap")], "swap", False),
    "no rules": ([vector(rules=[])], "no rule", False),
    "orders and error": ([{**refused(), "orders": [ORDER]}], "either orders or error", False),
    "neither": ([vector(orders=...)], "either orders or error", False),
    "body and snapshots": ([vector(snapshots=[1, 2])], "either body or snapshots", False),
    "no body": ([vector(body=...)], "either body or snapshots", False),
    "flat orders of snapshots": (
        [vector(body=..., snapshots=[1, 2], orders=[ORDER, ORDER])],
        "a list of such lists",
        False,
    ),
    "error without class": ([{**refused(), "error": {"path": "$"}}], "class", False),
    "unknown rule": ([vector(rules=["MAP-999"])], "no rule MAP-999", True),
    "unknown exemption": ([vector(exempt=["ORD-999"])], "no rule ORD-999", True),
    "an id twice": ([vector(), vector()], "stands in bad.json, too", True),
    "too few orders": (
        [vector(body=..., snapshots=[1, 2], orders=[[ORDER]])],
        "one list of orders for each snapshot",
        True,
    ),
}


@pytest.mark.parametrize(("made", "message", "valid"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_in_the_error(vectors, made, message, valid):
    with pytest.raises(VectorError) as caught:
        vectors(*made, name="bad.json")
    assert message in str(caught.value)
    assert str(caught.value).startswith("bad.json")
    assert made[0]["id"] in str(caught.value)
    assert is_valid(of(*made)) is valid


def test_what_is_no_json_is_an_error(tmp_path):
    (tmp_path / "cut.json").write_text('{"vectors": [', encoding="utf-8")
    with pytest.raises(VectorError, match=r"^cut\.json"):
        load([tmp_path / "cut.json"])


def test_good_ones_keep_the_schema():
    assert is_valid(of(vector(), refused()))
