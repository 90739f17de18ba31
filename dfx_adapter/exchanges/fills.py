"""Quantities of any type as exact numbers, and what the fills of an order cost together."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dfx_adapter.order import EXACT, MOST_DIGITS, fits_float

if TYPE_CHECKING:
    from collections.abc import Callable


def quantity(value: Any) -> Decimal | None:
    """Read a number of any type; what is no quantity, or below zero, is not known."""
    if value is None or isinstance(value, bool):
        return None
    try:
        exact = Decimal(str(value))
    except decimal.InvalidOperation:
        return None
    if not exact.is_finite() or exact < 0 or not fits_float(exact):
        return None
    return exact if len(exact.as_tuple().digits) <= MOST_DIGITS else None


def cost(
    trades: object, filled: Decimal | None, cost_of: Callable[[Decimal, Decimal], Decimal]
) -> Decimal | None:
    """Return the money of an order's trades, exactly; None where they are not all of its fills.

    Args:
        trades: as ccxt's class parsed them.
        filled: of the order.
        cost_of: gives the money of an amount at a price.
    """
    rows = trades if isinstance(trades, list) else []
    amounts_at = [
        (quantity(trade.get("amount")), quantity(trade.get("price")))
        for trade in rows
        if isinstance(trade, dict)
    ]
    total, money = Decimal(0), Decimal(0)
    for amount, price in amounts_at:
        if not amount or not price:
            return None
        total = EXACT.add(total, amount)
        money = EXACT.add(money, cost_of(amount, price))
    return money if total and total == filled else None
