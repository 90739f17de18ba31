"""Bots that look exchanges up by name find the adapter, and ccxt is put back as it was."""

import copy
import importlib
import inspect
import pickle
import sys
import threading

import ccxt
import ccxt.async_support
import ccxt.pro
import pytest

import dfx_adapter
from dfx_adapter import AdapterHost, ExchangeInfo, hookimpl
from dfx_adapter.bots import registry

MODULES = (ccxt, ccxt.async_support)


@pytest.fixture(autouse=True)
def everything_is_put_back():
    before = [
        (module, dict(vars(module)), list(module.exchanges)) for module in (*MODULES, ccxt.pro)
    ]
    yield
    dfx_adapter.unregister()
    for module, names, exchanges in before:
        assert module.exchanges == exchanges
        assert {name for name in vars(module) if vars(module)[name] is not names.get(name)} <= {
            "async_support",
            "pro",
        }


@pytest.mark.parametrize("alias", [None, "digifinexplus"])
def test_both_kinds_are_found_by_name(alias):
    stock = ccxt.digifinex
    dfx_adapter.register(alias)
    name = alias or "digifinex"
    for module in MODULES:
        exchange = getattr(module, name)()
        assert (exchange.id, type(exchange).__name__) == (name, name)
        assert exchange.has["fetchOrdersByIds"] is True
        assert module.exchanges.count(name) == 1
    assert (ccxt.digifinex is stock) == (alias is not None)
    assert issubclass(ccxt.digifinex if alias is None else getattr(ccxt, alias), stock)


def test_registered_twice_one_unregister_puts_all_back():
    stock = ccxt.digifinex
    dfx_adapter.register()
    dfx_adapter.register()
    dfx_adapter.unregister()
    dfx_adapter.unregister()
    assert ccxt.digifinex is stock


def test_pro_only_when_asked():
    dfx_adapter.register()
    assert not hasattr(ccxt.pro, "digifinex")
    dfx_adapter.register(pro=True)
    assert inspect.iscoroutinefunction(ccxt.pro.digifinex().fetch_order)
    assert "digifinex" in ccxt.pro.exchanges


def test_from_many_threads_together():
    threads = [threading.Thread(target=dfx_adapter.register) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ccxt.exchanges.count("digifinex") == 1


def test_a_registered_object_fetches_and_is_pickled(simulator):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    dfx_adapter.register()
    exchange = ccxt.digifinex({**simulator.ccxt_config(), "enableRateLimit": False})
    again = pickle.loads(pickle.dumps(exchange))  # noqa: S301  # our own bytes
    assert again.fetchOrder(order_id)["lastTradeTimestamp"] is None
    dfx_adapter.unregister()
    assert exchange.fetch_order(order_id)["lastTradeTimestamp"] is None


def test_an_exchange_of_a_plugin_is_registered_the_same_way():
    class Mirror:
        @hookimpl
        def dfx_register_exchanges(self):
            def factory(config, *, asynchronous):
                return ("mirror", config, asynchronous)

            return [ExchangeInfo("digifinex-vip", "Mirror", factory)]

    host = AdapterHost([Mirror()], entry_points=False)
    host.register("digifinexvip", exchange_id="digifinex-vip")
    assert ccxt.digifinexvip({"a": 1}) == ("mirror", {"a": 1}, False)
    assert ccxt.async_support.digifinexvip() == ("mirror", {}, True)


def test_an_exchange_that_nobody_serves_is_not_registered():
    with pytest.raises(ccxt.NotSupported):
        dfx_adapter.register(exchange_id="nosuch")
    assert not hasattr(ccxt, "nosuch")


@pytest.mark.parametrize("name", ["kraken", "binance"])
def test_the_name_of_another_exchange_is_no_alias(name):
    stock = getattr(ccxt, name)
    with pytest.raises(ccxt.BadRequest, match="an alias must be a new name"):
        dfx_adapter.register(name)
    assert getattr(ccxt, name) is stock


@pytest.mark.parametrize("other", ["digifinex", 3, ccxt.digifinex], ids=repr)
def test_what_is_no_exchange_object_is_not_attached_to(other):
    with pytest.raises(ccxt.BadRequest, match="expected an exchange object"):
        dfx_adapter.attach(other)


def test_in_their_own_modules_they_are_found_from_outside_and_put_back():
    own = [importlib.import_module(f"{package.__name__}.digifinex") for package in MODULES]
    stock = [module.digifinex for module in own]
    dfx_adapter.register()
    registry.register_in_own_modules("digifinex")
    registry.register_in_own_modules("digifinex")
    for package, module in zip(MODULES, own, strict=True):
        assert module.digifinex is package.digifinex
        assert module.digifinex().has["fetchOrdersByIds"] is True
    own[0].digifinex = "a bot's own"
    assert own[0].digifinex == "a bot's own"
    own[0].digifinex = stock[0]
    dfx_adapter.unregister()
    assert [module.digifinex for module in own] == stock
    assert {type(module) for module in own} == {type(sys)}


@pytest.mark.parametrize("module", [ccxt, ccxt.async_support, ccxt.pro], ids=lambda m: m.__name__)
async def test_an_exchange_of_ccxt_is_registered_as_a_class_of_its_own(module):
    stock = module.kraken
    dfx_adapter.register(exchange_id="kraken", pro=True)
    for _ in range(2):
        exchange = module.kraken({"apiKey": "key", "options": {"a": 1}})
        assert isinstance(exchange, module.kraken)
        assert isinstance(exchange, stock)
        assert (exchange.id, exchange.apiKey, exchange.options["a"]) == ("kraken", "key", 1)
        assert exchange.has["fetchOrdersByIds"] is True
        assert callable(exchange.fetchOrdersByIds)
        again = pickle.loads(pickle.dumps(exchange))  # noqa: S301  # our own
        assert (type(again), again.apiKey) == (type(exchange), "key")
        assert type(copy.deepcopy(exchange)) is type(exchange)
        if module is not ccxt:
            await exchange.close()
        dfx_adapter.register(exchange_id="kraken", pro=True)  # again, over its own
    assert type(dfx_adapter.connect("kraken")).__mro__.count(stock) == (module is ccxt)
    dfx_adapter.unregister()
    assert module.kraken is stock


def test_a_bots_own_class_over_a_registered_one_is_that_exchange():
    dfx_adapter.register(exchange_id="kraken")

    class Mine(ccxt.kraken):
        def parse_order_status(self, status):
            return super().parse_order_status(status)

    assert Mine().id == "kraken"
    assert Mine().parse_order({"id": "1", "status": "open"})["status"] == "open"


def test_an_exchange_of_ccxt_has_an_alias_and_its_own_name():
    stock = ccxt.kraken
    dfx_adapter.register("krakenplus", exchange_id="kraken")
    assert ccxt.krakenplus().id == "kraken"
    assert ccxt.krakenplus().has["fetchOrdersByIds"] is True
    assert ccxt.kraken is stock
    assert "krakenplus" in ccxt.exchanges


def test_an_exchange_that_ccxt_pro_lacks_is_registered_there_all_the_same():
    name = next(name for name in ccxt.exchanges if name not in {*ccxt.pro.exchanges, "digifinex"})
    dfx_adapter.register(exchange_id=name, pro=True)
    assert isinstance(getattr(ccxt.pro, name)(), ccxt.async_support.Exchange)
