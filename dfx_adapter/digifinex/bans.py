"""What is left of a ban: after a frequency error nothing is sent until the exchange listens again.

Document: "Rate Limit" (docs.digifinex.com/en-ww/spot/v3/rest.html): 2 minutes for the first three
times in 24 hours, 10 minutes for more than three, "30 times" for more than six, which is read as 30
minutes. Asking during a ban digs deeper, so every exchange object of one key in a process shares
it.
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
    if left(api_key):
        return
    key, now = _digest(api_key), clock()
    _struck[key] = [*(when for when in _struck[key] if when > now - DAY), now]
    _until[key] = now + _duration(len(_struck[key]))


def left(api_key: str) -> float:
    """Return the seconds until this key may send again; 0 where it may."""
    return max(0.0, _until.get(_digest(api_key), 0.0) - clock())


def forgive(api_key: str) -> None:
    """Forget what is known of this key."""
    _struck.pop(_digest(api_key), None)
    _until.pop(_digest(api_key), None)


def _duration(times: int) -> int:
    return next(seconds for most, seconds in DURATIONS if most is None or times <= most)


def _digest(api_key: str) -> str:
    return sha256(api_key.encode()).hexdigest()
