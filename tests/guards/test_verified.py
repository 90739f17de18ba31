"""Who switches verification off sends no key to another machine, however it is switched off."""

import ssl

import aiohttp
import ccxt
import pytest

import dfx_adapter
from dfx_adapter.guards.addresses import unverified

KEY = {"apiKey": "simulated-key", "secret": "simulated-secret"}
SWITCHES = {"verify": False, "validateServerSsl": False}


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
@pytest.mark.parametrize("name", SWITCHES)
def test_it_is_refused_when_the_object_is_built(exchange_id, name, asynchronous):
    config = {**KEY, name: False}
    with pytest.raises(ccxt.BadRequest, match=f"config: {name} is False") as caught:
        dfx_adapter.connect(exchange_id, config, asynchronous=asynchronous)
    assert caught.value.found == f"{name} is False"
    assert "verified" in caught.value.expected
    stock = getattr(ccxt.async_support if asynchronous else ccxt, exchange_id)(config)
    with pytest.raises(ccxt.BadRequest):
        dfx_adapter.attach(stock)


@pytest.mark.parametrize("name", SWITCHES)
def test_a_registered_class_refuses_it_as_well(name):
    dfx_adapter.register()
    try:
        for module in (ccxt, ccxt.async_support):
            with pytest.raises(ccxt.BadRequest, match=f"{name} is False"):
                module.digifinex({**KEY, name: False})
    finally:
        dfx_adapter.unregister()


@pytest.mark.parametrize("asynchronous", [False, True])
def test_without_a_key_or_on_loopback_it_is_nobodys_harm(asynchronous):
    dfx_adapter.connect("digifinex", {"verify": False}, asynchronous=asynchronous)
    here = {"urls": {"api": {"rest": "https://127.0.0.1:1"}}}
    dfx_adapter.connect("digifinex", {**KEY, **here, "verify": False}, asynchronous=asynchronous)


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
@pytest.mark.parametrize("name", SWITCHES)
async def test_set_later_it_is_refused_before_anything_is_sent(
    simulator, connect, exchange_id, name, mocker
):
    exchange = connect(simulator, exchange_id, urls=dfx_adapter.connect(exchange_id).urls)
    getaddrinfo = mocker.patch("socket.getaddrinfo")
    setattr(exchange.exchange, name, False)
    with pytest.raises(ccxt.BadRequest, match="nothing is sent to"):
        await exchange.fetch_time()
    getaddrinfo.assert_not_called()


def careless():
    context = ssl.create_default_context()
    context.check_hostname = False
    return context


def blind():
    context = careless()
    context.verify_mode = ssl.CERT_NONE
    return context


@pytest.mark.parametrize("context", [lambda: False, careless, blind])
async def test_a_context_or_a_session_that_verifies_nobody_is_refused(context):
    exchange = dfx_adapter.connect("digifinex", KEY, asynchronous=True)
    exchange.ssl_context = context()
    with pytest.raises(ccxt.BadRequest, match="ssl_context verifies no"):
        await exchange.fetch_time()
    await exchange.close()
    connector = aiohttp.TCPConnector(ssl=context())
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(ccxt.BadRequest, match="session verifies no"):
            dfx_adapter.connect("digifinex", {**KEY, "session": session}, asynchronous=True)


async def test_what_verifies_is_left_alone(tmp_path):
    for config in ({}, {"verify": True}):
        assert unverified(dfx_adapter.connect("digifinex", {**KEY, **config})) is None
    async with aiohttp.ClientSession() as session:
        config = {**KEY, "session": session}
        exchange = dfx_adapter.connect("digifinex", config, asynchronous=True)
        assert unverified(exchange) is None
