"""design.md's table of errors over a real socket, sync and asyncio."""

import logging
import pickle

import ccxt
import pytest

from dfx_adapter import errors
from dfx_adapter.simulator import Body, Code, Drop

HTML = b"<html><body>bad day</body></html>"


def html(status):
    return Body(HTML, status=status, content_type="text/html")


# What came, what is raised: design.md, "Errors".
ANSWERS = [
    (Code(20013), ccxt.OrderNotFound, "20013"),
    (Body(b'{"code":0,"data":[]}'), ccxt.OrderNotFound, None),
    (Code(10005), errors.RateLimited, "10005"),
    (Code(20020), errors.RateLimited, "20020"),
    (Code(200005), errors.RateLimited, "200005"),
    (html(429), errors.RateLimited, "429"),
    (Body(b'{"code":10005}', status=429), errors.RateLimited, "10005"),
    (Code(10002), ccxt.AuthenticationError, "10002"),
    (Code(10003), ccxt.AuthenticationError, "10003"),
    (Code(10011), ccxt.AuthenticationError, "10011"),
    (Code(20002), ccxt.MarketClosed, "20002"),
    (Code(10006), ccxt.PermissionDenied, "10006"),
    (Code(10007), ccxt.PermissionDenied, "10007"),
    (Code(20018), ccxt.PermissionDenied, "20018"),
    (Code(10009), ccxt.BadRequest, "10009"),
    (Code(10008), ccxt.InvalidNonce, "10008"),
    (Code(20011), ccxt.InsufficientFunds, "20011"),
    (Code(50000), ccxt.ExchangeNotAvailable, "50000"),
    (Body(b'{"code":50000}', status=500), ccxt.ExchangeNotAvailable, "50000"),
    (Code(31337), ccxt.ExchangeError, "31337"),
    (html(200), ccxt.BadResponse, None),
    (Body(b""), ccxt.BadResponse, None),
    (Body(b'{"code":0,"data":[{"sym'), ccxt.BadResponse, None),
    (Body(b"[]"), ccxt.BadResponse, None),
    (Body(b"5"), ccxt.BadResponse, None),
    (Body(b'{"code":0,"data":null}'), ccxt.BadResponse, None),
    (Body(b'{"code":0}'), ccxt.BadResponse, None),
    (Body(b'{"data":[]}'), ccxt.BadResponse, None),
    (html(502), ccxt.ExchangeNotAvailable, None),
    (html(503), ccxt.ExchangeNotAvailable, None),
    (html(403), ccxt.ExchangeNotAvailable, None),
    (Drop(), ccxt.NetworkError, None),
]


@pytest.mark.parametrize(("answer", "error_class", "code"), ANSWERS, ids=str)
async def test_every_answer_is_its_error(simulator, exchange, answer, error_class, code):
    simulator.script("order", answer, answer)  # aiohttp repeats a GET whose connection was dropped
    with pytest.raises(ccxt.BaseError) as caught:
        await exchange.fetch_order("a")
    assert type(caught.value) is error_class or (
        error_class is ccxt.NetworkError and isinstance(caught.value, error_class)
    )
    assert str(caught.value).startswith("digifinex ")
    assert getattr(caught.value, "code", None) == code


async def test_only_a_rate_limit_is_both_classes_that_bots_back_off_on(simulator, exchange):
    simulator.script("order", Code(10005))
    with pytest.raises(ccxt.RateLimitExceeded) as caught:
        await exchange.fetch_order("a")
    assert isinstance(caught.value, ccxt.DDoSProtection)


async def test_a_message_names_exchange_method_code_meaning_and_body(simulator, exchange):
    simulator.script("order", Code(20018))
    with pytest.raises(ccxt.PermissionDenied) as caught:
        await exchange.fetch_order("a")
    assert str(caught.value) == (
        f"digifinex GET {simulator.url}/v3/spot/order: 20018 banned from API trading; "
        'body: {"code":20018}'
    )


async def test_the_next_call_works_after_an_error(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "sell", price=9000, amount=1)
    simulator.script("order", html(200))
    with pytest.raises(ccxt.BadResponse):
        await exchange.fetch_order(order_id)
    assert (await exchange.fetch_order(order_id))["status"] == "open"


async def test_an_unknown_status_is_an_error_that_asking_again_does_not_mend(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "sell", price=9000, amount=1)
    simulator.set_row(order_id, status=7)
    with pytest.raises(errors.UnknownStatus) as caught:
        await exchange.fetch_order(order_id)
    assert (caught.value.path, caught.value.found) == ("$.data[0].status", 7)
    assert not isinstance(caught.value, ccxt.OperationFailed)  # what ccxt calls worth a retry


async def test_one_bad_row_loses_none_of_the_good_ones(simulator, exchange):
    good, bad = (simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(2))
    simulator.set_row(bad, status=7)
    with pytest.raises(errors.UnknownStatus) as caught:
        await exchange.fetch_open_orders()
    assert [order["id"] for order in caught.value.orders] == [good]


async def test_bad_rows_can_be_skipped_by_option(simulator, connect, caplog):
    good, bad = (simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(2))
    simulator.set_row(bad, status=7)
    exchange = connect(simulator, options={"badRow": "skip"})
    with caplog.at_level(logging.WARNING, "dfx_adapter"):
        orders = await exchange.fetch_open_orders()
    assert [order["id"] for order in orders] == [good]
    assert "status: expected one of 0, 1, 2, 3, 4, found 7" in caplog.text


async def test_without_credentials_nothing_is_sent(simulator, connect):
    exchange = connect(simulator, apiKey="")
    with pytest.raises(ccxt.AuthenticationError, match="apiKey"):
        await exchange.fetch_order("a")
    assert simulator.requests == []


async def test_a_page_that_prints_the_request_does_not_leak_it(simulator, exchange):
    page = f"key {simulator.api_key} secret {simulator.secret} denied".encode()
    simulator.script("order", Body(page, content_type="text/html"))
    with pytest.raises(ccxt.BadResponse) as caught:
        await exchange.fetch_order("a")
    text = f"{caught.value} {vars(caught.value)}"
    assert simulator.api_key not in text
    assert simulator.secret not in text
    assert "key *** secret *** denied" in text


async def test_an_error_travels_between_processes(simulator, exchange):
    simulator.script("order", Code(20013))
    with pytest.raises(ccxt.OrderNotFound) as caught:
        await exchange.fetch_order("a")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # our own bytes
    assert (type(again), again.code, str(again)) == (
        ccxt.OrderNotFound,
        "20013",
        str(caught.value),
    )


async def test_private_requests_forbid_caches_and_name_their_form(simulator, exchange):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    await exchange.fetch_order(order_id)
    await exchange.load_markets()
    await exchange.cancel_order(order_id, "BTC/USDT")
    headers = {request.path: request.headers for request in simulator.requests}
    assert headers["/v3/spot/order"]["Cache-Control"] == "no-cache"
    form = headers["/v3/spot/order/cancel"]["Content-Type"]
    assert form == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("status", [200, 502, 599])
async def test_megabytes_are_repeated_in_part(simulator, exchange, status):
    page = Body("<html>" + "x" * 3_000_000, status=status, content_type="text/html")
    simulator.script("order", page)
    with pytest.raises(
        ccxt.OperationFailed, match=r"<html>x+\.\.\. \(3000006 characters\)"
    ) as caught:
        await exchange.fetch_order("a")
    assert len(str(caught.value)) + len(str(vars(caught.value))) < 3000
