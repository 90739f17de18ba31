"""ccxt's own finishing of an order, `safe_order`, finds nothing to change but what is decided."""

import ccxt
import pytest

ENDED = 1_600_000_060
FILLS = [
    {"status": 0},
    {"status": 1, "executed_amount": "0.5", "avg_price": "99.5"},
    {"status": 2, "executed_amount": 2, "avg_price": "99.75", "finished_date": ENDED},
    {"status": 3, "finished_date": ENDED},
    {"status": 4, "executed_amount": "0.5", "avg_price": "99.5", "finished_date": ENDED},
]
ORDERS = {
    "buy": {"type": "buy"},
    "sell": {"type": "sell"},
    "buy_market": {"type": "buy_market", "price": 0, "amount": 0, "cash_amount": 250},
    "sell_market": {"type": "sell_market", "price": 0},
}


def changed_by_safe_order(order):
    """Give the keys that ccxt would fill or change."""
    finished = ccxt.digifinex().safe_order(dict(order))
    absent = object()
    return {key for key in order | finished if order.get(key) != finished.get(key, absent)}


@pytest.mark.parametrize("kind", ["spot", "margin"])
@pytest.mark.parametrize("fills", FILLS, ids=lambda fills: str(fills["status"]))
@pytest.mark.parametrize("changes", ORDERS.values(), ids=ORDERS.keys())
def test_ccxt_changes_nothing_but_the_time_in_force_of_a_market_order(
    changes, fills, kind, parse, row
):
    """ccxt invents IOC for it; the endpoint does not tell, and what it does not tell is None."""
    (order,) = parse([row(kind=kind, **changes, **fills)])
    allowed = {"timeInForce"} if order["type"] == "market" else set()
    assert changed_by_safe_order(order) == allowed


@pytest.mark.parametrize("fills", [1, "0.5"])
@pytest.mark.parametrize("type_", ["buy", "sell"])
def test_ccxt_takes_the_limit_price_for_a_cost_and_we_do_not(type_, fills, parse, row):
    """None if fills exist but no average is known; never computed from the limit price."""
    (order,) = parse([row(type=type_, status=1, executed_amount=fills)])
    assert changed_by_safe_order(order) == {"cost"}
    assert order["cost"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 2, "amount": 1, "executed_amount": "0.4", "avg_price": 100},
        {"status": 1, "amount": 1, "executed_amount": "1.2", "avg_price": 100},
        {"status": 0, "executed_amount": 1, "avg_price": 100},
        {"status": 2},
        {"price": 0},
        {"price": "0.00005", "amount": "0.00000001"},
        {"amount": "1234567890.12345678"},
    ],
    ids=str,
)
def test_ccxt_changes_nothing_of_an_odd_limit_order(changes, parse, row):
    (order,) = parse([row(**changes)])
    assert changed_by_safe_order(order) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 2, "amount": 0, "cash_amount": 250},
        {"status": 2, "amount": 0, "cash_amount": 250, "executed_amount": 1},
        {"status": 4, "amount": 250, "cash_amount": 0, "executed_amount": 1, "avg_price": 3},
        {"status": 0, "amount": 0, "cash_amount": 0},
    ],
    ids=str,
)
def test_ccxt_changes_nothing_of_an_odd_market_buy(changes, parse, row):
    (order,) = parse([row(type="buy_market", price=0, **changes)])
    assert changed_by_safe_order(order) == {"timeInForce"}


def test_every_key_of_ccxts_order_structure_is_there(parse, row):
    """What the endpoint does not tell is present, and None."""
    (order,) = parse([row()])
    structure = ccxt.Exchange().safe_order({"info": {}, "id": "x"})
    assert set(structure) - set(order) == set()


def test_the_budget_of_a_market_buy_is_the_one_key_that_ccxt_does_not_have(parse, row):
    from dfx_adapter import Order

    (order,) = parse([row()])
    assert set(Order.__annotations__) == set(order)
    assert "cashAmount" in order
    assert "cashAmount" not in ccxt.Exchange().safe_order({"info": {}, "id": "x"})
