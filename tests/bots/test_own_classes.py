"""A bot's own subclass of ccxt's class keeps what it overrides when the adapter is attached."""

import copy
import logging
import pickle
from types import MappingProxyType

import ccxt
import ccxt.async_support
import pytest

import dfx_adapter
from dfx_adapter import AdapterHost, hookimpl
from dfx_adapter.digifinex.sync import DigiFinex
from tests.conftest import EitherKind
from tests.kraken import ORDER_ID, kraken

NO_PARAMS = MappingProxyType({})


def pickled(exchange):
    return pickle.loads(pickle.dumps(exchange))  # noqa: S301  # our own bytes


class Additions:
    """What bots override; all call what they have overridden."""

    def sign(self, *args, **kwargs):
        signed = super().sign(*args, **kwargs)
        return {**signed, "headers": {**(signed["headers"] or {}), "X-Bot": "mine"}}

    def describe(self):
        return self.deep_extend(super().describe(), {"has": {"fetchOrders": "mine"}})

    def wait_for_order(self, order_id, patience):
        return f"waited {patience} for {order_id}"


class Own(Additions, ccxt.digifinex):
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return {**super().fetch_order(order_id, symbol, params), "mine": True}


class AsyncOwn(Additions, ccxt.async_support.digifinex):
    async def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return {**await super().fetch_order(order_id, symbol, params), "mine": True}


class Further(Own):
    pass


class Before(ccxt.digifinex, Additions):
    """Its own base comes after ccxt's."""


class Unordered(ccxt.digifinex):
    """One that must come after ours, and so cannot come before them."""

    def fetch_open_orders(self, *args):
        return "mine"


class OwnGate(ccxt.gate):
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return self.safe_order({"id": order_id, "status": "open", "symbol": "BTC/USDT"})

    def wait_for_order(self, order_id, patience):
        return f"waited {patience} for {order_id}"


@pytest.fixture(params=[Own, AsyncOwn, Further])
async def own(request, simulator):
    exchange = request.param({**simulator.ccxt_config(), "enableRateLimit": False})
    yield dfx_adapter.attach(exchange)
    if request.param is AsyncOwn:
        await exchange.close()


async def test_its_overrides_run_and_super_is_ours(own, simulator):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    exchange = EitherKind(own)
    for method in (exchange.fetch_order, exchange.fetchOrder):
        order = await method(order_id)
        assert (order["mine"], order["lastTradeTimestamp"]) == (True, None)
    assert simulator.requests[-1].headers["X-Bot"] == "mine"
    assert own.wait_for_order("1", 2) == own.waitForOrder("1", 2) == "waited 2 for 1"
    assert own.has["fetchOrders"] == "mine"
    assert own.has["fetchOrdersByIds"] is True


async def test_what_it_does_not_override_is_ours_in_both_cases(own, simulator):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    exchange = EitherKind(own)
    for method in (exchange.fetch_open_orders, exchange.fetchOpenOrders):
        (order,) = await method("BTC/USDT")
        assert (order["id"], order["lastTradeTimestamp"]) == (order_id, None)


async def test_detached_it_is_what_it_was(own, simulator):
    before = type(own).__mro__[1]
    dfx_adapter.detach(own)
    assert type(own) is before


def test_a_class_of_another_order_is_attached_to_as_well(simulator):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    exchange = Before({**simulator.ccxt_config(), "enableRateLimit": False})
    assert dfx_adapter.attach(exchange).fetch_order(order_id)["lastTradeTimestamp"] is None


def test_what_cannot_be_kept_is_named(mocker, caplog, simulator):
    mocker.patch("dfx_adapter.bots.classes._under", side_effect=TypeError("no consistent MRO"))
    exchange = Unordered({**simulator.ccxt_config(), "enableRateLimit": False})
    with caplog.at_level(logging.WARNING, "dfx_adapter"):
        dfx_adapter.attach(exchange)
    (record,) = caplog.records
    assert "attach: Unordered.fetch_open_orders: the adapter does not" in record.getMessage()
    assert exchange.fetch_open_orders() == []


def test_what_the_hooks_pass_by_is_named(caplog):
    class Parsing(ccxt.digifinex):
        def parse_order(self, order, market=None):
            return super().parse_order(order, market)

        def safe_order(self, order, market=None):
            return super().safe_order(order, market)

        def parse_ticker(self, ticker, market=None):
            return super().parse_ticker(ticker, market)

    with caplog.at_level(logging.WARNING, "dfx_adapter"):
        dfx_adapter.attach(Parsing())
    (record,) = caplog.records
    assert "attach: Parsing.parse_order, Parsing.safe_order: the adapter" in record.getMessage()


def test_no_warning_for_a_class_that_keeps_all(caplog):
    dfx_adapter.attach(Own())
    dfx_adapter.attach(ccxt.digifinex())
    dfx_adapter.attach(OwnGate())
    assert not caplog.records


def test_another_exchange_keeps_them_and_its_orders_are_complete():
    gate = dfx_adapter.attach(OwnGate())
    for method in (gate.fetch_order, gate.fetchOrder):
        order = method("7")
        assert (order["id"], order["status"]) == ("7", "open")
        assert "stopLossPrice" in order
    assert gate.wait_for_order("7", 2) == gate.waitForOrder("7", 2) == "waited 2 for 7"
    assert gate.fetch_orders_by_ids(["7"])[0]["id"] == "7"


def test_a_subclass_of_the_registered_class_needs_no_attaching(simulator):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    host = AdapterHost(entry_points=False)
    host.register("digifinexours")

    class Registered(Additions, ccxt.digifinexours):
        pass

    exchange = Registered({**simulator.ccxt_config(), "enableRateLimit": False})
    before = type(exchange)
    assert type(dfx_adapter.attach(exchange)) is before
    assert exchange.wait_for_order("1", 2) == "waited 2 for 1"
    assert exchange.fetch_order(order_id)["lastTradeTimestamp"] is None
    dfx_adapter.unregister()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_copies_are_of_the_same_class(simulator, copied):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    own = dfx_adapter.attach(Own({**simulator.ccxt_config(), "enableRateLimit": False}))
    again = copied(own)
    assert type(again) is type(own)
    assert isinstance(again, DigiFinex)
    assert again.fetch_order(order_id)["mine"]
    assert type(dfx_adapter.detach(again)) is Own


class Renamed(ccxt.kraken):
    def describe(self):
        return self.deep_extend(super().describe(), {"id": "mykraken"})


class AsyncRenamed(ccxt.async_support.kraken):
    def describe(self):
        return self.deep_extend(super().describe(), {"id": "mykraken"})


@pytest.mark.parametrize("cls", [Renamed, AsyncRenamed])
async def test_an_id_of_a_bots_own_is_served_as_that_of_ccxts_class(cls):
    seen = []

    class Observer:
        @hookimpl
        def dfx_orders_parsed(self, exchange_id, orders):
            seen.append((exchange_id, [order["id"] for order in orders]))

    with kraken() as config:
        exchange = EitherKind(AdapterHost([Observer()], entry_points=False).attach(cls(config)))
        try:
            order = await exchange.fetch_order(ORDER_ID)
        finally:
            await exchange.close()
    assert (order["id"], order["status"], order["filled"]) == (ORDER_ID, "open", 0.0001)
    assert seen == [("kraken", [ORDER_ID])]


def test_an_alias_of_digifinex_has_its_tables():
    class Site:
        @hookimpl
        def dfx_order_statuses(self, exchange_id):
            return {"5": "expired"} if exchange_id == "digifinex" else {}

    host = AdapterHost([Site()], entry_points=False)
    assert "digifinex" in host.exchanges  # ccxt is asked for its ids before there is the alias
    try:
        host.register("digifinexplus")
        context = ccxt.digifinexplus()._dfx_context()  # of swap orders
    finally:
        dfx_adapter.unregister()
    assert (context.exchange_id, context.statuses["5"]) == ("digifinex", "expired")
