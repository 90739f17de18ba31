"""The soak of the stream: 50 callers of watch_orders while the stream and REST fail at random.

    python -m tests.soak.stream --minutes 5 [--seed 1]

Orders are placed, filled and canceled all the time; pushes are lost, doubled, moved and late, the
connections dropped, closed, silenced and fed with junk, REST answers with faults. It prints what
was done and seen, and ends with 1 if a caller missed the final state of an order, was handed one
twice or one that never was, or if descriptors, tasks or memory are left.
"""

import argparse
import asyncio
import gc
import json
import random
import sys
import time
from collections import Counter, defaultdict
from typing import Any

import psutil

import dfx_adapter
from dfx_adapter.digifinex.stream import reader
from dfx_adapter.digifinex.stream.times import Times
from dfx_adapter.simulator import (
    Body,
    Code,
    Delay,
    Drop,
    Duplicated,
    Late,
    Lost,
    Moved,
    Refusal,
    Sent,
    Simulator,
)

CALLERS = 50
SYMBOLS = ("BTC_USDT", "ETH_USDT", "TRX_USDT")
PUSHES = (Sent(), Sent(), Sent(), Lost(), Duplicated(), Moved(), Late(0.02), Late(0.2))
REST = (Code(50000), Drop(), Body(b"<html>"), Delay(0.05), Code(20013))
JUNK = ("{", b"junk", "[]", '{"method":"order.update","params":[{"id":1}],"id":null}')
SETTLING = 60  # seconds that are left to hand over every end
MEMORY_MIB = 48
TIMES = Times(
    patience=1,
    ping=0.2,
    age=20,
    age_jitter=5,
    sweep=1,
    first_pause=0.02,
    longest_pause=0.5,
    attempts=1000,
    pauses=(0.01, 0.02, 0.05, 0.1, 0.2),
)


class Market:
    """Orders on the move, and every state that each of them has had."""

    def __init__(self, simulator: Simulator, rng: random.Random) -> None:
        self.states: dict[str, list[tuple[str, float]]] = {}
        self.symbols: dict[str, str] = {}
        self.changes = 0
        self._simulator = simulator
        self._rng = rng
        self._open: list[str] = []

    def step(self) -> None:
        """Place, fill or cancel an order."""
        if len(self._open) < 40 or self._rng.random() < 0.2:
            symbol = self._rng.choice(SYMBOLS)
            order_id = self._simulator.place(symbol, "buy", price=100, amount=4)
            self._open.append(order_id)
            self.symbols[order_id] = symbol
            self._note(order_id, "open", 0.0)
            return
        order_id = self._rng.choice(self._open)
        filled = self.states[order_id][-1][1]
        if self._rng.random() < 0.3:
            self._simulator.cancel(order_id)
            self._note(order_id, "canceled", filled)
        elif filled == 3 or self._rng.random() < 0.2:
            self._simulator.fill(order_id)
            self._note(order_id, "closed", 4.0)
        else:
            self._simulator.fill(order_id, 1)
            self._note(order_id, "open", filled + 1)

    def finish(self) -> None:
        """Cancel what is open still."""
        for order_id in list(self._open):
            self._simulator.cancel(order_id)
            self._note(order_id, "canceled", self.states[order_id][-1][1])

    def _note(self, order_id: str, status: str, filled: float) -> None:
        self.states.setdefault(order_id, []).append((status, filled))
        self.changes += 1
        if status != "open":
            self._open.remove(order_id)


class Caller:
    """One who watches, and what it was handed."""

    def __init__(self, exchange: Any, symbol: str | None) -> None:
        self.exchange = exchange
        self.symbol = symbol
        self.handed: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.errors: Counter[str] = Counter()

    async def run(self) -> None:
        """Watch until it is told to end."""
        unified = None if self.symbol is None else self.symbol.replace("_", "/")
        while True:
            try:
                orders = await self.exchange.watch_orders(unified)
            except Exception as error:  # noqa: BLE001  # it is counted
                self.errors[type(error).__name__] += 1
                await asyncio.sleep(0.01)
                continue
            for order in orders:
                self.handed[order["id"]].append((order["status"], order["filled"]))

    def wrong(self, market: Market) -> list[str]:
        """Say what it was handed that is not right, or not handed."""
        found = []
        for order_id, states in market.states.items():
            if self.symbol not in {None, market.symbols[order_id]}:
                continue
            handed = self.handed.get(order_id, [])
            if not handed or handed[-1] != states[-1]:
                found.append(f"{order_id}: ended {states[-1]}, handed {handed[-3:]}")
            if len(handed) != len(set(handed)):
                found.append(f"{order_id}: twice in {handed}")
            if not set(handed) <= set(states):
                found.append(f"{order_id}: never was {set(handed) - set(states)}")
            fills = [filled for _, filled in handed]
            if fills != sorted(fills):
                found.append(f"{order_id}: filled falls in {handed}")
        return found


def spoil(simulator: Simulator, rng: random.Random) -> str:
    """Let something fail."""
    stream = simulator.stream
    kinds = ("push", "push", "push", "rest", "rest", "drop", "close", "junk", "mute", "refuse")
    kind = rng.choice(kinds)
    if kind == "push":
        stream.script(*rng.choices(PUSHES, k=8))
    elif kind == "rest":
        endpoint = rng.choice(("order", "order/current", "order/history"))
        simulator.script(endpoint, *rng.choices(REST, k=2))
    elif kind == "drop":
        stream.drop()
    elif kind == "close":
        stream.close(1012)
    elif kind == "junk":
        stream.send(rng.choice(JUNK))
    elif kind == "mute":
        stream.is_mute = not stream.is_mute
    else:
        stream.refuse(Refusal(502), Refusal(503))
    return kind


async def soak(seconds: float, seed: int) -> dict[str, Any]:
    """Run it, and report."""
    rng = random.Random(seed)
    process = psutil.Process()
    faults: Counter[str] = Counter()
    with Simulator() as simulator:
        config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
        objects = [
            dfx_adapter.connect("digifinex", config, asynchronous=True) for _ in range(CALLERS)
        ]
        for exchange in objects:
            exchange.timeout = 2000
        before = (process.num_fds(), len(asyncio.all_tasks()))
        callers = [Caller(one, rng.choice((None, *SYMBOLS))) for one in objects]
        tasks = [asyncio.create_task(caller.run()) for caller in callers]
        market = Market(simulator, rng)
        memory, end, next_fault = 0, time.monotonic() + seconds, 0.0
        await asyncio.sleep(1)
        while time.monotonic() < end:
            for _ in range(5):
                market.step()
            if time.monotonic() > next_fault:
                faults[spoil(simulator, rng)] += 1
                next_fault = time.monotonic() + rng.uniform(0.05, 0.5)
            memory = memory or (market.changes > 2000 and process.memory_info().rss) or 0
            await asyncio.sleep(rng.uniform(0, 0.05))
        market.finish()
        simulator.stream.is_mute = False
        simulator.clear_script()
        for _ in range(SETTLING):
            await asyncio.sleep(1)
            if not any(caller.wrong(market) for caller in callers):
                break
        wrong = [f"caller {n}: {one}" for n, c in enumerate(callers) for one in c.wrong(market)]
        grown = (process.memory_info().rss - memory) / 2**20 if memory else 0
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for exchange in objects:
            await exchange.close()
        await asyncio.sleep(1)
        gc.collect()
        after = (process.num_fds(), len(asyncio.all_tasks()))
        return {
            "callers": CALLERS,
            "orders": len(market.states),
            "changes": market.changes,
            "states handed over": sum(len(s) for c in callers for s in c.handed.values()),
            "faults": dict(faults),
            "connections": simulator.stream.handshakes,
            "errors": dict(sum((caller.errors for caller in callers), Counter())),
            "descriptors and tasks": [before, after],
            "memory grown, MiB": round(grown, 1),
            "wrong": len(wrong),
            "examples": wrong[:10],
            "ok": not wrong and after <= before and grown < MEMORY_MIB,
        }


def main() -> int:
    """Soak, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    reader.TIMES = TIMES  # type: ignore[misc]  # short waits
    report = asyncio.run(soak(60 * given.minutes, given.seed))
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
