"""How the rules of one order, ORD, are checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from dfx_conformance.rules import Problem
from dfx_conformance.rules.order import RULES, STATUSES

Order = Mapping[str, Any]
Check = Callable[[Order], Iterator[str]]


KEYS: Final = (
    *("id", "clientOrderId", "datetime", "timestamp", "lastTradeTimestamp", "lastUpdateTimestamp"),
    *("status", "symbol", "type", "timeInForce", "side", "price", "average", "amount", "filled"),
    *("remaining", "cost", "trades", "fee", "fees", "info", "reduceOnly", "postOnly"),
    *("stopPrice", "triggerPrice", "takeProfitPrice", "stopLossPrice"),
)
SIDES: Final = ("buy", "sell")
NUMBERS: Final = (
    *("price", "average", "amount", "filled", "remaining", "cost"),
    *("stopPrice", "triggerPrice", "takeProfitPrice", "stopLossPrice"),
)
TIMES: Final = ("timestamp", "lastTradeTimestamp", "lastUpdateTimestamp")
_NAME: Final = r"[^\s/:](?:[^\t\n/:]*[^\s/:])?"  # ccxt names some coins with blanks inside
_SYMBOL: Final = re.compile(rf"{_NAME}/{_NAME}(:\S+)?")
_FIRST_MILLISECOND: Final = 10**11  # 1973: anything less is seconds
EXACT: Final = Context(prec=10_000)  # no sum or product of an order is rounded
# The error that binary floats may bring into a product or a sum; Decimal and text have none.
_FLOAT_ERROR: Final = Decimal("1e-9")


def check(order: Order) -> list[Problem]:
    """Return every rule that the order breaks, and how."""
    return [Problem(rule, said) for rule in RULES for said in CHECKS[rule.id](order)]


def _keys(order: Order) -> Iterator[str]:
    missing = [key for key in KEYS if key not in order]
    if missing:
        yield f"missing {', '.join(missing)}"


def _id(order: Order) -> Iterator[str]:
    if not isinstance(order.get("id"), str) or not order["id"].strip():
        yield f"id is {order.get('id')!r}"


def _symbol(order: Order) -> Iterator[str]:
    symbol = order.get("symbol")
    if not isinstance(symbol, str) or not _SYMBOL.fullmatch(symbol):
        yield f"symbol is {symbol!r}"


def _status(order: Order) -> Iterator[str]:
    if order.get("status") not in STATUSES:
        yield f"status is {order.get('status')!r}"


def _side(order: Order) -> Iterator[str]:
    if order.get("side") not in SIDES:
        yield f"side is {order.get('side')!r}"


def _type(order: Order) -> Iterator[str]:
    type_ = order.get("type")
    if not isinstance(type_, str) or not type_ or type_ != type_.lower():
        yield f"type is {type_!r}"


def _times(order: Order) -> Iterator[str]:
    for name in TIMES:
        time = order.get(name)
        if time is not None and (type(time) is not int or time < _FIRST_MILLISECOND):
            yield f"{name} is {time!r}"


def _datetime(order: Order) -> Iterator[str]:
    timestamp, told = order.get("timestamp"), order.get("datetime")
    if type(timestamp) is not int:
        expected = None
    else:
        moment = datetime.fromtimestamp(timestamp // 1000, UTC)
        expected = f"{moment:%Y-%m-%dT%H:%M:%S}.{timestamp % 1000:03}Z"
    if told != expected:
        yield f"datetime is {told!r}, timestamp {timestamp!r}"


def _sequence(order: Order) -> Iterator[str]:
    created = order.get("timestamp")
    for name in ("lastTradeTimestamp", "lastUpdateTimestamp"):
        later = order.get(name)
        if type(created) is int and type(later) is int and later < created:
            yield f"{name} {later} is before timestamp {created}"


def _traded(order: Order) -> Iterator[str]:
    if order.get("lastTradeTimestamp") is not None and not exact(order.get("filled")):
        traded = order["lastTradeTimestamp"]
        yield f"lastTradeTimestamp is {traded!r}, filled {order.get('filled')!r}"


def _numbers(order: Order) -> Iterator[str]:
    for name in NUMBERS:
        value = order.get(name)
        number = exact(value)
        if value is not None and (number is None or number < 0):
            yield f"{name} is {value!r}"


def _sum(order: Order) -> Iterator[str]:
    amount, filled, remaining = (
        exact(order.get(name)) for name in ("amount", "filled", "remaining")
    )
    if amount is None or filled is None or remaining is None:
        return
    overfilled = filled > amount and remaining == 0
    if not overfilled and not _equal(amount, EXACT.add(filled, remaining), order):
        yield f"{amount} is not {filled} + {remaining}"


def _cost(order: Order) -> Iterator[str]:
    cost, filled, average = (exact(order.get(name)) for name in ("cost", "filled", "average"))
    if filled == 0 and cost:
        yield f"cost is {cost}, but nothing is filled"
    if cost is None or filled is None or average is None:
        return
    if not _equal(cost, EXACT.multiply(filled, average), order):
        yield f"{cost} is not {filled} x {average}"


def _average(order: Order) -> Iterator[str]:
    if order.get("average") is not None and not exact(order.get("filled")):
        yield f"average is {order['average']!r}, filled {order.get('filled')!r}"


def _closed(order: Order) -> Iterator[str]:
    if order.get("status") == "closed" and exact(order.get("remaining")):
        yield f"status is closed, remaining {order['remaining']!r}"


def _fee(order: Order) -> Iterator[str]:
    fees = order.get("fees")
    if not isinstance(fees, list):
        yield f"fees is {fees!r}"
        return
    for fee in filter(lambda fee: fee is not None, (order.get("fee"), *fees)):
        if not isinstance(fee, dict) or exact(fee.get("cost")) is None or not fee.get("currency"):
            yield f"a fee is {fee!r}"


def _trades(order: Order) -> Iterator[str]:
    if not isinstance(order.get("trades"), list):
        yield f"trades is {order.get('trades')!r}"


def _info(order: Order) -> Iterator[str]:
    if not order.get("info"):
        yield f"info is {order.get('info')!r}"


def exact(value: object) -> Decimal | None:
    """Return the exact value of a number of any type; None for None and for what is no number."""
    if (
        value is None
        or isinstance(value, bool)
        or not isinstance(value, int | float | str | Decimal)
    ):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def is_close(told: Decimal, expected: Decimal) -> bool:
    """Tell whether two numbers are as near as binary floats keep them."""
    difference = EXACT.abs(EXACT.subtract(told, expected))
    return difference <= EXACT.multiply(_FLOAT_ERROR, max(abs(told), abs(expected)))


def _equal(told: Decimal, expected: Decimal, order: Order) -> bool:
    if any(isinstance(order.get(name), float) for name in NUMBERS):
        return is_close(told, expected)
    return told == expected


CHECKS: Final[Mapping[str, Check]] = {
    "ORD-001": _keys,
    "ORD-002": _id,
    "ORD-003": _symbol,
    "ORD-004": _status,
    "ORD-005": _side,
    "ORD-006": _type,
    "ORD-007": _times,
    "ORD-008": _datetime,
    "ORD-009": _sequence,
    "ORD-010": _traded,
    "ORD-011": _numbers,
    "ORD-012": _sum,
    "ORD-013": _cost,
    "ORD-014": _average,
    "ORD-015": _closed,
    "ORD-016": _fee,
    "ORD-017": _trades,
    "ORD-018": _info,
}
