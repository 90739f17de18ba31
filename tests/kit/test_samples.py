"""Two plugins of strangers, for forms that have nothing in common, wherever their orders come from.

What they make of a row is compared with orders worked out by hand, and with ccxt's own.
"""

import inspect
import json
from decimal import Decimal

import ccxt
import pytest

import dfx_adapter
from dfx_adapter import AdapterHost, hookimpl, kit
from dfx_conformance import Subject, run
from tests.exchanges import venues
from tests.kit.samples import DISTS, KRAKEN_ID, KRAKEN_ROW, MARKETS, ORDERS, ROWS, sample

NAMES = ("mexc", "kraken")


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def host(name):
    return AdapterHost([sample(name)], entry_points=False)


def market(name):
    """Give ccxt's market of the rows."""
    exchange = getattr(ccxt, name)()
    kind = {"type": "spot", "spot": True, "active": True, "contract": False}
    names = {"id": MARKETS[name], "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT"}
    return exchange.safe_market_structure({**names, "baseId": "BTC", "quoteId": "USDT", **kind})


def test_a_sample_has_at_most_sixty_lines(name):
    source = DISTS.joinpath(name, f"{name}_orders.py").read_text("utf-8")
    assert len(source.splitlines()) <= 60


# Offline, by hand.


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_a_row_becomes_the_order_worked_out_by_hand(name, host, number):
    (order,) = host.parse_orders(name, [ROWS[name]], number=number)
    for key, value in ORDERS[name].items():
        expected = number(value) if key in dfx_adapter.order.NUMBERS and value else value
        assert order[key] == expected, key
    assert kit.check(order, number) == []
    assert order["info"] == ROWS[name]


def test_a_recorded_envelope_is_unwrapped_by_the_plugin_that_knows_it():
    host = AdapterHost([sample("kraken")], entry_points=False)
    for result in ({KRAKEN_ID: KRAKEN_ROW}, {"open": {KRAKEN_ID: KRAKEN_ROW}}):
        body = json.dumps({"error": [], "result": result})
        (order,) = host.parse_orders("kraken", body, number=str)
        assert {key: order[key] for key in ORDERS["kraken"]} == ORDERS["kraken"]
    spoiled = {"error": [], "result": {"closed": {KRAKEN_ID: {**KRAKEN_ROW, "vol": "much"}}}}
    with pytest.raises(ccxt.BadResponse) as caught:
        host.parse_orders("kraken", spoiled)
    assert caught.value.path == f'$.result.closed["{KRAKEN_ID}"].vol'


def test_rows_of_mexcs_contracts_are_left_to_ccxt():
    row = {"orderId": "26499", "symbol": "BTC_USDT", "vol": "15", "state": "2", "side": "1"}
    for plugins in ([], [sample("mexc")]):
        host = AdapterHost(plugins, entry_points=False)
        (order,) = host.parse_orders("mexc", [row])
        assert (order["id"], order["amount"], order["status"]) == ("26499", 15, "open")


def test_a_status_that_is_not_documented_is_an_error_and_the_good_rows_are_there(name, host):
    odd = {**ROWS[name], "status": "HALTED"}
    with pytest.raises(dfx_adapter.UnknownStatus) as caught:
        host.parse_orders(name, [ROWS[name], odd])
    assert caught.value.path == "$[1].status"
    assert len(caught.value.orders) == 1


def test_a_viqc_order_of_kraken_is_ordered_in_quote_money():
    host = AdapterHost([sample("kraken")], entry_points=False)
    row = {**ROWS["kraken"], "oflags": "fciq,viqc", "vol": "1500"}
    (order,) = host.parse_orders("kraken", [row], number=str)
    assert (order["amount"], order["cashAmount"], order["filled"]) == (None, "1500", None)


@pytest.mark.parametrize(
    ("kind", "prices", "expected"),
    [
        ("limit", ("100", "0"), {"price": "100"}),
        ("stop-loss-limit", ("90", "91"), {"price": "91", "stopLossPrice": "90"}),
        ("take-profit", ("110", "0"), {"price": None, "takeProfitPrice": "110"}),
        ("trailing-stop", ("+50.0000%", "0"), {"price": None, "stopLossPrice": None}),
    ],
)
def test_krakens_two_prices_mean_what_its_type_says(kind, prices, expected):
    host = AdapterHost([sample("kraken")], entry_points=False)
    price, price2 = prices
    described = {**KRAKEN_ROW["descr"], "ordertype": kind, "price": price, "price2": price2}
    (order,) = host.parse_orders("kraken", [{**ROWS["kraken"], "descr": described}], number=str)
    assert {key: order[key] for key in expected} == expected


# Beside ccxt.


def test_the_orders_are_those_of_ccxt_where_ccxt_is_right(name, host):
    stock = getattr(ccxt, name)()
    stock.set_markets([market(name)])
    exchange = host.attach(getattr(ccxt, name)())
    exchange.set_markets([market(name)])
    theirs, ours = stock.parse_order(ROWS[name]), exchange.parse_order(ROWS[name])
    for key in ("id", "symbol", "status", "side", "type", "timestamp", "datetime"):
        assert ours[key] == theirs[key], key
    for key in ("price", "amount", "filled", "remaining", "cost", "average"):
        assert ours[key] == pytest.approx(theirs[key], rel=1e-12), key
    if name == "kraken":
        assert ours["fee"] == {"cost": 3.8, "currency": "USDT"}
        assert theirs["fee"] == {"cost": "3.8", "currency": "USDT", "rate": None}  # text


# Over a socket.

METHODS = {
    "kraken": ("fetch_order", "fetch_open_orders", "fetch_closed_orders", "fetch_orders_by_ids"),
    "mexc": ("fetch_order", "fetch_open_orders", "fetch_orders", "fetch_orders_by_ids"),
}
IDS = {"kraken": "OXM2QD-EALR2-YBAVEU", "mexc": "C02__443776347957968896088"}


@pytest.fixture
def seen():
    return []


@pytest.fixture
def watched(name, seen):
    """A host with the sample, and with a wrapper and an observer that keep what they see."""

    class Watcher:
        @staticmethod
        @hookimpl(wrapper=True)
        def dfx_parse_orders(payload):
            orders = yield
            seen.append(("wrapper", [row.get("id", row.get("orderId")) for row in payload]))
            return orders

        @staticmethod
        @hookimpl
        def dfx_orders_parsed(orders):
            seen.append(("observer", [order["id"] for order in orders]))

    return AdapterHost([sample(name), Watcher], entry_points=False)


async def ask(exchange, method, *args):
    answer = getattr(exchange, method)(*args)
    return await answer if inspect.isawaitable(answer) else answer


@pytest.fixture(params=["connect", "attach", "register"])
def way(request):
    return request.param


@pytest.fixture(params=[False, True], ids=["sync", "async"])
async def traded(request, way, name, watched):
    """An exchange object that has one order at its exchange, however it got the adapter."""
    module = ccxt.async_support if request.param else ccxt
    with venues.serving(name) as (venue, served):
        config = {**served, "number": Decimal}
        if way == "connect":
            exchange = watched.connect(name, config, asynchronous=request.param)
        elif way == "attach":
            exchange = watched.attach(getattr(module, name)(config))
        else:
            watched.register(exchange_id=name)
            exchange = getattr(module, name)(config)
        venue.order = {"placed": "before"}
        yield exchange, venue
        await ask(exchange, "close")
        dfx_adapter.unregister()


async def test_every_reading_method_asks_the_plugin_one_time(traded, name, seen, mocker):
    exchange, _ = traded
    mapping = mocker.spy(sample(name), "order")
    for method in METHODS[name]:
        seen.clear()
        mapping.reset_mock()
        named = {"fetch_order": [IDS[name]], "fetch_orders_by_ids": [[IDS[name]]]}
        answer = await ask(exchange, method, *named.get(method, ()), "BTC/USDT")
        order = answer[0] if isinstance(answer, list) else answer
        assert (order["id"], order["symbol"]) == (IDS[name], "BTC/USDT"), method
        assert order["average"] == Decimal(70000)
        assert kit.check(order, Decimal) == []
        assert mapping.call_count == 1, method
        assert seen == [("wrapper", [IDS[name]]), ("observer", [IDS[name]])], method


async def test_waiting_asks_the_plugin_at_each_answer(traded, name, seen):
    exchange, venue = traded
    venue.is_canceled = True
    order = await ask(exchange, "wait_for_order", IDS[name], "BTC/USDT", 5)
    assert order["status"] == "canceled"
    assert seen == [("wrapper", [IDS[name]]), ("observer", [IDS[name]])]


async def test_changing_methods_do_not_ask_the_plugin(traded, name, seen, mocker):
    exchange, venue = traded
    venue.order = None
    mapping = mocker.spy(sample(name), "order")
    placed = await ask(exchange, "create_order", "BTC/USDT", "limit", "buy", 0.0004, 70000)
    assert (placed["id"], placed["symbol"]) == (IDS[name], "BTC/USDT")
    assert (placed["amount"], placed["price"]) == (Decimal("0.0004"), 70000)
    canceled = await ask(exchange, "cancel_order", IDS[name], "BTC/USDT")
    assert canceled["id"] == IDS[name]
    assert mapping.call_count == 0
    assert seen == [("observer", [IDS[name]])] * 2


class Broken:
    """A plugin of which everything breaks once there are orders."""

    is_broken = False

    @classmethod
    @hookimpl
    def dfx_order_statuses(cls, exchange_id):
        if cls.is_broken:
            raise RuntimeError("no table")
        return {}

    @staticmethod
    @hookimpl
    def dfx_parse_orders(exchange_id):
        raise RuntimeError("no mapping")

    @staticmethod
    @hookimpl
    def dfx_orders_parsed(orders):
        raise RuntimeError("no observing")


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("tables", [False, True], ids=["the mapping", "the tables, too"])
async def test_no_plugin_hides_that_an_order_was_placed_or_canceled(
    name, asynchronous, tables, monkeypatch
):
    host = AdapterHost([Broken], entry_points=False)
    with venues.serving(name) as (venue, config):
        exchange = host.connect(name, config, asynchronous=asynchronous)
        if tables:  # as in a process that has unpickled the object
            monkeypatch.setattr(Broken, "is_broken", True)
            host._tables._merged.clear()
        placed = await ask(exchange, "create_order", "BTC/USDT", "limit", "buy", 0.0004, 70000)
        assert (placed["id"], placed["amount"], placed["price"]) == (IDS[name], 0.0004, 70000)
        assert venue.order is not None
        canceled = await ask(exchange, "cancel_order", IDS[name], "BTC/USDT")
        assert (canceled["id"], venue.is_canceled) == (IDS[name], True)
        with pytest.raises(dfx_adapter.PluginError):
            await ask(exchange, "fetch_order", IDS[name], "BTC/USDT")
        await ask(exchange, "close")


def test_a_table_that_cannot_be_is_an_error_when_an_object_is_made(monkeypatch):
    monkeypatch.setattr(Broken, "is_broken", True)
    for make in (
        lambda host: host.connect("kraken"),
        lambda host: host.connect("digifinex"),
        lambda host: host.register(exchange_id="kraken"),
        lambda host: host.attach(ccxt.kraken()),
    ):
        with pytest.raises(dfx_adapter.PluginError, match="no table"):
            make(AdapterHost([Broken], entry_points=False))


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_row_that_cannot_be_mapped_costs_no_other(asynchronous, caplog):
    host = AdapterHost([sample("mexc")], entry_points=False)
    row = ROWS["mexc"]
    rows = [row, {**row, "orderId": "odd", "status": "HALTED"}, {**row, "orderId": "3"}]
    with venues.serving("mexc") as (venue, config):
        exchange = host.connect("mexc", config, asynchronous=asynchronous)
        await ask(exchange, "load_markets")
        venue.broken = json.dumps(rows).encode()
        with pytest.raises(dfx_adapter.UnknownStatus) as caught:
            await ask(exchange, "fetch_orders", "BTC/USDT")
        assert [order["id"] for order in caught.value.orders] == [row["orderId"], "3"]
        exchange.options["badRow"] = "skip"
        orders = await ask(exchange, "fetch_orders", "BTC/USDT")
        assert [order["id"] for order in orders] == [row["orderId"], "3"]
        await ask(exchange, "close")
    assert "mexc order skipped" in caplog.text


# Held against the rules of the conformance suite.


def test_the_orders_conform(name, host):
    exchange = host.connect(name)
    exchange.set_markets([market(name)])
    subject = Subject(name, orders=lambda: exchange.parse_orders([ROWS[name]]))
    report = run(subject)
    assert (report["ok"], report["conforms"]) == (True, True), report["results"]
