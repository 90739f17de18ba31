"""Whatever is done to a machine's clock, a file's budget and bans hold, and nobody waits for it."""

import sqlite3

import pytest
from pyrate_limiter import InMemoryStateStore, Rate

from dfx_adapter.limits import file_clock
from dfx_adapter.limits.file_store import FileStore
from dfx_adapter.limits.stores import decide
from tests.limits.conftest import DURATION

# DigiFinex's: a request of weight 2 every 107 ms, 20 of them in a burst.
RATE = Rate(1120, 60_000, burst=40)


class Machine:
    """A machine: what its clock says, how long it has been running, and which run it is."""

    def __init__(self, mocker, path):
        self.path = path
        self.date, self.running, self.boot = 1_800_000_000.0, 5000.0, "first"
        for name in ("date", "running", "boot"):
            mocker.patch.object(file_clock, name, side_effect=lambda name=name: getattr(self, name))

    def process(self):
        return FileStore(self.path)

    def passes(self, seconds):
        self.date += seconds
        self.running += seconds

    def restarts(self, off=60.0, running=20.0, boot="second"):
        self.date += off + running
        self.running, self.boot = running, boot


@pytest.fixture
def machine(mocker, tmp_path):
    return Machine(mocker, tmp_path / "l")


def used_up(machine):
    """Let a process send until the store says to wait."""
    store = machine.process()
    store.take("key", RATE, 2)
    machine.passes(100)
    while not store.take("key", RATE, 2).pause:
        pass
    store.close()


@pytest.mark.parametrize("seconds", [-86_400, -110, -60, -30, -1, 1, 60, 3600, 86_400])
def test_a_clock_that_is_set_changes_no_wait(machine, seconds):
    used_up(machine)
    machine.date += seconds
    store = machine.process()
    assert 0 < store.take("key", RATE, 2).pause <= 0.108
    machine.passes(0.11)
    assert store.take("key", RATE, 2).pause == 0
    assert store.take("key", RATE, 2).pause > 0


@pytest.mark.parametrize("seconds", [-86_400, -110, -30, 0, 30, 119, 3600, 86_400])
def test_a_clock_that_is_set_changes_no_ban(machine, seconds):
    machine.process().strike("key", 120, DURATION)
    machine.date += seconds
    machine.passes(50)
    assert machine.process().take("key", RATE, 2).banned == pytest.approx(70)
    machine.passes(71)
    assert machine.process().take("key", RATE, 2).banned == 0


def test_the_bans_of_a_day_are_counted_by_the_time_that_has_passed(machine):
    store = machine.process()
    for _ in range(3):
        store.strike("key", 120, DURATION)
        machine.passes(121)
        machine.date += 90_000
    assert store.strike("key", 120, DURATION) == 600


@pytest.mark.parametrize("boot", ["second", ""], ids=["named", "not named"])
def test_a_ban_outlives_a_restart(machine, boot):
    machine.boot = boot and "first"
    machine.process().strike("key", 600, DURATION)
    machine.restarts(off=100, running=20, boot=boot)
    assert machine.process().take("key", RATE, 2).banned == pytest.approx(480)


@pytest.mark.parametrize("seconds", [-110, -86_400])
def test_over_a_restart_time_does_not_go_back(machine, seconds):
    machine.process().strike("key", 600, DURATION)
    used_up(machine)
    machine.date += seconds
    machine.restarts()
    answer = machine.process().take("key", RATE, 2)
    assert answer.pause <= 0.108
    assert 0 < answer.banned <= 500
    machine.passes(601)
    assert machine.process().take("key", RATE, 2).banned == 0


def test_a_clock_set_before_a_restart_is_not_taken_for_time_that_has_passed(machine):
    machine.process().strike("key", 600, DURATION)
    machine.date += 3600
    machine.process().take("key", RATE, 2)
    machine.restarts(off=100, running=20)
    assert machine.process().take("key", RATE, 2).banned == pytest.approx(480)


def test_two_machines_with_one_file_go_by_their_dates(machine):
    machine.process().strike("key", 600, DURATION)
    machine.boot, machine.running = "another", 100_000.0
    for _ in range(3):
        machine.passes(100)
        machine.boot, machine.running = machine.boot[::-1], machine.running * 2
        left = machine.process().take("key", RATE, 2).banned
    assert left == pytest.approx(300)


def test_the_clock_is_written_only_where_it_was_set(machine):
    store = machine.process()
    store.take("key", RATE, 2)
    written = []
    store._connection.set_trace_callback(written.append)
    for _ in range(5):
        machine.passes(10)
        store.take("key", RATE, 2)
    assert not [line for line in written if "INTO clock" in line]
    machine.date -= 30
    store.take("key", RATE, 2)
    assert len([line for line in written if "INTO clock" in line]) == 1


def test_this_machine_is_running_and_has_a_name():
    assert file_clock.running() > 0
    assert file_clock.running() <= file_clock.running()
    assert file_clock.boot() == file_clock.boot()


def test_a_system_without_boottime_or_a_name_of_its_run(mocker):
    mocker.patch.object(file_clock, "time", mocker.Mock(spec=["monotonic"]))
    file_clock.time.monotonic.return_value = 7.0
    assert file_clock.running() == 7.0
    mocker.patch.object(file_clock.Path, "read_text", side_effect=FileNotFoundError)
    file_clock.boot.cache_clear()
    assert file_clock.boot() == ""
    file_clock.boot.cache_clear()


@pytest.mark.parametrize("seconds", [30, 60, 90, 110, 86_400])
def test_a_server_whose_clock_is_set_back_holds_nobody_up(seconds):
    """Redis counts by its own clock; what stands in a bucket from before the change is too much."""
    bucket, now = InMemoryStateStore(), 1_800_000_000_000
    while not decide(bucket, RATE, now, 2, known=True):
        pass
    assert decide(bucket, RATE, now - 1000 * seconds, 2, known=True) <= 0.108
    assert decide(bucket, RATE, now - 1000 * seconds + 110, 2, known=True) == 0
    assert decide(bucket, RATE, now - 1000 * seconds + 110, 2, known=True) > 0


def test_a_file_of_an_earlier_version_keeps_its_bans(machine):
    store = machine.process()
    store.strike("key", 600, DURATION)
    store.close()
    with sqlite3.connect(machine.path) as other:  # it went by the date, and had no such table
        other.execute("DROP TABLE clock")
        other.execute("UPDATE ban SET until = ?", (machine.date + 500,))
    other.close()
    assert machine.process().take("key", RATE, 2).banned == pytest.approx(500)


@pytest.mark.parametrize("column", ["seen.at", "strike.at", "bucket.used", "clock.ahead"])
def test_a_file_of_another_age_has_no_time_to_wait_on(machine, column):
    table, name = column.split(".")
    store = machine.process()
    store.strike("key", 1, DURATION)
    store.take("key", RATE, 2)
    with sqlite3.connect(machine.path) as other:
        other.execute(f"UPDATE {table} SET {name} = 1e18")  # noqa: S608  # of the list above
    other.close()
    with pytest.raises(ValueError, match="the time of the file"):  # as for a store that is away
        store.take("key", RATE, 2)
    store.close()
