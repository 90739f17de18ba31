"""A stream whose waits are short, and what holds after each test: nothing is left."""

import asyncio

import pytest

import dfx_adapter
from dfx_adapter.digifinex.stream import reader
from dfx_adapter.digifinex.stream.times import Times

QUICK = Times(
    patience=0.5,
    ping=0.05,
    age=3600,
    age_jitter=0,
    sweep=0.2,
    first_pause=0.01,
    longest_pause=0.05,
    attempts=4,
    pauses=(0.01, 0.02, 0.05, 0.1),
)


@pytest.fixture
def times(mocker):
    """Replace some of the times."""

    def _times(**changes):
        mocker.patch.object(reader, "TIMES", QUICK._replace(**changes))

    _times()
    return _times


@pytest.fixture
async def opened(simulator, times):
    """Build exchange objects; in the end, see that nothing is left of them."""
    objects = []

    def _opened(**config):
        exchange = dfx_adapter.connect(
            "digifinex",
            {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0, **config},
            asynchronous=True,
        )
        objects.append(exchange)
        return exchange

    yield _opened
    for exchange in objects:
        await exchange.close()
    await asyncio.sleep(0.02)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert simulator.stream.connections == 0


@pytest.fixture
def exchange(opened):
    return opened()


async def happened(condition, seconds=5):
    """Wait until it is so."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.005)


class Watched:
    """Calls one after the other, and keeps the states that they give."""

    def __init__(self, exchange, symbol=None, **params):
        self.states = []
        self._call = lambda: exchange.watch_orders(symbol, params=params)
        self.task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self):
        while True:
            for order in await self._call():
                self.states.append((order["id"], order["status"], order["filled"]))

    async def until(self, condition, seconds=5):
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition(self.states):
            if self.task.done():
                await self.task
            assert asyncio.get_running_loop().time() < deadline, self.states
            await asyncio.sleep(0.005)
        return self.states

    async def end(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def watch(exchange, simulator):
    """Watch with an object, once the stream is ready."""
    running = []

    async def _watch(watching=None, symbol="BTC/USDT", **params):
        watched = Watched(watching or exchange, symbol, **params)
        running.append(watched)
        await ready(watching or exchange)
        return watched

    yield _watch
    for watched in running:
        await watched.end()


async def ready(exchange, seconds=5):
    """Wait until an object's stream is ready."""

    def is_ready():
        watching = vars(exchange).get("_dfx_watching")
        return watching is not None and watching.reader is not None and watching.reader.is_ready

    await happened(is_ready, seconds)
