"""What all tests share: a DigiFinex on loopback, and its adapter sync or asyncio."""

import asyncio
import inspect
import signal

import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Simulator

ROW = {
    "symbol": "BTC_USDT",
    "order_id": "0123456789abcdef0123456789abcdef",
    "created_date": 1_600_000_000,
    "finished_date": 0,
    "price": 100,
    "amount": 2,
    "cash_amount": 0,
    "executed_amount": 0,
    "avg_price": 0,
    "status": 0,
    "type": "buy",
    "kind": "spot",
}


def pytest_configure():
    """Let children heed Ctrl-C, which some tests send, where these tests run in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def row():
    """Give an open limit buy of 2 at 100, with changes."""

    def changed(**changes):
        return {**ROW, **changes}

    return changed


@pytest.fixture(autouse=True)
def _no_ban_outlives_a_test():
    yield
    bans.forgive(bans.account("digifinex", "simulated-key"))


@pytest.fixture
def simulator():
    with Simulator() as exchange:
        yield exchange


class EitherKind:
    """An exchange object whose methods are awaited, sync or asyncio."""

    def __init__(self, exchange):
        self.exchange = exchange

    def __getattr__(self, name):
        method = getattr(self.exchange, name)
        if not callable(method):
            return method

        async def call(*args, **kwargs):
            answer = method(*args, **kwargs)
            return await answer if inspect.isawaitable(answer) else answer

        return call


@pytest.fixture(params=["sync", "async"])
async def connect(request):
    """Connect to a simulator, sync, then asyncio; everything is closed at the end."""
    opened = []

    def _connect(simulator, exchange_id="digifinex", host=None, **config):
        host = host or AdapterHost(entry_points=False)
        merged = {
            **simulator.ccxt_config(),
            "enableRateLimit": False,
            "timeout_on_exit": 0,
            **config,
        }
        exchange = host.connect(exchange_id, merged, asynchronous=request.param == "async")
        opened.append(exchange)
        return EitherKind(exchange)

    yield _connect
    for exchange in opened:
        if request.param == "async":
            await exchange.close()
            await asyncio.sleep(0)


@pytest.fixture
async def exchange(simulator, connect):
    return connect(simulator)
