"""How much of an answer is read, and for how long: what a peer cannot exceed, whoever it is."""

from __future__ import annotations

import re
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.excerpts import safe_repr

if TYPE_CHECKING:
    from collections.abc import Mapping

MIB: Final = 1 << 20
ANY_BODY: Final = 64 * MIB
# Values of JSON that are decoded, each of a hundred bytes of memory where a byte or two came; more
# only where the body may be longer than this many times 32 bytes.
MOST_VALUES: Final = 1 << 21
_BYTES_A_VALUE: Final = 32
# Python gives each character of a text as many bytes as the widest of them needs.
_DIGITS: Final = 18
_BEYOND_ASCII: Final = 2
_BEYOND_U_FFFF: Final = 4
_LEADS_BEYOND_U_FFFF: Final = re.compile(rb"[\xf0-\xff]")
# Beside the body: headers, and the sizes of chunks, which may be as long as what is in them.
_FRAMING: Final = MIB

# ccxt asks for these (`prepare_request_headers`); no other is inflated, for some libraries inflate
# the others without a bound.
ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})

clock = time.monotonic


class Bounds(NamedTuple):
    """The bounds of one answer: bytes of its body, inflated, and the time when it must be here."""

    exchange_id: str
    body: int
    deadline: float

    @property
    def wire(self) -> int:
        """The bytes that may come over the wire, headers and all."""
        return 2 * self.body + _FRAMING

    def seconds_left(self) -> float:
        """Return the seconds until the deadline.

        Raises:
            TimeoutError: there are none.
        """
        left = self.deadline - clock()
        if left <= 0:
            raise TimeoutError("timed out: the answer is not here in time")
        return left

    def check_headers(self, headers: Mapping[str, str]) -> bool:
        """Check what headers say of a body; tell whether that is all that needs a check.

        Raises:
            ccxt.BadResponse: the body is too long, or of an encoding that was not asked for.
        """
        encoding = headers.get("Content-Encoding", "").strip().lower()
        if encoding not in ENCODINGS:
            raise self._refused("content-encoding", "gzip, deflate or none", encoding)
        length = headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return False
        size = int(length[:_DIGITS])  # Python reads no longer ones; so many are too much, anyway
        self.check_size(size)
        is_small = size * _BEYOND_U_FFFF <= max(self.body, ANY_BODY)
        return is_small and encoding in {"", "identity"} and "Transfer-Encoding" not in headers

    def check_size(self, size: int) -> None:
        """Check the size of a body, or of what is here of it.

        Raises:
            ccxt.BadResponse: it is too long.
        """
        if size > self.body:
            raise self._refused("body", f"at most {self.body} bytes", "more")

    def check_text(self, size: int) -> None:
        """Check the bytes of memory that a text needs; as `check_size`."""
        most = max(self.body, ANY_BODY)
        if size > most:
            raise self._refused("body", f"a text of at most {most} bytes in memory", "more")

    def check_values(self, text: str) -> None:
        """Check the values of a text of JSON, by what is between them; as `check_size`."""
        most = max(MOST_VALUES, self.body // _BYTES_A_VALUE)
        if len(text) > most and sum(map(text.count, ",[{")) > most:
            raise self._refused("body", f"at most {most} values of JSON", "more")

    def check_wire(self, size: int) -> None:
        """Check the bytes that came over the wire; as `check_size`."""
        if size > self.wire:
            raise self._refused("headers and body", f"at most {self.wire} bytes", "more")

    def _refused(self, what: str, expected: str, found: Any) -> Exception:
        return errors.describe(
            errors.BadResponse,
            f"answer: {what}: expected {expected}, found {safe_repr(found)}",
            exchange_id=self.exchange_id,
            expected=expected,
            found=found,
        )


def _width(piece: bytes) -> int:
    """Return the bytes of memory that each character of a text needs for what is in the piece."""
    if piece.isascii():
        return 1
    return _BEYOND_U_FFFF if _LEADS_BEYOND_U_FFFF.search(piece) else _BEYOND_ASCII


class Measured:
    """What is here of a body, and of the text that it is decoded to."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._size = 0
        self._width = 1

    def add(self, piece: bytes) -> None:
        """Count one more piece.

        Raises:
            ccxt.BadResponse: it is too long, or the text would be.
        """
        self._size += len(piece)
        self._bounds.check_size(self._size)
        self._width = max(self._width, _width(piece))
        self._bounds.check_text(self._size * self._width)


# The bounds of the request that is being sent. Without any, sessions do as their libraries do.
current: ContextVar[Bounds | None] = ContextVar("dfx_adapter_bounds", default=None)
