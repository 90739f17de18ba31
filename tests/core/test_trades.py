"""The trades of "Get order trades details" in full, and what of them cannot be."""

from decimal import Decimal

import ccxt
import pytest

from dfx_adapter.digifinex.answers import trades

ROW = {"tid": "1", "date": 1_600_000_000, "executed_amount": "0.50", "executed_price": "99.5"}
ORDER = {"id": "a", "symbol": "BTC/USDT", "type": "limit", "side": "sell"}


def of(detail, number=str):
    return trades.of_detail({**ORDER, "info": {"detail": detail}}, number)


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_a_trade_has_every_key_of_ccxts(number):
    assert of([ROW], number) == [
        {
            "info": ROW,
            "id": "1",
            "order": "a",
            "timestamp": 1_600_000_000_000,
            "datetime": "2020-09-13T12:26:40.000Z",
            "symbol": "BTC/USDT",
            "type": "limit",
            "side": "sell",
            "takerOrMaker": None,
            "price": number("99.5"),
            "amount": number("0.50"),
            "cost": number("49.75"),
            "fee": None,
            "fees": [],
        }
    ]


def test_they_come_by_time_then_id_and_the_same_row_is_one_trade():
    later, other = {**ROW, "date": ROW["date"] + 1}, {**ROW, "tid": "0"}
    assert [trade["info"] for trade in of([later, ROW, other, ROW])] == [other, ROW, later]


@pytest.mark.parametrize(("detail", "count"), [([], 0), ({}, 0), (ROW, 1), ([ROW], 1)])
def test_one_may_be_an_object_and_none_an_empty_one(detail, count):
    assert len(of(detail)) == count


@pytest.mark.parametrize(
    "changes",
    [
        *({"executed_amount": value} for value in ("NaN", "Infinity", "-1", "1e400", None, "x")),
        *({"executed_price": value} for value in ("NaN", "Infinity", "-1", "1e400", None, "x")),
        {"executed_amount": "1e200", "executed_price": "1e200"},
        *({"date": value} for value in (-1, 253_402_300_800, None, "x")),
        *({"tid": value} for value in ("", None)),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_is_refused_and_the_order_kept(changes):
    with pytest.raises(ccxt.BadResponse, match=r"\$\.data\.detail: expected ") as caught:
        of([ROW, {**ROW, **changes}])
    error = caught.value
    assert (error.exchange_id, error.path) == ("digifinex", "$.data.detail")
    assert error.found == [ROW, {**ROW, **changes}]
    assert [order["id"] for order in error.orders] == ["a"]


@pytest.mark.parametrize("detail", [None, 5, "x", [5], ["x"], [None]], ids=str)
def test_what_is_no_trades_is_refused(detail):
    with pytest.raises(ccxt.BadResponse):
        of(detail)


def test_numbers_may_be_text_and_an_id_a_number():
    (trade,) = of([{"tid": 7, "date": "1600000000", "executed_amount": 1, "executed_price": 2}])
    assert (trade["id"], trade["timestamp"]) == ("7", 1_600_000_000_000)
    assert (trade["amount"], trade["price"], trade["cost"]) == ("1", "2", "2")


@pytest.mark.parametrize("changes", [{"date": 0}, {"date": 253_402_300_799}, {"executed_price": 0}])
def test_the_limits_of_what_can_be(changes):
    assert len(of([{**ROW, **changes}])) == 1
