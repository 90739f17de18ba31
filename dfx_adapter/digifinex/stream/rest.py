"""What a stream asks REST for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dfx_adapter import errors

if TYPE_CHECKING:
    from collections.abc import Awaitable


async def open_and_new(exchange: Any, kind: str, since: int) -> list[Any]:
    """Read the open orders of a market type, and whatever was placed since then (milliseconds)."""
    params = {"type": kind}
    open_orders = await _good(exchange.fetch_open_orders(None, None, None, params))
    return open_orders + await _good(exchange.fetch_orders(None, since, None, params))


async def _good(asking: Awaitable[list[Any]]) -> list[Any]:
    """Return the orders of a list; of one with bad rows, the good ones."""
    try:
        return await asking
    except errors.BaseError as error:
        good = errors.facts(error).orders
        if not good:
            raise
        return list(good)
