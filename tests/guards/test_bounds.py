"""What a hostile peer sends is bounded in bytes and in time, over real sockets, in both kinds."""

import gzip
import json
import subprocess
import sys
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


@linux
def test_an_endless_answer_ends_within_256_mib():
    with ExitStack() as stack:
        ports = {
            name: str(stack.enter_context(peers.serving(pieces_of)))
            for name, pieces_of in peers.ENDLESS.items()
        }
        calls = [
            f"{kind} {method} {ports[name]}"
            for kind in ("sync", "async")
            for method, names in (("fetch_order", ports), ("fetch_time", ["a body", "gzip"]))
            for name in names
        ]
        command = [sys.executable, "-m", "tests.guards.asking", "256", *calls]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=170)
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(outcomes) == len(calls)
    expected = {"BadResponse", "NetworkError", "RequestTimeout"}
    assert [outcome for outcome in outcomes if outcome["class"] not in expected] == []
    too_long = {outcome["call"] for outcome in outcomes if outcome["class"] == "BadResponse"}
    certain = {ports[name] for name in ("a body", "a body of a false length", "gzip", "chunks")}
    assert too_long >= {call for call in calls if call.split()[-1] in certain}


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
