"""The asyncio exchange class: what awaits. What it does is in the modules of steps."""

from __future__ import annotations

import asyncio
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import ccxt.async_support

from dfx_adapter.digifinex import swaps
from dfx_adapter.digifinex.methods.reading import NO_PARAMS
from dfx_adapter.digifinex.methods.results import chunks
from dfx_adapter.digifinex.methods.trading import Trading
from dfx_adapter.digifinex.transport import once
from dfx_adapter.exchanges.by_ids import copied
from dfx_adapter.exchanges.drivers import MOST_IN_FLIGHT, Awaiting
from dfx_adapter.exchanges.waiting import wait_for_order
from dfx_adapter.guards import accounts, awaiting
from dfx_adapter.options import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence

    from dfx_adapter.order import Order

_LOOPS: Final = ("SelectorEventLoop", "ProactorEventLoop")  # the second on Windows only
_OWN_LOOPS: Final = frozenset(vars(asyncio)[name] for name in _LOOPS if name in vars(asyncio))


class Batch:
    """The orders that were asked for in one turn of the loop, and who waits for each.

    Whoever asked first leads: its order is the first, and it waits only if others have joined.
    """

    def __init__(self, first_id: str) -> None:
        self._waiters: dict[str, list[asyncio.Future[Order | Exception]]] = {first_id: []}

    def waiter(self, order_id: str) -> asyncio.Future[Order | Exception]:
        """Return what one caller waits for; cancelled, it takes nothing from other callers."""
        future: asyncio.Future[Order | Exception] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(order_id, []).append(future)
        return future

    def asked(self) -> list[str]:
        """Return the ids that somebody waits for."""
        waiters = self._waiters.items()
        return [each for each, futures in waiters if not all(future.done() for future in futures)]

    def settle(self, outcomes: Mapping[str, Order | Exception]) -> None:
        """Give each caller what became of its order, and nothing that another one has, too."""
        for order_id, outcome in outcomes.items():
            for place, future in enumerate(self._waiters[order_id]):
                if not future.done():
                    is_shared = place > 0 or isinstance(outcome, Exception)
                    future.set_result(copied(outcome) if is_shared else outcome)

    def give_up(self, ids: Iterable[str]) -> None:
        """Cancel those that wait still, because the task that would have settled is cancelled."""
        for future in chain.from_iterable(self._waiters[each] for each in ids):
            future.cancel()


_SwapOrders: Any = swaps.over(ccxt.async_support.digifinex)


class AsyncDigiFinex(Awaiting, Trading, _SwapOrders, ccxt.async_support.digifinex):  # type: ignore[misc]  # ccxt is untyped
    """`ccxt.async_support.digifinex` with exact order status; the rest of it is ccxt's own."""

    _dfx_session_class = awaiting.AwaitingSession
    _dfx_failed_transfers = awaiting.FAILED_TRANSFERS

    def _dfx_asks_alone(self) -> bool:
        """Tell whether nobody could join a request for an order that is sent at once.

        Only what the loop would run in this turn could. asyncio does not say whether there is any,
        its own loops know; others may keep it elsewhere, and a task factory may run tasks before
        the next is made. Waiting for a turn in vain takes a tenth of the time of a request.
        """
        if not self.options.get("batchFetchOrder", DEFAULTS["batchFetchOrder"]):
            return True
        loop: Any = asyncio.get_running_loop()
        return type(loop) in _OWN_LOOPS and not loop.get_task_factory() and not loop._ready  # noqa: SLF001

    def _dfx_shared_outcome(
        self, order_id: str, kind: str, rest: Mapping[str, Any]
    ) -> Awaitable[Order | Exception]:
        """Ask for one order, together with all that are asked for in this turn of the loop."""
        batches = self.__dict__.setdefault("_dfx_batches", {})
        words = repr(sorted(rest.items())) if rest else None
        key = (asyncio.get_running_loop(), accounts.account_of(self), kind, words)
        if key in batches:
            waiter: Awaitable[Order | Exception] = batches[key].waiter(order_id)
            return waiter
        return self._dfx_led_outcome(batches, key, order_id, rest)

    async def _dfx_led_outcome(
        self,
        batches: dict[Any, Batch],
        key: tuple[Any, accounts.Account, str, str | None],
        order_id: str,
        rest: Mapping[str, Any],
    ) -> Order | Exception:
        """Begin a batch, and wait for it; or ask alone where nobody has joined."""
        _, account, kind, _ = key
        batch = batches[key] = Batch(order_id)
        with accounts.asking(self, account):
            try:
                await asyncio.sleep(0)  # now others may join
            except asyncio.CancelledError:
                self._dfx_send(batch, account, kind, rest)
                raise
            finally:
                del batches[key]
            if not batch.asked():
                return await self._dfx_run(self._dfx_outcome(order_id, kind, rest))
        waiter = batch.waiter(order_id)
        self._dfx_send(batch, account, kind, rest)
        return await waiter

    def _dfx_send(
        self, batch: Batch, account: accounts.Account, kind: str, rest: Mapping[str, Any]
    ) -> None:
        """Ask for what a batch waits for, in tasks: no caller's cancellation ends a request."""
        tasks = self.__dict__.setdefault("_dfx_tasks", set())
        slots = asyncio.Semaphore(MOST_IN_FLIGHT)
        for ids in chunks(batch.asked()):

            def over(task: asyncio.Task[None], ids: Sequence[str] = ids) -> None:
                tasks.discard(task)
                batch.give_up(ids)

            async def ask(ids: Sequence[str] = ids) -> None:
                async with slots:
                    with accounts.asking(self, account):
                        batch.settle(await self._dfx_settled(ids, kind, rest))

            task = asyncio.create_task(ask())
            tasks.add(task)  # the loop itself holds its tasks weakly
            task.add_done_callback(over)

    async def _dfx_settled(
        self, ids: Sequence[str], kind: str, rest: Mapping[str, Any]
    ) -> Mapping[str, Order | Exception]:
        try:
            return await self._dfx_run(self._dfx_outcomes(ids, kind, rest))
        except Exception as error:  # noqa: BLE001  # it is each caller's
            return dict.fromkeys(ids, error)

    async def fetch(self, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request over HTTP and return what was answered, checked."""
        with self._dfx_sending(url):
            return await super().fetch(url, *args, **kwargs)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request, on a corrected clock and not during a ban."""
        args, kwargs = once(args, kwargs)
        with accounts.asking(self):
            try:
                return await super().request(*args, **kwargs)
            except Exception as error:  # noqa: BLE001  # the steps decide what it means
                return await self._dfx_run(self._dfx_recovered(error, args, kwargs))

    async def throttle(self, cost: float | None = None) -> None:
        """Wait until the budget of the key allows a request; see `options["limiter"]`."""
        await self._dfx_run(self._dfx_throttle(cost))

    async def fetch_order(
        self,
        id: str,
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Fetch one order by its id, in one request and without loading markets.

        `params={"trades": True}` fills `trades`, from order/detail.

        Raises:
            ccxt.OrderNotFound: the exchange says that it has no such order.
            ccxt.BadSymbol: the order is of another market than `symbol`.
            ccxt.BadResponse: the answer breaks the documents; it says nothing about the order.
        """
        return await self._dfx_run(self._dfx_fetch_order(id, symbol, params))

    async def fetch_orders_by_ids(
        self,
        ids: Iterable[str],
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch any number of orders, 20 a request, in the order asked, one order per id.

        Raises:
            ccxt.OrderNotFound: some are missing: `ids` names them, `orders` has the others.
                `params={"missing": "omit"}` leaves them out instead.
            ccxt.BadRequest: an id is empty or has a comma or white space; nothing was sent.
            ccxt.BadResponse: a row that nobody asked for, or two different rows of one id.
        """
        return await self._dfx_run(self._dfx_fetch_orders_by_ids(ids, symbol, params))

    async def fetch_open_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the orders that are open now, sorted by time; `since` in milliseconds."""
        return await self._dfx_run(self._dfx_fetch_open_orders(symbol, since, limit, params))

    async def fetch_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch orders of any status, sorted by time, paging past 100 rows and 30 days.

        `since` and `params["until"]` in milliseconds; without `since` the last three days. `limit`
        gives the oldest with `since`, the newest without.
        """
        return await self._dfx_run(
            self._dfx_fetch_orders("fetchOrders", symbol, since, limit, params)
        )

    async def fetch_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the fully executed orders; arguments as in `fetch_orders`."""
        return await self._dfx_run(
            self._dfx_fetch_orders("fetchClosedOrders", symbol, since, limit, params)
        )

    async def fetch_canceled_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the cancelled orders; arguments as in `fetch_orders`."""
        return await self._dfx_run(
            self._dfx_fetch_orders("fetchCanceledOrders", symbol, since, limit, params)
        )

    async def fetch_canceled_and_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the orders that are over; arguments as in `fetch_orders`."""
        return await self._dfx_run(
            self._dfx_fetch_orders("fetchCanceledAndClosedOrders", symbol, since, limit, params)
        )

    async def fetch_order_trades(
        self,
        id: str,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[dict[str, Any]]:
        """Fetch the trades of one order, by time. They carry no fee: only fetch_my_trades does."""
        return await self._dfx_run(self._dfx_fetch_order_trades(id, symbol, since, limit, params))

    async def wait_for_order(
        self,
        id: str,
        symbol: str | None = None,
        timeout: float | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        until: Collection[str] | None = None,
    ) -> Order:
        """Poll until the order is over; `timeout` in seconds, None waits without end.

        `until` names statuses to wait for beside the final ones. Waiters of one object share
        requests. A question that fails is asked again.

        Raises:
            ccxt.RequestTimeout: the time is over; `orders` has the order as it was last seen.
        """
        return await self._dfx_run(wait_for_order(self.id, (id, symbol, params), timeout, until))

    async def create_order(
        self,
        symbol: str,
        type: str,
        side: str,
        amount: Any,
        price: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Place one order and return it complete: open, nothing filled, created now.

        Price, amount and cost may be of any type of number. A market buy needs a price or
        `params={"cost": ...}`; with `createMarketBuyOrderRequiresPrice` False, as a parameter or an
        option, its amount is in quote money. DigiFinex has no client ids: none is sent.

        Raises:
            ccxt.NotSupported: a type or parameter that DigiFinex does not have; nothing was sent.
            ccxt.BadRequest, ccxt.InvalidOrder: among others, a number or a value that cannot be.
            ccxt.OperationFailed: among others; the message says where the order may exist all the
                same, because the request was sent and its answer lost. It is not sent again.
        """
        return await self._dfx_run(
            self._dfx_create_order(symbol, type, side, amount, price, params)
        )

    async def create_orders(
        self,
        orders: list[Mapping[str, Any]],
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Place up to ten orders of one market: all of them, or none.

        Each is checked as in `create_order` before anything is sent; an error names its index.
        """
        return await self._dfx_run(self._dfx_create_orders(orders, params))

    async def cancel_order(
        self,
        id: str,
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Cancel one order, and return it with what was filled until then: one more request.

        Where its row still says open, it is asked for again for about a second. `filled` is None,
        with a warning, where its status cannot be read.

        Raises:
            ccxt.OrderNotFound: it was not canceled, because it is over or unknown; `orders` has it.
            ccxt.InvalidOrder: it was not canceled, and is open, or its status cannot be read.
            ccxt.BadSymbol: the symbol cannot be one; nothing was sent.
        """
        return await self._dfx_run(self._dfx_cancel_order(id, symbol, params))

    async def cancel_orders(
        self,
        ids: list[str],
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Cancel orders, 20 a request; as `cancel_order`.

        Raises:
            ccxt.OrderNotFound, ccxt.InvalidOrder: `ids` names those not canceled, `orders` has all
                that can be read, as they are now. OrderNotFound if those are all over or unknown.
        """
        return await self._dfx_run(self._dfx_cancel_orders(ids, symbol, params))

    async def cancel_orders_for_symbols(
        self,
        orders: list[Mapping[str, Any]],
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Cancel orders given as `{"id": ..., "symbol": ...}`; as `cancel_orders`."""
        return await self._dfx_run(self._dfx_cancel_for_symbols(orders, params))

    async def edit_order(
        self,
        id: str,
        symbol: str,
        type: str,
        side: str,
        amount: Any = None,
        price: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Cancel an order and place another in its stead; what was filled stays filled.

        The new order is checked first, as in `create_order`, and against the market's limits; it
        needs an amount, and a limit order a price: None does not stand for the old one.

        Raises:
            ccxt.InvalidOrder: the old order is over, or partly filled and the new amount above what
                remains, before the cancel; or what was filled until the cancel leaves less than the
                new amount, or is not known: then nothing new was placed.
            ccxt.BaseError: an error after the cancel names the canceled order; `orders` has it.
        """
        steps = self._dfx_edit_order(id, symbol, type, side, amount, price, params)
        return await self._dfx_run(steps)
