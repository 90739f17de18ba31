"""Numbers of an order, of whatever type, as exact decimals; and how near two of them must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, InvalidOperation
from typing import Any, Final

Order = Mapping[str, Any]
Market = Mapping[str, Any]

# No sum or product of an order is rounded, and none is too large.
EXACT: Final = Context(prec=10_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
QUOTIENT: Final = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)  # more than anyone shows

# As in JSON, and as ccxt writes them: no blanks, no underscores, which Decimal would let pass.
_TEXT: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# A float is the nearest one, give or take a few units in the last place: what one sum, product or
# quotient of floats brings in.
_FEW_UNITS: Final = 4 * Decimal(2) ** -52


def exact(value: object) -> Decimal | None:
    """Return the exact value of a number of any type; None for None and for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, str) and not _TEXT.fullmatch(value):
        return None
    try:
        number = Decimal(str(value) if isinstance(value, float) else value)
    except InvalidOperation:  # an exponent beyond all bounds
        return None
    return number if number.is_finite() else None


def is_close(got: Decimal, expected: Decimal, scale: Decimal = Decimal(0)) -> bool:
    """Tell whether two numbers are as near as floats keep them.

    Args:
        got: What came, a float.
        expected: What should have.
        scale: The largest number that it may have been computed from: what is left of
            1.0 - 0.9 is less exact than 0.1.
    """
    if not expected:
        return not got
    largest = max(number.copy_abs() for number in (got, expected, scale))
    return EXACT.abs(EXACT.subtract(got, expected)) <= EXACT.multiply(_FEW_UNITS, largest)


def decimals(value: Any) -> int:
    """Count the digits that a number shows behind the point; a float of 4500.0 shows none."""
    number = exact(value)
    if number is None or (isinstance(value, float) and number == number.to_integral_value()):
        return 0
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def types_of(values: dict[str, Any]) -> dict[str, str]:
    """Name the type of each number; an int goes with floats and with Decimals, and is left out."""
    named = ((name, _type_of(value)) for name, value in values.items())
    types = {name: type_ for name, type_ in named if type_}
    others = set(types.values()) - {"int"}
    if others <= {"float"} or others <= {"Decimal"}:
        return {name: type_ for name, type_ in types.items() if type_ != "int"}
    return types


def _type_of(value: object) -> str | None:
    if isinstance(value, bool):
        return None
    kinds: tuple[type, ...] = (float, Decimal, str, int)
    return next((kind.__name__ for kind in kinds if isinstance(value, kind)), None)
