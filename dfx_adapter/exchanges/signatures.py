"""The order methods of ccxt that exchange objects of any exchange have: types and documentation.

What runs is ccxt's method of the exchange, within our rules. `kinds` binds these to what a type
checker sees of an exchange object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from dfx_adapter.steps import NO_PARAMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dfx_adapter.order import Order
    from dfx_adapter.steps import Steps


class OrderMethods(Protocol):
    """One method each, for both kinds of objects: what it takes, and what it returns at the end.

    A market may need `symbol`; `params` are ccxt's and the exchange's own. Orders are by the rules.
    """

    def fetch_order(
        self: Any, id: str, symbol: str | None = None, params: Mapping[str, Any] = NO_PARAMS
    ) -> Steps[Order]:
        """Fetch one order by its id; many exchanges need its symbol, too.

        Raises:
            ccxt.OrderNotFound: the exchange says that it has no such order.
        """
        ...

    def fetch_orders(
        self: Any,
        symbol: str | None = None,
        since: float | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[list[Order]]:
        """Fetch orders of any status, sorted by time; `since` in milliseconds."""
        ...

    def fetch_open_orders(
        self: Any,
        symbol: str | None = None,
        since: float | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[list[Order]]:
        """Fetch the orders that are open now; arguments as in `fetch_orders`."""
        ...

    def fetch_closed_orders(
        self: Any,
        symbol: str | None = None,
        since: float | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[list[Order]]:
        """Fetch the orders that are closed; arguments as in `fetch_orders`."""
        ...

    def fetch_canceled_orders(
        self: Any,
        symbol: str | None = None,
        since: float | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[list[Order]]:
        """Fetch the orders that are canceled; arguments as in `fetch_orders`."""
        ...

    def fetch_canceled_and_closed_orders(
        self: Any,
        symbol: str | None = None,
        since: float | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[list[Order]]:
        """Fetch the orders that are over; arguments as in `fetch_orders`."""
        ...

    def fetch_order_trades(
        self: Any,
        id: str,
        symbol: str | None = None,
        since: float | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[list[dict[str, Any]]]:
        """Fetch the trades of one order, as ccxt's trades."""
        ...

    def create_order(
        self: Any,
        symbol: str,
        type: str,
        side: str,
        amount: Any,
        price: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[Order]:
        """Place one order and return it, completed by what was asked for."""
        ...

    def create_orders(
        self: Any, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any] = NO_PARAMS
    ) -> Steps[list[Order]]:
        """Place several orders, each a dict of the arguments of `create_order`."""
        ...

    def edit_order(
        self: Any,
        id: str,
        symbol: str,
        type: str,
        side: str,
        amount: Any = None,
        price: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[Order]:
        """Change an order, or put another in its place, and return what is there now."""
        ...

    def cancel_order(
        self: Any, id: str, symbol: str | None = None, params: Mapping[str, Any] = NO_PARAMS
    ) -> Steps[Order]:
        """Cancel one order and return it, as far as the exchange tells it."""
        ...

    def cancel_orders(
        self: Any,
        ids: Sequence[str],
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Steps[list[Order]]:
        """Cancel several orders and return them, as `cancel_order`."""
        ...
