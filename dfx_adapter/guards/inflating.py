"""Bodies inflated in small pieces, so that whoever takes them can stop."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE: Final = 1 << 16

_GZIP: Final = 16 + zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"
# The method in the first byte of zlib's header (RFC 1950); some send "deflate" without a header.
_METHOD: Final = 0x0F
_DEFLATED: Final = 8


class Inflating:
    """Inflates one body of a Content-Encoding; one that it does not know passes as it is."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower().removeprefix("x-")
        self._inflater: Any = None
        self._is_over = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what so many more bytes inflate to, piece by piece.

        Raises:
            ValueError: they cannot be inflated.
        """
        if self._encoding not in {"gzip", "deflate"}:
            yield data
            return
        is_full = False  # zlib may keep more of what it has taken in
        while (data or is_full) and not self._is_over:
            self._inflater = self._inflater or self._started(data)
            piece, data = self._inflated(data)
            is_full = len(piece) == PIECE and self._inflater is not None
            yield piece

    def _inflated(self, data: bytes) -> tuple[bytes, bytes]:
        """Return a piece, and what is left to be inflated."""
        try:
            piece: bytes = self._inflater.decompress(data, PIECE)
        except zlib.error as error:
            raise ValueError(f"cannot inflate {self._encoding}: {error}") from error
        if not self._inflater.eof:
            return piece, self._inflater.unconsumed_tail
        rest: bytes = self._inflater.unused_data
        self._inflater = None
        is_garbage = bool(rest) and not rest.startswith(_GZIP_MAGIC)
        self._is_over = self._encoding != "gzip" or is_garbage
        return piece, rest

    def _started(self, data: bytes) -> Any:
        if self._encoding == "gzip":
            return zlib.decompressobj(_GZIP)
        has_header = data[0] & _METHOD == _DEFLATED
        return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
