"""What goes over the wire: a request as it came, an answer as it goes, a line of the log.

Documents: V3 "API Endpoints Description" (parameters in the query or in a form body; the query
wins) and the example bodies. JSON goes out as the real exchange sends it: numbers without quotes,
no white space.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import parse_qsl

import msgspec

from dfx_adapter.simulator.documents import CONTENT_TYPE, KEY_HEADER, SIGN_HEADER

MASK: Final = "***"
_MASKED: Final = frozenset({KEY_HEADER, SIGN_HEADER})
Place = Literal["start", "headers", "middle", "end"]
Ending = Literal["close", "reset", "stall"]
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def encode(value: object) -> bytes:
    """Write JSON; numbers without quotes and with their own digits, even NaN or Infinity."""
    return _ENCODER.encode(_writable(value))


def _writable(value: object) -> object:
    """Write what is no JSON number here: msgspec makes NaN, null or an error of it."""
    if isinstance(value, dict):
        return {key: _writable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(inner) for inner in value]
    if isinstance(value, Decimal | float) and not (number := Decimal(value)).is_finite():
        return msgspec.Raw(str(number).encode())
    return value


def form(text: str) -> dict[str, str]:
    """Read url-encoded parameters; of a repeated one the last counts."""
    return dict(_pairs(text))


@lru_cache(maxsize=16)  # the answer and the log both read a request's
def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(text, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Request:
    """A request, the query string and the body exactly as sent: they are what is signed."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Look a header up, whatever its case."""
        for known, value in self.headers.items():
            if known.upper() == name.upper():
                return value
        return None

    def query_fields(self) -> dict[str, str]:
        """Return the parameters of the query."""
        return form(self.query)

    def body_fields(self) -> dict[str, str]:
        """Return the parameters of the body.

        Whatever its Content-Type: ccxt declares none in Python, and its orders are accepted.
        """
        return form(self.body.decode(errors="replace"))

    def params(self) -> dict[str, str]:
        """Return all parameters; where both places name one, the query wins."""
        return self.body_fields() | self.query_fields()


@dataclass(frozen=True, slots=True)
class Wire:
    """How an answer goes over the socket where it does not go as it should.

    Attributes:
        until: What is still sent.
        ending: What happens to the connection then; None keeps it alive.
        chunked: Send the body in chunks, without the one that ends it.
        drip: Seconds between single bytes, None to send all together.
        length_error: What Content-Length says beyond the truth, in bytes.
        encoding: What Content-Encoding says, whatever the body is.
    """

    until: Place = "end"
    ending: Ending | None = None
    chunked: bool = False
    drip: float | None = None
    length_error: int = 0
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: how long to wait, whether and how to answer at all, and what with."""

    body: bytes = b""
    status: int = 200
    content_type: str = CONTENT_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    dropped: bool = False
    wire: Wire | None = None


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request and how it was answered, key and signature masked; status 0: dropped.

    `at` is when it came, in seconds on the clock of the exchange.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: dict[str, str]
    status: int
    answer: bytes
    at: float = 0.0


def logged(request: Request, response: Response, at: float) -> LoggedRequest:
    """Write the line of the log."""
    return LoggedRequest(
        method=request.method,
        path=request.path,
        query=request.query_fields(),
        headers={
            name: MASK if name.upper() in _MASKED else value
            for name, value in request.headers.items()
        },
        body=request.body_fields(),
        status=0 if response.dropped else response.status,
        answer=response.body,
        at=at,
    )
