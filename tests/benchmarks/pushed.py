"""How soon a caller hears of a fill, by the stream and by polling.

    python tests/benchmarks/pushed.py

The exchange on loopback is the simulator in a thread of this process. Both callers wait for the
same order; the time is from the fill to the moment at which the caller has it.
"""

import asyncio
import statistics
import sys
import time

import dfx_adapter
from dfx_adapter.simulator import Simulator

ROUNDS = 200
POLLED = 10


async def by_stream(exchange, simulator) -> list[float]:
    """Fill a part of an order, again and again, for one who watches."""
    call = asyncio.create_task(exchange.watch_orders("BTC/USDT"))
    await asyncio.sleep(1)
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=ROUNDS + 1)
    await call
    taken = []
    for _ in range(ROUNDS):
        call = asyncio.create_task(exchange.watch_orders("BTC/USDT"))
        await asyncio.sleep(0.005)
        began = time.perf_counter()
        simulator.fill(order_id, 1)
        await call
        taken.append(time.perf_counter() - began)
    return taken


async def ends(exchange, simulator, rounds: int) -> list[float]:
    """Fill an order whole, for one who waits for that."""
    taken = []
    for _ in range(rounds):
        order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
        call = asyncio.create_task(exchange.wait_for_order(order_id))
        await asyncio.sleep(0.1)
        began = time.perf_counter()
        simulator.fill(order_id)
        await call
        taken.append(time.perf_counter() - began)
    return taken


async def main() -> None:
    """Measure, and print the medians."""
    with Simulator() as simulator:
        config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
        polling = dfx_adapter.connect("digifinex", config, asynchronous=True)
        polled = await ends(polling, simulator, POLLED)
        await polling.close()
        exchange = dfx_adapter.connect("digifinex", config, asynchronous=True)
        fills = await by_stream(exchange, simulator)
        woken = await ends(exchange, simulator, POLLED)
        await exchange.close()
    rows = {
        "a fill, watch_orders": fills,
        "an order is over, wait_for_order with a stream": woken,
        "an order is over, wait_for_order that polls": polled,
    }
    for name, taken in rows.items():
        median = 1000 * statistics.median(taken)
        sys.stdout.write(f"{name}: median {median:.1f} ms, longest {1000 * max(taken):.1f} ms\n")


if __name__ == "__main__":
    asyncio.run(main())
