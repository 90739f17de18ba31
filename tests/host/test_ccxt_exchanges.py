"""Any exchange of ccxt through the same interface: its orders brought to the rules."""

import inspect
from decimal import Decimal

import ccxt
import ccxt.async_support
import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.errors import UnknownStatus
from dfx_adapter.order import KEYS
from dfx_adapter.unified.ccxt_classes import exchange_class

# As ccxt's own `parse_order` gives an order, with what ccxt leaves vague.
ORDER = {
    "id": "OTLAS3",
    "info": {"raw": "row"},
    "symbol": "BTC/USDT",
    "status": "open",
    "side": "sell",
    "type": "limit",
    "timestamp": 1_586_822_919_334,
    "datetime": "2020-04-14T00:08:39.334Z",
    "price": 6851.5,
    "amount": 0.3,
    "filled": 0.1,
    "remaining": None,
    "average": 6851.5,
    "cost": 685.15,
    "lastTradeTimestamp": 0,
    "fee": {"cost": None, "currency": None},
    "fees": [{"cost": None, "currency": "USDT"}, {"cost": 0.5, "currency": "USDT"}],
    "trades": None,
}


@pytest.fixture
def host(hosting):
    return hosting()


@pytest.fixture
def completed(host):
    """Give ORDER with changes as kraken's, brought to the rules."""

    def order(number=float, **changes):
        (done,) = host.parse_orders("kraken", [{**ORDER, **changes}], number=number)
        return done

    return order


def test_every_ccxt_id_is_served_and_digifinex_is_ours(host):
    assert set(host.exchanges) == set(ccxt.exchanges)
    assert host.exchanges["digifinex"].title == "DigiFinex"
    served = {each.name: each.exchanges for each in host.plugins}
    assert served["digifinex"] == ("digifinex",)
    assert set(served["ccxt"]) == set(ccxt.exchanges) - {"digifinex"}


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken", "binance", "kucoin"])
def test_connect_gives_an_object_that_is_the_ccxt_class(exchange_id, host):
    exchange = host.connect(exchange_id)
    assert isinstance(exchange, getattr(ccxt, exchange_id))
    assert exchange.id == exchange_id
    assert type(exchange) is not getattr(ccxt, exchange_id)


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken", "binance"])
async def test_connect_gives_the_asyncio_class_when_asked(exchange_id, host):
    exchange = host.connect(exchange_id, asynchronous=True)
    try:
        assert isinstance(exchange, getattr(ccxt.async_support, exchange_id))
        assert inspect.iscoroutinefunction(exchange.fetch_order)
    finally:
        await exchange.close()


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_connect_passes_the_config_through_and_leaves_it_alone(
    exchange_id, asynchronous, host
):
    config = {
        "apiKey": "key",
        "secret": "secret",
        "timeout": 1234,
        "enableRateLimit": False,
        "options": {"defaultType": "margin", "mine": {"deep": 1}},
        "headers": {"X-Mine": "1"},
    }
    before = {**config, "options": {**config["options"]}}
    exchange = host.connect(exchange_id, config, asynchronous=asynchronous)
    assert (exchange.apiKey, exchange.secret, exchange.timeout) == ("key", "secret", 1234)
    assert exchange.enableRateLimit is False
    assert exchange.options["defaultType"] == "margin"
    assert exchange.options["mine"] == {"deep": 1}
    assert exchange.headers["X-Mine"] == "1"
    assert config == before
    if asynchronous:
        await exchange.close()


def test_connecting_changes_no_class_of_ccxt(host):
    host.connect("kraken")
    host.connect("digifinex")
    for module in (ccxt, ccxt.async_support):
        assert not hasattr(module.kraken, "dfx_bind")
        assert not hasattr(module.digifinex, "dfx_bind")


def test_an_order_is_brought_to_the_rules_whole(completed):
    assert completed() == {
        **dict.fromkeys(KEYS),
        "id": "OTLAS3",
        "info": {"raw": "row"},
        "symbol": "BTC/USDT",
        "status": "open",
        "side": "sell",
        "type": "limit",
        "timestamp": 1_586_822_919_334,
        "datetime": "2020-04-14T00:08:39.334Z",
        "price": 6851.5,
        "amount": 0.3,
        "filled": 0.1,
        "remaining": 0.2,  # exact: in binary 0.3 - 0.1 is 0.19999999999999998
        "average": 6851.5,
        "cost": 685.15,
        "lastTradeTimestamp": None,
        "fee": None,
        "fees": [{"cost": 0.5, "currency": "USDT"}],
        "trades": [],
    }


@pytest.mark.parametrize(
    ("told", "worked_out"),
    [
        ((1.0, 0.25, None), (1.0, 0.25, 0.75)),
        ((1.0, None, 0.25), (1.0, 0.75, 0.25)),
        ((1.0, 0.25, 0.75), (1.0, 0.25, 0.75)),
        ((1.0, 0.25, 0.5), (1.0, 0.25, 0.5)),  # as the exchange said it
        ((1.0, None, None), (1.0, None, None)),
        ((None, 0.25, None), (None, 0.25, None)),
        ((1.0, 1.25, None), (1.0, 1.25, 0.0)),  # nothing negative is invented
        ((1.0, None, 1.25), (1.0, 0.0, 1.25)),
        ((0.3, 0.1, None), (0.3, 0.1, 0.2)),
    ],
)
def test_remaining_and_filled_are_worked_out_where_they_can_be(told, worked_out, completed):
    names = ("amount", "filled", "remaining")
    order = completed(**dict(zip(names, told, strict=True)))
    assert tuple(order[name] for name in names) == worked_out


@pytest.mark.parametrize("name", ["timestamp", "lastTradeTimestamp", "lastUpdateTimestamp"])
def test_a_time_of_zero_is_none(name, completed):
    order = completed(**{name: 0})
    assert order[name] is None
    if name == "timestamp":
        assert order["datetime"] is None


def test_a_time_is_kept(completed):
    assert completed(lastTradeTimestamp=5_000)["lastTradeTimestamp"] == 5_000


@pytest.mark.parametrize(
    ("fee", "kept"),
    [
        (None, None),
        ({}, None),
        ({"cost": None, "currency": "USDT"}, None),
        ({"currency": "USDT"}, None),
        ({"cost": 0.0, "currency": "USDT"}, {"cost": 0.0, "currency": "USDT"}),
        ({"cost": 1.5, "currency": None}, {"cost": 1.5, "currency": None}),
        ({"cost": "0.00020", "currency": "USD"}, {"cost": 0.0002, "currency": "USD"}),
    ],
)
def test_a_fee_without_a_cost_is_no_fee(fee, kept, completed):
    order = completed(fee=fee, fees=[] if fee is None else [fee])
    assert order["fee"] == kept
    assert order["fees"] == ([] if kept is None else [kept])


def test_keys_that_only_this_exchange_has_are_kept(completed):
    order = completed(workingType="MARK", reduceOnly=True, clientOrderId="mine")
    assert (order["workingType"], order["reduceOnly"], order["clientOrderId"]) == (
        "MARK",
        True,
        "mine",
    )


@pytest.mark.parametrize("status", ["open", "closed", "canceled", "expired", "rejected", None])
def test_a_unified_status_is_kept(status, completed):
    assert completed(status=status)["status"] == status


def test_an_order_that_is_being_cancelled_is_open_still(completed):
    assert completed(status="canceling")["status"] == "open"


@pytest.mark.parametrize("status", ["5", "FILLED", "partially_filled", "", 5])
def test_an_unknown_status_is_an_error_with_path_value_and_the_good_orders(status, host):
    orders = [{**ORDER, "id": "a"}, {**ORDER, "id": "b", "status": status}, {**ORDER, "id": "c"}]
    with pytest.raises(UnknownStatus) as caught:
        host.parse_orders("kraken", orders)
    error = caught.value
    assert (error.path, error.found, error.exchange_id) == ("$[1].status", status, "kraken")
    assert [order["id"] for order in error.orders] == ["a", "c"]
    assert error.orders[0]["remaining"] == 0.2


def test_an_unknown_status_can_be_skipped_with_a_warning(host, caplog):
    context = host.context("kraken", bad_row="skip")
    orders = [{**ORDER, "id": "a", "status": "odd"}, {**ORDER, "id": "b"}]
    assert [order["id"] for order in host.map_orders("kraken", orders, context)] == ["b"]
    (record,) = caplog.records
    assert "kraken" in record.getMessage()
    assert "$[0].status" in record.getMessage()


def test_a_plugin_can_add_a_status_of_any_exchange(plugin, hosting):
    def statuses(exchange_id):
        return {"pending": "open"} if exchange_id == "kraken" else {}

    host = hosting(plugin("Site", dfx_order_statuses=statuses))
    (order,) = host.parse_orders("kraken", [{**ORDER, "status": "pending"}])
    assert order["status"] == "open"
    with pytest.raises(UnknownStatus):
        host.parse_orders("binance", [{**ORDER, "status": "pending"}])


@pytest.mark.parametrize("number", [Decimal, str])
def test_numbers_are_of_the_type_asked_for(number, completed):
    order = completed(number, amount="1234567890.12345678", filled="0.00000001", remaining=None)
    assert order["remaining"] == number("1234567890.12345677")
    assert {type(order[name]) for name in ("price", "amount", "filled", "cost")} == {number}


@pytest.mark.parametrize("payload", [{"code": 0, "data": []}, "text", None, [None], [[]], 5])
def test_what_is_no_list_of_orders_is_a_bad_response(payload, host):
    with pytest.raises(ccxt.BadResponse) as caught:
        host.parse_orders("kraken", payload)
    assert caught.value.exchange_id == "kraken"
    assert caught.value.path.startswith("$")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[", '["\ud800"]'])
def test_a_body_that_is_no_json_is_a_bad_response(body, host):
    with pytest.raises(ccxt.BadResponse) as caught:
        host.parse_orders("kraken", body)
    assert (caught.value.exchange_id, caught.value.path) == ("kraken", "$")


MARKET = {
    "id": "BTCUSDT",
    "symbol": "BTC/USDT",
    "base": "BTC",
    "quote": "USDT",
    "baseId": "BTC",
    "quoteId": "USDT",
    "type": "spot",
    "spot": True,
    "margin": True,
    "swap": False,
    "future": False,
    "option": False,
    "contract": False,
    "linear": None,
    "inverse": None,
    "active": True,
    "precision": {"amount": 1e-8, "price": 0.01},
    "limits": {},
}


@pytest.fixture(params=[False, True], ids=["sync", "async"])
async def kraken(request, plugin, hosting, mocker):
    """Give a kraken that has one order, the calls that the hooks saw, and a way to await it."""
    seen = []

    def observe(exchange_id, orders):
        seen.append((exchange_id, [order["id"] for order in orders]))

    host = hosting(plugin("Observer", dfx_orders_parsed=observe))
    exchange = host.connect("kraken", {"apiKey": "k", "secret": "cw=="}, asynchronous=request.param)
    exchange.set_markets([MARKET])
    kind = mocker.AsyncMock if request.param else mocker.Mock
    raw = {"error": [], "result": {"OTLAS3": {}}}
    mocker.patch.object(exchange, "privatePostQueryOrders", kind(return_value=raw))
    mocker.patch.object(exchange, "parse_order", return_value=ORDER)

    async def result(answer):
        return await answer if inspect.isawaitable(answer) else answer

    yield exchange, seen, result
    if request.param:
        await exchange.close()


async def test_an_order_fetched_is_brought_to_the_rules(kraken):
    exchange, seen, result = kraken
    order = await result(exchange.fetch_order("OTLAS3"))
    assert (order["remaining"], order["fee"], order["lastTradeTimestamp"]) == (0.2, None, None)
    assert set(KEYS) <= set(order)
    assert seen == [("kraken", ["OTLAS3"])]


async def test_the_camel_case_method_is_the_same(kraken):
    exchange, seen, result = kraken
    order = await result(exchange.fetchOrder("OTLAS3"))
    assert (order["remaining"], order["fee"]) == (0.2, None)
    assert seen == [("kraken", ["OTLAS3"])]


async def test_an_unknown_status_fetched_is_an_error(kraken, mocker):
    exchange, seen, result = kraken
    mocker.patch.object(exchange, "parse_order", return_value={**ORDER, "status": "weird"})
    with pytest.raises(UnknownStatus) as caught:
        await result(exchange.fetch_order("OTLAS3"))
    assert (caught.value.found, caught.value.exchange_id) == ("weird", "kraken")
    assert seen == []


async def test_skipping_bad_rows_of_lists_does_not_skip_the_one_order_asked_for(kraken, mocker):
    exchange, _, result = kraken
    exchange.options["badRow"] = "skip"
    mocker.patch.object(exchange, "parse_order", return_value={**ORDER, "status": "weird"})
    with pytest.raises(ccxt.BaseError):
        await result(exchange.fetch_order("OTLAS3"))


async def test_the_exchanges_own_errors_pass_as_they_are(kraken):
    exchange, seen, result = kraken
    with pytest.raises(ccxt.OrderNotFound):
        await result(exchange.fetch_order("NO-SUCH-ORDER"))
    assert seen == []


async def test_after_an_error_the_hooks_still_see_the_next_answer(kraken):
    exchange, seen, result = kraken
    with pytest.raises(ccxt.OrderNotFound):
        await result(exchange.fetch_order("NO-SUCH-ORDER"))
    await result(exchange.fetch_order("OTLAS3"))
    assert seen == [("kraken", ["OTLAS3"])]


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_methods_that_call_each_other_are_one_answer(asynchronous, plugin, hosting, mocker):
    """binance.fetch_closed_orders asks its own fetch_orders."""
    seen = []
    wrapped = []

    def observe(orders):
        seen.append([order["id"] for order in orders])

    host = hosting(
        plugin("Observer", dfx_orders_parsed=observe),
        plugin("Declining", dfx_parse_orders=lambda payload: wrapped.append(len(payload))),
    )
    exchange = host.connect("binance", {"apiKey": "k", "secret": "s"}, asynchronous=asynchronous)
    exchange.set_markets([MARKET])
    inner = mocker.AsyncMock if asynchronous else mocker.Mock
    mocker.patch.object(exchange, "privateGetAllOrders", inner(return_value=[{}, {}]))
    orders = [{**ORDER, "id": "a", "status": "closed"}, {**ORDER, "id": "b", "status": "closed"}]
    mocker.patch.object(exchange, "parse_orders", return_value=orders)
    nested = mocker.spy(exchange, "fetch_orders")

    answer = exchange.fetch_closed_orders("BTC/USDT")
    got = await answer if asynchronous else answer
    if asynchronous:
        await exchange.close()

    assert nested.call_count == 1
    assert [order["remaining"] for order in got] == [0.2, 0.2]
    assert seen == [["a", "b"]]
    assert wrapped == [2]


async def test_asyncio_tasks_side_by_side_are_answers_of_their_own(plugin, hosting, mocker):
    import asyncio

    seen = []

    def observe(orders):
        seen.extend(orders)

    host = hosting(plugin("Observer", dfx_orders_parsed=observe))
    exchange = host.connect("kraken", {"apiKey": "k", "secret": "cw=="}, asynchronous=True)
    exchange.set_markets([MARKET])

    async def slow(request):
        await asyncio.sleep(0.01)
        return {"error": [], "result": {request["txid"]: {}}}

    mocker.patch.object(exchange, "privatePostQueryOrders", slow)
    mocker.patch.object(exchange, "parse_order", lambda raw: {**ORDER, "id": raw["id"]})
    got = await asyncio.gather(*(exchange.fetch_order(each) for each in "abc"))
    await exchange.close()
    assert [order["id"] for order in got] == ["a", "b", "c"]
    assert sorted(order["id"] for order in seen) == ["a", "b", "c"]


def test_an_order_just_placed_is_not_lost_to_a_word_that_no_table_knows(mocker, caplog):
    placed = {"id": "1", "status": "pending"}
    mocker.patch.object(ccxt.hitbtc, "create_order", return_value=placed)
    host = AdapterHost(entry_points=False)
    exchange_class.cache_clear()
    order = host.connect("hitbtc").create_order("BTC/USDT", "limit", "buy", 1, 1)
    exchange_class.cache_clear()
    assert (order["id"], order["status"]) == ("1", None)
    assert "hitbtc order 1: unknown status 'pending'" in caplog.text
