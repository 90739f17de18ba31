"""What was asked for: the unified method that a user called, and its arguments.

The same question has the same key, however its arguments were written: by position or by name, a
symbol as ccxt's or as the exchange's id, a number of any type.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import zip_longest
from numbers import Number
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.exchanges import methods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

REQUEST: Final = "request"
LOAD_MARKETS: Final = "load_markets"
# Beside what `methods.kind_of` knows: the fills of an order, what asks for many orders, and what a
# stream asks for beside its messages.
_ABOUT_ORDERS: Final = frozenset({"fetch_order_trades", "reconcile_orders", "watch_orders"})
_IN_CAPITALS: Final = {"ohlcv": "OHLCV", "le": "LE", "be": "BE", "adl": "ADL"}  # as ccxt has them
_BETWEEN: Final = re.compile("[-_]")


def is_about_orders(name: str) -> bool:
    """Tell by its name whether a method asks about orders, or changes them."""
    if name.startswith("parse_"):
        return False
    return name in _ABOUT_ORDERS or methods.kind_of(name) is not None


def is_reading(method: str) -> bool:
    """Tell by its name in camel case whether asking again changes nothing."""
    return method.startswith(("fetch", "load", "reconcile"))


def names(cls: type) -> Iterator[str]:
    """Yield the names of the methods of a class that ask an exchange, in snake case."""
    unified = _unified()
    for name in dir(cls):
        is_asking = name in {REQUEST, LOAD_MARKETS} or is_about_orders(name)
        is_asking = is_asking or ("_" in name.strip("_") and in_camel_case(name) in unified)
        if is_asking and inspect.isroutine(getattr(cls, name, None)):
            yield name
    yield from (name for name in ("transfer", "withdraw") if hasattr(cls, name))


@cache
def _unified() -> frozenset[str]:
    """Return ccxt's unified methods of requests, in camel case."""
    import ccxt  # noqa: PLC0415  # an object of its is there by now

    names = ccxt.Exchange().has
    return frozenset(
        name for name in names if not name.startswith(("watch", "unWatch")) and name[-2:] != "Ws"
    )


@cache
def in_camel_case(name: str) -> str:
    """Return the other name that ccxt gives a method."""
    first, *others = name.split("_")
    return first + "".join(_IN_CAPITALS.get(one, one.capitalize()) for one in others)


def in_snake_case(name: str) -> str:
    """Return ccxt's name of a method in snake case."""
    for snake, capitals in _IN_CAPITALS.items():
        name = re.sub(f"{capitals}(?![a-z])", f"_{snake}", name)
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


_signature: Final = cache(inspect.signature)


def bound(
    name: str, method: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> list[Any] | None:
    """Return the arguments of a call by position, the object itself not among them.

    Defaults at the end are left out. None where they do not fit: Python says so itself.
    """
    if name == REQUEST:  # some classes take what they hand on by *args
        method = _request
    signature = _signature(method)
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError:
        return None
    parameters = list(signature.parameters.values())[1:]
    values = [given.get(one.name, one.default) for one in parameters]
    while values and _is_default(values[-1], parameters[len(values) - 1].default):
        values.pop()
    return values


def _request(
    self: Any,
    path: Any,
    api: Any = "public",
    method: Any = "GET",
    params: Any = None,
    **config: Any,
) -> Any:
    """Take what ccxt's `request` takes."""


def _is_default(value: Any, default: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(default, Mapping | None):
        return not value
    return value is default or (type(value) is type(default) and value == default)


def key(method: str, args: Sequence[Any], symbol_of: Callable[[str], str]) -> str:
    """Return what is the same for the same question.

    Args:
        method: its name in camel case.
        args: as `bound` returns them, from a line or from a call.
        symbol_of: gives the one symbol of a text that may name a market.
    """
    same = [_same(one, symbol_of) for one in args]
    while same and not same[-1] and not isinstance(same[-1], bool):
        same.pop()
    return json.dumps([method, same])


def _same(value: Any, symbol_of: Callable[[str], str]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return symbol_of(value)
    if isinstance(value, Number):
        return _number(value)
    if isinstance(value, Mapping):
        pairs = ((str(name), _same(inner, symbol_of)) for name, inner in value.items())
        return dict(sorted(pair for pair in pairs if pair[1] is not None))
    if isinstance(value, list | tuple | set | frozenset):
        return [_same(inner, symbol_of) for inner in value]
    return str(value)


def _number(value: Any) -> str:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except (InvalidOperation, ValueError):
        return str(value)


def symbol_by(markets: Mapping[str, Any], markets_by_id: Mapping[str, Any], text: str) -> str:
    """Return the symbol that a text names as symbol or as market id; any other text as it is."""
    if text in markets:
        return text
    found = markets_by_id.get(text)
    if found:
        return str(found[0]["symbol"])
    parts = _BETWEEN.split(text)
    pair = "/".join(parts)
    is_pair = len(parts) == 2 and all(part.isalnum() and part.isupper() for part in parts)  # noqa: PLR2004
    return pair if is_pair else text


def differing(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Count the arguments in which two questions differ, to name the nearest."""
    return sum(str(a) != str(b) for a, b in zip_longest(one, other))
