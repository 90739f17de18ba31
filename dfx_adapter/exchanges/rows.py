"""What a class of ccxt makes of the rows of one answer: row by row, with what it took them for.

ccxt's methods hand each row to `parse_order` and go on with its result: they sort, filter, copy and
extend it. A `Row` travels inside that result under a key of ours, so that at the end of the method
each order still knows the row that it was made of.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.exchanges.fills import quantity
from dfx_adapter.exchanges.rules import with_numbers
from dfx_adapter.order import NUMBERS, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

KEY: Final = "dfxRow"
_DERIVED: Final = ("cost", "average")


class Row:
    """One row of an answer, and what ccxt's class made of it.

    Attributes:
        raw: the row as the class handed it to `parse_order`; None where it made an order without.
        parsed: the order as ccxt's own code has it.
        exact: the same with every number as exact text.
        derived: the numbers that ccxt worked out of others.
        index: the place of the row in its answer, counted from 1.
    """

    __slots__ = ("derived", "exact", "index", "parsed", "raw")

    def __init__(self, raw: Any, parsed: Mapping[str, Any], exact: Mapping[str, Any]) -> None:
        self.raw, self.parsed, self.exact = raw, parsed, exact
        self.derived: frozenset[str] = frozenset()
        self.index = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> Row:
        return self

    def order(self, now: Mapping[str, Any], number: Callable[[str], Any]) -> dict[str, Any]:
        """Return the order as the method left it, its numbers as exact as the row has them."""
        return {
            name: value
            if name == "info"
            else self._exact(name, value, number)
            if _is_same(value, self.parsed.get(name))
            else with_numbers(value, number)
            for name, value in now.items()
            if name != KEY
        }

    def _exact(self, name: str, value: Any, number: Callable[[str], Any]) -> Any:
        exact = self.exact.get(name)
        if name in NUMBERS:
            return value if exact is None else exact
        return _merged(value, exact, number)


def _is_same(value: object, before: object) -> bool:
    return value is before or (type(value) is type(before) and value == before)


def _merged(value: Any, exact: Any, number: Callable[[str], Any]) -> Any:
    """Return what stands deeper in an order, floats by their exact text."""
    if isinstance(value, dict) and isinstance(exact, dict):
        return {
            key: inner if key == "info" else _merged(inner, exact.get(key), number)
            for key, inner in value.items()
        }
    if isinstance(value, list) and isinstance(exact, list) and len(value) == len(exact):
        return [_merged(*both, number) for both in zip(value, exact, strict=True)]
    if isinstance(value, float) and isinstance(exact, str):
        given = quantity(exact.removeprefix("-"))
        if given is not None:
            return number(plain(-given if exact.startswith("-") else given))
    return with_numbers(value, number)


class Parsing:
    """One run of a class's parser: whether numbers are wanted as text, and what it gave."""

    __slots__ = ("as_text", "given")

    def __init__(self, *, as_text: bool) -> None:
        self.as_text = as_text
        self.given: dict[str, Any] | None = None  # what the class gave to `safe_order`

    def derived(self) -> frozenset[str]:
        """Name the numbers that `safe_order` worked out because the class gave none."""
        given = self.given
        if given is None:
            return frozenset()
        return frozenset(name for name in _DERIVED if not quantity(given.get(name)))


_parsing: ContextVar[Parsing | None] = ContextVar("dfx_adapter_parsing", default=None)


def running() -> Parsing | None:
    """Return the parser's run that this code is part of."""
    return _parsing.get()


@contextmanager
def _run(*, as_text: bool) -> Iterator[Parsing]:
    parsing = Parsing(as_text=as_text)
    token = _parsing.set(parsing)
    try:
        yield parsing
    finally:
        _parsing.reset(token)


def parsed(
    parse: Callable[[], Any], raw: Any, *, exactly: bool, given: Mapping[str, Any] | None = None
) -> Any:
    """Return the order that a class's parser makes, its `Row` inside it.

    Args:
        parse: the parser, bound to its row.
        raw: that row.
        exactly: whether the caller's numbers hold more digits than the floats of ccxt's code, so
            that the parser is to run again with numbers as text.
        given: what `safe_order` is given, where it is itself the parser; others are watched.
    """
    with _run(as_text=False) as parsing:
        parsing.given = None if given is None else dict(given)
        order = parse()
    if not isinstance(order, dict) or KEY in order:
        return order
    exact = order
    if exactly:
        try:
            with _run(as_text=True):
                exact = parse()
        except Exception:  # noqa: BLE001  # a class that computes with numbers of its order
            exact = order
    row = Row(raw, {**order}, exact)
    row.derived = parsing.derived()
    return {**order, KEY: row}
