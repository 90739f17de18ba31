"""What a caller may give for since, until, limit, ids and a symbol: one reading for all methods.

ccxt's manual says milliseconds, a whole number and a unified symbol; bots give NumPy's numbers,
floats and market ids. What cannot be is refused before anything is sent, and the argument named.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.mapping import spelled
from dfx_adapter.digifinex.answers.tables import OLD_TICKERS
from dfx_adapter.excerpts import written
from dfx_adapter.order import LAST_SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

# A lone surrogate cannot be encoded, so not be sent either.
_ID: Final = re.compile(r"[^\s,\ud800-\udfff]+")
_SYMBOL: Final = re.compile(r"([^/:_\ud800-\udfff]+)/([^/:_\ud800-\udfff]+)")
_MARKET_ID: Final = re.compile(r"[^\s/:_\ud800-\udfff]+_[^\s/:_\ud800-\udfff]+")

_LAST: Final = LAST_SECOND * 1000  # milliseconds
_IN_SECONDS: Final = 10**11  # less than this many milliseconds is before 1973


class Span(NamedTuple):
    """Which orders a list is about: those created in [since, until], in milliseconds."""

    since: int | None
    until: int | None
    limit: int | None


class Market(NamedTuple):
    """A spot market: its id on the wire and its unified symbol; both None for all markets."""

    id: str | None
    symbol: str | None


ALL_MARKETS: Final = Market(None, None)


def span(method: str, since: object, limit: object, params: dict[str, Any]) -> Span:
    """Read since and limit, and take `until` out of the params.

    Raises:
        ccxt.BadRequest: one of them cannot be.
    """
    until = params.pop("until", None)
    return Span(
        milliseconds(method, "since", since),
        milliseconds(method, "until", until),
        count(method, "limit", limit),
    )


def milliseconds(method: str, name: str, value: Any) -> int | None:
    """Return a time as whole milliseconds since 1970, rounded down; None where none is given.

    Raises:
        ccxt.BadRequest: no number, not finite, past the year 9999 - or seconds: they are a day of
            January 1970, and a long way to page.
    """
    if value is None:
        return None
    if not _is_number(value) or not _is_within(value, -_LAST, _LAST) or 0 < value < _IN_SECONDS:
        raise _bad(method, name, value, "milliseconds since 1970, as a number")
    whole: int = math.floor(value)
    return whole


def count(method: str, name: str, value: Any) -> int | None:
    """Return a whole number from 1; None where none is given. 1.0 is whole.

    Raises:
        ccxt.BadRequest: no number, below 1, or with a fraction.
    """
    if value is None:
        return None
    if not _is_number(value) or not _is_within(value, 1, _LAST) or value != math.floor(value):
        raise _bad(method, name, value, "a whole number from 1")
    return int(value)


def _is_number(value: object) -> bool:
    return isinstance(value, Real | Decimal) and not isinstance(value, bool)


def _is_within(value: Any, least: int, most: int) -> bool:
    """Tell whether a number lies there; NaN lies nowhere, and a signaling one raises for it."""
    try:
        return bool(least <= value <= most)
    except ArithmeticError:
        return False


def order_ids(method: str, ids: object) -> list[str]:
    """Return the ids, each once, in the order given.

    Raises:
        ccxt.BadRequest: one of them is no id, or a text was given where ids were expected.
    """
    given = items(ids)
    if given is None:
        raise _bad(method, "order ids", ids, "a list of ids")
    return list(dict.fromkeys(order_id(method, item) for item in given))


def items(value: Any) -> list[Any] | None:
    """Return what a list of any type has in it; None for what is none, and for a text.

    Whether it is one, only asking tells: NumPy's numbers in an array look like it, and are not.
    """
    if isinstance(value, str | bytes | bytearray):
        return None
    try:
        inner = iter(value)
    except TypeError:
        return None
    return list(inner)


def order_id(method: str, value: object) -> str:
    """Return the id as it may stand in a comma-separated list.

    Raises:
        ccxt.BadRequest: it is empty, or has a comma or white space in it.
    """
    is_id = isinstance(value, str | Integral) and not isinstance(value, bool)
    try:
        text = str(value) if is_id else ""
    except ValueError:  # an integer of more digits than Python writes
        text = ""
    if not _ID.fullmatch(text):
        raise _bad(method, "order id", value, "one id, without comma or white space")
    return text


def market(method: str, symbol: object, codes: Mapping[str, str]) -> Market:
    """Return the market that a symbol or a market id says by itself; see `mapping.spelled`.

    Args:
        method: ccxt's name of the method.
        symbol: `BTC/USDT` or `BTC_USDT`, in capital letters as ccxt has it.
        codes: currency id -> unified code, ccxt's `commonCurrencies`.

    Raises:
        ccxt.BadSymbol: it is neither, or no market id, or more than one, has that symbol.
    """
    text = symbol if isinstance(symbol, str) else ""
    parts = _SYMBOL.fullmatch(text)
    if parts is None:
        found = spelled(text, codes) if _MARKET_ID.fullmatch(text) else None
        if found is None or text != text.upper():
            raise _bad_symbol(method, symbol, "BASE/QUOTE or BASE_QUOTE")
        return Market(text, found)
    ids = [_currency_id(method, symbol, code, codes) for code in parts.groups()]
    market_id = "_".join(ids)
    if spelled(market_id, codes) != text:
        raise _bad_symbol(method, symbol, "BASE/QUOTE in the exchange object's currency codes")
    return Market(market_id, text)


def _currency_id(method: str, symbol: object, code: str, codes: Mapping[str, str]) -> str:
    """Return the currency id that is read as a code: the code itself where no other is."""
    renamed = [
        currency
        for currency, name in codes.items()
        if name == code and currency == currency.upper() and (currency, name) not in OLD_TICKERS
    ]
    others = [currency for currency in renamed if currency != code]
    if len(others) > 1:
        raise _bad_symbol(method, symbol, f"one currency id for {code}, not {' and '.join(others)}")
    return (others or [code])[0]


def _bad(method: str, name: str, found: object, expected: str) -> Exception:
    return errors.describe(
        errors.BadRequest,
        f"{method}: {name} {written(found)}: expected {expected}; nothing was sent",
        exchange_id=EXCHANGE,
        found=found,
        expected=expected,
    )


def _bad_symbol(method: str, found: object, expected: str) -> Exception:
    return errors.describe(
        errors.BadSymbol,
        f"{method}: symbol {written(found)}: expected {expected}; nothing was sent",
        exchange_id=EXCHANGE,
        found=found,
        expected=expected,
    )
