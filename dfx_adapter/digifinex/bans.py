"""What is left of a ban: after a frequency error nothing is sent until the exchange listens again.

Document: "Rate Limit" (docs.digifinex.com/en-ww/spot/v3/rest.html): 2 minutes for the first three
times in 24 hours, 10 minutes for more than three, "30 times" for more than six, which is read as 30
minutes. Asking during a ban digs deeper, so every exchange object of one key in a process shares
it; `options["limiter"]` shares it further, and what other processes tell is heard here.
"""

from __future__ import annotations

import time
from collections import defaultdict
from hashlib import sha256
from typing import Final

DAY: Final = 86_400
# How often in 24 hours, up to and including -> seconds of the ban.
DURATIONS: Final = ((3, 120), (6, 600), (None, 1800))

_struck: defaultdict[str, list[float]] = defaultdict(
    list
)  # digest of the key -> when it was banned
_until: dict[str, float] = {}

clock = time.monotonic


def strike(api_key: str) -> None:
    """Remember that the exchange has refused this key because of frequency.

    Answers to requests that were on their way when the ban began are not counted again.
    """
    key = digest(api_key)
    if not _left(key):
        hear(key, duration(1 + sum(when > clock() - DAY for when in _struck[key])))


def hear(key: str, seconds: float) -> None:
    """Remember a ban of so many seconds from now, of the key with this digest."""
    now = clock()
    if not _left(key):
        _struck[key] = [*(when for when in _struck[key] if when > now - DAY), now]
    _until[key] = max(_until.get(key, 0.0), now + seconds)


def left(api_key: str) -> float:
    """Return the seconds until this key may send again; 0 where it may."""
    return _left(digest(api_key)) if _until else 0.0


def forgive(api_key: str) -> None:
    """Forget what is known of this key."""
    _struck.pop(digest(api_key), None)
    _until.pop(digest(api_key), None)


def duration(times: int) -> int:
    """Return the seconds of the ban that is so many in 24 hours."""
    return next(seconds for most, seconds in DURATIONS if most is None or times <= most)


def digest(api_key: str) -> str:
    """Return what stands for a key wherever it is remembered."""
    return sha256(api_key.encode()).hexdigest()


def _left(key: str) -> float:
    return max(0.0, _until.get(key, 0.0) - clock())
