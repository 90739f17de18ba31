"""What each method does, as steps: generators that yield what to call and are sent the answer.

A step is a method of the exchange object, so both colours drive the same generator; the sync class
calls, the async class awaits, and nothing else is written twice.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.digifinex import history, requests
from dfx_adapter.digifinex.mixin import Seams
from dfx_adapter.digifinex.requests import Step
from dfx_adapter.digifinex.tables import HISTORY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from dfx_adapter.order import Order

NO_PARAMS: Final[Mapping[str, Any]] = MappingProxyType({})

# Which statuses a method of ccxt keeps; None keeps every order.
KEPT_STATUSES: Final[dict[str, frozenset[str] | None]] = {
    "fetchOrders": None,
    "fetchClosedOrders": frozenset({"closed"}),
    "fetchCanceledOrders": frozenset({"canceled"}),
    "fetchCanceledAndClosedOrders": frozenset({"canceled", "closed"}),
}


class OrderSteps(Seams):
    """The order methods, without the awaiting. Swap orders are left to ccxt's own methods."""

    def _dfx_fetch_order(
        self, order_id: str, symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Step, Any, Order]:
        kind, rest = requests.market_type("fetchOrder", symbol, params, self.options)
        if kind == "swap":
            order: Order = yield Step("fetch_order", (order_id, symbol, dict(params)), stock=True)
            return order
        asked = requests.valid_id(order_id)
        query = {**rest, "market": kind, "order_id": asked}
        answer = yield Step("privateSpotGetMarketOrder", (query,))
        found = requests.by_id(self._dfx_orders(answer, kind), [asked])
        requests.check_symbol(list(found.values()), symbol)
        if asked not in found:
            raise requests.not_found(asked)
        return found[asked]

    def _dfx_fetch_open_orders(
        self, symbol: str | None, since: int | None, limit: int | None, params: Mapping[str, Any]
    ) -> Generator[Step, Any, list[Order]]:
        kind, rest = requests.market_type("fetchOpenOrders", symbol, params, self.options)
        if kind == "swap":
            args = (symbol, since, limit, dict(params))
            orders: list[Order] = yield Step("fetch_open_orders", args, stock=True)
            return orders
        until = rest.pop("until", None)
        query = {**rest, **self._dfx_symbol_query(symbol), "market": kind}
        answer = yield Step("privateSpotGetMarketOrderCurrent", (query,))
        orders = self._dfx_orders(answer, kind)
        requests.check_symbol(orders, symbol)
        return requests.limited(requests.within(orders, since, until), since, limit)

    def _dfx_fetch_orders(
        self,
        method: str,
        symbol: str | None,
        since: int | None,
        limit: int | None,
        params: Mapping[str, Any],
    ) -> Generator[Step, Any, list[Order]]:
        """Page through the history and keep the statuses that the method is about."""
        statuses = KEPT_STATUSES[method]
        kind, rest = requests.market_type(method, symbol, params, self.options)
        if kind == "swap":
            args = (symbol, since, limit, dict(params))
            orders: list[Order] = yield Step("fetch_orders", args, stock=True)
            return [order for order in orders if statuses is None or order["status"] in statuses]
        until = rest.pop("until", None)
        query = {**rest, **self._dfx_symbol_query(symbol), "market": kind, "limit": HISTORY_LIMIT}
        pages = history.Pages(since, until, now=self.milliseconds())
        found: dict[str, Order] = {}
        kept: list[Order] = []
        for window in pages:
            answer = yield Step("privateSpotGetMarketOrderHistory", ({**query, **window.query()},))
            with requests.carrying(kept):
                orders = self._dfx_orders(answer, kind)
                requests.check_symbol(orders, symbol)
            if pages.halved(window, len(answer["data"])):
                continue
            found.update((order["id"], order) for order in orders)
            kept = requests.within(found.values(), since, until, statuses)
            if limit is not None and pages.settled(window, kept) >= limit:
                break
        return requests.limited(kept, since, limit)

    def _dfx_symbol_query(self, symbol: str | None) -> dict[str, str]:
        return {} if symbol is None else {"symbol": self._dfx_market_id(symbol)}
