"""The synchronous exchange class: a table of its methods, each called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ccxt

from dfx_adapter.digifinex import sending, sharing
from dfx_adapter.digifinex.exchange import DigiFinexExchange
from dfx_adapter.digifinex.methods import canceling, editing, lists, placing, reading
from dfx_adapter.exchanges import drivers, methods, waiting
from dfx_adapter.exchanges.drivers import called
from dfx_adapter.guards import accounts, calling, guarded, pacing

if TYPE_CHECKING:
    from dfx_adapter.exchanges.kinds import Exchange as _Stock
else:
    _Stock = ccxt.digifinex


class DigiFinex(DigiFinexExchange, _Stock):
    """`ccxt.digifinex` with exact order status; the rest of it is ccxt's own."""

    _dfx_session_class = calling.CallingSession
    _dfx_failed_transfers = calling.FAILED_TRANSFERS

    fetch = called(guarded.fetch)
    request = called(sending.request)
    throttle = called(pacing.throttle)

    _dfx_swaps = methods.of_ccxt(ccxt.digifinex)
    _dfx_outcomes = called(reading.outcomes_of)
    _dfx_asks_alone = drivers.asks_alone
    _dfx_ask_together = sharing.in_window

    # The names in camel case are for type checkers; ccxt adds them when an object is built.
    fetch_order = fetchOrder = called(reading.fetch_order)
    fetch_orders_by_ids = fetchOrdersByIds = called(reading.fetch_orders_by_ids)
    fetch_order_trades = fetchOrderTrades = called(reading.fetch_order_trades)
    fetch_open_orders = fetchOpenOrders = called(lists.fetch_open_orders)
    fetch_orders = fetchOrders = called(lists.fetch_orders)
    fetch_closed_orders = fetchClosedOrders = called(lists.fetch_closed_orders)
    fetch_canceled_orders = fetchCanceledOrders = called(lists.fetch_canceled_orders)
    fetch_canceled_and_closed_orders = fetchCanceledAndClosedOrders = called(
        lists.fetch_canceled_and_closed_orders
    )
    create_order = createOrder = called(placing.create_order)
    create_orders = createOrders = called(placing.create_orders)
    cancel_order = cancelOrder = called(canceling.cancel_order)
    cancel_orders = cancelOrders = called(canceling.cancel_orders)
    cancel_orders_for_symbols = cancelOrdersForSymbols = called(canceling.cancel_orders_for_symbols)
    edit_order = editOrder = called(editing.edit_order)
    wait_for_order = waitForOrder = called(waiting.wait_for_order, accounts.asking_anew)
