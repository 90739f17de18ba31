"""Signals and logs come at any moment; whoever they call sends in its turn, and nothing hangs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.limits import interrupted

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(simulator):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)

    def _run(limiter, *cases, rate_limit=1):
        options = {"limiter": limiter}
        config = {**simulator.ccxt_config(), "rateLimit": rate_limit, "options": options}
        text = json.dumps({**config, "order": order_id, "enableRateLimit": True})
        names = [case.__name__ for case in cases]
        command = [sys.executable, "-m", interrupted.__name__, text, *names]
        done = subprocess.run(
            command, cwd=ROOT, timeout=300, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    return _run


@pytest.fixture(
    params=[
        "process",
        *(pytest.param(store, marks=pytest.mark.long) for store in ("file", "redis")),
    ]
)
def limiter(request):
    def _limiter(query):
        if request.param == "process":
            return "process"
        if request.param == "file":
            return request.getfixturevalue("file_url") + query
        return request.getfixturevalue("redis_server").url + query

    return _limiter


def test_a_handler_cancels_while_the_main_thread_waits(run, limiter):
    where = limiter("?budget=20&per=4&weight=1")
    assert run(where, interrupted.cancels_while_it_waits, rate_limit=200) == ["canceled"]


def test_there_is_no_bad_moment(run, limiter):
    where = limiter("?budget=1000000&per=1&weight=1")
    lines = run(where, interrupted.is_interrupted_anywhere, interrupted.is_stopped_anywhere)
    assert lines[-2:] == ["done", "done"]


@pytest.mark.parametrize("limiter", ["redis://127.0.0.1:1/0", "file:///dev/null/l"])
def test_the_limiters_own_warning_may_send(run, limiter):
    where = limiter + "?budget=1000&per=1&weight=1"
    assert run(where, interrupted.logs_through_what_sends) == ["dfx_adapter", "done"]
    lines = run(where, interrupted.logs_from_two_threads)
    assert sorted(lines) == ["bot", "dfx_adapter", "done"]
