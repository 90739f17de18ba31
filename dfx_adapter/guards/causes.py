"""Why a request was not answered, in a few words that both libraries share."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from typing import TYPE_CHECKING, Final, NamedTuple

from dfx_adapter import errors

if TYPE_CHECKING:
    from collections.abc import Callable


class Cause(NamedTuple):
    """Words for a failure, and the test that knows it."""

    words: str
    is_it: Callable[[BaseException], bool]


def _of(*classes: type[BaseException]) -> Callable[[BaseException], bool]:
    return lambda error: isinstance(error, classes)


def _numbered(*numbers: int) -> Callable[[BaseException], bool]:
    return lambda error: isinstance(error, OSError) and error.errno in numbers


def _named(*names: str) -> Callable[[BaseException], bool]:
    return lambda error: any(cls.__name__ in names for cls in type(error).__mro__)


# The first that is true of any error that led to it. Classes of libraries stand by their names, so
# that neither library is needed for the other.
CAUSES: Final = (
    Cause("name not found", _of(socket.gaierror)),
    Cause("name not found", _named("NameResolutionError", "ClientConnectorDNSError")),
    Cause("TLS failed", _of(ssl.SSLError, ssl.CertificateError)),
    Cause("connection refused", _of(ConnectionRefusedError)),
    Cause("unreachable", _numbered(errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)),
    Cause("connection closed without an answer", _of(http.client.RemoteDisconnected)),
    Cause("connection closed without an answer", _named("ServerDisconnectedError")),
    Cause("connection reset", _of(ConnectionResetError, BrokenPipeError)),
    Cause("timed out", _of(TimeoutError)),
    Cause("the answer broke off", _of(http.client.IncompleteRead)),
    Cause("the answer broke off", _named("ClientPayloadError", "ChunkedEncodingError")),
    Cause("the answer cannot be read as HTTP", _of(http.client.HTTPException)),
    Cause("the answer cannot be read as HTTP", _named("HttpProcessingError")),
)


def cause(error: BaseException) -> str | None:
    """Return why there is no answer; None where nothing of the table led to the error."""
    led_to_it = list(errors.chain(error))
    for known in CAUSES:
        if any(map(known.is_it, led_to_it)):
            return known.words + next(filter(None, map(_detail, led_to_it)), "")
    return None


def _detail(error: BaseException) -> str:
    """Return what OpenSSL says was wrong, where it does."""
    if not isinstance(error, ssl.SSLError):
        return ""
    reason = getattr(error, "verify_message", None) or getattr(error, "reason", None)
    return f": {reason}" if isinstance(reason, str) and reason else ""
