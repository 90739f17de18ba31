"""What is no answer is an error of its own, on any exchange, and never "not found"."""

import inspect

import ccxt
import pytest

from dfx_adapter import AdapterHost
from tests.exchanges import venues

PAGE = b"<html><body>order not found</body></html>"
BROKEN = {
    "a page": (PAGE, 200, ccxt.BadResponse),
    "nothing": (b"", 200, ccxt.BadResponse),
    "blanks": (b"  ", 200, ccxt.BadResponse),
    "a beginning": (b'{"error": [], "resu', 200, ccxt.BadResponse),
    "null": (b"null", 200, ccxt.BadResponse),
    "an object without anything": (b"{}", 200, ccxt.BadResponse),
    "an outage": (PAGE, 503, ccxt.NetworkError),
    "an outage with a status of its own": (PAGE, 599, ccxt.NetworkError),
    "a proxy that does not know the path": (PAGE, 404, ccxt.NetworkError),
    "an outage without a body": (b"", 502, ccxt.NetworkError),
}
CALLS = {
    "fetch_order": ("1be6d0df", "BTC/USDT"),
    "fetch_open_orders": ("BTC/USDT",),
    "fetch_orders_by_ids": (["1be6d0df", "b"], "BTC/USDT"),
    "cancel_order": ("1be6d0df", "BTC/USDT"),
    "create_order": ("BTC/USDT", "limit", "buy", 0.0004, 70000),
}


async def call(exchange, method, args):
    answer = getattr(exchange, method)(*args)
    return await answer if inspect.isawaitable(answer) else answer


@pytest.fixture(params=list(venues.ANSWERS))
def name(request):
    return request.param


@pytest.fixture
def served(name):
    with venues.serving(name) as both:
        yield both


@pytest.fixture(params=[False, True], ids=["sync", "async"])
async def exchange(request, name, served):
    host = AdapterHost(entry_points=False)
    made = host.connect(name, served[1], asynchronous=request.param)
    await call(made, "load_markets", ())
    yield made
    if request.param:
        await made.close()


# A list may be an object, and a stub says that something was done.
EMPTY_CAN_BE_AN_ANSWER = {"fetch_open_orders", "create_order", "cancel_order"}


@pytest.mark.parametrize("method", CALLS)
async def test_no_answer_is_an_error_of_its_own(exchange, served, method):
    venue, _ = served
    for name, (body, status, error) in BROKEN.items():
        if body == b"{}" and method in EMPTY_CAN_BE_AN_ANSWER:
            continue
        venue.broken, venue.status = body, status
        with pytest.raises(error) as caught:
            await call(exchange, method, CALLS[method])
        assert not isinstance(caught.value, ccxt.OrderNotFound), name


@pytest.mark.parametrize("method", ["fetch_order", "fetch_orders_by_ids"])
async def test_not_found_is_what_the_exchange_says(exchange, served, method):
    if exchange.id == "mexc":
        pytest.skip("ccxt's class has no such error for MEXC's code")
    with pytest.raises(ccxt.OrderNotFound):
        await call(exchange, method, CALLS[method])


async def test_a_word_or_nothing_can_confirm_a_cancel(exchange, served):
    venue, _ = served
    venue.broken, venue.status = b"", 204
    order = await call(exchange, "cancel_order", CALLS["cancel_order"])
    assert (order["id"], order["symbol"], order["status"]) == ("1be6d0df", "BTC/USDT", None)


async def test_an_order_is_not_hidden_by_an_answer_that_its_class_cannot_read(exchange, served):
    """Kraken's class takes the description of a new order apart, and fails on a short one."""
    if exchange.id != "kraken":
        pytest.skip("the answer is Kraken's")
    venue, _ = served
    venue.broken = b'{"error": [], "result": {"txid": ["OXM2QD"], "descr": {"order": "buy"}}}'
    order = await call(exchange, "create_order", CALLS["create_order"])
    assert (order["id"], order["symbol"], order["status"]) == ("OXM2QD", "BTC/USDT", None)
    assert (order["type"], order["side"], order["amount"]) == ("limit", "buy", 0.0004)
