"""ccxt's exchange classes with our additions: same bot, other name.

Their order methods go through the hooks, and they gain `fetch_orders_by_ids` and `wait_for_order`.
How ccxt's own code is met is in `unified`.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import ccxt.async_support

from dfx_adapter import errors
from dfx_adapter.exchanges import by_ids, methods, parsing, pickled, waiting
from dfx_adapter.exchanges.drivers import awaited, called
from dfx_adapter.exchanges.unified import Unified
from dfx_adapter.guards import accounts, awaiting, calling, guarded
from dfx_adapter.steps import NO_PARAMS, Steps, Together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order


def fetch_orders_by_ids(  # noqa: D417  # `exchange` is the object whose method it becomes
    exchange: Unified,
    ids: Iterable[str],
    symbol: str | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Fetch orders in the order asked, one per id: `[a, b, a]` gives `[a, b]`.

    By the exchange's own method for several ids, where its class has one for this market; else by
    `fetch_order`, one after the other, with asyncio up to 20 at a time.

    Args:
        ids: the exchange's ids of the orders, any number.
        symbol: of the market, where the exchange needs one to find an order.
        params: go to the exchange; `{"missing": "omit"}`, which does not, leaves out the ids that
            it does not know.

    Raises:
        ccxt.BadRequest: something among the ids can be none; nothing is sent.
        ccxt.OrderNotFound: the exchange does not know some ids; they are in its `ids`, and the
            orders that were found in its `orders`.
        ccxt.BadResponse: a row cannot be read, or is of an order that nobody asked for; likewise.
    """
    wanted = by_ids.wanted(exchange.id, ids)
    rest = {key: value for key, value in params.items() if key != "missing"}
    outcomes = yield from _by_own_method(exchange, wanted, symbol, rest)
    if outcomes is None:
        fetch = exchange.fetch_order
        answers = yield Together([partial(fetch, order_id, symbol, rest) for order_id in wanted])
        outcomes = dict(zip(wanted, answers, strict=True))
    for order_id in wanted:
        outcomes.setdefault(order_id, by_ids.not_found(exchange.id, [order_id]))
    omit_missing = params.get("missing", "raise") == "omit"
    return by_ids.in_order(exchange.id, wanted, outcomes, omit_missing=omit_missing)


def _by_own_method(
    exchange: Unified, wanted: list[str], symbol: str | None, rest: Mapping[str, Any]
) -> Steps[dict[str, Order | Exception] | None]:
    """Ask by the exchange's own method; None where it has none, or none for this market."""
    own = getattr(exchange, methods.OWN_BY_IDS, None)
    if own is None:
        return None
    try:
        orders = yield partial(own, wanted, symbol, rest)
    except (errors.NotSupported, errors.BadRequest) as error:
        if not _is_unsupported(error):
            raise
        return None
    return {order["id"]: order for order in orders}


def _is_unsupported(error: Exception) -> bool:
    """Tell whether a class has a method for other markets only, as MEXC's has for swaps.

    ccxt's classes say so by NotSupported, until 4.5.22 by a BadRequest, too.
    """
    return isinstance(error, errors.NotSupported) or "is not supported for" in str(error)


_CALLED: Final[Mapping[str, Any]] = {
    "_dfx_session_class": calling.CallingSession,
    "_dfx_failed_transfers": calling.FAILED_TRANSFERS,
    "fetch": called(guarded.fetch),
    "fetch_orders_by_ids": called(fetch_orders_by_ids),
    "wait_for_order": called(waiting.wait_for_order, accounts.asking_anew),
}
_AWAITED: Final[Mapping[str, Any]] = {
    "_dfx_session_class": awaiting.AwaitingSession,
    "_dfx_failed_transfers": awaiting.FAILED_TRANSFERS,
    "fetch": awaited(guarded.fetch),
    "fetch_orders_by_ids": awaited(fetch_orders_by_ids),
    "wait_for_order": awaited(waiting.wait_for_order, accounts.asking_anew),
}


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
    additions = _AWAITED if issubclass(base, ccxt.async_support.Exchange) else _CALLED
    own = {"__module__": base.__module__, **methods.wrapped(base), **additions}
    cls = type(base.__name__, (Unified, base), own)
    return pickled.remember(cls, unified_over, base)


@lru_cache(maxsize=64)
def _parser(exchange_id: str, number: Any) -> Any:
    return exchange_class(exchange_id, asynchronous=False)({"number": number})


def parse_offline(exchange_id: str, raw: Any, context: ParseContext) -> Order:
    """Parse a row by the class of ccxt's exchange of that id, without any market loaded."""
    parser = _parser(exchange_id, context.number)
    order = parsing.parsed_alone(parser, raw)
    return parsing.completed(parser, order, context, {})
