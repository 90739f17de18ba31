"""What is left of a ban: after a frequency error nothing is sent until the exchange listens again.

Asking during a ban digs deeper, so every exchange object of one account in a process shares it; a
shared budget carries it further, and what other processes report is heard here. How long a ban
lasts is in the exchange's own table: how often in 24 hours, up to and including -> seconds.
"""

from __future__ import annotations

import math
import os
import threading
import time
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.order import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    Lengths = Iterable[tuple[int | None, int]]

_struck: Final[dict[str, list[float]]] = {}  # account -> when it was banned
_until: Final[dict[str, float]] = {}
# Of threads; the handler of a signal, which may come while it is held, goes through.
_lock = threading.RLock()

clock = time.monotonic


@lru_cache(maxsize=64)
def account(exchange_id: str, api_key: str) -> str:
    """Return what stands for a key wherever it is remembered: a digest."""
    return sha256(f"{exchange_id}\n{api_key}".encode()).hexdigest()


def strike(key: str, lengths: Lengths) -> None:
    """Remember that the exchange has refused an account because of frequency.

    Answers to requests that were on their way when the ban began are not counted again.
    """
    with _lock:
        if not left(key):
            day_ago = clock() - DAY
            hear(key, length(lengths, 1 + sum(when > day_ago for when in _struck.get(key, ()))))


def hear(key: str, seconds: float) -> None:
    """Remember a ban of an account, of so many seconds from now.

    Raises:
        ValueError: no ban can be as long.
    """
    plausible(seconds)
    now = clock()
    with _lock:
        if not left(key):
            _struck[key] = [*(when for when in _struck.get(key, ()) if when > now - DAY), now]
        _until[key] = max(_until.get(key, 0.0), now + seconds)


def left(key: str) -> float:
    """Return the seconds until an account may send again; 0 where it may."""
    until = _until.get(key) if _until else None
    return max(0.0, until - clock()) if until else 0.0


def forgive(key: str) -> None:
    """Forget what is known of an account."""
    _struck.pop(key, None)
    _until.pop(key, None)


def length(lengths: Lengths, times: int) -> int:
    """Return the seconds of the ban that is so many in 24 hours."""
    return next(seconds for most, seconds in lengths if most is None or times <= most)


def plausible(seconds: Any) -> float:
    """Return the seconds of a ban, 0 for none.

    Raises:
        ValueError: it is no number, negative, or longer than a day.
    """
    if not (isinstance(seconds, int | float) and math.isfinite(seconds) and 0 <= seconds <= DAY):
        raise ValueError(f"a ban of {seconds!r} seconds: expected 0 to {DAY}")
    return float(seconds)


def _start_anew() -> None:
    """Take a lock of one's own in a child process; held during the fork, it would be for ever."""
    global _lock  # noqa: PLW0603
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
