"""The rules of the order schema: what an order must be for a bot to rely on it.

Sources
    CCXT    docs.ccxt.com, "Order Structure" and "Fees"
    DESIGN  a decision of this suite where ccxt's text leaves it open, with its reason
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, NamedTuple

Order = Mapping[str, Any]
Check = Callable[[Order], Iterator[str]]


class Rule(NamedTuple):
    """A numbered rule; its id is never reused."""

    id: str
    level: Literal["MUST", "SHOULD"]
    text: str
    source: str
    check: Check


class Problem(NamedTuple):
    """An order that breaks a rule, and how."""

    rule: Rule
    said: str

    def __str__(self) -> str:
        return f"{self.rule.id} {self.rule.level}: {self.rule.text}: {self.said}"


KEYS: Final = (
    *("id", "clientOrderId", "datetime", "timestamp", "lastTradeTimestamp", "lastUpdateTimestamp"),
    *("status", "symbol", "type", "timeInForce", "side", "price", "average", "amount", "filled"),
    *("remaining", "cost", "trades", "fee", "fees", "info", "reduceOnly", "postOnly"),
    *("stopPrice", "triggerPrice", "takeProfitPrice", "stopLossPrice"),
)
STATUSES: Final = ("open", "closed", "canceled", "expired", "rejected")
SIDES: Final = ("buy", "sell")
NUMBERS: Final = (
    *("price", "average", "amount", "filled", "remaining", "cost"),
    *("stopPrice", "triggerPrice", "takeProfitPrice", "stopLossPrice"),
)
TIMES: Final = ("timestamp", "lastTradeTimestamp", "lastUpdateTimestamp")
_SYMBOL: Final = re.compile(r"[^\s/]+/[^\s/:]+(:\S+)?")
_FIRST_MILLISECOND: Final = 10**11  # 1973: anything less is seconds
# The error that binary floats may bring into a product or a sum; Decimal and text have none.
_FLOAT_ERROR: Final = Decimal("1e-9")


def check(order: Order) -> list[Problem]:
    """Return every rule that the order breaks, and how."""
    return [Problem(rule, said) for rule in RULES for said in rule.check(order)]


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
    if not overfilled and not _equal(amount, filled + remaining, order):
        yield f"{amount} is not {filled} + {remaining}"


def _cost(order: Order) -> Iterator[str]:
    cost, filled, average = (exact(order.get(name)) for name in ("cost", "filled", "average"))
    if filled == 0 and cost:
        yield f"cost is {cost}, but nothing is filled"
    if cost is None or filled is None or average is None:
        return
    if not _equal(cost, filled * average, order):
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


def _equal(told: Decimal, expected: Decimal, order: Order) -> bool:
    if not any(isinstance(order.get(name), float) for name in NUMBERS):
        return told == expected
    return abs(told - expected) <= _FLOAT_ERROR * max(abs(told), abs(expected))


RULES: Final[tuple[Rule, ...]] = (
    Rule("ORD-001", "MUST", "every key of ccxt's order structure is present", "CCXT", _keys),
    Rule("ORD-002", "MUST", "id is a string that is not empty", "CCXT", _id),
    Rule("ORD-003", "MUST", "symbol is unified: BASE/QUOTE or BASE/QUOTE:SETTLE", "CCXT", _symbol),
    Rule(
        "ORD-004",
        "MUST",
        f"status is one of {', '.join(STATUSES)}",
        "CCXT; DESIGN: bots raise on, or treat as done, any other word",
        _status,
    ),
    Rule("ORD-005", "MUST", "side is buy or sell", "CCXT", _side),
    Rule("ORD-006", "MUST", "type is a word in lower case, such as limit or market", "CCXT", _type),
    Rule(
        "ORD-007",
        "MUST",
        "times are whole milliseconds or None, never 0 and never seconds",
        "CCXT; DESIGN: 0 is a trade in 1970 to a bot",
        _times,
    ),
    Rule(
        "ORD-008", "MUST", "datetime is timestamp in ISO 8601, or both are None", "CCXT", _datetime
    ),
    Rule(
        "ORD-009",
        "MUST",
        "nothing happens to an order before it is created",
        "DESIGN: clear from the words",
        _sequence,
    ),
    Rule(
        "ORD-010",
        "MUST",
        "lastTradeTimestamp is None while nothing is filled",
        "CCXT: timestamp of the most recent trade on this order",
        _traded,
    ),
    Rule("ORD-011", "MUST", "numbers are finite and not negative, or None", "CCXT", _numbers),
    Rule(
        "ORD-012",
        "MUST",
        "amount = filled + remaining where all are known; overfilled, remaining is 0",
        "CCXT",
        _sum,
    ),
    Rule(
        "ORD-013",
        "MUST",
        "cost = filled x average where all are known, 0 or None where nothing is filled",
        "CCXT",
        _cost,
    ),
    Rule(
        "ORD-014",
        "MUST",
        "average is None while nothing is filled",
        "DESIGN: 0 is a price",
        _average,
    ),
    Rule(
        "ORD-015",
        "SHOULD",
        "nothing remains of a closed order",
        "CCXT; DESIGN: exchanges contradict themselves, and are then reported as they said",
        _closed,
    ),
    Rule(
        "ORD-016",
        "MUST",
        "a fee has a cost and a currency, or there is none",
        "CCXT Fees; DESIGN: bots book a cost of None as 0",
        _fee,
    ),
    Rule("ORD-017", "MUST", "trades is a list", "CCXT", _trades),
    Rule("ORD-018", "MUST", "info is what the exchange sent", "CCXT", _info),
)
