"""Observers that change what they are given: neither the bot nor another observer notices."""

import copy
import inspect

import pytest

KRAKEN = {
    "id": "OTLAS3",
    "info": {"raw": ["row"]},
    "symbol": "BTC/USDT",
    "status": "open",
    "fee": {"cost": 0.1, "currency": "USDT"},
    "fees": [{"cost": 0.1, "currency": "USDT"}],
    "trades": [{"id": "t", "fee": {"cost": 0.1}}],
}


def destroy(value):
    """Change everything in a value that can be changed."""
    if isinstance(value, dict):
        for inner in list(value.values()):
            destroy(inner)
        for key in list(value):
            value[key] = "destroyed"
        value["more"] = "destroyed"
    elif isinstance(value, list):
        for inner in list(value):
            destroy(inner)
        value.clear()


def relabel(orders):
    for order in orders:
        order["status"] = "closed"
        order["info"].clear()


def remember_and_change(kept):
    """Keep the orders of one answer, and change them when the next one comes."""

    def observe(orders):
        for order in kept:
            destroy(order)
        kept[:] = orders

    return observe


def empty(orders):
    del orders[:]


def replace_first(orders):
    orders[0] = {}


HOSTILE = {
    "destroying": lambda orders: [destroy(order) for order in orders],
    "relabelling": relabel,
    "emptying": empty,
    "replacing": replace_first,
    "remembering": remember_and_change([]),
}


@pytest.fixture(params=HOSTILE)
def observed(request, plugin, hosting):
    """Give a host with a hostile observer between two that keep what they see."""
    before, after = [], []

    def see(kept):
        return lambda orders: kept.append(copy.deepcopy(orders))

    host = hosting(
        plugin("Before", dfx_orders_parsed=see(before)),
        plugin("Hostile", dfx_orders_parsed=HOSTILE[request.param]),
        plugin("After", dfx_orders_parsed=see(after)),
    )
    return host, before, after


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
def test_offline(exchange_id, observed, hosting, row):
    host, before, after = observed
    nested = {"detail": [{"tid": "1"}], "deep": {"er": [1]}}
    payload = [row(order_id="a", **nested), row(order_id="b")]
    if exchange_id == "kraken":
        payload = [copy.deepcopy(KRAKEN)]
    expected = hosting().parse_orders(exchange_id, copy.deepcopy(payload))
    assert host.parse_orders(exchange_id, payload) == expected
    assert host.parse_orders(exchange_id, payload) == expected
    assert before == after == [tuple(expected)] * 2


@pytest.mark.parametrize("method", ["fetch_order", "fetch_open_orders", "fetch_orders_by_ids"])
async def test_digifinex(method, observed, simulator, connect):
    host, before, after = observed
    ids = [simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(2)]
    asked = {"fetch_order": (ids[0],), "fetch_orders_by_ids": (ids,)}.get(method, ())
    expected = await getattr(connect(simulator), method)(*asked)
    assert await getattr(connect(simulator, host=host), method)(*asked) == expected
    orders = expected if isinstance(expected, list) else [expected]
    assert before == after == [tuple(orders)]


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_another_exchange(asynchronous, observed, mocker):
    host, before, after = observed
    exchange = host.connect("kraken", {"apiKey": "k", "secret": "cw=="}, asynchronous=asynchronous)
    exchange.set_markets([{"id": "XBTUSDT", "symbol": "BTC/USDT", "type": "spot", "spot": True}])
    kind = mocker.AsyncMock if asynchronous else mocker.Mock
    raw = {"error": [], "result": {"OTLAS3": {}}}
    mocker.patch.object(exchange, "privatePostQueryOrders", kind(return_value=raw))
    mocker.patch.object(exchange, "parse_order", return_value=KRAKEN)
    answer = exchange.fetch_order("OTLAS3")
    order = await answer if inspect.isawaitable(answer) else answer
    if asynchronous:
        await exchange.close()
    for key in ("id", "info", "status", "fee", "fees", "trades"):
        assert order[key] == KRAKEN[key]
    assert before == after == [(order,)]


def test_orders_that_cannot_be_copied_reach_the_bot_all_the_same(plugin, hosting, caplog):
    class Uncopied:
        def __deepcopy__(self, memo):
            raise TypeError("no copies")

    host = hosting(plugin("Observer", dfx_orders_parsed=lambda orders: None))
    (order,) = host.parse_orders("kraken", [{**KRAKEN, "info": {"raw": Uncopied()}}])
    assert order["id"] == "OTLAS3"
    assert "Observer" in caplog.text


def test_nothing_is_copied_where_nobody_observes(hosting, row, mocker):
    copied = mocker.patch("dfx_adapter.host.observers._copied")
    assert len(hosting().parse_orders("digifinex", [row()])) == 1
    copied.assert_not_called()
