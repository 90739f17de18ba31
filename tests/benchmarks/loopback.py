"""Orders asked for over a socket: one, and many whose ids are known."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import answers
import ccxt
import ccxt.async_support
import venue
from pace import Paced, pace
from report import Row, milliseconds, seconds

import dfx_adapter

_UNLIMITED = {"enableRateLimit": False}
Sides = dict[str, Callable[[], Any]]


class Both:
    """Stock ccxt and the adapter, sync and asyncio, on one simulated exchange."""

    def __init__(self, config: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
        self.run = loop.run_until_complete
        self.sync = {
            "stock": ccxt.digifinex({**config, **_UNLIMITED}),
            "ours": dfx_adapter.connect("digifinex", {**config, **_UNLIMITED}),
        }
        self.coloured = {
            "stock": ccxt.async_support.digifinex({**config, **_UNLIMITED}),
            "ours": dfx_adapter.connect("digifinex", {**config, **_UNLIMITED}, asynchronous=True),
        }
        # Not measured: opening a session, and the markets, without which stock maps no order.
        for name in self.sync:
            self.sync[name].fetch_time()
            self.run(self.coloured[name].fetch_time())
        self.sync["stock"].load_markets()
        self.run(self.coloured["stock"].load_markets())

    def one(self, order_id: str) -> Sides:
        """Return what asks for one order, the connection kept alive."""
        return {name: lambda e=e: e.fetch_order(order_id) for name, e in self.sync.items()}

    def one_async(self, order_id: str) -> Sides:
        """Return the same in asyncio."""
        return {
            name: lambda e=e: self.run(e.fetch_order(order_id)) for name, e in self.coloured.items()
        }

    def many(self, ids: list[str]) -> Sides:
        """Return what asks for many: stock can only ask one by one."""
        stock, ours = self.sync["stock"], self.sync["ours"]
        return {
            "stock": lambda: [stock.fetch_order(order_id) for order_id in ids],
            "ours": lambda: ours.fetch_orders_by_ids(ids),
        }

    def many_async(self, ids: list[str]) -> Sides:
        """Return the same in asyncio: a bot's gather of fetch_order, unchanged, on both sides."""
        return {name: lambda e=e: self.run(_gathered(e, ids)) for name, e in self.coloured.items()}

    def close(self) -> None:
        """Close the sessions."""
        for exchange in self.sync.values():
            exchange.session.close()
        for exchange in self.coloured.values():
            self.run(exchange.close())


async def _gathered(exchange: Any, ids: list[str]) -> list[Any]:
    return await asyncio.gather(*map(exchange.fetch_order, ids))


@contextmanager
def connected(count: int) -> Iterator[tuple[Both, venue.Venue, list[str]]]:
    """Give both sides on an exchange with so many orders, the exchange, and the ids."""
    ids = [row["order_id"] for row in answers.rows(count)]
    with venue.running(count) as exchange, asyncio.Runner() as runner:
        both = Both(exchange.config, runner.get_loop())
        try:
            yield both, exchange, ids
        finally:
            both.close()


def one_order(both: Both, ids: list[str], rounds: int) -> list[Row]:
    """Measure fetch_order of one id, call by call."""
    rows = []
    for kind, sides in (("sync", both.one(ids[0])), ("asyncio", both.one_async(ids[0]))):
        paced = pace(sides, rounds, waits=True)
        rows.append(Row.of_pace(f"`fetch_order` over loopback, {kind}", paced, milliseconds))
    return rows


def many_orders(both: Both, exchange: venue.Venue, ids: list[str], rounds: int) -> list[Row]:
    """Measure the requests for many known ids, and their time."""
    what = f"{len(ids):,} known ids over loopback"
    sent = {name: _requests(exchange, side) for name, side in both.many(ids).items()}
    rows = [Row(f"{what}: requests", "{:,.0f}".format, sent["stock"], sent["ours"])]
    for kind, sides in (("sync", both.many(ids)), ("asyncio", both.many_async(ids))):
        paced = pace(sides, rounds, waits=True)
        rows.append(Row.of_pace(f"{what}, no rate limit, {kind}", paced, seconds))
    limited = {name: _limited(both.sync[name], side) for name, side in both.many(ids).items()}
    rows.append(
        Row(
            f"{len(ids):,} known ids at the default rate limit (computed)",
            seconds,
            limited["stock"],
            limited["ours"],
        )
    )
    return rows


def by_count(both: Both, ids: list[str], rounds: int) -> dict[str, dict[int, Paced]]:
    """Measure how the time grows with the number of ids."""
    counts = [count for count in (1, 3, 10, 20, 50, 100, 300, 1000) if count <= len(ids)]
    sides = {"sync": both.many, "asyncio": both.many_async}
    return {  # what is short is measured more often
        kind: {n: pace(of(ids[:n]), rounds * max(1, 50 // n), waits=True) for n in counts}
        for kind, of in sides.items()
    }


def _requests(exchange: venue.Venue, side: Callable[[], Any]) -> int:
    exchange.requests()
    side()
    return exchange.requests()


def _limited(exchange: Any, side: Callable[[], Any]) -> float:
    """Return the seconds that the exchange object's own limiter makes the requests last.

    ccxt hands the cost of each request to `throttle`, which waits for `rateLimit` times the cost
    since the last request. Here it only takes the costs down; the first request waits for nothing.
    """
    costs: list[float] = []
    exchange.enableRateLimit, exchange.throttle = True, costs.append
    try:
        side()
    finally:
        exchange.enableRateLimit = False
        del exchange.throttle
    return float(sum(costs[1:]) * exchange.rateLimit / 1000)
