"""Inside basana: its own exchange client, which looks up by name in ccxt.pro alone.

Stock ccxt has no `digifinex` there. So that the other checks say more than that, its asyncio class
is put there by hand for them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import basana as bs
import ccxt
import ccxt.async_support
import ccxt.pro
from basana.core.pair import Pair
from basana.external.ccxt.exchange import Exchange
from checking import Seen, Side, check, main

import dfx_adapter
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Code, Simulator

PAIR = Pair("BTC", "USDT")
AMOUNT, PRICE = Decimal("0.4"), Decimal("9500.5")


@asynccontextmanager
async def client_of(
    side: Side, *, by_hand: bool = True
) -> AsyncIterator[tuple[Exchange, Simulator]]:
    """Give basana's client, built as its user builds it, and the exchange."""
    if side == "ours":
        dfx_adapter.register(pro=True)
    elif by_hand:
        ccxt.pro.digifinex = ccxt.async_support.digifinex
    with Simulator() as simulator:
        config = {**simulator.ccxt_config(), "enableRateLimit": False}
        try:
            exchange = Exchange(bs.realtime_dispatcher(), "digifinex", config=config)
            try:
                yield exchange, simulator
            finally:
                await exchange.ccxt.close()
        finally:
            dfx_adapter.unregister()
            bans.forgive(bans.account("digifinex", simulator.api_key))
            vars(ccxt.pro).pop("digifinex", None)


@check("found by name")
async def found(side: Side) -> Seen:
    async with client_of(side, by_hand=False) as (exchange, _):
        balance = await exchange.get_balance("USDT")
        return balance.available == 1_000_000, f"USDT available: {balance.available}"


@check("a created order says what it is")
async def created(side: Side) -> Seen:
    async with client_of(side) as (exchange, _):
        order = await exchange.create_limit_order(bs.OrderOperation.BUY, PAIR, AMOUNT, PRICE)
        age = datetime.now(UTC) - order.datetime
        seen = (order.operation, order.amount, order.limit_price)
        right = seen == (bs.OrderOperation.BUY, AMOUNT, PRICE)
        return right and age < timedelta(minutes=1), f"BUY {order.amount} at {order.limit_price}"


@check("the life of an order")
async def life(side: Side) -> Seen:
    async with client_of(side) as (exchange, simulator):
        order = await exchange.create_limit_order(bs.OrderOperation.SELL, PAIR, AMOUNT, PRICE)
        seen = []
        for fill in (None, "0.1", "0.3"):
            if fill is not None:
                simulator.fill(order.id, fill)
            info = await exchange.get_order_info(PAIR, order_id=order.id)
            seen.append((info.is_open, info.amount_filled, info.amount_remaining))
        expected = [(True, 0, 0.4), (True, 0.1, 0.3), (False, 0.4, 0)]
        right = seen == [(is_open, *map(_exact, rest)) for is_open, *rest in expected]
        right = right and (info.fill_price, info.quote_amount_filled) == (PRICE, _exact(3800.2))
        return right, ", ".join(f"{filled} of {filled + rest}" for _, filled, rest in seen)


@check("a cancellation with fills says what it is")
async def cancelled(side: Side) -> Seen:
    async with client_of(side) as (exchange, simulator):
        order_id = simulator.place("BTC_USDT", "buy", price=PRICE, amount=AMOUNT)
        simulator.fill(order_id, "0.1")
        order = await exchange.cancel_order(PAIR, order_id=order_id)
        seen = (order.operation, order.amount, order.limit_price, order.json["filled"])
        return seen == (bs.OrderOperation.BUY, AMOUNT, PRICE, 0.1), f"BUY {order.amount}"


@check("late order: the error says that it is not found")
async def late_order(side: Side) -> Seen:
    async with client_of(side) as (exchange, simulator):
        order_id = simulator.place("BTC_USDT", "buy", price=PRICE, amount=AMOUNT)
        simulator.script("spot/order", Code(20013), Code(20013))
        asked = 1
        while True:
            try:
                info = await exchange.get_order_info(PAIR, order_id=order_id)
            except ccxt.OrderNotFound:  # as a strategy would: ask again
                asked += 1
            else:
                return info.is_open, f"asked {asked} times, then open"


@check("an unknown status")
async def unknown_status(side: Side) -> Seen:
    async with client_of(side) as (exchange, simulator):
        order_id = simulator.place("BTC_USDT", "buy", price=PRICE, amount=AMOUNT)
        simulator.set_row(order_id, status=7)
        try:
            info = await exchange.get_order_info(PAIR, order_id=order_id)
        except ccxt.ExchangeError as error:
            return type(error).__name__ == "UnknownStatus", f"{type(error).__name__} is raised"
        return info.is_open, "is_open: False, as if it were done"


@check("a rate limit")
async def rate_limit(side: Side) -> Seen:
    async with client_of(side) as (exchange, simulator):
        await exchange.ccxt.load_markets()
        simulator.clear_log()
        simulator.script("spot/order", *[Code(10005)] * 3)
        errors = [await _error(exchange) for _ in range(3)]
        asked = len(simulator.requests)
        right = all(isinstance(error, ccxt.RateLimitExceeded) for error in errors)
        return right and asked == 1, f"{type(errors[0]).__name__}, {asked} sent of 3 requests"


async def _error(exchange: Exchange) -> Exception | None:
    try:
        await exchange.get_order_info(PAIR, order_id="0" * 32)
    except ccxt.BaseError as error:
        return error
    return None


def _exact(number: float) -> Decimal:
    return Decimal(str(number))


if __name__ == "__main__":
    main()
