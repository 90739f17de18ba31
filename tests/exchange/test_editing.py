"""An edit cancels nothing that it cannot replace, and never leaves an order out of the account."""

from decimal import Decimal

import ccxt
import pytest

from dfx_adapter.simulator import Body, ChangedRows, Code, Drop

LIMIT = ("BTC/USDT", "limit", "buy")


def sent(simulator, ending):
    return [request for request in simulator.requests if request.path.endswith(ending)]


@pytest.fixture
def old(simulator):
    return simulator.place("BTC_USDT", "buy", price=9000, amount=1)


BAD_ORDERS = {
    "no price": (LIMIT, 1, None, {}),
    "price NaN": (LIMIT, 1, float("nan"), {}),
    "price -1": (LIMIT, 1, -1, {}),
    "no amount": (LIMIT, None, 8000, {}),
    "amount of no number": (LIMIT, "abc", 8000, {}),
    "bad type": (("BTC/USDT", "stop", "buy"), 1, 8000, {}),
    "bad side": (("BTC/USDT", "limit", "long"), 1, 8000, {}),
    "bad symbol": (("garbage", "limit", "buy"), 1, 8000, {}),
    "no such symbol": (("FOO/BAR", "limit", "buy"), 1, 8000, {}),
    "another market": (("ETH/USDT", "limit", "buy"), 1, 8000, {}),
    "a trigger": (LIMIT, 1, 8000, {"triggerPrice": 8500}),
    "IOC": (LIMIT, 1, 8000, {"timeInForce": "IOC"}),
    "an unknown parameter": (LIMIT, 1, 8000, {"foo": "bar"}),
    "a market type that is none": (LIMIT, 1, 8000, {"type": "future"}),
    "isolated margin": (LIMIT, 1, 8000, {"marginMode": "isolated"}),
    "nothing left when rounded": (LIMIT, "1e-9", 8000, {}),
    "a price of nothing when rounded": (LIMIT, 1, "1e-9", {}),
    "less than the market takes": (LIMIT, "0.0001", 1, {}),
    "less than the market takes, by cost": (("BTC/USDT", "market", "buy"), 1, None, {"cost": 1}),
    "a market buy of nobody knows what": (("BTC/USDT", "market", "buy"), 1, None, {}),
}


@pytest.mark.parametrize("order", BAD_ORDERS.values(), ids=BAD_ORDERS)
async def test_an_order_that_cannot_be_cancels_nothing(simulator, exchange, old, order):
    words, amount, price, params = order
    with pytest.raises(ccxt.ExchangeError):
        await exchange.edit_order(old, *words, amount, price, params)
    assert [request for request in simulator.requests if request.method == "POST"] == []
    assert simulator.row(old)["status"] == 0


async def test_an_order_of_another_market_is_left_as_it_is(simulator, exchange, old):
    with pytest.raises(ccxt.BadSymbol) as caught:
        await exchange.edit_order(old, "ETH/USDT", "limit", "buy", 1, 200)
    assert [order["id"] for order in caught.value.orders] == [old]
    assert simulator.row(old)["status"] == 0


@pytest.mark.parametrize("number", [float, Decimal, str])
async def test_what_can_be_is_replaced(simulator, connect, old, number):
    exchange = connect(simulator, number=number)
    new = await exchange.edit_order(old, "BTC_USDT", "limit", "buy", 2, 8000)
    assert (new["price"], new["amount"], new["status"]) == (number("8000"), number("2"), "open")
    assert simulator.row(old)["status"] == 3
    assert simulator.row(new["id"])["amount"] == 2
    posts = [request.path for request in simulator.requests if request.method == "POST"]
    assert posts == ["/v3/spot/order/cancel", "/v3/spot/order/new"]


async def test_in_margin_all_of_it_is_in_margin(simulator, exchange):
    old = simulator.place("BTC_USDT", "buy", price=9000, amount=1, kind="margin")
    with pytest.raises(ccxt.OrderNotFound):
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    simulator.clear_log()
    new = await exchange.edit_order(old, *LIMIT, 1, 8000, {"marginMode": "cross"})
    assert (new["marginMode"], simulator.row(old)["status"]) == ("cross", 3)
    paths = {request.path.split("/")[2] for request in simulator.requests}
    assert paths == {"margin"}


@pytest.mark.parametrize("end", ["fill", "cancel"])
async def test_an_order_that_is_over_is_not_replaced(simulator, exchange, old, end):
    getattr(simulator, end)(old)
    with pytest.raises(ccxt.InvalidOrder) as caught:
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert old in str(caught.value)
    assert caught.value.ids == [old]
    assert [order["status"] in {"closed", "canceled"} for order in caught.value.orders] == [True]
    assert [request for request in simulator.requests if request.method == "POST"] == []


async def test_an_unknown_order_is_not_found_and_a_lost_one_not_canceled(simulator, exchange, old):
    with pytest.raises(ccxt.OrderNotFound, match="x"):
        await exchange.edit_order("x", *LIMIT, 1, 8000)
    simulator.script("order", Code(50000))
    with pytest.raises(ccxt.ExchangeNotAvailable):
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    simulator.set_row(old, status=9)
    with pytest.raises(ccxt.ExchangeError):
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert [request for request in simulator.requests if request.method == "POST"] == []


@pytest.mark.parametrize("number", [float, Decimal, str])
async def test_partly_filled_no_more_than_the_rest_is_ordered(simulator, connect, old, number):
    exchange = connect(simulator, number=number)
    simulator.fill(old, "0.4")
    with pytest.raises(ccxt.InvalidOrder) as caught:
        await exchange.edit_order(old, *LIMIT, "0.6001", 8000)
    assert (caught.value.ids, simulator.row(old)["status"]) == ([old], 1)
    assert caught.value.orders[0]["filled"] == number("0.4")
    new = await exchange.edit_order(old, *LIMIT, "0.60009", 8000)  # rounded, it is the rest
    assert simulator.row(new["id"])["amount"] == Decimal("0.6")


def earlier(**fields):
    """Let a row be as it was before the last fill."""
    return ChangedRows(lambda rows: [{**row, **fields} for row in rows])


NOTHING_YET = earlier(executed_amount=0, avg_price=0, status=0)


@pytest.mark.parametrize(("amount", "is_placed"), [("1", False), ("0.61", False), ("0.6", True)])
async def test_a_fill_before_the_cancel_counts(simulator, exchange, old, amount, is_placed):
    await exchange.load_markets()
    simulator.fill(old, "0.4")
    simulator.script("order", NOTHING_YET)
    if is_placed:
        await exchange.edit_order(old, *LIMIT, amount, 8000)
        assert len(sent(simulator, "order/new")) == 1
        return
    with pytest.raises(ccxt.InvalidOrder) as caught:
        await exchange.edit_order(old, *LIMIT, amount, 8000)
    assert caught.value.ids == [old]
    (canceled,) = caught.value.orders
    assert (canceled["status"], canceled["filled"]) == ("canceled", 0.4)
    assert f"{old!r} was canceled" in str(caught.value)
    assert "nothing was sent" not in str(caught.value)
    assert sent(simulator, "order/new") == []


async def test_filled_before_the_cancel_it_is_not_doubled(simulator, exchange, old):
    simulator.fill(old)
    simulator.script("order", NOTHING_YET)
    with pytest.raises(ccxt.OrderNotFound, match="not cancelled") as caught:
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert [order["status"] for order in caught.value.orders] == ["closed"]
    assert "no new order was placed" in str(caught.value)
    assert sent(simulator, "order/new") == []


async def test_a_cancel_that_meets_a_last_fill_is_not_doubled(simulator, exchange, old):
    """The exchange confirms the cancel, and says in the row that all was filled."""
    full = earlier(executed_amount=1, avg_price=9000, status=2)
    simulator.script("order", NOTHING_YET, full)
    with pytest.raises(ccxt.InvalidOrder) as caught:
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert [order["status"] for order in caught.value.orders] == ["closed"]
    assert sent(simulator, "order/new") == []


async def test_where_the_fill_is_not_known_nothing_is_placed(simulator, exchange, old):
    simulator.script("order", NOTHING_YET, Code(50000))
    with pytest.raises(ccxt.InvalidOrder, match="not known") as caught:
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert caught.value.ids == [old]
    assert [order["status"] for order in caught.value.orders] == ["canceled"]
    assert sent(simulator, "order/new") == []


async def test_while_the_old_one_is_reported_open_nothing_is_placed(simulator, exchange, old):
    simulator.cancel_lag = 100
    with pytest.raises(ccxt.InvalidOrder, match="open") as caught:
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert caught.value.ids == [old]
    assert sent(simulator, "order/new") == []


@pytest.mark.parametrize(
    ("answer", "error_class"),
    [
        (Code(20011), ccxt.InsufficientFunds),
        (Code(10005), ccxt.RateLimitExceeded),
        (Drop(handled=True), ccxt.NetworkError),
        (Body(b"<html>", content_type="text/html"), ccxt.BadResponse),
        (Body(b'{"code":0}'), ccxt.BadResponse),
        (Code(10002), ccxt.AuthenticationError),
    ],
    ids=str,
)
async def test_an_error_after_the_cancel_names_and_carries_the_canceled(
    simulator, exchange, old, answer, error_class
):
    simulator.fill(old, "0.4")
    simulator.script("order/new", answer)
    with pytest.raises(error_class) as caught:
        await exchange.edit_order(old, *LIMIT, "0.5", 8000)
    assert caught.value.ids[0] == old
    (canceled,) = caught.value.orders
    assert (canceled["id"], canceled["status"], canceled["filled"]) == (old, "canceled", 0.4)
    assert f"order {old!r} was canceled" in str(caught.value)
    assert "nothing was sent" not in str(caught.value)
    assert simulator.row(old)["status"] == 4


async def test_a_lost_cancel_places_nothing_and_names_the_order(simulator, exchange, old):
    simulator.script("order/cancel", Drop(handled=True))
    with pytest.raises(ccxt.NetworkError, match="no new order was placed") as caught:
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert caught.value.ids == [old]
    assert sent(simulator, "order/new") == []


async def test_a_refused_cancel_places_nothing(simulator, exchange, old):
    simulator.refuses_cancels = True
    with pytest.raises(ccxt.InvalidOrder, match=r"not cancelled.*no new order was placed"):
        await exchange.edit_order(old, *LIMIT, 1, 8000)
    assert sent(simulator, "order/new") == []


MARKET = ("BTC/USDT", "market", "buy")


@pytest.mark.parametrize(
    ("amount", "price", "params", "is_placed"),
    [
        ("0.6", 9000, {}, True),  # 0.6 of base are left
        ("0.61", 9000, {}, False),
        (None, None, {"cost": 100}, False),  # how much base that is, nobody knows
        ("100", None, {"createMarketBuyOrderRequiresPrice": False}, False),
    ],
)
async def test_a_market_buy_in_the_stead_of_a_partly_filled_order(
    simulator, exchange, old, amount, price, params, is_placed
):
    simulator.fill(old, "0.4")
    editing = exchange.edit_order(old, *MARKET, amount, price, params)
    if is_placed:
        assert (await editing)["cashAmount"] == 5400.0
    else:
        with pytest.raises(ccxt.InvalidOrder):
            await editing
        assert simulator.row(old)["status"] == 1


@pytest.mark.parametrize(("cost", "is_placed"), [(60, True), (61, False)])
async def test_a_market_buy_is_compared_with_the_budget_that_is_left(
    simulator, exchange, cost, is_placed
):
    old = simulator.place("BTC_USDT", "buy_market", cash_amount=100)
    simulator.fill(old, "0.004", price=10_000)  # 40 are spent
    editing = exchange.edit_order(old, *MARKET, None, None, {"cost": cost})
    if is_placed:
        assert (await editing)["cashAmount"] == cost
    else:
        with pytest.raises(ccxt.InvalidOrder):
            await editing
        assert simulator.row(old)["status"] == 1


async def test_an_untouched_order_may_be_replaced_by_any(simulator, exchange, old):
    new = await exchange.edit_order(old, *MARKET, None, None, {"cost": 100})
    assert new["cashAmount"] == 100.0
    again = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    assert (await exchange.edit_order(again, *LIMIT, 5, 8000))["amount"] == 5.0
