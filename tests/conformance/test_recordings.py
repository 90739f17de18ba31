"""Recordings in the suite: run whole, compared run by run, and made vectors of."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

import dfx_conformance
from dfx_adapter import AdapterHost
from dfx_adapter.recordings import lines
from dfx_adapter.simulator import Simulator
from dfx_conformance import changes
from dfx_conformance.cli import app
from dfx_conformance.vectors import load
from tests.exchanges import bot, venues

SUITE = Path(dfx_conformance.__file__).parent


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Record the bot on DigiFinex and Kraken into one file."""
    file = tmp_path_factory.mktemp("recordings") / "both.jsonl"
    host = AdapterHost(entry_points=False)
    with Simulator() as simulator:
        config = {**simulator.ccxt_config(), "enableRateLimit": False}
        exchange = host.connect("digifinex", {**config, "options": {"record": file}})
        order = exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
        simulator.fill(order["id"], "0.25")
        exchange.fetch_order(order["id"], "BTC/USDT")
        exchange.cancel_order(order["id"], "BTC/USDT")
        with pytest.raises(Exception, match="20013"):
            exchange.fetch_order("ab" * 16)
    with venues.serving("kraken") as (_, config):
        config["options"] = {"record": file}
        bot.run(host.connect("kraken", config))
    return file


def run(*args):
    return CliRunner().invoke(app, list(map(str, args)))


@pytest.mark.parametrize(
    ("name", "conforms"),
    [
        ("digifinex", True),
        ("digifinex-async", True),
        ("adapter:digifinex", True),
        ("kraken", True),
        ("stock-async", False),
        ("ccxt:digifinex", False),
    ],
)
def test_a_recording_is_run_by_any_name_of_its_exchanges(recording, name, conforms):
    done = run("run", name, "--recorded", recording, "-q")
    assert done.exit_code == (0 if conforms else 1), done.output
    assert ("conforms; " in done.output) is conforms
    assert f"again     dfx-conformance run {name}" not in done.output


def test_a_failure_says_how_to_repeat_it(recording):
    done = run("run", "stock", "--recorded", recording, "--vector", "ORD-007")
    again = "again     dfx-conformance run stock --recorded FILE --vector order/ORD-007"
    assert again in done.output


def test_an_exchange_that_is_not_in_it_is_named(recording):
    done = run("run", "mexc", "--recorded", recording)
    assert done.exit_code == 2
    assert "has no answer of mexc" in done.output


def test_calls_that_are_not_there_are_a_fault_of_the_subject(recording, mocker):
    """A newer version may ask for what the recording has not."""
    found = [line for line in lines.read(recording) if line.exchange == "digifinex"]
    moved = [line for line in found if isinstance(line, lines.Answer) and line.http == "GET"]
    for line in moved:
        line.url = "/v9/elsewhere"
    file = recording.with_name("moved.jsonl")
    file.write_bytes(b"".join(map(lines.write, moved)))
    done = run("run", "digifinex", "--recorded", file)
    assert done.exit_code == 1
    assert "has no answer left to GET /v3/spot/order" in done.output


# Two runs.


@pytest.fixture(scope="module")
def reports(recording):
    """Reports of the adapter and of ccxt's own class on the same recording."""
    files = []
    for name in ("digifinex", "stock"):
        file = recording.with_name(f"{name}.json")
        run("run", name, "--recorded", recording, "-q", "--report", file)
        files.append(file)
    return files


def test_what_broke_is_said_and_exits_1(reports):
    good, bad = reports
    done = run("compare", good, bad)
    assert done.exit_code == 1
    assert "broke: kept before, broken now\n" in done.output
    assert "  ccxt digifinex: ORD-007 passed -> failed: times are whole" in done.output
    assert "0 healed" in done.output


def test_what_healed_is_said_and_exits_0(reports):
    good, bad = reports
    done = run("compare", bad, good)
    assert done.exit_code == 0
    assert "healed: broken before, kept now\n" in done.output
    assert "ORD-007 failed -> passed: times are whole" in done.output
    assert "0 broke" in done.output


def test_nothing_changed(reports):
    done = run("compare", reports[0], reports[0])
    assert (done.exit_code, done.output) == (0, "nothing changed\n")


def report(tmp_path, name, *subjects):
    file = tmp_path / name
    made = [
        {"subject": one, "rules": rules, "results": results} for one, rules, results in subjects
    ]
    file.write_text(json.dumps({"reports": made}))
    return file


def test_every_kind_of_change(tmp_path):
    before = {"ORD-001": "passed", "ORD-002": "failed", "ORD-003": "passed", "ORD-004": "warned"}
    after = {"ORD-001": "warned", "ORD-002": "passed", "ORD-004": "failed", "ORD-005": "passed"}
    both = [
        report(tmp_path, "a.json", ("x", {**before, "ORD-006": "unsupported"}, [])),
        report(tmp_path, "b.json", ("y", {**after, "ORD-006": "failed"}, [])),
    ]
    found = {(one.name, one.kind, one.is_worse) for one in changes.changes(*both)}
    assert found == {
        ("ORD-001", "broke", False),  # a SHOULD
        ("ORD-002", "healed", False),
        ("ORD-003", "went", False),
        ("ORD-004", "broke", True),
        ("ORD-005", "appeared", False),
        ("ORD-006", "appeared", True),
    }


def test_a_crash_of_the_suite_is_worse(tmp_path):
    crash = [{"id": "order/ORD-001", "verdict": "crashed"}]
    both = [report(tmp_path, n, ("x", {}, found)) for n, found in (("a", []), ("b", crash))]
    assert [one.is_worse for one in changes.changes(*both)] == [True]


def test_subjects_are_compared_by_their_names(tmp_path):
    kept, broken = {"ORD-001": "passed"}, {"ORD-001": "failed"}
    one = report(tmp_path, "a.json", ("x", kept, []), ("y", kept, []), ("z", kept, []))
    other = report(tmp_path, "b.json", ("y", broken, []), ("x", kept, []))
    assert [(found.subject, found.kind) for found in changes.changes(one, other)] == [
        ("y", "broke")
    ]
    unknown = report(tmp_path, "c.json", ("u", kept, []), ("v", kept, []))
    done = run("compare", one, unknown)
    assert done.exit_code == 2
    assert "have no subject of one name" in done.output


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"reports": [{}]}', '{"reports": 1}'])
def test_what_is_no_report_is_refused(tmp_path, content):
    file = tmp_path / "a.json"
    file.write_text(content)
    assert run("compare", file, file).exit_code == 2


# A vector.


def drafted(*args):
    done = run("vector", *args)
    assert done.exit_code == 0, done.output
    assert "a draft: hold each value against the row" in done.stderr
    return json.loads(done.stdout)


def test_a_recorded_answer_becomes_a_vector(recording, tmp_path):
    number = next(line.line for line in lines.answers(recording) if line.method == "fetchOrder")
    made = drafted(recording, "--line", number, "--id", "recorded/mine-1", "--source", "SEEN: here")
    schema = json.loads(SUITE.joinpath("vectors.schema.json").read_text())
    jsonschema.validate({"$schema": "../vectors.schema.json", "vectors": [made]}, schema)
    assert (made["id"], made["source"], made["provenance"]) == (
        *("recorded/mine-1", "SEEN: here"),
        "recorded",
    )
    [body] = [line.body for line in lines.answers(recording) if line.line == number]
    assert made["body"] == {"text": body}
    [order] = made["orders"]
    expected = {"status": "open", "filled": "0.25", "remaining": "0.25", "cost": "2250"}
    assert {key: order[key] for key in expected} == expected
    assert made["rules"][0] == "MAP-001"
    assert "cashAmount" not in order


def test_an_answer_that_is_an_error_becomes_one_too(recording):
    number = max(line.line for line in lines.answers(recording) if line.exchange == "digifinex")
    made = drafted(recording, "--line", number)
    assert made["id"] == f"recorded/line-{number}"
    assert made["error"] == {"class": "OrderNotFound", "code": "20013"}
    assert made["rules"] == ["ERR-001"]
    assert made["source"].startswith("GET /v3/spot/order, HTTP 200, recorded 20")


def test_it_is_added_to_a_file_and_proves_what_it_says(recording, tmp_path):
    file = tmp_path / "recorded.json"
    shutil.copy(SUITE / "vectors/recorded.json", file)
    before = load([file])
    number = next(line.line for line in lines.answers(recording) if line.method == "fetchOrder")
    done = run("vector", recording, "--line", number, "--id", "recorded/mine-1", "--add-to", file)
    assert done.exit_code == 0
    after = load([file])
    assert after[:-1] == before
    assert after[-1].id == "recorded/mine-1"
    parse = lambda body: AdapterHost(entry_points=False).parse_orders("digifinex", body)  # noqa: E731
    subject = dfx_conformance.Subject("adapter", parse)
    made = dfx_conformance.run(subject, None, after, only=["recorded/mine-1"])
    assert (made["ok"], made["passed"]) == (True, 1)


def test_blurred_ids_have_their_length_and_are_the_same_everywhere(recording):
    number = next(line.line for line in lines.answers(recording) if line.method == "fetchOrder")
    plain, blurred = (drafted(recording, "--line", number, *more) for more in ([], ["--blur"]))
    one, other = plain["orders"][0]["id"], blurred["orders"][0]["id"]
    assert one != other
    assert len(one) == len(other) == 32
    assert blurred["body"]["text"] == plain["body"]["text"].replace(one, other)


def test_what_can_be_no_vector_is_refused(recording, tmp_path):
    of_kraken = max(line.line for line in lines.answers(recording))
    assert "is of kraken /0/private/" in run("vector", recording, "--line", of_kraken).output
    assert "has no answer" in run("vector", recording, "--line", 999).output
    number = next(line.line for line in lines.answers(recording) if line.method == "fetchOrder")
    taken = run("vector", recording, "--line", number, "--id", "spot/mode-1")
    assert "there is a vector of that id" in taken.output
    empty = tmp_path / "a.json"
    empty.write_text("{}")
    assert (
        "no file of vectors" in run("vector", recording, "--line", number, "--add-to", empty).output
    )
    assert empty.read_text() == "{}"
