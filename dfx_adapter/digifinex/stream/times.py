"""How long a stream waits for what."""

from __future__ import annotations

from typing import NamedTuple


class Times(NamedTuple):
    """Seconds, and numbers of attempts.

    A client is dropped after 60 s of its own silence, whatever arrives; a connection after about
    two hours (both seen by clients of DigiFinex).
    """

    patience: float = 10
    ping: float = 20
    age: float = 6300
    age_jitter: float = 300
    sweep: float = 30
    first_pause: float = 0.5
    longest_pause: float = 30
    attempts: int = 5
    pauses: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # before REST is asked again
