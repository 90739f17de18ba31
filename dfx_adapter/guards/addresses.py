"""Where credentials may be sent: to an https URL, or to this very machine.

A signed request can be replayed by whoever reads it, and on some exchanges sent elsewhere, too.
"""

from __future__ import annotations

import re
import ssl
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from dfx_adapter import errors
from dfx_adapter.guards import masking

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXPECTED: Final = "an https URL without a user name, or http on loopback"
_VERIFYING: Final = "certificates to be verified, off loopback and with a key"
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
        found = _USER.sub("//***@", url)
        raise errors.describe(
            errors.BadRequest,
            f"config: urls: expected {_EXPECTED}, found {found!r}; nothing is sent there",
            exchange_id=exchange_id,
            found=found,
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
    for url in texts(urls):
        check(exchange_id, url)


def check_verified(exchange: Any, *urls: str) -> None:
    """Check that who answers on another machine is verified, where there are credentials to steal.

    Raises:
        ccxt.BadRequest: the object verifies nobody (`verify` and its like), and has a key.
    """
    found = unverified(exchange)
    if found is None or not any(masking.credentials_of(exchange)):
        return
    foreign = [url for url in urls if not _is_loopback(urlsplit(url).hostname or "")]
    if foreign:
        raise errors.describe(
            errors.BadRequest,
            f"config: {found}: expected {_VERIFYING}; nothing is sent to {_host(foreign[0])}",
            exchange_id=exchange.id,
            found=found,
            expected=_VERIFYING,
        )


def unverified(exchange: Any) -> str | None:
    """Return what keeps an exchange object from verifying certificates; None where nothing does."""
    for name in ("verify", "validateServerSsl"):
        if not getattr(exchange, name, True):
            return f"{name} is {getattr(exchange, name)!r}"
    if exchange.synchronous:
        return None
    connector = getattr(exchange.session, "connector", None)
    contexts = {"ssl_context": exchange.ssl_context, "session": getattr(connector, "_ssl", None)}
    for name, context in contexts.items():
        if context is False:
            return f"{name} verifies no certificate"
        if isinstance(context, ssl.SSLContext) and not _is_verifying(context):
            return f"{name} verifies no certificate or no host name"
    return None


def _is_verifying(context: ssl.SSLContext) -> bool:
    return context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname


def _host(url: str) -> str:
    return urlsplit(url).hostname or "an unknown host"


def texts(urls: Any) -> Iterator[str]:
    """Yield every URL of a text, or of what holds texts."""
    if isinstance(urls, str):
        yield urls
    elif isinstance(urls, dict):
        for inner in urls.values():
            yield from texts(inner)


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
