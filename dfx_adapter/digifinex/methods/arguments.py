"""What a caller may give, read in one place: market type, symbol, ids, since, until, limit.

ccxt's manual says milliseconds, a whole number and a unified symbol; bots give NumPy's numbers,
floats and market ids. What cannot be is refused before anything is sent, and the argument named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.mapping import spelled
from dfx_adapter.digifinex.answers.tables import OLD_TICKERS
from dfx_adapter.digifinex.exchange import codes_of
from dfx_adapter.digifinex.options import DEFAULTS
from dfx_adapter.excerpts import written
from dfx_adapter.order import LAST_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.order import Order

# A lone surrogate cannot be encoded, so not be sent either.
_ID: Final = re.compile(r"[^\s,\ud800-\udfff]+")
_SYMBOL: Final = re.compile(r"([^/:_\ud800-\udfff]+)/([^/:_\ud800-\udfff]+)")
_MARKET_ID: Final = re.compile(r"[^\s/:_\ud800-\udfff]+_[^\s/:_\ud800-\udfff]+")

_LAST: Final = LAST_SECOND * 1000  # milliseconds
_IN_SECONDS: Final = 10**11  # less than this many milliseconds is before 1973

# V3 swap: instrument ids end so (BTCUSDTPERP).
_SWAP_ID: Final = re.compile(r"[^/:_]+PERP")
MARKET_TYPE_KEYS: Final = frozenset({"type", "defaultType", "marginMode", "margin"})
# Methods whose new orders may carry a client id, which is then not sent.
_PLACING: Final = frozenset({"createOrder", "createOrders"})


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


def market_type(
    exchange: DigiFinexExchange, method: str, symbol: Any, params: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return `spot`, `margin` or `swap`, and the params without the words for it.

    Margin is asked for by `{"marginMode": "cross"}`, `{"margin": True}`, `{"type": "margin"}` or
    `options.defaultType`; a symbol with a colon is a swap's, and so is a loaded market's.

    Raises:
        ccxt.NotSupported: another type, or isolated margin, which DigiFinex does not have; or a
            `clientOrderId`, unless an order is to be placed.
        ccxt.BadRequest: the params are no dict.
        ccxt.BadSymbol: the symbol is no text.
    """
    check_params(method, params)
    if not isinstance(symbol, str | None):
        raise bad_symbol(f"{method}: symbol {written(symbol)}: expected a text", symbol)
    known = (exchange.markets_by_id or {}).get(symbol)
    unified = known[0]["symbol"] if known else symbol
    rest = {key: value for key, value in params.items() if key not in MARKET_TYPE_KEYS}
    kind = _market_type(method, unified, params, exchange.options)
    if kind != "swap" and method not in _PLACING and "clientOrderId" in rest:
        _refuse_client_id(method, rest.pop("clientOrderId"))
    return kind, rest


def _market_type(
    method: str, symbol: str | None, params: Mapping[str, Any], options: Mapping[str, Any]
) -> str:
    own = options.get(method) or {}
    asked = params.get("type") or params.get("defaultType")
    otherwise = asked or _first((own, options), ("defaultType", "type")) or DEFAULTS["defaultType"]
    in_symbol = _type_in_symbol(symbol, otherwise) if symbol else None
    if asked and in_symbol and asked != in_symbol:
        raise not_supported(f"{method}: {written(symbol)} is no {written(asked)} market")
    if not isinstance(params.get("margin"), bool | None):
        raise not_supported(
            f"{method}: margin {written(params['margin'])}: True or False is expected"
        )
    chosen = str(asked or in_symbol or otherwise)
    in_options = _first((own, options), ("marginMode", "defaultMarginMode"))
    mode = params.get("marginMode") or in_options
    if chosen == "swap":
        return chosen
    if mode not in (None, False, "cross"):  # a set would need it to have a hash
        raise not_supported(f"{method}: marginMode {written(mode)}: only cross margin exists")
    if mode == "cross" or params.get("margin") is True:
        return "margin"
    if chosen not in {"spot", "margin"}:
        raise not_supported(
            f"{method}: market type {written(chosen)}: one of spot, margin, swap is expected"
        )
    return chosen


def check_params(method: str, params: object) -> None:
    """Check that the params of a call, or of an order of it, are a dict.

    Raises:
        ccxt.BadRequest: they are none.
    """
    if not isinstance(params, Mapping):
        raise bad_request(f"{method}: params {written(params)}: expected a dict")


def _first(options: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Any:
    """Return the first option that says something, of those of a method and of all methods."""
    return next((value for of in options for name in names if (value := of.get(name))), None)


def _refuse_client_id(method: str, client_id: object) -> None:
    """Refuse to look for an order by an id that DigiFinex does not have.

    Raises:
        ccxt.NotSupported: there is one; None and False are none.
    """
    if client_id is not None and client_id is not False:
        raise not_supported(
            f"{method}: clientOrderId {written(client_id)}: DigiFinex has no client ids, "
            "only its own; nothing was sent"
        )


def _type_in_symbol(symbol: str, otherwise: str) -> str | None:
    """Return what a symbol or market id says against the type that it would have otherwise."""
    if ":" in symbol or _SWAP_ID.fullmatch(symbol):
        return "swap"
    is_spot = "/" in symbol or "_" in symbol
    return "spot" if is_spot and otherwise == "swap" else None


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
    """Return the ids without repeats, in the order given.

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


def market_of(exchange: DigiFinexExchange, method: str, symbol: str | None) -> Market:
    """Return the spot market of a symbol or market id: of the loaded ones, else as it says.

    Raises:
        ccxt.BadSymbol: it can be neither; nothing was sent.
    """
    if symbol is None:
        return ALL_MARKETS
    known = (exchange.markets or {}).get(symbol)
    by_id = (exchange.markets_by_id or {}).get(symbol, ())
    for loaded in (known, *by_id):
        if loaded and not loaded["swap"]:
            return Market(loaded["id"], loaded["symbol"])
    return market(method, symbol, codes_of(exchange))


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


def bad_symbol(summary: str, symbol: object, orders: Iterable[Order] = ()) -> Exception:
    """Build the BadSymbol of a symbol that cannot be, or is not that of an order."""
    return errors.describe(
        errors.BadSymbol, summary, exchange_id=EXCHANGE, found=symbol, orders=orders
    )


def not_supported(summary: str) -> Exception:
    """Build the NotSupported of what DigiFinex does not have."""
    return errors.describe(errors.NotSupported, summary, exchange_id=EXCHANGE)


def bad_request(summary: str) -> Exception:
    """Build the BadRequest of what cannot be asked for."""
    return errors.describe(errors.BadRequest, summary, exchange_id=EXCHANGE)
