"""A limit as the rate of a token bucket: never over the budget in any window, wherever it begins.

A bucket that holds `burst` and fills at `limit` per window lets `burst + limit` through in the
worst window, so both come out of the budget. A 30th is spared: requests that leave in time may
arrive closer together than they left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyrate_limiter import Rate

if TYPE_CHECKING:
    from dfx_adapter.limits.address import Limit

_PART: Final = 30
# How many processes are assumed to share, where the option has no number and the store no answer.
UNKNOWN: Final = 10


def whole(limit: Limit) -> Rate:
    """Return the rate of all who ask the store together."""
    part = _part(limit)
    return Rate(limit.budget - 2 * part, _milliseconds(limit), burst=part)


def share(limit: Limit, processes: int) -> Rate:
    """Return the rate of one of so many processes that cannot ask the store.

    Together they stay within the budget, even if all send a request in the same moment after a
    pause, and with what the store let through just before. Of several hundred processes every one
    still sends now and then.
    """
    together = limit.budget - 2 * _part(limit) - processes * limit.weight
    together = max(together, limit.budget // 4)
    return Rate(together, _milliseconds(limit) * processes, burst=limit.weight)


def _part(limit: Limit) -> int:
    return max(limit.weight, limit.budget // _PART)


def _milliseconds(limit: Limit) -> int:
    return max(1, round(1000 * limit.per))
