"""Exchange objects are copied and pickled as ccxt's own are."""

import copy
import pickle

import pytest

from dfx_adapter import AdapterHost
from tests.exchange import remembering_plugin, shouting_plugin


@pytest.fixture
def config(simulator):
    return {**simulator.ccxt_config(), "enableRateLimit": False}


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
def test_a_deep_copy_keeps_its_configuration_and_its_host(exchange_id):
    host = AdapterHost(entry_points=False)
    exchange = host.connect(exchange_id, {"apiKey": "k"})
    again = copy.deepcopy(exchange)
    assert (again.apiKey, again.dfx_host, again.id) == ("k", host, exchange_id)


def test_a_pickled_object_fetches_with_the_same_plugins(simulator, config):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    exchange = AdapterHost([shouting_plugin], entry_points=False).connect("digifinex", config)
    again = pickle.loads(pickle.dumps(exchange))  # noqa: S301  # our own bytes
    assert again.fetch_order(order_id)["clientOrderId"] == "HEARD"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301  # our own bytes
def test_what_a_plugin_remembers_is_not_copied(simulator, config, copied):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    exchange = AdapterHost([remembering_plugin], entry_points=False).connect("digifinex", config)
    exchange.fetch_order(order_id)
    again = copied(exchange)
    assert (again.id, again.apiKey) == (exchange.id, exchange.apiKey)
    assert again.fetch_order(order_id)["id"] == order_id
