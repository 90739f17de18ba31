"""Recording and replaying exchanges other than DigiFinex, connected, registered and attached."""

import asyncio
import copy
import pickle

import ccxt
import ccxt.async_support
import pytest

import dfx_adapter
from dfx_adapter.recordings import lines, recorder
from tests.exchanges import bot, venues
from tests.recordings.hour import plain

NEEDED = {"options": {"operatorId": 1}}  # Bitvavo's class signs nothing without one


async def run(exchange, *, asynchronous):
    """Run the bot; give what it saw, and close."""
    if not asynchronous:
        return plain(bot.run(exchange))
    exchange.timeout_on_exit = 0
    orders = plain(await bot.run_async(exchange))
    await exchange.close()
    await asyncio.sleep(0)
    return orders


@pytest.mark.parametrize("name", venues.ANSWERS)
async def test_a_bots_orders_are_replayed_as_either_kind(host, file, name, asynchronous):
    with venues.serving(name) as (_, config):
        config["options"] |= {"record": file}
        exchange = host.connect(name, config, asynchronous=asynchronous)
        orders = await run(exchange, asynchronous=asynchronous)
    asked = [answer.method for answer in lines.answers(file)]
    assert asked[:2] == ["createOrder", "fetchOrder"]
    assert set(asked) == {"createOrder", "fetchOrder", "fetchOpenOrders", "cancelOrder"} | {
        "fetchOrdersByIds"
    }
    for as_other in (False, True):
        replayed = host.replay(file, None, NEEDED, asynchronous=as_other)
        assert await run(replayed, asynchronous=as_other) == orders


@pytest.mark.parametrize("name", venues.ANSWERS)
async def test_the_markets_that_are_needed_are_written_once(host, file, name):
    for _ in range(2):
        with venues.serving(name) as (_, config):
            config["options"] |= {"record": file}
            await run(host.connect(name, config), asynchronous=False)
    known = [line for line in lines.read(file) if isinstance(line, lines.Markets)]
    written = [market["symbol"] for line in known for market in line.markets]
    assert written == ["BTC/USDT"]
    assert len(known) <= 2  # an order's options may come before its market
    assert "operatorId" not in str([line.options for line in known])


WAYS = ("connected", "registered", "attached")


@pytest.fixture
def built(host, asynchronous):
    """Build an exchange object in one of the ways in which a bot gets one."""

    def _built(way, name, config):
        module = ccxt.async_support if asynchronous else ccxt
        if way == "connected":
            return host.connect(name, config, asynchronous=asynchronous)
        if way == "registered":
            host.register(exchange_id=name)
            return getattr(module, name)(config)
        return host.attach(getattr(module, name)(config))

    yield _built
    dfx_adapter.unregister()


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_to_get_an_object_records(built, file, way, asynchronous, simulator):
    config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
    exchange = built(way, "digifinex", {**config, "options": {"record": file}})
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    order = exchange.fetch_order(order_id)
    order = await order if asynchronous else order
    also = exchange.fetchOrder(order_id)  # by its other name
    assert (await also if asynchronous else also) == order
    with venues.serving("kraken") as (_, other):
        other["options"] = {"record": file}
        kraken = built(way, "kraken", other)
        orders = await run(kraken, asynchronous=asynchronous)
    if asynchronous:
        await exchange.close()
        await asyncio.sleep(0)
    assert dfx_adapter.replay(file, "digifinex").fetch_order(order_id) == order
    assert await run(dfx_adapter.replay(file, "kraken"), asynchronous=False) == orders


async def test_markets_that_were_loaded_before_are_in_the_recording(file):
    """An object may be attached when its markets are there already."""
    with venues.serving("kraken") as (_, config):
        exchange = ccxt.kraken(config)
        exchange.load_markets()
        exchange.options["record"] = str(file)
        orders = await run(dfx_adapter.attach(exchange), asynchronous=False)
        dfx_adapter.detach(exchange)
        assert type(exchange) is ccxt.kraken
        exchange.fetch_open_orders("BTC/USDT")
    answers = list(lines.answers(file))
    assert len(answers) == len({(answer.call, answer.n) for answer in answers}) == 7
    assert await run(dfx_adapter.replay(file), asynchronous=False) == orders


async def test_all_takes_what_is_not_about_orders_too(host, file, asynchronous):
    with venues.serving("kraken") as (_, config):
        config["options"] |= {"record": {"file": file, "all": True}}
        exchange = host.connect("kraken", config, asynchronous=asynchronous)
        orders = await run(exchange, asynchronous=asynchronous)
    asked = [answer.method for answer in lines.answers(file)]
    assert asked.count("loadMarkets") == 2
    replayed = host.replay(file)
    assert replayed.load_markets(reload=True)["BTC/USDT"]["id"] == "XBTUSDT"  # as answered
    assert await run(replayed, asynchronous=False) == orders


async def test_what_loads_markets_is_no_part_of_the_call_that_needs_them(host, file):
    with venues.serving("kraken") as (_, config):
        config["options"] |= {"record": file}
        host.connect("kraken", config).create_order("BTC/USDT", "limit", "buy", 0.0004, 70000)
    [answer] = lines.answers(file)
    assert (answer.method, answer.n, answer.http) == ("createOrder", 0, "POST")
    assert answer.url == "/0/private/AddOrder"
    assert answer.args == ["BTC/USDT", "limit", "buy", answer.args[3], 70000]


async def test_calls_that_are_under_way_together_are_told_apart(host, file):
    with venues.serving("kraken") as (_, config):
        config["options"] |= {"record": file}
        exchange = host.connect("kraken", config, asynchronous=True)
        exchange.timeout_on_exit = 0
        placed = await exchange.create_order("BTC/USDT", "limit", "buy", 0.0004, 70000)
        calls = [exchange.fetch_order(placed["id"], "BTC/USDT") for _ in range(5)]
        orders = await asyncio.gather(*calls, exchange.fetch_open_orders("BTC/USDT"))
        await exchange.close()
        await asyncio.sleep(0)
    replayed = host.replay(file)
    assert [replayed.fetch_order(placed["id"], "BTC/USDT") for _ in range(5)] == orders[:5]
    assert replayed.fetch_open_orders("BTC/USDT") == orders[5]


def test_copies_record_and_an_object_without_the_option_has_nothing_of_it(host, file):
    plain_one = host.connect("kraken")
    assert not recorder.is_recording(type(plain_one))
    with venues.serving("kraken") as (_, config):
        config["options"] |= {"record": str(file)}
        exchange = host.connect("kraken", config)
        exchange.load_markets()
        pickled = pickle.dumps(exchange)
        for again in (copy.copy(exchange), copy.deepcopy(exchange), pickle.loads(pickled)):  # noqa: S301
            assert recorder.is_recording(type(again))
            again.fetch_open_orders("BTC/USDT")
    assert len(list(lines.answers(file))) == 3


def test_one_class_of_ours_more_records(host, file):
    recorded = host.connect("digifinex", {"options": {"record": str(file)}})
    classes = type(recorded).__mro__
    stock = type(host.connect("digifinex")).__mro__
    assert classes[1:] == stock


def test_errors_show_no_host_and_no_password_of_a_proxy(host, file, mocker):
    proxied = "http://me:hunter2@1.2.3.4:9/?url=https%3A%2F%2Fapi.kraken.com%2F0%2Fprivate"
    lost = ccxt.NetworkError(f"kraken POST {proxied}; connection refused")
    mocker.patch.object(ccxt.Exchange, "fetch", side_effect=lost)
    config = {"apiKey": "key-of-mine-1", "secret": "eHh4", "options": {"record": file}}
    exchange = host.connect("kraken", config)
    exchange.markets = exchange.markets_by_id = {"BTC/USDT": {}}
    with pytest.raises(ccxt.NetworkError):
        exchange.fetch_open_orders()
    [answer] = lines.answers(file)
    assert answer.status is None
    assert answer.error.text.startswith("kraken POST /?url=https%3A%2F%2Fapi.kraken.com")
    assert answer.error.text.endswith("; connection refused")
    assert not any(text in file.read_text() for text in ("hunter2", "1.2.3.4"))


def test_an_object_of_a_plugins_own_is_warned_of(file, caplog):
    class Own:
        """What a plugin may give."""

        options = {"record": str(file)}  # noqa: RUF012  # it stays

    assert isinstance(recorder.bind(Own()), Own)
    assert "what a plugin's own class is answered is not recorded" in caplog.text


async def test_arguments_are_those_of_the_call_and_stay_the_bots(connect, simulator, file):
    exchange = connect(simulator, options={"record": file})
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    [order] = await exchange.fetch_orders_by_ids(iter([order_id]))  # read one time only
    assert order["id"] == order_id
    params = {"order_id": order_id}
    await exchange.fetch_open_orders(params=params)
    params["changed"] = "since"
    one, other = lines.answers(file)
    assert one.args == ["<list_iterator>"]
    assert other.args == [None, None, None, {"order_id": order_id}]


@pytest.mark.long
async def test_what_a_stream_asks_for_is_recorded(host, simulator, file):
    config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
    config["options"] = {"record": file}
    exchange = host.connect("digifinex", config, asynchronous=True)
    simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    [order] = await asyncio.wait_for(exchange.watch_orders("BTC/USDT"), 10)
    await exchange.close()
    await asyncio.sleep(0)
    answers = list(lines.answers(file))
    assert {answer.method for answer in answers} == {"watchOrders"}
    assert order["id"] in "".join(answer.body for answer in answers)
