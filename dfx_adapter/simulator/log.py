"""The log of requests, bounded: an exchange may be asked for days."""

from collections import deque
from typing import Final

from dfx_adapter.simulator.messages import LoggedRequest

MOST_REQUESTS: Final = 10_000
MOST_BYTES: Final = 64 * 1024 * 1024
"""Of what was asked and answered together; the last request is kept, however long."""


class Log:
    """The newest requests and their answers."""

    def __init__(self) -> None:
        self._requests: deque[tuple[LoggedRequest, int]] = deque()
        self._size = 0

    def add(self, request: LoggedRequest, size: int) -> None:
        """Keep a request of so many bytes; forget the oldest where there are too many."""
        self._requests.append((request, size))
        self._size += size
        while len(self._requests) > 1 and self._is_full():
            _, oldest = self._requests.popleft()
            self._size -= oldest

    def _is_full(self) -> bool:
        return len(self._requests) > MOST_REQUESTS or self._size > MOST_BYTES

    def clear(self) -> None:
        """Forget all."""
        self._requests.clear()
        self._size = 0

    def all(self) -> list[LoggedRequest]:
        """Return what is kept, oldest first."""
        return [request for request, _ in self._requests]
