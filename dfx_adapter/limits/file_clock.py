"""The clock of a file that processes share: it goes on, whatever is done to the machine's own.

While the machine runs it is the time since it was started, which is the same for all its processes
and which nobody can set. Only over a restart the machine's date tells how long it was off, and
there the clock stands still rather than going back.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

TABLE: Final = """
CREATE TABLE IF NOT EXISTS clock (boot TEXT NOT NULL, ahead REAL NOT NULL, behind REAL NOT NULL);
"""
# Every time that the file knows, the latest of them.
_LATEST: Final = """
SELECT max((SELECT coalesce(max(used), 0) FROM bucket), (SELECT coalesce(max(at), 0) FROM strike),
           (SELECT coalesce(max(at), 0) FROM seen))
"""
# Seconds that the date may differ from what it was before it is taken for set.
_SAME: Final = 1.0
# In seconds: of what is more, a float tells no milliseconds apart, and waiting would not end.
_FAR_AHEAD: Final = 1e11

date = time.time


def running() -> float:
    """Return the seconds since this machine was started; suspended, it counts on where it can."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)  # Linux; elsewhere monotonic is system-wide
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


@cache
def boot() -> str:
    """Return what names this run of the machine; empty where the system does not."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def now(connection: sqlite3.Connection) -> float:
    """Return the file's time in seconds, inside a transaction that its user has begun.

    Raises:
        ValueError: no time of the file can be so far ahead.

    `ahead` is how much this clock is ahead of the time since the start, `behind` how much it is
    behind the date.
    """
    since_start, today = running(), date()
    row = connection.execute("SELECT boot, ahead, behind FROM clock").fetchone()
    latest: float = connection.execute(_LATEST).fetchone()[0]
    if row is None:
        ahead = max(latest, today) - since_start
    elif row[0] == boot() and since_start + row[1] >= latest:
        ahead = row[1]
    else:
        ahead = max(latest, today - row[2]) - since_start
    time_here = since_start + ahead
    if not 0 <= time_here < _FAR_AHEAD:
        raise ValueError(f"the time of the file is {time_here} seconds")
    behind = today - time_here
    if row is None or row[:2] != (boot(), ahead) or abs(behind - row[2]) > _SAME:
        connection.execute("DELETE FROM clock")
        connection.execute("INSERT INTO clock VALUES (?, ?, ?)", (boot(), ahead, behind))
    return float(time_here)
