"""Where credentials may be sent: to an https URL, or to this very machine.

A signed request can be replayed by whoever reads it, and on some exchanges sent elsewhere, too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from dfx_adapter import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXPECTED: Final = "an https URL without a user name, or http on loopback"
_ENCRYPTED: Final = frozenset({"https", "wss"})
_PLAIN: Final = frozenset({"http", "ws"})
# What one reader of URLs drops and another takes for a part of the host; a zone names an interface.
_AMBIGUOUS: Final = re.compile(r"[\x00-\x20\x7f\\@]|%25")
_USER: Final = re.compile(r"//.*@", re.DOTALL)


@lru_cache(maxsize=64)
def check(exchange_id: str, url: str) -> None:
    """Check a base URL.

    Raises:
        ccxt.BadRequest: what is sent there could be read on the way. The message shows no password.
    """
    if not is_safe(url):
        shown = _USER.sub("//***@", url)
        raise errors.describe(
            errors.BadRequest,
            f"config: urls: expected {_EXPECTED}, found {shown!r}; nothing is sent there",
            exchange_id=exchange_id,
            found=shown,
            expected=_EXPECTED,
        )


def is_safe(url: str) -> bool:
    """Tell whether nobody can read on the way what is sent to a base URL."""
    try:
        return not _AMBIGUOUS.search(url) and _is_private(urlsplit(url))
    except ValueError:  # a port that is no number, brackets that do not match
        return False


def check_all(exchange_id: str, urls: Any) -> None:
    """Check every URL of a text, or of what holds texts; as `check`."""
    for url in _texts(urls):
        check(exchange_id, url)


def _texts(urls: Any) -> Iterator[str]:
    if isinstance(urls, str):
        yield urls
    elif isinstance(urls, dict):
        for each in urls.values():
            yield from _texts(each)


def _is_private(parts: SplitResult) -> bool:
    """Tell whether nobody between here and the host can read what is sent."""
    host, _ = parts.hostname, parts.port  # a bad port is a ValueError
    if parts.scheme in _ENCRYPTED:
        return bool(host)
    return parts.scheme in _PLAIN and _is_loopback(host or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # another name, or an address in one of the forms that only some accept
        return False
