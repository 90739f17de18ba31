"""What a bot does with exchange objects of both kinds."""

from collections.abc import Coroutine
from decimal import Decimal
from typing import Any, assert_type

import dfx_adapter
from dfx_adapter import AdapterHost, AsyncExchange, Exchange, Order
from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex
from dfx_adapter.digifinex.sync import DigiFinex

CONFIG = {"apiKey": "key", "secret": "secret"}

exchange = dfx_adapter.connect("digifinex", CONFIG)
assert_type(exchange, DigiFinex)
assert_type(exchange.fetch_order("1"), Order)
assert_type(exchange.fetch_order("1", "BTC/USDT", {"trades": True}), Order)
assert_type(exchange.fetch_order(id="1", symbol="BTC/USDT", params={}), Order)
assert_type(exchange.fetchOrder("1"), Order)
assert_type(exchange.fetch_order("1"), Order[float])
assert_type(exchange.fetch_order("1")["filled"], float | None)
assert_type(exchange.fetch_orders("BTC/USDT", since=1.5, limit=10), list[Order])
assert_type(exchange.fetch_orders_by_ids(["1", "2"]), list[Order])
assert_type(exchange.fetchOrdersByIds({"1", "2"}), list[Order])
assert_type(exchange.fetch_open_orders(), list[Order])
assert_type(exchange.fetch_closed_orders(), list[Order])
assert_type(exchange.fetch_canceled_orders(), list[Order])
assert_type(exchange.fetch_canceled_and_closed_orders(), list[Order])
assert_type(exchange.fetch_order_trades("1"), list[dict[str, Any]])
assert_type(exchange.create_order("BTC/USDT", "limit", "buy", Decimal(1), price="2"), Order)
batch = [{"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 1, "price": 2}]
assert_type(exchange.create_orders(batch), list[Order])
assert_type(exchange.edit_order("1", "BTC/USDT", "limit", "buy", 1, 2), Order)
assert_type(exchange.cancel_order("1"), Order)
assert_type(exchange.cancel_orders(["1"]), list[Order])
assert_type(exchange.cancel_orders_for_symbols([{"id": "1"}]), list[Order])
assert_type(exchange.wait_for_order("1", timeout=9.5, until={"open"}), Order)
exchange.close()

# What is ccxt's stays usable.
ticker = exchange.fetch_ticker("BTC/USDT")
print(ticker["last"], exchange.fetchTicker("BTC/USDT"), exchange.markets, exchange.id)
print(exchange.has["fetchOrder"], exchange.publicSpotGetMarkets(), exchange.implicit_of_the_future)
exchange.load_markets()
exchange.options["badRow"] = "skip"

# Any exchange, by the same methods.
name: str = input()
other = dfx_adapter.connect("kraken", CONFIG)
assert_type(other, Exchange)
assert_type(dfx_adapter.connect(name), Exchange)
assert_type(dfx_adapter.connect(name, asynchronous=False), Exchange)
assert_type(other.fetch_order("1"), Order)
assert_type(other.fetchOrder("1"), Order)
assert_type(other.fetch_orders("BTC/USDT"), list[Order])
assert_type(other.fetch_open_orders(since=1), list[Order])
assert_type(other.fetch_closed_orders(), list[Order])
assert_type(other.fetch_canceled_orders(), list[Order])
assert_type(other.fetch_canceled_and_closed_orders(), list[Order])
assert_type(other.fetch_orders_by_ids(["1"], params={"missing": "omit"}), list[Order])
assert_type(other.fetch_order_trades("1"), list[dict[str, Any]])
assert_type(other.create_order("BTC/USDT", "limit", "buy", 1, 2), Order)
assert_type(other.create_orders(batch), list[Order])
assert_type(other.edit_order("1", "BTC/USDT", "limit", "buy"), Order)
assert_type(other.cancel_order("1"), Order)
assert_type(other.cancelOrders(["1"]), list[Order])
assert_type(other.wait_for_order("1"), Order)
print(other.fetch_ticker("BTC/USDT"), other.fetchTickers(), other.private_post_openorders())
other.close()


def position(bot: Exchange, order_id: str) -> float:
    """Take an object of any exchange."""
    return bot.fetch_order(order_id)["filled"] or 0.0


position(exchange, "1")
position(other, "1")


async def on_loop() -> None:
    """Do the same on asyncio."""
    digifinex = dfx_adapter.connect("digifinex", CONFIG, asynchronous=True)
    assert_type(digifinex, AsyncDigiFinex)
    await assert_type(digifinex.fetch_order("1"), Coroutine[Any, Any, Order])
    assert_type(await digifinex.fetch_order("1"), Order)
    assert_type(await digifinex.fetchOrder("1", symbol="BTC/USDT"), Order)
    assert_type(await digifinex.fetch_orders(limit=1), list[Order])
    assert_type(await digifinex.fetch_orders_by_ids(["1"]), list[Order])
    assert_type(await digifinex.fetch_open_orders(), list[Order])
    assert_type(await digifinex.fetch_order_trades("1"), list[dict[str, Any]])
    assert_type(await digifinex.create_order("BTC/USDT", "market", "sell", 1), Order)
    assert_type(await digifinex.create_orders(batch), list[Order])
    assert_type(await digifinex.edit_order("1", "BTC/USDT", "limit", "buy", 1, 2), Order)
    assert_type(await digifinex.cancel_order("1"), Order)
    assert_type(await digifinex.cancel_orders(["1"]), list[Order])
    assert_type(await digifinex.wait_for_order("1", timeout=5), Order)
    print(await digifinex.fetch_ticker("BTC/USDT"), await digifinex.fetchTicker("BTC/USDT"))
    await digifinex.close()

    any_exchange = dfx_adapter.connect("binance", asynchronous=True)
    assert_type(any_exchange, AsyncExchange)
    assert_type(await any_exchange.fetch_order("1", "BTC/USDT"), Order)
    assert_type(await any_exchange.fetchOpenOrders(), list[Order])
    assert_type(await any_exchange.fetch_canceled_orders(), list[Order])
    assert_type(await any_exchange.fetch_orders_by_ids(["1"]), list[Order])
    assert_type(await any_exchange.edit_order("1", "BTC/USDT", "limit", "buy"), Order)
    assert_type(await any_exchange.wait_for_order("1"), Order)
    print(await any_exchange.fetch_ticker("BTC/USDT"))
    await any_exchange.close()

    await poll(digifinex)
    await poll(any_exchange)


async def poll(bot: AsyncExchange) -> list[str]:
    """Take an object of any exchange."""
    return [order["id"] for order in await bot.fetch_open_orders()]


def of_either_kind(*, asynchronous: bool) -> Exchange | AsyncExchange:
    """Connect what is decided at run time."""
    return dfx_adapter.connect("digifinex", asynchronous=asynchronous)


host = AdapterHost(entry_points=False)
assert_type(host.connect("digifinex"), DigiFinex)
assert_type(host.connect("digifinex", asynchronous=True), AsyncDigiFinex)
assert_type(host.connect("kraken"), Exchange)
assert_type(host.connect(name, asynchronous=True), AsyncExchange)

# Recordings.
assert_type(dfx_adapter.replay("orders.jsonl"), Exchange)
assert_type(dfx_adapter.replay("orders.jsonl", asynchronous=True), AsyncExchange)
assert_type(dfx_adapter.replay("orders.jsonl", "digifinex"), DigiFinex)
assert_type(dfx_adapter.replay("orders.jsonl", "digifinex", asynchronous=True), AsyncDigiFinex)
assert_type(dfx_adapter.replay("orders.jsonl", name, {"number": str}, account="1"), Exchange)
assert_type(AdapterHost().replay("orders.jsonl"), Exchange)
assert_type(AdapterHost().replay("orders.jsonl", "digifinex"), DigiFinex)
assert_type(dfx_adapter.replay("orders.jsonl").fetch_order("1"), Order)
for call in dfx_adapter.replay("orders.jsonl").recorded_calls():
    print(call.line, call.method, call.args)
raise dfx_adapter.NotRecorded("not there")
