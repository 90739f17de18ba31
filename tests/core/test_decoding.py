"""From bytes to exact values: what is taken for text, what for a number, and what `info` keeps."""

import copy
import io
import json
from decimal import Decimal

import ccxt
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfx_adapter import AdapterHost, exact_json
from dfx_adapter.cli import bodies
from dfx_adapter.exchanges.rules import Rules, completed
from dfx_adapter.order import storable

MARK = b"\xef\xbb\xbf"
FRACTIONS = ["1.5", "-0.0", "1e300", "1E5", "-1.5e-7", "0e0", "1e+2", "1e99999999999999999999"]
IDS_LIKE_FRACTIONS = ["1.5", "-0.0", "1e300", "8797" + "e" + "1" * 27, "1.0.0", "1.x"]


# What a body may be.

FORMS = {
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "part of a memoryview": lambda body: memoryview(b"  " + body + b"  ")[2:-2],
    "text": bytes.decode,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("mark", [b"", MARK], ids=["", "byte order mark"])
@pytest.mark.parametrize("listed", [False, True])
def test_a_body_is_the_same_in_every_form(form, mark, listed, parse, row, body):
    content = msgspec.json.encode([row()]) if listed else body(row())
    assert parse(form(mark + content)) == parse(content)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("content", [b"<html>", b"", b"{"])
def test_what_is_no_json_is_an_error_in_every_form(form, content, parse):
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(form(content))
    assert (caught.value.path, caught.value.found) == ("$", content.decode())
    assert caught.value.expected == "JSON"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_refused_by_name_by_both_ways_in(encoding, parse, row, body):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    content = mark + body(row()).decode().encode(encoding)
    with pytest.raises(ccxt.BadResponse, match="UTF-16") as caught:
        parse(content)
    assert caught.value.path == "$"
    ((found, *_), *_) = bodies.read_bodies(io.BytesIO(content))
    with pytest.raises(ccxt.BadResponse, match="UTF-16"):
        parse(found.content)


@given(st.binary(max_size=40))
def test_map_takes_what_parse_orders_takes(content):
    """A body on one line; `map` splits what has more."""
    line = content.replace(b"\n", b" ")
    found = [found_body for batch in bodies.read_bodies(io.BytesIO(line)) for found_body in batch]
    for found_body in found:
        assert outcome(found_body.content) == outcome(line)


def outcome(content):
    try:
        return exact_json.decode(content)
    except ValueError:
        return ValueError


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "order_id", "order_ids", "success", "detail", "tid", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_json_without_fractions_is_decoded_as_any_decoder_does(value):
    assert exact_json.decode(json.dumps(value)) == value


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30}|[eE][+-]?[0-9]{1,3})", fullmatch=True))
def test_a_fraction_is_its_exact_text_and_nothing_but_text(text):
    for body in (f'{{"data":[{{"order_id":"a","n":{text}}}]}}', f'{{"order_id":"1e5","n":{text}}}'):
        decoded = exact_json.decode(body)
        number = decoded["data"][0]["n"] if "data" in decoded else decoded["n"]
        assert (type(number), number) == (str, text)


# A number is no id, and an id that looks like one is an id.


@pytest.mark.parametrize("number", FRACTIONS)
@pytest.mark.parametrize("field", ["order_id", "symbol", "type", "kind"])
@pytest.mark.parametrize("shape", ["data", "object", "list"])
def test_a_fraction_is_no_text(shape, field, number, parse, row, unquoted):
    bad = row(**{field: unquoted(number)})
    good = row(order_id="good")
    answer = {"data": {"code": 0, "data": [good, bad]}, "object": {"code": 0, "data": bad}}
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(msgspec.json.encode(answer.get(shape, [good, bad])))
    places = {"data": "$.data[1]", "object": "$.data", "list": "$[1]"}
    assert caught.value.path == f"{places[shape]}.{field}"
    assert [order["id"] for order in caught.value.orders] == ([] if shape == "object" else ["good"])


@pytest.mark.parametrize("number", FRACTIONS)
def test_a_fraction_for_an_id_is_reported_as_it_came(number, parse, row, body, unquoted):
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(body(row(order_id=unquoted(number))))
    assert not isinstance(caught.value.found, str)
    assert "order_id: expected a string, found" in str(caught.value)
    if len(number) < 10:
        assert Decimal(caught.value.found) == Decimal(number)
        assert "'" not in str(caught.value).partition("found ")[2].partition(";")[0]


@pytest.mark.parametrize("id_", [*IDS_LIKE_FRACTIONS, "123", "-", "e5", "1e", "a.b"])
@pytest.mark.parametrize("shape", ["data", "object", "list", "spaced"])
def test_text_that_looks_like_a_fraction_is_an_id(shape, id_, parse, row):
    given_row = row(order_id=id_, price=0.5, note=1.5)
    answer = {"data": {"code": 0, "data": [given_row]}, "object": {"code": 0, "data": given_row}}
    body = json.dumps(answer.get(shape, [given_row]), separators=(",", ":"))
    (order,) = parse(body.replace(":", " : ") if shape == "spaced" else body)
    assert order["id"] == id_
    assert order["info"] == {**given_row, "price": "0.5", "note": "1.5"}
    assert {type(order["info"][name]) for name in ("order_id", "price", "note")} == {str}


@pytest.mark.parametrize("number", FRACTIONS)
def test_the_ids_of_other_answers_are_read_as_ids_too(number):
    for body in (
        f'{{"code":0,"order_id":{number}}}',
        f'{{"code":0,"order_ids":["a",{number}]}}',
        f'{{"code":0,"success":[{number}],"error":[]}}',
        f'{{"code":0,"data":{{"order_id":"a","detail":[{{"tid":{number}}}]}}}}',
    ):
        assert f'"{number}"' not in json.dumps(exact_json.decode(body), default=repr)


def test_one_bad_row_among_many_and_deep_ones_costs_no_good_one(parse, row, unquoted):
    deep = msgspec.Raw(b"[" * 800 + b"]" * 800)
    rows = [row(order_id="a", note=deep), row(order_id=unquoted("1.5")), row(order_id="b"), None]
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(msgspec.json.encode({"code": 0, "data": rows}))
    assert caught.value.path == "$.data[1].order_id"
    assert [order["id"] for order in caught.value.orders] == ["a", "b"]


# Whole numbers beyond 64 bit.

LARGE = [2**64, -(2**63) - 1, 10**30, -(10**4000)]
SMALL = [2**64 - 1, -(2**63), 0, 2**53 + 1, True, 5]


def nested(value):
    return {"deep": [[{"er": value, "other": 5}], value], "text": "5"}


@pytest.mark.parametrize("number", [*LARGE, *SMALL])
def test_a_whole_number_beyond_64_bit_is_its_text_in_info(number, parse, row):
    expected = number if number in SMALL else str(Decimal(number))
    raw = row(extra=number, nested=nested(number))
    for payload in (msgspec.json.encode([raw]), copy.deepcopy([raw])):
        (order,) = parse(payload)
        assert order["info"] == row(extra=expected, nested=nested(expected))
        assert type(order["info"]["extra"]) is type(expected)
    unchanged = copy.deepcopy(raw)
    parse([raw])
    assert raw == unchanged  # the caller's own


@pytest.mark.parametrize("field", ["price", "amount", "cash_amount", "executed_amount"])
def test_a_quantity_beyond_64_bit_is_its_text_in_info_and_exact(field, parse, row):
    large = 123456789012345678901
    (order,) = parse([row(status=1, avg_price=1, **{field: large})], number=Decimal)
    assert order["info"] == row(status=1, avg_price=1, **{field: str(large)})
    key = {"cash_amount": None, "executed_amount": "filled"}.get(field, field)
    assert key is None or order[key] == large


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**18 - 1, 10**18])
def test_a_quantity_within_64_bit_stays_a_number(number, parse, row):
    (order,) = parse([row(amount=number)], number=Decimal)
    assert (order["amount"], order["info"]["amount"]) == (number, number)


def test_a_row_without_large_numbers_is_not_copied(parse, row):
    raw = row(extra=[1, {"a": 5}])
    (order,) = parse([raw])
    assert order["info"] is raw


@pytest.mark.parametrize("number", LARGE)
def test_for_any_exchange(number):
    info = {"id": number, "nested": nested(number)}
    text = str(Decimal(number))
    order = completed({"id": "a", "info": info}, Rules())
    assert order["info"] == {"id": text, "nested": nested(text)}
    assert info["id"] == number


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
def test_ccxts_json_takes_the_order(exchange_id, row):
    pytest.importorskip("orjson")
    payload = [row(extra=2**70)] if exchange_id == "digifinex" else [{"id": "a", "info": [2**70]}]
    (order,) = AdapterHost(entry_points=False).parse_orders(exchange_id, payload)
    assert str(2**70) in ccxt.Exchange.json(order)


def test_storable_holds_whatever_the_depth():
    value = 2**70
    for _ in range(5000):
        value = [value]
    inner = storable(value)
    while isinstance(inner, list):
        (inner,) = inner
    assert inner == str(2**70)
