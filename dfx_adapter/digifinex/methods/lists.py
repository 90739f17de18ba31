"""The methods that list orders: those open now, and the history by status. Swaps are ccxt's own.

Documents: "Get current order", "Get all orders" (docs.digifinex.com/en-ww/spot/v3/rest.html); how
the history is paged through is in `history`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import HISTORY_LIMIT
from dfx_adapter.digifinex.exchange import orders_of
from dfx_adapter.digifinex.methods import arguments, history, matching
from dfx_adapter.exchanges import by_ids
from dfx_adapter.order import ENDED_UNFILLED, FINAL
from dfx_adapter.steps import NO_PARAMS, Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.order import Order

# Which statuses a method of ccxt keeps; None keeps every order.
KEPT_STATUSES: Final[dict[str, frozenset[str] | None]] = {
    "fetchOrders": None,
    "fetchClosedOrders": FINAL - ENDED_UNFILLED,
    "fetchCanceledOrders": ENDED_UNFILLED,
    "fetchCanceledAndClosedOrders": FINAL,
}


def fetch_open_orders(
    exchange: DigiFinexExchange,
    symbol: str | None = None,
    since: float | None = None,
    limit: int | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Fetch the orders that are open now, sorted by time; `since` in milliseconds.

    Raises:
        ccxt.BadRequest: an argument that cannot be; nothing was sent.
        ccxt.BadSymbol: a row is of another market than `symbol`.
        ccxt.BadResponse: a row breaks the documents; `orders` has the good ones.
    """
    kind, rest = arguments.market_type(exchange, "fetchOpenOrders", symbol, params)
    span = arguments.span("fetchOpenOrders", since, limit, rest)
    if kind == "swap":
        orders: list[Order] = yield partial(
            exchange._dfx_swaps.fetch_open_orders,
            exchange,
            symbol,
            span.since,
            span.limit,
            _given(params, span),
        )
        return orders
    market = arguments.market_of(exchange, "fetchOpenOrders", symbol)
    query = {**rest, **_symbol_query(market), "market": kind}
    answer = yield partial(exchange.privateSpotGetMarketOrderCurrent, query)
    orders = _listed(exchange, answer, kind, market.symbol)
    kept = matching.within(orders, span.since, span.until)
    return matching.limited(kept, span.since, span.limit)


def fetch_orders(
    exchange: DigiFinexExchange,
    symbol: str | None = None,
    since: float | None = None,
    limit: int | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Fetch orders of any status, sorted by time, paging past 100 rows and 30 days.

    `since` and `params["until"]` in milliseconds; without `since` the last three days. `limit`
    gives the oldest with `since`, the newest without.

    Raises:
        ccxt.BadRequest: an argument that cannot be; nothing was sent.
        ccxt.BadSymbol: a row is of another market than `symbol`.
        ccxt.BadResponse: a row breaks the documents; `orders` has the good ones.
    """
    return (yield from _by_status(exchange, "fetchOrders", symbol, since, limit, params))


def fetch_closed_orders(
    exchange: DigiFinexExchange,
    symbol: str | None = None,
    since: float | None = None,
    limit: int | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Fetch the fully executed orders; arguments and errors as in `fetch_orders`."""
    return (yield from _by_status(exchange, "fetchClosedOrders", symbol, since, limit, params))


def fetch_canceled_orders(
    exchange: DigiFinexExchange,
    symbol: str | None = None,
    since: float | None = None,
    limit: int | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Fetch the cancelled orders; arguments and errors as in `fetch_orders`."""
    return (yield from _by_status(exchange, "fetchCanceledOrders", symbol, since, limit, params))


def fetch_canceled_and_closed_orders(
    exchange: DigiFinexExchange,
    symbol: str | None = None,
    since: float | None = None,
    limit: int | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Fetch the orders that are over; arguments and errors as in `fetch_orders`."""
    method = "fetchCanceledAndClosedOrders"
    return (yield from _by_status(exchange, method, symbol, since, limit, params))


def _by_status(
    exchange: DigiFinexExchange,
    method: str,
    symbol: str | None,
    since: float | None,
    limit: int | None,
    params: Mapping[str, Any],
) -> Steps[list[Order]]:
    """Page through the history and keep the statuses that the method is about."""
    statuses = KEPT_STATUSES[method]
    kind, rest = arguments.market_type(exchange, method, symbol, params)
    span = arguments.span(method, since, limit, rest)
    if kind == "swap":
        orders: list[Order] = yield partial(
            exchange._dfx_swaps.fetch_orders,
            exchange,
            symbol,
            span.since,
            span.limit,
            _given(params, span),
        )
        return [order for order in orders if statuses is None or order["status"] in statuses]
    market = arguments.market_of(exchange, method, symbol)
    rest.pop("paginate", None)  # ccxt's word for what is always done here
    query = {**rest, **_symbol_query(market), "market": kind, "limit": HISTORY_LIMIT}
    now = exchange.milliseconds() + exchange._dfx_clock_offset
    pages = history.Pages(span.since, span.until, now=int(now))
    found = history.Found(partial(_is_kept, span, statuses))
    for asked, window in enumerate(pages):
        if asked == history.MOST_PAGES:
            raise history.endless(found.kept())
        page = {**query, **window.query()}
        answer = yield partial(exchange.privateSpotGetMarketOrderHistory, page)
        with by_ids.carrying(found.kept):
            orders = _listed(exchange, answer, kind, market.symbol)
        found.add(orders)
        if pages.cut(window, len(answer["data"])) or span.limit is None:
            continue
        if found.settle(partial(pages.is_settled, window)) >= span.limit:
            break
    return matching.limited(found.kept(), span.since, span.limit)


def _listed(exchange: DigiFinexExchange, answer: Any, kind: str, symbol: str | None) -> list[Order]:
    """Read a list of orders: none twice, none of another market."""
    orders = orders_of(exchange, answer, kind)
    try:
        orders = list(matching.by_id(orders).values())
    except errors.BadResponse as error:
        orders = _without_bad(exchange, error)
    return of_symbol(exchange, orders, symbol)


def of_symbol(exchange: DigiFinexExchange, orders: list[Order], symbol: str | None) -> list[Order]:
    """Return the orders, none of another market than was asked for.

    Raises:
        ccxt.BadSymbol: one is of another market, and bad rows are not left out.
    """
    try:
        matching.check_symbol(orders, symbol)
    except errors.BadSymbol as error:
        return _without_bad(exchange, error)
    return orders


def _without_bad(exchange: DigiFinexExchange, error: Any) -> list[Order]:
    """Return what an error about rows of a list carries, where bad rows are left out."""
    if exchange.options.get("badRow") != "skip":
        raise error
    for order_id in error.ids:
        exchange.dfx_warn(f"{EXCHANGE} row skipped, order {order_id}", str(error))
    good: list[Order] = error.orders
    return good


def _is_kept(span: arguments.Span, statuses: frozenset[str] | None, order: Order) -> bool:
    is_wanted = statuses is None or order["status"] in statuses
    return is_wanted and matching.is_within(order, span.since, span.until)


def _symbol_query(market: arguments.Market) -> dict[str, str]:
    return {} if market.id is None else {"symbol": market.id}


def _given(params: Mapping[str, Any], span: arguments.Span) -> dict[str, Any]:
    """Return the params as they were given to us, with `until` as it was read."""
    return {**params, "until": span.until} if "until" in params else dict(params)
