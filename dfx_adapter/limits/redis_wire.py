"""What a Redis server may send to one question: so much, and until then.

redis-py bounds each read alone: a server that dribbles, or never ends a line, would hold up the
request that waits, and fill the memory.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.limits.stores import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of a question in all: a connection, its handshake, two round trips, each with its own patience.
SECONDS: Final = 5 * PATIENCE
BYTES: Final = 1 << 20

clock = time.monotonic


class _Allowance:
    """What is left to the answers to one question."""

    def __init__(self) -> None:
        self._until = clock() + SECONDS
        self._bytes = BYTES

    def check_time(self) -> None:
        """Raise as a socket does, where there is no time left."""
        if clock() > self._until:
            raise TimeoutError("timed out: the answer is not here in time")

    def take(self, size: int) -> None:
        """Count bytes that came, and raise as a socket does, where they are too many."""
        self._bytes -= size
        if self._bytes < 0:
            raise OSError(f"the answer is longer than {BYTES} bytes")


_current: Final[ContextVar[_Allowance | None]] = ContextVar("dfx_adapter_redis", default=None)


@contextmanager
def question() -> Iterator[None]:
    """Ask one question in here."""
    token = _current.set(_Allowance())
    try:
        yield
    finally:
        _current.reset(token)


@cache
def bounded(cls: Any) -> Any:
    """Return a class of connections of redis-py that heed what is left to a question."""
    return type(cls.__name__, (_Connection, cls), {"__module__": cls.__module__})


class _Connection:
    def _connect(self) -> Any:
        return _Socket(super()._connect())  # type: ignore[misc]  # of the connection beside it


class _Socket:
    """A socket that is read within the bounds; in all else, the socket itself."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def recv(self, *args: Any) -> bytes:
        """Read some bytes."""
        allowance = _current.get()
        if allowance is None:
            return bytes(self._sock.recv(*args))
        allowance.check_time()
        data: bytes = self._sock.recv(*args)
        allowance.take(len(data))
        return data

    def recv_into(self, *args: Any) -> int:
        """Read some bytes, as hiredis does."""
        allowance = _current.get()
        if allowance is None:
            return int(self._sock.recv_into(*args))
        allowance.check_time()
        size: int = self._sock.recv_into(*args)
        allowance.take(size)
        return size
