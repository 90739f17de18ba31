"""One of many processes on one key: it asks for an order, over and over, until its time is over."""

import asyncio
import time

from dfx_adapter import AdapterHost, errors

CALLERS = 3


def hammer(config, order_id, seconds, asynchronous, begin, answers):
    """Report "ready", wait for the others, and report how many orders and refusals came."""
    exchange = AdapterHost(entry_points=False).connect(
        "digifinex", config, asynchronous=asynchronous
    )
    seen = {"orders": 0, "refused": 0}

    def ready():
        answers.put("ready")
        begin.wait()
        return time.time() + seconds

    if asynchronous:
        asyncio.run(_hammer_async(exchange, order_id, ready, seen))
    else:
        _hammer_sync(exchange, order_id, ready, seen)
    answers.put(seen)


def _hammer_sync(exchange, order_id, ready, seen):
    exchange.fetch_time()  # the first request of a process loads what it needs
    until = ready()
    while time.time() < until:
        try:
            assert exchange.fetch_order(order_id)["id"] == order_id
            seen["orders"] += 1
        except errors.RateLimited:
            seen["refused"] += 1
            time.sleep(0.01)


async def _hammer_async(exchange, order_id, ready, seen):
    await exchange.fetch_time()
    until = ready()

    async def call():
        while time.time() < until:
            try:
                assert (await exchange.fetch_order(order_id))["id"] == order_id
                seen["orders"] += 1
            except errors.RateLimited:
                seen["refused"] += 1
                await asyncio.sleep(0.01)

    await asyncio.gather(*(call() for _ in range(CALLERS)))
    await exchange.close()
