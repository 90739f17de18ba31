"""Budgets in a file: between the processes of one machine. The file and its locks are SQLite's."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyrate_limiter import StateStore

from dfx_adapter.limits.stores import (
    DAY,
    PATIENCE,
    REMEMBERED_FOR,
    SEEN_EVERY,
    Answer,
    decide,
    whoami,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyrate_limiter import Decision, Rate
    from pyrate_limiter.abstracts.algorithm import State, StateAlgorithm

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, state TEXT NOT NULL, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS ban (key TEXT PRIMARY KEY, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS strike (key TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS seen (key TEXT, who TEXT, at REAL NOT NULL, PRIMARY KEY (key, who));
"""
_BAN: Final = (
    "SELECT until, (SELECT max(at) FROM strike WHERE strike.key = ban.key) FROM ban WHERE key = ?"
)

clock = time.time  # one machine has one; after a restart it goes on, as a monotonic one does not


class FileStore:
    """A file of SQLite, readable to its owner alone; made where there is none.

    Should it be deleted, the next call makes it anew.
    """

    # ValueError: a state that another version of the limiter, or a hand, has written.
    failures: tuple[type[Exception], ...] = (sqlite3.Error, OSError, ValueError)

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()  # one connection, one user of it at a time
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._who = whoami()
        self._shown: dict[str, float] = {}

    def take(self, key: str, rate: Rate, weight: int) -> Answer:
        """See `Store`."""
        with self._transaction() as connection:
            now = clock()
            processes = self._processes(connection, key, now)
            row = connection.execute("SELECT used FROM bucket WHERE key = ?", (key,)).fetchone()
            known = row is not None and now - row[0] < REMEMBERED_FOR
            bucket = _Bucket(connection, key)
            pause = decide(bucket, rate, int(1000 * now), weight, known=known)
            return Answer(pause, _banned(connection, key, now), processes, known)

    def strike(self, key: str, seconds: float, duration: Callable[[int], float]) -> float:
        """See `Store`."""
        with self._transaction() as connection:
            now = clock()
            banned = _banned(connection, key, now)
            if banned:
                return banned
            connection.execute("DELETE FROM strike WHERE at < ?", (now - DAY,))
            connection.execute("INSERT INTO strike VALUES (?, ?)", (key, now))
            count = "SELECT count(*) FROM strike WHERE key = ?"
            (times,) = connection.execute(count, (key,)).fetchone()
            longer = max(seconds, duration(times))
            connection.execute("REPLACE INTO ban VALUES (?, ?)", (key, now + longer))
            return longer

    def close(self) -> None:
        """See `Store`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._opened()
            with connection:
                connection.execute("BEGIN IMMEDIATE")  # nobody else reads what this will change
                yield connection

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None:
            if self._path.exists() and self._path.stat().st_ino == self._inode:
                return self._connection
            self.close()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        connection = sqlite3.connect(
            self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            connection.execute("PRAGMA synchronous = OFF")  # nothing here outlives a power cut
            connection.executescript(_TABLES)
            self._inode = self._path.stat().st_ino
        except BaseException:
            connection.close()
            raise
        self._connection, self._shown = connection, {}
        return connection

    def _processes(self, connection: sqlite3.Connection, key: str, now: float) -> int:
        if time.monotonic() - self._shown.get(key, -SEEN_EVERY) >= SEEN_EVERY:
            connection.execute("DELETE FROM seen WHERE at < ?", (now - REMEMBERED_FOR,))
            connection.execute("REPLACE INTO seen VALUES (?, ?, ?)", (key, self._who, now))
            self._shown[key] = time.monotonic()
        count = "SELECT count(*) FROM seen WHERE key = ?"
        processes: int = connection.execute(count, (key,)).fetchone()[0]
        return processes


class _Bucket(StateStore):
    """The state of one key, inside a transaction that its user has begun."""

    def __init__(self, connection: sqlite3.Connection, key: str) -> None:
        self._connection = connection
        self._key = key

    def check(
        self, algorithm: StateAlgorithm, rates: list[Rate], now: int, weight: int
    ) -> Decision:
        state, decision = algorithm.step(rates, self.read(algorithm, rates), now, weight)
        if decision.allowed:
            row = (self._key, " ".join(map(str, state)), now / 1000)
            self._connection.execute("REPLACE INTO bucket VALUES (?, ?, ?)", row)
        return decision

    def read(self, algorithm: StateAlgorithm, rates: list[Rate]) -> State:
        question = "SELECT state FROM bucket WHERE key = ?"
        row = self._connection.execute(question, (self._key,)).fetchone()
        return algorithm.decode(row[0].split()) if row else algorithm.initial(rates)

    def reset(self) -> None:
        self._connection.execute("DELETE FROM bucket WHERE key = ?", (self._key,))


def _banned(connection: sqlite3.Connection, key: str, now: float) -> float:
    """Return the seconds that are left of a ban.

    One that begins later than now was met before the clock was set back, nobody knows when: it
    begins now, so that it ends.
    """
    row = connection.execute(_BAN, (key,)).fetchone()
    if row is None:
        return 0.0
    until: float = row[0]
    began: float | None = row[1]
    if began is not None and began > now:
        until = now + until - began
        connection.execute("REPLACE INTO ban VALUES (?, ?)", (key, until))
        connection.execute("UPDATE strike SET at = ? WHERE key = ? AND at > ?", (now, key, now))
    return max(0.0, until - now)
