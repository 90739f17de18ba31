"""Parsing `options["limiter"]`: where the budget is kept, and how large it is.

    process                                   in this process (the default)
    machine                                   between the processes of one user on one machine
    file:///var/lib/bots/limiter.sqlite3      the same, in a file of your choice
    redis://127.0.0.1:6379/0                  between machines; rediss:// and unix:// as in redis-py

Behind a `?` may stand `budget` (weight per window), `per` (seconds of the window), `weight` (of one
request) and `processes` (how many share the key, at least).
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from dfx_adapter.order import DAY

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
# The largest whole number, and the longest `per`: a day.
_MOST: Final = (10**9, DAY)
# A message may repeat an option that is none of these only where it is one word, not a password
# beside a host.
_WORD: Final = re.compile(r"[a-z]{1,12}", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w.-]+|[0-9a-f:.]+", re.IGNORECASE | re.ASCII)
_DATABASE: Final = re.compile(r"/?[0-9]*", re.ASCII)
_PORT: Final = re.compile(r"(\[[^]]*\]|[^:]*)(:[0-9]{1,5})?", re.ASCII)
_PLAIN: Final = re.compile(r"[!-~]*")
_USER: Final = re.compile(r"//.*@", re.DOTALL)
_SHAPES: Final = {
    "redis": "redis://[user:password@]host[:port][/number]",
    "rediss": "rediss://[user:password@]host[:port][/number]",
    "unix": "unix://[user:password@]/path",
}
_ENCODED: Final = "with / ? # @ in a password written as %2F %3F %23 %40"


class Limit(NamedTuple):
    """The weights of all requests within any `per` seconds must not exceed the budget."""

    budget: int
    per: float
    weight: int  # of one request
    processes: int = 0  # how many share it, at least; 0: not given


class Address(NamedTuple):
    """A store, and the limit that is kept in it."""

    scheme: str
    url: str  # as the store wants it; may hold a password
    label: str  # without credentials
    limit: Limit
    secrets: tuple[str, ...] = ()  # the password, as written and as meant


def without_password(option: Any) -> Any:
    """Return an option without what may be a password: who logs in, and parameters of a URL."""
    return _USER.sub("//***@", option).partition("?")[0] if isinstance(option, str) else option


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
        # The home directory, not a temporary one: those differ between services of one user, and
        # then every service would have a budget of its own.
        address = _home().joinpath(".local/state/dfx-adapter/limiter.sqlite3").as_uri()
    scheme, separator, _ = address.partition("://")
    if not separator or scheme not in _NEEDS:
        label = scheme if _WORD.fullmatch(scheme) else "something else"
        raise ValueError(f"expected {EXPECTED}, found {label!r}")
    missing = [package for package in _NEEDS[scheme] if find_spec(package) is None]
    if missing:
        needed = " and ".join(missing)
        raise ValueError(f"needs {needed}: pip install 'dfx-adapter[shared]'")
    if scheme == "file":
        return _file(address, query, default)
    return _server(address, query, default)


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise ValueError(
            "'machine' needs a home directory, and there is none: name a file"
        ) from None


def _file(address: str, query: str, default: Limit) -> Address:
    parts = _split(address)
    rest, limit = _limit(query, default)
    path = unquote(parts.path) if parts else ""
    if not parts or parts.netloc or parts.fragment or rest or not Path(path).is_absolute():
        raise ValueError("expected file:///, an absolute path, and no other parameters")
    if "\0" in path or not Path(path).name:
        raise ValueError("expected file:///, and the path of a file")
    return Address("file", path, address, limit)


def _server(address: str, query: str, default: Limit) -> Address:
    """Read the address of a Redis server; what cannot be is not repeated: a password may be in it.

    A / or an @ in a password that is not encoded would make parts of it a port, a path, a host.
    """
    parts = _split(address)
    user, _, host = parts.netloc.rpartition("@") if parts else ("", "", "")
    scheme = address.partition(":")[0]
    is_right = (
        parts is not None
        and "@" not in parts.path + query
        and "#" not in address + query
        and _PLAIN.fullmatch(address + query)
        and (not host if scheme == "unix" else _is_host(host) and _DATABASE.fullmatch(parts.path))
    )
    if not is_right or parts is None:
        raise ValueError(f"expected {_SHAPES[scheme]}, {_ENCODED}; found another address")
    rest, limit = _limit(query, default)
    password = user.partition(":")[2] or user
    secrets = tuple(filter(None, {password, unquote(password), *_passwords(rest)}))
    label = f"{scheme}://{host}{parts.path}"
    url = address + (f"?{urlencode(rest)}" if rest else "")
    return Address(scheme, url, label, limit, secrets)


def _split(address: str) -> SplitResult | None:
    """Split an address; None where it cannot be. Python's own error would show all of it."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_host(host: str) -> bool:
    found = _PORT.fullmatch(host)
    return not host or (found is not None and bool(_HOST.fullmatch(found[1].strip("[]"))))


def _passwords(query: dict[str, str]) -> list[str]:
    return [value for name, value in query.items() if "password" in name]


def _limit(text: str, default: Limit) -> tuple[dict[str, str], Limit]:
    """Take our parameters out of a query; the rest is the store's."""
    query = dict(parse_qsl(text, keep_blank_values=True))
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
    most = _MOST[name == "per"]
    if not 0 < number <= most:
        kind = "seconds" if name == "per" else "a whole number"
        raise ValueError(f"{name}: expected {kind} above 0, at most {most}, found {text!r}")
    return number
