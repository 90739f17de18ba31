"""Exchange objects are copied and pickled as ccxt's own are."""

import copy
import pickle

import pytest

from dfx_adapter import AdapterHost
from tests.exchange import shouting_plugin


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
