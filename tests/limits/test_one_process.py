"""One budget inside a process, and what a bot hears and reads of it, sync and asyncio."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import ccxt
import pytest

from dfx_adapter import AdapterHost, errors
from dfx_adapter.guards import pacing
from dfx_adapter.limits import bans, circuit, pace
from dfx_adapter.limits.pace import Pace
from dfx_adapter.simulator import Code
from tests.limits.conftest import DURATION


@pytest.fixture
def order_id(simulator):
    return simulator.place("BTC_USDT", "buy", price=9000, amount=1)


@pytest.fixture
def paused(mocker):
    """The milliseconds for which the objects slept, on a clock that stands still."""
    slept = []
    mocker.patch.object(pace, "clock", return_value=1e9)

    def watch(exchange):
        asynchronous = mocker.AsyncMock if "Async" in type(exchange).__name__ else mocker.Mock
        mocker.patch.object(exchange, "sleep", asynchronous(side_effect=slept.append))

    return slept, watch


def test_the_pace_is_ccxts_and_is_kept_per_key(mocker):
    moment = [100.0]
    mocker.patch.object(pace, "clock", side_effect=lambda: moment[0])
    shared = Pace()
    assert list(shared.pauses(1, 100)) == []
    assert list(shared.pauses(1, 100)) == [pytest.approx(0.1)]
    assert list(shared.pauses(2, 100)) == [pytest.approx(0.2)]
    moment[0] += 10
    assert list(shared.pauses(1, 100)) == []


async def test_two_objects_of_one_key_keep_one_pace(simulator, connect, order_id, paused):
    slept, watch = paused
    options = {"batchFetchOrder": False}
    objects = [connect(simulator, enableRateLimit=True, options=options) for _ in range(2)]
    for one in objects:
        watch(one.exchange)
    await asyncio.gather(*(one.fetch_order(order_id) for one in objects for _ in range(3)))
    assert sorted(slept) == pytest.approx([100, 200, 300, 400, 500])


def test_threads_of_one_object_keep_one_pace(simulator, order_id, paused):
    slept, watch = paused
    exchange = AdapterHost(entry_points=False).connect("digifinex", simulator.ccxt_config())
    watch(exchange)
    with ThreadPoolExecutor(4) as threads:
        for answer in [threads.submit(exchange.fetch_order, order_id) for _ in range(4)]:
            assert answer.result()["id"] == order_id
    assert sorted(slept) == pytest.approx([100, 200, 300])


def test_a_turn_that_is_given_up_goes_to_the_next(mocker):
    mocker.patch.object(pace, "clock", return_value=100.0)
    shared = Pace()
    waiting = [shared.pauses(1, 100) for _ in range(5)]
    assert [next(pauses, 0) for pauses in waiting] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    for pauses in waiting[1:4]:
        pauses.close()
    later = [shared.pauses(cost, 100) for cost in (2, 1, 1, 1, 1)]
    # None of the three is long enough for the first of these.
    assert list(map(next, later)) == pytest.approx([0.5, 0.1, 0.2, 0.3, 0.7])


async def test_a_bot_that_cancels_its_calls_need_not_wait_for_their_turns(simulator, order_id):
    config = {**simulator.ccxt_config(), "rateLimit": 60_000, "options": {"batchFetchOrder": False}}
    exchange = AdapterHost(entry_points=False).connect("digifinex", config, asynchronous=True)
    await exchange.fetch_order(order_id)
    budget = pacing.budget(exchange)
    calls = [asyncio.ensure_future(exchange.fetch_order(order_id)) for _ in range(5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    behind = budget.pauses(1, 60_000)
    assert next(behind) == pytest.approx(360, abs=5)
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)
    assert next(budget.pauses(1, 60_000)) == pytest.approx(60, abs=5)
    await exchange.close()


@pytest.fixture
def limited(simulator, connect, file_url):
    options = {"limiter": f"{file_url}?budget=6000&per=6&weight=1"}
    return connect(simulator, enableRateLimit=True, options=options)


async def test_a_ban_that_another_process_met_is_heard(simulator, limited, order_id, file_url):
    assert (await limited.fetch_order(order_id))["id"] == order_id
    budget = pacing.budget(limited.exchange)
    budget._store.strike(bans.account("digifinex", simulator.api_key), 600, DURATION)
    with pytest.raises(errors.RateLimited, match="nothing is sent for 600 s more"):
        await limited.fetch_order(order_id)
    assert len(simulator.requests) == 1


async def test_a_ban_is_reported_to_the_other_processes(simulator, limited, order_id):
    simulator.script("order", Code(10005))
    with pytest.raises(errors.RateLimited):
        await limited.fetch_order(order_id)
    budget = pacing.budget(limited.exchange)
    assert budget._store.strike(budget._key, 1, DURATION) == pytest.approx(120, abs=2)


async def test_a_ban_that_could_not_be_reported_is_reported_later(
    simulator, limited, order_id, mocker
):
    budget = pacing.budget(limited.exchange)
    mocker.patch.object(circuit, "RETRY_EVERY", 0)
    strike = budget._store.strike
    budget._store.strike = mocker.Mock(side_effect=[OSError("gone"), OSError("gone"), 0])
    simulator.script("order", Code(10005))
    for _ in range(2):
        with pytest.raises(errors.RateLimited):
            await limited.fetch_order(order_id)
    budget._store.strike = strike
    for _ in range(2):
        with pytest.raises(errors.RateLimited, match="nothing is sent"):
            await limited.fetch_order(order_id)
    assert strike(budget._key, 1, DURATION) == pytest.approx(120, abs=2)


async def test_a_store_that_goes_and_comes_has_one_record_for_going_and_one_for_coming(
    simulator, connect, order_id, mocker, caplog
):
    mocker.patch.object(circuit, "RETRY_EVERY", 0.05)
    config = {"enableRateLimit": True, "options": {"limiter": "redis://me:pass@127.0.0.1:1/0"}}
    exchange = connect(simulator, **config)
    with caplog.at_level(logging.INFO, "dfx_adapter"):
        for _ in range(2):
            assert (await exchange.fetch_order(order_id))["id"] == order_id
        budget = pacing.budget(exchange.exchange)
        budget._circuit.ask(lambda: None)
        while budget._circuit.away:
            budget._circuit.ask(lambda: True)
    levels = [record.levelname for record in caplog.records if "limiter" in record.message]
    assert levels == ["WARNING", "INFO"]
    assert "redis://127.0.0.1:1/0 does not answer (ConnectionError" in caplog.text
    assert "pass" not in caplog.text


async def test_an_option_changed_later_is_checked_when_it_is_used(limited, order_id):
    limited.exchange.options["limiter"] = "nowhere"
    with pytest.raises(ccxt.BadRequest, match="expected 'process'"):
        await limited.fetch_order(order_id)
