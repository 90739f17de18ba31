"""Random bots that ask for many things together, while the exchange fails at random."""

import asyncio
import random

import ccxt
import pytest

from dfx_adapter.simulator import Body, Break, Code, Drop
from tests.recordings import hour

FAULTS = (
    *(Code(10008), Code(50000), Code(20013), Drop(), Break("middle", "reset")),
    *(Body("<html>", 502), Body("<html>x"), Body(b'{"code":0,"data":[')),
)
ENDPOINTS = ("spot/order", "order/current", "order/new", "order/detail")


def some_calls(chance, ids):
    """Choose what to ask for together: what only reads, or one order placed."""
    if chance.random() < 0.2:
        return [("create_order", ("BTC/USDT", "limit", "buy", chance.choice([1, 2]), 9000))]
    one = chance.choice
    ways = [
        *[lambda: ("fetch_order", (one([*ids, hour.UNKNOWN]),))] * 3,
        lambda: ("fetch_order", (one(ids), one([None, "BTC/USDT", "BTC_USDT"]))),
        lambda: ("fetch_orders_by_ids", (chance.sample(ids, chance.randint(1, 25)),)),
        lambda: ("fetch_open_orders", ()),
        lambda: ("fetch_order_trades", (one(ids),)),
        lambda: ("wait_for_order", (one(ids), None, 0)),
    ]
    return [one(ways)() for _ in range(chance.randint(1, 12))]


async def came(exchange, call, *, asynchronous):
    method, args = call
    try:
        answer = getattr(exchange, method)(*args)
        return hour.plain(await answer if asynchronous else answer)
    except ccxt.BaseError as error:
        return type(error).__name__


async def together(exchange, calls):
    return await asyncio.gather(*(came(exchange, call, asynchronous=True) for call in calls))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(25))
async def test_what_random_bots_saw_is_replayed(host, file, seed):
    chance, world = random.Random(seed), hour.World()
    steps, seen = [], []
    with world.simulator as simulator:
        exchange = world.connect(host, file, asynchronous=True)
        ids = [simulator.place("BTC_USDT", "buy", price=9000, amount=n) for n in range(1, 30)]
        for _ in range(12):
            world.now += hour.MINUTE
            for _ in range(chance.randint(0, 2)):
                simulator.script(chance.choice(ENDPOINTS), chance.choice(FAULTS))
            steps.append(some_calls(chance, ids))
            seen.append(await together(exchange, steps[-1]))
            simulator.fill(chance.choice(ids), "0.01")
        await exchange.close()
        await asyncio.sleep(0)
    replayed = host.replay(file, asynchronous=True)
    assert [await together(replayed, calls) for calls in steps] == seen
    replayed.timeout_on_exit = 0
    await replayed.close()
    replayed = host.replay(file)
    for calls, expected in zip(steps, seen, strict=True):
        assert [await came(replayed, call, asynchronous=False) for call in calls] == expected
