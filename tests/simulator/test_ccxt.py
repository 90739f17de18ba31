"""Stock ccxt, sync and async, trades here without noticing.

Asserted is what ccxt should make of the documents' answers, not what it is known to get wrong.
"""

import ccxt
import ccxt.async_support
import pytest

from dfx_adapter.simulator import Code, Delay, Simulator


@pytest.fixture
def served():
    with Simulator() as exchange:
        yield exchange


@pytest.fixture
def client(served):
    exchange = ccxt.digifinex(served.ccxt_config() | {"enableRateLimit": False})
    yield exchange
    exchange.session.close()


@pytest.fixture
async def async_client(served):
    exchange = ccxt.async_support.digifinex(served.ccxt_config() | {"enableRateLimit": False})
    yield exchange
    await exchange.close()


def test_markets(client):
    client.load_markets()
    assert sorted(client.markets) == ["BTC/USDT", "DFT/USDT", "ETH/USDT", "TRX/USDT"]
    precision = client.markets["BTC/USDT"]["precision"]  # older versions have more keys in it
    assert (precision["amount"], precision["price"]) == (0.0001, 0.01)
    assert client.currencies["BTC"]["deposit"] is True


def test_an_order_from_creation_to_cancellation(served, client):
    order_id = client.create_order("BTC/USDT", "limit", "buy", 0.4, 9500.5)["id"]
    served.fill(order_id, "0.1")
    order = client.fetch_order(order_id, "BTC/USDT")
    assert (order["status"], order["filled"], order["amount"]) == ("open", 0.1, 0.4)
    assert [one["id"] for one in client.fetch_open_orders("BTC/USDT")] == [order_id]
    client.cancel_order(order_id, "BTC/USDT")
    assert client.fetch_order(order_id, "BTC/USDT")["status"] == "canceled"
    assert served.row(order_id)["status"] == 4
    assert client.fetch_open_orders("BTC/USDT") == []
    assert [one["id"] for one in client.fetch_orders("BTC/USDT")] == [order_id]


def test_a_market_buy_by_cost(served, client):
    order_id = client.create_market_buy_order_with_cost("BTC/USDT", 100)["id"]
    assert served.row(order_id)["cash_amount"] == 100
    served.settle(order_id, 9000)
    order = client.fetch_order(order_id, "BTC/USDT")
    assert (order["status"], order["filled"], order["average"]) == ("closed", 0.0111, 9000.0)


def test_trades_and_balance(served, client):
    served.set_balance("BTC", 3)
    order_id = served.place(price=9000, amount=2)
    served.fill(order_id)
    (trade,) = client.fetch_my_trades("BTC/USDT")
    assert (trade["order"], trade["cost"]) == (order_id, 18000.0)
    assert (trade["fee"]["currency"], trade["fee"]["cost"]) == ("USDT", 36.0)
    assert client.fetch_balance()["BTC"] == {"free": 5.0, "used": 0.0, "total": 5.0}


def test_batches_and_margin(served, client):
    order = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.1, "price": 9000}
    created = client.create_orders([order, order | {"price": 9001}])
    assert [served.row(one["id"])["price"] for one in created] == [9000, 9001]
    margin = client.create_order("ETH/USDT", "limit", "sell", 1, 300, {"marginMode": "cross"})
    assert served.row(margin["id"])["kind"] == "margin"
    found = client.fetch_order(margin["id"], "ETH/USDT", {"marginMode": "cross"})
    assert found["symbol"] == "ETH/USDT"


def test_ticker_and_time(served, client):
    assert client.fetch_ticker("BTC/USDT")["last"] == 9592.22
    assert sorted(client.fetch_tickers()) == sorted(client.markets)
    assert client.fetch_time() % 1000 == 0


def test_book_trades_and_candles(served, client):
    book = client.fetch_order_book("BTC/USDT")
    assert (book["bids"][0][0], book["asks"][0][0]) == (9592.21, 9592.23)
    trade = client.fetch_trades("BTC/USDT")[-1]
    assert (trade["price"], trade["amount"]) == (9592.22, 10)
    candle = client.fetch_ohlcv("BTC/USDT", "1h", limit=2)[-1]
    assert candle[0] % 3_600_000 == 0
    assert candle[1:] == [9592.22] * 4 + [10]


def test_refusals_reach_the_caller(served, client):
    client.load_markets()
    with pytest.raises(ccxt.InvalidOrder, match="No order info found"):
        client.fetch_order("0" * 32, "BTC/USDT")
    with pytest.raises(ccxt.InsufficientFunds):
        client.create_order("BTC/USDT", "limit", "buy", 1000, 9000)
    with pytest.raises(ccxt.BadRequest):
        client.create_order("DFT/USDT", "market", "sell", 10)
    served.skew = 60
    with pytest.raises(ccxt.InvalidNonce):
        client.fetch_open_orders("BTC/USDT")
    served.skew = 0
    client.secret = "wrong"
    with pytest.raises(ccxt.AuthenticationError):
        client.fetch_open_orders("BTC/USDT")


def test_a_slow_exchange_times_out(served, client):
    client.load_markets()
    served.script("order/current", Delay(5))
    client.timeout = 200
    with pytest.raises(ccxt.RequestTimeout):
        client.fetch_open_orders("BTC/USDT")


async def test_an_order_from_creation_to_cancellation_async(served, async_client):
    await async_client.load_markets()
    created = await async_client.create_order("BTC/USDT", "limit", "sell", 0.4, 9500.5)
    order_id = created["id"]
    served.fill(order_id, "0.1")
    order = await async_client.fetch_order(order_id, "BTC/USDT")
    assert (order["status"], order["side"], order["filled"]) == ("open", "sell", 0.1)
    await async_client.cancel_order(order_id, "BTC/USDT")
    order = await async_client.fetch_order(order_id, "BTC/USDT")
    assert (order["status"], order["remaining"]) == ("canceled", 0.3)


async def test_scripted_errors_reach_async_callers(served, async_client):
    await async_client.load_markets()
    served.script("order", Code(10005))
    with pytest.raises(ccxt.DDoSProtection):
        await async_client.fetch_order("a", "BTC/USDT")
