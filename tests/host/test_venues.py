"""A second exchange of its own is a folder beside DigiFinex's, and a name in one list."""

import json
from contextlib import contextmanager
from pathlib import Path

import ccxt
import pytest

import dfx_adapter
from dfx_adapter import AdapterHost, RateLimited
from dfx_adapter.host import venues
from dfx_adapter.limits import bans
from dfx_adapter.order import KEYS
from dfx_adapter.simulator import Response
from dfx_adapter.simulator.server import HOST, Server

FOLDERS = Path(__file__).parents[1] / "data" / "venues"
KEY = "tinyx-key-1234"
ROW = {
    "id": "T1",
    "pair": "XBTZAR",
    "state": "live",
    "side": "buy",
    "amount": "2.0",
    "filled": "0.5",
    "average": "100.10",
}
# What Tinyx calls a status -> the unified one.
STATUSES = {"live": "open", "done": "closed", "dead": "canceled"}


@pytest.fixture(autouse=True)
def _tinyx(monkeypatch):
    """Put the folder beside `dfx_adapter/digifinex`, and its name into the list."""
    monkeypatch.setattr(dfx_adapter, "__path__", [*dfx_adapter.__path__, str(FOLDERS)])
    monkeypatch.setattr(venues, "VENUES", (*venues.VENUES, "tinyx"))
    yield
    bans.forgive(bans.account("tinyx", KEY))


@contextmanager
def serving(*bodies, asked=None):
    """Serve these bodies one after the other, the last one on and on."""
    left = list(bodies)

    def answer(request):
        if asked is not None:
            asked.append(request.path)
        return Response(json.dumps(left.pop(0) if len(left) > 1 else left[0]).encode())

    server = Server(answer, 0)
    try:
        url = f"http://{HOST}:{server.port}"
        yield {"apiKey": KEY, "secret": "tinyx-secret-5678", "urls": {"api": {"private": url}}}
    finally:
        server.stop()


class Simulated:
    def __init__(self, config):
        self.ccxt_config = lambda: config


@pytest.mark.parametrize("state", STATUSES)
def test_its_rows_are_mapped_offline(state):
    body = json.dumps({"rows": [{**ROW, "state": state}]})
    [order] = AdapterHost(entry_points=False).parse_orders("tinyx", body, number=str)
    assert (order["status"], order["filled"], order["remaining"], order["cost"]) == (
        *(STATUSES[state], "0.5", "1.5", "50.05"),
    )
    assert order.keys() >= {*KEYS}


async def test_its_object_reads_orders_by_the_rules(connect):
    with serving({"rows": [ROW]}) as config:
        exchange = connect(Simulated(config), "tinyx")
        order = await exchange.fetch_order("T1")
        assert (order["id"], order["status"], order["remaining"]) == ("T1", "open", 1.5)
        assert await exchange.fetchOrdersByIds(["T1", "T1"]) == [order]
    assert sum(cls.__module__.startswith("dfx_") for cls in type(exchange.exchange).__mro__) <= 4


async def test_an_unknown_status_is_an_error(connect):
    with serving({"rows": [{**ROW, "state": "lost"}]}) as config:
        exchange = connect(Simulated(config), "tinyx")
        with pytest.raises(dfx_adapter.UnknownStatus) as caught:
            await exchange.fetch_order("T1")
    assert caught.value.path == "$.rows[0].state"


async def test_a_ban_is_kept_and_credentials_stay_here(connect):
    asked = []
    with serving({"error": f"slow down, {KEY}", "error_code": "E429"}, asked=asked) as config:
        exchange = connect(Simulated(config), "tinyx")
        for _ in range(2):
            with pytest.raises(RateLimited) as caught:
                await exchange.fetch_order("T1")
            assert 0 < caught.value.retry_after <= 60
            assert KEY not in str(caught.value)
    assert len(asked) == 1


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_url_that_others_can_read_is_refused(asynchronous):
    config = {"urls": {"api": {"private": "http://tinyx.example"}}}
    with pytest.raises(ccxt.BadRequest, match=r"tinyx .*expected an https URL"):
        AdapterHost(entry_points=False).connect("tinyx", config, asynchronous=asynchronous)


def test_a_budget_is_shared_between_processes(tmp_path):
    options = {"limiter": f"file://{tmp_path}/budget"}
    AdapterHost(entry_points=False).connect("tinyx", {"apiKey": KEY, "options": options})
    with pytest.raises(ccxt.NotSupported):
        AdapterHost(entry_points=False).connect("luno", {"options": options})


def test_it_is_listed():
    host = AdapterHost(entry_points=False)
    [info] = [info for info in host.plugins if info.name == "tinyx"]
    assert (info.origin, info.status, info.exchanges) == ("built-in", "active", ("tinyx",))
    assert host.exchanges["tinyx"].title == "Tinyx"
