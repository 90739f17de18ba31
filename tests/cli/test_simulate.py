"""`dfx-adapter simulate`: runs, prints how to be reached, and stops on a signal."""

import json
import signal
import socket

import ccxt
import pytest


def introduced(process):
    lines = [process.stdout.readline().decode().rstrip() for _ in range(9)]
    return lines[0].split()[2], json.loads(lines[3]), lines[6:]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(start, number):
    process = start("simulate")
    url, config, exports = introduced(process)
    assert exports == [
        f"  export DIGIFINEX_URL={url}",
        "  export DIGIFINEX_APIKEY=simulated-key",
        "  export DIGIFINEX_SECRET=simulated-secret",
    ]
    client = ccxt.digifinex({**config, "enableRateLimit": False})
    assert client.fetch_open_orders("BTC/USDT") == []
    client.session.close()
    process.send_signal(number)
    assert process.wait(30) == 0
    assert process.stderr.read() == b""


def test_a_port_of_ones_own(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("simulate", "--port", port)
        assert process.wait(30) == 2
        message = process.stderr.read().decode()
    assert message.startswith(f"dfx-adapter: --port {port}: ")
    assert len(message.splitlines()) == 1
    process = start("simulate", "--port", port)
    assert introduced(process)[0] == f"http://127.0.0.1:{port}"
