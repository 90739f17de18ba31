"""Scripted faults: the endpoint's own answer, spoilt on its way to the client.

The request takes effect, as it does on an exchange whose answer is lost: an order is placed
although its sender never heard of it. What stands in for the answer is in `answers`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import msgspec

from dfx_adapter.simulator.messages import Ending, Place, Response, Wire, encode
from dfx_adapter.simulator.orders import Row

# Where an answer has its rows or ids: order and detail; mytrades; cancel; batch_new.
_ROW_KEYS: Final = ("data", "list", "success", "order_ids")
_EXACT: Final = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer comes so many seconds late. The request takes effect before the wait."""

    seconds: float

    def spoil(self, answer: Response) -> Response:
        """Return the answer with a delay."""
        return replace(answer, delay=self.seconds)


@dataclass(frozen=True, slots=True)
class Break:
    """The answer breaks off.

    Attributes:
        at: Before its "start", after the "headers", in the "middle" of the body, or at its "end".
        by: "close" ends the connection, "reset" does so with a RST, and after a "stall" nothing
            more comes until the client hangs up.
        chunked: The body goes in chunks, and the chunk that ends it never comes.
    """

    at: Place
    by: Ending
    chunked: bool = False

    def spoil(self, answer: Response) -> Response:
        """Return the answer as one that breaks off."""
        return replace(answer, wire=Wire(self.at, self.by, chunked=self.chunked))


@dataclass(frozen=True, slots=True)
class Drip:
    """Headers and body come byte by byte, with so many seconds in between."""

    seconds: float = 0.0

    def spoil(self, answer: Response) -> Response:
        """Return the answer as one that drips."""
        return replace(answer, wire=Wire(drip=self.seconds))


@dataclass(frozen=True, slots=True)
class Length:
    """Content-Length is wrong by so many bytes.

    Where it is too long the connection is closed after the body. Where it is too short the
    connection stays open, with the rest of the body in it.
    """

    error: int

    def spoil(self, answer: Response) -> Response:
        """Return the answer with that header."""
        ending: Ending | None = "close" if self.error > 0 else None
        return replace(answer, wire=Wire("end", ending, length_error=self.error))


@dataclass(frozen=True, slots=True)
class Encoding:
    """Content-Encoding says this of a plain body."""

    name: str = "gzip"

    def spoil(self, answer: Response) -> Response:
        """Return the answer with that header."""
        return replace(answer, wire=Wire(encoding=self.name))


@dataclass(frozen=True, slots=True)
class Changed:
    """The body is another one; the headers fit it."""

    change: Callable[[bytes], bytes]

    def spoil(self, answer: Response) -> Response:
        """Return the answer with another body."""
        return replace(answer, body=self.change(answer.body))


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """The rows, or the ids of a cancel, are others; an answer that has none stays as it is.

    The one row of order/detail is an object where one row is left, and a list otherwise.
    """

    change: Callable[[list[Row]], list[Row]]

    def spoil(self, answer: Response) -> Response:
        """Return the answer with other rows."""
        decoded = _EXACT.decode(answer.body)
        for key in _ROW_KEYS & decoded.keys():
            is_list = isinstance(decoded[key], list)
            rows = self.change(decoded[key] if is_list else [decoded[key]])
            decoded[key] = rows if is_list or len(rows) != 1 else rows[0]
        return replace(answer, body=encode(decoded))


Spoiling = Delay | Break | Drip | Length | Encoding | Changed | ChangedRows
