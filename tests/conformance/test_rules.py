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

BROKEN = [
    ("ORD-001", {"cost": ...}),
    ("ORD-002", {"id": ""}),
    ("ORD-002", {"id": 1}),
    ("ORD-003", {"symbol": "BTC_USDT"}),
    ("ORD-004", {"status": "5"}),
    ("ORD-004", {"status": None}),
    ("ORD-005", {"side": "BUY"}),
    ("ORD-006", {"type": "LIMIT"}),
    ("ORD-007", {"lastTradeTimestamp": 0}),
    ("ORD-007", {"timestamp": 1562303547, "datetime": "2019-07-05T05:12:27.000Z"}),
    ("ORD-008", {"datetime": "2019-07-05T05:12:27Z"}),
    ("ORD-009", {"lastUpdateTimestamp": 1562303547000}),
    ("ORD-010", {"filled": 0.0, "remaining": 2.0, "average": None, "cost": 0.0}),
    ("ORD-011", {"price": float("nan")}),
    ("ORD-011", {"triggerPrice": -1}),
    ("ORD-011", {"price": True}),
    ("ORD-012", {"remaining": 1.4}),
    ("ORD-012", {"filled": 3.0, "cost": 26998.5}),
    ("ORD-013", {"cost": 4500.0}),
    ("ORD-013", {"filled": 0, "remaining": 2, "cost": 1, "average": None}),
    ("ORD-014", {"filled": 0, "remaining": 2, "cost": 0}),
    ("ORD-015", {"status": "closed"}),
    ("ORD-016", {"fee": {"cost": None}}),
    ("ORD-016", {"fees": [{"cost": 1.0, "currency": None}]}),
    ("ORD-016", {"fees": None}),
    ("ORD-017", {"trades": None}),
    ("ORD-018", {"info": {}}),
]


def broken(order):
    return {problem.rule.id for problem in dfx_conformance.check(order)}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"filled": 3.0, "remaining": 0.0, "cost": 26998.5},
        {"unknown": 1},
        {"fee": {"cost": 0.1, "currency": "USDT"}},
        {"price": "9000", "average": "8999.5", "amount": "2", "filled": "0.5", "cost": "4499.75"},
        {"amount": Decimal(2), "filled": Decimal("0.5"), "remaining": Decimal("1.5")},
    ],
    ids=str,
)
def test_a_good_order_keeps_every_rule(change):
    assert broken({**GOOD, **change}) == set()


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
