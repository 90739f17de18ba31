"""The command line, run in this process or, where that is the point, in one of its own."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from dfx_adapter.cli import app

# ccxt issue 6097: the whole body of a real answer, as it came.
REAL = (
    b'{"data":[{"finished_date":1573038753,"created_date":1573038753,"status":2,"kind":"spot",'
    b'"cash_amount":0,"type":"buy","avg_price":0.6165,"symbol":"DFT_USDT","amount":4,'
    b'"order_id":"af4db5b17e9c4b305383313efe56f0c7","executed_amount":4,"price":0.6175}],"code":0}'
)

# What would change the width or the colour of the output.
PLAIN = {"COLUMNS": None, "FORCE_COLOR": None, "NO_COLOR": None, "TERM": "dumb"}


@pytest.fixture
def real():
    return REAL


@pytest.fixture
def run():
    """Run a command in this process; what it printed and its exit code are on the result."""

    def _run(*args, **kwargs):
        arguments = [str(arg) for arg in args]
        return CliRunner(env=PLAIN).invoke(app, arguments, prog_name="dfx-adapter", **kwargs)

    return _run


@pytest.fixture
def spawn():
    """Run a command in a process of its own and give the finished process."""

    def _spawn(*args, code=None, **kwargs):
        start = ["-c", code] if code else ["-m", "dfx_adapter"]
        command = [sys.executable, *start, *map(str, args)]
        return subprocess.run(command, capture_output=True, timeout=120, check=False, **kwargs)

    return _spawn


@pytest.fixture
def start():
    """Start a command in a process of its own; it is killed in the end, should it still run."""
    running = []

    def _start(*args, **kwargs):
        command = [sys.executable, "-u", "-m", "dfx_adapter", *map(str, args)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ, **kwargs
        )
        running.append(process)
        return process

    yield _start
    for process in running:
        process.kill()
        with process:  # closes its pipes and waits
            pass


@pytest.fixture
def account(simulator, monkeypatch):
    """A simulated exchange, and the environment that leads `order` and `orders` to it."""
    monkeypatch.setenv("DIGIFINEX_URL", simulator.url)
    monkeypatch.setenv("DIGIFINEX_APIKEY", simulator.api_key)
    monkeypatch.setenv("DIGIFINEX_SECRET", simulator.secret)
    return simulator
