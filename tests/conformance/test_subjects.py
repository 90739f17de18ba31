"""Our adapter keeps every rule sync and asyncio; stock ccxt's report names all of its faults."""

import importlib.util
import re
from pathlib import Path

import ccxt
import pytest

from dfx_conformance import RULES, run
from dfx_conformance.profiles.wire import SCENARIOS
from dfx_conformance.reports.markdown import summary
from dfx_conformance.subjects import ready

ROOT = Path(__file__).parents[2]
OLDEST = ccxt.__version__ == "4.5.22"


def wrong(report):
    return {rule for rule, fared in report["rules"].items() if fared in {"failed", "warned"}}


@pytest.mark.long
@pytest.mark.parametrize("name", ["digifinex", "digifinex-async"])
def test_our_adapter_keeps_every_rule_with_no_expected_failure(name):
    report = run(ready(name))
    assert [one["id"] for one in report["results"] if one["verdict"] != "passed"] == []
    assert report["conforms"]
    assert report["profiles"] == ["order", "digifinex-mapping", "digifinex-wire"]


@pytest.fixture(scope="module")
def stock():
    return run(ready("stock"))


# What stock ccxt gets wrong, and the rules that say so. The numbers are those of the cases that
# tests/exchange/stock_faults.py prints; its last is no fault.
FAULTS = {
    1: {"MAP-014", "ORD-007"},  # a trade in 1970 for an open order
    2: {"MAP-014", "MAP-015"},  # a cancellation reported as a trade
    3: {"MAP-025"},  # the budget of a market buy lost
    4: {"MAP-025"},  # the same when it is cancelled
    5: {"MAP-024"},  # quote less base
    6: {"MAP-017", "MAP-018"},  # price without meaning, timeInForce invented
    7: {"MAP-023"},  # cost from the limit price
    8: {"MAP-026"},  # digits lost
    9: {"MAP-021", "MAP-034"},  # contradictions passed on silently
    10: {"MAP-028", "ORD-016"},  # a fee of None
    11: {"MAP-004"},  # unknown status passed on
    12: {"MAP-007", "MAP-030"},  # unknown type, missing keys
    13: {"MAP-032"},  # milliseconds, dates
    14: {"MAP-008", "LIST-007"},  # margin looks like spot
    15: {"MAP-010", "LIST-008"},  # delisted markets
    16: {"LIST-006"},  # relabelled
    17: {"LIST-006"},  # symbol not checked
    18: {"LIST-009", "LIST-014"},  # two ids in one, no batches
    19: {"LIST-004"},  # another order
    20: {"ERR-001"},  # 20013
    21: {"ERR-002"},  # a page is OrderNotFound
    22: {"ERR-003", "ERR-006", "ERR-008", "ERR-009", "ERR-010"},  # classes of codes
    23: {"ERR-014", "ERR-015"},  # messages
    24: {"ERR-004", "ERR-010"},  # HTTP 429 and 500
    25: {"WIRE-003"},  # path and query contradict
    26: {"WIRE-008", "WIRE-017"},  # the clock
}


@pytest.mark.long
@pytest.mark.parametrize(("fault", "rules"), FAULTS.items())
def test_stocks_report_names_its_faults(stock, fault, rules):
    if OLDEST and fault == 8:
        rules = set()  # as text, this version's numbers keep their digits
    assert rules <= wrong(stock)


def test_the_faults_are_those_that_are_known():
    path = ROOT / "tests/exchange/stock_faults.py"
    spec = importlib.util.spec_from_file_location("stock_faults", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert set(FAULTS) == {case.number for case in module.FAULTS}


@pytest.mark.long
def test_stock_is_not_accused_of_what_it_does_right(stock):
    right = {"WIRE-001", "WIRE-002", "WIRE-004", "WIRE-005", "SEC-003", "ERR-007", "MAP-002"}
    assert right.isdisjoint(wrong(stock))
    assert right <= set(stock["rules"])


@pytest.mark.long
def test_stock_on_asyncio_breaks_the_same_rules(stock):
    other = run(ready("stock-async"), ["digifinex-wire"])
    broken = {
        problem["rule"]
        for result in stock["results"]
        if result["profile"] == "digifinex-wire"
        for problem in result["problems"]
    }
    assert wrong(other) == broken


OFFLINE = {"LIST-018", "LIST-019", "LIST-020"}  # of what one answer becomes, sent or not


def test_every_rule_of_requests_is_proved_by_a_scenario():
    proved = {rule for scenario in SCENARIOS for rule in scenario.rules}
    requests = {rule.id for rule in RULES if rule.id.startswith(("WIRE-", "SEC-", "LIST-"))}
    assert requests - OFFLINE <= proved
    assert len(SCENARIOS) >= 35
    assert all(scenario.title for scenario in SCENARIOS)


@pytest.mark.long
def test_the_readme_has_stocks_summary_as_it_is_made(stock):
    readme = ROOT.joinpath("conformance/README.md").read_text(encoding="utf-8")
    stands, after = re.search(
        r"<!-- stock -->\n(.*?)\n<!-- end -->\n\n(ccxt 4\.5\.22, .*)", readme, re.DOTALL
    ).groups()
    if OLDEST:  # the table is of a newer one; what differs stands below it
        newer = set(re.findall(r"^\| ([A-Z]+-\d+) ", stands, re.MULTILINE))
        if not importlib.util.find_spec("orjson"):
            newer -= set(re.findall(r"[A-Z]+-\d{3}", after))
        assert newer == wrong(stock)
    else:
        assert stands.strip() == f"#{summary(stock)}".strip()
