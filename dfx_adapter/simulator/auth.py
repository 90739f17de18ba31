"""Signatures and timestamps: V3 "API Endpoints Description" and "Signature Algorithm".

The message is the parameters exactly as they were sent, query first, then body, joined with "&".
The page calls them "ordered based on ASCII", but its own example is not in that order, and
signing the sorted text does not give the signature it states: what counts is the text sent.
"""

import hashlib
import hmac
from urllib.parse import urlencode

from dfx_adapter.simulator.documents import (
    KEY_HEADER,
    MAX_AHEAD,
    RECV_WINDOW,
    RECV_WINDOW_HEADER,
    SIGN_HEADER,
    TIMESTAMP_HEADER,
    Fault,
)
from dfx_adapter.simulator.messages import Request
from dfx_adapter.simulator.parameters import Refused, whole


def signature(secret: str, message: str | bytes) -> str:
    """Sign a message: HMAC-SHA256 in lower-case hex."""
    data = message.encode() if isinstance(message, str) else message
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def signed_text(request: Request) -> bytes:
    """Return the text of a request that is signed."""
    return b"&".join(part for part in (_raw(request.query), request.body) if part)


def _raw(text: str) -> bytes:
    """Return the bytes that came, even where they were no UTF-8."""
    return text.encode(errors="surrogateescape")


def is_signed(request: Request, secret: str) -> bool:
    """Check the signature; upper and lower case are the same ("not case sensitive")."""
    given = _raw((request.header(SIGN_HEADER) or "").lower())
    return hmac.compare_digest(given, signature(secret, signed_text(request)).encode())


def is_timely(request: Request, now: int) -> bool:
    """Check the timestamp, in whole seconds: 5 behind and 1 ahead still pass."""
    stamp = whole(request.header(TIMESTAMP_HEADER))
    if stamp is None:
        return False
    behind = RECV_WINDOW
    asked = request.header(RECV_WINDOW_HEADER)
    if asked is not None:
        window = whole(asked)
        if window is None:
            raise Refused(Fault.ILLEGAL_PARAMETER)
        behind = window
    return -MAX_AHEAD <= now - stamp <= behind


def authenticate(request: Request, *, api_key: str, secret: str, now: int) -> None:
    """Refuse a private request that does not prove whose it is."""
    given = request.header(KEY_HEADER)
    if not given:
        raise Refused(Fault.NO_ENDPOINT)
    if not hmac.compare_digest(_raw(given), api_key.encode()):
        raise Refused(Fault.WRONG_KEY)
    if not is_signed(request, secret):
        raise Refused(Fault.WRONG_SIGN)
    if not is_timely(request, now):
        raise Refused(Fault.WRONG_TIMESTAMP)


def signed_request(
    method: str, path: str, params: dict[str, object], *, api_key: str, secret: str, timestamp: int
) -> Request:
    """Build a signed request as the sample code of V3 does: a form in the query or the body."""
    text = urlencode(params)
    headers = {
        KEY_HEADER: api_key,
        SIGN_HEADER: signature(secret, text),
        TIMESTAMP_HEADER: str(timestamp),
    }
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(method, path, headers=headers, body=text.encode())
    return Request(method, path, query=text, headers=headers)
