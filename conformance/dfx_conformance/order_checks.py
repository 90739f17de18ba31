"""How the rules of one order, ORD, are checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeGuard

from dfx_conformance.cost_checks import wrong_cost
from dfx_conformance.quantities import EXACT, Market, Order, exact, is_close, types_of
from dfx_conformance.rules import Problem
from dfx_conformance.rules.order import RULES, STATUSES

if TYPE_CHECKING:
    from decimal import Decimal

Check = Callable[[Order, Market | None], Iterator[str]]


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
_LAST_MILLISECOND: Final = 253_402_300_799_999  # of the year 9999: anything more is microseconds
_CLOCKS: Final = 1000  # an exchange's clocks differ, and some of its times are whole seconds
_WHICH: Final = ("id", "symbol", "status", "side", "type", "info")


def check(order: Order, market: Market | None = None) -> list[Problem]:
    """Return every rule that an order breaks, and how.

    Args:
        order: A unified order of any exchange, from a reading or a changing method.
        market: ccxt's market of that order, where the caller has it: its `contractSize`, `linear`,
            `inverse`, `settle` and `option` say what its cost must be. Without it, contracts are
            known by their symbol, and their size is any round number.
    """
    return [Problem(rule, message) for rule in RULES for message in broken(rule.id, order, market)]


def broken(rule_id: str, order: Order, market: Market | None = None) -> Iterator[str]:
    """Yield how an order breaks one rule."""
    yield from CHECKS[rule_id](order, market)


def _keys(order: Order, _: Market | None) -> Iterator[str]:
    missing = [key for key in KEYS if key not in order]
    if missing:
        yield f"missing {', '.join(missing)}"


def _id(order: Order, _: Market | None) -> Iterator[str]:
    value = order.get("id", "missing")
    if value is None and order.get("filled") is not None:
        yield "id is None, though the answer says what is filled"
    elif value is not None and not (isinstance(value, str) and value.strip()):
        yield f"id is {value!r}"


def _symbol(order: Order, _: Market | None) -> Iterator[str]:
    symbol = order.get("symbol")
    if symbol is not None and not (isinstance(symbol, str) and _SYMBOL.fullmatch(symbol)):
        yield f"symbol is {symbol!r}"


def _status(order: Order, _: Market | None) -> Iterator[str]:
    if order.get("status") not in (None, *STATUSES):
        yield f"status is {order['status']!r}"


def _side(order: Order, _: Market | None) -> Iterator[str]:
    if order.get("side") not in (None, *SIDES):
        yield f"side is {order['side']!r}"


def _type(order: Order, _: Market | None) -> Iterator[str]:
    type_ = order.get("type")
    if type_ is not None and not (isinstance(type_, str) and type_ and type_ == type_.lower()):
        yield f"type is {type_!r}"


def _times(order: Order, _: Market | None) -> Iterator[str]:
    for name in TIMES:
        if order.get(name) is not None and not _is_time(order[name]):
            yield f"{name} is {order[name]!r}"


def _is_time(value: object) -> TypeGuard[int]:
    return type(value) is int and _FIRST_MILLISECOND <= value <= _LAST_MILLISECOND


def _datetime(order: Order, _: Market | None) -> Iterator[str]:
    timestamp, text = order.get("timestamp"), order.get("datetime")
    if "datetime" not in order or not (timestamp is None or _is_time(timestamp)):
        return  # ORD-001 or ORD-007 has it
    if timestamp is None:
        expected = None
    else:
        moment = datetime.fromtimestamp(timestamp // 1000, UTC)
        expected = f"{moment:%Y-%m-%dT%H:%M:%S}.{timestamp % 1000:03}Z"
    if text != expected:
        yield f"datetime is {text!r}, timestamp {timestamp!r}"


def _sequence(order: Order, _: Market | None) -> Iterator[str]:
    created = order.get("timestamp")
    for name in ("lastTradeTimestamp", "lastUpdateTimestamp"):
        later = order.get(name)
        if _is_time(created) and _is_time(later) and later <= created - _CLOCKS:
            yield f"{name} {later} is before timestamp {created}"


def _traded(order: Order, _: Market | None) -> Iterator[str]:
    if order.get("lastTradeTimestamp") is not None and exact(order.get("filled")) == 0:
        yield f"lastTradeTimestamp is {order['lastTradeTimestamp']!r}, filled {order['filled']!r}"


def _numbers(order: Order, _: Market | None) -> Iterator[str]:
    for name in NUMBERS:
        value = order.get(name)
        number = exact(value)
        if value is not None and (number is None or number < 0):
            yield f"{name} is {value!r}"


def _sum(order: Order, _: Market | None) -> Iterator[str]:
    amount, filled, remaining = (
        exact(order.get(name)) for name in ("amount", "filled", "remaining")
    )
    if amount is None or filled is None or remaining is None:
        return
    overfilled = filled > amount and remaining == 0
    if not overfilled and not _equal(amount, EXACT.add(filled, remaining), order):
        yield f"{amount} is not {filled} + {remaining}"


def _average(order: Order, _: Market | None) -> Iterator[str]:
    if order.get("average") is not None and exact(order.get("filled")) == 0:
        yield f"average is {order['average']!r}, filled {order['filled']!r}"


def _closed(order: Order, _: Market | None) -> Iterator[str]:
    if order.get("status") == "closed" and exact(order.get("remaining")):
        yield f"status is closed, remaining {order['remaining']!r}"


def _fee(order: Order, _: Market | None) -> Iterator[str]:
    fees = order.get("fees", [])
    if not isinstance(fees, list):
        yield f"fees is {fees!r}"
        return
    for fee in filter(lambda fee: fee is not None, (order.get("fee"), *fees)):
        if not _is_fee(fee):
            yield f"a fee is {fee!r}"


def _is_fee(fee: object) -> bool:
    if not isinstance(fee, Mapping) or exact(fee.get("cost")) is None:
        return False
    return isinstance(fee.get("currency"), str) and bool(fee["currency"])


def _trades(order: Order, _: Market | None) -> Iterator[str]:
    if not isinstance(order.get("trades", []), list):
        yield f"trades is {order['trades']!r}"


def _info(order: Order, _: Market | None) -> Iterator[str]:
    if "info" not in order or order["info"]:
        return
    if order.get("filled") is not None:
        yield f"info is {order['info']!r}"


def _known(order: Order, _: Market | None) -> Iterator[str]:
    unknown = [name for name in _WHICH if order.get(name, name) is None]
    if unknown:
        yield f"{', '.join(unknown)} unknown"


def _one_type(order: Order, _: Market | None) -> Iterator[str]:
    types = number_types(order)
    if len(set(types.values())) > 1:
        yield ", ".join(f"{name} is {type_}" for name, type_ in types.items())


def number_types(order: Order) -> dict[str, str]:
    """Name the type of each number of an order, those of its fee among them."""
    fee = order.get("fee")
    cost = fee.get("cost") if isinstance(fee, Mapping) else None
    return types_of({**{name: order.get(name) for name in NUMBERS}, "fee.cost": cost})


def _equal(number: Decimal, expected: Decimal, order: Order) -> bool:
    if any(isinstance(order.get(name), float) for name in NUMBERS):
        return is_close(number, expected)
    return number == expected


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
    "ORD-013": wrong_cost,
    "ORD-014": _average,
    "ORD-015": _closed,
    "ORD-016": _fee,
    "ORD-017": _trades,
    "ORD-018": _info,
    "ORD-019": _known,
    "ORD-020": _one_type,
}
