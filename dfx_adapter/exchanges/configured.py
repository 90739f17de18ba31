"""What a config may say to the adapter; said wrong, it is refused when the object is built.

A key or an option that nobody knows may be a bot's own: where it is nearly one that somebody knows,
a warning says so.
"""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.guards import addresses, bounds
from dfx_adapter.limits import address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dfx_adapter.hookspecs import HookCaller
    from dfx_adapter.limits.address import Limit


class Option(NamedTuple):
    """An option of ours: its default, what it must be with a test for it, and what it means."""

    name: str
    default: object
    expected: str
    is_right: Callable[[Any], bool]
    meaning: str


def _options_of(exchange: Any) -> Mapping[str, Option]:
    options: Mapping[str, Option] = exchange._dfx_options  # noqa: SLF001  # a class of ours
    return options


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number above 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_duration(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < float("inf")


_ROWS: Final = (
    Option(
        "badRow",
        "raise",
        "'raise' or 'skip'",
        lambda value: value in ("raise", "skip"),  # of any type
        "'skip' leaves a bad row out of a list, with a warning",
    ),
    Option(
        "batchFetchOrder",
        True,  # noqa: FBT003  # the default
        "True or False",
        _is_bool,
        "asyncio: fetch_order calls of one turn of the event loop share requests",
    ),
    Option(
        "batchWindow",
        0,
        "milliseconds",
        _is_duration,
        "threads: milliseconds to wait for fetch_order calls of other threads to share a request",
    ),
    Option(
        "banGuard",
        True,  # noqa: FBT003  # the default
        "True or False",
        _is_bool,
        "False goes on sending after a frequency error",
    ),
    Option(
        "limiter",
        address.PROCESS,
        address.EXPECTED,
        lambda value: isinstance(value, str),  # the rest needs a limit: `check_limiter`
        "where the limit and the ban of a key are kept",
    ),
    Option(
        "maxBody",
        bounds.ORDER_BODY,
        "a whole number of bytes, above 0",
        is_whole,
        "bytes of an answer about orders, inflated; others may have 64 MiB or this, what is more",
    ),
)
# By name: those of any exchange. Options that are not here are ccxt's, or a bot's.
OPTIONS: Final[Mapping[str, Option]] = {row.name: row for row in _ROWS}
NUMBERS: Final = (float, Decimal, str)

# How alike two names must be, of 1, to be taken for one another.
_ALIKE: Final = 0.85
_USER: Final = re.compile(r"//.*@", re.DOTALL)
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
    for name, option in _options_of(exchange).items():
        if name in exchange.options and not option.is_right(exchange.options[name]):
            found = without_password(exchange.options[name])
            raise _wrong(exchange.id, f"options[{name!r}]", found, option.expected)
    addresses.check_verified(exchange, *addresses.texts(exchange.urls.get("api")))
    for name, meant in misspelled(exchange).items():
        host.warn(f"{exchange.id} config: {name}", f"not known; is {meant} meant?")


def check_limiter(exchange_id: str, option: object, default: Limit, *, paced: bool) -> None:
    """Check the option that says where the budget is kept; `paced` is ccxt's `enableRateLimit`.

    Raises:
        ccxt.BadRequest: it cannot be. The message does not show it: it may hold a password.
    """
    try:
        is_shared = address.parse(option, default) is not None
    except ValueError as error:
        raise wrong_limiter(exchange_id, str(error), option) from None
    if is_shared and not paced:
        reason = "a shared budget needs enableRateLimit to be True, as it is by default"
        raise wrong_limiter(exchange_id, reason, option)


def wrong_limiter(exchange_id: str, reason: str, option: object) -> Exception:
    """Return the error of a budget that cannot be."""
    return errors.describe(
        errors.BadRequest,
        f"config: options['limiter']: {reason}",
        exchange_id=exchange_id,
        found=without_password(option),
        expected=address.EXPECTED,
    )


def without_password(option: Any) -> Any:
    """Return an option without what may be a password: who logs in, and parameters of a URL."""
    return _USER.sub("//***@", option).partition("?")[0] if isinstance(option, str) else option


def misspelled(exchange: Any) -> dict[str, str]:
    """Return what an exchange object of ccxt was given that has nearly the name of something known.

    Keys are as in the message: a config's key, or one of its options; values are the known names.
    """
    unknown = [
        name
        for name, value in vars(exchange).items()
        if not callable(value) and not _is_known(exchange, name)
    ]
    ours = _options_of(exchange)
    near = {name: _nearest(name, ours) for name in exchange.options if name not in ours}
    near = {name: meant for name, meant in near.items() if meant}
    if not unknown and not near:
        return {}
    described = exchange.describe()
    found = {
        f"options[{name!r}]": f"options[{meant!r}]"
        for name, meant in near.items()
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
        f"config: {name}: expected {expected}, found {found!r}",
        exchange_id=exchange_id,
        found=found,
        expected=expected,
    )
