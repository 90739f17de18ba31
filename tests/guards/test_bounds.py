"""What a hostile peer sends is bounded in bytes and in time, over real sockets, in both kinds."""

import gzip
import json
import os
import socket
import subprocess
import sys
import tracemalloc
import zlib
from contextlib import ExitStack

import aiohttp
import ccxt
import pytest
import requests
from requests.adapters import HTTPAdapter

from dfx_adapter.guards import awaiting, bounds, inflating
from dfx_adapter.guards.calling import BoundedAdapter
from dfx_adapter.simulator import Encoding
from tests.guards import peers

linux = pytest.mark.skipif(sys.platform != "linux", reason="measures memory by /proc")


@pytest.mark.long
@linux
@pytest.mark.parametrize("kind", ["sync", "async"])  # requests leaves a heap of small holes
def test_an_endless_answer_ends_within_256_mib(kind):
    with ExitStack() as stack:
        ports = {
            name: str(stack.enter_context(peers.serving(pieces_of)))
            for name, pieces_of in peers.ENDLESS.items()
        }
        calls = [
            f"{kind} {method} {ports[name]} {peers.TIMEOUTS.get(name, 20_000)}"
            for method, names in (("fetch_order", ports), ("fetch_time", ["a body", "gzip"]))
            for name in names
        ]
        command = [sys.executable, "-m", "tests.guards.asking", "256", *calls]
        # What one call frees must not be missing to the next: no room that the C library keeps.
        frugal = {**os.environ, "MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "131072"}
        done = subprocess.run(
            command, env=frugal, capture_output=True, text=True, check=True, timeout=170
        )
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(outcomes) == len(calls)
    expected = {"BadResponse", "NetworkError", "RequestTimeout"}
    assert [outcome for outcome in outcomes if outcome["class"] not in expected] == []
    too_long = {outcome["call"] for outcome in outcomes if outcome["class"] == "BadResponse"}
    certain = {ports[name] for name in ("a body", "a body of a false length", "gzip", "chunks")}
    assert too_long >= {call for call in calls if call.split()[2] in certain}


@pytest.fixture
def peer(request, connect):
    """Connect to a peer that sends the pieces."""
    with ExitStack() as stack:

        class Peer:
            @staticmethod
            def ccxt_config():
                return {"apiKey": "simulated-key", "secret": "simulated-secret"}

        def _peer(pieces_of, **config):
            port = stack.enter_context(peers.serving(pieces_of))
            urls = {"api": {"rest": f"http://127.0.0.1:{port}"}}
            return connect(Peer, urls=urls, **config)

        yield _peer


async def read_of(count, body):
    """Read a body of so many KiB; give it, or the error, what is held and the most that was."""

    class Stream:
        left = count

        async def readany(self):
            self.left -= 1
            return bytes(1024) if self.left >= 0 else b""

    within = bounds.Bounds("digifinex", body, 0.0)
    tracemalloc.start()
    try:
        bounded = awaiting._BoundedBody(Stream(), inflating.Inflating(""), within)
        try:
            answer = await bounded.read()
        except ccxt.BadResponse as error:
            answer = error
        return answer, *tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


async def test_a_body_is_held_once_and_one_that_is_refused_not_at_all():
    answer, held, most = await read_of(4096, 4 << 20)
    assert answer == bytes(4 << 20)
    assert held < most < 1.4 * len(answer)
    refused, held, _ = await read_of(4096, (4 << 20) - 1)
    assert isinstance(refused, ccxt.BadResponse)
    assert held < 100_000


@pytest.mark.parametrize("name", peers.UNASKED, ids=str)
async def test_an_encoding_that_was_not_asked_for_is_not_inflated(peer, name):
    with pytest.raises((ccxt.BadResponse, ccxt.NetworkError)):
        await peer(peers.UNASKED[name]).fetch_order("a")


def answer(body, *headers):
    lines = b"".join(header + b"\r\n" for header in headers)
    return lambda: [peers.OK + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body]


PADDED = b'{"code":20013}' + b" " * 986  # 1,000 bytes
BODIES = {
    "plain": answer(PADDED),
    "gzip": answer(gzip.compress(PADDED), b"Content-Encoding: gzip"),
    "deflate": answer(zlib.compress(PADDED), b"Content-Encoding: deflate"),
    "deflate without a header": answer(
        b"".join([(packer := zlib.compressobj(wbits=-15)).compress(PADDED), packer.flush()]),
        b"Content-Encoding: deflate",
    ),
    "chunks": lambda: [
        peers.OK + peers.CHUNKED,
        *peers.chunks([PADDED[:500], PADDED[500:]]),
        b"0\r\n\r\n",
    ],
}


@pytest.mark.parametrize("inflates_here", [False, True])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_the_longest_body_is_an_option_counted_inflated(peer, body, mocker, inflates_here):
    mocker.patch.object(awaiting, "INFLATES_IN_PIECES", not inflates_here)
    with pytest.raises(ccxt.OrderNotFound):
        await peer(body, options={"maxBody": 1000}).fetch_order("a")
    with pytest.raises(ccxt.BadResponse, match="body: expected at most 999 bytes") as caught:
        await peer(body, options={"maxBody": 999}).fetch_order("a")
    assert (caught.value.expected, caught.value.found) == ("at most 999 bytes", "more")
    with pytest.raises(ccxt.OrderNotFound):  # no order: 64 MiB
        await peer(body, options={"maxBody": 999}).fetch_time()


def packed(kind, text):
    body = text.encode("utf-8", "surrogateescape")
    if kind == "plain":
        return answer(body)
    return answer(gzip.compress(body), b"Content-Encoding: gzip")


@pytest.mark.parametrize("kind", ["plain", "gzip"])
@pytest.mark.parametrize(
    ("wide", "width"), [("a", 1), ("\u20ac", 2), ("\udcff", 4), ("\U0001f600", 4)]
)
async def test_a_text_is_bounded_by_what_it_takes_in_memory(peer, mocker, kind, wide, width):
    mocker.patch.object(bounds, "ANY_BODY", 1000)
    head = '{"code":0,"server_time":1,"a":"' + wide
    padding = 1000 // width - len((head + '"}').encode("utf-8", "surrogateescape"))
    fits = packed(kind, head + " " * padding + '"}')
    assert await peer(fits, options={"maxBody": 900}).fetch_time() == 1000
    too_much = packed(kind, head + " " * (padding + 1) + '"}')
    with pytest.raises(ccxt.BadResponse, match="body: expected a"):
        await peer(too_much, options={"maxBody": 900}).fetch_time()


@pytest.mark.parametrize("value", ["[]", "{}", "1", '{"a":1}'])
async def test_the_values_of_a_body_are_counted_before_it_is_decoded(peer, mocker, value):
    mocker.patch.object(bounds, "MOST_VALUES", 100)
    body = '{"code":0,"server_time":1,"a":[%s]}'
    assert await peer(packed("plain", body % ",".join([value] * 30))).fetch_time() == 1000
    config = {"options": {"maxBody": 3200}}
    mocker.patch.object(bounds, "ANY_BODY", 3200)
    with pytest.raises(ccxt.BadResponse, match="at most 100 values of JSON"):
        await peer(packed("plain", body % ",".join([value] * 100)), **config).fetch_time()


async def test_the_bounds_are_the_documented_ones(exchange):
    longest = exchange.exchange._dfx_longest_body
    orders = ["/v3/spot/order", "/v3/margin/order/history", "/v3/spot/order/new"]
    assert {longest(f"https://openapi.digifinex.com{path}?a=1") for path in orders} == {4 << 20}
    assert longest("https://openapi.digifinex.com/v3/spot/symbols") == 64 << 20
    exchange.exchange.options["maxBody"] = 100 << 20
    assert longest("https://openapi.digifinex.com/v3/spot/symbols") == 100 << 20


async def test_an_order_whose_answer_is_refused_may_have_been_placed(simulator, exchange):
    await exchange.load_markets()
    for fault in (Encoding("br"), Encoding("gzip")):
        simulator.script("order/new", fault)
        with pytest.raises((ccxt.BadResponse, ccxt.NetworkError), match="may have been placed"):
            await exchange.create_order("BTC/USDT", "limit", "buy", 1, 9000)
    exchange.exchange.options["maxBody"] = 10
    with pytest.raises(ccxt.BadResponse, match=r"at most 10 bytes.*may have been placed"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 1, 9000)


# Name -> what one library or both read with an error of Python's own.
ODD = {
    "a length of 5,000 digits": lambda: [
        peers.OK + b"Content-Length: %s\r\n\r\n{}" % (b"9" * 5000)
    ],
    "a chunk of a negative size": lambda: [peers.OK + peers.CHUNKED + b"-5\r\nabc\r\n"],
    "a redirect to no host": lambda: [redirect(b"http://[::1")],
    "a redirect to no text": lambda: [redirect(b"\xff\xfe")],
    **{
        f"the encoding {name}": lambda name=name: [
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=%s\r\n\r\nno" % name.encode()
        ]
        for name in ("undefined", "rot13", "zlib", "punycode")
    },
}


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
    "precision": {"amount": 0.0001, "price": 0.01},
    "limits": {"amount": {}, "price": {}, "cost": {}},
}


def redirect(location):
    return b"HTTP/1.1 307 A\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % location


@pytest.mark.parametrize("pieces_of", ODD.values(), ids=ODD)
async def test_what_cannot_be_read_is_an_error_of_ccxt_and_may_be_an_order(peer, pieces_of):
    exchange = peer(pieces_of)
    exchange.exchange.set_markets([MARKET])
    with pytest.raises((ccxt.NetworkError, ccxt.BadResponse)):
        await exchange.fetch_order("a")
    with pytest.raises((ccxt.NetworkError, ccxt.BadResponse), match="may have been placed"):
        await exchange.create_order("BTC/USDT", "limit", "buy", 1, 9000)


# Time.

SLOW = {
    "headers": lambda: peers.slowly([peers.OK, b"Content-Length: 2\r\n\r\n{}"]),
    "body": lambda: peers.slowly([peers.OK + b"Content-Length: 2\r\n\r\n{", b"}"]),
    "chunks": lambda: peers.slowly(
        [peers.OK + peers.CHUNKED + b"1\r\n{\r\n", b"1\r\n}\r\n0\r\n\r\n"]
    ),
    "interim answers": lambda: peers.slowly([b"HTTP/1.1 100 Continue\r\n\r\n"] * 2),
}


@pytest.mark.parametrize("pieces_of", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("connect", ["sync"], indirect=True)
async def test_every_read_has_the_time_that_is_left_of_the_whole(peer, pieces_of, mocker):
    moment = [1000.0]

    def tick():
        moment[0] += 3
        return moment[0]

    mocker.patch.object(bounds, "clock", tick)
    with pytest.raises(ccxt.RequestTimeout, match="timed out"):
        await peer(pieces_of, timeout=4000).fetch_order("a")


async def test_silence_ends_with_the_timeout(peer):
    with pytest.raises(ccxt.RequestTimeout, match="timed out"):
        await peer(lambda: peers.slowly([b"", b"", b"", b"", b""]), timeout=100).fetch_order("a")


@pytest.mark.parametrize("connect", ["sync"], indirect=True)
async def test_the_addresses_of_a_name_share_the_time(peer, mocker):
    moment, tried = [1000.0], []
    mocker.patch.object(bounds, "clock", side_effect=lambda: moment[0])
    addresses = [("10.0.0.1", 80), ("10.0.0.2", 80), ("10.0.0.3", 80)]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
    mocker.patch.object(socket, "getaddrinfo", return_value=found)

    def connect(address, timeout, **_):
        tried.append((address[0], timeout))
        moment[0] += timeout
        raise TimeoutError

    mocker.patch("urllib3.util.connection.create_connection", connect)
    exchange = peer(BODIES["plain"], timeout=6000)
    with pytest.raises(ccxt.RequestTimeout, match="timed out"):
        await exchange.fetch_order("a")
    assert tried == [("10.0.0.1", 2.0), ("10.0.0.2", 2.0), ("10.0.0.3", 2.0)]


@pytest.mark.parametrize("connect", ["sync"], indirect=True)
async def test_an_address_that_answers_is_found_behind_one_that_refuses(peer, mocker):
    exchange = peer(BODIES["plain"])
    port = int(exchange.exchange.urls["api"]["rest"].rpartition(":")[2])
    exchange.exchange.urls["api"] = {"rest": f"http://localhost:{port}"}
    real = socket.getaddrinfo

    def found(host, *args, **kwargs):
        hosts = ["127.0.0.2", "127.0.0.1"] if host == "localhost" else [host]
        return [one for name in hosts for one in real(name, *args, **kwargs)]

    mocker.patch.object(socket, "getaddrinfo", found)
    with pytest.raises(ccxt.OrderNotFound):
        await exchange.fetch_order("a")


# What users bring.


@pytest.mark.parametrize("connect", ["sync"], indirect=True)
async def test_an_adapter_that_a_user_has_mounted_stays_and_its_bodies_are_bounded(peer):
    class Own(HTTPAdapter):
        pass

    exchange = peer(BODIES["gzip"], options={"maxBody": 999})
    own = Own()
    exchange.exchange.session.mount("http://", own)
    with pytest.raises(ccxt.BadResponse, match="at most 999 bytes"):
        await exchange.fetch_order("a")
    again = requests.Session()
    again.mount("http://", own)
    exchange.exchange.session = again
    assert again.get_adapter("http://a") is own
    assert type(again.get_adapter("https://a")) is BoundedAdapter


async def test_a_session_used_by_itself_has_no_bounds(simulator, exchange):
    exchange.exchange.options["maxBody"] = 1
    await exchange.fetch_time()
    session = exchange.exchange.session
    if isinstance(session._session, aiohttp.ClientSession):
        async with session.get(f"{simulator.url}/v3/time") as plain:
            assert "server_time" in await plain.text()
    else:
        assert "server_time" in session.get(f"{simulator.url}/v3/time").text


def test_a_pickled_session_has_its_bounds(simulator):
    import pickle

    import dfx_adapter

    exchange = dfx_adapter.connect("digifinex", simulator.ccxt_config())
    again = pickle.loads(pickle.dumps(exchange))  # noqa: S301  # our own bytes
    assert type(again.session.get_adapter("https://a")) is BoundedAdapter
    pools = again.session.get_adapter("https://a").poolmanager
    connection = pools.connection_from_url("https://a")._new_conn()
    assert connection.response_class.__name__ == "_BoundedAnswer"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw"])
@pytest.mark.parametrize("size", [0, 1, inflating.PIECE, 3 * inflating.PIECE + 1])
def test_bodies_are_inflated_whole_however_they_are_cut(encoding, size):
    data = (b"ab" * size)[:size]
    wbits = {"gzip": 31, "deflate": 15, "raw": -15}[encoding]
    packer = zlib.compressobj(wbits=wbits)
    packed = packer.compress(data) + packer.flush()
    packed += packed if encoding == "gzip" else b""  # gzip may have several members
    for cut in (1, 7, len(packed)):
        inflater = inflating.Inflating("deflate" if encoding == "raw" else encoding)
        starts = range(0, len(packed), cut)
        pieces = [
            piece for start in starts for piece in inflater.pieces(packed[start : start + cut])
        ]
        assert b"".join(pieces) == data * (2 if encoding == "gzip" else 1)
        assert max(map(len, pieces)) <= inflating.PIECE
