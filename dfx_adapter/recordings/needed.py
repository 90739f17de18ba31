"""What reading an answer takes beside the answer: the markets that it names, and a few options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Options that decide what is asked for, and are words of ccxt's or of ours; no other text is kept,
# for an option may hold anything.
_WORDS: Final = frozenset(
    {"defaultType", "defaultSubType", "type", "subType", "marginMode", "defaultMarginMode"}
    | {"badRow", "defaultSettle", "defaultTimeInForce", "accountType"}
)
_NOT_KEPT: Final = frozenset({"record", "limiter", "banGuard", "batchFetchOrder", "batchWindow"})
_WORD: Final = re.compile("[a-zA-Z_]{1,16}")
_TEXT: Final = re.compile(r'"([^"\\]{2,40})"')
# Where a market has numbers; with `number=str`, ccxt has them as texts.
_NUMBERS: Final = frozenset(
    {"precision", "limits", "taker", "maker", "percentage", "contractSize", "strike"}
)


def symbols(exchange: Any, *values: Any) -> Iterator[str]:
    """Yield the symbols of the loaded markets that arguments or orders name."""
    markets = exchange.markets or {}
    for value in values:
        if isinstance(value, str):
            yield from _named(exchange, markets, value)
        elif isinstance(value, Mapping):
            symbol = value.get("symbol")
            if isinstance(symbol, str):
                yield from _named(exchange, markets, symbol)
        elif isinstance(value, list | tuple):
            yield from symbols(exchange, *value)


def symbols_in(exchange: Any, body: str) -> Iterator[str]:
    """Yield the symbols of the loaded markets whose ids stand in a body."""
    by_id = exchange.markets_by_id
    for text in set(_TEXT.findall(body)) if by_id else ():
        for market in by_id.get(text, ()):
            yield market["symbol"]


def _named(exchange: Any, markets: Mapping[str, Any], text: str) -> Iterator[str]:
    if text in markets:
        yield text
    for market in (exchange.markets_by_id or {}).get(text, ()):
        yield market["symbol"]


def markets(exchange: Any, wanted: Iterable[str]) -> list[dict[str, Any]]:
    """Return markets as JSON can have them, by their symbols."""
    return [_plain(exchange.markets[symbol]) for symbol in sorted(wanted)]


def options(exchange: Any, wanted: Iterable[str]) -> dict[str, Any]:
    """Return the options that an object was given and that reading takes: flags, and a few words.

    Tables of markets that a class has made for itself are kept for the markets wanted.
    """
    described = exchange.describe().get("options") or {}
    kept = dict(_kept(exchange.options, described))
    symbols_wanted = set(wanted)
    for name, table in exchange.options.items():
        if _is_table(table) and table != described.get(name):
            rows = {key: one for key, one in table.items() if one["symbol"] in symbols_wanted}
            kept |= {name: {key: _plain(one) for key, one in rows.items()}} if rows else {}
    return kept


def _kept(given: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        known = described.get(name)
        if name in _NOT_KEPT or value == known:
            continue
        is_word = name in _WORDS and isinstance(value, str) and _WORD.fullmatch(value)
        if isinstance(value, bool) or is_word:
            yield name, value
        elif isinstance(value, Mapping) and not _is_table(value):
            inner = dict(_kept(value, known if isinstance(known, Mapping) else {}))
            if inner:
                yield name, inner


def _is_table(value: Any) -> bool:
    """Tell whether an option is a table of markets, such as Kraken's by their other names."""
    if not isinstance(value, Mapping) or not value:
        return False
    return all(
        isinstance(one, Mapping) and {"id", "symbol"} <= one.keys() for one in value.values()
    )


def _plain(value: Any, name: str = "", *, as_number: bool = False) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): _plain(inner, str(key), as_number=as_number or key in _NUMBERS)
            for key, inner in value.items()
            if not callable(inner)
        }
    if isinstance(value, list | tuple):
        return [_plain(inner, name, as_number=as_number) for inner in value]
    if as_number and isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value


def typed(value: Any, number: Any) -> Any:
    """Return a market of a recording with the type of numbers of an exchange object."""
    if isinstance(value, Decimal):
        return number(value) if number is not str else f"{value:f}"
    if isinstance(value, dict):
        return {key: typed(inner, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner, number) for inner in value]
    return value
