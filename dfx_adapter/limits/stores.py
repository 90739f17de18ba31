"""What a store of budgets can do, whichever it is. Keys are digests of API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, cast
from uuid import uuid4

from pyrate_limiter import GCRA

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyrate_limiter import Decision, Rate, StateStore

# The longest that connecting to a store, or one command, may take, in seconds: trading waits no
# longer for a store that does not answer.
PATIENCE: Final = 0.2
# Seconds that the store keeps a bucket, and a process that shares it, after they were used last;
# and between two announcements of a process.
REMEMBERED_FOR: Final = 3600
SEEN_EVERY: Final = 60

_ALGORITHM: Final = GCRA()


class Answer(NamedTuple):
    """The answer of a store to a process that wants to send."""

    pause: float  # seconds until asking again helps; 0: send
    banned: float  # seconds that are left of the key's ban; 0: none
    processes: int  # that share the key, as far as the store has seen them
    known: bool  # whether it knows what was sent within the hour


class Store(Protocol):
    """A place that several processes can ask; every method may raise one of `failures`."""

    failures: tuple[type[Exception], ...]

    def take(self, key: str, rate: Rate, weight: int) -> Answer:
        """Take the weight out of the key's budget, unless there is not enough."""
        ...

    def strike(self, key: str, seconds: float, duration: Callable[[int], float]) -> float:
        """Begin a ban of so many seconds at least, and return its length.

        `duration` gives that of the n-th ban in 24 hours. During a ban no other begins; then what
        is left of it is returned.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


def whoami() -> str:
    """Return a name for this process that no other has."""
    return uuid4().hex


def decide(store: StateStore, rate: Rate, now: int, weight: int, *, known: bool) -> float:
    """Ask the limiter, at `now` milliseconds; return the seconds to wait, 0 for an admission.

    A bucket that is not known, because its store has lost it or nobody has used it for long, is
    taken for empty, not for full: what was sent just before counts.
    """
    weight = min(weight, rate.burst)
    if not known:
        store.check(_ALGORITHM, [rate], now, rate.burst)
    pause = _pause(store, rate, now, weight)
    if pause > (weight + rate.burst) * rate.interval / rate.limit:
        # Nobody can owe so much: the clock of the store was set back.
        store.reset()
        store.check(_ALGORITHM, [rate], now, rate.burst)
        pause = _pause(store, rate, now, weight)
    return pause / 1000


def _pause(store: StateStore, rate: Rate, now: int, weight: int) -> int:
    return cast("Decision", store.check(_ALGORITHM, [rate], now, weight)).retry_after_ms or 0
