"""Eight processes on one key, judged by what the exchange saw: over real sockets, sync and asyncio.

The budget is 100 requests in any 10 seconds.
"""

import math
import time
from bisect import bisect_left
from itertools import pairwise

import pytest

from dfx_adapter.simulator import Code
from tests.limits.conftest import PROCESSES

pytestmark = pytest.mark.long

BUDGET, PER = 100, 10.0
QUERY = f"budget={BUDGET}&per={PER:g}&weight=1"


def arrivals(simulator, since=0.0, until=math.inf):
    return [request.at for request in simulator.requests if since <= request.at <= until]


def most_in_a_window(times):
    """Give the most that came in any window; the fullest begins with a request."""
    return max(bisect_left(times, begin + PER) - number for number, begin in enumerate(times))


def used(times):
    """Give the part of the budget that was used between the first and the last."""
    return (len(times) - 1) / (times[-1] - times[0]) * PER / BUDGET


def longest_silence(times):
    return max(later - earlier for earlier, later in pairwise(times))


def test_on_one_machine_the_budget_is_kept_and_used(simulator, hammer, file_url):
    reports = hammer(f"{file_url}?{QUERY}", seconds=13)
    begun = time.time()
    assert all(report["orders"] and not report["refused"] for report in reports())
    assert most_in_a_window(arrivals(simulator)) <= BUDGET
    assert used(arrivals(simulator, since=begun + 2.5)) >= 0.9


def test_with_redis_the_budget_is_kept_and_used_and_redis_may_go(simulator, hammer, redis_server):
    reports = hammer(f"{redis_server.url}?{QUERY}", seconds=16)
    begun = time.time()
    time.sleep(7)
    redis_server.kill()
    killed = time.time()
    time.sleep(2)
    redis_server.start()
    restarted = time.time()
    assert all(report["orders"] and not report["refused"] for report in reports())
    assert most_in_a_window(arrivals(simulator)) <= BUDGET
    before = arrivals(simulator, since=begun + 2.5, until=killed)
    after = arrivals(simulator, since=restarted + 1.5)
    assert used(before) >= 0.9
    assert used(after) >= 0.75  # for a window, everybody's own share holds, too
    assert longest_silence(arrivals(simulator, since=begun)) < 2


@pytest.mark.parametrize("store", ["redis", "file"])
def test_the_ban_of_one_silences_all(simulator, hammer, request, store):
    url = request.getfixturevalue("redis_server").url if store == "redis" else None
    url = url or request.getfixturevalue("file_url")
    reports = hammer(f"{url}?{QUERY}", seconds=5)
    while len(simulator.requests) < 15:
        time.sleep(0.01)
    simulator.script("order", Code(10005))
    assert all(report["refused"] for report in reports())
    answers = [request.answer for request in simulator.requests]
    begun = answers.index(b'{"code":10005}')
    assert begun >= 15
    # What was on its way when the first heard of it, of the 30 and more that were to come.
    assert len(answers) - begun <= 1 + PROCESSES
