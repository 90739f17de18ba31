"""The synchronous exchange class: what calls. What it does stands in `steps`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import ccxt

from dfx_adapter.digifinex.steps import NO_PARAMS, OrderSteps

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from dfx_adapter.digifinex.requests import Step
    from dfx_adapter.order import Order

T = TypeVar("T")


class DigiFinex(OrderSteps, ccxt.digifinex):  # type: ignore[misc]  # ccxt is untyped
    """`ccxt.digifinex` with exact order status; the rest of it is ccxt's own."""

    def _dfx_run(self, steps: Generator[Step, Any, T]) -> T:
        """Drive the steps: call, and send what came or throw what was raised."""
        try:
            step = next(steps)
            while True:
                try:
                    owner = super() if step.stock else self
                    answer = getattr(owner, step.method)(*step.args)
                except Exception as error:  # noqa: BLE001  # the steps decide what it means
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result

    def fetch_order(
        self,
        id: str,  # noqa: A002  # ccxt's name
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Fetch one order by its id, in one request and without loading markets.

        Raises:
            ccxt.OrderNotFound: the exchange says that it has no such order.
            ccxt.BadSymbol: the order is of another market than `symbol`.
            ccxt.BadResponse: the answer breaks the documents; it says nothing about the order.
        """
        return self._dfx_run(self._dfx_fetch_order(id, symbol, params))

    def fetch_open_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the orders that are open now, sorted by time; `since` in milliseconds."""
        return self._dfx_run(self._dfx_fetch_open_orders(symbol, since, limit, params))

    def fetch_orders(
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
        steps = self._dfx_fetch_orders("fetchOrders", symbol, since, limit, params)
        return self._dfx_run(steps)

    def fetch_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the fully executed orders; arguments as in `fetch_orders`."""
        steps = self._dfx_fetch_orders("fetchClosedOrders", symbol, since, limit, params)
        return self._dfx_run(steps)

    def fetch_canceled_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the cancelled orders; arguments as in `fetch_orders`."""
        steps = self._dfx_fetch_orders("fetchCanceledOrders", symbol, since, limit, params)
        return self._dfx_run(steps)

    def fetch_canceled_and_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the orders that are over; arguments as in `fetch_orders`."""
        steps = self._dfx_fetch_orders("fetchCanceledAndClosedOrders", symbol, since, limit, params)
        return self._dfx_run(steps)
