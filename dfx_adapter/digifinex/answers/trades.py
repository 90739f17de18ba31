"""The trades of one order, from the answer of order/detail.

Document: "Get order trades details" (docs.digifinex.com/en-ww/spot/v3/rest.html): `detail` is one
object in its example; the v2 text and two clients have a list. It carries no fee: fees are only in
mytrades.
"""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003  # msgspec reads the annotations at run time
from typing import TYPE_CHECKING, Any, Final

import msgspec

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.order import EXACT, LAST_SECOND, fits_float, iso8601, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from dfx_adapter.order import Order


class TradeRow(msgspec.Struct, frozen=True):
    """One trade as documented: `tid` a string (a number does, too), `date` in seconds."""

    tid: str | int
    date: int
    executed_amount: Decimal
    executed_price: Decimal


_EXPECTED: Final = "trades with tid, date, executed_amount and executed_price"


def of_detail(order: Order, number: Callable[[str], Any]) -> list[dict[str, Any]]:
    """Return ccxt's trade structures of an order whose `info` has the row's `detail`, by time.

    Raises:
        ccxt.BadResponse: `detail` is missing, or no trades as documented.
    """
    detail = order["info"].get("detail")
    raw = [detail] if isinstance(detail, dict) and detail else (detail or [])
    try:
        rows = msgspec.convert(raw, list[TradeRow], strict=False)
    except msgspec.ValidationError as error:
        raise _unreadable(order, detail, str(error)) from error
    if detail is None or not all(map(_is_possible, rows)):
        raise _unreadable(order, detail, "missing or out of range")
    made = dict(zip(rows, raw, strict=True))  # the same row twice is one trade
    trades = [_trade(order, source, row, number) for row, source in made.items()]
    return sorted(trades, key=lambda trade: (trade["timestamp"], trade["id"]))


def _is_possible(row: TradeRow) -> bool:
    numbers = (row.executed_amount, row.executed_price)
    if not all(number.is_finite() and number >= 0 and fits_float(number) for number in numbers):
        return False
    return 0 <= row.date <= LAST_SECOND and row.tid != "" and fits_float(EXACT.multiply(*numbers))


def _trade(
    order: Order, raw: dict[str, Any], row: TradeRow, number: Callable[[str], Any]
) -> dict[str, Any]:
    cost = EXACT.multiply(row.executed_amount, row.executed_price).normalize(EXACT)
    return {
        "info": raw,
        "id": str(row.tid),
        "order": order["id"],
        "timestamp": row.date * 1000,
        "datetime": iso8601(row.date),
        "symbol": order["symbol"],
        "type": order["type"],
        "side": order["side"],
        "takerOrMaker": None,
        "price": number(plain(row.executed_price)),
        "amount": number(plain(row.executed_amount)),
        "cost": number(plain(cost)),
        "fee": None,
        "fees": [],
    }


def _unreadable(order: Order, detail: object, reason: str) -> Exception:
    return errors.describe(
        errors.BadResponse,
        f"answer: $.data.detail: expected {_EXPECTED}: {reason}",
        exchange_id=EXCHANGE,
        path="$.data.detail",
        found=detail,
        expected=_EXPECTED,
        orders=[order],
    )
