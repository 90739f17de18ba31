"""What goes over the WebSocket, to and fro. No I/O.

Document: Websocket_API_en.md (github DigiFinex/api), "server.auth", "server.ping",
"order.subscribe", "order.update". Binary frames are zlib (RFC 1950). Whether answers come as text
or as binary frames, and what an error looks like, is not documented: all forms seen are read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from dfx_adapter import exact_json
from dfx_adapter.excerpts import written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST: Final = 4 << 20  # bytes of a frame, inflated
_KINDS: Final = {1: "spot", 2: "margin"}  # "mode"


class Unreadable(ValueError):
    """A frame that is not as the documents have it; nobody knows what was in it."""


class Reply(NamedTuple):
    """The answer to a request; `error` is None where it succeeded."""

    id: Any
    error: str | None


class Update(NamedTuple):
    """One order of a push. Quantities are exact; what a push does not tell stays out.

    Neither `timestamp` nor `notional` is here: whether the first is of the creation or of the
    change, and what the second means for a limit order, is not documented.
    """

    id: str
    symbol: str
    kind: str
    status: int
    amount: Decimal
    filled: Decimal
    average: str


Message: TypeAlias = Reply | list[Update]


def auth(request_id: int, key: str, secret: str, milliseconds: int) -> str:
    """Write `server.auth`: the key, the time as text, and the time signed; nothing else is."""
    stamp = str(milliseconds)
    digest = hmac.new(secret.encode(), stamp.encode(), hashlib.sha256).digest()
    return request(request_id, "server.auth", [key, stamp, base64.b64encode(digest).decode()])


def request(request_id: int, method: str, params: Sequence[str] = ()) -> str:
    """Write a request."""
    return json.dumps({"id": request_id, "method": method, "params": list(params)})


def read(frame: str | bytes) -> Message:
    """Read a frame.

    Raises:
        Unreadable: it cannot be inflated or decoded, or is none of the documented messages.
    """
    try:
        message = exact_json.decode(_inflated(frame) if isinstance(frame, bytes) else frame)
    except (ValueError, zlib.error, RecursionError) as error:
        raise Unreadable(f"a frame that is no JSON: {error}") from None
    if not isinstance(message, dict):
        raise Unreadable(f"expected an object, found {written(message)}")
    if message.get("method") == "order.update":
        rows = message.get("params")
        if not isinstance(rows, list):
            raise Unreadable(f"params: expected a list of orders, found {written(rows)}")
        return [_update(row) for row in rows]
    if "id" in message and {"error", "result"} & message.keys():
        return Reply(message["id"], _error(message))
    if isinstance(message.get("method"), str):
        return []  # a push of something else
    raise Unreadable(f"expected an answer or a push, found {written(message)}")


def _inflated(frame: bytes) -> bytes:
    inflating = zlib.decompressobj()
    inflated = inflating.decompress(frame, LARGEST)
    if not inflating.eof:
        raise Unreadable(f"expected at most {LARGEST} bytes of a whole frame")
    return inflated


def _error(message: Mapping[str, Any]) -> str | None:
    error = message.get("error")
    if error is None:
        return None
    if isinstance(error, dict):
        return f"{error.get('code')} {error.get('message')}"
    return str(error)


def _update(row: Any) -> Update:
    if not isinstance(row, dict):
        raise Unreadable(f"params: expected orders, found {written(row)}")
    kind, status = _KINDS.get(row.get("mode", 1)), row.get("status")
    if kind is None:
        raise Unreadable(f"mode: expected 1 or 2, found {written(row.get('mode'))}")
    if not isinstance(status, int):
        raise Unreadable(f"status: expected a whole number, found {written(status)}")
    average = _quantity(row, "price_avg")
    return Update(
        _text(row, "id"),
        _text(row, "symbol"),
        kind,
        status,
        _quantity(row, "amount"),
        _quantity(row, "filled"),
        f"{average:f}",
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"{name}: expected a text, found {written(value)}")
    return value


def _quantity(row: Mapping[str, Any], name: str) -> Decimal:
    value = row.get(name)
    try:
        number = Decimal(value) if isinstance(value, str | int) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or number < 0:
        raise Unreadable(f"{name}: expected a quantity, found {written(value)}")
    return number
