"""Exact decimal arithmetic, and the form numbers take on the wire.

Python's default context rounds to 28 digits, too few for a product of two long amounts. The one
here never rounds what an order book can hold. On the wire, numbers have no quotes, and whole
ones no fraction: ``"amount":4`` (a real answer, ccxt issue 6097).
"""

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

EXACT = Context(prec=400)
ZERO = Decimal(0)

Number = Decimal | int | float | str
"""What callers may give for a quantity; a float counts as the decimal it prints as."""


def exact(value: Number) -> Decimal:
    """Take a quantity from outside."""
    return Decimal(str(value))


def total(numbers: Iterable[Decimal]) -> Decimal:
    """Add without rounding."""
    result = ZERO
    for number in numbers:
        result = EXACT.add(result, number)
    return result


def quotient_down(dividend: Decimal, divisor: Decimal, places: int) -> Decimal:
    """Divide and cut to so many decimals: what a budget buys."""
    return _to_places(dividend, divisor, places, ROUND_DOWN)


def quotient(dividend: Decimal, divisor: Decimal, places: int) -> Decimal:
    """Divide and round to so many decimals."""
    return _to_places(dividend, divisor, places, ROUND_HALF_EVEN)


def _to_places(dividend: Decimal, divisor: Decimal, places: int, rounding: str) -> Decimal:
    step = Decimal(1).scaleb(-places)
    return EXACT.divide(dividend, divisor).quantize(step, rounding=rounding, context=EXACT)


def fits(number: Decimal, places: int) -> bool:
    """Tell whether a number has at most so many decimals."""
    return number == number.quantize(Decimal(1).scaleb(-places), context=EXACT)


def plain(number: Decimal) -> Decimal:
    """Drop the zeros a number does not need, so that 4.00 goes out as 4."""
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
