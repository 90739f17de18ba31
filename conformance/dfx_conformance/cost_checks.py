"""ORD-013: whether the cost of an order is that of its fills, spot or contract."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_conformance.quantities import EXACT, QUOTIENT, decimals, exact, is_close

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dfx_conformance.quantities import Market, Order

_LEAST_DIGITS: Final = 3  # fewer are rounded so coarsely that anything would pass,
_FINE: Final = 8  # unless they stand that far behind the point
# Of a unit: what rounding takes away is hardly ever less, what floats bring in is.
_NOISE: Final = Decimal("1e-6")
_SIZE_DIGITS: Final = 2  # 1, 0.001, 10, 0.25: sizes of contracts are round numbers
_SIZES: Final = range(-10, 7)  # and of these powers of ten


class _Contract(NamedTuple):
    """How the quantity of a market becomes money."""

    size: Decimal | None
    """Of one contract, None where it is not known; 1 of a spot market."""
    inverse: tuple[bool, ...]
    """Whether quantity is divided by the price: one answer, both of an option, none if unknown."""


def wrong_cost(order: Order, market: Market | None) -> Iterator[str]:
    """Yield what is wrong about the cost of an order, where it can be known."""
    cost, filled, average = (exact(order.get(name)) for name in ("cost", "filled", "average"))
    if filled == 0 and cost:
        yield f"cost is {cost}, but nothing is filled"
    if not filled or cost is None or not average or min(filled, average) < 0:
        return
    contract = _contract(str(order.get("symbol")), market)
    if contract.inverse and not any(
        _is_cost(order, contract.size, inverse) for inverse in contract.inverse
    ):
        yield f"{cost} is not {_formula(filled, average, contract)}"


def _formula(filled: Decimal, average: Decimal, contract: _Contract) -> str:
    sign = "/" if contract.inverse == (True,) else "x"
    if contract.size is None:
        return f"{filled} {sign} {average}, nor that times the size of a contract"
    return f"{filled} {sign} {average}" + (f" x {contract.size}" if contract.size != 1 else "")


def _contract(symbol: str, market: Market | None) -> _Contract:
    pair, is_contract, settled = symbol.partition(":")
    known: Mapping[str, Any] = market or {}
    base, quote = known.get("base") or pair.split("/")[0], known.get("quote") or pair.split("/")[-1]
    settle = known.get("settle") or settled.split("-")[0]
    if not (is_contract or known.get("contract")):
        return _Contract(Decimal(1), (False,))
    size = exact(known.get("contractSize")) or None
    if known.get("option") or settled.endswith(("-C", "-P")):
        return _Contract(size, (False, True))
    if known.get("inverse") or known.get("linear"):
        return _Contract(size, (bool(known.get("inverse")),))
    if settle in {base, quote}:
        return _Contract(size, (settle == base != quote,))
    return _Contract(size, ())  # settled in a third currency, at a rate that is not known


def _is_cost(order: Order, size: Decimal | None, inverse: bool) -> bool:  # noqa: FBT001
    cost, average = _number(order, "cost"), _number(order, "average")
    if size is None:
        ratio = QUOTIENT.divide(cost, _money(order, average, Decimal(1), inverse))
        size = _round_number(ratio)
    money = _money(order, average, size, inverse)
    if is_close(cost, money):
        return bool(cost)
    return not _is_from_the_limit_price(order, size, inverse) and (
        _is_cost_rounded(order, money) or _is_average_rounded(order, size, inverse)
    )


def _number(order: Order, name: str) -> Decimal:
    return exact(order.get(name)) or Decimal(0)


def _money(order: Order, price: Decimal, size: Decimal, inverse: bool) -> Decimal:  # noqa: FBT001
    quantity = EXACT.multiply(_number(order, "filled"), size)
    return QUOTIENT.divide(quantity, price) if inverse else EXACT.multiply(quantity, price)


def _round_number(ratio: Decimal) -> Decimal:
    """Return the size of a contract next to a ratio, 0 where none is so small or so large."""
    if not ratio or ratio.adjusted() not in _SIZES:
        return Decimal(0)
    return round(ratio, _SIZE_DIGITS - 1 - ratio.adjusted())


def _is_from_the_limit_price(order: Order, size: Decimal, inverse: bool) -> bool:  # noqa: FBT001
    price = exact(order.get("price"))
    if not price or price == _number(order, "average"):
        return False
    money, cost = _money(order, price, size, inverse), _number(order, "cost")
    return is_close(cost, money)


def _is_cost_rounded(order: Order, money: Decimal) -> bool:
    """Tell whether the cost is that money in the digits that the order shows.

    A currency has at least the digits of the prices in it, so that those count, too.
    """
    places = max(decimals(order.get(name)) for name in ("cost", "average", "price"))
    return _is_rounded(_number(order, "cost"), money, places)


def _is_average_rounded(order: Order, size: Decimal, inverse: bool) -> bool:  # noqa: FBT001
    """Tell whether the average is cost over filled in the digits that it, or the price, shows."""
    cost, average = _number(order, "cost"), _number(order, "average")
    quantity = EXACT.multiply(_number(order, "filled"), size)
    if not cost or not quantity:
        return False
    quotient = QUOTIENT.divide(*((quantity, cost) if inverse else (cost, quantity)))
    return _is_rounded(average, quotient, max(map(decimals, map(order.get, ("average", "price")))))


def _is_rounded(number: Decimal, value: Decimal, places: int) -> bool:
    """Tell whether a number is another one, rounded or cut to so many places."""
    if number.adjusted() + 1 + places < _LEAST_DIGITS and places < _FINE:
        return False
    unit = Decimal(1).scaleb(-places)
    difference = EXACT.subtract(value, number)
    is_noise = difference.copy_abs() < _NOISE * unit
    return bool(number) and not is_noise and -unit / 2 <= difference < unit
