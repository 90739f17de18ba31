"""Lists of orders over a real socket, sync and asyncio."""

import random

import ccxt
import pytest

from dfx_adapter import AdapterHost, hookimpl
from dfx_adapter.simulator import Body, ChangedRows, Simulator, encode

DAY = 86_400
NOW = 1_763_800_000


@pytest.fixture
def simulator():
    with Simulator(clock=lambda: NOW) as exchange:
        yield exchange


@pytest.fixture
def connected(simulator, connect, mocker):
    """Connect on the simulator's clock."""

    def connect_now(**config):
        exchange = connect(simulator, **config)
        # Windows are reckoned from milliseconds(), requests signed with nonce().
        mocker.patch.object(exchange.exchange, "milliseconds", return_value=NOW * 1000)
        mocker.patch.object(exchange.exchange, "nonce", return_value=NOW)
        return exchange

    return connect_now


@pytest.fixture
def exchange(connected):
    return connected()


def place(simulator, created, **fields):
    fields = {"symbol": "BTC_USDT", "type": "buy", "price": 9000, "amount": 1, **fields}
    return simulator.place(fields.pop("symbol"), fields.pop("type"), created_date=created, **fields)


def ids(orders):
    return [order["id"] for order in orders]


def history(simulator):
    return [request for request in simulator.requests if request.path.endswith("order/history")]


async def test_250_orders_over_75_days_come_back_complete_in_order_and_without_repeats(
    simulator, exchange
):
    seconds = random.Random(20251122).sample(range(NOW - 75 * DAY, NOW), 250)
    placed = {place(simulator, second): second for second in seconds}
    orders = await exchange.fetch_orders("BTC/USDT", since=(NOW - 75 * DAY) * 1000)
    assert ids(orders) == sorted(placed, key=placed.get)
    assert len(history(simulator)) <= 9  # three windows of 30 days, the full ones halved


async def test_paging_is_what_is_always_done_and_its_word_is_not_sent(simulator, exchange):
    placed = place(simulator, NOW - 100)
    orders = await exchange.fetch_orders(since=(NOW - 200) * 1000, params={"paginate": True})
    assert ids(orders) == [placed]
    assert all("paginate" not in request.query for request in history(simulator))


async def test_a_busy_day_is_read_in_halves(simulator, exchange):
    placed = [place(simulator, NOW - 1000 + index // 2) for index in range(350)]
    orders = await exchange.fetch_orders(since=(NOW - DAY) * 1000)
    assert sorted(ids(orders)) == sorted(placed)


async def test_a_second_that_fills_a_page_ends_with_a_warning(simulator, exchange, caplog):
    for _ in range(130):
        place(simulator, NOW - 50)
    orders = await exchange.fetch_orders(since=(NOW - 100) * 1000)
    assert len(orders) == 100
    assert f"within a second or two of {NOW - 50} fill a page" in caplog.text
    assert len(history(simulator)) < 50  # and it ends


async def test_without_since_the_three_days_of_the_exchange(simulator, exchange):
    place(simulator, NOW - 4 * DAY)
    recent = place(simulator, NOW - 2 * DAY)
    assert ids(await exchange.fetch_orders()) == [recent]


async def test_limit_counts_the_oldest_with_since_and_the_newest_without(simulator, exchange):
    placed = [place(simulator, NOW - 1000 + index) for index in range(10)]
    assert ids(await exchange.fetch_orders(None, None, 3)) == placed[-3:]
    since = (NOW - 1000 + 2) * 1000
    assert ids(await exchange.fetch_orders(None, since, 3)) == placed[2:5]
    until = (NOW - 1000 + 4) * 1000
    assert ids(await exchange.fetch_orders(None, since, None, {"until": until})) == placed[2:5]


async def test_limit_with_since_stops_asking_when_it_has_enough(simulator, exchange):
    first = place(simulator, NOW - 74 * DAY)
    place(simulator, NOW - DAY)
    assert ids(await exchange.fetch_orders(None, (NOW - 75 * DAY) * 1000, 1)) == [first]
    assert len(history(simulator)) == 1


async def test_limit_is_counted_after_filtering(simulator, exchange):
    placed = [place(simulator, NOW - 1000 + index) for index in range(6)]
    for order_id in placed[::2]:
        simulator.fill(order_id)
    for order_id in placed[1::4]:
        simulator.cancel(order_id)
    assert ids(await exchange.fetch_closed_orders(None, None, 2)) == [placed[2], placed[4]]
    assert ids(await exchange.fetch_canceled_orders()) == [placed[1], placed[5]]
    over = await exchange.fetch_canceled_and_closed_orders()
    assert ids(over) == [placed[0], placed[1], placed[2], placed[4], placed[5]]
    assert ids(await exchange.fetch_open_orders()) == [placed[3]]


async def test_open_orders_by_symbol_since_and_limit(simulator, exchange):
    placed = [place(simulator, NOW - 1000 + index) for index in range(4)]
    other = place(simulator, NOW, symbol="ETH_USDT")
    assert ids(await exchange.fetch_open_orders("ETH/USDT")) == [other]
    assert simulator.requests[-1].query == {"symbol": "ETH_USDT"}
    since = (NOW - 1000 + 1) * 1000
    assert ids(await exchange.fetch_open_orders("BTC/USDT", since, 2)) == placed[1:3]


async def test_margin_lists_have_a_clean_path_and_query(simulator, exchange):
    order_id = place(simulator, NOW - 5, kind="margin")
    place(simulator, NOW - 5)
    for method in ("fetch_orders", "fetch_open_orders"):
        orders = await getattr(exchange, method)(None, None, None, {"marginMode": "cross"})
        assert ids(orders) == [order_id]
        assert simulator.requests[-1].path.startswith("/v3/margin/order/")
        assert not {"market", "margin", "marginMode", "type"} & set(simulator.requests[-1].query)


async def test_one_delisted_market_does_not_lose_the_list(simulator, exchange):
    kept = place(simulator, NOW - 10)
    delisted = place(simulator, NOW - 5)
    simulator.set_row(delisted, symbol="FOO_USDT")
    await exchange.load_markets()
    orders = await exchange.fetch_orders()
    assert [(order["id"], order["symbol"]) for order in orders] == [
        (kept, "BTC/USDT"),
        (delisted, "FOO/USDT"),
    ]


async def test_an_error_on_a_later_page_carries_the_orders_of_the_earlier_ones(simulator, exchange):
    first = place(simulator, NOW - 40 * DAY)
    later = place(simulator, NOW - 5)
    simulator.set_row(later, status=9)
    with pytest.raises(ccxt.ExchangeError) as caught:
        await exchange.fetch_orders(None, (NOW - 45 * DAY) * 1000)
    assert ids(caught.value.orders) == [first]


async def test_a_row_of_another_symbol_than_asked_is_refused(simulator, exchange):
    order_id = place(simulator, NOW - 5, symbol="ETH_USDT")
    row = simulator.row(order_id)
    simulator.script("order/current", Body(encode({"code": 0, "data": [row]})))
    with pytest.raises(ccxt.BadSymbol):
        await exchange.fetch_open_orders("BTC/USDT")


async def test_since_the_beginning_and_since_tomorrow(simulator, exchange):
    order_id = place(simulator, NOW - 40 * DAY)
    assert ids(await exchange.fetch_orders(None, 0)) == [order_id]
    assert len(history(simulator)) < 120  # no orders are looked for before the exchange began
    simulator.clear_log()
    assert await exchange.fetch_orders(None, (NOW + DAY) * 1000) == []
    assert simulator.requests == []


async def test_a_history_without_an_end_is_given_up(simulator, exchange, mocker):
    mocker.patch("dfx_adapter.digifinex.methods.history.MOST_PAGES", 20)
    rows = [simulator.row(place(simulator, NOW - 100 + index)) for index in range(100)]
    simulator.script("order/history", *[Body(encode({"code": 0, "data": rows}))] * 30)
    with pytest.raises(ccxt.BadResponse, match="after 20 of them") as caught:
        await exchange.fetch_orders()
    assert len(caught.value.orders) == 100


@pytest.mark.parametrize(
    "name",
    [
        "fetchOrder",
        "fetchOrders",
        "fetchOpenOrders",
        "fetchClosedOrders",
        "fetchCanceledOrders",
        "fetchCanceledAndClosedOrders",
    ],
)
async def test_has_tells_the_truth(exchange, name):
    assert exchange.exchange.has[name] is True
    assert callable(getattr(exchange.exchange, name))


async def test_ccxts_own_parse_order_is_exact_too(exchange):
    row = {
        "symbol": "BTC_USDT",
        "order_id": "x",
        "created_date": 1562303547,
        "finished_date": 0,
        "price": "0.1",
        "amount": "0.3",
        "cash_amount": 0,
        "executed_amount": "0.1",
        "avg_price": "0.1",
        "status": 1,
        "type": "sell",
        "kind": "spot",
    }
    order = exchange.exchange.parse_order(row)
    assert (order["remaining"], order["lastTradeTimestamp"], order["fee"]) == (0.2, None, None)


LISTS = [("order/current", "fetch_open_orders"), ("order/history", "fetch_orders")]


@pytest.mark.parametrize(("endpoint", "method"), LISTS)
async def test_the_same_row_twice_is_one_order(simulator, exchange, endpoint, method):
    a, b = place(simulator, NOW - 9), place(simulator, NOW - 8)
    simulator.script(endpoint, ChangedRows(lambda rows: rows * 2))
    assert ids(await getattr(exchange, method)()) == [a, b]


@pytest.mark.parametrize(("endpoint", "method"), LISTS)
async def test_two_different_rows_of_one_order_are_doubted(simulator, exchange, endpoint, method):
    a, b = place(simulator, NOW - 9), place(simulator, NOW - 8)
    partly = {**simulator.row(a), "status": 1, "executed_amount": 1, "avg_price": 9000}
    simulator.script(endpoint, ChangedRows(lambda rows: [*rows, partly]))
    with pytest.raises(ccxt.BadResponse, match="two different rows of one order") as caught:
        await getattr(exchange, method)()
    assert caught.value.ids == [a]
    assert ids(caught.value.orders) == [b]


class Expiring:
    """README's own plugin: what was cancelled without fills is expired; and a status of its own."""

    @hookimpl
    def dfx_order_statuses(self, exchange_id):
        return {3: "expired", 9: "rejected"} if exchange_id == "digifinex" else {}


async def test_what_a_plugin_calls_expired_or_rejected_is_among_what_is_over(simulator, connected):
    exchange = connected(host=AdapterHost([Expiring()], entry_points=False))
    open_, closed, expired, canceled, rejected = (
        place(simulator, NOW - 100 + index) for index in range(5)
    )
    simulator.fill(closed)
    simulator.cancel(expired)
    simulator.fill(canceled, "0.4")
    simulator.cancel(canceled)
    simulator.set_row(rejected, status=9)
    assert ids(await exchange.fetch_canceled_orders()) == [expired, canceled, rejected]
    over = await exchange.fetch_canceled_and_closed_orders()
    assert [order["status"] for order in over] == ["closed", "expired", "canceled", "rejected"]
    assert ids(await exchange.fetch_closed_orders()) == [closed]
    assert ids(await exchange.fetch_orders()) == [open_, closed, expired, canceled, rejected]
