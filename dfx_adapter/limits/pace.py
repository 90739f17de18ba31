"""The budget of one process: ccxt's own pace, kept per key instead of per exchange object."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from dfx_adapter.limits.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

clock = time.monotonic


class Pace:
    """One request after the other, `rateLimit` apart, whichever object, thread or loop sends it."""

    blocks = False

    def __init__(self) -> None:
        self.gate = Gate()
        self._lock = threading.Lock()
        self._free = 0.0

    def pauses(self, cost: float, rate_limit: float) -> Iterator[float]:
        """Give the seconds to wait before a request; `rate_limit` is ccxt's, in milliseconds."""
        with self._lock:
            now = clock()
            turn = max(now, self._free)
            self._free = turn + cost * rate_limit / 1000
        if turn > now:
            yield turn - now

    def strike(self, seconds: float, duration: Callable[[int], float]) -> None:
        """Tell nobody: a process knows of its own bans."""

    def retell(self) -> None:
        """Tell nobody."""
