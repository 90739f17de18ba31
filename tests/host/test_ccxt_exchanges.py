"""Any exchange of ccxt through the same interface: its orders brought to the rules."""

import asyncio
import inspect
from decimal import Decimal
from urllib.parse import parse_qs

import ccxt
import ccxt.async_support
import pytest

from dfx_adapter.exchanges import by_ids
from dfx_adapter.order import KEYS

# A row of Kraken, as its documents show it ("Query Orders Info"): fractions as text.
ROW = {
    "id": "OTLAS3",
    "status": "open",
    "opentm": "1586822919.3342",
    "descr": {"pair": "XBTUSDT", "type": "sell", "ordertype": "limit", "price": "6851.5"},
    "vol": "0.30000000",
    "vol_exec": "0.10000000",
    "cost": "685.15",
    "fee": "0.5",
    "price": "6851.5",
    "oflags": "fciq",
}


def declining(payloads, answer=None):
    """Give a mapping hook that keeps what it is given."""

    def parse(payload):
        payloads.append(payload)
        return answer

    return parse


def observing(seen):
    """Give an observer that keeps the orders."""

    def observe(orders):
        seen.extend(orders)

    return observe


@pytest.fixture
def host(hosting):
    return hosting()


def test_every_ccxt_id_is_served_and_digifinex_is_ours(host):
    assert set(host.exchanges) == set(ccxt.exchanges)
    assert host.exchanges["digifinex"].title == "DigiFinex"
    served = {plugin.name: plugin.exchanges for plugin in host.plugins}
    assert served["digifinex"] == ("digifinex",)
    assert set(served["ccxt"]) == set(ccxt.exchanges) - {"digifinex"}


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken", "binance", "kucoin"])
def test_connect_gives_an_object_that_is_the_ccxt_class(exchange_id, host):
    exchange = host.connect(exchange_id)
    assert isinstance(exchange, getattr(ccxt, exchange_id))
    assert exchange.id == exchange_id
    assert type(exchange) is not getattr(ccxt, exchange_id)


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken", "binance"])
async def test_connect_gives_the_asyncio_class_when_asked(exchange_id, host):
    exchange = host.connect(exchange_id, asynchronous=True)
    try:
        assert isinstance(exchange, getattr(ccxt.async_support, exchange_id))
        assert inspect.iscoroutinefunction(exchange.fetch_order)
    finally:
        await exchange.close()


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_connect_passes_the_config_through_and_leaves_it_alone(
    exchange_id, asynchronous, host
):
    config = {
        "apiKey": "key",
        "secret": "secret",
        "timeout": 1234,
        "enableRateLimit": False,
        "options": {"defaultType": "margin", "mine": {"deep": 1}},
        "headers": {"X-Mine": "1"},
    }
    before = {**config, "options": {**config["options"]}}
    exchange = host.connect(exchange_id, config, asynchronous=asynchronous)
    assert (exchange.apiKey, exchange.secret, exchange.timeout) == ("key", "secret", 1234)
    assert exchange.enableRateLimit is False
    assert exchange.options["defaultType"] == "margin"
    assert exchange.options["mine"] == {"deep": 1}
    assert exchange.headers["X-Mine"] == "1"
    assert config == before
    if asynchronous:
        await exchange.close()


def test_connecting_changes_no_class_of_ccxt(host):
    host.connect("kraken")
    host.connect("digifinex")
    for module in (ccxt, ccxt.async_support):
        assert not hasattr(module.kraken, "dfx_bind")
        assert not hasattr(module.digifinex, "dfx_bind")


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_rows_are_parsed_offline_by_ccxts_class(number, host):
    (order,) = host.parse_orders("kraken", [ROW], number=number)
    assert order["info"] == ROW
    assert (order["id"], order["status"], order["side"]) == ("OTLAS3", "open", "sell")
    assert (order["timestamp"], order["symbol"]) == (1_586_822_919_334, None)  # no market is loaded
    assert (order["amount"], order["filled"]) == (number("0.30000000"), number("0.10000000"))
    assert (order["remaining"], order["cost"]) == (number("0.2"), number("685.15"))


def test_an_unknown_status_is_none_and_a_warning_and_the_order_is_there(host, caplog):
    orders = host.parse_orders("kraken", [ROW, {**ROW, "id": "b", "status": "odd"}])
    assert [order["status"] for order in orders] == ["open", None]
    assert "kraken order b: unknown status 'odd'" in caplog.text


def test_a_plugin_can_add_a_status_of_any_exchange(plugin, hosting):
    def statuses(exchange_id):
        return {"odd": "expired"} if exchange_id == "kraken" else {}

    host = hosting(plugin("Site", dfx_order_statuses=statuses))
    (order,) = host.parse_orders("kraken", [{**ROW, "status": "odd"}])
    assert order["status"] == "expired"
    (order,) = host.parse_orders("bitvavo", [{"orderId": "1", "status": "odd"}])
    assert order["status"] is None


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_digits_that_no_float_holds_come_as_they_were_sent(number, host):
    row = {**ROW, "vol": "1234567890.123456789", "vol_exec": "0.100000000000000000001"}
    (order,) = host.parse_orders("kraken", [row], number=number)
    assert order["amount"] == number("1234567890.123456789")
    assert order["filled"] == number("0.100000000000000000001")
    assert {type(order[name]) for name in ("amount", "filled", "remaining", "average")} == {number}


@pytest.mark.parametrize("payload", [{"code": 0, "data": []}, "text", None, [None], [[]], [{}], 5])
def test_what_is_no_list_of_rows_is_a_bad_response(payload, host):
    with pytest.raises(ccxt.BadResponse) as caught:
        host.parse_orders("kraken", payload)
    assert caught.value.exchange_id == "kraken"
    assert caught.value.path.startswith("$")


def test_a_row_that_ccxt_cannot_read_loses_no_other(host, caplog):
    """bittrade takes a type for side and type, parted by a dash."""
    rows = [{"id": "a", "type": "buy-limit"}, {"id": "b", "type": "5"}]
    with pytest.raises(ccxt.BadResponse) as caught:
        host.parse_orders("bittrade", rows)
    assert caught.value.path == "$[1]"
    assert [order["id"] for order in caught.value.orders] == ["a"]
    context = host.context("bittrade", bad_row="skip")
    assert [order["id"] for order in host.map_orders("bittrade", rows, context)] == ["a"]
    assert "bittrade order skipped" in caplog.text


@pytest.mark.parametrize("body", [b"", b"<html>", b"[", '["\ud800"]'])
def test_a_body_that_is_no_json_is_a_bad_response(body, host):
    with pytest.raises(ccxt.BadResponse) as caught:
        host.parse_orders("kraken", body)
    assert (caught.value.exchange_id, caught.value.path) == ("kraken", "$")


MARKET = {
    "id": "XBTUSDT",
    "symbol": "BTC/USDT",
    "base": "BTC",
    "quote": "USDT",
    "baseId": "XXBT",
    "quoteId": "USDT",
    "type": "spot",
    "spot": True,
    "margin": True,
    "swap": False,
    "future": False,
    "option": False,
    "contract": False,
    "linear": None,
    "inverse": None,
    "active": True,
    "precision": {"amount": 1e-8, "price": 0.01},
    "limits": {},
}


@pytest.fixture(params=[False, True], ids=["sync", "async"])
async def asked(request, plugin, hosting, mocker):
    """Give a kraken that has one order, what the hooks were given, and a way to await it."""
    seen, payloads = [], []

    def observe(exchange_id, orders):
        seen.append((exchange_id, [order["id"] for order in orders]))

    host = hosting(
        plugin("Observer", dfx_orders_parsed=observe),
        plugin("Declining", dfx_parse_orders=declining(payloads)),
    )
    exchange = host.connect("kraken", {"apiKey": "k", "secret": "cw=="}, asynchronous=request.param)
    exchange.set_markets([MARKET])
    kind = mocker.AsyncMock if request.param else mocker.Mock
    row = {name: value for name, value in ROW.items() if name != "id"}
    raw = {"error": [], "result": {"OTLAS3": row}}
    mocker.patch.object(exchange, "fetch", kind(return_value=raw))

    async def result(answer):
        return await answer if inspect.isawaitable(answer) else answer

    yield exchange, seen, payloads, result
    if request.param:
        await exchange.close()


@pytest.mark.parametrize("method", ["fetch_order", "fetchOrder"])
async def test_an_answer_is_one_hook_call_with_the_raw_rows(asked, method):
    exchange, seen, payloads, result = asked
    order = await result(getattr(exchange, method)("OTLAS3"))
    assert (order["remaining"], order["lastTradeTimestamp"]) == (0.2, None)
    assert set(KEYS) <= set(order)
    assert not set(order) - set(KEYS)
    assert payloads == [[{**ROW, "id": "OTLAS3"}]]
    assert seen == [("kraken", ["OTLAS3"])]


async def test_the_exchanges_own_errors_pass_as_they_are(asked):
    exchange, seen, payloads, result = asked
    with pytest.raises(ccxt.OrderNotFound):
        await result(exchange.fetch_order("NO-SUCH-ORDER"))
    assert seen == payloads == []
    await result(exchange.fetch_order("OTLAS3"))
    assert seen == [("kraken", ["OTLAS3"])]


async def test_a_row_alone_goes_through_the_hooks_too(asked):
    exchange, seen, payloads, _ = asked
    order = exchange.parse_order(ROW)
    assert (order["symbol"], order["remaining"]) == ("BTC/USDT", 0.2)
    assert [order["id"] for order in exchange.parse_orders([ROW, {**ROW, "id": "b"}])] == [
        "OTLAS3",
        "b",
    ]
    assert payloads == [[ROW], [ROW, {**ROW, "id": "b"}]]
    assert seen == [("kraken", ["OTLAS3"]), ("kraken", ["OTLAS3", "b"])]


async def test_an_attached_object_gives_a_plugin_the_same_rows(asked, plugin, hosting, mocker):
    own, _, _, result = asked
    payloads = []
    host = hosting(plugin("Declining", dfx_parse_orders=declining(payloads)))
    module = ccxt.async_support if inspect.iscoroutinefunction(own.fetch_order) else ccxt
    exchange = host.attach(module.kraken({"apiKey": "k", "secret": "cw=="}))
    exchange.set_markets([MARKET])
    mocker.patch.object(exchange, "fetch", own.fetch)
    await result(exchange.fetch_order("OTLAS3"))
    assert payloads == [[ROW]]
    if module is ccxt.async_support:  # ccxt 4.5.22 has no close() of the other kind
        await exchange.close()


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_methods_that_call_each_other_are_one_answer(asynchronous, plugin, hosting, mocker):
    """binance.fetch_closed_orders asks its own fetch_orders."""
    seen, payloads = [], []
    host = hosting(
        plugin("Observer", dfx_orders_parsed=lambda orders: seen.append(len(orders))),
        plugin("Declining", dfx_parse_orders=declining(payloads)),
    )
    exchange = host.connect("binance", {"apiKey": "k", "secret": "s"}, asynchronous=asynchronous)
    exchange.set_markets([{**MARKET, "id": "BTCUSDT"}])
    rows = [
        {"orderId": id_, "symbol": "BTCUSDT", "status": "FILLED", "time": 1_586_822_919_334 + id_}
        for id_ in (1, 2)
    ]
    kind = mocker.AsyncMock if asynchronous else mocker.Mock
    mocker.patch.object(exchange, "fetch", kind(return_value=rows))
    nested = mocker.spy(exchange, "fetch_orders")

    answer = exchange.fetch_closed_orders("BTC/USDT")
    got = await answer if asynchronous else answer
    if asynchronous:
        await exchange.close()

    assert nested.call_count == 1
    assert [order["id"] for order in got] == ["1", "2"]
    assert payloads == [rows]
    assert seen == [2]


async def test_asyncio_tasks_side_by_side_are_answers_of_their_own(plugin, hosting, mocker):
    seen = []
    host = hosting(plugin("Observer", dfx_orders_parsed=observing(seen)))
    exchange = host.connect("kraken", {"apiKey": "k", "secret": "cw=="}, asynchronous=True)
    exchange.set_markets([MARKET])

    async def slow(url, method, headers, body):
        await asyncio.sleep(0.01)
        id_ = parse_qs(body)["txid"][0]
        return {"error": [], "result": {id_: {**ROW, "id": id_}}}

    mocker.patch.object(exchange, "fetch", slow)
    got = await asyncio.gather(*(exchange.fetch_order(order_id) for order_id in "abc"))
    await exchange.close()
    assert [order["id"] for order in got] == ["a", "b", "c"]
    assert sorted(order["id"] for order in seen) == ["a", "b", "c"]


def test_a_plugin_maps_the_rows_of_a_ccxt_exchange(plugin, hosting, mocker):
    def parse(exchange_id, payload, context):
        orders = [context.parse_order(row) for row in payload]
        return [
            {**order, "clientOrderId": row["vol"]}
            for order, row in zip(orders, payload, strict=True)
        ]

    exchange = hosting(plugin("Mending", dfx_parse_orders=parse)).connect("kraken")
    exchange.apiKey, exchange.secret = "k", "cw=="
    exchange.set_markets([MARKET])
    answers = {"error": [], "result": {"open": {"a": ROW, "b": ROW}}}
    mocker.patch.object(exchange, "fetch", return_value=answers)
    got = exchange.fetch_open_orders()
    assert [(order["id"], order["clientOrderId"]) for order in got] == [
        ("OTLAS3", "0.30000000")
    ] * 2


def test_a_plugin_that_maps_no_order_of_a_row_is_no_missing_order(plugin, hosting):
    exchange = hosting(plugin("Empty", dfx_parse_orders=declining([], []))).connect("kraken")
    with pytest.raises(ccxt.BadResponse):
        exchange.parse_order(ROW)


NO_IDS = ["ab", b"ab", None, 5, True, [True], ["a", False], [None], [1.5], [""], [" "], [["a"]]]


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("ids", NO_IDS, ids=repr)
async def test_what_are_no_ids_is_refused_unsent(asynchronous, ids, host, mocker):
    exchange = host.connect("kraken", {"apiKey": "k", "secret": "cw=="}, asynchronous=asynchronous)
    fetch = mocker.patch.object(exchange, "fetch")
    with pytest.raises(ccxt.BadRequest, match=r"^kraken fetchOrdersByIds: .*nothing was sent$"):
        await exchange.fetch_orders_by_ids(ids)
    if asynchronous:
        await exchange.close()
    fetch.assert_not_called()


@pytest.mark.parametrize("ids", [["b", 5, "b"], ("b", "5"), {"b": 1, "5": 2}, iter(["b", 5])])
def test_ids_may_be_whole_numbers_and_anything_that_gives_them(ids):
    assert by_ids.wanted("kraken", ids) == ["b", "5"]


def starting_from_ccxts(payload, context):
    return [{**context.parse_order(row), "clientOrderId": "mended"} for row in payload]


def test_a_plugin_can_start_from_ccxts_order_offline_too(plugin, hosting):
    host = hosting(plugin("Mending", dfx_parse_orders=starting_from_ccxts))
    (order,) = host.parse_orders("kraken", [ROW], number=str)
    assert (order["clientOrderId"], order["remaining"]) == ("mended", "0.2")
    with pytest.raises(ccxt.ExchangeError, match="Mending"):
        host.parse_orders("kraken", ["no row"])


@pytest.fixture
def symbol_of(plugin, hosting):
    """Ask the context of an exchange object, whose answer has these orders, for a market."""

    def asked(exchange_id, markets, market_id, rows):
        found = []

        def parse(context):
            found.append(context.symbol_of(market_id))

        exchange = hosting(plugin("Asking", dfx_parse_orders=parse)).connect(exchange_id)
        exchange.set_markets(markets)
        exchange.parse_orders(rows)
        return found

    return asked


CONTRACT = {
    **MARKET,
    "id": "BTCUSDT",
    "symbol": "BTC/USDT:USDT",
    "settle": "USDT",
    "type": "swap",
    "spot": False,
    "swap": True,
    "contract": True,
    "linear": True,
    "contractSize": 1.0,
}
SPOT = {**MARKET, "id": "BTCUSDT"}


@pytest.mark.parametrize(
    ("markets", "market_id", "symbol"),
    [
        ([SPOT], "BTCUSDT", "BTC/USDT"),
        ([CONTRACT], "BTCUSDT", "BTC/USDT:USDT"),
        ([SPOT], "ETHUSDT", None),
        ([SPOT, CONTRACT], "BTCUSDT", "BTC/USDT:USDT"),  # as ccxt took the row, which is marked
    ],
)
def test_a_market_is_named_by_the_loaded_ones(markets, market_id, symbol, symbol_of):
    row = {"orderId": 1, "symbol": "BTCUSDT", "positionSide": "BOTH", "status": "NEW"}
    assert symbol_of("binance", markets, market_id, [row]) == [symbol]


def test_a_market_that_may_be_one_of_two_is_none_of_them(symbol_of):
    rows = [
        {"orderId": 1, "symbol": "BTCUSDT", "positionSide": "BOTH", "status": "NEW"},
        {"orderId": 2, "symbol": "BTCUSDT", "status": "NEW"},
    ]
    assert symbol_of("binance", [SPOT, CONTRACT], "BTCUSDT", rows) == [None]


def test_a_row_that_becomes_two_orders_is_no_answer_about_one(plugin, hosting):
    doubling = plugin(
        "Doubling",
        dfx_parse_orders=lambda payload, context: starting_from_ccxts(payload * 2, context),
    )
    exchange = hosting(doubling).connect("kraken")
    with pytest.raises(ccxt.BadResponse, match="2 orders"):
        exchange.parse_order(ROW)
