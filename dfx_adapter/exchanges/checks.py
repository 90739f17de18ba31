"""Whether an order, whoever made it, is one that a bot can rely on.

`shape` looks at keys and types, cheaply: the host asks it about whatever a plugin answers.
`problems` asks the rules as well: an order is right if bringing it to them changes nothing.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.exchanges import fills, rules
from dfx_adapter.order import KEYS, NUMBERS, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_KEYS: Final = frozenset(KEYS)
_TEXTS: Final = (
    *("clientOrderId", "symbol", "type", "timeInForce", "side", "datetime", "marginMode"),
)
_TIMES: Final = ("timestamp", "lastTradeTimestamp", "lastUpdateTimestamp")
_FLAGS: Final = ("postOnly", "reduceOnly", "hedged")
_LISTS: Final = ("trades", "fees")
_KNOWN: Final = ", ".join(sorted(STATUSES))
_SUMS: Final = ("amount", "filled", "remaining")
_FLOATS: Final = 1e-12  # what is left of a float after a few sums and products


def shape(order: object, number: Callable[[str], Any]) -> Iterator[str]:
    """Say what is wrong with the keys and the types of an order.

    Args:
        order: anything.
        number: the type of its numbers: float, Decimal or str.
    """
    if not isinstance(order, dict):
        yield f"expected a dict, found {order!r}"
        return
    missing = _KEYS - order.keys()
    if missing:
        yield f"missing {', '.join(name for name in KEYS if name in missing)}"
        return
    id_, status = order["id"], order["status"]
    if not isinstance(id_, str) or not id_.strip():
        yield _wrong("id", id_, "text that is not empty")
    if status is not None and not (isinstance(status, str) and status in STATUSES):
        yield _wrong("status", status, f"{_KNOWN} or None")
    yield from _wrong_types(order)
    yield from _wrong_numbers(order, type(number("1")))


def _wrong_types(order: Mapping[str, Any]) -> Iterator[str]:
    for name in _TEXTS:
        if order[name] is not None and not isinstance(order[name], str):
            yield _wrong(name, order[name], "text or None")
    for name in _TIMES:
        if order[name] is not None and type(order[name]) is not int:
            yield _wrong(name, order[name], "whole milliseconds or None")
    for name in _FLAGS:
        if order[name] is not None and not isinstance(order[name], bool):
            yield _wrong(name, order[name], "True, False or None")
    for name in _LISTS:
        if not isinstance(order[name], list):
            yield _wrong(name, order[name], "a list")
    if order["fee"] is not None and not isinstance(order["fee"], dict):
        yield _wrong("fee", order["fee"], "a dict or None")


def _wrong_numbers(order: Mapping[str, Any], kind: type) -> Iterator[str]:
    for name in NUMBERS:
        value = order[name]
        if value is None:
            continue
        if not isinstance(value, kind):
            yield _wrong(name, value, f"a {kind.__name__} or None")
        elif not _is_quantity(value):
            yield _wrong(name, value, "a finite number that is not negative")


def _is_quantity(value: Any) -> bool:
    if isinstance(value, str):
        return fills.quantity(value) is not None
    is_finite: bool = value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
    return is_finite and value >= 0


def _wrong(name: str, found: object, expected: str) -> str:
    return f"{name} {found!r}: expected {expected}"


def problems(
    order: object, number: Callable[[str], Any], market: Mapping[str, Any] | None = None
) -> list[str]:
    """Say how an order differs from what the rules make of it, after `shape`.

    Args:
        order: anything.
        number: the type of its numbers.
        market: ccxt's market of the order, which knows the size of a contract.
    """
    found = list(shape(order, number))
    if found or not isinstance(order, dict):
        return found
    right = rules.completed(order, rules.Rules(number=number, market=market, warn=found.append))
    found += [
        f"{name} is {order[name]!r}, by the rules {right[name]!r}"  # type: ignore[literal-required]  # one of its keys
        for name in KEYS
        if not _is_same(name, order[name], right[name], _lost(name, order))  # type: ignore[literal-required]  # same
    ]
    return found


def _lost(name: str, order: Mapping[str, Any]) -> float:
    """Return what a sum of amounts may lose as floats: digits of the largest, not of the sum."""
    amounts = [order[of] for of in _SUMS if isinstance(order[of], float)]
    return 2 * math.ulp(max(amounts)) if name in _SUMS and amounts else 0


def _is_same(name: str, value: Any, right: Any, lost: float) -> bool:
    if name not in NUMBERS or value is None or right is None:
        return bool(value == right)
    if isinstance(value, float):
        return math.isclose(value, right, rel_tol=_FLOATS, abs_tol=lost)
    return Decimal(value) == Decimal(right)
