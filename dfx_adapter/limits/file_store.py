"""Budgets in a file: between the processes of one machine. The file and its locks are SQLite's."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from pyrate_limiter import StateStore

from dfx_adapter.limits import file_clock
from dfx_adapter.limits.private_file import make_private
from dfx_adapter.limits.stores import (
    PATIENCE,
    REMEMBERED_FOR,
    SEEN_EVERY,
    Answer,
    decide,
    whoami,
)
from dfx_adapter.order import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyrate_limiter import Decision, Rate
    from pyrate_limiter.abstracts.algorithm import State, StateAlgorithm

T = TypeVar("T")

_TABLES: Final = f"""{file_clock.TABLE}
CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, state TEXT NOT NULL, used REAL NOT NULL);
CREATE TABLE IF NOT EXISTS ban (key TEXT PRIMARY KEY, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS strike (key TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS seen (key TEXT, who TEXT, at REAL NOT NULL, PRIMARY KEY (key, who));
"""


class FileStore:
    """A file of SQLite, readable to its owner alone; made where there is none.

    Should it be deleted, the next call makes it anew.
    """

    failures: tuple[type[Exception], ...] = (sqlite3.Error, OSError)

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._lock = threading.RLock()  # one connection, one user of it at a time
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._who = whoami()
        self._announced: dict[str, float] = {}

    def take(self, key: str, rate: Rate, weight: int) -> Answer:
        """See `Store`."""

        def taken(connection: sqlite3.Connection, now: float) -> Answer:
            processes = self._processes(connection, key, now)
            row = connection.execute("SELECT used FROM bucket WHERE key = ?", (key,)).fetchone()
            known = row is not None and now - row[0] < REMEMBERED_FOR
            bucket = _Bucket(connection, key)
            pause = decide(bucket, rate, int(1000 * now), weight, known=known)
            return Answer(pause, _banned(connection, key, now), processes, known)

        return self._in_transaction(taken)

    def strike(self, key: str, seconds: float, duration: Callable[[int], float]) -> float:
        """See `Store`."""

        def struck(connection: sqlite3.Connection, now: float) -> float:
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

        return self._in_transaction(struck)

    def close(self) -> None:
        """See `Store`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _in_transaction(self, work: Callable[[sqlite3.Connection, float], T]) -> T:
        # Both are given back by C code, between which no signal's exception comes.
        with self._lock:
            connection = self._opened()
            with connection:
                connection.execute("BEGIN IMMEDIATE")  # nobody else reads what this will change
                return work(connection, file_clock.now(connection))

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None:
            if self._path.exists() and self._path.stat().st_ino == self._inode:
                return self._connection
            self.close()
        make_private(self._path)
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
        self._connection, self._announced = connection, {}
        return connection

    def _processes(self, connection: sqlite3.Connection, key: str, now: float) -> int:
        if time.monotonic() - self._announced.get(key, -SEEN_EVERY) >= SEEN_EVERY:
            connection.execute("DELETE FROM seen WHERE at < ?", (now - REMEMBERED_FOR,))
            connection.execute("REPLACE INTO seen VALUES (?, ?, ?)", (key, self._who, now))
            self._announced[key] = time.monotonic()
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
    """Return the seconds that are left of a ban."""
    row = connection.execute("SELECT until FROM ban WHERE key = ?", (key,)).fetchone()
    return 0.0 if row is None else max(0.0, row[0] - now)
