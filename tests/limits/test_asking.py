"""How a store is asked: outside the loop, by one thread at a time, and no more than is needed."""

import asyncio
import threading

import pytest
from pyrate_limiter import Rate

from dfx_adapter import AdapterHost
from dfx_adapter.guards import pacing
from dfx_adapter.limits.circuit import Circuit
from dfx_adapter.limits.file_store import FileStore
from dfx_adapter.limits.line import LATE, Line
from dfx_adapter.limits.redis_store import RedisStore
from dfx_adapter.limits.stores import Answer


async def test_while_the_store_is_slow_the_loop_goes_on(simulator, file_url, mocker):
    config = {**simulator.ccxt_config(), "options": {"limiter": file_url}}
    exchange = AdapterHost(entry_points=False).connect("digifinex", config, asynchronous=True)
    ticked = threading.Event()
    store = pacing.budget(exchange)._store
    seen = []

    def slow(*_):
        seen.append(ticked.wait(20))
        return Answer(0, 0, 1, True)

    mocker.patch.object(store, "take", side_effect=slow)
    asyncio.get_running_loop().call_later(0.05, ticked.set)
    await exchange.throttle()
    assert seen == [True]
    await exchange.close()


def test_presence_is_written_at_first_and_then_every_minute(tmp_path, mocker):
    store = FileStore(tmp_path / "l")
    moment = mocker.patch("dfx_adapter.limits.file_store.time.monotonic", return_value=1000.0)
    store.take("key", Rate(1000, 1000), 1)
    written = []
    store._connection.set_trace_callback(written.append)
    for now, times in ((1000.0, 0), (1059.0, 0), (1060.0, 1), (1061.0, 1)):
        moment.return_value = now
        store.take("key", Rate(1000, 1000), 1)
        assert len([line for line in written if line.startswith("REPLACE INTO seen")]) == times
    store.close()


def test_presence_in_redis_is_written_as_seldom_and_counts_processes(redis_server, mocker):
    moment = mocker.patch("dfx_adapter.limits.redis_store.time.monotonic", return_value=1000.0)
    mine, other = RedisStore(redis_server.url), RedisStore(redis_server.url)

    def written():
        return mine._redis.info("commandstats").get("cmdstat_zadd", {}).get("calls", 0)

    assert mine.take("key", Rate(1000, 1000), 1).processes == 1
    assert written() == 1
    assert other.take("key", Rate(1000, 1000), 1).processes == 2
    for now, times in ((1000.0, 2), (1059.0, 2), (1060.0, 3), (1061.0, 3)):
        moment.return_value = now
        assert mine.take("key", Rate(1000, 1000), 1).processes == 2
        assert written() == times
    mine.close()
    other.close()


def test_the_line_is_in_order_and_passes_by_who_is_late():
    line = Line()
    first, second, third = (line.join(0.0) for _ in range(3))
    line.stay(first, 1.0)
    assert line.wait(second, 0.0, 0.1) == pytest.approx(1.0)
    assert line.wait(third, 0.0, 0.1) == pytest.approx(1.1)
    assert line.wait(second, 1.0 + LATE + 0.01, 0.1) == 0
    line.leave(first)
    line.leave(second)
    assert line.wait(third, 0.0, 0.1) == 0


@pytest.mark.parametrize("error", [TypeError, ValueError, KeyError, OverflowError, AttributeError])
def test_an_answer_that_is_none_is_a_store_that_is_away(error, caplog):
    circuit = Circuit("a store", (OSError,), ("sesame",))

    def ask():
        raise error("sesame")

    assert circuit.ask(ask) is None
    assert circuit.away
    assert "sesame" not in caplog.text
