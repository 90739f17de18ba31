"""The budget of one process: ccxt's own pace, kept per key instead of per exchange object."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

clock = time.monotonic


class Pace:
    """One request after the other, `rateLimit` apart, whichever object, thread or loop sends it.

    A request takes a turn and sleeps until then; a turn that is given up goes to the next that
    comes.
    """

    blocks = False

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal's handler, in the same thread, goes through
        self._free = 0.0
        self._given_up: list[tuple[float, float]] = []  # turns: when, and of how many seconds

    def pauses(self, cost: float, rate_limit: float) -> Generator[float, None, None]:
        """Yield the seconds to wait before a request; `rate_limit` is ccxt's, in milliseconds."""
        length = cost * rate_limit / 1000
        now = clock()
        turn = self._turn(now, length)
        if turn > now:
            try:
                yield turn - now
            except BaseException:  # the task was cancelled, or a handler of a signal has raised
                self._given_up.append((turn, length))
                raise

    def strike(self, seconds: float, duration: Callable[[int], float]) -> None:
        """Do nothing: a process knows of its own bans."""

    def retell(self) -> None:
        """Do nothing."""

    def _turn(self, now: float, length: float) -> float:
        for turn in sorted(self._given_up):
            if (turn[0] < now or turn[1] >= length) and self._removed(turn) and turn[0] >= now:
                return turn[0]
        with self._lock:
            # No call between these two, so no handler of a signal between them.
            start = self._free if self._free > now else now  # noqa: FURB136
            self._free = start + length
        return start

    def _removed(self, turn: tuple[float, float]) -> bool:
        """Tell whether a turn that was given up is the caller's now: of several, of one."""
        try:
            self._given_up.remove(turn)
        except ValueError:
            return False
        return True
