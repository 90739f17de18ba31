"""Budgets in Redis or Valkey: between machines, on the server's clock.

A request costs two round trips: one for the time, the ban and who else is there, one for the
limiter's script.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import redis
from pyrate_limiter import RedisStateStore
from redis.backoff import NoBackoff
from redis.retry import Retry

from dfx_adapter.limits import redis_wire
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
    from collections.abc import Callable, Iterator

    from pyrate_limiter import Rate


class RedisStore:
    """A Redis server; the keys of one API key share a hash slot of a cluster.

    Raises:
        ValueError: the address has a parameter that redis-py does not know, or cannot read. The
            message shows none of it.
    """

    failures: tuple[type[Exception], ...] = (redis.RedisError, OSError)

    def __init__(self, url: str) -> None:
        # One retry, without a pause, on a connection that a restarted server has forgotten; none
        # after a timeout, which would double the wait.
        retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
        timeouts = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        try:
            self._redis: Any = redis.Redis.from_url(url, retry=retry, **timeouts)
            pool = self._redis.connection_pool
            pool.connection_class = redis_wire.bounded(pool.connection_class)
            pool.connection_class(**pool.connection_kwargs)  # it reads them, and does not connect
        except (TypeError, ValueError, redis.RedisError):
            refusal: str | None = f"expected parameters that redis-py {redis.__version__} can read"
        else:
            refusal = None
        if refusal:  # out of the except: the error of redis-py shows what is in the address
            raise ValueError(refusal)
        self._who = whoami()
        self._announced: dict[str, float] = {}  # key -> when this process announced itself there

    def take(self, key: str, rate: Rate, weight: int) -> Answer:
        """See `Store`."""
        with self._in_step():
            return self._taken(key, rate, weight)

    def _taken(self, key: str, rate: Rate, weight: int) -> Answer:
        bucket, ban, seen = (_name(key, part) for part in ("bucket", "ban", "seen"))
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.time().pttl(ban).exists(bucket).zcard(seen)
            (seconds, microseconds), banned, known, processes = pipe.execute()
        if not processes or time.monotonic() - self._announced.get(key, -SEEN_EVERY) >= SEEN_EVERY:
            processes = self._announce(key, seconds)
        store = RedisStateStore(self._redis, bucket, ttl_ms=1000 * REMEMBERED_FOR)
        now = 1000 * seconds + microseconds // 1000
        pause = decide(store, rate, now, weight, known=bool(known))
        return Answer(pause, max(0, banned) / 1000, processes, bool(known))

    def strike(self, key: str, seconds: float, duration: Callable[[int], float]) -> float:
        """See `Store`."""
        with self._in_step():
            return self._struck(key, seconds, duration)

    def _struck(self, key: str, seconds: float, duration: Callable[[int], float]) -> float:
        ban, strikes = _name(key, "ban"), _name(key, "strikes")
        if not self._redis.set(ban, 1, nx=True, px=round(1000 * seconds)):
            return max(0, int(self._redis.pttl(ban))) / 1000
        now, _ = self._redis.time()
        with self._redis.pipeline() as pipe:
            pipe.zadd(strikes, {whoami(): now}).zremrangebyscore(strikes, 0, now - DAY)
            pipe.zcard(strikes).expire(strikes, DAY)
            times = pipe.execute()[2]
        longer = max(seconds, duration(times))
        self._redis.pexpire(ban, round(1000 * longer))
        return longer

    def close(self) -> None:
        """See `Store`."""
        self._redis.close()

    @contextmanager
    def _in_step(self) -> Iterator[None]:
        """Keep questions and answers of the server in step.

        Where a signal's exception came in between, an answer is still on its way, and the next
        question would read it: the connections are closed.
        """
        try:
            with redis_wire.question():
                yield
        except redis.RedisError:  # redis-py has closed the connection, or read its answer
            raise
        except BaseException:
            self._redis.connection_pool.disconnect()
            raise

    def _announce(self, key: str, now: int) -> int:
        seen = _name(key, "seen")
        with self._redis.pipeline() as pipe:
            pipe.zadd(seen, {self._who: now}).zremrangebyscore(seen, 0, now - REMEMBERED_FOR)
            pipe.zcard(seen).expire(seen, REMEMBERED_FOR)
            processes: int = pipe.execute()[2]
        self._announced[key] = time.monotonic()
        return processes


def _name(key: str, part: str) -> str:
    return f"dfx-adapter:{{{key}}}:{part}"
