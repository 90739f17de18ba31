"""The rows of DigiFinex as documented, typed and exact.

Document: "Get order status", Response Content (docs.digifinex.com/en-ww/spot/v3/rest.html, read
2026-11-22). The same row stands in the answers of order/current, order/history and order/detail.

Numbers are bare JSON numbers on the wire (real body of ccxt#6097), whole ones without a point and
small ones with an exponent. They are accepted as text, too, because clients that quote numbers
record them so. Anything else that breaks the documents is a `Fault` that names the place.
"""

from __future__ import annotations

import re
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from dfx_adapter.order import LAST_SECOND, MOST_DIGITS, fits_float

if TYPE_CHECKING:
    from collections.abc import Iterator


class OrderRow(msgspec.Struct, frozen=True, gc=False):
    """One row of an order-status answer, every field mandatory as the documents say."""

    symbol: str
    order_id: str
    created_date: int  # seconds, UTC
    finished_date: int  # seconds, UTC; 0 while open
    price: Decimal  # limit price
    amount: Decimal  # base quantity; 0 for a market buy
    cash_amount: Decimal  # quote money of a market buy, 0 where it does not apply
    executed_amount: Decimal  # base quantity filled
    avg_price: Decimal  # 0 while nothing is filled
    status: int
    type: str
    kind: str


class Fault(NamedTuple):
    """A value that breaks the documents: JSON path, what was found, what was expected."""

    path: str
    found: object
    expected: str
    unknown_status: bool = False

    def __str__(self) -> str:
        value = self.found
        if isinstance(value, str):  # a repr of megabytes takes its time
            value = value[: _LONGEST_VALUE + 1]
        found = "nothing" if value is MISSING else shown(value)
        if len(found) > _LONGEST_VALUE:
            found = f"{found[:_LONGEST_VALUE]}..."
        return f"{self.path}: expected {self.expected}, found {found}"


def shown(value: object) -> str:
    """Return a value's repr; Python refuses to write a whole number of thousands of digits."""
    try:
        return repr(value)
    except ValueError:
        return f"a value of type {type(value).__name__} that is too long to be written"


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
_LONGEST_VALUE: Final = 80
_LARGEST: Final = 10**300

# A JSON number that is not negative; a negative zero is a zero.
_NUMBER: Final = re.compile(
    rf"-?0(?:\.0{{1,{MOST_DIGITS}}})?"
    rf"|(?:0|[1-9][0-9]{{0,{MOST_DIGITS}}})(?:\.[0-9]{{1,{MOST_DIGITS}}})?(?:[eE][+-]?[0-9]{{1,9}})?"
)

# Five numbers as nearly all of them look like, none of which a float loses.
_SPACED: Final = "{} {} {} {} {} ".format
_USUAL_NUMBERS: Final = re.compile(r"(?:(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,40})? ){5}").fullmatch

_EXPECTED: Final = {
    str: "a string",
    int: "a whole number",
    Decimal: "a number that is not negative and that a float can hold",
}
_FIELD_TYPES: Final[dict[str, Any]] = {
    field.name: field.type for field in msgspec.structs.fields(OrderRow)
}
_NUMBERS: Final = tuple(name for name, type_ in _FIELD_TYPES.items() if type_ is Decimal)
_numbers_of: Final = itemgetter(*_NUMBERS)

_decoder: Final = msgspec.json.Decoder(float_hook=str)


def decode(body: bytes | str) -> object:
    """Decode JSON with whole numbers as int and every other number as its exact text.

    Raises:
        ValueError: the body is not JSON, or nested too deeply to be an answer.
    """
    try:
        return _decoder.decode(body.encode() if isinstance(body, str) else body)
    except (
        ValueError,
        RecursionError,
    ) as error:  # msgspec's errors and those of UTF-8 are ValueErrors
        raise ValueError(str(error)) from error


def read_rows(raw: list[Any]) -> Iterator[OrderRow | Fault]:
    """Type each row, or say what is wrong with it: a fault, its path relative to the row."""
    try:
        rows = msgspec.convert(raw, list[OrderRow], strict=False)
    except ValueError:  # msgspec's, and those of text and numbers that Python refuses to convert
        yield from map(_read_row, raw)
    else:
        for row, typed in zip(raw, rows, strict=True):
            yield _broken_value(row, typed) or typed


def _read_row(raw: Any) -> OrderRow | Fault:
    try:
        typed = msgspec.convert(raw, OrderRow, strict=False)
    except ValueError:
        return _broken_type(raw)
    return _broken_value(raw, typed) or typed


def _broken_type(raw: Any) -> Fault:
    if not isinstance(raw, dict):
        return Fault("", raw, "an object")
    for name, type_ in _FIELD_TYPES.items():
        value = raw.get(name, MISSING)
        try:
            msgspec.convert(value, type_, strict=False)
        except ValueError:
            return Fault(f".{name}", value, _EXPECTED[type_])
    return Fault("", raw, "the documented fields")  # pragma: no cover  # every field was fine


def _broken_value(raw: dict[str, Any], row: OrderRow) -> Fault | None:
    """Return what the types alone cannot tell: signs, ranges, emptiness."""
    if not row.order_id or row.order_id.isspace():
        return Fault(".order_id", row.order_id, "an order id")
    if abs(row.status) > _LARGEST:
        return Fault(".status", raw["status"], _EXPECTED[int])
    if not 0 <= row.created_date <= LAST_SECOND:
        return Fault(".created_date", raw["created_date"], "seconds since 1970")
    if not 0 <= row.finished_date <= LAST_SECOND:
        return Fault(".finished_date", raw["finished_date"], "seconds since 1970")
    return None if _are_usual(raw) else _broken_number(raw, row)


def _broken_number(raw: dict[str, Any], row: OrderRow) -> Fault | None:
    for name in _NUMBERS:
        if not _is_quantity(raw[name], getattr(row, name)):
            return Fault(f".{name}", raw[name], _EXPECTED[Decimal])
    return None


def _are_usual(raw: dict[str, Any]) -> bool:
    """Tell with one look whether all numbers are plain and small enough to need no closer one."""
    try:
        return _USUAL_NUMBERS(_SPACED(*_numbers_of(raw))) is not None
    except ValueError:  # Python refuses to write a whole number of thousands of digits
        return False


def _is_quantity(value: Any, number: Decimal) -> bool:
    """Tell whether a value of the wire is a number, not only to Python, and not negative."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return False
    return number.is_finite() and number >= 0 and fits_float(number)
