"""What the methods of an exchange object call: the readers of a loop, and who has been handed what.

A watcher is an object and a symbol. It is handed each change of an order since its last call, the
newest state of each order, in the order of change.
"""

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.exchange import orders_of
from dfx_adapter.digifinex.stream import reader
from dfx_adapter.digifinex.stream.reader import Reader
from dfx_adapter.guards import accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dfx_adapter.digifinex.stream.book import Entry
    from dfx_adapter.order import Order


class Question(NamedTuple):
    """What is watched: a unified symbol, or None for all markets; the market ids; a market type."""

    symbol: str | None
    market_ids: Sequence[str]
    kind: str | None
    default_kind: str


class Watcher:
    """What one object has been handed of one symbol."""

    def __init__(self, seen: int, market_ids: Sequence[str]) -> None:
        self.seen = seen
        self.market_ids = market_ids


_readers: Final[weakref.WeakKeyDictionary[Any, dict[Any, Reader]]] = weakref.WeakKeyDictionary()


class Watching:
    """The streams of one object."""

    def __init__(self, exchange: Any) -> None:
        self._exchange: Callable[[], Any] = weakref.ref(exchange)  # alive while its methods run
        self._reader: Reader | None = None
        self._watchers: dict[tuple[str | None, str | None], Watcher] = {}

    @property
    def reader(self) -> Reader | None:
        """What reads for this object."""
        return self._reader

    async def changes(self, question: Question) -> list[Order]:
        """Return what changed since the last call; wait where nothing did.

        Raises:
            ccxt.ExchangeClosedByUser: the object was closed meanwhile.
            ccxt.AuthenticationError: the exchange does not take the key.
            ccxt.NetworkError: there is no connection, after several attempts.
            ccxt.BadResponse, dfx_adapter.UnknownStatus: a row cannot be mapped; `orders` has the
                others.
        """
        joined = self._join(question)
        key = (question.symbol, question.kind)
        watcher = self._watchers.setdefault(key, Watcher(joined.book.changes, question.market_ids))
        while True:
            newer = [
                entry
                for entry in joined.book.since(watcher.seen)
                if question.kind in {None, entry.kind} and _is_of(entry, question)
            ]
            watcher.seen = joined.book.changes
            if newer:
                return self._orders(newer)
            await self._next(joined)
            if self._watchers.get(key) is not watcher:
                raise closed_by_user()

    def _join(self, question: Question) -> Reader:
        exchange = self._exchange()
        account = accounts.account_of(exchange)
        loop = asyncio.get_running_loop()
        key = (account, exchange.urls["api"].get("ws"))
        readers = _readers.setdefault(loop, {})
        joined = readers.get(key)
        if joined is None:
            joined = readers[key] = Reader(account, reader.TIMES)
        if self._reader is not joined:
            self._watchers.clear()  # another account, or another loop
            self._reader = joined
        now = (exchange.milliseconds() + exchange._dfx_clock_offset) // 1000
        kind = question.kind or question.default_kind
        joined.join(exchange, question.market_ids, kind, int(now))
        return joined

    async def _next(self, joined: Reader) -> None:
        """Wait for a change; or for the end of the object, or of the watching."""
        waiter = joined.waiter(self)
        try:
            await waiter
        finally:
            joined.discard(waiter)

    def is_following(self, market_id: str) -> bool:
        """Tell whether changes of orders of a market arrive by a stream now."""
        return self._reader is not None and self._reader.is_following(market_id)

    def expect(self, order_id: str, kind: str) -> None:
        """Know of an order that the object has placed, until REST tells what it is."""
        if self._reader is not None:
            self._reader.book.expect(order_id, kind)

    async def pushed(self, order_id: str, moment: float) -> None:
        """Wait until something is known to have changed of an order, or until that moment."""
        joined, loop = self._reader, asyncio.get_running_loop()
        known = None if joined is None else joined.book.entry(order_id)
        while joined is not None and joined.book.entry(order_id) is known and loop.time() < moment:
            waiter = joined.waiter(self)
            try:
                await asyncio.wait({waiter}, timeout=moment - loop.time())
            finally:
                joined.discard(waiter)

    def _orders(self, entries: Sequence[Entry]) -> list[Order]:
        exchange = self._exchange()
        found: list[Order] = []
        failed: Exception | None = None
        for entry in entries:
            try:
                found += orders_of(exchange, [dict(entry.row)], entry.kind, bad_row="raise")
            except errors.BaseError as error:
                failed = failed or error
        if failed is not None:
            raise errors.add(failed, orders=found)
        return found

    async def forget(self, symbol: str | None, market_ids: Sequence[str]) -> None:
        """Watch a symbol no more; with the last one, the stream ends."""
        for key in [key for key in self._watchers if symbol in {None, key[0]}]:
            del self._watchers[key]
        if self._reader is None:
            return
        self._reader.wake(owner=self)  # who waits for it sees that it is watched no more
        if self._watchers:
            wanted = {id_ for watcher in self._watchers.values() for id_ in watcher.market_ids}
            await self._reader.drop(self._exchange(), set(market_ids) - wanted)
        else:
            await self._leave()

    async def close(self) -> None:
        """End what this object watches; whoever waits gets ExchangeClosedByUser."""
        self._watchers.clear()
        await self._leave()

    async def _leave(self) -> None:
        left, self._reader = self._reader, None
        if left is None:
            return
        left.wake(closed_by_user, self)
        if left.leave(self._exchange()):
            await left.stop()
            for readers in _readers.values():
                for key in [key for key, one in readers.items() if one is left]:
                    del readers[key]


def _is_of(entry: Entry, question: Question) -> bool:
    return question.symbol is None or entry.row["symbol"] in question.market_ids


def closed_by_user() -> Exception:
    """Return the error of who waits on an object that was closed."""
    return errors.describe(
        errors.named("ExchangeClosedByUser"), "closed by the user", exchange_id=EXCHANGE
    )
