"""A real Redis, a file, and eight processes that hammer one key."""

import multiprocessing
import shutil
import socket
import subprocess
import time
from contextlib import closing
from functools import partial

import pytest

from dfx_adapter.digifinex.answers import tables
from dfx_adapter.limits import bans, registry

PROCESSES = 8
DURATION = partial(bans.length, tables.BANS)
PRELOADED = [
    "tests.limits.worker",
    "dfx_adapter.digifinex.sync",
    "dfx_adapter.digifinex.asynchronous",
    "dfx_adapter.limits.redis_store",
    "dfx_adapter.limits.file_store",
    "dfx_adapter.limits.shared",
]


@pytest.fixture(autouse=True)
def _no_budget_outlives_a_test():
    yield
    registry.close()


class RedisServer:
    """A redis-server on loopback that keeps nothing."""

    def __init__(self):
        self.binary = shutil.which("redis-server")
        if self.binary is None:
            pytest.fail("redis-server is not installed (Debian: apt-get install redis-server)")
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self):
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly no --save".split()
        self.process = subprocess.Popen([self.binary, *options, ""], stdout=subprocess.DEVNULL)
        while not self._answers():
            assert self.process.poll() is None, "redis-server did not start"
            time.sleep(0.01)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@pytest.fixture
def redis_server():
    server = RedisServer()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def file_url(tmp_path):
    return tmp_path.joinpath("limiter.sqlite3").as_uri()


@pytest.fixture
def hammer(simulator):
    """Start processes, half sync, half asyncio; return how to begin and what they report."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    started = []

    def _hammer(limiter, seconds):
        from tests.limits import worker

        order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
        options = {"limiter": limiter, "batchFetchOrder": False}
        config = {**simulator.ccxt_config(), "options": options}
        begin, answers = context.Event(), context.Queue()
        for number in range(PROCESSES):
            arguments = (config, order_id, seconds, bool(number % 2), begin, answers)
            started.append(context.Process(target=worker.hammer, args=arguments))
            started[-1].start()
        for _ in started:
            assert answers.get(timeout=120) == "ready"
        begin.set()
        return lambda: [answers.get(timeout=seconds + 30) for _ in started]

    yield _hammer
    for process in started:
        process.join(30)
        process.close()
    bans.forgive(bans.account("digifinex", simulator.api_key))
