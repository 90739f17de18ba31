"""One order over a real socket, sync and asyncio."""

import inspect
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import ccxt
import ccxt.async_support
import pytest
import requests

from dfx_adapter.simulator import Body, encode

ROW = {
    "symbol": "BTC_USDT",
    "order_id": "0123456789abcdef0123456789abcdef",
    "created_date": 1762303547,
    "finished_date": 0,
    "price": 9000,
    "amount": 2,
    "cash_amount": 0,
    "executed_amount": Decimal("0.5"),
    "avg_price": Decimal("8999.5"),
    "status": 1,
    "type": "buy",
    "kind": "spot",
}
ID = ROW["order_id"]


async def test_one_request_and_no_market_loading(simulator, exchange):
    simulator.add_row(ROW)
    order = await exchange.fetch_order(ID)
    assert [request.path for request in simulator.requests] == ["/v3/spot/order"]
    assert simulator.requests[0].query == {"order_id": ID}
    assert order == {
        "info": {**ROW, "executed_amount": "0.5", "avg_price": "8999.5"},
        "id": ID,
        "clientOrderId": None,
        "symbol": "BTC/USDT",
        "type": "limit",
        "timeInForce": None,
        "postOnly": None,
        "reduceOnly": None,
        "side": "buy",
        "status": "open",
        "timestamp": 1762303547000,
        "datetime": "2025-11-05T00:45:47.000Z",
        "lastTradeTimestamp": None,
        "lastUpdateTimestamp": None,
        "price": 9000.0,
        "stopPrice": None,
        "triggerPrice": None,
        "takeProfitPrice": None,
        "stopLossPrice": None,
        "amount": 2.0,
        "cashAmount": None,
        "filled": 0.5,
        "remaining": 1.5,
        "average": 8999.5,
        "cost": 4499.75,
        "trades": [],
        "fee": None,
        "fees": [],
        "marginMode": None,
        "leverage": None,
        "hedged": None,
    }


async def test_camel_case_is_the_same_method(simulator, exchange):
    simulator.add_row(ROW)
    assert await exchange.fetchOrder(ID, "BTC/USDT") == await exchange.fetch_order(ID, "BTC/USDT")


@pytest.mark.parametrize("number", [Decimal, str])
async def test_every_digit_survives_the_transport(simulator, connect, number):
    simulator.add_row({**ROW, "amount": Decimal("1234567890.12345678")})
    exchange = connect(simulator, number=number)
    assert (await exchange.fetch_order(ID))["amount"] == number("1234567890.12345678")


@pytest.fixture
def relay():
    """Where a relay on loopback listens; it asks whatever URL its own query ends with."""

    class Relay(BaseHTTPRequestHandler):
        def do_GET(self):
            signed = {name: text for name, text in self.headers.items() if "ACCESS" in name}
            url = self.path.partition("?url=")[2]
            body = requests.get(url, headers=signed, timeout=60).content
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Relay) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/fetch?url="
        server.shutdown()


async def test_every_digit_survives_a_relay_that_has_the_path_in_its_query(
    simulator, connect, relay
):
    simulator.add_row({**ROW, "amount": Decimal("1234567890.12345678")})
    urls = {"api": {"rest": f"{relay}{simulator.url}"}}
    order = await connect(simulator, number=str, urls=urls).fetch_order(ID)
    assert (order["amount"], order["info"]["amount"]) == ("1234567890.12345678",) * 2


async def test_a_market_buy_keeps_its_budget(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "buy_market", cash_amount="150.75")
    order = await exchange.fetch_order(order_id)
    assert (order["cashAmount"], order["amount"], order["remaining"]) == (150.75, None, None)
    assert (order["type"], order["side"], order["status"]) == ("market", "buy", "open")


@pytest.mark.parametrize(
    "params", [{"marginMode": "cross"}, {"margin": True}, {"type": "margin"}, {}], ids=str
)
async def test_margin_in_four_spellings_has_a_clean_path_and_query(simulator, connect, params):
    simulator.add_row({**ROW, "kind": "margin"})
    options = {} if params else {"defaultType": "margin"}
    order = await connect(simulator, options=options).fetch_order(ID, None, params)
    assert order["marginMode"] == "cross"
    assert simulator.requests[-1].path == "/v3/margin/order"
    assert simulator.requests[-1].query == {"order_id": ID}


async def test_a_row_of_the_other_kind_is_refused(simulator, exchange):
    simulator.script("order", _answer({**ROW, "kind": "margin"}))
    with pytest.raises(ccxt.BadResponse) as caught:
        await exchange.fetch_order(ID)
    assert (caught.value.path, caught.value.found) == ("$.data[0].kind", "margin")


async def test_another_symbol_is_refused_and_the_order_not_lost(simulator, exchange):
    simulator.add_row(ROW)
    with pytest.raises(ccxt.BadSymbol, match="is of BTC/USDT, asked was LTC/USDT") as caught:
        await exchange.fetch_order(ID, "LTC/USDT")
    assert [order["symbol"] for order in caught.value.orders] == ["BTC/USDT"]


async def test_a_delisted_market_is_no_error(simulator, exchange):
    simulator.add_row({**ROW, "symbol": "FOO_USDT"})
    await exchange.load_markets()
    assert (await exchange.fetch_order(ID))["symbol"] == "FOO/USDT"


async def test_loaded_markets_win_over_the_rows_own_symbol(simulator, exchange):
    simulator.add_row(ROW)
    exchange.exchange.markets_by_id = {"BTC_USDT": [{"symbol": "WBTC/USDT", "swap": False}]}
    assert (await exchange.fetch_order(ID))["symbol"] == "WBTC/USDT"


async def test_an_answer_about_another_order_is_never_returned(simulator, exchange):
    simulator.script("order", _answer({**ROW, "order_id": "bbb"}))
    with pytest.raises(ccxt.BadResponse, match="'bbb': a row of an order that nobody asked for"):
        await exchange.fetch_order(ID)


async def test_the_same_row_twice_is_one_order(simulator, exchange):
    simulator.script("order", _answer(ROW, ROW))
    assert (await exchange.fetch_order(ID))["id"] == ID


async def test_two_different_rows_of_one_order_are_in_doubt(simulator, exchange):
    simulator.script("order", _answer(ROW, {**ROW, "executed_amount": 2, "status": 2}))
    with pytest.raises(ccxt.BadResponse, match="two different rows of one order"):
        await exchange.fetch_order(ID)


@pytest.mark.parametrize("bad_id", ["", "a,b", "a b", "a\n", None, 1.5])
async def test_what_is_no_id_is_refused_before_anything_is_sent(simulator, exchange, bad_id):
    with pytest.raises(ccxt.BadRequest, match="expected one id"):
        await exchange.fetch_order(bad_id)
    assert simulator.requests == []


async def test_an_id_cannot_leave_its_parameter(simulator, exchange):
    with pytest.raises(ccxt.OrderNotFound):
        await exchange.fetch_order("x&market=margin#?/../")
    assert simulator.requests[-1].path == "/v3/spot/order"
    assert simulator.requests[-1].query == {"order_id": "x&market=margin#?/../"}


async def test_swap_is_left_to_ccxt(exchange, mocker):
    asynchronous = inspect.iscoroutinefunction(exchange.exchange.fetch_order)
    stock = (ccxt.async_support if asynchronous else ccxt).digifinex
    fetch_order = mocker.patch.object(stock, "fetch_order", return_value={"id": "77"})
    params = {"type": "swap", "x": 1}
    assert await exchange.fetch_order("77", "BTC/USDT:USDT", params) == {"id": "77"}
    fetch_order.assert_called_once_with("77", "BTC/USDT:USDT", params)


async def test_the_response_headers_that_ccxt_can_add_do_no_harm(simulator, connect):
    simulator.add_row(ROW)
    exchange = connect(simulator, returnResponseHeaders=True)
    assert (await exchange.fetch_order(ID))["filled"] == 0.5


def _answer(*rows):
    return _json({"data": rows, "code": 0})


def _json(payload):
    return Body(encode(payload))
