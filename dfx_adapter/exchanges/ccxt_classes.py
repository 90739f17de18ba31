"""ccxt's exchange classes with our additions: same bot, other name.

Their order methods go through the hooks, and they gain `fetch_orders_by_ids` and `wait_for_order`.
How ccxt's own code is met is in `parsing`.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import ccxt.async_support

from dfx_adapter import errors
from dfx_adapter.exchanges import by_ids, calls, configured, methods, pickled
from dfx_adapter.exchanges.answering import Answering
from dfx_adapter.exchanges.drivers import Awaiting, Calling
from dfx_adapter.exchanges.parsing import completed
from dfx_adapter.exchanges.steps import Step, Together
from dfx_adapter.exchanges.waiting import wait_for_order
from dfx_adapter.guards import awaiting, calling
from dfx_adapter.guards.guarded import Guarded
from dfx_adapter.options import DEFAULTS, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Mapping

    from dfx_adapter.hookspecs import HookCaller, ParseContext
    from dfx_adapter.order import Order

NO_PARAMS: Final[Mapping[str, Any]] = MappingProxyType({})


class Unified(Answering):
    """What both colours gain: a host, whose hooks see every order that leaves, and the steps."""

    dfx_host: HookCaller
    _dfx_options = OPTIONS
    id: str
    number: Any
    options: dict[str, Any]
    has: dict[str, Any]

    def dfx_bind(self, host: HookCaller) -> None:
        """Send the orders through the hooks of this host's plugins; as `DigiFinex.dfx_bind`."""
        configured.check(self, host)
        limiter = self.options.get("limiter", DEFAULTS["limiter"])
        if limiter != DEFAULTS["limiter"]:
            raise errors.describe(
                errors.NotSupported,
                "options['limiter']: only DigiFinex has a budget that processes can share",
                exchange_id=self.id,
                found=configured.without_password(limiter),
                expected=repr(DEFAULTS["limiter"]),
            )
        self.dfx_host = host
        self.has["fetchOrdersByIds"] = True

    def _dfx_fetch_orders_by_ids(
        self, ids: Iterable[str], symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Step | Together, Any, list[Order]]:
        """Use the exchange's own method where it has one, else ask one by one."""
        wanted = by_ids.wanted(self.id, ids)
        rest = {key: value for key, value in params.items() if key != "missing"}
        outcomes = yield from self._dfx_own_by_ids(wanted, symbol, rest)
        if outcomes is None:
            each = [Step("fetch_order", (order_id, symbol, rest)) for order_id in wanted]
            answers = (yield Together(each)) if each else []
            answers += answers[-1:] * (len(wanted) - len(answers))
            outcomes = dict(zip(wanted, answers, strict=True))
        for order_id in wanted:
            outcomes.setdefault(order_id, by_ids.not_found(self.id, [order_id]))
        omit_missing = params.get("missing", "raise") == "omit"
        return by_ids.in_order(self.id, wanted, outcomes, omit_missing=omit_missing)

    def _dfx_own_by_ids(
        self, wanted: list[str], symbol: str | None, rest: Mapping[str, Any]
    ) -> Generator[Step, Any, dict[str, Order | Exception] | None]:
        """Ask by the exchange's own method; None where it has none, or none for this market."""
        if not hasattr(self, methods.OWN_BY_IDS):
            return None
        try:
            orders = yield Step(methods.OWN_BY_IDS, (wanted, symbol, rest))
        except errors.NotSupported:  # MEXC's is for swaps
            return None
        return {order["id"]: order for order in orders}


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
    return unified_over(stock_class(exchange_id, ccxt.async_support if asynchronous else ccxt))


def stock_class(exchange_id: str, module: Any) -> Any:
    """Return ccxt's own class of that id, whatever stands under its name in ccxt by now."""
    found = getattr(module, exchange_id)
    kinds = (ccxt.Exchange, ccxt.async_support.Exchange)
    stock = (cls for cls in found.__mro__ if issubclass(cls, kinds))
    return next(cls for cls in stock if not issubclass(cls, Unified))


def unified_over(base: Any) -> Any:
    """Return a ccxt class with our additions over it."""
    if issubclass(base, Unified):
        return base
    additions = Awaited if issubclass(base, ccxt.async_support.Exchange) else Called
    own = {"__module__": base.__module__, **methods.wrapped(base)}
    cls = type(base.__name__, (additions, base), own)
    return pickled.remember(cls, unified_over, base)


@lru_cache(maxsize=64)
def _parser(exchange_id: str, number: Any) -> Any:
    return exchange_class(exchange_id, asynchronous=False)({"number": number})


def parse_offline(exchange_id: str, raw: Any, context: ParseContext) -> Order:
    """Parse a row by the class of ccxt's exchange of that id, without any market loaded."""
    parser = _parser(exchange_id, context.number)
    with calls.entered("parse_order", "read") as (call, _):
        order = parser._dfx_row(call, partial(parser.parse_order, raw), raw)  # noqa: SLF001  # ours
    return completed(parser, order, context, {})
