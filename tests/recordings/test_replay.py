"""Replaying: what is asked for is found however it is asked, and what is not there is named."""

import asyncio
import io
import json
import logging
import pickle
from decimal import Decimal

import ccxt.async_support
import pytest
from msgspec.structs import replace as changed

import dfx_adapter
from dfx_adapter.recordings import lines
from dfx_adapter.recordings.lines import Answer, Failure, Markets
from tests.conftest import EitherKind

ID = "0123456789abcdef0123456789abcdef"
PATH = "/v3/spot/order"
MARKET = {
    "id": "BTC_USDT",
    "symbol": "BTC/USDT",
    "base": "BTC",
    "quote": "USDT",
    "baseId": "BTC",
    "quoteId": "USDT",
    "type": "spot",
    "spot": True,
    "swap": False,
    "precision": {"amount": Decimal("0.0001"), "price": Decimal("0.01")},
    "limits": {},
}


@pytest.fixture
def answer(row):
    """Make an answer about one order, with changes of the line and of its row."""

    def _answer(*args, call="c1", fill=0, state=None, kind="spot", body=None, **given):
        state = int(fill > 0) if state is None else state
        filled = {"executed_amount": fill, "avg_price": 100 * bool(fill), "status": state}
        rows = json.dumps([row(**filled, kind=kind)])
        fields = {"time": 1_700_000_060_000, "took": 5, "call": call, "status": 200}
        fields |= {"exchange": "digifinex", "ccxt": "4.5.90", "method": "fetchOrder"}
        fields |= {"args": list(args) or [ID], "http": "GET", "url": f"{PATH}?order_id={ID}"}
        fields["body"] = body or f'{{"code":0,"data":{rows}}}'
        return Answer(**{**fields, **given})

    return _answer


def recording(*answers):
    return io.BytesIO(b"".join(map(lines.write, answers)))


async def filled(exchange, *args, **kwargs):
    args = args or (() if "id" in kwargs else (ID,))
    return (await exchange.fetch_order(*args, **kwargs))["filled"]


async def test_the_nth_call_gets_the_nth_answer_and_the_last_one_again(
    answer, replay, asynchronous
):
    several = [answer(call=f"c-{n}", fill=n / 8) for n in (1, 2, 3)]
    exchange = replay(recording(*several), asynchronous=asynchronous)
    assert [await filled(exchange) for _ in range(5)] == [0.125, 0.25, 0.375, 0.375, 0.375]


async def test_calls_of_a_process_are_answered_as_it_has_made_them(answer, replay):
    """Of calls that are under way together, the last may be answered first."""
    fills = {"a-10": 0.5, "b-1": 1, "a-9": 0.25, "a-11": 0.75, "": 2}
    several = [answer(call=call, fill=fill) for call, fill in fills.items()]
    exchange = replay(recording(*several))
    assert [await filled(exchange) for _ in fills] == [0.25, 1, 0.5, 0.75, 2]


@pytest.mark.parametrize(
    ("recorded", "args", "kwargs"),
    [
        ([ID], (ID,), {}),
        ([ID], (), {"id": ID}),
        ([ID], (ID, None), {"params": {}}),
        ([ID, "BTC/USDT"], (ID, "BTC_USDT"), {}),
        ([ID, "BTC_USDT"], (ID,), {"symbol": "BTC/USDT"}),
        ([ID, None, {"a": 1, "b": 2.50}], (ID,), {"params": {"b": Decimal("2.5"), "a": 1.0}}),
        ([ID, None, {"margin": None}], (ID,), {}),
    ],
)
@pytest.mark.parametrize("with_markets", [False, True])
async def test_a_call_is_the_same_however_it_is_written(
    answer, replay, recorded, args, kwargs, with_markets
):
    known = [Markets(time=1, exchange="digifinex", ccxt="4.5.90", markets=[MARKET])] * with_markets
    exchange = replay(recording(*known, answer(*recorded, fill=0.5)))
    assert await filled(exchange, *args, **kwargs) == 0.5


@pytest.mark.parametrize("name", ["fetch_order", "fetchOrder"])
async def test_both_names_of_a_method_are_one(answer, replay, name):
    exchange = replay(recording(answer(fill=1)))
    assert (await getattr(exchange, name)(ID))["filled"] == 1


async def test_a_call_that_is_not_there_is_named_and_nothing_is_sent(answer, replay, mocker):
    connect = mocker.patch("socket.socket.connect")
    exchange = replay(recording(*(answer(one, call=one) for one in "abcd")))
    for call, expected in {
        "fetch_order('x')": "fetchOrder('x') is not in it: there are fetchOrder('a'), "
        "fetchOrder('b'), fetchOrder('c') and 1 more; nothing was sent",
        "fetch_open_orders()": "fetchOpenOrders() is not in it: there are calls of fetchOrder",
        "cancel_order('a')": "cancelOrder('a') is not in it",
        "fetch_balance()": "loadMarkets() is not in it",
        "fetch_ticker('BTC/USDT')": "loadMarkets() is not in it",
        "privateSpotGetMarketOrder()": "request('{market}/order'",
    }.items():
        name, _, args = call.partition("(")
        with pytest.raises(dfx_adapter.NotRecorded) as caught:
            await getattr(exchange, name)(*([args[1:-2]] if args != ")" else []))
        assert expected in str(caught.value), caught.value
        assert isinstance(caught.value, ccxt.ExchangeError)
        assert caught.value.exchange_id == "digifinex"
    assert connect.call_count == 0


async def test_a_call_that_changes_orders_is_not_answered_again(answer, replay):
    text = f'{{"code":0,"order_id":"{ID}"}}'
    new = {"method": "createOrder", "http": "POST", "url": "/v3/spot/order/new", "body": text}
    known = Markets(time=1, exchange="digifinex", ccxt="4.5.90", markets=[MARKET])
    args = ("BTC/USDT", "limit", "buy", Decimal("0.5"), 9000)
    exchange = replay(recording(known, answer(*args, **new)))
    assert (await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000))["id"] == ID
    with pytest.raises(
        dfx_adapter.NotRecorded, match=r"it was called so 1 times; nothing was sent"
    ):
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.5, 9000)


async def test_the_clock_is_that_of_the_recording(answer, replay, asynchronous):
    first, second = answer(call="c1"), answer(call="c2", time=1_700_000_120_000, took=100)
    exchange = replay(recording(first, second), asynchronous=asynchronous).exchange
    assert exchange.milliseconds() == 0
    for expected in (1_700_000_060_000, 1_700_000_120_000):
        order = exchange.fetch_order(ID)
        assert (await order if asynchronous else order)["id"] == ID
        assert exchange.milliseconds() == expected
        assert exchange.seconds() == expected // 1000
        assert exchange.microseconds() == expected * 1000
        assert exchange.nonce() == expected // 1000


async def test_what_was_not_answered_raises_as_it_did(answer, replay, asynchronous):
    lost = {"status": None, "body": None}
    errors = [
        Failure("RequestTimeout", "digifinex GET /v3/spot/order; timed out"),
        Failure("RateLimited", "digifinex bans"),
        Failure("NoSuchClass", "who knows"),
        Failure("time", "no class"),
    ]
    several = [changed(answer(call=f"c{n}"), **lost, error=error) for n, error in enumerate(errors)]
    exchange = replay(recording(*several), asynchronous=asynchronous)
    for expected in (ccxt.RequestTimeout, dfx_adapter.RateLimited, ccxt.NetworkError):
        with pytest.raises(expected):
            await exchange.fetch_order(ID)


async def test_a_frequency_error_bans_nobody(answer, replay, connect, simulator, asynchronous):
    refused = answer(call="c1", body='{"code":10005}')
    exchange = replay(recording(refused, answer(call="c2")), asynchronous=asynchronous)
    with pytest.raises(dfx_adapter.RateLimited):
        await exchange.fetch_order(ID)
    assert (await exchange.fetch_order(ID))["id"] == ID
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    assert (await connect(simulator).fetch_order(order_id))["id"] == order_id


@pytest.mark.parametrize("seconds", [None, 5])
async def test_waiting_takes_the_recorded_answers_without_waiting(
    answer, replay, asynchronous, seconds, mocker
):
    mocker.patch("dfx_adapter.exchanges.drivers.sleep_until", side_effect=AssertionError)
    several = [answer(call=f"c{n}", fill=n, state=n) for n in (0, 1, 2)]
    exchange = replay(recording(*several), asynchronous=asynchronous)
    assert (await exchange.wait_for_order(ID, timeout=seconds))["status"] == "closed"
    exchange = replay(recording(*several[:2]), asynchronous=asynchronous)
    expected = dfx_adapter.NotRecorded if seconds is None else ccxt.RequestTimeout
    with pytest.raises(expected, match="is not over in the recording"):
        await exchange.wait_for_order(ID, timeout=seconds)
    exchange = replay(recording(*several[:2]), asynchronous=asynchronous)
    assert (await exchange.wait_for_order(ID, until=["open"]))["filled"] == 0


async def test_the_time_to_wait_is_that_of_the_recording(answer, replay, asynchronous):
    several = [answer(call=f"c{n}", time=1000 * n, fill=n, state=n) for n in (0, 1, 2)]
    exchange = replay(recording(*several), asynchronous=asynchronous)
    with pytest.raises(ccxt.RequestTimeout):
        await exchange.wait_for_order(ID, timeout=1)  # the third answer came after 2 s
    assert (await exchange.fetch_order(ID))["status"] == "closed"


# Several exchanges and accounts.


def test_one_exchange_of_several_is_chosen_or_asked_for(answer, host):
    both = [answer(), changed(answer(), exchange="kraken")]
    with pytest.raises(ccxt.BadRequest) as caught:
        host.replay(recording(*both))
    assert "recording: exchange: expected 'digifinex' or 'kraken', found None" in str(caught.value)
    assert host.replay(recording(*both), "kraken").id == "kraken"
    with pytest.raises(ccxt.BadRequest, match="expected 'digifinex' or 'kraken', found 'mexc'"):
        host.replay(recording(*both), "mexc")


async def test_one_account_of_several_is_chosen_or_asked_for(answer, host, replay):
    mine = answer(account="11111111", fill=1)
    other = answer(account="22222222", fill=0.5)
    of_none = answer("nobody's")
    with pytest.raises(ccxt.BadRequest, match="account: expected '11111111' or '22222222'"):
        host.replay(recording(mine, other, of_none))
    assert await filled(replay(recording(mine, other, of_none), account="22222222")) == 0.5
    assert await filled(replay(recording(mine, of_none))) == 1
    with pytest.raises(ccxt.BadRequest, match="expected '11111111', found '3'"):
        host.replay(recording(mine), account="3")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"{}\n", b'{"code":0,"data":[]}'])
def test_what_is_no_recording_is_refused(host, content, caplog):
    with pytest.raises(ccxt.BadRequest, match="expected a recording with an answer in it"):
        host.replay(io.BytesIO(content))


def test_a_file_that_is_not_there(host, tmp_path):
    with pytest.raises(FileNotFoundError):
        host.replay(tmp_path / "missing")


async def test_of_a_torn_file_the_good_lines_are_answered(answer, replay, caplog):
    caplog.set_level(logging.WARNING)
    content = lines.write(answer()) + lines.write(answer(call="c2"))[:-9]
    exchange = replay(io.BytesIO(content))
    assert (await exchange.fetch_order(ID))["id"] == ID
    assert "line 2: damaged" in caplog.text


# Answers of one call.


async def test_requests_of_a_call_get_their_own_answers_whatever_their_order(
    row, answer, replay, asynchronous
):
    """Of 25 ids two requests are sent, and asyncio may hear the second answer first."""
    ids = [f"{n:032x}" for n in range(25)]

    def part(some):
        rows = [row(order_id=one) for one in some]
        return (
            f'{{"code":0,"data":{json.dumps(rows)}}}',
            f"/v3/spot/order?order_id={'%2C'.join(some)}",
        )

    asked = {"method": "fetchOrdersByIds"}
    parts = [part(ids[:20]), part(ids[20:])]
    both = [answer(ids, n=n, body=body, url=url, **asked) for n, (body, url) in enumerate(parts)][
        ::-1
    ]
    exchange = replay(recording(*both), asynchronous=asynchronous)
    assert [order["id"] for order in await exchange.fetch_orders_by_ids(ids)] == ids


async def test_a_request_whose_parameters_are_others_now_gets_the_answer_to_its_path(
    answer, replay
):
    exchange = replay(recording(answer(url="/v3/spot/order?timestamp=5&id=x&sign=***")))
    assert (await exchange.fetch_order(ID))["id"] == ID
    exchange = replay(recording(answer(url="/v4/spot/order")))
    with pytest.raises(dfx_adapter.NotRecorded, match="has no answer left to GET /v3/spot/order"):
        await exchange.fetch_order(ID)


async def test_a_credential_in_a_path_is_another_one_now(answer, replay, mocker):
    """The recording has *** where the address of a wallet stood."""
    exchange = replay(recording(answer(url="/accounts/***/order?order_id=x"))).exchange
    url = f"https://openapi.digifinex.com/accounts/{exchange.secret}/order?order_id=x"
    signed = {"url": url, "method": "GET", "headers": {}, "body": None}
    mocker.patch.object(exchange, "sign", return_value=signed)
    assert exchange.fetch_order(ID)["id"] == ID


@pytest.mark.parametrize("error", [ValueError("no PEM"), ccxt.AuthenticationError("no token")])
async def test_what_cannot_be_signed_gets_the_answer_of_its_endpoint(
    answer, replay, asynchronous, error, mocker
):
    """Some classes want a key of a form of its own, or a token of a request before."""
    exchange = replay(recording(answer()), asynchronous=asynchronous)
    mocker.patch.object(ccxt.digifinex, "sign", side_effect=error)
    mocker.patch.object(ccxt.async_support.digifinex, "sign", side_effect=error)
    assert (await exchange.fetch_order(ID))["id"] == ID


# Questions that share a request.


@pytest.mark.parametrize("replayed_as", ["sync", "async"])
async def test_what_shared_a_request_is_answered_each_by_itself_and_together(
    host, file, simulator, replay, replayed_as
):
    config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
    config["options"] = {"record": file}
    ids = [simulator.place("BTC_USDT", "buy", price=9000, amount=n) for n in range(1, 46)]
    exchange = host.connect("digifinex", config, asynchronous=True)
    asked = [*ids, ids[0], "unknown", ids[1]]
    calls = (exchange.fetch_order(one) for one in asked)
    together = await asyncio.gather(*calls, return_exceptions=True)
    simulator.fill(ids[1], "0.5")
    again = await exchange.fetch_order(ids[1])
    await exchange.close()
    await asyncio.sleep(0)
    assert [answer.n for answer in lines.answers(file)][:1] == [0]
    assert len(list(lines.answers(file))) < len(asked) / 2
    replayed = replay(file, asynchronous=replayed_as == "async")
    seen = [await _outcome(replayed, one) for one in asked]
    assert seen == [one if isinstance(one, dict) else type(one) for one in together]
    assert await _outcome(replayed, ids[1]) == again
    assert again["filled"] == 0.5
    if replayed_as == "async":
        replayed = replay(file, asynchronous=True).exchange
        calls = (replayed.fetch_order(one) for one in asked)
        same = await asyncio.gather(*calls, return_exceptions=True)
        assert [one if isinstance(one, dict) else type(one) for one in same] == seen


async def _outcome(exchange, order_id):
    try:
        return await exchange.fetch_order(order_id)
    except ccxt.BaseError as error:
        return type(error)


async def test_threads_that_share_a_request(host, file, simulator, replay):
    ids = [simulator.place("BTC_USDT", "buy", price=9000, amount=n) for n in range(1, 6)]
    options = {"record": file, "batchWindow": 50}
    config = {**simulator.ccxt_config(), "enableRateLimit": False, "options": options}
    exchange = host.connect("digifinex", config)
    asked = (asyncio.to_thread(exchange.fetch_order, one) for one in ids)
    orders = await asyncio.gather(*asked)
    replayed = replay(file)
    assert [await replayed.fetch_order(one) for one in ids] == orders
    assert sum(1 + len(answer.shared) for answer in lines.answers(file)) == len(ids)


# What an object is that replays.


async def test_numbers_are_of_the_type_that_is_asked_for(answer, replay, host):
    known = Markets(time=1, exchange="digifinex", ccxt="4.5.90", markets=[MARKET])
    content = lines.write(known) + lines.write(answer(fill=0.1))
    for number in (float, Decimal, str):
        exchange = replay(io.BytesIO(content), None, {"number": number})
        assert await filled(exchange) == number("0.1")
        assert exchange.exchange.market("BTC/USDT")["precision"]["price"] == number("0.01")


async def test_options_that_decide_what_is_asked_are_those_of_the_recording(answer, replay):
    given = {"defaultType": "margin", "createOrder": {"createMarketBuyOrderRequiresPrice": False}}
    known = Markets(time=1, exchange="digifinex", ccxt="4", markets=[], options=given)
    margin = answer(url=f"/v3/margin/order?order_id={ID}", kind="margin")
    exchange = replay(recording(known, margin))
    assert (await exchange.fetch_order(ID))["marginMode"] == "cross"
    assert exchange.options["createOrder"] == {"createMarketBuyOrderRequiresPrice": False}
    own = {"options": {"defaultType": "swap"}}
    assert replay(recording(known, margin), None, own).options["defaultType"] == "swap"


async def test_what_is_recorded_is_listed(answer, replay):
    several = (answer("a"), answer("b", call="c2", status=502, time=5))
    exchange = replay(recording(*several))
    calls = exchange.exchange.recorded_calls()
    assert [tuple(call) for call in calls] == [
        (1, 1_700_000_060_000, "fetchOrder", ["a"], 200),
        (2, 5, "fetchOrder", ["b"], 502),
    ]
    assert str(calls[0]) == "fetchOrder('a')"


async def test_what_a_stream_has_asked_for_is_no_call_to_make_again(answer, replay):
    exchange = replay(recording(answer(method="watchOrders"), answer(call="c2"))).exchange
    assert [call.method for call in exchange.recorded_calls()] == ["fetchOrder"]


async def test_nothing_opens_a_connection(answer, replay, asynchronous, mocker):
    connect = mocker.patch("socket.socket.connect")
    exchange = replay(recording(answer()), asynchronous=asynchronous).exchange
    exchange.session = object()
    exchange.verbose = False
    order = exchange.fetch_order(ID)
    assert (await order if asynchronous else order)["id"] == ID
    for name in ("watch_orders", "watchOrders", "create_order_ws"):
        if hasattr(exchange, name):
            with pytest.raises(dfx_adapter.NotRecorded, match="none was opened"):
                await getattr(exchange, name)()
    assert connect.call_count == 0


def test_pro_classes_open_no_socket(answer):
    import ccxt.pro

    of_kraken = changed(answer(), exchange="kraken")
    exchange = dfx_adapter.replay(recording(of_kraken), ccxt.pro.kraken())
    for name in ("watch_orders", "watchTicker", "create_order_ws", "createOrderWs"):
        with pytest.raises(dfx_adapter.NotRecorded, match="none was opened"):
            getattr(exchange, name)("BTC/USD")


async def test_a_closed_object_stays_closed(answer, host, caplog):
    exchange = host.replay(recording(answer()), asynchronous=True)
    exchange.timeout_on_exit = 0
    await exchange.fetch_order(ID)
    await exchange.close()
    assert exchange.session is None
    del exchange
    assert "requires to release" not in caplog.text


def test_an_object_of_ccxts_own_is_answered_as_it_is(answer):
    known = Markets(time=1, exchange="digifinex", ccxt="4.5.90", markets=[MARKET])
    stock = ccxt.digifinex()
    replayed = dfx_adapter.replay(recording(known, answer(ID, "BTC/USDT", fill=0.5)), stock)
    assert replayed is stock
    assert not isinstance(stock, dfx_adapter.Exchange)
    assert stock.fetch_order(ID, "BTC/USDT")["filled"] == 0.5
    with pytest.raises(dfx_adapter.NotRecorded):
        stock.fetch_order("b", "BTC/USDT")


def test_an_object_that_replays_is_pickled(answer):
    exchange = dfx_adapter.replay(recording(answer(fill=1)))
    again = pickle.loads(pickle.dumps(exchange))  # noqa: S301  # ours
    assert again.fetch_order(ID)["filled"] == 1


async def test_a_replay_does_not_record(answer, host, file):
    config = {"options": {"record": str(file)}}
    exchange = EitherKind(host.replay(recording(answer()), None, config))
    await exchange.fetch_order(ID)
    assert not file.exists()
