"""Comparing what an answer gave with what it must give.

Only the keys that are expected are looked at. Numbers are compared as exact decimals; where the
subject gave a float, the error that binary arithmetic brings in is allowed.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance import rules
from dfx_conformance.order_checks import NUMBERS
from dfx_conformance.quantities import EXACT, exact, is_close
from dfx_conformance.rules import Problem
from dfx_conformance.vectors import IMPLIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dfx_conformance.rules import Rule
    from dfx_conformance.vectors import ExpectedError

NUMBER_KEYS: Final = frozenset((*NUMBERS, "cashAmount"))
_LONGEST: Final = 300
_UNKNOWN_CODE: Final = "ERR-012"
_EVERY_DIGIT: Final = "MAP-026"
_NEAR: Final = Decimal("1e-9")  # of a number: a float this near is the number, computed with losses
_FACTS: Final = frozenset(IMPLIED)


def blamed(rule_ids: Iterable[str], about: str | None = None) -> list[Rule]:
    """Return the rules that a fault breaks: those about that key, or of no key, or all."""
    proven = [rules.find(rule_id) for rule_id in rule_ids]
    narrow = [rule for rule in proven if about in rule.about]
    if about and not narrow:
        narrow = [rule for rule in proven if not rule.about]
    return narrow or [rule for rule in proven if not _FACTS & set(rule.about)] or proven


def compare_orders(
    expected: Sequence[Mapping[str, Any]],
    got: Sequence[Mapping[str, Any]],
    rule_ids: Sequence[str],
    *,
    exactly: bool = False,
    where: str = "",
) -> Iterator[Problem]:
    """Compare lists of orders.

    Args:
        expected: The orders with the keys that count.
        got: What the subject gave.
        rule_ids: The rules that the answer is to prove.
        exactly: Whether floats, too, must have every digit.
        where: What the orders are part of, for the message.
    """
    if len(got) != len(expected):
        message = f"{where}{len(got)} orders, expected {len(expected)}"
        for rule in blamed(rule_ids):
            yield Problem(rule, message, [_brief(order) for order in got], list(expected))
        return
    in_sequence = _by_time(expected, got)
    for index, (wanted, order) in enumerate(zip(in_sequence, got, strict=True)):
        place = f"{where}order {index}: " if len(expected) > 1 else where
        for key, value in wanted.items():
            found = order.get(key)  # that keys are there is ORD-001's business
            if not _same(key, value, found, exactly=exactly, scale=_scale(key, order)):
                message = f"{place}{key} is {written(found)}, expected {value!r}"
                for rule in _blamed_for_value(rule_ids, key, value, found):
                    yield Problem(rule, message, {key: found}, {key: value})


def _scale(key: str, order: Mapping[str, Any]) -> Decimal:
    """Return the largest number that a float of an order may have been computed from."""
    names = ("amount", "filled") if key == "remaining" else ()
    found = [number.copy_abs() for name in names if (number := exact(order.get(name)))]
    return max(found, default=Decimal(0))


def _blamed_for_value(
    rule_ids: Sequence[str], key: str, expected: object, got: object
) -> list[Rule]:
    """Return the rules that a wrong value breaks: digits that were lost are one fault."""
    wanted, number = exact(expected), exact(got)
    is_float = key in NUMBER_KEYS and isinstance(got, float)
    if is_float and wanted and number and abs(number - wanted) <= _NEAR * abs(wanted):
        return [rules.find(_EVERY_DIGIT)]
    return blamed(rule_ids, key)


def _by_time(
    expected: Sequence[Mapping[str, Any]], got: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Sort what is expected by timestamp if the orders are, as ccxt sorts lists; else leave it."""
    times: dict[str, Any] = {_name(order): order.get("timestamp") for order in got}
    if not all(isinstance(times.get(_name(order)), int) for order in expected):
        return expected
    oldest_first = sorted(expected, key=lambda order: times[_name(order)])
    return oldest_first if [*map(_name, oldest_first)] == [*map(_name, got)] else expected


def _name(order: Mapping[str, Any]) -> str:
    return written(order.get("id"))


def compare_error(
    expected: ExpectedError, error: BaseException, rule_ids: Sequence[str], *, exactly: bool = False
) -> Iterator[Problem]:
    """Compare an error: its classes by name, then its text and its attributes."""
    classes = class_names(error)
    text = describe(error)
    if "BaseError" not in classes:
        message = f"{text} is none of ccxt's errors"
        yield Problem(rules.find("ERR-016"), message, text, expected.class_)
        yield from _blame_class(expected, text, rule_ids)
        return  # what is in the text of a crash is no further fault
    if expected.class_ not in classes or set(expected.not_) & classes:
        yield from _blame_class(expected, text, rule_ids)
    yield from _facts(expected, error, rule_ids)
    if expected.orders:
        where = "carried by the error: "
        rule_id = (IMPLIED["orders"],)
        orders = carried(error)
        yield from compare_orders(expected.orders, orders, rule_id, exactly=exactly, where=where)


def _blame_class(expected: ExpectedError, text: str, rule_ids: Sequence[str]) -> Iterator[Problem]:
    besides = f", not {' or '.join(expected.not_)}" if expected.not_ else ""
    wanted = expected.class_ + besides
    for rule in blamed(rule_ids):
        yield Problem(rule, f"raised {text}, expected {wanted}", text, wanted)


def _facts(
    expected: ExpectedError, error: BaseException, rule_ids: Sequence[str]
) -> Iterator[Problem]:
    text = text_of(error)
    if expected.path and expected.path not in (getattr(error, "path", None), *_words(text)):
        yield _fact("path", f"the error does not name {expected.path}", text, expected.path)
    if expected.code is not None and not has_code(text, expected.code):
        yield _fact("code", f"the error does not say {expected.code}", text, str(expected.code))
    # The text that came with an unknown code must be in the message; with a known one it should.
    rule_id = _UNKNOWN_CODE if _UNKNOWN_CODE in rule_ids else IMPLIED["text"]
    for part in expected.text:
        if part not in text:
            message = f"the error does not say {part!r}"
            yield Problem(rules.find(rule_id), message, text, part)


def has_code(text: str, code: int | str) -> bool:
    """Tell whether a text has a code as a number of its own: 1 is not in 10001."""
    return str(code) in re.findall(r"-?[0-9]+", text)


def _words(text: str) -> set[str]:
    """Split a message so that $.data[1] is not found in $.data[1].status."""
    return {word.strip(":;,.'\"()`") for word in text.split()}


def _fact(name: str, message: str, got: str, expected: str) -> Problem:
    return Problem(rules.find(IMPLIED[name]), message, got, expected)


def carried(error: BaseException | None) -> list[Mapping[str, Any]]:
    """Return the orders that an error carries; none, where they are anything but orders."""
    orders = getattr(error, "orders", None)
    if not isinstance(orders, list | tuple):
        return []
    return list(orders) if all(isinstance(order, Mapping) for order in orders) else []


def class_names(error: BaseException) -> set[str]:
    """Name the class of an error and all its bases."""
    return {base.__name__ for base in type(error).__mro__}


def describe(error: BaseException) -> str:
    """Write an error shortly; one that is not of ccxt's is a crash, and has a place."""
    text = f"{type(error).__name__}: {text_of(error)}"
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return text if "BaseError" in class_names(error) else f"{text}{_place(error)}"


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames or "dfx_conformance" in frames[-1].filename:
        return ""
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno} in {frames[-1].name})"


def _same(
    key: str, expected: object, got: object, *, exactly: bool, scale: Decimal = Decimal(0)
) -> bool:
    if expected is None or got is None:
        return expected is got
    if key == "info" and isinstance(expected, Mapping):
        return _same_info(expected, got)
    if key not in NUMBER_KEYS:
        return type(expected) is type(got) and is_equal(expected, got)
    wanted, number = exact(expected), exact(got)
    if wanted is None or number is None:
        return False
    if isinstance(got, float) and not exactly:
        return is_close(number, wanted, scale)
    return number == wanted


def _same_info(expected: Mapping[str, Any], got: object) -> bool:
    """Compare a row as received: a number may be of any type that has all its digits."""
    return isinstance(got, Mapping) and all(
        key in got and same_value(value, got[key]) for key, value in expected.items()
    )


def same_value(expected: object, got: object, *, exactly: bool = True) -> bool:
    """Compare a value of a row with that of an info: numbers as numbers, of whatever type."""
    if isinstance(expected, bool) is isinstance(got, bool) and is_equal(expected, got):
        return True
    if isinstance(expected, bool | list | dict) or expected is None:
        return _plainly(expected) == _plainly(got)
    wanted, number = exact(expected), exact(got)
    if wanted is None or number is None:
        return False
    return wanted == number or (not exactly and isinstance(got, float) and is_close(number, wanted))


def _plainly(value: object) -> str:
    """Write a value so that its numbers are the same text, of whatever type they are."""
    if isinstance(value, Mapping):
        return str({key: _plainly(inner) for key, inner in sorted(value.items())})
    if isinstance(value, list | tuple):
        return str(list(map(_plainly, value)))
    number = exact(value)
    return written(value) if number is None else str(number.normalize(EXACT))


def _brief(order: Mapping[str, Any]) -> dict[str, Any]:
    return {key: order.get(key) for key in ("id", "status", "amount", "filled")}


def plain(value: object) -> Any:
    """Bring a value into a form that JSON has: what a report shows of it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else repr(value)  # noqa: PLR0124
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return written(value)


def is_equal(one: object, other: object) -> bool:
    """Tell whether two values are equal; one whose comparison fails equals nothing."""
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001  # a subject's answer may be anything
        return False


def written(value: object) -> str:
    """Write a value, whatever its class makes of it."""
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001  # a subject's answer may be anything
        return f"a {type(value).__name__} whose repr raises {type(error).__name__}"


def text_of(error: BaseException) -> str:
    """Return the text of an error, whatever its class makes of it."""
    try:
        return str(error)
    except Exception as other:  # noqa: BLE001  # a subject's error may be anything
        return f"(its text raises {type(other).__name__})"
