"""Why there is no answer: in the same words for both kinds, over real sockets where it can be."""

import errno
import socket

import ccxt
import pytest

from tests.guards import peers


class Peer:
    """What `connect` wants of a simulator."""

    @staticmethod
    def ccxt_config():
        return {"apiKey": "simulated-key", "secret": "simulated-secret"}


async def message(connect, url, **config):
    exchange = connect(Peer, urls={"api": {"rest": url}}, **config)
    with pytest.raises(ccxt.BaseError) as caught:
        await exchange.fetch_order("a")
    assert "simulated-key" not in str(caught.value)
    return str(caught.value)


async def test_nobody_listens(connect):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert (await message(connect, f"http://127.0.0.1:{port}")).endswith("; connection refused")


async def test_there_is_no_such_name(connect, mocker):
    failure = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    mocker.patch("socket.getaddrinfo", side_effect=failure)
    text = await message(connect, "https://openapi.digifinex.invalid")
    assert text.endswith("; name not found")


async def test_the_network_is_unreachable(connect, mocker):
    failure = OSError(errno.ENETUNREACH, "Network is unreachable")
    mocker.patch("socket.socket.connect", side_effect=failure)
    mocker.patch("asyncio.BaseEventLoop.sock_connect", side_effect=failure, create=True)
    mocker.patch("asyncio.SelectorEventLoop.sock_connect", side_effect=failure, create=True)
    assert (await message(connect, "http://127.0.0.1:9")).endswith("; unreachable")


ANSWERS = {
    "timed out": lambda: peers.slowly([b""] * 5),
    "connection closed without an answer": list,
    "the answer broke off": lambda: [peers.OK + b"Content-Length: 99\r\n\r\n{"],
    "the answer cannot be read as HTTP": lambda: [peers.OK + b"X: " + b"a" * 99_000 + b"\r\n\r\n"],
}


@pytest.mark.parametrize("words", ANSWERS)
async def test_there_is_no_answer(connect, words):
    with peers.serving(ANSWERS[words]) as port:
        text = await message(connect, f"http://127.0.0.1:{port}", timeout=150)
    assert text.endswith(f"; {words}")


async def test_it_is_not_tls(connect):
    with peers.serving(lambda: [b"HTTP/1.1 200 OK\r\n\r\n"]) as port:
        assert "; TLS failed" in await message(connect, f"https://127.0.0.1:{port}")


async def test_an_answer_of_the_exchange_has_no_such_cause(simulator, exchange):
    with pytest.raises(ccxt.OrderNotFound) as caught:
        await exchange.fetch_order("a")
    assert not any(words in str(caught.value) for words in ANSWERS)
