"""The asyncio exchange class: a table of its methods, each awaited."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ccxt.async_support

from dfx_adapter.digifinex import sending, sharing
from dfx_adapter.digifinex.exchange import DigiFinexExchange
from dfx_adapter.digifinex.methods import canceling, editing, lists, placing, reading, streaming
from dfx_adapter.exchanges import drivers, methods, waiting
from dfx_adapter.exchanges.drivers import awaited
from dfx_adapter.guards import accounts, awaiting, guarded, pacing

if TYPE_CHECKING:
    from collections.abc import Callable

    from dfx_adapter.exchanges.kinds import AsyncExchange as _Stock
    from dfx_adapter.order import Order
else:
    _Stock = ccxt.async_support.digifinex


class AsyncDigiFinex(DigiFinexExchange, _Stock):
    """`ccxt.async_support.digifinex` with exact order status; the rest of it is ccxt's own."""

    _dfx_session_class = awaiting.AwaitingSession
    _dfx_failed_transfers = awaiting.FAILED_TRANSFERS

    fetch = awaited(guarded.fetch)
    request = awaited(sending.request)
    throttle = awaited(pacing.throttle)

    _dfx_swaps = methods.of_ccxt(ccxt.async_support.digifinex)
    _dfx_outcomes = awaited(reading.outcomes_of)
    _dfx_asks_alone = drivers.asks_alone_on_loop
    _dfx_ask_together = sharing.in_turn

    # The names in camel case are for type checkers; ccxt adds them when an object is built.
    fetch_order = fetchOrder = awaited(reading.fetch_order)
    fetch_orders_by_ids = fetchOrdersByIds = awaited(reading.fetch_orders_by_ids)
    fetch_order_trades = fetchOrderTrades = awaited(reading.fetch_order_trades)
    fetch_open_orders = fetchOpenOrders = awaited(lists.fetch_open_orders)
    fetch_orders = fetchOrders = awaited(lists.fetch_orders)
    fetch_closed_orders = fetchClosedOrders = awaited(lists.fetch_closed_orders)
    fetch_canceled_orders = fetchCanceledOrders = awaited(lists.fetch_canceled_orders)
    fetch_canceled_and_closed_orders = fetchCanceledAndClosedOrders = awaited(
        lists.fetch_canceled_and_closed_orders
    )
    create_order = createOrder = awaited(streaming.expecting(placing.create_order))
    create_orders = createOrders = awaited(streaming.expecting(placing.create_orders))
    cancel_order = cancelOrder = awaited(canceling.cancel_order)
    cancel_orders = cancelOrders = awaited(canceling.cancel_orders)
    cancel_orders_for_symbols = cancelOrdersForSymbols = awaited(
        canceling.cancel_orders_for_symbols
    )
    edit_order = editOrder = awaited(streaming.expecting(editing.edit_order))
    wait_for_order = waitForOrder = awaited(waiting.wait_for_order, accounts.asking_anew)
    watch_orders = watchOrders = awaited(streaming.watch_orders, accounts.asking_anew)
    un_watch_orders = unWatchOrders = awaited(streaming.un_watch_orders)

    def describe(self) -> dict[str, Any]:
        """Return the description of both classes, and that this one has a stream."""
        described: dict[str, Any] = self.deep_extend(
            super().describe(), {"has": {"watchOrders": True}}
        )
        return described

    def dfx_push_of(self, order: Order) -> Callable[[float], Any] | None:
        """Return what waits for a change of an order, where a stream tells of them; else None."""
        watching = streaming.stream_of(self)
        if watching is None or not watching.is_following(order["info"].get("symbol")):
            return None
        return partial(watching.pushed, order["id"])

    async def close(self, *args: Any, **kwargs: Any) -> None:
        """Close the stream and the connections; who waits gets ExchangeClosedByUser."""
        watching = streaming.stream_of(self)
        if watching is not None:
            await watching.close()
        await super().close(*args, **kwargs)
