"""Tinyx's two classes, over those of an exchange that ccxt has: overrides, methods, tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ccxt.async_support
from dfx_adapter.tinyx import answers

from dfx_adapter import errors
from dfx_adapter.exchanges import waiting
from dfx_adapter.exchanges.ccxt_classes import fetch_orders_by_ids
from dfx_adapter.exchanges.drivers import awaited, called
from dfx_adapter.exchanges.unified import Unified
from dfx_adapter.guards import accounts, awaiting, calling, guarded, pacing
from dfx_adapter.limits import address
from dfx_adapter.steps import NO_PARAMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.order import Order
    from dfx_adapter.steps import Steps

LIMITS = pacing.Limits(
    answers.EXCHANGE, address.Limit(10, 1, 1), ((None, 60),), frozenset({answers.BANNED})
)


class TinyxExchange(Unified):
    """What both classes have beside their methods."""

    _dfx_limits = LIMITS
    _dfx_needs_private_urls = True

    def describe(self):
        """Return ccxt's description with Tinyx's id."""
        return self.deep_extend(super().describe(), {"id": answers.EXCHANGE, "name": "Tinyx"})

    def handle_errors(self, code, reason, url, method, headers, body, response, *_):
        """Raise what the answer says is wrong."""
        code = (response or {}).get("error_code")
        if code is not None:
            classes = self.dfx_host.error_classes(self.id)
            cls = classes.get(code, errors.ExchangeError)
            error = errors.describe(cls, "answer", exchange_id=self.id, code=code)
            raise pacing.begin_ban(self, error)


def fetch_order(
    exchange: Any, id: str, symbol: str | None = None, params: Mapping[str, Any] = NO_PARAMS
) -> Steps[Order]:
    """Fetch one order by its id."""
    answer = yield partial(exchange.privateGetOrdersId, {"id": id, **params})
    [order] = exchange.dfx_host.map_orders(exchange.id, answer, exchange._dfx_context())
    return order


class Tinyx(TinyxExchange, ccxt.luno):
    """The synchronous class."""

    _dfx_session_class = calling.CallingSession
    _dfx_failed_transfers = calling.FAILED_TRANSFERS
    fetch = called(guarded.fetch)
    throttle = called(pacing.throttle)
    fetch_order = fetchOrder = called(fetch_order)
    fetch_orders_by_ids = fetchOrdersByIds = called(fetch_orders_by_ids)
    wait_for_order = waitForOrder = called(waiting.wait_for_order, accounts.asking_anew)


class AsyncTinyx(TinyxExchange, ccxt.async_support.luno):
    """The asyncio class."""

    _dfx_session_class = awaiting.AwaitingSession
    _dfx_failed_transfers = awaiting.FAILED_TRANSFERS
    fetch = awaited(guarded.fetch)
    throttle = awaited(pacing.throttle)
    fetch_order = fetchOrder = awaited(fetch_order)
    fetch_orders_by_ids = fetchOrdersByIds = awaited(fetch_orders_by_ids)
    wait_for_order = waitForOrder = awaited(waiting.wait_for_order, accounts.asking_anew)
