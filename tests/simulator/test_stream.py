"""The WebSocket of the simulated exchange, as a plain client sees it; frames from the documents."""

import asyncio
import json
import time
import zlib

import aiohttp
import pytest

from dfx_adapter.simulator import Duplicated, Late, Lost, Moved, Refusal, Sent, stream_signature

NOW = 1_583_135_616


def test_the_signature_is_that_of_the_research_vector():
    signed = stream_signature("01234567890123456789abcd", "1583135616239")
    assert signed == "tzcVcUbbxJ7fzsNURTvDD42uAs9jDTV67ObUJKQ+QHk="


class Client:
    def __init__(self, socket, simulator):
        self.socket = socket
        self.simulator = simulator
        self.kinds = []

    async def receive(self):
        message = await self.socket.receive(timeout=5)
        self.kinds.append(message.type)
        if message.type is aiohttp.WSMsgType.BINARY:
            return json.loads(zlib.decompress(message.data))
        if message.type is aiohttp.WSMsgType.TEXT:
            return json.loads(message.data)
        return message.type.name

    async def ask(self, method, *params, id_=7):
        await self.socket.send_str(json.dumps({"id": id_, "method": method, "params": params}))
        return await self.receive()

    async def auth(self, secret=None, behind=0):
        stamp = str(int((time.time() - behind) * 1000))
        key = self.simulator.api_key
        signed = stream_signature(secret or self.simulator.secret, stamp)
        return await self.ask("server.auth", key, stamp, signed)

    async def subscribe(self, *symbols):
        await self.auth()
        return await self.ask("order.subscribe", *(symbols or ("BTC_USDT", "ETH_USDT")))

    async def pushed(self, count=1):
        rows = []
        for _ in range(count):
            message = await self.receive()
            assert (message["method"], message["id"]) == ("order.update", None)
            rows += message["params"]
        return rows

    async def is_quiet(self):
        """Whether nothing came before the answer to a ping."""
        return await self.ask("server.ping") == {"error": None, "result": "pong", "id": 7}


@pytest.fixture
async def client(simulator):
    async with aiohttp.ClientSession() as session, session.ws_connect(simulator.stream_url) as one:
        yield Client(one, simulator)


SUCCESS = {"error": None, "result": {"status": "success"}, "id": 7}


@pytest.mark.parametrize("acks", ["text", "binary"])
async def test_auth_and_subscription_are_answered_in_either_kind_of_frame(client, simulator, acks):
    simulator.stream.acks = acks
    assert await client.auth() == SUCCESS
    assert await client.ask("order.subscribe", "BTC_USDT") == SUCCESS
    expected = aiohttp.WSMsgType.TEXT if acks == "text" else aiohttp.WSMsgType.BINARY
    assert set(client.kinds) == {expected}


async def test_time_and_ping(client):
    assert (await client.ask("server.ping", id_=12))["id"] == 12
    assert abs((await client.ask("server.time"))["result"] - time.time()) < 5


@pytest.mark.parametrize("errors", ["object", "text"])
async def test_who_cannot_sign_gets_an_error(client, simulator, errors):
    simulator.stream.errors = errors
    refused = (await client.auth(secret="wrong"))["error"]
    assert refused == ({"code": 3, "message": "auth fail"} if errors == "object" else "auth fail")
    assert (await client.auth(behind=30))["error"]
    assert (await client.ask("order.subscribe", "BTC_USDT"))["error"]
    assert await client.auth() == SUCCESS


async def test_every_change_of_an_order_is_pushed(client, simulator):
    await client.subscribe()
    order_id = simulator.place("BTC_USDT", "buy", price="9500.5", amount="0.40")
    simulator.fill(order_id, "0.1", "9000")
    simulator.fill(order_id)
    placed, partly, filled = await client.pushed(3)
    assert {key: placed[key] for key in placed if key != "timestamp"} == {
        "amount": "0.40",
        "filled": "0",
        "id": order_id,
        "mode": 1,
        "notional": "3800.200",
        "price": "9500.5",
        "price_avg": "0",
        "side": "buy",
        "status": 0,
        "symbol": "BTC_USDT",
        "type": "limit",
    }
    assert placed["timestamp"] % 1000 == 0
    assert (partly["status"], partly["filled"], partly["price_avg"]) == (1, "0.1", "9000.00000000")
    assert (filled["status"], filled["filled"]) == (2, "0.40")


async def test_a_market_buy_and_margin(client, simulator):
    await client.subscribe()
    order_id = simulator.place(type="buy_market", cash_amount="100", kind="margin")
    simulator.settle(order_id, 9000)
    placed, *_, settled = await client.pushed(3)
    assert [placed[key] for key in ("mode", "type", "amount", "price", "notional", "status")] == [
        *(2, "market", "0", "0", "100", 0),
    ]
    assert (settled["status"], settled["filled"]) == (2, "0.0111")


async def test_cancels_are_pushed_and_only_subscribed_symbols(client, simulator):
    await client.subscribe("BTC_USDT")
    simulator.place("ETH_USDT", "buy", price=1, amount=1)
    order_id = simulator.place("BTC_USDT", "buy", price=1, amount=1)
    simulator.cancel(order_id)
    assert [(row["symbol"], row["status"]) for row in await client.pushed(2)] == [
        *(("BTC_USDT", 0), ("BTC_USDT", 3)),
    ]
    assert await client.ask("order.unsubscribe") == SUCCESS
    simulator.place("BTC_USDT", "buy", price=1, amount=1)
    assert await client.is_quiet()


@pytest.mark.parametrize("symbols", [[], ["NO_SUCH"], ["BTC_USDT", "NO_SUCH"]])
async def test_unknown_symbols_are_refused(client, symbols):
    await client.auth()
    assert (await client.ask("order.subscribe", *symbols))["error"]


async def test_what_is_open_in_the_documents_is_a_setting(client, simulator):
    simulator.stream.pushes_created = False
    simulator.stream.timestamps = "created"
    simulator.stream.repeats = "refused"
    await client.subscribe()
    assert (await client.ask("order.subscribe", "BTC_USDT"))["error"]["code"] == 5
    order_id = simulator.place(price=1, amount=1, created_date=NOW)
    simulator.fill(order_id)
    (row,) = await client.pushed()
    assert (row["status"], row["timestamp"]) == (2, NOW * 1000)


async def test_pushes_are_lost_doubled_moved_and_late(client, simulator):
    await client.subscribe()
    simulator.stream.script(Lost(), Duplicated(), Moved(), Sent(), Late(0.05), Sent())
    names = [simulator.place(price=1, amount=1) for _ in range(6)]
    rows = await client.pushed(6)
    assert [names.index(row["id"]) for row in rows] == [1, 1, 3, 2, 5, 4]


async def test_a_mute_exchange_says_nothing(client, simulator):
    await client.subscribe()
    simulator.stream.is_mute = True
    simulator.place(price=1, amount=1)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(client.ask("server.ping"), 0.05)


async def test_connections_end_without_or_with_a_frame(client, simulator):
    await client.auth()
    simulator.stream.close(1012)
    assert await client.receive() == "CLOSE"
    assert client.socket.close_code == 1012


@pytest.mark.parametrize("ending", ["drop", "silence", "age"])
async def test_connections_end_without_a_word(simulator, ending):
    stream = simulator.stream
    stream.idle = 0.05 if ending == "silence" else 60
    stream.lifetime = 0.05 if ending == "age" else None
    async with aiohttp.ClientSession() as session, session.ws_connect(simulator.stream_url) as one:
        if ending == "drop":
            await Client(one, simulator).auth()
            stream.drop()
        message = await one.receive(timeout=5)
    assert message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    assert one.close_code in {None, 1006}


async def test_raw_frames_and_rows(client, simulator):
    await client.subscribe()
    simulator.stream.send("no json")
    simulator.stream.send(b"no zlib")
    assert (await client.socket.receive()).data == "no json"
    assert (await client.socket.receive()).data == b"no zlib"
    simulator.stream.push({"id": "a", "symbol": "BTC_USDT", "status": 9})
    assert await client.pushed() == [{"id": "a", "symbol": "BTC_USDT", "status": 9}]


async def test_handshakes_are_refused(simulator):
    simulator.stream.refuse(Refusal(502), Refusal(403))
    async with aiohttp.ClientSession() as session:
        for status in (502, 403):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(simulator.stream_url)
            assert caught.value.status == status
        async with session.ws_connect(simulator.stream_url) as socket:
            assert await Client(socket, simulator).auth() == SUCCESS
    assert simulator.stream.handshakes == 3


async def test_messages_are_logged_without_keys(client, simulator):
    await client.subscribe("BTC_USDT")
    auth, subscription = simulator.stream.messages
    assert (auth["method"], auth["params"]) == ("server.auth", ["***"] * 3)
    assert subscription["params"] == ["BTC_USDT"]
