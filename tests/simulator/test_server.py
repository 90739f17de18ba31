"""The socket: real connections, started and stopped without a trace."""

import ast
import asyncio
import concurrent.futures
import errno
import gc
import gzip
import http.client
import json
import subprocess
import sys
import threading
import time
import types
import urllib.error
import urllib.request
from pathlib import Path

import aiohttp
import pytest

from dfx_adapter import simulator
from dfx_adapter.simulator import Body, Delay, Drop, Simulator, signature


@pytest.fixture
def served():
    with Simulator() as exchange:
        yield exchange


def get(url, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=named)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
        return answer.status, dict(answer.headers), answer.read()


def signed(exchange, query=""):
    return {
        "ACCESS_KEY": exchange.api_key,
        "ACCESS_SIGN": signature(exchange.secret, query),
        "ACCESS_TIMESTAMP": str(int(time.time())),
    }


def wait_for_a_request(exchange):
    deadline = time.monotonic() + 5
    while not exchange.requests:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_answers_on_loopback(served):
    assert served.url.startswith("http://127.0.0.1:")
    status, headers, body = get(f"{served.url}/v3/ping")
    assert (status, body) == (200, b'{"msg":"pong","code":0}')
    assert headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("comma", [",", "%2C"])
def test_the_query_is_signed_as_it_was_sent(served, comma):
    first, second = (served.place(price=1, amount=1) for _ in range(2))
    query = f"order_id={first}{comma}{second}"
    _, _, body = get(f"{served.url}/v3/spot/order?{query}", **signed(served, query))
    assert [row["order_id"] for row in json.loads(body)["data"]] == [first, second]


def test_errors_come_under_status_200(served):
    assert get(f"{served.url}/v3/spot/order?order_id=a")[0] == 200
    assert served.requests[-1].answer == b'{"code":10009}'


@pytest.mark.parametrize("accepted", ["gzip", "deflate, gzip;q=1.0"])
def test_gzip_for_those_who_take_it(served, accepted):
    _, headers, body = get(f"{served.url}/v3/ping", Accept_Encoding=accepted)
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == b'{"msg":"pong","code":0}'


def test_no_gzip_for_others(served):
    assert "Content-Encoding" not in get(f"{served.url}/v3/ping", Accept_Encoding="identity")[1]


def test_a_connection_serves_many_requests(served):
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)
    connection.connect()
    before = connection.sock
    for _ in range(3):
        connection.request("GET", "/v3/ping")
        assert connection.getresponse().read() == b'{"msg":"pong","code":0}'
        assert connection.sock is before
    connection.close()


def test_any_status_and_content_type(served):
    served.script("ping", Body("<html>wait</html>", 503, "text/html", {"Retry-After": "9"}))
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{served.url}/v3/ping")
    error = caught.value
    with error:
        assert (error.code, error.read()) == (503, b"<html>wait</html>")
        assert (error.headers["Content-Type"], error.headers["Retry-After"]) == ("text/html", "9")


def test_a_dropped_connection_has_no_answer(served):
    served.script("ping", Drop())
    with pytest.raises(http.client.RemoteDisconnected):
        get(f"{served.url}/v3/ping")
    assert get(f"{served.url}/v3/ping")[0] == 200


def test_a_late_answer_holds_up_nobody_else(served):
    served.script("time", Delay(0.4))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        started = time.monotonic()
        late = pool.submit(get, f"{served.url}/v3/time")
        wait_for_a_request(served)
        get(f"{served.url}/v3/ping")
        assert not late.done()
        assert late.result()[0] == 200
        assert time.monotonic() - started >= 0.4


def test_many_threads_together(served):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: get(f"{served.url}/v3/ping"), range(40)))
    assert len(served.requests) == 40


def test_a_body_is_read_and_logged(served):
    body = b"order_id=nowhere"
    headers = {
        name.replace("_", "-"): value for name, value in signed(served, body.decode()).items()
    }
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{served.url}/v3/spot/order/cancel", data=body, headers=headers
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
        assert json.loads(answer.read())["error"] == ["nowhere"]
    assert served.requests[-1].body == {"order_id": "nowhere"}
    logged = {name.upper(): value for name, value in served.requests[-1].headers.items()}
    assert (logged["ACCESS-KEY"], logged["ACCESS-SIGN"]) == ("***", "***")


async def test_inside_a_running_loop():
    async with Simulator() as exchange, aiohttp.ClientSession() as session:
        async with session.get(f"{exchange.url}/v3/time") as answer:
            assert (await answer.json())["code"] == 0
        exchange.script("ping", Drop(), Drop())  # aiohttp asks again when a kept connection closes
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.get(f"{exchange.url}/v3/ping")


async def test_stopping_waits_for_no_late_answer():
    async with aiohttp.ClientSession() as session:
        async with Simulator() as exchange:
            exchange.script("ping", Delay(60))
            asking = asyncio.create_task(session.get(f"{exchange.url}/v3/ping"))
            await asyncio.to_thread(wait_for_a_request, exchange)
            started = time.monotonic()
        assert time.monotonic() - started < 5
        with pytest.raises(aiohttp.ClientError):
            await asking


def test_nothing_is_left_after_it_stops():
    threads = threading.active_count()
    exchange = Simulator()
    with exchange:
        url = exchange.url
        get(f"{url}/v3/ping")
        assert threading.active_count() == threads + 1
    gc.collect()
    assert threading.active_count() == threads
    with pytest.raises(urllib.error.URLError):
        get(f"{url}/v3/ping")
    with pytest.raises(RuntimeError, match="not started"):
        _ = exchange.url


def test_it_stops_when_the_block_fails():
    threads = threading.active_count()
    with pytest.raises(ZeroDivisionError), Simulator():
        _ = 1 / 0
    assert threading.active_count() == threads


def test_it_starts_again_with_its_orders_and_log():
    exchange = Simulator()
    with exchange:
        get(f"{exchange.url}/v3/ping")
    with exchange:
        get(f"{exchange.url}/v3/ping")
    assert len(exchange.requests) == 2


def test_a_started_simulator_cannot_be_started(served):
    with pytest.raises(RuntimeError, match="already started"):
        served.start()


def test_stopping_twice_is_no_error():
    exchange = Simulator().start()
    exchange.stop()
    exchange.stop()
    with pytest.raises(RuntimeError, match="not started"):
        _ = exchange.url


def test_a_taken_port_is_an_error(served):
    port = int(served.url.rpartition(":")[2])
    other = Simulator(port=port)
    threads = threading.active_count()
    with pytest.raises(OSError, match="in use") as caught:
        other.start()
    assert caught.value.errno == errno.EADDRINUSE
    assert threading.active_count() == threads
    served.stop()
    with other:
        assert other.url.endswith(f":{port}")


def test_ccxt_config(served):
    assert served.ccxt_config() == {
        "apiKey": "simulated-key",
        "secret": "simulated-secret",
        "urls": {"api": {"rest": served.url, "ws": served.stream_url}},
    }


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


def test_it_shares_nothing_with_the_adapter_nor_with_ccxt():
    files = list(Path(simulator.__file__).parent.glob("*.py"))
    found = {name for path in files for name in imports(path)}
    assert "dfx_adapter.simulator.api" in found
    assert {name.partition(".")[0] for name in found} - sys.stdlib_module_names == {
        "aiohttp",
        "dfx_adapter",
        "msgspec",
    }
    own = [name for name in found if name.startswith("dfx_adapter")]
    assert all(f"{name}.".startswith("dfx_adapter.simulator.") for name in own)


def test_it_warns_of_nothing():
    code = """
import urllib.request
from dfx_adapter.simulator import Simulator
with Simulator() as exchange:
    urllib.request.urlopen(exchange.url + "/v3/ping").close()
"""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_exported_names():
    public = {
        name
        for name, value in vars(simulator).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert public == set(simulator.__all__)
