"""Every fault on its own, seen from a raw socket: what really comes over the wire."""

import contextlib
import errno
import gzip
import http.client
import json
import socket
import time

import pytest

from dfx_adapter.simulator import (
    Body,
    Break,
    Changed,
    ChangedRows,
    Delay,
    Drip,
    Drop,
    Encoding,
    Length,
    Simulator,
    signature,
)

PONG = b'{"msg":"pong","code":0}'
TYPE = b"Content-Type: application/json; charset=utf-8\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n" + TYPE + b"Content-Length: 23\r\n\r\n"


@pytest.fixture
def served():
    with Simulator() as exchange:
        yield exchange


@pytest.fixture
def line(served):
    """A connection to the exchange, nothing sent yet."""
    address = ("127.0.0.1", int(served.url.rpartition(":")[2]))
    with socket.create_connection(address, timeout=60) as connection:
        yield connection


def ping(line):
    line.sendall(b"GET /v3/ping HTTP/1.1\r\nHost: loopback\r\n\r\n")


def received(line):
    """All that comes, and how it ends: "close", "reset", or "stall" where nothing more comes."""
    line.settimeout(0.2)
    pieces = []
    while True:
        try:
            piece = line.recv(65536)
        except TimeoutError:
            return b"".join(pieces), "stall"
        except ConnectionResetError:
            return b"".join(pieces), "reset"
        if not piece:
            return b"".join(pieces), "close"
        pieces.append(piece)


@pytest.mark.parametrize("ending", ["close", "reset", "stall"])
@pytest.mark.parametrize(
    ("place", "sent"),
    [("start", b""), ("headers", HEAD), ("middle", HEAD + PONG[:11]), ("end", HEAD + PONG)],
)
def test_an_answer_breaks_off(served, line, place, ending, sent):
    served.script("ping", Break(place, ending))
    ping(line)
    assert received(line) == (sent, ending)


@pytest.mark.parametrize("place", ["middle", "end"])
def test_a_chunked_answer_never_ends(served, line, place):
    served.script("ping", Break(place, "close", chunked=True))
    ping(line)
    sent = PONG[:11] if place == "middle" else PONG
    chunk = b"%x\r\n%s\r\n" % (len(sent), sent)
    head = b"HTTP/1.1 200 OK\r\n" + TYPE + b"Transfer-Encoding: chunked\r\n\r\n"
    assert received(line) == (head + chunk, "close")


def test_an_answer_drips(served, line):
    served.script("ping", Drip(0.001))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ping(line)
    pieces = []
    while sum(map(len, pieces)) < len(HEAD + PONG):
        pieces.append(line.recv(65536))
    assert b"".join(pieces) == HEAD + PONG
    assert len(pieces) > 5  # a busy machine reads several at a time
    ping(line)
    assert received(line)[0].endswith(PONG)


def test_content_length_is_too_long(served, line):
    served.script("ping", Length(+5))
    ping(line)
    assert received(line) == (HEAD.replace(b"23", b"28") + PONG, "close")


def test_content_length_is_too_short_and_the_rest_stays_in_the_connection(served, line):
    served.script("ping", Length(-5))
    ping(line)
    assert received(line) == (HEAD.replace(b"23", b"18") + PONG, "stall")
    ping(line)
    assert received(line)[0].endswith(PONG)


def test_a_plain_body_says_that_it_is_gzip(served, line):
    served.script("ping", Encoding("gzip"))
    ping(line)
    head = HEAD.removesuffix(b"\r\n") + b"Content-Encoding: gzip\r\n\r\n"
    assert received(line) == (head + PONG, "stall")


@pytest.fixture
def client(served):
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=60)
    yield connection
    connection.close()


def ask(client, exchange, path, query="", method="GET", **headers):
    signed = {
        "ACCESS-KEY": exchange.api_key,
        "ACCESS-SIGN": signature(exchange.secret, query),
        "ACCESS-TIMESTAMP": str(int(time.time())),
    }
    body = query if method == "POST" else None
    target = path if body else f"{path}?{query}"
    client.request(method, target, body, {**signed, **headers})
    answer = client.getresponse()
    return answer.headers, answer.read()


@pytest.mark.parametrize(
    ("change", "body"),
    [
        (lambda body: body[: len(body) // 2], PONG[:11]),
        (lambda body: body * 2, PONG * 2),
        (lambda body: body + b" " * 10_000_000, PONG + b" " * 10_000_000),
        (lambda _: b"\x00\xff\xfe", b"\x00\xff\xfe"),
    ],
    ids=["truncated", "doubled", "oversized", "garbage"],
)
def test_a_body_is_changed_and_the_headers_fit_it(served, client, change, body):
    served.script("ping", Changed(change), Changed(change))
    headers, came = ask(client, served, "/v3/ping")
    assert (came, int(headers["Content-Length"])) == (body, len(body))
    _, came = ask(client, served, "/v3/ping", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(came) == body
    assert ask(client, served, "/v3/ping")[1] == PONG


def ids(body):
    return [row["order_id"] for row in json.loads(body)["data"]]


def test_rows_come_twice_foreign_not_or_shuffled(served, client):
    a, b, other = (served.place(price=9000, amount=1) for _ in range(3))
    served.script(
        "order",
        ChangedRows(lambda rows: rows * 2),
        ChangedRows(lambda rows: [*rows, served.row(other)]),
        ChangedRows(lambda rows: rows[1:]),
        ChangedRows(lambda rows: rows[::-1]),
    )
    query = f"order_id={a}%2C{b}"
    seen = [ids(ask(client, served, "/v3/spot/order", query)[1]) for _ in range(5)]
    assert seen == [[a, b, a, b], [a, b, other], [b], [b, a], [a, b]]


def test_a_changed_row_keeps_its_digits(served, client):
    order_id = served.place(price="0.10000000000000000001", amount=1)
    served.script("order", ChangedRows(lambda rows: rows * 2))
    _, body = ask(client, served, "/v3/spot/order", f"order_id={order_id}")
    assert body.count(b'"price":0.10000000000000000001,') == 2


def test_the_one_row_of_detail_is_an_object_or_a_list(served, client):
    order_id = served.place(price=9000, amount=1)
    keep = ChangedRows(lambda rows: rows)
    served.script("order/detail", keep, ChangedRows(lambda rows: rows * 2))
    query = f"order_id={order_id}"
    answers = [ask(client, served, "/v3/spot/order/detail", query)[1] for _ in range(2)]
    one, two = (json.loads(body)["data"] for body in answers)
    assert one["order_id"] == order_id
    assert [row["order_id"] for row in two] == [order_id] * 2


def test_ids_of_a_cancel_are_changed_and_an_answer_without_rows_is_not(served, client):
    order_id = served.place(price=9000, amount=1)
    served.script("order/cancel", ChangedRows(lambda ids: [*ids, "other"]))
    served.script("order", ChangedRows(lambda rows: rows * 2))
    query = f"order_id={order_id}"
    _, body = ask(client, served, "/v3/spot/order/cancel", query, "POST")
    assert json.loads(body)["success"] == [order_id, "other"]
    assert ask(client, served, "/v3/spot/order", "order_id=x")[1] == b'{"code":20013}'


FAULTS = [
    Break("start", "reset"),
    Break("middle", "close"),
    Length(-1),
    Encoding(),
    Changed(lambda _: b""),
    ChangedRows(lambda _: []),
    Delay(0),
    Drip(),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_the_request_took_effect(served, client, fault):
    order_id = served.place(price=9000, amount=1)
    served.script("order/cancel", fault)
    with contextlib.suppress(http.client.HTTPException, ConnectionError):
        ask(client, served, "/v3/spot/order/cancel", f"order_id={order_id}", "POST")
    assert served.row(order_id)["status"] == 3
    assert served.requests[-1].body == {"order_id": order_id}


def test_a_status_of_its_own_stays(served, line):
    served.script("ping", Body(b"<html>", 503, "text/html"))
    ping(line)
    assert received(line)[0].startswith(b"HTTP/1.1 503 Service Unavailable\r\n")


def test_the_server_dies_and_comes_back_on_its_port(served, client, line):
    url = served.url
    assert ask(client, served, "/v3/ping")[1] == PONG
    served.stop()
    assert received(line) == (b"", "close")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(line.getpeername(), timeout=60)
    served.start()
    assert served.url == url
    client.close()
    assert ask(client, served, "/v3/ping")[1] == PONG


def test_open_connections_are_counted(served, client):
    assert served.connections == 0
    ask(client, served, "/v3/ping")
    assert served.connections == 1
    served.stop()
    assert served.connections == 0


def test_a_stalled_client_that_hangs_up_is_let_go(served, line):
    served.script("ping", Break("headers", "stall"), Drop())
    ping(line)
    assert received(line) == (HEAD, "stall")
    line.close()
    started = time.monotonic()
    served.stop()
    assert time.monotonic() - started < 5


def test_a_client_that_hung_up_before_the_answer_troubles_nobody(served, line, client):
    served.script("ping", Break("end", "reset"))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    ping(line)
    line.close()
    assert ask(client, served, "/v3/time")[1].startswith(b'{"server_time":')


def test_reset_is_what_the_system_calls_it(served, line):
    served.script("ping", Break("start", "reset"))
    ping(line)
    with pytest.raises(OSError, match="reset") as caught:
        line.recv(1)
    assert caught.value.errno == errno.ECONNRESET
