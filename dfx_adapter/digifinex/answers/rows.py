"""The rows of DigiFinex as documented, typed and exact.

Document: "Get order status", Response Content (docs.digifinex.com/en-ww/spot/v3/rest.html, read
2026-11-22). The same row stands in the answers of order/current, order/history and order/detail.

Numbers are JSON numbers on the wire (real body of ccxt#6097), whole ones without a point and
small ones with an exponent. They are accepted as text, too, because clients that quote numbers
record them so. Anything else that breaks the documents is a `Fault` that names the place.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_type_hints

import msgspec

from dfx_adapter.excerpts import safe_repr
from dfx_adapter.order import EXACT, LAST_SECOND, MOST_DIGITS, fits_float

if TYPE_CHECKING:
    from collections.abc import Callable

Quantity = int | str


class OrderRow(NamedTuple):
    """One row of an order-status answer, every field mandatory as the documents say.

    Quantities are as they came, an int or the exact text of a number, and proven to be quantities.
    Whoever computes with one makes a Decimal of its text.
    """

    symbol: str
    order_id: str
    created_date: int  # seconds, UTC
    finished_date: int  # seconds, UTC; 0 while open
    price: Quantity  # limit price
    amount: Quantity  # base quantity; 0 for a market buy
    cash_amount: Quantity  # quote money of a market buy, 0 where it does not apply
    executed_amount: Quantity  # base quantity filled
    avg_price: Quantity  # 0 while nothing is filled
    status: int
    type: str
    kind: str


class OddRow(tuple[Any, ...]):
    """The values of a row that is not like nearly all, as `read_row` gives them."""

    __slots__ = ()


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
        found = "nothing" if value is MISSING else safe_repr(value)
        if isinstance(value, Decimal):
            found = str(value)
        if len(found) > _LONGEST_VALUE:
            found = f"{found[:_LONGEST_VALUE]}..."
        return f"{self.path}: expected {self.expected}, found {found}"


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
_LONGEST_VALUE: Final = 80
_LARGEST: Final = 10**300
_MOST_DIGITS_OF_BOTH: Final = 2 * MOST_DIGITS + 1  # before the point and behind it, as in _NUMBER

# A JSON number that is not negative; a negative zero is a zero.
_NUMBER: Final = re.compile(
    rf"-?0(?:\.0{{1,{MOST_DIGITS}}})?"
    rf"|(?:0|[1-9][0-9]{{0,{MOST_DIGITS}}})(?:\.[0-9]{{1,{MOST_DIGITS}}})?(?:[eE][+-]?[0-9]{{1,9}})?"
)

_EXPECTED: Final = {
    str: "a string",
    int: "a whole number",
    Decimal: "a number that is not negative and that a float can hold",
}
# What a field is read as. The fields, their order and their types stand in `OrderRow` alone.
_READ_AS: Final[dict[Any, Any]] = {str: str, int: int, Quantity: Decimal}
_FIELD_TYPES: Final[dict[str, Any]] = {
    name: _READ_AS[type_] for name, type_ in get_type_hints(OrderRow).items()
}
FIELDS: Final = len(_FIELD_TYPES)
_WHOLE: Final = tuple(name for name, type_ in _FIELD_TYPES.items() if type_ is int)
_QUANTITIES: Final = tuple(name for name, type_ in _FIELD_TYPES.items() if type_ is Decimal)
_values_of: Final = itemgetter(*_FIELD_TYPES)
# What a row of another answer has not.
_ORDER_STATUS: Final = {"order_id", "created_date", "executed_amount", "status"}

# The numbers of a row as nearly all rows have them: plain, and small enough that neither a calendar
# nor a float nor 64 bit lose one. One look says so; any other row is read with more care.
_QUANTITY: Final = r"(?:0|[1-9][0-9]{0,17}+)(?:\.[0-9]{1,40}+)?+"
_are_usual: Final = re.compile(" ".join([_QUANTITY] * len(_QUANTITIES))).fullmatch


def picking(*names: str) -> Callable[[tuple[Any, ...]], Any]:
    """Return what takes some fields out of the values that `read_row` gives."""
    return itemgetter(*map(OrderRow._fields.index, names))


def is_order_row(raw: object) -> bool:
    """Tell whether a row is one of order status, and none of swap or of a new order."""
    return isinstance(raw, dict) and raw.keys() >= _ORDER_STATUS


def read_row(raw: Any) -> tuple[Any, ...] | Fault:
    """Return the values of a row in the order of `OrderRow`, or what is wrong with it.

    The fault's path is relative to the row. A plain tuple, because it is the one that the values
    were taken out with: nothing is built for a row that is as it should be.
    """
    try:
        values: tuple[Any, ...] = _values_of(raw)
        (
            symbol,
            id_,
            created,
            finished,
            price,
            amount,
            cash,
            executed,
            average,
            code,
            type_,
            kind,
        ) = values
        quantities = f"{price} {amount} {cash} {executed} {average}"
    except (KeyError, TypeError, ValueError):  # also a whole number that Python refuses to write
        return _read_carefully(raw)
    if (
        type(created) is type(finished) is type(code) is int
        and type(symbol) is type(id_) is type(type_) is type(kind) is str
        and id_
        and not id_.isspace()
        and 0 <= created <= LAST_SECOND
        and 0 <= finished <= LAST_SECOND
        and 0 <= code <= _LARGEST
        and _are_usual(quantities)
    ):
        return values
    return _read_carefully(raw)


def _read_carefully(raw: Any) -> tuple[Any, ...] | Fault:
    """Look at each value of a row that is not like nearly all."""
    if not isinstance(raw, dict):
        return Fault("", raw, "an object")
    typed: dict[str, Any] = {}
    for name, type_ in _FIELD_TYPES.items():
        value = raw.get(name, MISSING)
        try:
            typed[name] = msgspec.convert(_plain(value), type_, strict=False)
        except ValueError:  # msgspec's, and those of text and numbers that Python cannot convert
            return Fault(f".{name}", value, _EXPECTED[type_])
    fault = _broken_value(raw, typed)
    if fault:
        return fault
    return OddRow(str(value) if type(value) is Decimal else value for value in typed.values())


def _plain(value: Any) -> Any:
    """Return a number without a type derived from JSON's (as NumPy's), which msgspec refuses."""
    for type_ in (float, Decimal):
        if isinstance(value, type_):
            return type_(value)
    return value


def _broken_value(raw: dict[str, Any], typed: dict[str, Any]) -> Fault | None:
    """Return what the types alone cannot tell: signs, ranges, emptiness."""
    for names, is_right, expected in _TESTS:
        for name in names:
            if not is_right(raw[name], typed[name]):
                return Fault(f".{name}", raw[name], expected)
    if not fits_float(EXACT.multiply(typed["executed_amount"], typed["avg_price"])):
        return Fault(".avg_price", raw["avg_price"], "a cost that a float can hold")
    return None


def _is_filled_in(_: Any, text: str) -> bool:
    return bool(text) and not text.isspace()


def _is_whole(value: Any, number: int) -> bool:
    """Tell whether text is that number; to msgspec, which takes it for a float, 4.0...01 is 4."""
    try:
        exact = number if not isinstance(value, str) else Decimal(value)
    except InvalidOperation:  # an exponent of more digits than Decimal counts
        return False
    return exact == number and abs(number) <= _LARGEST


def _is_date(_: Any, seconds: int) -> bool:
    return 0 <= seconds <= LAST_SECOND


def _is_quantity(value: Any, number: Decimal) -> bool:
    """Tell whether a value of the wire is a number, not only to Python, and not negative."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return False
    if len(number.as_tuple().digits) > _MOST_DIGITS_OF_BOTH:  # of a Decimal in decoded JSON
        return False
    return number.is_finite() and number >= 0 and fits_float(number)


# Fields, what a value of the right type must be (by what is on the wire and by what it is typed).
_TESTS: Final[tuple[tuple[tuple[str, ...], Callable[[Any, Any], bool], str], ...]] = (
    (("order_id",), _is_filled_in, "an order id"),
    (_WHOLE, _is_whole, _EXPECTED[int]),
    (("created_date", "finished_date"), _is_date, "seconds since 1970"),
    (_QUANTITIES, _is_quantity, _EXPECTED[Decimal]),
)
