"""Mistakes of a plugin's author."""

import dfx_adapter
from dfx_adapter import ExchangeInfo, ParseContext, kit


def no_keyword(config: dict[str, object]) -> object:
    """Lack `asynchronous`."""
    return object()


ExchangeInfo("acme", "Acme", no_keyword)  # E: Factory
ExchangeInfo(id="acme", name="Acme", factory=no_keyword)  # E: name


def mapped(context: ParseContext, row: kit.Row) -> dfx_adapter.Order:
    """Map one row, with a key that no order has and a number that is none."""
    kit.order(context, row, id="1", status="open", fillled="1")  # E: fillled
    kit.order(context, row, id="1", status="open", filled=[1])  # E: filled
    row.integer("id")  # E: integer
    return {"id": "1"}  # E: info


def careless(error: dfx_adapter.RateLimited) -> float:
    """Forget that a wait may be unknown, and read a fact that there is not."""
    return error.retry_after + 1  # E: None
