"""Long answers, made here rather than written down: every row another, every order by its row.

What each row must become follows from the documents alone (STATUS), in exact decimals.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTHS: Final = {
    20: 'STATUS "limit of 20"',
    50: "STATUS: a list of rows",
    100: 'V3 "Get all orders": at most 100 rows',
    250: "DESIGN: what holds for one row holds for any number",
}
_MARKETS: Final = (
    "BTC_USDT",
    "ETH_USDT",
    "DFT_USDT",
    "TRX_USDT",
    "LTC_USDT",
    "ETH_BTC",
    "1INCH_USDT",
)
_START: Final = 1_600_000_000
_STATUSES: Final = ("open", "open", "closed", "canceled", "canceled")
_FILLED: Final = tuple(map(Decimal, ("0", "0.25", "1", "0", "0.5")))  # of the amount, by status
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


def long_lists() -> Iterator[bytes]:
    """Make one vector of each length, as it would stand in a file."""
    for length, source in _LENGTHS.items():
        rows = [_row(number, length) for number in range(length)]
        yield _encode(
            {
                "id": f"lists/rows-{length}",
                "title": f"{length} rows, none like another: each order is of its row",
                "rules": ("LIST-020", "LIST-001", "MAP-029"),
                "capability": "spot",
                "level": "MUST",
                "provenance": "derived",
                "source": source,
                "body": {"code": 0, "data": rows},
                "orders": [_order(row) for row in rows],
            }
        )


def _row(number: int, length: int) -> dict[str, Any]:
    """Make a row; those of another list have other numbers and run the other way."""
    status = (number + length) % 5
    amount = Decimal(4000 + 8 * number + length) / 1000
    price = Decimal(10_000 + 7 * number + length) / 100
    filled = amount * _FILLED[status]
    seconds = number if length % 20 else length - number
    return {
        "symbol": _MARKETS[number % len(_MARKETS)],
        "order_id": f"{length * 1_000_003 + number * 7919:032x}",
        "created_date": _START + seconds,
        "finished_date": _START + seconds + 60 if status > 1 else 0,
        "price": price,
        "amount": amount,
        "cash_amount": 0,
        "executed_amount": filled,
        "avg_price": price - Decimal("0.5") if filled else Decimal(0),
        "status": status,
        "type": "sell" if number % 3 else "buy",
        "kind": "spot",
    }


def _order(row: dict[str, Any]) -> dict[str, Any]:
    amount, filled, average = row["amount"], row["executed_amount"], row["avg_price"]
    return {
        "id": row["order_id"],
        "symbol": row["symbol"].replace("_", "/"),
        "status": _STATUSES[row["status"]],
        "type": "limit",
        "side": row["type"],
        "timestamp": row["created_date"] * 1000,
        "price": str(row["price"]),
        "amount": str(amount),
        "filled": str(filled),
        "remaining": str(amount - filled),
        "average": str(average) if filled else None,
        **({"cost": str(filled * average)} if filled else {}),
        "info": {name: str(value) for name, value in row.items()},
    }
