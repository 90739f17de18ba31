"""How the rules of an order over time, LIFE, are checked: its snapshots, oldest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from dfx_conformance.compare import is_equal, written
from dfx_conformance.quantities import exact, is_close
from dfx_conformance.rules import Problem
from dfx_conformance.rules.life import RULES

Order = Mapping[str, Any]
Check = Callable[[Order, Order], Iterator[str]]

_FINAL: Final = frozenset({"closed", "canceled", "expired", "rejected"})


def check_life(answers: Iterable[Iterable[Order]]) -> list[Problem]:
    """Follow each order through successive answers, by its id; return what it breaks."""
    lives: defaultdict[str, list[Order]] = defaultdict(list)
    for answer in answers:
        for order in answer:
            lives[written(order.get("id"))].append(order)
    return [
        Problem(rule, f"order {order_id}: {message}")
        for order_id, life in lives.items()
        for before, after in pairwise(life)
        for rule in RULES
        for message in CHECKS[rule.id](before, after)
    ]


def is_followed(answers: Iterable[Iterable[Order]]) -> bool:
    """Tell whether an order is in two answers at least, so that it has a life to check."""
    ids = [
        order_id for answer in answers for order_id in {written(one.get("id")) for one in answer}
    ]
    return len(ids) > len(set(ids))


def _filled(before: Order, after: Order) -> Iterator[str]:
    yield from _fallen("filled", before, after)


def _cost(before: Order, after: Order) -> Iterator[str]:
    yield from _fallen("cost", before, after)


def _fallen(key: str, before: Order, after: Order) -> Iterator[str]:
    earlier, later = exact(before.get(key)), exact(after.get(key))
    if earlier is None or _is_same(before.get(key), after.get(key)):
        return
    if later is None or later < earlier:
        yield _change(key, before, after)


def _final(before: Order, after: Order) -> Iterator[str]:
    if _is_final(before):
        yield from _changed(("status",), before, after)


def _identity(before: Order, after: Order) -> Iterator[str]:
    yield from _changed(("symbol", "side", "type", "timestamp"), before, after)


def _terms(before: Order, after: Order) -> Iterator[str]:
    for key in ("amount", "price") if is_equal(before.get("type"), "limit") else ("amount",):
        if before.get(key) is not None:
            yield from _changed_number(key, before, after)


def _booked(before: Order, after: Order) -> Iterator[str]:
    if _is_final(before):
        for key in ("filled", "cost", "average"):
            yield from _changed_number(key, before, after)


def _times(before: Order, after: Order) -> Iterator[str]:
    for key in ("lastTradeTimestamp", "lastUpdateTimestamp"):
        earlier, later = before.get(key), after.get(key)
        if type(earlier) is int and (type(later) is not int or later < earlier):
            yield _change(key, before, after)


def _changed(keys: Iterable[str], before: Order, after: Order) -> Iterator[str]:
    for key in keys:
        if before.get(key) is not None and not is_equal(before[key], after.get(key)):
            yield _change(key, before, after)


def _changed_number(key: str, before: Order, after: Order) -> Iterator[str]:
    if not _is_same(before.get(key), after.get(key)):
        yield _change(key, before, after)


def _is_same(earlier: object, later: object) -> bool:
    """Compare numbers, floats but for what one sum or product brings in."""
    first, second = exact(earlier), exact(later)
    if first is None or second is None:
        return first is second
    if any(isinstance(value, float) for value in (earlier, later)):
        return is_close(first, second)
    return first == second


def _change(key: str, before: Order, after: Order) -> str:
    return f"{key} was {written(before.get(key))}, then {written(after.get(key))}"


def _is_final(order: Order) -> bool:
    status = order.get("status")
    return isinstance(status, str) and status in _FINAL


CHECKS: Final[Mapping[str, Check]] = {
    "LIFE-001": _filled,
    "LIFE-002": _final,
    "LIFE-003": _cost,
    "LIFE-004": _identity,
    "LIFE-005": _terms,
    "LIFE-006": _booked,
    "LIFE-007": _times,
}
