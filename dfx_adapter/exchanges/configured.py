"""What a config may hold; what cannot be is refused when the object is built.

A key or an option that nobody knows may be a bot's own: where it is nearly one that somebody knows,
a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.excerpts import written
from dfx_adapter.guards import addresses
from dfx_adapter.limits import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dfx_adapter.hookspecs import HookCaller
    from dfx_adapter.options import Option


def _options_of(exchange: Any) -> Mapping[str, Option]:
    options: Mapping[str, Option] = exchange._dfx_options  # a class of ours
    return options


NUMBERS: Final = (float, Decimal, str)

# How alike two names must be, of 1, to be taken for one another.
_ALIKE: Final = 0.85
# What ccxt's classes put onto an object without naming it in a class (ccxt 4.5.90).
_SET_BY_CCXT: Final = frozenset(
    {"MAXVALUE", "cafile", "dex", "markets_loading", "ownSession", "own_session"}
    | {"reloading_markets"}
)
_CAPITAL: Final = re.compile("[A-Z]")
_AFTER_UNDERSCORE: Final = re.compile("_([a-z])")


def check(exchange: Any, host: HookCaller) -> None:
    """Check what an exchange object was built with; warn of what seems to be misspelled.

    Raises:
        ccxt.BadRequest: the type of numbers or one of our options cannot be, or nobody would verify
            who gets the credentials; the message says which, and what is expected.
    """
    if exchange.number not in NUMBERS:
        raise _wrong(exchange.id, "number", exchange.number, "float, Decimal or str")
    rows = _options_of(exchange)
    for where, name, value in _given(exchange.options, rows):
        row = rows.get(name)
        if row and not (row.is_right(value) or (value is None and row.default is None)):
            raise _wrong(exchange.id, where, address.without_password(value), row.expected)
    addresses.check_verified(exchange, *addresses.texts(exchange.urls.get("api")))
    for name, meant in misspelled(exchange).items():
        host.warn(f"{exchange.id} config: {name}", f"not known; is {meant} meant?")


def _given(
    options: Mapping[str, Any], rows: Mapping[str, Option], where: str = "options"
) -> Iterator[tuple[str, str, Any]]:
    """Yield where an option stands, its name and its value; those of one method alone, too."""
    for name, value in options.items():
        here = f"{where}[{name!r}]"
        yield here, name, value
        if name in rows and isinstance(value, Mapping):
            yield from _given(value, {}, here)


def misspelled(exchange: Any) -> dict[str, str]:
    """Return what an exchange object of ccxt was given that has nearly the name of something known.

    Keys are as in the message: a config's key, or one of its options; values are the known names.
    """
    unknown = [
        name
        for name, value in vars(exchange).items()
        if not callable(value) and not _is_known(exchange, name)
    ]
    rows = _options_of(exchange)
    near = {
        where: (name, meant)
        for where, name, _ in _given(exchange.options, rows)
        if name not in rows and name not in exchange.has and (meant := _nearest(name, rows))
    }
    if not unknown and not near:
        return {}
    described = exchange.describe()
    found = {
        where: f"options[{meant!r}]"
        for where, (name, meant) in near.items()
        if name not in (described.get("options") or {})
    }
    names = (name for name in dir(type(exchange)) if not callable(getattr(exchange, name, None)))
    known = {*names, *exchange.requiredCredentials, *described}
    for name in unknown:
        meant = None if name in known else _nearest(name, known)
        found |= {name: repr(meant)} if meant else {}
    return found


def _is_known(exchange: Any, name: str) -> bool:
    """Tell whether a class names an attribute, or ccxt has put it there itself.

    ccxt copies each attribute in snake case to one in camel case: `api_key` is an `apiKey`.
    """
    cls = type(exchange)
    if name.startswith("_") or name in _SET_BY_CCXT or hasattr(cls, name):
        return True
    snake = _CAPITAL.sub(lambda match: f"_{match[0].lower()}", name)
    if snake != name:
        return hasattr(cls, snake) or snake in vars(exchange)
    return hasattr(cls, _AFTER_UNDERSCORE.sub(lambda match: match[1].upper(), name))


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that this one was probably meant to be."""
    plain = {_plain(one): one for one in known if not one.startswith("_")}
    close = get_close_matches(_plain(str(name)), plain, 1, _ALIKE)
    return plain[close[0]] if close else None


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _wrong(exchange_id: str, name: str, found: object, expected: str) -> Exception:
    return errors.describe(
        errors.BadRequest,
        f"config: {name}: expected {expected}, found {written(found)}",
        exchange_id=exchange_id,
        found=found,
        expected=expected,
    )
