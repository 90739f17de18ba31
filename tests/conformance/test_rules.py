"""The suite's own proof: a good order keeps every rule, a broken one is caught by its rule."""

import json
import re
from decimal import Decimal
from pathlib import Path

import ccxt
import pytest
from typer.testing import CliRunner

import dfx_conformance
from dfx_adapter import parse_orders
from dfx_conformance.cli import app
from dfx_conformance.order_checks import CHECKS
from dfx_conformance.rules import AREAS, find

ROW = {
    "symbol": "BTC_USDT",
    "order_id": "0123456789abcdef",
    "created_date": 1562303547,
    "finished_date": 1562303600,
    "price": 9000,
    "amount": 2,
    "cash_amount": 0,
    "executed_amount": 0.5,
    "avg_price": 8999.5,
    "status": 4,
    "type": "sell",
    "kind": "spot",
}
GOOD = {
    "id": "1",
    "clientOrderId": None,
    "datetime": "2019-07-05T05:12:27.001Z",
    "timestamp": 1562303547001,
    "lastTradeTimestamp": 1562303600000,
    "lastUpdateTimestamp": 1562303600000,
    "status": "canceled",
    "symbol": "BTC/USDT",
    "type": "limit",
    "timeInForce": None,
    "side": "buy",
    "price": 9000.0,
    "average": 8999.5,
    "amount": 2.0,
    "filled": 0.5,
    "remaining": 1.5,
    "cost": 4499.75,
    "trades": [],
    "fee": None,
    "fees": [],
    "info": {"order_id": "1"},
    "reduceOnly": None,
    "postOnly": None,
    "stopPrice": None,
    "triggerPrice": None,
    "takeProfitPrice": None,
    "stopLossPrice": None,
}

UNFILLED = {"filled": 0.0, "remaining": 2.0, "cost": 0.0, "average": None} | {
    "lastTradeTimestamp": None
}
UNKNOWN_FILLS = dict.fromkeys(("filled", "remaining", "cost", "average"))
SWAP = {"symbol": "BTC/USDT:USDT"}  # GOOD: 0.5 x 8999.5 = 4499.75
INVERSE = {"symbol": "BTC/USD:BTC", "amount": 30, "filled": 20, "remaining": 10, "average": 8000}

BROKEN = [
    ("ORD-001", {"cost": ...}),
    ("ORD-002", {"id": ""}),
    ("ORD-002", {"id": 1}),
    ("ORD-002", {"id": None}),
    ("ORD-003", {"symbol": "BTC_USDT"}),
    ("ORD-003", {"symbol": ""}),
    ("ORD-004", {"status": "5"}),
    ("ORD-004", {"status": ""}),
    ("ORD-005", {"side": "BUY"}),
    ("ORD-005", {"side": ""}),
    ("ORD-006", {"type": "LIMIT"}),
    ("ORD-006", {"type": ""}),
    ("ORD-007", {"lastTradeTimestamp": 0}),
    ("ORD-007", {"lastUpdateTimestamp": 1562303547001000}),
    ("ORD-007", {"timestamp": 1562303547, "datetime": "2019-07-05T05:12:27.000Z"}),
    ("ORD-007", {"timestamp": -1, "datetime": None}),
    ("ORD-008", {"datetime": "2019-07-05T05:12:27Z"}),
    ("ORD-008", {"timestamp": None}),
    ("ORD-009", {"lastUpdateTimestamp": 1562303546001}),
    ("ORD-009", {"lastTradeTimestamp": 1562303540000}),
    ("ORD-010", {"filled": 0.0, "remaining": 2.0, "average": None, "cost": 0.0}),
    ("ORD-010", {**UNFILLED, "filled": "0.00", "lastTradeTimestamp": 1562303600000}),
    ("ORD-011", {"price": float("nan")}),
    ("ORD-011", {"triggerPrice": -1}),
    ("ORD-011", {"price": True}),
    ("ORD-011", {"price": " 9000"}),
    ("ORD-011", {"price": "9_000"}),
    ("ORD-011", {"price": "9000\n"}),
    ("ORD-011", {"price": "٩"}),
    ("ORD-012", {"remaining": 1.4}),
    ("ORD-012", {"filled": 3.0, "cost": 26998.5}),
    ("ORD-012", {"remaining": 1.5000000001}),
    ("ORD-013", {"cost": 4500.0}),  # from the limit price
    ("ORD-013", {"cost": 4499.750000001}),
    ("ORD-013", {"cost": 0}),
    ("ORD-013", {"cost": 4499}),
    ("ORD-013", {"average": 8999, "price": 8998, "cost": 4499.0}),
    ("ORD-013", {"average": 8999.33, "cost": 4499.68}),
    ("ORD-013", {"amount": 4.0, "filled": 3.0, "remaining": 1.0, "average": 5.0, "cost": 16.0}),
    ("ORD-013", {"filled": 0, "remaining": 2, "cost": 1, "average": None}),
    ("ORD-013", {**SWAP, "cost": 4500.0}),  # no size of a contract is 1.00006
    ("ORD-013", {**SWAP, "cost": 0}),
    ("ORD-013", {**INVERSE, "cost": 0.24968789, "price": 8010}),  # 2000 / 8010
    ("ORD-013", {**INVERSE, "cost": 160000.0}),  # 20 x 8000
    ("ORD-014", {"filled": 0, "remaining": 2, "cost": 0}),
    ("ORD-015", {"status": "closed"}),
    ("ORD-016", {"fee": {"cost": None}}),
    ("ORD-016", {"fees": [{"cost": 1.0, "currency": None}]}),
    ("ORD-016", {"fees": [{"cost": 1.0, "currency": 1}]}),
    ("ORD-016", {"fees": None}),
    ("ORD-017", {"trades": None}),
    ("ORD-018", {"info": {}}),
    ("ORD-018", {"info": None}),
    ("ORD-019", {"symbol": None}),
    ("ORD-019", {"status": None}),
    ("ORD-019", {"side": None}),
    ("ORD-019", {"type": None}),
    ("ORD-019", {**UNKNOWN_FILLS, "info": None}),
    ("ORD-020", {"filled": Decimal("0.5")}),
    ("ORD-020", {"price": "9000"}),
    ("ORD-020", {"fee": {"cost": "0.1", "currency": "USDT"}}),
    ("ORD-020", {"price": "9000", "average": "8999.5", "amount": 2, "filled": "0.5"}),
]
TEXT = {"price": "9000", "average": "8999.5", "amount": "2", "filled": "0.5"} | {
    "remaining": "1.50",
    "cost": "4499.75",
}
RIGHT = {
    "as it is": {},
    "overfilled": {"filled": 3.0, "remaining": 0.0, "cost": 26998.5},
    "a key of its own": {"unknown": 1},
    "a fee": {"fee": {"cost": 0.1, "currency": "USDT"}},
    "text": TEXT,
    "Decimal and int": {
        **{key: Decimal(value) for key, value in TEXT.items()},
        "amount": 2,
        "price": 9000,
    },
    "sum of floats": {"amount": 0.3, "filled": 0.1, "remaining": 0.19999999999999998}
    | {"average": 3.0, "cost": 0.30000000000000004},
    "clocks that differ": {"lastTradeTimestamp": 1562303547000},
    "whole seconds": {"lastUpdateTimestamp": 1562303547000},
    "average rounded": {"amount": 4.0, "filled": 3.0, "remaining": 1.0, "cost": 100.0}
    | {"average": 33.33, "price": 34.0},
    "average cut": {"amount": 4.0, "filled": 3.0, "remaining": 1.0, "cost": 200.0}
    | {"average": 66.66, "price": 67.0},
    "average rounded in text": TEXT
    | {"amount": "4", "filled": "3", "remaining": "1", "cost": "100", "average": "33.3333"},
    "average of a small coin": {"amount": 4.0, "filled": 3.0, "remaining": 1.0}
    | {"cost": 7e-8, "average": 2e-8, "price": 3e-8},
    "cost cut to whole won": {"amount": 1.0, "filled": 0.01172, "remaining": 0.98828}
    | {"price": 600400.0, "average": 600300.0, "cost": 7035.0},
    "cost rounded": {"amount": 1.0, "filled": 0.123456, "remaining": 0.876544}
    | {"average": 8999.12, "cost": 1111.0},
    "at the limit price": {"average": 9000.0, "cost": 4500.0},
    "a contract of 0.001": {**SWAP, "cost": 4.49975},
    "a contract of 10": {**SWAP, "cost": 44997.5},
    "an inverse contract of 100": {**INVERSE, "cost": 0.25},
    "an inverse contract, rounded": {**INVERSE, "filled": 21, "remaining": 9, "average": 8123.0}
    | {"cost": 0.02585252},
    "settled in another coin": {"symbol": "BTC/USD:ETH", "cost": 0.0003},
}
ANSWERED = {  # by methods that place and cancel, which say little
    "nothing but the market": {"id": None, "status": None, "side": None, "type": None, "info": {}},
    "no fills, but a trade": {"lastTradeTimestamp": 1562303600000},
    "no fills, but an average": {"average": 9.0},
    "an empty list": {"info": []},
    "no info": {"info": None},
}


def broken(order):
    return {problem.rule.id for problem in dfx_conformance.check(order)}


@pytest.mark.parametrize("name", RIGHT)
def test_a_good_order_keeps_every_rule(name):
    assert broken({**GOOD, **RIGHT[name]}) == set()


@pytest.mark.parametrize("name", ANSWERED)
def test_what_a_changing_method_could_not_know_breaks_no_must(name):
    problems = dfx_conformance.check({**GOOD, **UNKNOWN_FILLS, **ANSWERED[name]})
    assert {one.rule.id for one in problems if one.rule.level == "MUST"} == set()


LINEAR = {"symbol": "BTC/USDT:USDT", "contract": True, "linear": True, "inverse": False}
MARKETS = [  # the market, the order, whether its cost is right
    ({**LINEAR, "contractSize": 0.001}, {**SWAP, "cost": 4.49975}, True),
    ({**LINEAR, "contractSize": 0.01}, {**SWAP, "cost": 4.49975}, False),
    ({**LINEAR, "contractSize": 0.125}, {**SWAP, "cost": 562.46875}, True),
    ({**LINEAR, "contractSize": 1}, {**SWAP, "cost": 4499.75}, True),
    ({**LINEAR, "contractSize": 1}, {**SWAP, "cost": 4500.0}, False),
    ({**LINEAR, "contractSize": None}, {**SWAP, "cost": 4.49975}, True),
    ({**LINEAR, "contractSize": 10}, {**SWAP, "cost": 4499.75}, False),
    (
        {"base": "BTC", "quote": "USD", "settle": "BTC", "contract": True, "contractSize": 100},
        {**INVERSE, "cost": 0.25},
        True,
    ),
    ({"contract": True, "inverse": True, "contractSize": 10}, {**INVERSE, "cost": 0.25}, False),
    (
        {"contract": True, "inverse": True, "contractSize": 1},
        {**INVERSE, "cost": 160000, "price": None},
        False,
    ),
    (
        {"contract": True, "option": True, "inverse": True, "contractSize": 1},
        {"symbol": "BTC/USD:BTC-251226-100000-C", "average": 0.05, "cost": 0.025, "price": 0.1},
        True,
    ),
    (
        {"contract": True, "linear": False, "inverse": False, "settle": "ETH", "base": "BTC"},
        {"symbol": "BTC/USD:ETH", "cost": 1.0},
        True,
    ),
    ({"symbol": "BTC/USDT", "spot": True, "contractSize": None}, {}, True),
    ({"symbol": "BTC/USDT", "spot": True, "contractSize": None}, {"cost": 449975.0}, False),
]


@pytest.mark.parametrize(("market", "change", "right"), MARKETS)
def test_the_market_says_what_the_cost_of_a_contract_is(market, change, right):
    problems = dfx_conformance.check({**GOOD, **change}, market)
    assert ("ORD-013" not in {one.rule.id for one in problems}) is right


ODD = (
    *("", "x", "1e99999999999999999999", "1e999999999", "-0", [], {}, True, object(), 10**4000),
    *(Decimal("1e999999999"), Decimal("sNaN"), float("inf"), b"1", ("a",), 1e-324, -1),
)


@pytest.mark.parametrize("value", ODD, ids=lambda value: type(value).__name__)
def test_whatever_a_value_is_the_check_itself_does_not_fall_over(value):
    for key in GOOD:
        for number in (value, GOOD["filled"]):
            dfx_conformance.check({**GOOD, "filled": number, key: value}, {"contractSize": value})


def test_a_key_that_is_missing_is_one_fault():
    for key in GOOD.keys() - {"timestamp", "filled"}:
        assert broken({name: value for name, value in GOOD.items() if name != key}) == {"ORD-001"}


@pytest.mark.parametrize(("rule", "change"), BROKEN, ids=str)
def test_an_order_broken_on_purpose_is_caught_by_its_rule(rule, change):
    order = {key: value for key, value in {**GOOD, **change}.items() if value is not ...}
    assert rule in broken(order)


def test_every_rule_of_an_order_has_one_that_breaks_it():
    assert set(CHECKS) == {rule for rule, _ in BROKEN}
    assert list(CHECKS) == [rule.id for rule in AREAS[0].rules]


def test_ids_count_up_within_their_area():
    for area in AREAS:
        numbers = range(1, len(area.rules) + 1)
        assert [rule.id for rule in area.rules] == [f"{area.prefix}-{n:03}" for n in numbers]


def test_every_rule_has_a_level_a_text_and_a_source_and_can_stand_in_a_table():
    for rule in dfx_conformance.RULES:
        assert rule.level in {"MUST", "SHOULD"}
        assert re.match("(CCXT|STATUS|V3|V2|SEEN|DESIGN|WebSocket)", rule.source)
        assert "|" not in rule.text + rule.source


@pytest.mark.parametrize("rule", ["ORD-012", "sec-001"])
def test_a_rule_is_found_by_its_id(rule):
    assert find(rule).id == rule.upper()


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_the_adapters_orders_keep_every_rule(number):
    assert broken(parse_orders("digifinex", [ROW], number=number)[0]) == set()


def test_stock_ccxt_breaks_the_rules_it_is_known_to_break():
    exchange = ccxt.digifinex()
    exchange.set_markets(
        [exchange.safe_market_structure({"id": "BTC_USDT", "symbol": "BTC/USDT", "spot": True})]
    )
    row = {**ROW, "status": 0, "finished_date": 0, "executed_amount": 0, "avg_price": 0}
    assert broken(exchange.parse_order(row)) >= {"ORD-007", "ORD-016"}


def test_spec_is_what_the_command_writes():
    spec = Path(__file__).parents[2].joinpath("conformance/SPEC.md").read_text(encoding="utf-8")
    assert spec == run("spec").output
    assert all(f"| {rule.id} | {rule.level} | " in spec for rule in dfx_conformance.RULES)


def run(*arguments):
    return CliRunner().invoke(app, arguments)


def test_the_command_lists_and_explains():
    assert "ORD-012" in run("list").output
    assert "source: CCXT" in run("explain", "ord-012").output
    assert run("explain", "ORD-999").exit_code == 2


@pytest.mark.parametrize(
    ("text", "exit_code"),
    [
        (json.dumps([GOOD]), 0),
        (f"{json.dumps(GOOD)}\n\n{json.dumps({**GOOD, 'id': ''})}\n", 1),
        (json.dumps({**GOOD, "status": "closed"}), 0),
        ("", 2),
        ("{", 2),
        ("[1]", 2),
    ],
    ids=["good", "bad", "should", "nothing", "no JSON", "no orders"],
)
def test_the_command_checks_a_file(tmp_path, text, exit_code):
    file = tmp_path / "orders.jsonl"
    file.write_text(text, encoding="utf-8")
    assert run("check", str(file)).exit_code == exit_code
