"""What both stores do, in a file and in a real Redis."""

import sqlite3
import subprocess
import sys
import time

import pytest
import redis
from pyrate_limiter import Rate

from dfx_adapter.limits import bans, rates
from dfx_adapter.limits.address import Limit
from dfx_adapter.limits.circuit import Circuit
from dfx_adapter.limits.file_store import FileStore
from dfx_adapter.limits.redis_store import RedisStore
from dfx_adapter.limits.shared import SharedBudget
from tests.limits.conftest import DURATION

KEY = bans.account("digifinex", "simulated-key")
# One a minute, three in a burst.
RATE = Rate(1, 60_000, burst=3)


@pytest.fixture(params=["file", "redis"])
def opened(request, tmp_path):
    """Open the store, as every process would."""
    made = []
    if request.param == "redis":
        url = request.getfixturevalue("redis_server").url

    def _opened():
        made.append(RedisStore(url) if request.param == "redis" else FileStore(tmp_path / "x/l"))
        return made[-1]

    yield _opened
    for store in made:
        store.close()


def test_a_store_that_knows_nothing_is_taken_for_used_up(opened):
    answer = opened().take(KEY, RATE, 1)
    assert (answer.pause, answer.known) == (pytest.approx(60, abs=1), False)


def test_a_budget_is_one_for_all_and_every_key_has_its_own(opened):
    first, second = opened(), opened()
    first.take(KEY, Rate(1000, 1000, burst=3), 1)
    time.sleep(0.01)  # the bucket is known now, and full
    assert second.take(KEY, RATE, 2).pause == 0
    assert first.take(KEY, RATE, 1).pause == 0
    assert second.take(KEY, RATE, 1).pause == pytest.approx(60, abs=1)
    assert not first.take("another", RATE, 1).known


def test_processes_see_each_other(opened):
    first, second = opened(), opened()
    assert first.take(KEY, RATE, 1).processes == 1
    assert second.take(KEY, RATE, 1).processes == 2
    assert first.take(KEY, RATE, 1).processes == 2
    assert first.take("another", RATE, 1).processes == 1


def test_a_ban_is_known_to_all_and_counted_one_time(opened):
    first, second = opened(), opened()
    assert first.take(KEY, RATE, 1).banned == 0
    assert first.strike(KEY, 120, DURATION) == 120
    assert second.take(KEY, RATE, 1).banned == pytest.approx(120, abs=1)
    assert second.strike(KEY, 120, DURATION) == pytest.approx(120, abs=1)
    assert second.take("another", RATE, 1).banned == 0


def test_the_fourth_ban_of_a_day_is_longer_whoever_met_the_first_three(opened):
    store, short = opened(), 0.03
    for _ in range(3):
        assert store.strike(KEY, short, lambda _: short) == short
        time.sleep(2 * short)
    assert opened().strike(KEY, 120, DURATION) == 600


def test_a_file_that_is_gone_is_made_anew(tmp_path):
    store = FileStore(tmp_path / "l")
    store.take(KEY, RATE, 1)
    assert store.take(KEY, RATE, 1).known
    (tmp_path / "l").unlink()
    assert not store.take(KEY, RATE, 1).known
    store.close()


def test_a_file_that_another_holds_is_given_up_on(tmp_path):
    path = tmp_path / "l"
    store = FileStore(path)
    store.take(KEY, RATE, 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(store.failures):
        store.take(KEY, RATE, 1)
    other.close()
    assert store.take(KEY, RATE, 1).known
    store.close()


@pytest.mark.parametrize("state", ["", "1.5", "1 2", "full"])
def test_a_file_whose_state_cannot_be_read_stops_nobody(state, tmp_path):
    limit = Limit(1200, 60, 2)
    store = FileStore(tmp_path / "l")
    store.take(KEY, rates.whole(limit), 2)
    with sqlite3.connect(tmp_path / "l") as other:
        other.execute("UPDATE bucket SET state = ?", (state,))
    other.close()
    budget = SharedBudget(KEY, limit, store, Circuit("l", store.failures), print)
    assert next(budget.pauses(1, 100)) < limit.per  # this process's own share holds
    store.close()


def test_a_redis_that_hangs_is_given_up_on(redis_server):
    store = RedisStore(redis_server.url)
    store.take(KEY, RATE, 1)
    redis.Redis.from_url(redis_server.url).execute_command("CLIENT", "PAUSE", 400, "ALL")
    with pytest.raises(redis.TimeoutError):
        store.take(KEY, RATE, 1)
    store.close()


def test_no_store_gets_the_api_key(redis_server):
    RedisStore(redis_server.url).take(KEY, RATE, 1)
    names = redis.Redis.from_url(redis_server.url).keys()
    assert len(names) == 2
    assert all(name.decode().startswith(f"dfx-adapter:{{{KEY}}}:") for name in names)


def test_a_child_process_leaves_its_parents_store_alone(tmp_path):
    program = f"""
import os
from dfx_adapter.limits import registry
from dfx_adapter.limits.address import Limit
def budget():
    where = {tmp_path.joinpath("l").as_uri()!r}
    return registry.budget(where, "key", Limit(1200, 60, 2), print)
mine = budget()
next(mine.pauses(1, 100))
child = os.fork()
if not child:
    assert budget() is not mine
    next(budget().pauses(1, 100), None)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert budget() is mine
next(mine.pauses(1, 100), None)
assert mine._processes == 2
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
