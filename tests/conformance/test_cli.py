"""`dfx-conformance`: what it prints, writes and exits with."""

import json
import sys

import pytest
from typer.testing import CliRunner

from dfx_conformance.cli import app
from dfx_conformance.reports import WRITERS

ONE = ("--vector", "spot/mode-1")


def run(*arguments):
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module into the working directory."""

    def written(name, text):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield written
    for name in ("mine", "imports"):
        sys.modules.pop(name, None)


GOOD = """
import dfx_adapter
def parse(body):
    return dfx_adapter.parse_orders("digifinex", body)
"""
BAD = """
def bad(body):
    return []
"""
WITH_BUDGET = """
def with_budget(body):
    return [{**order, "cashAmount": 1} for order in parse(body)]
"""


def test_a_good_subject_exits_0(module):
    module("mine", GOOD)
    done = run("run", "mine:parse", *ONE)
    assert (done.exit_code, done.output) == (0, "parse: conforms; 1 cases, 1 passed\n")


def test_a_bad_one_exits_1_and_shows_why(module):
    module("mine", BAD)
    done = run("run", "mine:bad", *ONE)
    assert done.exit_code == 1
    assert "MAP-008 MUST: kind margin is marginMode cross" in done.output
    assert "again     dfx-conformance run mine:bad --vector spot/mode-1" in done.output


def test_what_is_printed_to_repeat_a_failure_repeats_it(module):
    module("mine", BAD)
    done = run("run", "mine:bad", *ONE)
    again = done.output.partition("again     dfx-conformance ")[2].splitlines()[0]
    assert run(*again.split()).output == done.output


def test_a_should_counts_only_where_that_is_asked_for(module):
    module("mine", GOOD + WITH_BUDGET)
    arguments = ("run", "mine:with_budget", "--vector", "market-buys/budget-of-limit-buy-1")
    assert run(*arguments).exit_code == 0
    assert run(*arguments, "--strict").exit_code == 1


EXPECTING = """
from dfx_conformance import Subject
one = Subject("one", bad, xfail={"MAP-008": "we know", "MAP-012": "we know"}, command="mine:one")
kept = Subject("kept", parse, xfail={"spot/mode-1": "we thought so"}, command="mine:kept")
rule = Subject("rule", parse, capabilities={"spot"}, xfail={"MAP-005": "we thought so"})
unknown = Subject("unknown", parse, xfail={"spot/no-such": "we thought so"})
empty = Subject("empty", orders=list)
"""


def test_an_expected_failure_exits_0_and_an_unexpected_pass_1(module):
    module("mine", GOOD + BAD + EXPECTING)
    done = run("run", "mine:one", *ONE)
    assert (done.exit_code, "1 xfailed" in done.output) == (0, True)
    done = run("run", "mine:kept", *ONE)
    assert done.exit_code == 1
    assert "XPASSED spot/mode-1" in done.output
    assert "expected to fail: we thought so" in done.output
    done = run("run", "mine:rule", "--profile", "digifinex-mapping")
    assert done.exit_code == 1
    assert "XPASSED MAP-005" in done.output


def test_an_expected_failure_of_nothing_exits_2(module):
    module("mine", GOOD + BAD + EXPECTING)
    done = run("run", "mine:unknown", *ONE)
    assert done.exit_code == 2
    assert "spot/no-such is no vector" in " ".join(done.output.replace("│", " ").split())


@pytest.mark.parametrize("options", [(), ("--profile", "digifinex-wire")])
def test_a_subject_without_orders_exits_2(module, options):
    module("mine", GOOD + BAD + EXPECTING)
    done = run("run", "mine:empty", *options)
    assert done.exit_code == 2
    assert "nothing ran" in done.output


def test_nothing_ran_exits_2(module):
    module("mine", GOOD)
    done = run("run", "mine:parse", "--vector", "wire/one-order", "--profile", "digifinex-wire")
    assert done.exit_code == 2
    assert "nothing ran" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no_such_module:parse",), "no such module"),
        (("mine:nothing",), "mine has no nothing"),
        (("mine:ONE",), "is no subject"),
        (("ccxt:kraken",), "needs a file of recorded rows"),
        (("mine:parse", "--vector", "no/such"), "no/such is no vector"),
        (("mine:parse", "--profile", "nope"), "no profile nope"),
        (("mine:parse", "--report", "r.pdf"), "r.pdf"),
    ],
)
def test_what_is_wrong_with_the_command_is_in_the_message(module, arguments, message):
    module("mine", GOOD + "ONE = 1\n")
    done = run("run", *arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.output.replace("│", " ").split())


def test_a_module_that_fails_to_import_shows_its_own_error(module):
    module("imports", "import no_such_thing\n")
    done = run("run", "imports:parse")
    assert isinstance(done.exception, ModuleNotFoundError)
    assert done.exception.name == "no_such_thing"


def test_several_subjects_are_one_report(module, tmp_path):
    module("mine", GOOD + BAD)
    files = [f"r{ending}" for ending in WRITERS]
    options = [part for file in files for part in ("--report", file)]
    done = run("run", "mine:parse", "mine:bad", "-q", *ONE, *options)
    assert done.exit_code == 1
    assert done.output.count("\n") == 2
    assert all((tmp_path / file).stat().st_size for file in files)
    report = json.loads((tmp_path / "r.json").read_bytes())
    assert [(one["subject"], one["ok"]) for one in report["reports"]] == [
        ("parse", True),
        ("bad", False),
    ]


def test_recorded_rows_of_another_exchange(tmp_path):
    row = {"id": "1", "descr": {"pair": "XBTUSD", "type": "buy", "ordertype": "limit"}}
    row |= {"status": "open", "opentm": 1562303547.5, "vol": "2", "vol_exec": "0", "cost": "0"}
    market = {"id": "XXBTZUSD", "symbol": "BTC/USD", "base": "BTC", "quote": "USD"}
    options = {"marketsByAltname": {"XBTUSD": market}}  # ccxt makes it when it loads markets
    recording = {"rows": [row], "markets": [market], "options": options}
    file = tmp_path / "kraken.json"
    file.write_text(json.dumps(recording), encoding="utf-8")
    assert run("run", "ccxt:kraken", "--recorded", str(file)).exit_code == 0
    odd = tmp_path / "odd.json"
    odd.write_text(json.dumps({**recording, "rows": [{**row, "status": "odd"}]}), encoding="utf-8")
    done = run("run", "ccxt:kraken", "--recorded", str(odd))
    assert done.exit_code == 1
    assert "status is 'odd'" in done.output
    assert run("run", "adapter:kraken", "--recorded", str(file)).exit_code == 0
    assert run("run", "ccxt:no_such", "--recorded", str(file)).exit_code == 2


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("rules", "WIRE-009"),
        ("vectors", "wire/one-order"),
        ("subjects", "stock-async"),
        ("capabilities", "exact-numbers"),
    ],
)
def test_everything_can_be_listed(what, message):
    assert message in run("list", what).output


def test_a_rule_is_explained_with_what_proves_it():
    output = run("explain", "map-003").output
    assert output.startswith("MAP-003 MUST: status 3 and 4 are canceled\nsource: STATUS")
    assert "wire/life-canceled" in output


def test_a_vector_is_explained_with_its_answer():
    output = run("explain", "spot/mode-1").output
    assert "MAP-008 MUST: kind margin" in output
    assert 'answer: {"code":0' in output
    assert "expected: [{" in output
    assert run("explain", "no/such").exit_code == 2
