"""Whatever comes and goes, nobody sends over the budget: many processes on a clock of our own."""

import heapq
import math
import random
from bisect import bisect_left

import pytest
from pyrate_limiter import InMemoryStateStore

from dfx_adapter.limits import circuit, shared
from dfx_adapter.limits.address import Limit
from dfx_adapter.limits.stores import Answer, decide

LIMIT = Limit(budget=120, per=6.0, weight=1)
SPARE = 4  # a 30th of the budget is kept back for what arrives closer together than it left
PROCESSES = 8
END = 30.0


class World:
    """A clock, and a store that is away at times and comes back empty."""

    failures = (ConnectionError,)

    def __init__(self, outages):
        self.now = 0.0
        self.outages = outages
        self.bucket, self.lost = InMemoryStateStore(), 0
        self.used, self.seen = -math.inf, set()

    def seen_by(self, who):
        world = self

        class Seen:
            failures = World.failures

            def take(self, key, rate, weight):
                return world.take(who, rate, weight)

        return Seen()

    def take(self, who, rate, weight):
        begun = [start for start, _ in self.outages if start <= self.now]
        if any(start <= self.now < end for start, end in self.outages):
            raise ConnectionError
        if len(begun) > self.lost:  # it was away since, and has lost what it knew
            self.lost, self.used, self.seen = len(begun), -math.inf, set()
            self.bucket.reset()
        self.seen.add(who)
        known = self.now - self.used < 3600
        pause = decide(self.bucket, rate, int(1000 * self.now), weight, known=known)
        self.used = self.now if pause == 0 else self.used
        return Answer(pause, 0, len(self.seen), known)


def sent(world, limit, starts, idle, mocker):
    """Let the processes send until the end; give when they did."""
    for module in (circuit, shared):
        mocker.patch.object(module, "clock", side_effect=lambda: world.now)
    chance = random.Random(idle)
    turns, times = [], []
    for who, start in enumerate(starts):
        heapq.heappush(turns, (start, who, None, None))
    while turns and turns[0][0] < END:
        world.now, who, budget, pauses = heapq.heappop(turns)
        if budget is None:
            way = circuit.Circuit("a store", World.failures)
            budget = shared.SharedBudget("key", limit, world.seen_by(who), way, lambda _: None)
            pauses = budget.pauses(1, 100)
        pause = next(pauses, None)
        if pause is None:
            times.append(world.now)
            pauses = budget.pauses(1, 100)
            pause = chance.choice([0, 0, 0, 0.3, 2, 5]) if idle else 0
        heapq.heappush(turns, (world.now + pause + chance.random() / 1000, who, budget, pauses))
    return times


def most_in_a_window(times):
    return max(bisect_left(times, begin + LIMIT.per) - n for n, begin in enumerate(times))


def outages_and_starts(seed):
    """Some outages, short and long; half of the processes there from the beginning."""
    chance = random.Random(seed)
    begins = sorted(chance.uniform(0, END) for _ in range(chance.randint(0, 3)))
    outages = [(begin, begin + chance.choice([0.01, 0.5, 3, 8])) for begin in begins]
    return outages, [chance.choice([0, chance.uniform(0, END)]) for _ in range(PROCESSES)]


@pytest.mark.parametrize("seed", range(25))
def test_a_store_that_comes_and_goes_lets_nobody_over_the_budget(seed, mocker):
    outages, starts = outages_and_starts(seed)
    # Those who start while it is away, or before all are back, are not known to the others.
    for begin, end in outages:
        starts = [end + 1.5 if begin <= at < end + 1.5 else at for at in starts]
    times = sent(World(outages), LIMIT, starts, seed % 3, mocker)
    assert most_in_a_window(times) <= LIMIT.budget - SPARE


@pytest.mark.parametrize("seed", range(25))
def test_nor_do_processes_that_start_meanwhile_where_their_number_is_given(seed, mocker):
    outages, starts = outages_and_starts(seed)
    limit = LIMIT._replace(processes=PROCESSES)
    times = sent(World(outages), limit, starts, seed % 3, mocker)
    assert most_in_a_window(times) <= LIMIT.budget - SPARE


def test_nobody_stops_while_the_store_is_away(mocker):
    times = sent(World([(10, 20)]), LIMIT, [0] * PROCESSES, 0, mocker)
    during = [at for at in times if 11 <= at <= 20]
    # 120 less two 30ths and one for each of 8 processes: 104 in 6 seconds, 156 in 9.
    assert len(during) == pytest.approx(156, abs=PROCESSES)


@pytest.mark.parametrize("outages", [[], [(3, 5)]], ids=["always there", "back since 5 s"])
def test_what_is_there_is_used(outages, mocker):
    times = sent(World(outages), LIMIT, [0] * PROCESSES, 0, mocker)
    assert len([at for at in times if 13 <= at < 25]) >= 2 * 0.9 * LIMIT.budget
