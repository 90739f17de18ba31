"""The budget of one key that many processes share, and what holds while its store is away."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import TYPE_CHECKING

from pyrate_limiter import InMemoryStateStore

from dfx_adapter.limits import rates
from dfx_adapter.limits.bans import plausible
from dfx_adapter.limits.circuit import RETRY_EVERY
from dfx_adapter.limits.line import Line
from dfx_adapter.limits.stores import REMEMBERED_FOR, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pyrate_limiter import Rate

    from dfx_adapter.limits.address import Limit
    from dfx_adapter.limits.circuit import Circuit
    from dfx_adapter.limits.stores import Answer, Store

clock = time.monotonic


class SharedBudget:
    """A key's part in a store.

    Args:
        key: digest of the API key.
        limit: what all requests of the key must stay within.
        store: where the others ask, too.
        circuit: the way to it.
        heard: called with the seconds that are left of a ban that the store knows of.
    """

    blocks = True

    def __init__(
        self,
        key: str,
        limit: Limit,
        store: Store,
        circuit: Circuit,
        on_ban: Callable[[float], None],
    ) -> None:
        self._key = key
        self._limit = limit
        self._store = store
        self._circuit = circuit
        self._on_ban = on_ban
        self._line = Line()
        self._own = InMemoryStateStore()
        self._processes = 0  # that the store has seen; 0: not known yet
        self._counted_at = 0.0
        self._outages = circuit.outages
        self._settled_at = 0.0
        self._unreported: tuple[float, Callable[[int], float]] | None = None  # a ban, until when

    def pauses(self, cost: float, rate_limit: float) -> Generator[float, None, None]:  # noqa: ARG002  # Pace's
        """Yield seconds to wait before a request, until it may be sent or a ban is known.

        While the store is away, and for a window longer, the process's own share holds, too.
        """
        rate = rates.whole(self._limit)
        weight = math.ceil(cost * self._limit.weight)
        apart = weight * rate.interval / rate.limit / 1000
        place = self._line.join(clock())
        try:
            while pause := self._line.wait(place, clock(), apart):
                yield pause
            for pause in self._pauses_of_the_first(rate, weight):
                self._line.stay(place, clock() + pause)
                yield pause
        finally:
            self._line.leave(place)

    def _pauses_of_the_first(self, rate: Rate, weight: int) -> Generator[float, None, None]:
        take = partial(self._taken, rate, weight)
        paid = unanswered = False
        while True:
            if not paid and (unanswered or self._own_share_holds()):
                pause = self._take_own(weight)
                if pause:
                    yield pause
                    continue
                paid = True
            answer = self._circuit.ask(take)
            if answer is None:
                if paid:
                    return
                unanswered = True
                continue
            self._learn(answer)
            if not answer.pause:
                return
            yield answer.pause

    def _taken(self, rate: Rate, weight: int) -> Answer:
        answer = self._store.take(self._key, rate, weight)
        plausible(answer.banned)
        return answer

    def strike(self, seconds: float, duration: Callable[[int], float]) -> None:
        """Report a ban to the others; see `Store.strike`."""
        left = self._circuit.ask(
            lambda: plausible(self._store.strike(self._key, seconds, duration))
        )
        self._unreported = (clock() + seconds, duration) if left is None else None
        self._pass_on(left)

    def retell(self) -> None:
        """Report a ban that began while the store did not answer."""
        if self._unreported:
            until, duration = self._unreported
            self.strike(max(1.0, until - clock()), duration)

    def _own_share_holds(self) -> bool:
        return self._circuit.away or (self._processes > 0 and clock() < self._settled_at)

    def _take_own(self, weight: int) -> float:
        """Take from the own share, which is empty, not full, when the store goes away."""
        processes = max(self._processes or rates.UNKNOWN, self._limit.processes)
        share = rates.share(self._limit, processes)
        known, self._outages = self._outages == self._circuit.outages, self._circuit.outages
        if not known:
            self._settled_at = math.inf
        return decide(self._own, share, int(1000 * clock()), weight, known=known)

    def _learn(self, answer: Answer) -> None:
        """Remember what the store answered.

        The number of processes is the largest that was seen within the hour: a new store has seen
        few. A store that was away, or has lost its data, knows nothing of what was sent until the
        last process found it again, so this process's own share holds for one window longer.
        """
        self._pass_on(answer.banned)
        now = clock()
        if answer.processes >= self._processes or now - self._counted_at > REMEMBERED_FOR:
            self._processes, self._counted_at = max(1, answer.processes), now
        away = self._settled_at == math.inf or self._outages != self._circuit.outages
        if away or not answer.known:
            self._outages = self._circuit.outages
            self._settled_at = now + self._limit.per + RETRY_EVERY

    def _pass_on(self, seconds: float | None) -> None:
        if seconds:
            self._on_ban(seconds)
