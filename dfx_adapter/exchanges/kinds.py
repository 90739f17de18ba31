"""The two kinds of exchange objects, for annotations, type checkers and `isinstance`.

The class of an object is made at run time, over ccxt's class of its exchange, so these two stand
over none: type checkers see the methods below, `isinstance` sees the kind.
"""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Any, Protocol

import ccxt.async_support

from dfx_adapter.exchanges.unified import Unified

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from dfx_adapter.exchanges import waiting
    from dfx_adapter.exchanges.ccxt_classes import fetch_orders_by_ids
    from dfx_adapter.exchanges.drivers import awaited, called
    from dfx_adapter.exchanges.signatures import OrderMethods

    class StockAsyncExchange(Protocol):
        """An exchange object of ccxt's for asyncio, whose sockets are closed by awaiting."""

        def close(self) -> Coroutine[Any, Any, Any]:
            """Close its connections."""
            ...

    class StockExchange(Protocol):
        """An exchange object of ccxt's that is called."""

        def close(self) -> None:
            """Close its connections."""

    class Exchange(Unified):
        """A synchronous exchange object that the adapter connects, registers or attaches to.

        A plain `Order` has floats. Where the config has another `number`, use `typing.cast`.
        """

        fetch_order = fetchOrder = called(OrderMethods.fetch_order)
        fetch_orders = fetchOrders = called(OrderMethods.fetch_orders)
        fetch_open_orders = fetchOpenOrders = called(OrderMethods.fetch_open_orders)
        fetch_closed_orders = fetchClosedOrders = called(OrderMethods.fetch_closed_orders)
        fetch_canceled_orders = fetchCanceledOrders = called(OrderMethods.fetch_canceled_orders)
        fetch_canceled_and_closed_orders = fetchCanceledAndClosedOrders = called(
            OrderMethods.fetch_canceled_and_closed_orders
        )
        fetch_orders_by_ids = fetchOrdersByIds = called(fetch_orders_by_ids)
        fetch_order_trades = fetchOrderTrades = called(OrderMethods.fetch_order_trades)
        create_order = createOrder = called(OrderMethods.create_order)
        create_orders = createOrders = called(OrderMethods.create_orders)
        edit_order = editOrder = called(OrderMethods.edit_order)
        cancel_order = cancelOrder = called(OrderMethods.cancel_order)
        cancel_orders = cancelOrders = called(OrderMethods.cancel_orders)
        wait_for_order = waitForOrder = called(waiting.wait_for_order)

        def close(self) -> None:
            """Close the connections of the object."""

    class AsyncExchange(Unified):
        """An exchange object of asyncio; as `Exchange`, and its methods are awaited."""

        fetch_order = fetchOrder = awaited(OrderMethods.fetch_order)
        fetch_orders = fetchOrders = awaited(OrderMethods.fetch_orders)
        fetch_open_orders = fetchOpenOrders = awaited(OrderMethods.fetch_open_orders)
        fetch_closed_orders = fetchClosedOrders = awaited(OrderMethods.fetch_closed_orders)
        fetch_canceled_orders = fetchCanceledOrders = awaited(OrderMethods.fetch_canceled_orders)
        fetch_canceled_and_closed_orders = fetchCanceledAndClosedOrders = awaited(
            OrderMethods.fetch_canceled_and_closed_orders
        )
        fetch_orders_by_ids = fetchOrdersByIds = awaited(fetch_orders_by_ids)
        fetch_order_trades = fetchOrderTrades = awaited(OrderMethods.fetch_order_trades)
        create_order = createOrder = awaited(OrderMethods.create_order)
        create_orders = createOrders = awaited(OrderMethods.create_orders)
        edit_order = editOrder = awaited(OrderMethods.edit_order)
        cancel_order = cancelOrder = awaited(OrderMethods.cancel_order)
        cancel_orders = cancelOrders = awaited(OrderMethods.cancel_orders)
        wait_for_order = waitForOrder = awaited(waiting.wait_for_order)

        async def close(self) -> None:
            """Close the connections of the object; it may be used again."""

else:

    class Exchange(ABC):  # noqa: B024  # it stands under nothing
        """A synchronous exchange object that the adapter connects, registers or attaches to."""

        @classmethod
        def __subclasshook__(cls, other: type) -> bool:
            return issubclass(other, Unified) and not _is_asynchronous(other)

    class AsyncExchange(ABC):  # noqa: B024  # same
        """An exchange object of asyncio that the adapter connects, registers or attaches to."""

        @classmethod
        def __subclasshook__(cls, other: type) -> bool:
            return issubclass(other, Unified) and _is_asynchronous(other)


def _is_asynchronous(cls: type) -> bool:
    return issubclass(cls, ccxt.async_support.Exchange)
