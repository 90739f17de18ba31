"""Placing and cancelling over a real socket: complete orders, one POST, honest doubts."""

import time
from decimal import Decimal

import ccxt
import pytest

from dfx_adapter import AdapterHost, hookimpl
from dfx_adapter.simulator import Body, ChangedRows, Code, Drop, encode


def sent(simulator, ending):
    return [request for request in simulator.requests if request.path.endswith(ending)]


async def test_a_limit_order_is_complete_without_a_further_request(simulator, exchange):
    before = int(time.time()) * 1000
    order = await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    assert before <= order["timestamp"] <= time.time() * 1000
    assert order["datetime"].startswith(time.strftime("%Y-", time.gmtime()))
    facts = {key: order[key] for key in ("symbol", "type", "side", "status", "price", "amount")}
    assert facts == {
        "symbol": "BTC/USDT",
        "type": "limit",
        "side": "buy",
        "status": "open",
        "price": 9000.0,
        "amount": 0.5,
    }
    assert (order["filled"], order["remaining"], order["cost"]) == (0.0, 0.5, 0.0)
    assert order["info"] == {"code": 0, "order_id": order["id"]}
    assert sent(simulator, "/order") == []
    assert simulator.row(order["id"])["amount"] == Decimal("0.5")


async def test_what_was_placed_is_what_is_fetched(exchange):
    placed = await exchange.create_order("BTC/USDT", "limit", "sell", 0.25, 12345.67)
    fetched = await exchange.fetch_order(placed["id"])
    different = {key for key in placed if placed[key] != fetched[key]}
    assert different <= {"info", "timestamp", "datetime"}


async def test_a_market_buy_by_cost_keeps_its_budget(simulator, exchange):
    order = await exchange.create_order("BTC/USDT", "market", "buy", 0, None, {"cost": 150.5})
    assert (order["cashAmount"], order["amount"], order["filled"]) == (150.5, None, 0.0)
    assert simulator.row(order["id"])["cash_amount"] == Decimal("150.5")
    by_price = await exchange.create_order("BTC/USDT", "market", "buy", 0.01, 9000)
    assert by_price["cashAmount"] == 90.0


async def test_a_market_buy_without_price_or_cost_is_refused(simulator, exchange):
    with pytest.raises(ccxt.InvalidOrder, match="price"):
        await exchange.create_order("BTC/USDT", "market", "buy", 0.01)
    assert sent(simulator, "order/new") == []


async def test_a_limit_order_without_a_price_is_refused(simulator, exchange):
    with pytest.raises(ccxt.BadRequest, match="price"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.01)
    assert sent(simulator, "order/new") == []


async def test_market_sell_and_margin(simulator, exchange):
    params = {"marginMode": "cross"}
    order = await exchange.create_order("BTC/USDT", "market", "sell", 0.5, None, params)
    assert (order["amount"], order["remaining"], order["marginMode"]) == (0.5, 0.5, "cross")
    (request,) = sent(simulator, "order/new")
    assert request.path == "/v3/margin/order/new"
    assert set(request.body) == {"symbol", "type", "amount"}


@pytest.mark.parametrize(
    ("answer", "error_class"),
    [
        (Drop(handled=True), ccxt.NetworkError),
        (Body(b"<html>", content_type="text/html"), ccxt.BadResponse),
        (Body(b"<html>", status=502, content_type="text/html"), ccxt.ExchangeNotAvailable),
        (Code(50000), ccxt.ExchangeNotAvailable),
        (Body(b'{"code":0}'), ccxt.BadResponse),
    ],
    ids=str,
)
async def test_a_lost_answer_is_not_sent_again_and_says_so(simulator, connect, answer, error_class):
    exchange = connect(simulator, options={"maxRetriesOnFailure": 3})
    await exchange.load_markets()
    simulator.script("order/new", answer)
    with pytest.raises(error_class, match="the order may have been placed all the same"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    assert len(sent(simulator, "order/new")) == 1


@pytest.mark.parametrize("code", [200, 99999])
async def test_a_code_that_is_not_documented_refuses_nothing(simulator, exchange, code):
    simulator.script("order/new", Code(code))
    with pytest.raises(ccxt.ExchangeError, match="may have been placed"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)


@pytest.mark.parametrize("ids", [5, True, "x", {"x": 1}, None, [], ["x", "y"], [5], [None], [""]])
async def test_what_is_not_the_ids_of_the_orders_leaves_the_doubt(simulator, exchange, ids):
    order = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    answers = (
        ("order/new", "order_id", lambda: exchange.create_order(*order.values())),
        ("order/batch_new", "order_ids", lambda: exchange.create_orders([order])),
    )
    for endpoint, key, call in answers:
        if (key, ids) == ("order_id", "x"):
            continue  # that is one
        simulator.script(endpoint, Body(encode({key: ids, "code": 0})))
        with pytest.raises(ccxt.BadResponse, match="may have been placed"):
            await call()


@pytest.mark.parametrize(
    ("code", "error_class"),
    [(20011, ccxt.InsufficientFunds), (10005, ccxt.RateLimitExceeded), (20009, ccxt.InvalidOrder)],
)
async def test_a_refused_order_leaves_no_doubt(simulator, exchange, code, error_class):
    simulator.script("order/new", Code(code))
    with pytest.raises(error_class) as caught:
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    assert "may have been placed" not in str(caught.value)


async def test_orders_placed_together(simulator, exchange):
    asked = [
        {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000},
        {"symbol": "BTC/USDT", "type": "limit", "side": "sell", "amount": 0.25, "price": 9500},
    ]
    orders = await exchange.create_orders(asked)
    assert [(o["side"], o["amount"], o["status"]) for o in orders] == [
        ("buy", 0.5, "open"),
        ("sell", 0.25, "open"),
    ]
    (request,) = sent(simulator, "order/batch_new")
    assert request.path == "/v3/spot/order/batch_new"
    fetched = await exchange.fetch_orders_by_ids([order["id"] for order in orders])
    assert [order["price"] for order in fetched] == [9000.0, 9500.0]


async def test_orders_that_cannot_go_together_are_refused_unsent(simulator, exchange):
    order = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    other = {**order, "symbol": "ETH/USDT"}
    margin = {**order, "params": {"margin": True}}
    for asked in ([order, other], [order, margin], [order] * 11):
        with pytest.raises(ccxt.BadRequest):
            await exchange.create_orders(asked)
    assert simulator.requests == []


async def test_a_cancelled_order_tells_what_was_filled(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=2)
    simulator.fill(order_id, "0.5", price=8999)
    order = await exchange.cancel_order(order_id, "BTC/USDT")
    facts = [order[key] for key in ("status", "filled", "remaining", "average", "side", "amount")]
    assert facts == ["canceled", 0.5, 1.5, 8999.0, "buy", 2.0]
    paths = [request.path for request in simulator.requests]
    assert paths == ["/v3/spot/order/cancel", "/v3/spot/order"]


async def test_a_cancel_whose_status_is_lost_says_what_is_known(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=2)
    simulator.script("order", Code(50000))
    order = await exchange.cancel_order(order_id, "BTC/USDT")
    assert (order["id"], order["symbol"], order["status"]) == (order_id, "BTC/USDT", "canceled")
    assert (order["filled"], order["remaining"], order["fee"]) == (None, None, None)
    assert order["info"]["success"] == [order_id]


async def test_an_id_that_was_not_cancelled_is_an_error_naming_it(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=2)
    simulator.fill(order_id)
    with pytest.raises(ccxt.InvalidOrder, match=order_id):
        await exchange.cancel_order(order_id, "BTC/USDT")
    simulator.script("order/cancel", Body(b'{"code":0,"success":[],"error":[]}'))
    with pytest.raises(ccxt.InvalidOrder, match="'x'"):
        await exchange.cancel_order("x")


async def test_many_are_cancelled_20_a_request_and_the_failed_named(simulator, exchange):
    placed = [simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(25)]
    simulator.fill(placed[3])
    with pytest.raises(ccxt.OrderNotFound) as caught:
        await exchange.cancel_orders(placed, "BTC/USDT")
    assert caught.value.ids == [placed[3]]
    statuses = {order["id"]: order["status"] for order in caught.value.orders}
    assert statuses == {**dict.fromkeys(placed, "canceled"), placed[3]: "closed"}
    assert len(sent(simulator, "order/cancel")) == 2


async def test_trades_of_an_order_in_both_documented_shapes(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "sell", price=9000, amount=2)
    simulator.fill(order_id, "0.5", price=9001)
    simulator.detail_shape = "object"
    (trade,) = await exchange.fetch_order_trades(order_id, "BTC/USDT")
    assert (trade["price"], trade["amount"], trade["cost"]) == (9001.0, 0.5, 4500.5)
    assert (trade["order"], trade["symbol"], trade["side"]) == (order_id, "BTC/USDT", "sell")
    assert (trade["fee"], trade["fees"], trade["takerOrMaker"]) == (None, [], None)
    simulator.detail_shape = "list"
    simulator.fill(order_id, "0.25", price=9002)
    trades = await exchange.fetch_order_trades(order_id)
    assert [trade["amount"] for trade in trades] == [0.5, 0.25]
    assert [
        trade["amount"] for trade in await exchange.fetch_order_trades(order_id, None, None, 1)
    ] == [0.25]
    order = await exchange.fetch_order(order_id, None, {"trades": True})
    assert order["trades"] == trades
    assert order["lastTradeTimestamp"] == trades[-1]["timestamp"]
    assert sent(simulator, "/order") == []


async def test_the_same_trade_twice_is_one_trade(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "sell", price=9000, amount=2)
    simulator.fill(order_id, "0.5")
    simulator.fill(order_id, "0.5")
    twice = ChangedRows(lambda rows: [{**rows[0], "detail": rows[0]["detail"] * 2}])
    simulator.script("order/detail", twice)
    trades = await exchange.fetch_order_trades(order_id)
    assert [trade["amount"] for trade in trades] == [0.5, 0.5]


async def test_an_order_without_fills_has_no_trades(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "sell", price=9000, amount=2)
    assert await exchange.fetch_order_trades(order_id) == []
    simulator.detail_shape = "object"
    assert await exchange.fetch_order_trades(order_id) == []


@pytest.mark.parametrize(
    "detail",
    [
        b"5",
        b"null",
        b'[{"tid":"1"}]',
        b'[{"tid":"","date":1,"executed_amount":1,"executed_price":1}]',
        b'[{"tid":"1","date":1,"executed_amount":-1,"executed_price":1}]',
        b'[{"tid":"1","date":1,"executed_amount":1e200,"executed_price":1e200}]',
    ],
)
async def test_trades_that_are_none_are_refused_with_the_order_kept(simulator, exchange, detail):
    row = (
        b'{"symbol":"BTC_USDT","order_id":"x","created_date":1,"finished_date":0,"price":1,'
        b'"amount":1,"cash_amount":0,"executed_amount":0,"avg_price":0,"status":0,"type":"buy",'
        b'"kind":"spot","detail":%s}' % detail
    )
    simulator.script("order/detail", Body(b'{"code":0,"data":%s}' % row))
    with pytest.raises(ccxt.BadResponse) as caught:
        await exchange.fetch_order_trades("x")
    assert caught.value.path == "$.data.detail"
    assert [order["id"] for order in caught.value.orders] == ["x"]


# What a stranger's review broke, so that it stays mended.


async def test_no_way_to_place_an_order_repeats_the_post(simulator, connect):
    options = {"defaultType": "swap", "maxRetriesOnFailure": 3}
    exchange = connect(simulator, options=options)
    await exchange.load_markets()
    simulator.script("order/new", *[Drop(handled=True)] * 4)
    with pytest.raises(ccxt.BaseError, match="may have been placed"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    request = {"market": "spot", "symbol": "BTC_USDT", "type": "buy", "price": 1, "amount": 1}
    with pytest.raises(ccxt.BaseError):
        await exchange.privateSpotPostSpotOrderNew(request)
    assert len(sent(simulator, "order/new")) == 2


async def test_ccxts_request_takes_its_arguments_by_name_too(simulator, connect):
    exchange = connect(simulator, options={"maxRetriesOnFailure": 3})
    pong = await exchange.request("ping", ["public", "spot"])
    assert str(pong["code"]) == "0"  # older ccxt quotes the numbers of public answers
    params = {"market": "spot", "order_id": "x"}
    named = {"api": ["private", "spot"], "method": "POST", "params": params}
    assert (await exchange.request("{market}/order/cancel", **named))["error"] == ["x"]
    simulator.script("order/cancel", *[Drop(handled=True)] * 4)
    with pytest.raises(ccxt.BaseError):
        await exchange.request("{market}/order/cancel", **named)
    assert len(sent(simulator, "order/cancel")) == 2


@pytest.mark.parametrize("status", [301, 402, 413, 523, 524, 599])
async def test_a_status_that_ccxt_does_not_list_leaves_the_doubt(simulator, exchange, status):
    await exchange.load_markets()
    page = Body(b"<html>", status=status, content_type="text/html")
    simulator.script("order/new", page)
    with pytest.raises(ccxt.OperationFailed, match="may have been placed"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    simulator.script("order/cancel", page)
    with pytest.raises(ccxt.OperationFailed):
        await exchange.cancel_order("x")


async def test_a_refused_timestamp_leaves_no_doubt_even_if_the_clock_cannot_be_read(
    simulator, exchange
):
    await exchange.load_markets()
    simulator.script("order/new", Code(10008))
    simulator.script("time", Body(b"<html>", content_type="text/html"))
    with pytest.raises(ccxt.InvalidNonce) as caught:
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    assert "may have been placed" not in str(caught.value)


async def test_a_plugin_that_fails_after_the_post_does_not_lose_the_id(simulator, connect):
    class Failing:
        @hookimpl
        def dfx_parse_orders(self):
            raise ValueError("plugin")

    exchange = connect(simulator, host=AdapterHost([Failing()], entry_points=False))
    with pytest.raises(ccxt.ExchangeError, match="the order was placed: ") as caught:
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    assert simulator.row(caught.value.ids[0])["status"] == 0


@pytest.mark.parametrize(
    ("type_", "params"),
    [
        ("stop_loss_limit", {"stopPrice": 8000}),
        ("limit", {"triggerPrice": 8000}),
        ("limit", {"timeInForce": "IOC"}),
        ("limit", {"stopLossPrice": 8000}),
    ],
)
async def test_an_order_that_digifinex_cannot_have_is_not_placed_as_another(
    simulator, exchange, type_, params
):
    with pytest.raises(ccxt.NotSupported):
        await exchange.create_order("BTC/USDT", type_, "sell", 0.5, 9000, params)
    asked = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": None}
    with pytest.raises(ccxt.BadRequest):
        await exchange.create_orders([asked])
    assert sent(simulator, "new") == []


@pytest.mark.parametrize("params", [{"timeInForce": "PO"}, {"postOnly": True}], ids=str)
async def test_post_only_is_sent_in_the_exchanges_word(simulator, exchange, params):
    await exchange.create_order("BTC/USDT", "LIMIT", "buy", 0.5, 9000, params)
    (request,) = sent(simulator, "order/new")
    assert request.body["post_only"] == "1"
    assert "timeInForce" not in request.body


@pytest.mark.parametrize("number", [float, Decimal, str])
@pytest.mark.parametrize("cost", [150.5, "150.5", Decimal("150.5")], ids=repr)
async def test_a_market_buy_by_cost_in_every_type_of_number(simulator, connect, number, cost):
    exchange = connect(simulator, number=number)
    order = await exchange.create_order("BTC/USDT", "market", "buy", 0, None, {"cost": cost})
    assert order["cashAmount"] == number("150.5")
    assert simulator.row(order["id"])["cash_amount"] == Decimal("150.5")


async def test_orders_are_cancelled_by_id_and_symbol_and_edited_where_they_are(simulator, exchange):
    a, b = (simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(2))
    orders = [{"id": order_id, "symbol": "BTC/USDT"} for order_id in (a, b)]
    cancelled = await exchange.cancel_orders_for_symbols(orders)
    assert [order["status"] for order in cancelled] == ["canceled", "canceled"]
    margin = simulator.place("BTC_USDT", "buy", price=9000, amount=1, kind="margin")
    words = {"type": "margin"}
    edited = await exchange.edit_order(margin, "BTC/USDT", "limit", "buy", 1, 8000, words)
    assert (edited["price"], edited["marginMode"]) == (8000.0, "cross")
    assert simulator.row(margin)["status"] == 3


async def test_an_id_under_success_and_error_is_not_cancelled(simulator, exchange):
    simulator.script("order/cancel", Body(b'{"code":0,"success":["x"],"error":["x"]}'))
    with pytest.raises(ccxt.InvalidOrder, match="'x'"):
        await exchange.cancel_order("x")
    simulator.script("order/cancel", Body(b'{"code":0,"success":5}'))
    with pytest.raises(ccxt.InvalidOrder, match="'x'"):
        await exchange.cancel_order("x")


async def test_a_text_is_no_list_of_ids(simulator, exchange):
    for method in (exchange.cancel_orders, exchange.fetch_orders_by_ids):
        with pytest.raises(ccxt.BadRequest, match="a list of ids"):
            await method("abc")
    assert simulator.requests == []
