"""An order over time: a good life keeps every rule, a broken one is caught by its rule."""

import pytest

from dfx_conformance import check_life
from dfx_conformance.life_checks import CHECKS
from dfx_conformance.rules import life

OPEN = {
    "id": "1",
    "symbol": "BTC/USDT",
    "side": "buy",
    "type": "limit",
    "timestamp": 1562303547000,
    "status": "open",
    "price": 9000.0,
    "amount": 2.0,
    "filled": 0.0,
    "cost": 0.0,
    "average": None,
    "lastTradeTimestamp": None,
    "lastUpdateTimestamp": None,
}
PART = {**OPEN, "filled": 0.5, "cost": 4499.75, "average": 8999.5}
DONE = {**PART, "status": "canceled", "lastUpdateTimestamp": 1562303600000}
MARKET = {**OPEN, "type": "market", "price": None, "amount": None}

BROKEN = [
    ("LIFE-001", PART, {**PART, "filled": 0.4}),
    ("LIFE-001", PART, {**PART, "filled": None}),
    ("LIFE-002", DONE, {**DONE, "status": "open"}),
    ("LIFE-002", DONE, {**DONE, "status": "closed"}),
    ("LIFE-003", PART, {**PART, "cost": 4499}),
    ("LIFE-003", PART, {**PART, "cost": None}),
    ("LIFE-004", OPEN, {**OPEN, "side": "sell"}),
    ("LIFE-004", OPEN, {**OPEN, "symbol": "ETH/USDT"}),
    ("LIFE-004", OPEN, {**OPEN, "timestamp": 1562303548000}),
    ("LIFE-004", OPEN, {**OPEN, "type": None}),
    ("LIFE-005", OPEN, {**OPEN, "amount": 3.0}),
    ("LIFE-005", OPEN, {**OPEN, "price": 9001.0}),
    ("LIFE-006", DONE, {**DONE, "filled": 0.6}),
    ("LIFE-006", DONE, {**DONE, "average": 9000.0}),
    ("LIFE-006", DONE, {**DONE, "cost": 4499.7499999}),
    ("LIFE-007", DONE, {**DONE, "lastUpdateTimestamp": 1562303599000}),
    ("LIFE-007", DONE, {**DONE, "lastUpdateTimestamp": None}),
]


def broken(*snapshots):
    return {problem.rule.id for problem in check_life([one] for one in snapshots)}


@pytest.mark.parametrize(
    "life_of_one",
    [
        (OPEN, OPEN, PART, PART, DONE, DONE),
        (MARKET, {**MARKET, "price": 9.0, "filled": 1.0, "amount": 1.0, "status": "closed"}),
        (DONE, {**DONE, "filled": "0.50"}),
        ({**OPEN, "side": None, "type": None, "timestamp": None, "symbol": None}, OPEN),
        (DONE, {**DONE, "cost": 4499.749999999999}),
    ],
    ids=["limit", "market", "text", "placed, then read", "a sum of floats"],
)
def test_a_good_life_keeps_every_rule(life_of_one):
    assert broken(*life_of_one) == set()


@pytest.mark.parametrize(("rule", "before", "after"), BROKEN)
def test_a_broken_life_is_caught_by_its_rule(rule, before, after):
    assert rule in broken(before, after)


def test_every_rule_has_a_life_that_breaks_it():
    assert {rule for rule, _, _ in BROKEN} == set(CHECKS) == {rule.id for rule in life.RULES}


def test_orders_are_known_by_their_ids():
    assert check_life([[DONE, {**OPEN, "id": "2"}], [{**OPEN, "id": "2"}, DONE]]) == []
