"""Mistakes that a type checker finds before a bot trades."""

from decimal import Decimal

import dfx_adapter
from dfx_adapter import AsyncExchange, Order

exchange = dfx_adapter.connect("digifinex")
order = exchange.fetch_order("1")
order["fillled"]  # E: fillled
order["filled"] + 1  # E: None
order["status"] == "filled"  # E: filled
order["amount"] = "1"  # E: float
exchange.fetch_order("1", symbo="BTC/USDT")  # E: symbo
exchange.fetch_order()  # E: argument
exchange.fetchOrder(1)  # E: str
exchange.fetch_orders(limit="10")  # E: limit
exchange.fetch_orders_by_ids(1)  # E: Iterable
exchange.create_order("BTC/USDT", "limit")  # E: argument
exchange.cancel_orders([1])  # E: str
exchange.wait_for_order("1", until=open)  # E: Collection

other = dfx_adapter.connect("kraken")
other.fetch_order("1")["fillled"]  # E: fillled
other.fetch_order("1", symbo="BTC/USDT")  # E: symbo
other.fetchOpenOrders(1)  # E: str
other.create_orders(orders=1)  # E: Mapping
other.wait_for_order("1", None, "soon")  # E: float

dfx_adapter.connect("digifinex", {"apiKey": "key"}, True)  # E: connect
dfx_adapter.connect("digifinex", asynchronous="yes")  # E: connect
dfx_adapter.connect(1)  # E: connect
dfx_adapter.parse_orders("digifinex", b"{}", number=5)  # E: parse_orders
dfx_adapter.UnknownStatuss  # E: UnknownStatuss
dfx_adapter.conect("digifinex")  # E: conect
dfx_adapter.register("digifinexplus", exchange="digifinex")  # E: exchange
text: list[Order[str]] = dfx_adapter.parse_orders("digifinex", b"{}", number=Decimal)  # E: Decimal
floats: list[Order] = dfx_adapter.parse_orders("digifinex", b"{}", number=Decimal)  # E: Decimal
dfx_adapter.attach("digifinex")  # E: attach


async def on_loop(bot: AsyncExchange) -> None:
    """Forget to await, which would place an order at no time at all."""
    digifinex = dfx_adapter.connect("digifinex", asynchronous=True)
    digifinex.fetch_order("1")["filled"]  # E: Coroutine
    digifinex.cancel_order("1")  # E: used
    (await digifinex.fetch_order("1"))["fillled"]  # E: fillled
    await digifinex.fetch_order("1", symbo="BTC/USDT")  # E: symbo
    bot.cancel_order("1")  # E: used
    bot.fetch_order("1")["filled"]  # E: Coroutine
    await bot.cancel_orders(["1"], ids=["1"])  # E: ids
    await exchange.fetch_order("1")  # E: await


def of_either_kind(*, asynchronous: bool) -> Order:
    """Use what may have to be awaited."""
    bot = dfx_adapter.connect("digifinex", asynchronous=asynchronous)
    return bot.fetch_order("1")  # E: Coroutine
