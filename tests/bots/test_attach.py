"""An object that a bot has built gains the adapter in place, and can be made what it was."""

import inspect

import aiohttp
import ccxt
import ccxt.async_support
import pytest
import requests

import dfx_adapter
from tests.conftest import EitherKind


@pytest.fixture(params=["sync", "async"])
async def stock(request, simulator):
    """Stock ccxt, as a bot would build it."""
    module = ccxt if request.param == "sync" else ccxt.async_support
    config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
    exchange = module.digifinex({**config, "options": {"mine": 1}, "rateLimit": 77})
    yield exchange
    if request.param == "async":
        await exchange.close()


@pytest.fixture
def order_id(simulator):
    return simulator.place("BTC_USDT", "buy", price=9000, amount=1)


async def test_snake_and_camel_names_are_ours(stock, order_id):
    attached = EitherKind(dfx_adapter.attach(stock))
    assert attached.exchange is stock
    for method in (attached.fetch_order, attached.fetchOrder):
        assert (await method(order_id))["lastTradeTimestamp"] is None
    (order,) = await attached.fetchOrdersByIds([order_id])
    assert order["id"] == order_id
    with pytest.raises(ccxt.OrderNotFound):
        await attached.fetch_order("nobody")


async def test_has_and_errors_are_ours_and_the_rest_stays(stock, order_id):
    session, options = stock.session, stock.options
    dfx_adapter.attach(stock)
    assert stock.has["fetchOrdersByIds"] is True
    assert stock.exceptions["exact"]["20013"][0] is ccxt.OrderNotFound
    assert (stock.options["mine"], stock.rateLimit) == (1, 77)
    assert stock.options is options
    assert getattr(stock.session, "headers", None) is getattr(session, "headers", None)


async def test_attached_twice_it_is_as_attached_and_detached_it_is_what_it_was(stock, order_id):
    kept = type(stock)
    assert dfx_adapter.attach(dfx_adapter.attach(stock)) is stock
    dfx_adapter.detach(stock)
    dfx_adapter.detach(stock)
    assert type(stock) is kept
    assert stock.has.get("fetchOrdersByIds") is None
    order = await EitherKind(stock).fetch_order(order_id, "BTC/USDT")
    assert order["lastTradeTimestamp"] == 0  # stock again, with its fault


async def test_detached_it_has_the_session_that_it_has_used(stock, order_id):
    dfx_adapter.attach(stock)
    await EitherKind(stock).fetch_order(order_id)
    used = stock.session.headers
    dfx_adapter.detach(stock)
    assert vars(stock)["session"].headers is used
    assert isinstance(stock.session, requests.Session | aiohttp.ClientSession)


async def test_it_outlives_unregister(stock, order_id):
    dfx_adapter.register()
    dfx_adapter.attach(stock)
    dfx_adapter.unregister()
    assert (await EitherKind(stock).fetch_order(order_id))["lastTradeTimestamp"] is None


def test_a_bots_own_subclass_keeps_its_methods(simulator, order_id):
    class Own(ccxt.digifinex):
        def fetch_ticker(self, symbol, params=None):
            return f"own {symbol}"

    own = dfx_adapter.attach(Own({**simulator.ccxt_config(), "enableRateLimit": False}))
    assert own.fetch_ticker("x") == "own x"
    assert own.fetchOrder(order_id)["id"] == order_id
    assert isinstance(own, Own)


def test_another_exchange_gains_the_same(mocker):
    mocker.patch.object(
        ccxt.gate, "fetch_order", return_value={"id": "1", "status": "open", "fee": {"cost": None}}
    )
    gate = ccxt.gate()
    dfx_adapter.attach(gate)
    assert gate.fetch_orders_by_ids(["1"])[0]["fee"] is None
    assert gate.fetchOrdersByIds(["1"])[0]["fee"] is None
    assert not inspect.iscoroutinefunction(gate.fetch_order)
    dfx_adapter.detach(gate)
    assert type(gate) is ccxt.gate
