"""The clock, the ban, the wait, and what a log may show: over a real socket, sync and asyncio."""

import logging

import ccxt
import pytest

from dfx_adapter import errors
from dfx_adapter.exchanges import drivers, waiting
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Body, Break, Code, Encoding, Length, Simulator


@pytest.fixture
def order_id(simulator):
    return simulator.place("BTC_USDT", "buy", price=9000, amount=1)


# The clock.


@pytest.mark.parametrize("skew", [-3600, -3, 30, 86_400])
async def test_a_wrong_clock_is_corrected_and_remembered(simulator, exchange, order_id, skew):
    simulator.skew = skew
    assert (await exchange.fetch_order(order_id))["id"] == order_id
    paths = [request.path for request in simulator.requests]
    assert paths == ["/v3/spot/order", "/v3/time", "/v3/spot/order"]
    assert (await exchange.fetch_order(order_id))["id"] == order_id
    assert len(simulator.requests) == 4


async def test_a_post_is_repeated_only_for_the_clock(simulator, exchange):
    await exchange.load_markets()
    simulator.skew = 100
    order = await exchange.create_order("BTC/USDT", "limit", "buy", 1, 9000)
    assert simulator.row(order["id"])["status"] == 0
    posts = [request for request in simulator.requests if request.method == "POST"]
    assert [request.answer for request in posts[:1]] == [b'{"code":10008}']
    assert len(posts) == 2


async def test_a_clock_that_stays_wrong_is_an_invalid_nonce(simulator, exchange, order_id):
    simulator.script("order", Code(10008), Code(10008))
    with pytest.raises(ccxt.InvalidNonce):
        await exchange.fetch_order(order_id)
    assert len(simulator.requests) == 3


@pytest.mark.parametrize("body", [b'{"code":0,"data":null}', b'{"code":0,"server_time":"soon"}'])
async def test_a_clock_that_tells_no_time_is_an_invalid_nonce(simulator, exchange, order_id, body):
    simulator.script("order", Code(10008))
    simulator.script("time", Body(body))
    with pytest.raises(ccxt.InvalidNonce):
        await exchange.fetch_order(order_id)
    assert (await exchange.fetch_order(order_id))["id"] == order_id


async def test_the_window_of_a_timestamp_is_sent_where_it_is_set(simulator, connect, order_id):
    exchange = connect(simulator, options={"recvWindow": 60})
    await exchange.fetch_order(order_id)
    assert simulator.requests[-1].headers["ACCESS-RECV-WINDOW"] == "60"


# The ban.


@pytest.fixture
def now(mocker):
    """A clock that the test moves."""
    moment = [1000.0]
    mocker.patch.object(bans, "clock", side_effect=lambda: moment[0])
    return moment


FREQUENCY = [Code(10005), Code(200005), Body(b"slow down", status=429, content_type="text/plain")]


@pytest.mark.parametrize("answer", FREQUENCY, ids=str)
async def test_after_a_frequency_error_nothing_is_sent_for_two_minutes(
    simulator, exchange, order_id, now, answer
):
    simulator.script("order", answer)
    with pytest.raises(errors.RateLimited):
        await exchange.fetch_order(order_id)
    now[0] += 100
    with pytest.raises(errors.RateLimited, match="nothing is sent for 20 s more") as caught:
        await exchange.fetch_order(order_id)
    assert caught.value.retry_after == 20
    assert len(simulator.requests) == 1
    now[0] += 21
    assert (await exchange.fetch_order(order_id))["id"] == order_id


async def test_bans_grow_to_10_and_30_minutes_within_a_day(simulator, exchange, order_id, now):
    left = []
    for _ in range(7):
        simulator.script("order", Code(10005))
        with pytest.raises(errors.RateLimited):
            await exchange.fetch_order(order_id)
        left.append(bans.left(bans.account("digifinex", simulator.api_key)))
        now[0] += left[-1] + 1
    assert left == [120, 120, 120, 600, 600, 600, 1800]
    now[0] += 86_400
    simulator.script("order", Code(10005))
    with pytest.raises(errors.RateLimited):
        await exchange.fetch_order(order_id)
    assert bans.left(bans.account("digifinex", simulator.api_key)) == 120


async def test_answers_that_were_on_their_way_are_one_ban(simulator, connect, now):
    exchange = connect(simulator, options={"batchFetchOrder": False})
    placed = [simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(200)]
    simulator.script("order", *[Code(10005)] * 10)
    with pytest.raises(errors.RateLimited):
        await exchange.fetch_orders_by_ids(placed)
    assert bans.left(bans.account("digifinex", simulator.api_key)) == 120


async def test_what_waits_in_line_is_not_sent_either(simulator, connect, now):
    """The throttle lets them through one by one; the first answer begins the ban."""
    exchange = connect(simulator, enableRateLimit=True, rateLimit=20)
    exchange.exchange.options["maxRetriesOnFailure"] = 5
    placed = [simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(200)]
    simulator.script("order", *[Code(10005)] * 10)
    with pytest.raises(errors.RateLimited):
        await exchange.fetch_orders_by_ids(placed)
    assert len(simulator.requests) <= 4


@pytest.mark.parametrize("body", [b'{"code":0}', b'{"code":429}', b"[]"])
async def test_status_429_is_a_frequency_error_whatever_it_says(simulator, exchange, now, body):
    simulator.script("order", Body(body, status=429))
    with pytest.raises(errors.RateLimited, match="nothing is sent for 120 s more") as caught:
        await exchange.fetch_order("a")
    assert caught.value.retry_after == 120


async def test_objects_of_one_key_share_the_ban_and_others_do_not(
    simulator, connect, order_id, now
):
    first, second = connect(simulator), connect(simulator)
    other = connect(simulator, apiKey="another-key")
    simulator.script("order", Code(10005))
    with pytest.raises(errors.RateLimited):
        await first.fetch_order(order_id)
    with pytest.raises(errors.RateLimited, match="nothing is sent"):
        await second.fetch_balance()
    with pytest.raises(ccxt.AuthenticationError):
        await other.fetch_order(order_id)


async def test_breaking_the_trading_rules_does_not_stop_asking(simulator, exchange, order_id, now):
    simulator.script("order", Code(20020))
    with pytest.raises(errors.RateLimited):
        await exchange.fetch_order(order_id)
    assert (await exchange.fetch_order(order_id))["id"] == order_id


async def test_the_guard_can_be_switched_off(simulator, connect, order_id, now):
    exchange = connect(simulator, options={"banGuard": False})
    simulator.script("order", Code(10005))
    with pytest.raises(errors.RateLimited):
        await exchange.fetch_order(order_id)
    assert (await exchange.fetch_order(order_id))["id"] == order_id


async def test_the_default_rate_and_the_users_own(simulator, connect):
    assert connect(simulator).exchange.rateLimit == 100
    assert connect(simulator, rateLimit=250).exchange.rateLimit == 250


@pytest.mark.parametrize("key", [" key", "key\n"])
async def test_a_key_with_white_space_is_refused_unprinted(simulator, connect, key, caplog):
    exchange = connect(simulator, apiKey=key)
    with pytest.raises(ccxt.AuthenticationError) as caught:
        await exchange.fetch_order("a")
    assert "key" not in str(caught.value).replace("apiKey", "")
    assert simulator.requests == []


async def test_an_error_page_of_ccxts_own_does_not_leak_the_key(simulator, exchange, order_id):
    page = f"request had {simulator.api_key} and {simulator.secret}".encode()
    simulator.script("order", Body(page, status=502, content_type="text/html"))
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        await exchange.fetch_order(order_id)
    assert "request had *** and ***" in str(caught.value)


# The wait.


@pytest.fixture
def slept(exchange, simulator, order_id, mocker):
    """The pauses of a wait, on a clock that only they move; the order is filled in the third."""
    moment, pauses = [100.0], []
    mocker.patch.object(waiting, "clock", side_effect=lambda: moment[0])

    def sleep_until(wake):
        pauses.append(wake - moment[0])
        moment[0] = wake
        if len(pauses) == 3:
            simulator.fill(order_id)

    mocker.patch.object(drivers, "sleep_until", sleep_until)
    mocker.patch.object(drivers, "sleep_on_loop", mocker.AsyncMock(side_effect=sleep_until))
    return pauses


async def test_waiting_backs_off_and_returns_the_final_order(exchange, order_id, slept):
    order = await exchange.wait_for_order(order_id, "BTC/USDT")
    assert (order["status"], order["filled"]) == ("closed", 1.0)
    assert slept == [0.5, 0.5, 1.0]  # to the next multiples of 0.5, 1 and 2 seconds


async def test_waiting_survives_lost_answers_and_orders_not_known_yet(
    simulator, exchange, order_id, slept
):
    simulator.script("order", Code(20013), Body(b"<html>", content_type="text/html"))
    assert (await exchange.wait_for_order(order_id))["status"] == "closed"


async def test_waiting_ends_with_the_order_as_last_seen(exchange, order_id, slept):
    with pytest.raises(ccxt.RequestTimeout, match="not over after 1 s, last seen open") as caught:
        await exchange.wait_for_order(order_id, timeout=1)
    assert [order["id"] for order in caught.value.orders] == [order_id]


async def test_the_last_question_is_asked_when_the_time_is_over(exchange, order_id, slept):
    order = await exchange.wait_for_order(order_id, timeout=1.2)
    assert (order["status"], slept) == ("closed", [0.5, 0.5, pytest.approx(0.2)])


async def test_a_final_order_ends_the_wait_for_another_status(simulator, exchange, order_id, slept):
    simulator.cancel(order_id)
    order = await exchange.wait_for_order(order_id, until={"closed"})
    assert (order["status"], slept) == ("canceled", [])


async def test_waiting_for_a_status_of_ones_own(exchange, order_id, slept):
    order = await exchange.wait_for_order(order_id, until={"open"})
    assert (order["status"], slept) == ("open", [])


async def test_what_asking_again_does_not_mend_ends_the_wait(simulator, exchange, order_id, slept):
    simulator.set_row(order_id, status=7)
    with pytest.raises(errors.UnknownStatus):
        await exchange.wait_for_order(order_id)
    assert slept == []


# Secrets.


@pytest.mark.parametrize("answer", [None, Code(10003), Body(b"<html>")], ids=str)
async def test_no_log_shows_a_key_a_secret_or_a_signature(
    simulator, connect, order_id, caplog, capsys, answer
):
    exchange = connect(simulator, verbose=True)
    if answer:
        simulator.script("order", answer)
    with caplog.at_level(logging.DEBUG):
        try:
            await exchange.fetch_order(order_id)
        except ccxt.BaseError as error:
            caplog.handler.format(logging.makeLogRecord({"msg": repr(error)}))
    signature = exchange.exchange.last_request_headers["ACCESS-SIGN"]
    text = caplog.text + capsys.readouterr().out
    assert "/v3/spot/order" in text
    assert "ACCESS-SIGN" in text
    for secret in (simulator.api_key, simulator.secret, signature):
        assert secret not in text


# The transfer.


@pytest.mark.parametrize(
    "fault",
    [
        Break("middle", "close"),
        Break("middle", "reset"),
        Break("end", "close", chunked=True),
        Length(+3),
        Encoding("gzip"),
    ],
    ids=repr,
)
async def test_an_answer_that_broke_off_can_be_asked_for_again(simulator, connect, order_id, fault):
    exchange = connect(simulator)
    simulator.script("order", fault, fault)
    with pytest.raises(ccxt.NetworkError) as caught:
        await exchange.fetch_order(order_id)
    assert type(caught.value) is ccxt.NetworkError
    exchange.exchange.options["maxRetriesOnFailure"] = 2  # ccxt's own, for what can be retried
    simulator.clear_script()
    simulator.script("order", fault)
    assert (await exchange.fetch_order(order_id))["id"] == order_id


@pytest.fixture
def elsewhere():
    """Another host, to which the exchange's address redirects."""
    with Simulator() as other:
        yield other


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_takes_neither_key_nor_order_elsewhere(
    simulator, exchange, elsewhere, status
):
    await exchange.load_markets()
    for endpoint in ("order", "order/new"):
        there = f"{elsewhere.url}/v3/spot/{endpoint}"
        simulator.script(endpoint, Body(b"", status, headers={"Location": there}))
    with pytest.raises(ccxt.NetworkError):
        await exchange.fetch_order("a")
    with pytest.raises(ccxt.NetworkError, match="may have been placed"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)
    assert elsewhere.requests == []
    assert [request.method for request in simulator.requests].count("POST") == 1
    assert await exchange.fetch_open_orders() == []


async def test_the_session_of_an_object_can_be_used_in_a_with_statement(simulator, exchange):
    await exchange.fetch_time()
    url = f"{simulator.url}/v3/time"
    session = exchange.exchange.session
    if hasattr(session, "closed"):
        async with session as entered, entered.get(url) as answer:
            assert answer.status == 200
        assert session.closed
    else:
        with session as entered:
            assert entered.get(url).status_code == 200


@pytest.mark.parametrize("patched", ["assigned", "mock"])
async def test_a_method_of_the_session_can_be_wrapped_and_still_follows_no_redirect(
    exchange, order_id, patched, mocker
):
    await exchange.fetch_time()
    session = exchange.exchange.session
    name = "get" if hasattr(session, "closed") else "request"
    plain, seen = getattr(session, name), []

    def spied(*args, **kwargs):
        seen.append(kwargs["allow_redirects"])
        return plain(*args, **kwargs)

    if patched == "mock":
        mocker.patch.object(session, name, spied)
    else:
        setattr(session, name, spied)
    await exchange.fetch_order(order_id)
    mocker.stopall()
    assert seen == [False]
    await exchange.fetch_order(order_id)
    assert len(seen) == (1 if patched == "mock" else 2)
