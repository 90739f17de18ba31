"""One reader per account and loop: it keeps a stream and REST together, whatever happens to either.

Connect, authenticate, subscribe, wait for the answer, then ask REST for what was missed; then take
pushes, and ask REST for what they cannot tell. A connection that is lost, silent, unreadable or old
is replaced, and REST asked again: nobody who waits is told of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import weakref
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.stream import connection, rest
from dfx_adapter.digifinex.stream.book import Book, News
from dfx_adapter.digifinex.stream.connection import PER_REQUEST, Connection, Lost, Refused
from dfx_adapter.digifinex.stream.times import Times
from dfx_adapter.exchanges import by_ids
from dfx_adapter.guards import accounts
from dfx_adapter.hookspecs import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence

    from dfx_adapter.digifinex.stream.frames import Update
    from dfx_adapter.guards.accounts import Account

logger: Final = logging.getLogger(PROJECT)

_MARGIN: Final = 5  # seconds that REST may be late with a new order

TIMES: Final = Times()


class Reader:
    """The stream of one account, and all who watch it."""

    def __init__(self, account: Account, times: Times = TIMES) -> None:
        self.book = Book()
        self.is_ready = False
        self._account = account
        self._times = times
        self._objects: weakref.WeakKeyDictionary[Any, set[str]] = weakref.WeakKeyDictionary()
        self._kinds: set[str] = {"spot"}
        self._subscribed: set[str] = set()
        self._claims: dict[str, Update] = {}
        self._wanted: dict[str, str] = {}
        self._is_wanted = asyncio.Event()
        self._waiters: dict[asyncio.Future[None], object] = {}
        self._horizon = 0  # seconds, since when orders may have come and gone unseen
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._began = 0

    # Who watches.

    @property
    def is_running(self) -> bool:
        """Whether it connects, or is connected."""
        return self._task is not None and not self._task.done()

    def join(self, exchange: Any, symbols: Sequence[str], kind: str, now: int) -> None:
        """Watch markets for an object, from that second on."""
        self._objects.setdefault(exchange, set()).update(symbols)
        self._kinds.add(kind)
        if not self.is_running:
            self._began = self._horizon = now
            self._failures = 0
            self._task = asyncio.get_running_loop().create_task(self._run())
        elif not self._subscribed.issuperset(symbols):
            self._is_wanted.set()

    @property
    def _symbols(self) -> set[str]:
        return set().union(*self._objects.values())

    def is_following(self, market_id: str) -> bool:
        """Tell whether changes of orders of a market arrive by the stream now."""
        return self.is_ready and market_id in self._subscribed

    async def drop(self, exchange: Any, symbols: Iterable[str]) -> None:
        """Watch markets no more for an object that watches others."""
        self._objects.get(exchange, set()).difference_update(symbols)
        needless = sorted(self._subscribed - self._symbols)
        if self._connection is not None and self.is_ready and needless:
            self._subscribed -= set(needless)
            with contextlib.suppress(Refused, Lost):
                await self._connection.unsubscribe(needless)

    def leave(self, exchange: Any) -> bool:
        """Watch no more for an object; tell whether nobody is left."""
        self._objects.pop(exchange, None)
        return not self._objects

    async def stop(self) -> None:
        """End the connection and the tasks."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def waiter(self, owner: object) -> asyncio.Future[None]:
        """Return what is done at the next change of any order; `discard` it after that.

        It may raise ccxt's AuthenticationError, where the exchange does not take the key, and
        NetworkError, where there is no connection after several attempts.
        """
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = owner
        return waiter

    def discard(self, waiter: asyncio.Future[None]) -> None:
        """Wait no more."""
        self._waiters.pop(waiter, None)
        if waiter.done() and not waiter.cancelled():
            waiter.exception()  # of a caller that was cancelled: it is retrieved
        waiter.cancel()

    def wake(
        self, error: Callable[[], Exception] | None = None, owner: object | None = None
    ) -> None:
        """Wake who waits, or whoever of one owner does, with an error where there is one."""
        for waiter, its_owner in list(self._waiters.items()):
            if waiter.done() or owner not in {None, its_owner}:
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error())

    # The connection.

    async def _run(self) -> None:
        pause = self._times.first_pause
        while self._objects:
            try:
                await self._converse()
            except Lost as lost:
                logger.debug("%s stream: %s", EXCHANGE, lost)
                pause = self._times.first_pause if self._failures == 0 else pause
                self._failures += 1
                if self._failures >= self._times.attempts:
                    self.wake(partial(connection.unanswered, str(lost), self._failures))
            except errors.BaseError as error:
                self.wake(partial(by_ids.copied, error))
                return
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # no secret
            pause = min(2 * pause, self._times.longest_pause)

    async def _converse(self) -> None:
        """Connect, and stay until the connection is lost.

        Raises:
            Lost: it is.
            ccxt.BaseError: there will be none: a wrong key, a URL that cannot be.
        """
        exchange = self._asking()
        if exchange is None:
            return
        opened = await connection.opened(exchange, self._times.patience)
        del exchange  # an object that nobody holds any more is let go
        self._connection, self._subscribed = opened, set()
        try:
            await _first_end(opened.listen(self._take), self._begin(opened))
        finally:
            self.is_ready, self._connection = False, None
            await opened.close()

    async def _begin(self, opened: Connection) -> None:
        """Authenticate, subscribe, catch up; then keep it alive."""
        await self._authenticate(opened)
        await self._subscribe(opened)
        await self._catch_up()
        self.is_ready = True
        self._failures = 0
        await _first_end(self._keep_alive(opened), self._complete(), self._sweep(), self._age())

    async def _authenticate(self, opened: Connection) -> None:
        """Authenticate; once more on the exchange's own clock, before a key is called wrong."""
        refusal = "no object is left"
        for is_last in (False, True):
            exchange = self._asking()
            if exchange is None:
                break
            now = exchange.milliseconds() + exchange._dfx_clock_offset
            try:
                await opened.authenticate(*self._account, now)
            except Refused as refused:
                refusal = str(refused)
            else:
                return
            if not is_last:
                with contextlib.suppress(errors.BaseError):
                    time = await exchange.fetch_time()
                    exchange._dfx_clock_offset = time - exchange.milliseconds()
        raise errors.describe(
            errors.named("AuthenticationError"),
            f"stream: server.auth: {refusal}",
            exchange_id=EXCHANGE,
            found=refusal,
        )

    async def _subscribe(self, opened: Connection) -> None:
        wanted = sorted(self._symbols - self._subscribed)
        for start in range(0, len(wanted), PER_REQUEST):
            await self._subscribe_to(opened, wanted[start : start + PER_REQUEST])

    async def _subscribe_to(self, opened: Connection, symbols: Sequence[str]) -> None:
        """Subscribe; in halves, where one of the symbols is refused."""
        try:
            await opened.subscribe(symbols)
        except Refused as refused:
            if len(symbols) == 1:
                logger.warning("%s stream: %s is not pushed: %s", EXCHANGE, symbols[0], refused)
            else:
                middle = len(symbols) // 2
                await self._subscribe_to(opened, symbols[:middle])
                await self._subscribe_to(opened, symbols[middle:])
        self._subscribed |= set(symbols)

    async def _keep_alive(self, opened: Connection) -> None:
        """Ping, whatever arrives: the exchange counts the client's silence."""
        while True:
            await asyncio.sleep(self._times.ping)
            if not self._objects:
                raise Lost("nobody watches")
            with contextlib.suppress(Refused):  # an answer, too
                await opened.ping()

    async def _age(self) -> None:
        jitter = random.uniform(-1, 1) * self._times.age_jitter  # noqa: S311  # no secret
        await asyncio.sleep(self._times.age + jitter)
        raise Lost("its time is over")

    # What is pushed.

    def _take(self, update: Update) -> None:
        self._kinds.add(update.kind)
        news = self.book.push(update)
        if news is News.ASK:
            claimed = self._claims.get(update.id)
            if claimed is None or update.filled >= claimed.filled:
                self._claims[update.id] = update
            self._want({update.id: update.kind})
        elif news is News.MERGED:
            self.wake()

    def _want(self, ids: Mapping[str, str]) -> None:
        self._wanted |= ids
        self._is_wanted.set()

    # What REST tells.

    async def _complete(self) -> None:
        """Ask for the orders that pushes could not tell in full."""
        attempts: dict[str, int] = {}
        while True:
            await self._is_wanted.wait()
            self._is_wanted.clear()
            await self._subscribe_further()
            wanted, self._wanted = self._wanted, {}
            await self._ask(wanted)
            for order_id in wanted.keys() - self._claims.keys():
                attempts.pop(order_id, None)
            for order_id, kind in wanted.items():
                if order_id in self._claims:
                    self._again(order_id, kind, attempts)

    def _again(self, order_id: str, kind: str, attempts: dict[str, int]) -> None:
        """Ask again after a pause what REST does not know yet; at last take the push's word."""
        count = attempts[order_id] = attempts.get(order_id, 0) + 1
        if count <= len(self._times.pauses):
            pause = self._times.pauses[count - 1]
            asyncio.get_running_loop().call_later(pause, self._want, {order_id: kind})
            return
        del attempts[order_id]
        if self.book.merge(self._claims.pop(order_id)):
            self.wake()

    async def _subscribe_further(self) -> None:
        opened = self._connection
        if opened is not None and self._symbols - self._subscribed:
            await self._subscribe(opened)
            await self._catch_up()

    async def _ask(self, wanted: Mapping[str, str]) -> None:
        """Ask for orders by their ids, and take what is answered."""
        before = self.book.changes
        for kind in sorted(set(wanted.values())):
            await self._ask_kind([id_ for id_, one in wanted.items() if one == kind], kind)
        if self.book.changes > before:
            self.wake()

    async def _ask_kind(self, ids: Sequence[str], kind: str) -> None:
        exchange = self._asking()
        if exchange is None:
            return
        with accounts.asking(exchange, self._account):
            outcomes = await exchange._dfx_outcomes(ids, kind, {})
        for order_id, outcome in outcomes.items():
            if not isinstance(outcome, Exception):
                self.book.rest(outcome["info"], kind)
                self._settle(order_id)
            elif (errors.facts(outcome).path or "").startswith("$.data["):
                exchange.dfx_warn(f"{EXCHANGE} stream: order {order_id}", str(outcome))

    def _settle(self, order_id: str) -> None:
        """Forget what a push said of an order, where REST says as much by now."""
        claim, entry = self._claims.get(order_id), self.book.entry(order_id)
        if claim is None or entry is None:
            return
        if entry.is_final or (entry.filled >= claim.filled and not self.book.is_over(claim)):
            del self._claims[order_id]

    async def _catch_up(self) -> None:
        """Ask for what was missed; until REST answers, the stream is not ready."""
        pause = self._times.first_pause
        while True:
            try:
                await self._reconcile()
            except errors.named("AuthenticationError"):  # PermissionDenied is one
                raise
            except errors.BaseError as error:
                logger.debug("%s stream: REST does not answer: %s", EXCHANGE, error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._times.longest_pause)
            else:
                return

    async def _reconcile(self) -> None:
        """Read the open orders, those of late, and by their ids what was open and is in neither.

        An order that nobody knew is news where it is not older than the first call.
        """
        before, now = self.book.changes, self._now()
        listed: set[str] = set()
        for kind in sorted(self._kinds):
            for order in await self._listed(kind):
                row = order["info"]
                listed.add(row["order_id"])
                self.book.rest(row, kind, is_news=row["created_date"] >= self._began)
                self._settle(row["order_id"])
        missing = {id_: kind for id_, kind in self.book.unsettled().items() if id_ not in listed}
        await self._ask(missing)
        self._horizon = max(self._horizon, now - _MARGIN)
        if self.book.changes > before:
            self.wake()

    def _now(self) -> int:
        exchange = self._asking()
        if exchange is None:
            return self._horizon
        return int(exchange.milliseconds() + exchange._dfx_clock_offset) // 1000

    async def _listed(self, kind: str) -> list[Any]:
        exchange = self._asking()
        if exchange is None:
            return []
        with accounts.asking(exchange, self._account):
            return await rest.open_and_new(exchange, kind, self._horizon * 1000)

    async def _sweep(self) -> None:
        """Ask now and then for what is open, though all seems well: a push may have been lost."""
        while True:
            await asyncio.sleep(self._times.sweep)
            with contextlib.suppress(errors.BaseError):
                await self._reconcile()

    def _asking(self) -> Any:
        """Return an object to ask REST with; None where nobody watches any more."""
        return next(iter(self._objects), None)


async def _first_end(*works: Coroutine[Any, Any, None]) -> None:
    """Do several things until one of them ends, and raise what it raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
