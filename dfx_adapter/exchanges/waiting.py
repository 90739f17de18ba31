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


def wait_for_order(  # noqa: D417  # `exchange` is the object whose method it becomes
    exchange: Any,
    id: str,
    symbol: str | None = None,
    timeout: float | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
    *,
    until: Collection[str] | None = None,
) -> Steps[Order]:
    """Ask for an order again and again until it is over, and return it as it is then.

    Waiters of one object ask in step, so that their questions can share requests. Where a stream
    tells of the order, its change is what wakes them, and they ask every 8 s beside.

    Args:
        id: the exchange's id of the order.
        symbol: of the market, where the exchange needs one to find an order.
        timeout: seconds to wait at most; None waits without end.
        params: of each `fetch_order`.
        until: further unified statuses at which to return, such as `("open",)`; an order that is
            closed, canceled, expired or rejected changes no more, and always ends the wait.

    Raises:
        ccxt.RequestTimeout: the time is over; `orders` has the order as it was last seen. Until
            then a question that fails is asked again, also where the exchange does not know the
            order yet: it may be new.
        ccxt.BaseError: an error that asking again does not mend.
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
        push = None if order is None else getattr(exchange, "dfx_push_of", _no_push)(order)
        if push is not None:
            pause = LONGEST_PAUSE
        wake = (clock() // pause + 1) * pause
        wake = wake if deadline is None else min(wake, deadline)
        yield SleepUntil(wake) if push is None else partial(push, wake)
        pause = min(2 * pause, LONGEST_PAUSE) if push is None else FIRST_PAUSE


def _no_push(_: Order) -> None:
    """Tell that no stream tells of the order."""


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
