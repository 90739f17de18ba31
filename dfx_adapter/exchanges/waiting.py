"""Waiting for an order to be over, as steps: what ccxt's users ask for in ccxt#13889.

Waiters of one object poll in step: each sleeps to the next multiple of its pause on a common clock,
so that those with the same pause wake together and their questions can share requests.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.order import FINAL
from dfx_adapter.steps import NO_PARAMS, SleepUntil

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dfx_adapter.order import Order
    from dfx_adapter.steps import Steps

# Seconds between two questions: the first and the longest; each doubles the one before.
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0

clock = time.monotonic  # asyncio's loops count the same


def wait_for_order(
    exchange: Any,
    id: str,
    symbol: str | None = None,
    timeout: float | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
    *,
    until: Collection[str] | None = None,
) -> Steps[Order]:
    """Poll until the order is over; `timeout` in seconds, None waits without end.

    `until` names statuses to wait for beside the final ones. Waiters of one object share requests.
    A question that fails is asked again: a new order may not be known yet, and networks fail.

    Raises:
        ccxt.RequestTimeout: the time is over; `orders` has the order as it was last seen.
    """
    wanted = FINAL.union(until or ())  # a final order will not change any more
    deadline = None if timeout is None else clock() + timeout
    pause = FIRST_PAUSE
    order: Order | None = None
    while True:
        trouble: Exception | None = None
        try:
            order = yield partial(exchange.fetch_order, id, symbol, params)
        except (errors.OperationFailed, errors.OrderNotFound) as error:
            trouble = error
        if order is not None and trouble is None and order["status"] in wanted:
            return order
        if deadline is not None and clock() >= deadline:
            raise _timed_out(exchange.id, id, timeout, order) from trouble
        wake = (clock() // pause + 1) * pause
        yield SleepUntil(wake if deadline is None else min(wake, deadline))
        pause = min(2 * pause, LONGEST_PAUSE)


def _timed_out(
    exchange_id: str, order_id: str, timeout: float | None, order: Order | None
) -> Exception:
    seen = f"last seen {order['status']}" if order else "never seen"
    return errors.describe(
        errors.RequestTimeout,
        f"waitForOrder: {order_id!r} is not over after {timeout} s, {seen}",
        exchange_id=exchange_id,
        ids=[order_id],
        orders=[order] if order else [],
    )
