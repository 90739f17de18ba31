"""Reading the values of a row: what is not as expected is an error that says where it stands."""

from __future__ import annotations

import decimal
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dfx_adapter.excerpts import written
from dfx_adapter.exchanges import rules
from dfx_adapter.order import LAST_SECOND, MOST_DIGITS, fits_float

if TYPE_CHECKING:
    from collections.abc import Callable

    from dfx_adapter.hookspecs import ParseContext

T = TypeVar("T")
D = TypeVar("D")

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d+", re.ASCII)
_SECOND: Final = Decimal(1000)


class _Required:
    """Stands for no default: what is missing is an error."""


REQUIRED: Final[Any] = _Required()


def bad_response(context: ParseContext, path: str, found: object, expected: str) -> Exception:
    """Return, to be raised, a ccxt.BadResponse: what stands at a JSON path is not what should.

    Args:
        context: as the hook got it.
        path: such as `$.result[0].price`.
        found: what stands there.
        expected: what the documents say stands there, in words.
    """
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    what = "nothing" if found is REQUIRED else written(found)
    return errors.describe(
        errors.BadResponse,
        f"answer: {path}: expected {expected}, found {what}",
        exchange_id=context.exchange_id,
        path=path,
        found=None if found is REQUIRED else found,
        expected=expected,
    )


def path_to(path: str, name: str) -> str:
    """Return the JSON path of a key of an object."""
    return f"{path}.{name}" if name.isidentifier() else f"{path}[{json.dumps(name)}]"


class Row:
    """One row of an answer, and where it stands.

    Each reader takes the name of a key, and gives its value in the type that it promises. A value
    that is missing, null or "" is the `default`, where one is given, and else an error; a value of
    the wrong kind is an error in any case. The errors are ccxt.BadResponse with `path` (such as
    `$[2].price`), `found` and `expected`.

    Attributes:
        raw: the row as received: fractions as text, whole numbers as int.
        path: its JSON path in the answer.
    """

    __slots__ = ("_context", "path", "raw")

    def __init__(self, context: ParseContext, raw: Any, path: str = "$") -> None:
        """Take a row.

        Raises:
            ccxt.BadResponse: it is no object with anything in it.
        """
        self._context, self.raw, self.path = context, raw, path
        if not isinstance(raw, Mapping) or not raw:
            raise self.wrong("a row: an object", raw, path)

    def path_of(self, name: str) -> str:
        """Return the JSON path of a key."""
        return path_to(self.path, name)

    def wrong(self, expected: str, found: object, path: str | None = None) -> Exception:
        """Return, to be raised, the error that the row, or a path, is not as expected."""
        return bad_response(self._context, path or self.path, found, expected)

    def has(self, name: str) -> bool:
        """Tell whether a key says anything: it is there, and neither null nor ""."""
        return self.raw.get(name) not in (None, "")

    def text(self, name: str, default: D = REQUIRED) -> str | D:
        """Return a text, such as an id or a word; a whole number becomes its text."""
        return self._read(name, default, _text, "text")

    def number(self, name: str, default: D = REQUIRED) -> Decimal | D:
        """Return a number that is not negative, exactly: from text, an int, or a float's repr."""
        return self._read(name, default, _quantity, "a number that is not negative")

    def signed(self, name: str, default: D = REQUIRED) -> Decimal | D:
        """Return a number of either sign, exactly, such as a fee or a rebate."""
        return self._read(name, default, _number, "a number")

    def whole(self, name: str, default: D = REQUIRED) -> int | D:
        """Return a whole number, from an int or its text."""
        return self._read(name, default, _whole, "a whole number")

    def flag(self, name: str, default: D = REQUIRED) -> bool | D:
        """Return true or false."""
        return self._read(name, default, _flag, "true or false")

    def word(self, name: str, words: Mapping[str, T], default: D = REQUIRED) -> T | D:
        """Return what a word of the exchange's means, by a table that lists them all."""
        expected = f"one of {', '.join(map(str, words))}"
        return self._read(name, default, lambda value: words.get(str(value)), expected)

    def milliseconds(self, name: str, default: D = REQUIRED) -> int | D | None:
        """Return a time that stands there in milliseconds since 1970; None where it is 0 or -1."""
        return self._time(name, default, Decimal(1), "milliseconds since 1970")

    def seconds(self, name: str, default: D = REQUIRED) -> int | D | None:
        """Return, in milliseconds, a time in seconds, fractions too; None where it is 0 or -1."""
        return self._time(name, default, _SECOND, "seconds since 1970")

    def iso8601(self, name: str, default: D = REQUIRED) -> int | D:
        """Return, in milliseconds, a moment in ISO 8601; one without a zone is UTC."""
        return self._read(name, default, rules.milliseconds_of, "a moment in ISO 8601")

    def row(self, name: str, default: D = REQUIRED) -> Row | D:
        """Return the object inside as a row of its own."""
        read = self._read(name, default, _object, "an object")
        return Row(self._context, read, self.path_of(name)) if isinstance(read, dict) else read

    def rows(self, name: str, default: D = REQUIRED) -> list[Row] | D:
        """Return the objects of a list inside, such as an order's fills."""
        inner = self._read(name, default, _list, "a list")
        if not isinstance(inner, list):
            return inner
        path = self.path_of(name)
        return [Row(self._context, one, f"{path}[{place}]") for place, one in enumerate(inner)]

    def _read(self, name: str, default: D, read: Callable[[Any], T | None], expected: str) -> T | D:
        found = self.raw.get(name, REQUIRED)
        if found is REQUIRED or found is None or found == "":
            if default is not REQUIRED:
                return default
            raise self.wrong(expected, found, self.path_of(name))
        value = read(found)
        if value is None:
            raise self.wrong(expected, found, self.path_of(name))
        return value

    def _time(self, name: str, default: D, unit: Decimal, expected: str) -> int | D | None:
        value = self._read(name, default, _number, expected)
        if not isinstance(value, Decimal):
            return value
        if value in {0, -1}:
            return None
        time = int(value * unit)
        if time // 1000 not in _SECONDS:
            raise self.wrong(expected, self.raw[name], self.path_of(name))
        return time


# Times of an order: since 2001, as the rules have it, which tells seconds from milliseconds.
_SECONDS: Final = range(10**9, LAST_SECOND + 1)


def exact(value: Any) -> Decimal | None:
    """Return a number of any type exactly; None for what is none, or no float could hold.

    Of a float it is the shortest text that is that float, which is what JSON would have had.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except decimal.InvalidOperation:
        return None
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS:
        return None
    return number if fits_float(number) else None


_number = exact


def _quantity(value: Any) -> Decimal | None:
    number = exact(value)
    return None if number is None or number < 0 else abs(number)


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and _WHOLE.fullmatch(value) and len(value) <= MOST_DIGITS:
        return int(value)
    return value if type(value) is int else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _object(value: Any) -> dict[str, Any] | None:
    return dict(value) if isinstance(value, Mapping) and value else None


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else None
