"""What the reading methods do: generators that yield what to call and are sent the answer.

A step is a method of the exchange object, so both colours drive the same generator; the sync class
calls, the async class awaits, and nothing else is written twice.
"""

from __future__ import annotations

import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex import accounts, history, requests, trades
from dfx_adapter.digifinex.protocol import EXCHANGE
from dfx_adapter.digifinex.tables import HISTORY_LIMIT
from dfx_adapter.digifinex.transport import Transport
from dfx_adapter.order import ENDED_UNFILLED, FINAL
from dfx_adapter.unified import by_ids
from dfx_adapter.unified.steps import Step, Together

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

    def _dfx_fetch_order(
        self, order_id: str, symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, Order]:
        kind, rest = requests.market_type("fetchOrder", symbol, params, self.options)
        if kind == "swap":
            order: Order = yield Step("fetch_order", (order_id, symbol, dict(params)), stock=True)
            return order
        asked = requests.valid_id(order_id)
        if rest.pop("trades", False):
            order = yield from self._dfx_fetch_detail(asked, kind, rest)
        elif self._dfx_asks_alone():
            order = _order_or_raise((yield from self._dfx_outcome(asked, kind, rest)))
        else:
            order = _order_or_raise((yield Step("_dfx_shared_outcome", (asked, kind, rest))))
        requests.check_symbol([order], symbol)
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
        kind, rest = requests.market_type("fetchOrdersByIds", symbol, params, self.options)
        if kind == "swap":
            raise requests.not_supported("fetchOrdersByIds: swap orders cannot be asked for by ids")
        asked = requests.valid_ids(order_ids)
        omit_missing = rest.pop("missing", "raise") == "omit"
        outcomes = yield from self._dfx_outcomes(asked, kind, rest)
        if self.options.get("badRow") == "skip":
            asked = [each for each in asked if not self._dfx_skipped(each, outcomes[each])]
        orders = by_ids.in_order(EXCHANGE, asked, outcomes, omit_missing=omit_missing)
        requests.check_symbol(orders, symbol)
        return orders

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
        pending = requests.chunks(asked)
        while pending:
            answers = yield Together([self._dfx_status_step(ids, kind, rest) for ids in pending])
            answers += [answers[-1]] * (len(pending) - len(answers))
            split: list[Sequence[str]] = []
            for ids, answer in zip(pending, answers, strict=True):
                if isinstance(answer, errors.OrderNotFound) and len(ids) > 1:
                    split += requests.halves(ids)
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
            found = requests.by_id(self._dfx_orders(answer, kind, bad_row="raise"), ids)
        except errors.BaseError as error:
            return by_ids.told_apart(EXCHANGE, ids, error)
        return {each: found.get(each) or by_ids.not_found(EXCHANGE, [each]) for each in ids}

    def _dfx_fetch_detail(
        self, order_id: str, kind: str, rest: Mapping[str, Any]
    ) -> Generator[Any, Any, Order]:
        """Fetch an order with its trades: order/detail has both."""
        query = {**rest, "market": kind, "order_id": order_id}
        answer = yield Step("privateSpotGetMarketOrderDetail", (query,))
        found = requests.by_id(self._dfx_orders(answer, kind, bad_row="raise"), [order_id])
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
        kind, rest = requests.market_type("fetchOrderTrades", symbol, params, self.options)
        if kind == "swap":
            raise requests.not_supported("fetchOrderTrades: swap orders have none")
        order = yield from self._dfx_fetch_detail(requests.valid_id(order_id), kind, rest)
        requests.check_symbol([order], symbol)
        made = [trade for trade in order["trades"] if trade["timestamp"] >= (since or 0)]
        return requests.limited(made, since, limit)

    @accounts.on_one_account
    def _dfx_fetch_open_orders(
        self, symbol: str | None, since: int | None, limit: int | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        kind, rest = requests.market_type("fetchOpenOrders", symbol, params, self.options)
        if kind == "swap":
            args = (symbol, since, limit, dict(params))
            orders: list[Order] = yield Step("fetch_open_orders", args, stock=True)
            return orders
        until = rest.pop("until", None)
        query = {**rest, **self._dfx_symbol_query(symbol), "market": kind}
        answer = yield Step("privateSpotGetMarketOrderCurrent", (query,))
        orders = self._dfx_listed(answer, kind, symbol)
        return requests.limited(requests.within(orders, since, until), since, limit)

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
        kind, rest = requests.market_type(method, symbol, params, self.options)
        if kind == "swap":
            args = (symbol, since, limit, dict(params))
            orders: list[Order] = yield Step("fetch_orders", args, stock=True)
            return [order for order in orders if statuses is None or order["status"] in statuses]
        until = rest.pop("until", None)
        rest.pop("paginate", None)  # ccxt's word for what is always done here
        query = {**rest, **self._dfx_symbol_query(symbol), "market": kind, "limit": HISTORY_LIMIT}
        pages = history.Pages(since, until, now=self._dfx_now())
        found: dict[str, Order] = {}
        kept: list[Order] = []
        for asked, window in enumerate(pages):
            if asked == history.MOST_PAGES:
                raise history.endless(kept)
            answer = yield Step("privateSpotGetMarketOrderHistory", ({**query, **window.query()},))
            with by_ids.carrying(kept):
                orders = self._dfx_listed(answer, kind, symbol)
            found.update((order["id"], order) for order in orders)
            kept = requests.within(found.values(), since, until, statuses)
            if pages.cut(window, len(answer["data"])) or limit is None:
                continue
            if pages.settled(window, kept) >= limit:
                break
        return requests.limited(kept, since, limit)

    def _dfx_listed(self, answer: Any, kind: str, symbol: str | None) -> list[Order]:
        """Read a list of orders: each once, none of another market."""
        orders = list(requests.by_id(self._dfx_orders(answer, kind)).values())
        requests.check_symbol(orders, symbol)
        return orders

    def _dfx_symbol_query(self, symbol: str | None) -> dict[str, str]:
        return {} if symbol is None else {"symbol": self._dfx_market_id(symbol)}


def _order_or_raise(outcome: Order | Exception) -> Order:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
