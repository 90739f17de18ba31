"""Calling exchange objects, sync or asyncio, in the same way."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any


async def awaited(value: Any) -> Any:
    """Return what a call gave, awaited where it is to be."""
    return await value if inspect.isawaitable(value) else value


async def closed(exchange: Any) -> None:
    """Close an exchange object of ccxt, sync or asyncio."""
    if inspect.iscoroutinefunction(getattr(exchange, "close", None)):
        await exchange.close()
        await asyncio.sleep(0)  # for the transports to notice
    elif getattr(exchange, "session", None) is not None:
        exchange.session.close()
