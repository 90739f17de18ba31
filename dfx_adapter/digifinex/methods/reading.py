"""What the reading methods do: generators that yield what to call and are sent the answer.

A step is a method of the exchange object, so both colours drive the same generator; the sync class
calls, the async class awaits, and nothing else is written twice.
"""

from __future__ import annotations

import logging
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers import trades
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import HISTORY_LIMIT
from dfx_adapter.digifinex.methods import arguments, history, results
from dfx_adapter.digifinex.transport import Transport
from dfx_adapter.exchanges import by_ids
from dfx_adapter.exchanges.steps import Step, Together
from dfx_adapter.guards import accounts
from dfx_adapter.order import ENDED_UNFILLED, FINAL

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

    from dfx_adapter.order import Order

logger = logging.getLogger("dfx_adapter")

NO_PARAMS: Final[Mapping[str, Any]] = MappingProxyType({})

# Which statuses a method of ccxt keeps; None keeps every order.
KEPT_STATUSES: Final[dict[str, frozenset[str] | None]] = {
    "fetchOrders": None,
    "fetchClosedOrders": FINAL - ENDED_UNFILLED,
    "fetchCanceledOrders": ENDED_UNFILLED,
    "fetchCanceledAndClosedOrders": FINAL,
}


class Reading(Transport):
    """The methods that read orders, without the awaiting. Swap orders are left to ccxt's own."""

    _dfx_asks_alone: Callable[[], bool]  # whether nobody could share the request for an order

    def _dfx_kind(
        self, method: str, symbol: Any, params: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Return the market type, and the other params; a loaded market knows its type."""
        known = (self.markets_by_id or {}).get(symbol) if isinstance(symbol, str) else None
        unified = known[0]["symbol"] if known else symbol
        return results.market_type(method, unified, params, self.options)

    def _dfx_fetch_order(
        self, order_id: str, symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, Order]:
        kind, rest = self._dfx_kind("fetchOrder", symbol, params)
        if kind == "swap":
            order: Order = yield Step("fetch_order", (order_id, symbol, dict(params)), stock=True)
            return order
        asked = arguments.order_id("fetchOrder", order_id)
        market = self._dfx_market("fetchOrder", symbol)
        if rest.pop("trades", False):
            order = yield from self._dfx_fetch_detail(asked, kind, rest)
        elif self._dfx_asks_alone():
            order = _order_or_raise((yield from self._dfx_outcome(asked, kind, rest)))
        else:
            order = _order_or_raise((yield Step("_dfx_shared_outcome", (asked, kind, rest))))
        results.check_symbol_of(order, market.symbol)
        return order

    def _dfx_outcome(
        self, order_id: str, kind: str, rest: Mapping[str, Any]
    ) -> Generator[Any, Any, Order | Exception]:
        """Ask for one order, in a request of its own."""
        try:
            answer = yield self._dfx_status_step([order_id], kind, rest)
        except errors.BaseError as error:
            answer = error
        return self._dfx_told_apart([order_id], answer, kind)[order_id]

    @accounts.on_one_account
    def _dfx_fetch_orders_by_ids(
        self, order_ids: Iterable[str], symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        kind, rest = self._dfx_kind("fetchOrdersByIds", symbol, params)
        if kind == "swap":
            raise results.not_supported("fetchOrdersByIds: swap orders cannot be asked for by ids")
        asked = arguments.order_ids("fetchOrdersByIds", order_ids)
        market = self._dfx_market("fetchOrdersByIds", symbol)
        omit_missing = rest.pop("missing", "raise") == "omit"
        outcomes = yield from self._dfx_outcomes(asked, kind, rest)
        if self.options.get("badRow") == "skip":
            asked = [each for each in asked if not self._dfx_skipped(each, outcomes[each])]
        orders = by_ids.in_order(EXCHANGE, asked, outcomes, omit_missing=omit_missing)
        return self._dfx_of_symbol(orders, market.symbol)

    def _dfx_skipped(self, order_id: str, outcome: Order | Exception) -> bool:
        """Tell whether the row of this very order is bad; then it is left out, with a warning."""
        is_bad_row = str(getattr(outcome, "path", None)).startswith("$.data[")
        if is_bad_row:
            said = self.dfx_masked(str(outcome))
            logger.warning("%s row skipped, order %s: %s", EXCHANGE, order_id, said)
        return is_bad_row

    def _dfx_outcomes(
        self, asked: Sequence[str], kind: str, rest: Mapping[str, Any]
    ) -> Generator[Any, Any, dict[str, Order | Exception]]:
        """Ask for orders, 20 ids a request, and return for each id its order or its own error.

        Whether one unknown id makes the exchange answer 20013 for all of a request is not
        documented; so such a request is asked again in halves until the unknown ids stand alone.
        """
        outcomes: dict[str, Order | Exception] = {}
        pending = results.chunks(asked)
        while pending:
            answers = yield Together([self._dfx_status_step(ids, kind, rest) for ids in pending])
            answers += [answers[-1]] * (len(pending) - len(answers))
            split: list[Sequence[str]] = []
            for ids, answer in zip(pending, answers, strict=True):
                if isinstance(answer, errors.OrderNotFound) and len(ids) > 1:
                    split += results.halves(ids)
                else:
                    outcomes |= self._dfx_told_apart(ids, answer, kind)
            pending = split
        return outcomes

    def _dfx_status_step(self, ids: Sequence[str], kind: str, rest: Mapping[str, Any]) -> Step:
        query = {**rest, "market": kind, "order_id": ",".join(ids)}
        return Step("privateSpotGetMarketOrder", (query,))

    def _dfx_told_apart(
        self, ids: Sequence[str], answer: Any, kind: str
    ) -> dict[str, Order | Exception]:
        """Give each id of one request its order, or the error that stands in its way."""
        if isinstance(answer, errors.OrderNotFound):
            answer.ids = list(ids)
        if isinstance(answer, Exception):
            return dict.fromkeys(ids, answer)
        try:
            found = results.by_id(self._dfx_orders(answer, kind, bad_row="raise"), ids)
        except errors.BaseError as error:
            return by_ids.told_apart(EXCHANGE, ids, error)
        return {each: found.get(each) or by_ids.not_found(EXCHANGE, [each]) for each in ids}

    def _dfx_fetch_detail(
        self, order_id: str, kind: str, rest: Mapping[str, Any]
    ) -> Generator[Any, Any, Order]:
        """Fetch an order with its trades: order/detail has both."""
        query = {**rest, "market": kind, "order_id": order_id}
        answer = yield Step("privateSpotGetMarketOrderDetail", (query,))
        found = results.by_id(self._dfx_orders(answer, kind, bad_row="raise"), [order_id])
        if order_id not in found:
            raise by_ids.not_found(EXCHANGE, [order_id])
        order = found[order_id]
        order["trades"] = trades.of_detail(order, self.number)
        times = [trade["timestamp"] for trade in order["trades"]]
        order["lastTradeTimestamp"] = max(times, default=order["lastTradeTimestamp"])
        return order

    @accounts.on_one_account
    def _dfx_fetch_order_trades(
        self,
        order_id: str,
        symbol: str | None,
        since: int | None,
        limit: int | None,
        params: Mapping[str, Any],
    ) -> Generator[Any, Any, list[dict[str, Any]]]:
        kind, rest = self._dfx_kind("fetchOrderTrades", symbol, params)
        if kind == "swap":
            raise results.not_supported("fetchOrderTrades: swap orders have none")
        asked = arguments.order_id("fetchOrderTrades", order_id)
        market = self._dfx_market("fetchOrderTrades", symbol)
        span = arguments.span("fetchOrderTrades", since, limit, rest)
        order = yield from self._dfx_fetch_detail(asked, kind, rest)
        results.check_symbol_of(order, market.symbol)
        made = [
            trade for trade in order["trades"] if results.is_within(trade, span.since, span.until)
        ]
        return results.limited(made, span.since, span.limit)

    @accounts.on_one_account
    def _dfx_fetch_open_orders(
        self, symbol: str | None, since: int | None, limit: int | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        kind, rest = self._dfx_kind("fetchOpenOrders", symbol, params)
        span = arguments.span("fetchOpenOrders", since, limit, rest)
        if kind == "swap":
            args = (symbol, span.since, span.limit, _given(params, span))
            orders: list[Order] = yield Step("fetch_open_orders", args, stock=True)
            return orders
        market = self._dfx_market("fetchOpenOrders", symbol)
        query = {**rest, **_symbol_query(market), "market": kind}
        answer = yield Step("privateSpotGetMarketOrderCurrent", (query,))
        orders = self._dfx_listed(answer, kind, market.symbol)
        kept = results.within(orders, span.since, span.until)
        return results.limited(kept, span.since, span.limit)

    @accounts.on_one_account
    def _dfx_fetch_orders(
        self,
        method: str,
        symbol: str | None,
        since: int | None,
        limit: int | None,
        params: Mapping[str, Any],
    ) -> Generator[Any, Any, list[Order]]:
        """Page through the history and keep the statuses that the method is about."""
        statuses = KEPT_STATUSES[method]
        kind, rest = self._dfx_kind(method, symbol, params)
        span = arguments.span(method, since, limit, rest)
        if kind == "swap":
            args = (symbol, span.since, span.limit, _given(params, span))
            orders: list[Order] = yield Step("fetch_orders", args, stock=True)
            return [order for order in orders if statuses is None or order["status"] in statuses]
        market = self._dfx_market(method, symbol)
        rest.pop("paginate", None)  # ccxt's word for what is always done here
        query = {**rest, **_symbol_query(market), "market": kind, "limit": HISTORY_LIMIT}
        pages = history.Pages(span.since, span.until, now=self._dfx_now())
        found = history.Found(partial(_is_kept, span, statuses))
        for asked, window in enumerate(pages):
            if asked == history.MOST_PAGES:
                raise history.endless(found.kept())
            answer = yield Step("privateSpotGetMarketOrderHistory", ({**query, **window.query()},))
            with by_ids.carrying(found.kept):
                orders = self._dfx_listed(answer, kind, market.symbol)
            found.add(orders)
            if pages.cut(window, len(answer["data"])) or span.limit is None:
                continue
            if found.settle(partial(pages.is_settled, window)) >= span.limit:
                break
        return results.limited(found.kept(), span.since, span.limit)

    def _dfx_listed(self, answer: Any, kind: str, symbol: str | None) -> list[Order]:
        """Read a list of orders: each once, none of another market."""
        orders = self._dfx_orders(answer, kind)
        try:
            orders = list(results.by_id(orders).values())
        except errors.BadResponse as error:
            orders = self._dfx_without(error)
        return self._dfx_of_symbol(orders, symbol)

    def _dfx_of_symbol(self, orders: list[Order], symbol: str | None) -> list[Order]:
        """Return the orders, none of another market than was asked for."""
        try:
            results.check_symbol(orders, symbol)
        except errors.BadSymbol as error:
            return self._dfx_without(error)
        return orders

    def _dfx_without(self, error: Any) -> list[Order]:
        """Return what an error about rows of a list carries, where bad rows are left out."""
        if self.options.get("badRow") != "skip":
            raise error
        for order_id in error.ids:
            self._dfx_warn(f"{EXCHANGE} row skipped, order {order_id}", str(error))
        good: list[Order] = error.orders
        return good


def _is_kept(span: arguments.Span, statuses: frozenset[str] | None, order: Order) -> bool:
    is_wanted = statuses is None or order["status"] in statuses
    return is_wanted and results.is_within(order, span.since, span.until)


def _symbol_query(market: arguments.Market) -> dict[str, str]:
    return {} if market.id is None else {"symbol": market.id}


def _given(params: Mapping[str, Any], span: arguments.Span) -> dict[str, Any]:
    """Return the params as they were given to us, with `until` as it was read."""
    return {**params, "until": span.until} if "until" in params else dict(params)


def _order_or_raise(outcome: Order | Exception) -> Order:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
