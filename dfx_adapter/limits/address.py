"""What `options["limiter"]` says: where the budget is kept, and how large it is.

    process                                   in this process (the default)
    machine                                   between the processes of one user on one machine
    file:///var/lib/bots/limiter.sqlite3      the same, in a file of your choice
    redis://127.0.0.1:6379/0                  between machines; rediss:// and unix:// as in redis-py

Behind a `?` may stand `budget` (weight per window), `per` (seconds of the window), `weight` (of one
request) and `processes` (how many share the key, at least).
"""

from __future__ import annotations

import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

PROCESS: Final = "process"
MACHINE: Final = "machine"
EXPECTED: Final = "'process', 'machine', 'file:///...' or 'redis://...'"

# Scheme -> what must be installed.
_NEEDS: Final = {
    "file": ("pyrate_limiter",),
    "redis": ("pyrate_limiter", "redis"),
    "rediss": ("pyrate_limiter", "redis"),
    "unix": ("pyrate_limiter", "redis"),
}
# A budget below this many requests a window could not keep anything in reserve.
_LEAST_REQUESTS: Final = 10


class Limit(NamedTuple):
    """The weights of all requests within any `per` seconds must not exceed the budget."""

    budget: int
    per: float
    weight: int  # of one request
    processes: int = 0  # how many share it, at least; 0: not said


class Address(NamedTuple):
    """A store, and the limit that is kept in it."""

    scheme: str
    url: str  # as the store wants it; may hold a password
    shown: str  # without credentials
    limit: Limit


def parse(option: object, default: Limit) -> Address | None:
    """Read the option; None for the process's own pace.

    Raises:
        ValueError: the option cannot be, or needs a package that is not there. The message shows no
            credentials.
    """
    if option == PROCESS:
        return None
    if not isinstance(option, str):
        raise ValueError(f"expected {EXPECTED}, found {type(option).__name__}")  # noqa: TRY004  # one kind of error
    address, _, query = option.partition("?")
    if address == MACHINE:
        # The home directory, not a temporary one: those differ between services of one user, which
        # would then have a budget each.
        address = Path.home().joinpath(".local/state/dfx-adapter/limiter.sqlite3").as_uri()
    parts = urlsplit(address)
    if parts.scheme not in _NEEDS:
        raise ValueError(f"expected {EXPECTED}, found {parts.scheme or address!r}")
    missing = [package for package in _NEEDS[parts.scheme] if find_spec(package) is None]
    if missing:
        needed = " and ".join(missing)
        raise ValueError(f"needs {needed}: pip install 'dfx-adapter[shared]'")
    rest, limit = _limit(dict(parse_qsl(query, keep_blank_values=True)), default)
    shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if parts.scheme == "file":
        if parts.netloc or rest or not Path(unquote(parts.path)).is_absolute():
            raise ValueError("expected file:///, an absolute path, and no other parameters")
        return Address("file", unquote(parts.path), shown, limit)
    return Address(parts.scheme, address + (f"?{urlencode(rest)}" if rest else ""), shown, limit)


def _limit(query: dict[str, str], default: Limit) -> tuple[dict[str, str], Limit]:
    """Take our parameters out of a query; the rest is the store's."""
    numbers = {name: _number(name, query.pop(name)) for name in Limit._fields if name in query}
    limit = default._replace(
        **{name: number if name == "per" else int(number) for name, number in numbers.items()}
    )
    if limit.budget < _LEAST_REQUESTS * limit.weight:
        least = _LEAST_REQUESTS * limit.weight
        raise ValueError(f"budget: expected {least} or more, found {limit.budget}")
    return query, limit


def _number(name: str, text: str) -> Any:
    try:
        number = float(text) if name == "per" else int(text)
    except ValueError:
        number = 0
    if not (math.isfinite(number) and number > 0):
        kind = "seconds" if name == "per" else "a whole number"
        raise ValueError(f"{name}: expected {kind} above 0, found {text!r}")
    return number
