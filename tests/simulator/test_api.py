"""Scripted answers, the frequency limit and the log."""

import pytest

from dfx_adapter.simulator import (
    Body,
    Code,
    Delay,
    Drop,
    LoggedRequest,
    Request,
    Simulator,
    log,
    signed_request,
)

NOW = 1_589_873_762


@pytest.fixture
def order_id(exchange):
    return exchange.place(price=9000, amount=1)


def respond(exchange, path="/v3/spot/order", method="GET", secret=None, **params):
    return exchange.respond(
        signed_request(
            method,
            path,
            params,
            api_key=exchange.api_key,
            secret=secret or exchange.secret,
            timestamp=NOW,
        )
    )


def test_scripted_answers_serve_one_request_each(exchange, order_id):
    exchange.script("/v3/spot/order", Code(20013), Code(50000, "try later"))
    assert respond(exchange, order_id=order_id).body == b'{"code":20013}'
    assert respond(exchange, order_id=order_id).body == b'{"code":50000,"msg":"try later"}'
    assert b'"data"' in respond(exchange, order_id=order_id).body


def test_any_body(exchange, order_id):
    page = Body(b"<html>", status=502, content_type="text/html", headers={"Retry-After": "9"})
    exchange.script("/v3/spot/order", page, Body('{"code":0}'))
    response = respond(exchange, order_id=order_id)
    assert (response.status, response.content_type, response.body) == (502, "text/html", b"<html>")
    assert response.headers == {"Retry-After": "9"}
    response = respond(exchange, order_id=order_id)
    assert (response.status, response.body) == (200, b'{"code":0}')
    assert response.content_type == "application/json; charset=utf-8"


def test_a_delayed_answer_is_the_normal_one(exchange, order_id):
    exchange.script("/v3/spot/order", Delay(0.5))
    response = respond(exchange, order_id=order_id)
    assert response.delay == 0.5
    assert response.body == respond(exchange, order_id=order_id).body
    exchange.script("/v3/spot/order", Delay(0.5))
    assert respond(exchange).body == b'{"code":10004}'


@pytest.mark.parametrize(("answer", "status"), [(Drop(), 0), (Drop(handled=True), 3)])
def test_a_dropped_request_takes_effect_or_not(exchange, order_id, answer, status):
    exchange.script("order/cancel", answer)
    response = respond(exchange, "/v3/spot/order/cancel", "POST", order_id=order_id)
    assert response.dropped
    assert response.body == b""
    assert exchange.row(order_id)["status"] == status


@pytest.mark.parametrize(
    ("name", "answered"),
    [
        ("order", ["spot", "margin"]),
        ("/v3/{market}/order", ["spot", "margin"]),
        ("spot/order", ["spot"]),
        ("/v3/margin/order", ["margin"]),
    ],
)
def test_names_of_endpoints(exchange, name, answered):
    exchange.script(name, Code(1), Code(1))
    scripted = [
        kind
        for kind in ("spot", "margin")
        if respond(exchange, f"/v3/{kind}/order", order_id="a").body == b'{"code":1}'
    ]
    assert scripted == answered


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("time", "/v3/time"),
        ("trades/symbols", "/v3/trades/symbols"),
        ("swap/v2/public/instruments", "/swap/v2/public/instruments"),
    ],
)
def test_public_endpoints_are_scripted_too(exchange, name, path):
    exchange.script(name, Code(10005))
    assert exchange.respond(Request("GET", path)).body == b'{"code":10005}'


def test_the_path_goes_before_the_endpoint(exchange):
    exchange.script("order", Code(1))
    exchange.script("spot/order", Code(2))
    answers = [respond(exchange, order_id="a").body for _ in range(3)]
    assert answers == [b'{"code":2}', b'{"code":1}', b'{"code":20013}']


def test_a_script_for_no_endpoint_is_an_error(exchange):
    with pytest.raises(ValueError, match="there is no endpoint 'orders'"):
        exchange.script("orders", Code(1))


def test_a_script_does_not_serve_who_is_not_let_in(exchange):
    exchange.script("order", Code(1))
    assert respond(exchange, secret="wrong", order_id="a").body == b'{"code":10003}'
    assert respond(exchange, order_id="a").body == b'{"code":1}'


def test_a_script_can_be_forgotten(exchange):
    exchange.script("order", Code(1))
    exchange.clear_script()
    assert respond(exchange, order_id="a").body == b'{"code":20013}'


def test_limit_of_requests_a_minute(exchange, clock):
    exchange.limit = 2
    ask = Request("GET", "/v3/ping")
    answers = [exchange.respond(ask).body for _ in range(3)]
    clock.time += 59
    answers.append(exchange.respond(ask).body)
    clock.time += 1
    answers.append(exchange.respond(ask).body)
    good, bad = b'{"msg":"pong","code":0}', b'{"code":10005}'
    assert answers == [good, good, bad, bad, good]


def test_the_log(exchange, order_id):
    respond(exchange, order_id=order_id, market="spot")
    respond(exchange, "/v3/spot/order/cancel", "POST", order_id="x")
    first, second = exchange.requests
    assert first == LoggedRequest(
        method="GET",
        path="/v3/spot/order",
        query={"order_id": order_id, "market": "spot"},
        headers={"ACCESS-KEY": "***", "ACCESS-SIGN": "***", "ACCESS-TIMESTAMP": str(NOW)},
        body={},
        status=200,
        answer=first.answer,
        at=NOW,
    )
    assert first.answer.startswith(b'{"data":[{"symbol":"BTC_USDT"')
    assert (second.method, second.query, second.body) == ("POST", {}, {"order_id": "x"})


def test_the_log_masks_credentials_whatever_their_case(exchange):
    exchange.respond(Request("GET", "/v3/ping", headers={"access-key": "k", "Access-Sign": "s"}))
    assert exchange.requests[0].headers == {"access-key": "***", "Access-Sign": "***"}


def test_refused_and_dropped_requests_are_logged(exchange):
    exchange.script("time", Drop())
    for path in ("/v3/nowhere", "/v3/time"):
        exchange.respond(Request("GET", path))
    refused, dropped = exchange.requests
    assert (refused.status, refused.answer) == (200, b'{"code":10009}')
    assert (dropped.status, dropped.answer) == (0, b"")


def test_the_log_keeps_the_newest_requests(exchange, mocker):
    mocker.patch("dfx_adapter.simulator.log.MOST_REQUESTS", 3)
    for query in "abcde":
        exchange.respond(Request("GET", "/v3/ping", query=f"n={query}"))
    assert [request.query["n"] for request in exchange.requests] == ["c", "d", "e"]


@pytest.mark.parametrize("long", ["query", "body", "answer"])
def test_the_log_keeps_so_many_bytes_and_the_last_request_in_any_case(exchange, mocker, long):
    mocker.patch("dfx_adapter.simulator.log.MOST_BYTES", 1000)
    kept = []
    for size in (400, 400, 400, 100_000, 10):
        text = "x" * size
        if long == "answer":
            exchange.script("time", Body(text))
        query = f"q={text}" if long == "query" else ""
        body = f"b={text}".encode() if long == "body" else b""
        exchange.respond(Request("GET", "/v3/time", query=query, body=body))
        kept.append(len(exchange.requests))
    assert kept == [1, 2, 2, 1, 1]
    exchange.clear_log()
    for _ in range(2):
        exchange.respond(Request("GET", "/v3/ping"))
    assert len(exchange.requests) == 2  # what was cleared no longer counts


def test_the_log_is_as_long_as_documented():
    assert (log.MOST_REQUESTS, log.MOST_BYTES) == (10_000, 64 * 1024 * 1024)
    assert "10,000" in Simulator.requests.__doc__
    assert "64 MiB" in Simulator.requests.__doc__


def test_the_log_can_be_cleared_and_what_was_taken_from_it_stays(exchange):
    exchange.respond(Request("GET", "/v3/ping"))
    taken = exchange.requests
    exchange.clear_log()
    assert exchange.requests == []
    assert len(taken) == 1
