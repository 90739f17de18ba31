"""Every number key of an order is converted, on every path, by one list that nobody shortens."""

from decimal import Decimal

import pytest

from dfx_adapter.exchanges.rules import Rules, completed
from dfx_adapter.order import BLANK, KEYS, NUMBERS

# Of ccxt's order structure, written down here again: what is a number.
NUMBER_KEYS = [
    *("price", "stopPrice", "triggerPrice", "takeProfitPrice", "stopLossPrice", "amount"),
    *("cashAmount", "filled", "remaining", "average", "cost"),
]
OTHER_KEYS = [
    *("info", "id", "clientOrderId", "symbol", "type", "timeInForce", "postOnly", "reduceOnly"),
    *("side", "status", "timestamp", "datetime", "lastTradeTimestamp", "lastUpdateTimestamp"),
    *("trades", "fee", "fees", "marginMode", "leverage", "hedged"),
]


def test_the_keys_are_these():
    assert sorted(NUMBERS) == sorted(NUMBER_KEYS)
    assert sorted(KEYS) == sorted(BLANK) == sorted([*NUMBER_KEYS, *OTHER_KEYS])


@pytest.mark.parametrize("key", NUMBER_KEYS)
@pytest.mark.parametrize("number", [float, Decimal, str])
@pytest.mark.parametrize("value", ["1.25", 1.25, Decimal("1.25")])
def test_a_number_of_any_type_is_of_the_type_asked_for(key, number, value):
    order = completed({"id": "a", key: value}, Rules(number))
    assert (type(order[key]), order[key]) == (number, number("1.25"))


@pytest.mark.parametrize("key", NUMBER_KEYS)
@pytest.mark.parametrize("value", ["NaN", "inf", "-inf", "abc", "", "1e400", float("nan"), None])
def test_what_is_no_quantity_is_not_known(key, value):
    assert completed({"id": "a", key: value}, Rules())[key] is None


@pytest.mark.parametrize("key", NUMBER_KEYS)
@pytest.mark.parametrize("text", ["0.00000001", "123456789012345678.000000001", "1E-8", "1e2"])
def test_every_digit_of_a_number_is_kept(key, text):
    number = completed({"id": "a", key: text}, Rules(str))[key]
    assert "e" not in number.lower()
    assert Decimal(number) == Decimal(text)


FILLED = {"status": 2, "executed_amount": 2, "avg_price": "99.5"}
BUDGET = {"type": "buy_market", "amount": 0, "cash_amount": "250.5", "price": 0}


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_every_number_of_a_digifinex_order_is_of_the_type_asked_for(number, parse, row):
    limit, closed, budget = parse(
        [row(price="100.5", amount="2.5"), row(**FILLED), row(**BUDGET)], number=number
    )
    expected = {
        "price": ("100.5", "100", None),
        "amount": ("2.5", "2", None),
        "filled": ("0", "2", "0"),
        "remaining": ("2.5", "0", None),
        "average": (None, "99.5", None),
        "cost": ("0", "199", "0"),
        "cashAmount": (None, None, "250.5"),
        **dict.fromkeys(
            ("stopPrice", "triggerPrice", "takeProfitPrice", "stopLossPrice"), (None, None, None)
        ),
    }
    assert sorted(expected) == sorted(NUMBER_KEYS)
    for key, texts in expected.items():
        for order, text in zip((limit, closed, budget), texts, strict=True):
            assert order[key] == (None if text is None else number(text)), key
            assert text is None or type(order[key]) is number


@pytest.mark.parametrize("key", ["timestamp", "lastTradeTimestamp", "lastUpdateTimestamp"])
def test_every_time_of_zero_is_none_and_another_is_kept(key):
    assert completed({"id": "a", key: 0}, Rules())[key] is None
    order = completed({"id": "a", "filled": 1, key: 1_600_000_000_000}, Rules())
    assert order[key] == 1_600_000_000_000


def test_lists_are_lists_and_fees_have_costs():
    order = completed({"id": "a", "trades": None, "fees": None, "fee": {"currency": "X"}}, Rules())
    assert (order["trades"], order["fees"], order["fee"]) == ([], [], None)
    fee = {"cost": "0.10", "currency": "X"}
    order = completed({"id": "a", "trades": [{}], "fees": [fee, {}, None], "fee": fee}, Rules(str))
    assert (order["trades"], order["fees"], order["fee"]) == ([{}], [fee], fee)
