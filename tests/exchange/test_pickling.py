"""Whatever exchange object a bot has of us, it can be sent to a process that never met us."""

import copy
import multiprocessing
import pickle

import ccxt
import ccxt.async_support
import pytest

from dfx_adapter import AdapterHost
from tests.exchange import shouting_plugin, spawned

CONFIG = {"apiKey": "k", "secret": "s", "options": {"mine": 1}}
MODULES = {False: ccxt, True: ccxt.async_support}


def connected(host, exchange_id, asynchronous):
    return host.connect(exchange_id, CONFIG, asynchronous=asynchronous)


def attached(host, exchange_id, asynchronous):
    return host.attach(getattr(MODULES[asynchronous], exchange_id)(CONFIG))


def registered(host, exchange_id, asynchronous):
    host.register()
    exchange = MODULES[asynchronous].digifinex(CONFIG)
    from dfx_adapter.bots import registry

    registry.unregister()
    return exchange


MADE = [
    *[(made, name) for made in (connected, attached) for name in ("digifinex", "kraken")],
    (registered, "digifinex"),
]


@pytest.fixture
def host():
    return AdapterHost([shouting_plugin], entry_points=False)


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "asyncio"])
@pytest.mark.parametrize(
    ("made", "name"), MADE, ids=lambda value: getattr(value, "__name__", value)
)
@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))],  # noqa: S301  # our own bytes
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_copy_is_what_the_original_is(host, made, name, asynchronous, copied):
    exchange = made(host, name, asynchronous)
    again = copied(exchange)
    assert type(again).__name__ == type(exchange).__name__
    assert [cls.__name__ for cls in type(again).__mro__] == [
        cls.__name__ for cls in type(exchange).__mro__
    ]
    assert (again.id, again.apiKey, again.options["mine"]) == (name, "k", 1)
    assert [info.name for info in again.dfx_host.plugins] == [info.name for info in host.plugins]


def test_a_copy_in_the_same_process_is_of_the_same_class(host):
    for exchange in (connected(host, "kraken", False), attached(host, "kraken", True)):
        again = pickle.loads(pickle.dumps(exchange))  # noqa: S301  # our own bytes
        assert type(again) is type(exchange)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol(host, protocol):
    data = pickle.dumps(connected(host, "kraken", False), protocol)
    assert pickle.loads(data).has["fetchOrdersByIds"] is True  # noqa: S301  # our own bytes


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "asyncio"])
def test_every_exchange_is_pickled_as_stock_is(asynchronous):
    host = AdapterHost(entry_points=False)
    for exchange_id in ccxt.exchanges[::8]:
        again = pickle.loads(pickle.dumps(connected(host, exchange_id, asynchronous)))  # noqa: S301
        assert (again.id, type(again).__name__) == (exchange_id, exchange_id)


def test_a_child_process_that_has_never_met_ours_gets_the_adapter(host):
    exchanges = [
        made(host, name, asynchronous) for made, name in MADE for asynchronous in (False, True)
    ]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        described = pool.apply(spawned.describe, (exchanges,))
    names = {"digifinex": ("DigiFinex", "AsyncDigiFinex")}
    for index, (made, name) in enumerate(MADE):
        for asynchronous in (False, True):
            cls = names.get(name, (name, name))[asynchronous] if made is connected else name
            found = described[2 * index + asynchronous]
            assert found == (cls, name, "k", 1, True, shouting_plugin.__name__, False)
