"""How much of an answer is read, and for how long: what a peer cannot exceed, whoever it is."""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.excerpts import safe_repr

if TYPE_CHECKING:
    from collections.abc import Mapping

MIB: Final = 1 << 20
ANY_BODY: Final = 64 * MIB
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
        self.check_size(int(length))
        return encoding in {"", "identity"} and "Transfer-Encoding" not in headers

    def check_size(self, size: int) -> None:
        """Check the size of a body, or of what is here of it.

        Raises:
            ccxt.BadResponse: it is too long.
        """
        if size > self.body:
            raise self._refused("body", f"at most {self.body} bytes", "more")

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


# The bounds of the request that is being sent. Without any, sessions do as their libraries do.
current: ContextVar[Bounds | None] = ContextVar("dfx_adapter_bounds", default=None)
