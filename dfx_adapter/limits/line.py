"""Who asks a store next: in a process those who wait for one budget ask in the order they came.

Nobody holds anything while it sleeps, asks or logs, so nobody can be waited for in vain: the one
who should have asked by now, and has not, is passed by. It may have been interrupted by the very
one who waits - the handler of a signal, or of a log - or dropped by a task that was cancelled.
"""

from __future__ import annotations

import threading
from typing import Final

# Seconds that the first in the line may be late before the next one asks: what a slow store takes.
LATE: Final = 0.5
# Seconds between two looks at one who is late.
_LOOK_EVERY: Final = 0.01


class Line:
    """The order of those who wait. Every change is one operation on a dict, so it needs no lock."""

    def __init__(self) -> None:
        self._asks_at: dict[object, float] = {}  # place -> when its holder means to ask, in order
        self._asking: dict[object, int] = {}  # place -> the thread that asks for it now

    def join(self, now: float) -> object:
        """Return a place behind all who wait."""
        place = object()
        self._asks_at[place] = now
        return place

    def leave(self, place: object) -> None:
        """Give a place up."""
        self._asks_at.pop(place, None)
        self._asking.pop(place, None)

    def stay(self, place: object, asks_at: float) -> None:
        """Set when the holder of a place means to ask again."""
        if place in self._asks_at:
            self._asks_at[place] = asks_at
            self._asking.pop(place, None)

    def wait(self, place: object, now: float, apart: float) -> float:
        """Return the seconds until looking again helps, 0 for one who may ask now.

        `apart` is the least time between two who are let through.
        """
        thread = threading.get_ident()
        ahead = 0
        asks_at = None
        for other, at in list(self._asks_at.items()):  # a copy: others come and go
            if other is place:
                break
            if self._asking.get(other) == thread:  # interrupted: it goes on only after this one
                continue
            if asks_at is None and now > at + LATE:
                continue
            asks_at = at if asks_at is None else asks_at
            ahead += 1
        if asks_at is None:
            self._asking[place] = thread
            return 0.0
        pause = max(_LOOK_EVERY, asks_at - now + (ahead - 1) * apart)
        self.stay(place, now + pause)
        return pause
