"""Credentials: the documents' own vector, and every way of getting them wrong."""

import pytest

from dfx_adapter.simulator import Request, Simulator, signature, signed_request
from dfx_adapter.simulator.auth import is_signed

NOW = 1_589_873_762
ORDER = "trx_usdt&price=0.01&amount=1&type=buy"
VECTOR_SECRET = "01234567890123456789abcd"
VECTOR_MESSAGE = f"symbol={ORDER}"
VECTOR = "7e2d0636cab21fd41c828b8c6ce8f77e643febecdeaeab0771c01dc4d7dbef38"


def send(exchange, *, query="", body=b"", method="GET", path="/v3/spot/order/current", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return exchange.respond(Request(method, path, query, named, body)).body


def credentials(exchange, message="", timestamp=NOW):
    return {
        "ACCESS_KEY": exchange.api_key,
        "ACCESS_SIGN": signature(exchange.secret, message),
        "ACCESS_TIMESTAMP": str(timestamp),
    }


def test_signature_of_the_documents():
    assert signature(VECTOR_SECRET, VECTOR_MESSAGE) == VECTOR


def test_sorted_parameters_sign_differently_so_the_text_sent_is_what_counts():
    sorted_message = "amount=1&price=0.01&symbol=trx_usdt&type=buy"
    assert signature(VECTOR_SECRET, sorted_message) != VECTOR


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("order_id=a%2Cb", "eb5e30a5f5b28ab0a213a2a0279d8b390e98a0351d3219c6f07ce844f68f9da4"),
        ("order_id=a,b", "224da3b4062995dbf70f1970ffac81799f0017a588f147d22f180eca30027a3a"),
    ],
)
def test_a_comma_is_signed_as_it_is_sent(message, expected):
    assert signature(VECTOR_SECRET, message) == expected


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (VECTOR_MESSAGE, b""),
        ("", VECTOR_MESSAGE.encode()),
        ("symbol=trx_usdt&price=0.01", b"amount=1&type=buy"),
    ],
    ids=["query", "body", "query then body"],
)
def test_query_and_body_are_signed_as_one(query, body):
    request = Request("POST", "/v3/spot/order/new", query, {"ACCESS-SIGN": VECTOR}, body)
    assert is_signed(request, VECTOR_SECRET)


def test_body_before_query_is_not_signed():
    request = Request(
        "POST", "/", "amount=1", {"ACCESS-SIGN": signature("s", "b=2&amount=1")}, b"b=2"
    )
    assert not is_signed(request, "s")


def test_case_of_the_signature_does_not_matter():
    request = Request("GET", "/", VECTOR_MESSAGE, {"access-sign": VECTOR.upper()})
    assert is_signed(request, VECTOR_SECRET)


def test_good_credentials_pass(exchange):
    assert send(exchange, **credentials(exchange)) == b'{"data":[],"code":0}'


def test_missing_key(exchange):
    headers = credentials(exchange)
    del headers["ACCESS_KEY"]
    assert send(exchange, **headers) == b'{"code":10009}'


def test_wrong_key(exchange):
    headers = credentials(exchange) | {"ACCESS_KEY": "another-key"}
    assert send(exchange, **headers) == b'{"code":10002}'


def test_wrong_signature(exchange):
    headers = credentials(exchange, "symbol=BTC_USDT")
    assert send(exchange, **headers) == b'{"code":10003}'
    assert send(exchange, query="symbol=BTC_USDT", **headers) == b'{"data":[],"code":0}'


def test_missing_signature(exchange):
    headers = credentials(exchange)
    del headers["ACCESS_SIGN"]
    assert send(exchange, **headers) == b'{"code":10003}'


def test_bytes_that_are_no_utf8_are_a_wrong_key_and_no_crash(exchange):
    headers = credentials(exchange) | {"ACCESS_KEY": b"\xff".decode(errors="surrogateescape")}
    assert send(exchange, **headers) == b'{"code":10002}'


@pytest.mark.parametrize(
    ("timestamp", "answer"),
    [
        (NOW - 6, b'{"code":10008}'),
        (NOW - 5, b'{"data":[],"code":0}'),
        (NOW + 1, b'{"data":[],"code":0}'),
        (NOW + 2, b'{"code":10008}'),
        ("soon", b'{"code":10008}'),
        (f"{NOW}.5", b'{"code":10008}'),
        ("", b'{"code":10008}'),
    ],
)
def test_timestamp_window(exchange, timestamp, answer):
    assert send(exchange, **credentials(exchange, timestamp=timestamp)) == answer


def test_missing_timestamp(exchange):
    headers = credentials(exchange)
    del headers["ACCESS_TIMESTAMP"]
    assert send(exchange, **headers) == b'{"code":10008}'


@pytest.mark.parametrize(
    ("window", "behind", "answer"),
    [
        ("60", 60, b'{"data":[],"code":0}'),
        ("60", 61, b'{"code":10008}'),
        ("2", 3, b'{"code":10008}'),
        ("long", 0, b'{"code":10004}'),
    ],
)
def test_the_client_can_change_the_window(exchange, window, behind, answer):
    headers = credentials(exchange, timestamp=NOW - behind) | {"ACCESS_RECV_WINDOW": window}
    assert send(exchange, **headers) == answer


def test_the_window_does_not_excuse_a_fast_clock(exchange):
    headers = credentials(exchange, timestamp=NOW + 2) | {"ACCESS_RECV_WINDOW": "60"}
    assert send(exchange, **headers) == b'{"code":10008}'


@pytest.mark.parametrize(("skew", "passes"), [(5, True), (6, False), (-1, True), (-2, False)])
def test_skew_is_how_far_the_server_is_ahead(exchange, skew, passes):
    exchange.skew = skew
    assert (send(exchange, **credentials(exchange)) == b'{"data":[],"code":0}') is passes
    time = exchange.respond(Request("GET", "/v3/time"))
    assert time.body == b'{"server_time":%d,"code":0}' % (NOW + skew)


def test_query_wins_over_body(exchange):
    order_id = exchange.place(price=9000, amount=1)
    query, body = f"order_id={order_id}", b"order_id=other"
    headers = credentials(exchange, f"{query}&{body.decode()}")
    answer = send(exchange, query=query, body=body, path="/v3/spot/order", **headers)
    assert b'"order_id":"%b"' % order_id.encode() in answer


def test_own_credentials():
    exchange = Simulator(api_key="k", secret="s", clock=lambda: NOW)
    request = signed_request(
        "GET", "/v3/spot/order/current", {}, api_key="k", secret="s", timestamp=NOW
    )
    assert exchange.respond(request).body == b'{"data":[],"code":0}'
