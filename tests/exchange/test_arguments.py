"""Arguments of every method over a real socket: read in one way, refused unsent."""

import ccxt
import msgspec
import pytest

from dfx_adapter.simulator import Body

NOW = 1_763_800_000
MOMENT = (NOW - 3600) * 1000  # milliseconds

LISTS = (
    *("fetch_orders", "fetch_open_orders", "fetch_closed_orders", "fetch_canceled_orders"),
    "fetch_canceled_and_closed_orders",
)
# How each method is called with a symbol, since, limit and params.
CALLS = {
    **{name: lambda *given: given for name in LISTS},
    "fetch_order_trades": lambda *given: ("1", *given),
}
WITH_SYMBOL = {
    **{name: lambda symbol: (symbol,) for name in LISTS},
    "fetch_order": lambda symbol: ("1", symbol),
    "fetch_orders_by_ids": lambda symbol: (["1"], symbol),
    "fetch_order_trades": lambda symbol: ("1", symbol),
}


def ids(orders):
    return [order["id"] for order in orders]


@pytest.fixture
def connected(simulator, connect, mocker):
    simulator._clock = lambda: NOW

    def connect_now(**config):
        exchange = connect(simulator, **config)
        mocker.patch.object(exchange.exchange, "milliseconds", return_value=NOW * 1000)
        return exchange

    return connect_now


@pytest.fixture
def exchange(connected):
    return connected()


def place(simulator, symbol="BTC_USDT", created=NOW - 60, **fields):
    return simulator.place(
        symbol, "buy", price=fields.pop("price", 1), amount=1, created_date=created, **fields
    )


WRONG = [
    ("since", "2026", None, {}),
    ("since", float("nan"), None, {}),
    ("since", True, None, {}),
    ("since", NOW, None, {}),  # seconds
    ("until", None, None, {"until": "2026"}),
    ("until", None, None, {"until": float("inf")}),
    ("limit", None, "10", {}),
    ("limit", None, 1.5, {}),
    ("limit", None, 0, {}),
    ("limit", None, -1, {}),
    ("limit", None, True, {}),
]


@pytest.mark.parametrize("method", CALLS)
async def test_what_cannot_be_is_refused_unsent(simulator, exchange, method):
    for name, since, limit, params in WRONG:
        with pytest.raises(ccxt.BadRequest, match=f": {name} "):
            await getattr(exchange, method)(*CALLS[method](None, since, limit, params))
    assert simulator.requests == []


async def test_what_is_no_symbol_is_refused_unsent(simulator, exchange):
    for method, call in WITH_SYMBOL.items():
        for symbol in ("garbage", "", "btc_usdt", "A/B/C", 5):
            with pytest.raises(ccxt.BadSymbol, match="symbol"):
                await getattr(exchange, method)(*call(symbol))
    assert simulator.requests == []


async def test_what_is_no_id_is_refused_unsent(simulator, exchange):
    for bad in (True, 1.0, None, b"a"):
        with pytest.raises(ccxt.BadRequest, match="fetchOrder: order id "):
            await exchange.fetch_order(bad)
        with pytest.raises(ccxt.BadRequest, match="fetchOrderTrades: order id "):
            await exchange.fetch_order_trades(bad)
        with pytest.raises(ccxt.BadRequest, match="fetchOrdersByIds: order id "):
            await exchange.fetch_orders_by_ids([bad])
    assert simulator.requests == []


@pytest.mark.parametrize("kind", [int, float, lambda moment: moment + 0.7])
async def test_what_goes_out_is_whole(simulator, exchange, kind):
    placed = [place(simulator, created=MOMENT // 1000 + index) for index in range(3)]
    until = {"until": kind(MOMENT + 1000)}
    for method in ("fetch_orders", "fetch_open_orders"):
        orders = await getattr(exchange, method)(None, kind(MOMENT), 2.0, until)
        assert ids(orders) == placed[:2]
    sent = [request.query for request in simulator.requests if "start_time" in request.query]
    assert {(query["start_time"], query["end_time"]) for query in sent} == {
        (str(MOMENT // 1000 - 1), str(MOMENT // 1000 + 2))
    }


async def test_an_end_before_the_start_or_the_exchange_is_no_request(simulator, exchange):
    place(simulator)
    assert await exchange.fetch_orders(None, MOMENT, None, {"until": MOMENT - 86_400_000}) == []
    assert await exchange.fetch_orders(None, None, None, {"until": 0}) == []
    assert simulator.requests == []


async def test_an_end_in_the_year_9999_is_the_present(simulator, exchange):
    order_id = place(simulator)
    last = {"until": 253_402_300_799_000}
    assert ids(await exchange.fetch_orders(None, MOMENT, None, last)) == [order_id]
    assert len(simulator.requests) == 1


@pytest.mark.parametrize("is_loaded", [False, True])
async def test_a_market_id_is_a_symbol(simulator, exchange, is_loaded):
    order_id = place(simulator)
    other = place(simulator, "ETH_USDT")
    if is_loaded:
        await exchange.load_markets()
    for symbol in ("BTC/USDT", "BTC_USDT"):
        assert (await exchange.fetch_order(order_id, symbol))["symbol"] == "BTC/USDT"
        assert ids(await exchange.fetch_orders_by_ids([order_id], symbol)) == [order_id]
        assert ids(await exchange.fetch_open_orders(symbol)) == [order_id]
        assert simulator.requests[-1].query["symbol"] == "BTC_USDT"
        assert ids(await exchange.fetch_orders(symbol)) == [order_id]
        assert await exchange.fetch_order_trades(order_id, symbol) == []
        with pytest.raises(ccxt.BadSymbol):
            await exchange.fetch_order(other, symbol)


async def test_an_instrument_id_is_a_swap_market(exchange):
    with pytest.raises(ccxt.NotSupported, match="swap"):
        await exchange.fetch_orders_by_ids(["1"], "BTCUSDTPERP")


@pytest.mark.parametrize(
    ("config", "symbol"),
    [
        ({}, "ETH/USDT"),
        ({"commonCurrencies": {"ETH": "MYETH"}}, "MYETH/USDT"),
        ({"commonCurrencies": {"ETH": "Own name", "USDT": "USD"}}, "Own name/USD"),
        ({"commonCurrencies": {"ETH": "MY"}, "substituteCommonCurrencyCodes": False}, "ETH/USDT"),
    ],
)
async def test_a_bots_own_names_hold_before_and_after_markets_are_loaded(
    simulator, connected, config, symbol
):
    exchange = connected(**config)
    order_id = place(simulator, "ETH_USDT")
    place(simulator)
    for _ in ("before", "after"):
        assert (await exchange.fetch_order(order_id, symbol))["symbol"] == symbol
        assert ids(await exchange.fetch_open_orders(symbol)) == [order_id]
        assert simulator.requests[-1].query["symbol"] == "ETH_USDT"
        assert ids(await exchange.fetch_orders(symbol)) == [order_id]
        await exchange.load_markets()
        assert symbol in exchange.exchange.markets


async def test_a_name_that_changes_is_read_anew(simulator, exchange):
    order_id = place(simulator, "ETH_USDT")
    assert (await exchange.fetch_order(order_id))["symbol"] == "ETH/USDT"
    exchange.exchange.commonCurrencies["ETH"] = "MYETH"
    assert (await exchange.fetch_order(order_id))["symbol"] == "MYETH/USDT"
    exchange.exchange.substituteCommonCurrencyCodes = False
    assert (await exchange.fetch_order(order_id))["symbol"] == "ETH/USDT"


def answer(*rows):
    encode = msgspec.json.Encoder(decimal_format="number").encode
    return Body(encode({"code": 0, "data": rows}))


@pytest.fixture
def rows(simulator):
    """Two orders of the market asked for, and one of another between them."""
    placed = [place(simulator), place(simulator, "ETH_USDT"), place(simulator)]
    return [simulator.row(order_id) for order_id in placed]


CURRENT = {"fetch_open_orders": "order/current", "fetch_orders": "order/history"}


@pytest.mark.parametrize("method", CURRENT)
async def test_a_row_of_another_symbol_costs_no_other_row(
    simulator, connected, rows, method, caplog
):
    names = [row["order_id"] for row in rows]
    simulator.script(CURRENT[method], answer(*rows), answer(*rows))
    with pytest.raises(ccxt.BadSymbol, match="is of ETH/USDT, asked was BTC/USDT") as caught:
        await getattr(connected(), method)("BTC/USDT")
    assert (ids(caught.value.orders), caught.value.ids) == ([names[0], names[2]], [names[1]])
    exchange = connected(options={"badRow": "skip"})
    assert sorted(ids(await getattr(exchange, method)("BTC/USDT"))) == sorted(names[::2])
    assert f"row skipped, order {names[1]}: " in caplog.text


async def test_an_order_of_another_symbol_costs_no_other_order(simulator, connected, rows, caplog):
    names = [row["order_id"] for row in rows]
    with pytest.raises(ccxt.BadSymbol) as caught:
        await connected().fetch_orders_by_ids(names, "BTC/USDT")
    assert ids(caught.value.orders) == [names[0], names[2]]
    exchange = connected(options={"badRow": "skip"})
    assert ids(await exchange.fetch_orders_by_ids(names, "BTC/USDT")) == [names[0], names[2]]
    assert f"row skipped, order {names[1]}: " in caplog.text


async def test_two_different_rows_of_one_order_cost_no_other_row(
    simulator, connected, rows, caplog
):
    twice = [*rows, {**rows[0], "price": 2}]
    simulator.script("order/current", answer(*twice), answer(*twice))
    with pytest.raises(ccxt.BadResponse, match="two different rows"):
        await connected().fetch_open_orders()
    exchange = connected(options={"badRow": "skip"})
    names = [row["order_id"] for row in rows]
    assert sorted(ids(await exchange.fetch_open_orders())) == sorted(names[1:])
    assert f"row skipped, order {names[0]}: " in caplog.text
