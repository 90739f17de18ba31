"""The soak: 200 asyncio callers and 16 threads against a simulated exchange that fails at random.

    python -m tests.soak.soak --minutes 5 [--seed 1]

It prints what was done and what is left of it - descriptors, threads, tasks, memory - and ends
with 1 if anybody was given another's order or an error that is not documented, if an order was
placed twice, if the rate was not kept, or if anything leaks.
"""

import argparse
import asyncio
import gc
import json
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from time import monotonic
from typing import Any

import ccxt
import psutil

from dfx_adapter import AdapterHost
from dfx_adapter.errors import PluginError
from tests.soak.exchange import ORDERS, WINDOW, amount_of, order_id

TASKS, THREADS = 200, 16
EVERY_MS = 10  # ccxt's rateLimit: a request of a key in so many milliseconds
SETTLING = 1.0  # seconds in which closed connections are gone
BURST = 1.2  # of the rate; this machine, too, delays some and lets them arrive together
MEMORY_MIB = 24  # what an allocator may keep after it has grown; a leak has no such bound
UNKNOWN = "f" * 32

# What may come of a call while the exchange fails; anything else is a fault of the adapter.
DOCUMENTED = (ccxt.NetworkError, ccxt.BadResponse, ccxt.ExchangeError)
_prices = count(100)  # in hundredths: every order that is placed has a price of its own
_WEIGHTS = {"one": 60, "many": 20, "missing": 8, "place": 6, "cancel": 6}


class Soak:
    """What the callers do, in either colour, and what they have seen."""

    def __init__(self, seed: int, end: float) -> None:
        self.calls: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.tries: dict[str, str] = {}  # price of an order that was placed -> what was answered
        self._seed = seed
        self._end = end

    def caller(self, name: str) -> Iterator[tuple[str, tuple[Any, ...], Callable[[Any], None]]]:
        """Yield what to call, with which arguments, and who judges the outcome."""
        rng = random.Random(f"{self._seed} {name}")
        mine: list[str] = []
        while monotonic() < self._end:
            [kind] = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
            if kind == "one":
                asked = [order_id(rng.randrange(ORDERS))]
                yield "fetch_order", (asked[0],), self._judge_of(asked)
            elif kind == "many":
                asked = [
                    order_id(number) for number in rng.sample(range(ORDERS), rng.randint(1, 45))
                ]
                yield "fetch_orders_by_ids", (asked,), self._judge_of(asked)
            elif kind == "missing":
                yield "fetch_order", (UNKNOWN,), self._judge_of([])
            elif kind == "place":
                price = next(_prices) / 100
                order = ("BTC/USDT", "limit", "buy", 4, price)
                yield "create_order", order, self._judge_of_placing(str(price), mine)
            elif mine:
                yield "cancel_order", (mine.pop(),), self._judge_of_cancelling

    def judge(self, method: str, outcome: Any, judge: Callable[[Any], None]) -> None:
        """Count a call and look at what came of it."""
        self.calls[method] += 1
        if isinstance(outcome, BaseException):
            self.errors[type(outcome).__name__] += 1
            if not isinstance(outcome, DOCUMENTED) or isinstance(outcome, PluginError):
                self.wrong.append(f"{method}: not documented: {outcome!r}")
        try:
            judge(outcome)
        except AssertionError as error:
            self.wrong.append(f"{method}: {error}: {outcome!r}"[:1000])

    def _judge_of(self, asked: list[str]) -> Callable[[Any], None]:
        def judge(outcome: Any) -> None:
            if isinstance(outcome, ccxt.OrderNotFound):
                assert not asked, "an order that exists was not found"
            if isinstance(outcome, Exception):
                orders = getattr(outcome, "orders", [])
            else:
                orders = outcome if isinstance(outcome, list) else [outcome]
                assert [order["id"] for order in orders] == asked, "not the orders asked for"
            for order in orders:
                assert order["id"] in asked or len(asked) < 2, "another's order"
                assert order["amount"] == amount_of(order["id"]), "an order with another's amount"

        return judge

    def _judge_of_placing(self, price: str, mine: list[str]) -> Callable[[Any], None]:
        def judge(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                may_exist = "may have been placed" in str(outcome)
                self.tries[price] = "unclear" if may_exist else "refused"
            else:
                self.tries[price] = "placed"
                mine.append(outcome["id"])
                assert (str(outcome["price"]), outcome["amount"]) == (price, 4), "another's order"

        return judge

    def _judge_of_cancelling(self, outcome: Any) -> None:
        assert isinstance(outcome, Exception) or outcome["amount"] in {4, None}, "another's order"

    def judge_the_book(self, placed: dict[str, int]) -> None:
        """Hold what the exchange has on its book against what the callers were told."""
        possible = {"placed": {1}, "unclear": {0, 1}, "refused": {0}}
        for price, outcome in self.tries.items():
            if placed.get(price, 0) not in possible[outcome]:
                self.wrong.append(
                    f"order at {price}: {outcome}, placed {placed.get(price, 0)} times"
                )


async def awaiting(soak: Soak, name: str, exchange: Any) -> None:
    for method, args, judge in soak.caller(name):
        try:
            outcome = await getattr(exchange, method)(*args)
        except Exception as error:  # noqa: BLE001  # judged below
            outcome = error
        soak.judge(method, outcome, judge)
        await asyncio.sleep(0)


def calling(soak: Soak, name: str, exchange: Any) -> None:
    for method, args, judge in soak.caller(name):
        try:
            outcome = getattr(exchange, method)(*args)
        except Exception as error:  # noqa: BLE001  # judged below
            outcome = error
        soak.judge(method, outcome, judge)


def figures() -> dict[str, float]:
    """Measure what could leak in this process."""
    gc.collect()
    process = psutil.Process()
    return {
        "descriptors": process.num_fds(),
        "threads": process.num_threads(),
        "tasks": len(asyncio.all_tasks()),
        "memory MiB": round(process.memory_info().rss / 2**20, 1),
    }


async def run(url: str, seed: int, seconds: float) -> tuple[Soak, dict[str, dict[str, float]]]:
    """Let all callers call, after a round that fills caches and pools."""
    host = AdapterHost(entry_points=False)
    measured = {"before": figures()}
    async with asyncio.timeout(seconds * 3 + 60):
        await round_of_calls(host, url, seed, min(5.0, seconds / 4))
        measured["after a first round"] = figures()
        soak = await round_of_calls(host, url, seed + 1, seconds)
        measured["after"] = figures()
    return soak, measured


async def round_of_calls(host: AdapterHost, url: str, seed: int, seconds: float) -> Soak:
    """Connect, call, close."""
    config = {
        "apiKey": "simulated-key",
        "secret": "simulated-secret",
        "urls": {"api": {"rest": url}},
        "rateLimit": EVERY_MS,
        "timeout": 2000,
        "timeout_on_exit": 0,
        "options": {"banGuard": False},
    }
    sync = host.connect("digifinex", {**config, "headers": {"X-Caller": "sync"}})
    headers = {"X-Caller": "async"}
    asynchronous = host.connect("digifinex", {**config, "headers": headers}, asynchronous=True)
    soak = Soak(seed, monotonic() + seconds)
    names = [f"thread {number}" for number in range(THREADS)]
    threads = [threading.Thread(target=calling, args=(soak, name, sync)) for name in names]
    for thread in threads:
        thread.start()
    async with asyncio.TaskGroup() as group:
        for number in range(TASKS):
            group.create_task(awaiting(soak, f"task {number}", asynchronous))
    for thread in threads:
        thread.join()  # nothing else is left for this loop to do
    await asynchronous.close()
    sync.session.close()
    await asyncio.sleep(SETTLING)
    return soak


def leaks(measured: dict[str, dict[str, float]]) -> list[str]:
    """Name what there is more of after the second round than after the first."""
    first, last = measured["after a first round"], measured["after"]
    allowed = {"descriptors": 0, "threads": 0, "tasks": 0, "memory MiB": MEMORY_MIB}
    return [
        f"{name}: {first[name]} before, {last[name]} after"
        for name, more in allowed.items()
        if last[name] > first[name] + more
    ]


def bursts(busiest: int) -> list[str]:
    """Say whether more was sent in a window than may be, by both colours: they share a key."""
    most = BURST * WINDOW * 1000 / EVERY_MS
    if busiest <= most:
        return []
    return [f"{busiest} requests in {WINDOW} s, at most {most:.0f} are allowed"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    command = [sys.executable, "-m", "tests.soak.exchange", str(given.seed)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as exchange:
        assert exchange.stdout
        assert exchange.stdin
        url = exchange.stdout.readline().strip()
        soak, measured = asyncio.run(run(url, given.seed, given.minutes * 60))
        exchange.stdin.close()
        seen = json.loads(exchange.stdout.read())
    soak.judge_the_book(seen.pop("placed"))
    wrong = [*soak.wrong, *leaks(measured), *bursts(seen["busiest window"])]
    report = {
        "minutes": given.minutes,
        "callers": {"asyncio": TASKS, "threads": THREADS},
        "calls": dict(soak.calls),
        "errors": dict(soak.errors),
        "orders placed": dict(Counter(soak.tries.values())),
        "the exchange": seen,
        "figures": measured,
        "wrong": len(wrong),
    }
    print(json.dumps(report, indent=2))  # noqa: T201  # it is a command
    for fault in wrong[:20]:
        print(fault, file=sys.stderr)  # noqa: T201  # it is a command
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
