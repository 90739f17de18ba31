"""watch_orders over a real socket: what a caller is handed, whatever becomes of the stream."""

import asyncio
import copy

import ccxt
import ccxt.pro
import pytest

import dfx_adapter
from dfx_adapter.digifinex.stream import frames
from dfx_adapter.simulator import (
    Body,
    Code,
    Drop,
    Duplicated,
    Late,
    Lost,
    Moved,
    Refusal,
    Simulator,
)
from dfx_adapter.simulator.stream_frames import bomb
from tests.stream.conftest import happened, ready

LIMIT = {"price": 9000, "amount": 2}


def final(order_id):
    return lambda states: any(one == order_id and status != "open" for one, status, _ in states)


def of(states, order_id):
    return [(status, filled) for one, status, filled in states if one == order_id]


async def test_only_the_asyncio_class_has_it(simulator):
    assert dfx_adapter.connect("digifinex").has.get("watchOrders") in {None, False}
    exchange = dfx_adapter.connect("digifinex", asynchronous=True)
    assert exchange.has["watchOrders"] is True
    assert "ws" not in exchange.urls["api"]  # the documented one is the default
    await exchange.close()
    dfx_adapter.register(pro=True)
    try:
        assert ccxt.pro.digifinex().has["watchOrders"] is True
    finally:
        dfx_adapter.unregister()


async def test_each_change_is_handed_over_complete_and_in_its_order(exchange, simulator, watch):
    watched = await watch()
    order_id = simulator.place(**LIMIT)
    await watched.until(lambda states: len(states) == 1)
    simulator.fill(order_id, "0.5")
    await watched.until(lambda states: len(states) == 2)
    simulator.fill(order_id, "1.5")
    states = await watched.until(final(order_id))
    assert states == [(order_id, "open", 0), (order_id, "open", 0.5), (order_id, "closed", 2)]


async def test_an_order_has_what_rest_knows_and_what_the_push_says(exchange, simulator):
    order_id = simulator.place(**LIMIT, created_date=1_790_000_000)
    call = asyncio.create_task(exchange.watch_orders("BTC/USDT"))
    await ready(exchange)
    simulator.fill(order_id, "0.5", "8000")
    (order,) = await call
    row = simulator.row(order_id)
    assert (order["filled"], order["average"], order["remaining"], order["cost"]) == (
        *(0.5, 8000, 1.5, 4000),
    )
    assert order["timestamp"] == row["created_date"] * 1000
    assert (order["lastTradeTimestamp"], order["amount"], order["price"]) == (None, 2, 9000)
    simulator.fill(order_id)
    (order,) = await exchange.watch_orders("BTC/USDT")
    assert (order["status"], order["lastTradeTimestamp"]) == (
        "closed",
        simulator.row(order_id)["finished_date"] * 1000,
    )
    assert set(order) >= set(dfx_adapter.Order.__annotations__)


async def test_notional_is_no_cost(exchange, simulator, watch):
    call = asyncio.create_task(exchange.watch_orders())
    await ready(exchange)
    order_id = simulator.place(type="buy_market", cash_amount="100")
    (order,) = await call
    assert (order["cashAmount"], order["amount"], order["cost"]) == (100, None, 0)
    simulator.settle(order_id, 9000)
    order = {}
    while order.get("status") != "closed":
        (order,) = await exchange.watch_orders()
    assert (order["amount"], order["cost"], order["cashAmount"]) == (0.0111, 99.9, 100)


@pytest.mark.parametrize("acks", ["text", "binary"])
async def test_answers_in_either_kind_of_frame(exchange, simulator, watch, acks):
    simulator.stream.acks = acks
    watched = await watch()
    order_id = simulator.place(**LIMIT)
    await watched.until(lambda states: (order_id, "open", 0) in states)


async def test_between_two_calls_nothing_is_lost(exchange, simulator):
    call = asyncio.create_task(exchange.watch_orders("BTC/USDT"))
    await ready(exchange)
    first = simulator.place(**LIMIT)
    await call
    second = simulator.place(**LIMIT)
    simulator.fill(first)
    simulator.cancel(second)
    await asyncio.sleep(0.1)
    orders = await exchange.watch_orders("BTC/USDT")
    seen = {order["id"]: order["status"] for order in orders}
    while len(seen) < 2 or "open" in seen.values():
        seen |= {order["id"]: order["status"] for order in await exchange.watch_orders("BTC/USDT")}
    assert seen == {first: "closed", second: "canceled"}


async def test_what_was_there_before_is_no_change(exchange, simulator, watch):
    simulator.place(**LIMIT, created_date=1_600_000_000)
    watched = await watch()
    fresh = simulator.place(**LIMIT)
    assert await watched.until(len) == [(fresh, "open", 0)]


async def test_an_order_placed_before_the_subscription_is_answered_is_not_missed(
    exchange, simulator, watch
):
    simulator.stream.is_mute = True  # nothing is acknowledged yet
    call = asyncio.create_task(exchange.watch_orders("BTC/USDT"))
    await happened(lambda: simulator.stream.messages)
    open_one, filled = simulator.place(**LIMIT), simulator.place(**LIMIT)
    simulator.fill(filled)
    simulator.stream.is_mute = False
    seen = {order["id"]: order["status"] for order in await asyncio.wait_for(call, 5)}
    assert seen == {open_one: "open", filled: "closed"}


@pytest.mark.parametrize(
    "fault",
    [Lost(), Duplicated(), Moved(), Late(0.05)],
    ids=lambda fault: type(fault).__name__,
)
@pytest.mark.parametrize("place", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2))])
async def test_whatever_becomes_of_a_push_each_end_is_handed_over_one_time(
    exchange, simulator, watch, fault, place
):
    watched = await watch()
    order_id, other = simulator.place(**LIMIT), simulator.place(**LIMIT)
    await watched.until(lambda states: len(states) >= 2)
    simulator.stream.script(*[Duplicated()] * place, fault)
    simulator.fill(order_id, "0.5")
    simulator.fill(order_id)
    simulator.cancel(other)
    await watched.until(final(order_id))
    states = await watched.until(final(other))
    await asyncio.sleep(0.25)  # a sweep later
    assert len(states) == len(set(states))
    assert of(states, order_id)[-1] == ("closed", 2)
    assert of(states, other)[-1] == ("canceled", 0)
    fills = [filled for _, filled in of(states, order_id)]
    assert fills == sorted(fills)


ENDS = {
    "dropped": lambda simulator: simulator.stream.drop(),
    "closed": lambda simulator: simulator.stream.close(1001),
    "no JSON": lambda simulator: simulator.stream.send("{"),
    "no zlib": lambda simulator: simulator.stream.send(b"x\x9cjunk"),
    "a list": lambda simulator: simulator.stream.send("[]"),
    "an order without an id": lambda simulator: simulator.stream.push(
        {"symbol": "BTC_USDT", "status": 1, "filled": "1"}
    ),
    "a bomb": lambda simulator: simulator.stream.send(bomb(64 << 20)),
    "a frame of 5 MiB": lambda simulator: simulator.stream.send("x" * (5 << 20)),
}


@pytest.mark.parametrize("end", ENDS)
async def test_across_a_lost_connection_nothing_is_lost(exchange, simulator, watch, end):
    watched = await watch()
    filled, canceled = simulator.place(**LIMIT), simulator.place(**LIMIT)
    await watched.until(lambda states: len(states) == 2)
    handshakes = simulator.stream.handshakes
    ENDS[end](simulator)
    simulator.fill(filled)
    simulator.cancel(canceled)
    come_and_gone = simulator.place(**LIMIT)
    simulator.fill(come_and_gone)
    for order_id in (filled, canceled, come_and_gone):
        states = await watched.until(final(order_id))
    await ready(exchange)
    assert simulator.stream.handshakes == handshakes + 1
    assert len(states) == len(set(states))


async def test_a_silent_exchange_is_left(exchange, simulator, watch, times):
    times(patience=0.1)
    watched = await watch()
    order_id = simulator.place(**LIMIT)
    await watched.until(len)
    simulator.stream.is_mute = True
    await asyncio.sleep(0.3)
    simulator.stream.is_mute = False
    simulator.fill(order_id)
    await watched.until(final(order_id))
    assert simulator.stream.handshakes >= 2


async def test_an_old_connection_is_replaced(simulator, times, opened, watch):
    times(age=0.1)
    await watch(opened())
    await happened(lambda: simulator.stream.handshakes >= 3)


async def test_a_client_is_never_silent_for_long(exchange, simulator, watch):
    simulator.stream.idle = 0.3
    await watch()
    await asyncio.sleep(0.5)
    assert simulator.stream.handshakes == 1


async def test_handshakes_that_are_refused_are_tried_again(exchange, simulator, watch):
    with Simulator() as elsewhere:
        location = elsewhere.url + "/ws/v1/"
        simulator.stream.refuse(Refusal(502), Refusal(307, location), Refusal(503))
        watched = await watch()
        order_id = simulator.place(**LIMIT)
        await watched.until(lambda states: states == [(order_id, "open", 0)])
        assert elsewhere.stream.handshakes == 0


async def test_after_several_attempts_the_caller_hears_of_it_and_it_goes_on(
    exchange, simulator, watch
):
    simulator.stream.refuse(*[Refusal(502)] * 6)
    with pytest.raises(ccxt.NetworkError, match="HTTP 502 at the handshake; it is tried again"):
        await exchange.watch_orders("BTC/USDT")
    await ready(exchange)
    assert simulator.stream.handshakes == 7


@pytest.mark.parametrize("config", [{"secret": "wrong"}, {"apiKey": "wrong"}])
async def test_a_wrong_key_is_said_at_once(opened, simulator, config):
    with pytest.raises(ccxt.AuthenticationError, match="auth fail"):
        await opened(**config).watch_orders("BTC/USDT")
    assert simulator.stream.handshakes == 1
    assert "simulated" not in str(simulator.stream.messages)


async def test_a_clock_that_is_off_is_set_by_the_exchanges_own(exchange, simulator, watch):
    simulator.skew = 60
    watched = await watch()
    order_id = simulator.place(**LIMIT)
    await watched.until(lambda states: (order_id, "open", 0) in states)


@pytest.mark.parametrize("url", ["ws://example.com/ws/v1/", "http://127.0.0.1@evil.org/"])
async def test_the_stream_goes_to_nobody_who_could_read_along(simulator, url):
    urls = {"api": {"rest": simulator.url, "ws": url}}
    config = {**simulator.ccxt_config(), "urls": urls}
    with pytest.raises(ccxt.BadRequest, match="expected an https URL"):
        dfx_adapter.connect("digifinex", config, asynchronous=True)


@pytest.mark.parametrize("fault", [Code(50000), Drop(), Body(b"<html>")], ids=str)
async def test_an_outage_of_rest_makes_nothing_gone(exchange, simulator, watch, fault):
    watched = await watch()
    order_id = simulator.place(**LIMIT)
    await watched.until(len)
    simulator.script("order", *[fault] * 40)
    simulator.fill(order_id, "0.5")
    await watched.until(lambda states: (order_id, "open", 0.5) in states)
    simulator.fill(order_id)
    assert (await watched.until(final(order_id)))[-1] == (order_id, "closed", 2)
    simulator.clear_script()


async def test_rest_that_lags_behind_a_push_is_asked_again(exchange, simulator, watch):
    watched = await watch()
    order_id = simulator.place(**LIMIT)
    simulator.fill(order_id, "0.5")
    await watched.until(lambda states: (order_id, "open", 0.5) in states)
    simulator.cancel_lag = 2
    await exchange.cancel_order(order_id)
    states = await watched.until(final(order_id))
    assert of(states, order_id)[-1] == ("canceled", 0.5)


async def test_two_objects_of_an_account_share_one_connection(opened, simulator, watch):
    first, second = opened(), opened(number=str)
    one, two = await watch(first), await watch(second)
    order_id = simulator.place(**LIMIT)
    simulator.fill(order_id)
    await one.until(final(order_id))
    await two.until(final(order_id))
    assert simulator.stream.connections == 1
    assert two.states[-1] == (order_id, "closed", "2")
    await first.close()
    other = simulator.place(**LIMIT)
    await two.until(lambda states: (other, "open", "0") in states)


async def test_two_accounts_have_two_connections(opened, watch):
    with Simulator(api_key="other-key-of-8", secret="other-secret") as other:
        config = other.ccxt_config()
        mine, theirs = opened(), opened(**config)
        one, two = await watch(mine), await watch(theirs)
        order_id = other.place(**LIMIT)
        await two.until(lambda states: (order_id, "open", 0) in states)
        assert one.states == []
        await theirs.close()


async def test_a_symbol_is_what_is_handed_over(exchange, simulator, watch):
    btc, everything = await watch(symbol="BTC/USDT"), await watch(symbol=None)
    eth = simulator.place("ETH_USDT", "buy", price=200, amount=1)
    order_id = simulator.place(**LIMIT)
    await btc.until(lambda states: (order_id, "open", 0) in states)
    await everything.until(lambda states: len(states) == 2)
    assert {one for one, _, _ in btc.states} == {order_id}
    assert {one for one, _, _ in everything.states} == {order_id, eth}


async def test_a_market_type_is_what_is_handed_over(exchange, simulator, watch):
    margin, both = await watch(type="margin"), await watch()
    spot_id = simulator.place(**LIMIT)
    margin_id = simulator.place(**LIMIT, kind="margin")
    await both.until(lambda states: len(states) == 2)
    await margin.until(len)
    assert {one for one, _, _ in margin.states} == {margin_id}
    assert {one for one, _, _ in both.states} == {spot_id, margin_id}


async def test_all_known_markets_are_subscribed_in_parts(opened, simulator, watch, mocker):
    from dfx_adapter.digifinex.stream import reader

    mocker.patch.object(reader, "PER_REQUEST", 3)
    simulator.stream.repeats = "refused"
    await watch(opened(), symbol=None)
    asked = [one["params"] for one in simulator.stream.messages if "subscribe" in one["method"]]
    assert max(map(len, asked)) == 3
    assert sorted(symbol for symbols in asked for symbol in symbols) == sorted(simulator.markets)


async def test_one_refused_symbol_costs_no_other(exchange, simulator, watch, caplog):
    await exchange.load_markets()
    del simulator.markets["ETH_USDT"]  # delisted since the markets were loaded
    watched = await watch(symbol=None)
    order_id = simulator.place(**LIMIT)
    await watched.until(lambda states: (order_id, "open", 0) in states)
    assert "ETH_USDT is not pushed" in caplog.text


async def test_a_cancelled_caller_harms_nobody(exchange, simulator, watch):
    watched = await watch()
    for _ in range(20):
        call = asyncio.create_task(exchange.watch_orders("ETH/USDT"))
        await asyncio.sleep(0.001)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    order_id = simulator.place(**LIMIT)
    await watched.until(lambda states: (order_id, "open", 0) in states)


async def test_two_callers_of_one_object_and_symbol_share_the_changes(exchange, simulator, watch):
    one, two = await watch(), await watch()
    ids = [simulator.place(**LIMIT) for _ in range(10)]
    await happened(lambda: len(one.states) + len(two.states) >= 10)
    assert sorted(one.states + two.states) == sorted((order_id, "open", 0) for order_id in ids)


async def test_close_ends_who_waits(opened):
    exchange = opened()
    calls = [asyncio.create_task(exchange.watch_orders(one)) for one in ("BTC/USDT", None)]
    await ready(exchange)
    await asyncio.sleep(0.01)
    await exchange.close()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(answer) for answer in answers] == [ccxt.ExchangeClosedByUser] * 2


async def test_what_is_watched_no_more(exchange, simulator, watch):
    btc = await watch(symbol="BTC/USDT")
    eth = asyncio.create_task(exchange.watch_orders("ETH/USDT"))
    await asyncio.sleep(0.05)
    await exchange.un_watch_orders("ETH/USDT")
    with pytest.raises(ccxt.ExchangeClosedByUser):
        await eth
    order_id = simulator.place(**LIMIT)
    await btc.until(lambda states: (order_id, "open", 0) in states)
    assert simulator.stream.messages[-1]["method"] in {"order.unsubscribe", "server.ping"}
    await btc.end()
    await exchange.un_watch_orders()
    await asyncio.sleep(0.05)
    assert simulator.stream.connections == 0


async def test_a_copy_shares_no_stream(exchange, watch):
    await watch()
    assert "_dfx_watching" in vars(exchange)
    copied = copy.copy(exchange)
    assert "_dfx_watching" not in vars(copied)


async def test_wait_for_order_is_woken_by_a_push(exchange, simulator, watch, mocker):
    await watch()
    order_id = simulator.place(**LIMIT)
    waiting = asyncio.create_task(exchange.wait_for_order(order_id))
    await happened(lambda: any(one.path.endswith("/order") for one in simulator.requests))
    await asyncio.sleep(0.05)
    simulator.clear_log()
    began = asyncio.get_running_loop().time()
    simulator.fill(order_id)
    assert (await waiting)["status"] == "closed"
    assert asyncio.get_running_loop().time() - began < 0.4  # polling takes half a second
    assert [one.path for one in simulator.requests].count("/v3/spot/order") >= 1


async def test_an_order_that_was_placed_is_known_without_its_push(exchange, simulator, watch):
    watched = await watch()
    simulator.stream.script(Lost(), Lost())
    order = await exchange.create_order("BTC/USDT", "limit", "buy", 1, 9000)
    simulator.fill(order["id"])
    states = await watched.until(final(order["id"]))
    assert states[-1] == (order["id"], "closed", 1)


async def test_an_unknown_status_costs_no_other_order(exchange, simulator, watch):
    call = asyncio.create_task(exchange.watch_orders("BTC/USDT"))
    await ready(exchange)
    odd = simulator.place(**LIMIT)
    simulator.set_row(odd, status=7)
    good = simulator.place(**LIMIT)
    seen = {order["id"] for order in await call}
    while good not in seen:
        seen |= {order["id"] for order in await exchange.watch_orders("BTC/USDT")}
    assert odd not in seen


def test_the_longest_frame_bounds_what_is_inflated():
    with pytest.raises(frames.Unreadable, match="at most"):
        frames.read(bomb(64 << 20))
