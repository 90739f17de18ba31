"""ccxt's exchange classes with our additions: same bot, other name.

Their order methods go through the hooks, and they gain `fetch_orders_by_ids` and `wait_for_order`.
Only the outermost call of a method goes through the hooks: ccxt's methods call each other, and one
answer is one hook call.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import ccxt.async_support

from dfx_adapter import errors
from dfx_adapter.guards import awaiting, calling
from dfx_adapter.guards.guarded import Guarded
from dfx_adapter.unified import by_ids, configured, pickled
from dfx_adapter.unified.drivers import Awaiting, Calling
from dfx_adapter.unified.steps import Step, Together
from dfx_adapter.unified.waiting import wait_for_order

if TYPE_CHECKING:
    from collections.abc import (
        Awaitable,
        Callable,
        Collection,
        Generator,
        Iterable,
        Iterator,
        Mapping,
    )

    from dfx_adapter.hookspecs import HookCaller, ParseContext
    from dfx_adapter.order import Order

# ccxt's methods that read orders, and those that change them (ccxt's manual, "Private API").
READING: Final = (
    *("fetch_order", "fetch_open_order", "fetch_orders", "fetch_open_orders"),
    *("fetch_closed_orders", "fetch_canceled_orders", "fetch_canceled_and_closed_orders"),
)
CHANGING: Final = (
    *("create_order", "create_orders", "edit_order"),
    *("cancel_order", "cancel_orders", "cancel_all_orders"),
)
NO_PARAMS: Final[Mapping[str, Any]] = MappingProxyType({})

_inside: ContextVar[bool] = ContextVar("dfx_adapter_inside_order_method", default=False)


class Unified:
    """What both colours gain: a host, whose hooks see every order that leaves, and the steps."""

    dfx_host: HookCaller
    _dfx_options = configured.OPTIONS
    id: str
    number: Any
    options: dict[str, Any]
    has: dict[str, Any]

    def dfx_bind(self, host: HookCaller) -> None:
        """Send the orders through the hooks of this host's plugins; as `DigiFinex.dfx_bind`."""
        configured.check(self, host)
        limiter = self.options.get("limiter", "process")
        if limiter != "process":
            raise errors.describe(
                errors.NotSupported,
                "options['limiter']: only DigiFinex has a budget that processes can share",
                exchange_id=self.id,
                found=configured.without_password(limiter),
                expected="'process'",
            )
        self.dfx_host = host
        self.has["fetchOrdersByIds"] = True

    def _dfx_unified(self, answer: Any, *, changed: bool = False) -> Any:
        """Bring an answer to the rules: a list of orders, or one; anything else stays.

        An order that was just placed or cancelled is never lost to a status word that no table
        knows: its status is not known, then, and a warning says the word.
        """
        orders = answer if isinstance(answer, list) else [answer]
        if not all(isinstance(order, dict) and "id" in order for order in orders):
            return answer
        many = isinstance(answer, list)
        bad_row = self.options.get("badRow", "raise") if many else "raise"
        context = self.dfx_host.context(self.id, number=self.number, bad_row=bad_row)
        if changed:
            orders = [_with_known_status(self.id, order, context) for order in orders]
        unified = self.dfx_host.map_orders(self.id, orders, context)
        return unified if many else unified[0]

    def _dfx_fetch_orders_by_ids(
        self, ids: Iterable[str], symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Step | Together, Any, list[Order]]:
        """Use the exchange's own method where it has one, else ask one by one."""
        asked = list(dict.fromkeys(ids))
        rest = {key: value for key, value in params.items() if key != "missing"}
        outcomes: dict[str, Order | Exception] = {}
        if hasattr(super(), "fetch_orders_by_ids"):
            own = Step("fetch_orders_by_ids", (asked, symbol, rest), stock=True)
            outcomes = {order["id"]: order for order in self._dfx_unified((yield own))}
        elif asked:
            each = [Step("fetch_order", (order_id, symbol, rest)) for order_id in asked]
            answers = yield Together(each)
            answers += [answers[-1]] * (len(asked) - len(answers))
            outcomes = dict(zip(asked, answers, strict=True))
        for order_id in asked:
            outcomes.setdefault(order_id, by_ids.not_found(self.id, [order_id]))
        omit_missing = params.get("missing", "raise") == "omit"
        return by_ids.in_order(self.id, asked, outcomes, omit_missing=omit_missing)


class Called(Calling, Unified, Guarded):
    """The additions to a synchronous class."""

    _dfx_session_class = calling.CallingSession
    _dfx_failed_transfers = calling.FAILED_TRANSFERS

    def fetch(self, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request over HTTP, within bounds and with its errors masked."""
        with self._dfx_sending(url):
            return super().fetch(url, *args, **kwargs)

    def fetch_orders_by_ids(
        self, ids: Iterable[str], symbol: str | None = None, params: Mapping[str, Any] = NO_PARAMS
    ) -> list[Order]:
        """Fetch orders in the order asked, one per id; see `DigiFinex.fetch_orders_by_ids`."""
        return self._dfx_run(self._dfx_fetch_orders_by_ids(ids, symbol, params))

    def wait_for_order(
        self,
        id: str,
        symbol: str | None = None,
        timeout: float | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        until: Collection[str] | None = None,
    ) -> Order:
        """Poll until the order is over; see `DigiFinex.wait_for_order`."""
        return self._dfx_run(wait_for_order(self.id, (id, symbol, params), timeout, until))


class Awaited(Awaiting, Unified, Guarded):
    """The additions to an asyncio class."""

    _dfx_session_class = awaiting.AwaitingSession
    _dfx_failed_transfers = awaiting.FAILED_TRANSFERS

    async def fetch(self, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request over HTTP, within bounds and with its errors masked."""
        with self._dfx_sending(url):
            return await super().fetch(url, *args, **kwargs)

    async def fetch_orders_by_ids(
        self, ids: Iterable[str], symbol: str | None = None, params: Mapping[str, Any] = NO_PARAMS
    ) -> list[Order]:
        """Fetch orders in the order asked, one per id; see `DigiFinex.fetch_orders_by_ids`."""
        return await self._dfx_run(self._dfx_fetch_orders_by_ids(ids, symbol, params))

    async def wait_for_order(
        self,
        id: str,
        symbol: str | None = None,
        timeout: float | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        until: Collection[str] | None = None,
    ) -> Order:
        """Poll until the order is over; see `DigiFinex.wait_for_order`."""
        return await self._dfx_run(wait_for_order(self.id, (id, symbol, params), timeout, until))


@cache
def exchange_class(exchange_id: str, *, asynchronous: bool) -> Any:
    """Return the class of ccxt's exchange of that id with our additions, under its own name."""
    return unified_over(getattr(ccxt.async_support if asynchronous else ccxt, exchange_id))


def unified_over(base: Any) -> Any:
    """Return a ccxt class with our additions over it."""
    if issubclass(base, Unified):
        return base
    asynchronous = issubclass(base, ccxt.async_support.Exchange)
    additions, wrap = (Awaited, _awaited) if asynchronous else (Called, _called)
    methods = {
        name: wrap(getattr(base, name), changes=name in CHANGING)
        for name in (*READING, *CHANGING)
        if hasattr(base, name)
    }
    cls = type(base.__name__, (additions, base), {"__module__": base.__module__, **methods})
    return pickled.remember(cls, unified_over, base)


@contextmanager
def _outermost() -> Iterator[bool]:
    """Tell whether no order method is running already, in this thread or task."""
    outermost = not _inside.get()
    token = _inside.set(True)
    try:
        yield outermost
    finally:
        _inside.reset(token)


def _with_known_status(
    exchange_id: str, order: Mapping[str, Any], context: ParseContext
) -> Mapping[str, Any]:
    status = order.get("status")
    if status is None or str(status) in context.statuses:
        return order
    context.warn(f"{exchange_id} order {order['id']}", f"unknown status {status!r}")
    return {**order, "status": None}


def _called(method: Callable[..., Any], *, changes: bool) -> Callable[..., Any]:
    @wraps(method)
    def call(self: Unified, *args: Any, **kwargs: Any) -> Any:
        with _outermost() as outermost:
            answer = method(self, *args, **kwargs)
        return self._dfx_unified(answer, changed=changes) if outermost else answer

    return call


def _awaited(
    method: Callable[..., Awaitable[Any]], *, changes: bool
) -> Callable[..., Awaitable[Any]]:
    @wraps(method)
    async def call(self: Unified, *args: Any, **kwargs: Any) -> Any:
        with _outermost() as outermost:
            answer = await method(self, *args, **kwargs)
        return self._dfx_unified(answer, changed=changes) if outermost else answer

    return call
