"""What goes over the WebSocket: answers and pushes of orders.

Document: Websocket_API_en.md (github DigiFinex/api), "server.auth", "order.subscribe",
"order.update". Decimals are texts, `mode` is 1 for spot and 2 for margin, binary frames are zlib
(RFC 1950). What nobody knows of the real exchange is a setting of `Stream`.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from dfx_adapter.simulator.documents import Kind
from dfx_adapter.simulator.exact import EXACT, ZERO
from dfx_adapter.simulator.orders import Order, Row

MODES: Final[Mapping[Kind, int]] = {"spot": 1, "margin": 2}


def stream_signature(secret: str, timestamp: str) -> str:
    """Sign the timestamp, milliseconds as text: Base64 of HMAC-SHA256. Nothing else is signed."""
    digest = hmac.new(secret.encode(), timestamp.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def push_of(order: Order, now: int, *, created: bool) -> Row:
    """Return the fields of one order in `order.update`.

    Args:
        order: as it is now.
        now: the exchange's clock, in seconds.
        created: whether `timestamp` is the time of creation, and not of the change.
    """
    budget = order.cash_amount if order.type == "buy_market" else ZERO
    notional = budget or EXACT.multiply(order.price, order.amount)
    return {
        "amount": _text(order.amount),
        "filled": _text(order.executed),
        "id": order.order_id,
        "mode": MODES[order.kind],
        "notional": _text(notional),
        "price": _text(order.price),
        "price_avg": _text(order.average),
        "side": order.side,
        "status": int(order.status),
        "symbol": order.market.symbol,
        "timestamp": 1000 * (order.created_date if created else now),
        "type": "market" if order.is_market else "limit",
    }


def _text(number: Decimal) -> str:
    return f"{number:f}"


def update(rows: list[Row]) -> bytes:
    """Return the frame that pushes orders."""
    return packed({"method": "order.update", "params": rows, "id": None})


def packed(message: Mapping[str, Any]) -> bytes:
    """Return a message as a binary frame."""
    return zlib.compress(json.dumps(message, separators=(",", ":")).encode(), 9)


def answer(request_id: object, result: object, error: object = None) -> dict[str, Any]:
    """Return what a request is answered with."""
    return {"error": error, "result": result, "id": request_id}


def bomb(size: int = 200 << 20) -> bytes:
    """Return a small frame that inflates to so many bytes."""
    deflating = zlib.compressobj(9)
    piece = bytes(1 << 20)
    parts = [deflating.compress(piece) for _ in range(size >> 20)]
    return b"".join([*parts, deflating.flush()])
