"""What the tests of recordings share."""

import asyncio

import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.recordings import files, recorder
from tests.conftest import EitherKind
from tests.recordings import hour


@pytest.fixture(autouse=True)
def _warns_anew():
    yield
    files._warned.clear()
    files._torn.clear()
    recorder._written.clear()
    recorder._default.clear()


@pytest.fixture
def host():
    return AdapterHost(entry_points=False)


@pytest.fixture(params=["sync", "async"])
def asynchronous(request):
    return request.param == "async"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "orders.jsonl"


@pytest.fixture
async def replay(host):
    """Replay a recording, as either kind; closed at the end."""
    opened = []

    def _replay(*args, asynchronous=False, **kwargs):
        exchange = host.replay(*args, asynchronous=asynchronous, **kwargs)
        opened.append((exchange, asynchronous))
        return EitherKind(exchange)

    yield _replay
    for exchange, is_async in opened:
        if is_async:
            exchange.timeout_on_exit = 0
            await exchange.close()


@pytest.fixture
async def recorded_hour(host, file, asynchronous):
    """Record a bot's hour; give the file, and what came of each call."""
    world = hour.World()
    with world.simulator:
        exchange = world.connect(host, file, asynchronous=asynchronous)
        outcomes = await hour.play(EitherKind(exchange), world)
        if asynchronous:
            await exchange.close()
            await asyncio.sleep(0)
    return file, outcomes
