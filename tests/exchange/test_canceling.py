"""What became of orders that were to be canceled, whatever the exchange makes of it."""

import asyncio
import logging

import ccxt
import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.digifinex.answers import tables
from dfx_adapter.digifinex.methods import canceling, editing
from dfx_adapter.exchanges import drivers, waiting
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Body, Changed, ChangedRows, Code, Drop

LIMIT = {"price": 9000, "amount": 2}


def sent(simulator, ending):
    return [request for request in simulator.requests if request.path.endswith(ending)]


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 1000.03
        self.slept = []

    def __call__(self):
        return self.now

    def sleep_until(self, wake):
        self.slept.append(wake - self.now)
        self.now = max(self.now, wake)


@pytest.fixture
def clock(mocker, exchange):
    clock = Clock()
    mocker.patch.object(waiting, "clock", clock)
    mocker.patch.object(drivers, "sleep_until", clock.sleep_until)
    mocker.patch.object(drivers, "sleep_on_loop", side_effect=clock.sleep_until)
    return clock


@pytest.mark.parametrize("symbol", ["garbage", "", "BTC", "BTC/", "BTC_", "a/b/c", 5, ["BTC/USDT"]])
async def test_a_symbol_that_is_none_cancels_nothing(simulator, exchange, symbol):
    order_id = simulator.place(**LIMIT)
    cancels = (
        lambda: exchange.cancel_order(order_id, symbol),
        lambda: exchange.cancel_orders([order_id], symbol),
        lambda: exchange.cancel_orders_for_symbols([{"id": order_id, "symbol": symbol}]),
        lambda: exchange.edit_order(order_id, symbol, "limit", "buy", 1, 8000),
    )
    for cancel in cancels:
        with pytest.raises(ccxt.BadSymbol):
            await cancel()
    assert simulator.requests == []


@pytest.mark.parametrize("is_loaded", [True, False])
async def test_a_market_id_is_as_good_as_a_symbol(simulator, exchange, is_loaded, caplog):
    if is_loaded:
        await exchange.load_markets()
    a, b, c = (simulator.place(**LIMIT) for _ in range(3))
    orders = [
        await exchange.cancel_order(a, "BTC_USDT"),
        *await exchange.cancel_orders([b], "BTC_USDT"),
        *await exchange.cancel_orders_for_symbols([{"id": c, "symbol": "BTC_USDT"}]),
    ]
    assert [(order["status"], order["symbol"]) for order in orders] == [
        ("canceled", "BTC/USDT")
    ] * 3
    assert caplog.messages == []


async def test_an_order_of_another_market_is_canceled_with_a_warning(simulator, exchange, caplog):
    order_id = simulator.place("ETH_USDT", "buy", price=200, amount=2)
    order = await exchange.cancel_order(order_id, "BTC/USDT")
    assert (order["status"], order["symbol"]) == ("canceled", "ETH/USDT")
    (message,) = caplog.messages
    assert order_id in message
    assert "ETH/USDT" in message


async def test_where_the_status_is_lost_the_fill_is_unknown_and_that_is_warned_of(
    simulator, exchange, caplog
):
    order_id = simulator.place(**LIMIT)
    simulator.script("order", Code(50000))
    order = await exchange.cancel_order(order_id, "BTC_USDT")
    known = {key: value for key, value in order.items() if value not in (None, [])}
    assert set(known) == {"id", "symbol", "status", "info"}
    assert (order["id"], order["symbol"], order["status"]) == (order_id, "BTC/USDT", "canceled")
    (message,) = caplog.messages
    assert order_id in message
    assert "filled" in message


@pytest.mark.parametrize("lag", [1, 2, 3])
async def test_a_row_that_says_open_after_a_confirmed_cancel_is_asked_for_again(
    simulator, exchange, clock, caplog, lag
):
    order_id = simulator.place(**LIMIT)
    simulator.fill(order_id, "0.5")
    simulator.cancel_lag = lag
    order = await exchange.cancel_order(order_id, "BTC/USDT")
    assert (order["status"], order["filled"], order["remaining"]) == ("canceled", 0.5, 1.5)
    assert len(sent(simulator, "/order")) == 1 + lag
    assert len(clock.slept) == lag
    assert caplog.messages == []


async def test_after_about_a_second_what_the_exchange_says_is_reported(
    simulator, exchange, clock, caplog
):
    order_id = simulator.place(**LIMIT)
    simulator.cancel_lag = 100
    order = await exchange.cancel_order(order_id, "BTC/USDT")
    assert order["status"] == "open"
    assert 0.3 < sum(clock.slept) < 1.1
    assert all(0 < slept < 0.5 for slept in clock.slept)
    assert 2 <= len(sent(simulator, "/order")) <= 5
    (message,) = caplog.messages
    assert order_id in message
    assert "open" in message


async def test_slow_answers_are_not_asked_for_again(simulator, exchange, clock, mocker):
    order_id = simulator.place(**LIMIT)
    simulator.cancel_lag = 100
    statuses = canceling.statuses

    def slowly(*args):
        outcomes = yield from statuses(*args)
        clock.now += 0.8
        return outcomes

    mocker.patch.object(canceling, "statuses", slowly)
    await exchange.cancel_order(order_id, "BTC/USDT")
    assert len(sent(simulator, "/order")) == 2


async def test_only_those_still_open_are_asked_for_again_in_one_request(simulator, exchange, clock):
    placed = [simulator.place(**LIMIT) for _ in range(3)]
    simulator.cancel_lag = 1
    quick = simulator.place(**LIMIT)
    simulator.script("order", ChangedRows(_canceled(quick)))
    orders = await exchange.cancel_orders([*placed, quick])
    assert [order["status"] for order in orders] == ["canceled"] * 4
    assert [request.query["order_id"] for request in sent(simulator, "/order")] == [
        ",".join([*placed, quick]),
        ",".join(placed),
    ]


def _canceled(order_id):
    return lambda rows: [
        {**row, "status": 3} if row["order_id"] == order_id else row for row in rows
    ]


async def test_nothing_more_is_asked_during_a_ban(simulator, exchange, clock):
    order_id = simulator.place(**LIMIT)
    simulator.cancel_lag = 100
    simulator.script("order", Changed(lambda body: _struck(simulator, body)))
    order = await exchange.cancel_order(order_id, "BTC/USDT")
    assert order["status"] == "open"
    assert (len(sent(simulator, "/order")), clock.slept) == (1, [])


def _struck(simulator, body):
    """Let another user of the key meet a ban while this answer is on its way."""
    bans.strike(bans.account("digifinex", simulator.api_key), tables.BANS)
    return body


async def test_a_question_that_fails_loses_nothing_that_was_known(simulator, exchange, clock):
    order_id = simulator.place(**LIMIT)
    simulator.cancel_lag = 100
    simulator.script("order", Changed(lambda body: body), *[Code(50000)] * 10)
    order = await exchange.cancel_order(order_id, "BTC/USDT")
    assert (order["status"], order["filled"], order["amount"]) == ("open", 0.0, 2.0)


async def test_callers_that_wait_for_their_cancels_share_the_questions(simulator):
    host = AdapterHost(entry_points=False)
    exchange = host.connect(
        "digifinex", {**simulator.ccxt_config(), "enableRateLimit": False}, asynchronous=True
    )
    placed = [simulator.place(**LIMIT) for _ in range(8)]
    simulator.cancel_lag = 1
    orders = await asyncio.gather(*map(exchange.cancel_order, placed))
    await exchange.close()
    assert [order["id"] for order in orders] == placed
    assert {order["status"] for order in orders} == {"canceled"}
    assert len(sent(simulator, "/order")) < 2 * len(placed)


# Ids that were not canceled: what is raised depends on what the order is now.


def over(simulator):
    order_id = simulator.place(**LIMIT)
    simulator.fill(order_id)
    return order_id


def canceled(simulator):
    order_id = simulator.place(**LIMIT)
    simulator.cancel(order_id)
    return order_id


def unknown(simulator):
    return "no-such-order"


def still_open(simulator):
    simulator.refuses_cancels = True
    return simulator.place(**LIMIT)


def unreadable(simulator):
    order_id = over(simulator)
    simulator.set_row(order_id, status=...)
    return order_id


def of_an_unknown_status(simulator):
    order_id = over(simulator)
    simulator.set_row(order_id, status=9)
    return order_id


NOT_CANCELED = [
    (over, ccxt.OrderNotFound, "closed", "it is closed"),
    (canceled, ccxt.OrderNotFound, "canceled", "it is canceled"),
    (unknown, ccxt.OrderNotFound, None, "no such order"),
    (still_open, ccxt.InvalidOrder, "open", "it is open"),
    (unreadable, ccxt.InvalidOrder, None, "its status cannot be read: BadResponse"),
    (of_an_unknown_status, ccxt.InvalidOrder, None, "its status cannot be read: UnknownStatus"),
]


@pytest.mark.parametrize("is_listed", [True, False], ids=["under error", "not at all"])
@pytest.mark.parametrize(("prepare", "error_class", "status", "state"), NOT_CANCELED)
async def test_what_is_not_canceled(
    simulator, exchange, prepare, error_class, status, state, is_listed
):
    order_id = prepare(simulator)
    if not is_listed:
        simulator.script("order/cancel", Body(b'{"code":0,"success":[],"error":[]}'))
    for cancel in (exchange.cancel_order(order_id, "BTC/USDT"), exchange.cancel_orders([order_id])):
        with pytest.raises(error_class) as caught:
            await cancel
        assert type(caught.value) is error_class
        assert f"not cancelled: '{order_id}' ({state})" in str(caught.value)
        assert caught.value.ids == [order_id]
        assert [order["status"] for order in caught.value.orders] == ([status] if status else [])
        assert len(sent(simulator, "order/cancel")) == len(sent(simulator, "/order"))


async def test_a_lost_status_of_what_was_not_canceled_is_no_order_not_found(simulator, exchange):
    order_id = over(simulator)
    simulator.script("order", Drop(), Drop())
    with pytest.raises(ccxt.InvalidOrder) as caught:
        await exchange.cancel_order(order_id)
    assert type(caught.value) is ccxt.InvalidOrder


@pytest.mark.parametrize(
    ("prepares", "error_class"),
    [
        ((over, unknown, canceled), ccxt.OrderNotFound),
        ((over, unreadable), ccxt.InvalidOrder),
        ((unknown, of_an_unknown_status), ccxt.InvalidOrder),
    ],
)
async def test_a_mixed_list_is_not_found_only_if_all_that_failed_are(
    simulator, exchange, prepares, error_class
):
    good = simulator.place(**LIMIT)
    ids = [prepare(simulator) for prepare in prepares]
    with pytest.raises(error_class) as caught:
        await exchange.cancel_orders([ids[0], good, *ids[1:]], "BTC/USDT")
    assert type(caught.value) is error_class
    assert caught.value.ids == ids
    carried = {order["id"]: order["status"] for order in caught.value.orders}
    assert carried[good] == "canceled"
    assert good not in str(caught.value)
    readable = [i for i, p in zip(ids, prepares, strict=True) if p in (over, canceled)]
    assert set(carried) == {good, *readable}


async def test_a_lost_answer_names_what_it_leaves_open_and_carries_the_rest(simulator, exchange):
    placed = [simulator.place(**LIMIT) for _ in range(25)]
    simulator.fill(placed[0])
    simulator.script("order/cancel", Changed(lambda body: body), Code(50000))
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        await exchange.cancel_orders(placed)
    assert caught.value.ids == [placed[0], *placed[20:]]
    statuses = {order["id"]: order["status"] for order in caught.value.orders}
    assert statuses == {placed[0]: "closed", **dict.fromkeys(placed[1:20], "canceled")}


async def test_a_request_that_fails_keeps_no_other_order_from_its_cancel(simulator, exchange):
    placed = [simulator.place(**LIMIT) for _ in range(45)]
    simulator.script("order/cancel", Code(50000))
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        await exchange.cancel_orders(placed)
    lost = len(caught.value.ids)
    assert lost in {5, 20}  # with asyncio, any of the three may be the first to arrive
    assert len(sent(simulator, "order/cancel")) == 3
    assert {order["status"] for order in caught.value.orders} == {"canceled"}
    assert len(caught.value.orders) == 45 - lost


async def test_an_order_whose_status_is_lost_carries_the_answer_of_its_own_cancel(
    simulator, exchange
):
    placed = [simulator.place(**LIMIT) for _ in range(25)]
    simulator.script("order/cancel", Code(50000))
    simulator.script("order", Code(50000), Code(50000))
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        await exchange.cancel_orders(placed)
    orders = caught.value.orders
    assert [(order["id"], order["status"]) for order in orders] == [
        (order_id, "canceled") for order_id in placed[20:]
    ]
    assert {tuple(order["info"]["success"]) for order in orders} == {tuple(placed[20:])}


async def test_orders_of_two_requests_carry_the_answer_of_their_own(simulator, exchange):
    placed = [simulator.place(**LIMIT) for _ in range(25)]
    simulator.script("order", *[Code(50000)] * 2)
    orders = await exchange.cancel_orders(placed)
    assert all(order["id"] in order["info"]["success"] for order in orders)


async def test_a_client_id_cancels_nothing(simulator, exchange):
    order_id = simulator.place(**LIMIT)
    words = {"clientOrderId": "mine"}
    calls = (
        lambda: exchange.cancel_order(order_id, "BTC/USDT", words),
        lambda: exchange.cancel_orders([order_id], "BTC/USDT", words),
        lambda: exchange.cancel_orders_for_symbols([{"id": order_id}], words),
        lambda: exchange.edit_order(order_id, "BTC/USDT", "limit", "buy", 1, 8000, words),
        lambda: exchange.fetch_order(order_id, "BTC/USDT", words),
        lambda: exchange.fetch_orders_by_ids([order_id], None, words),
        lambda: exchange.fetch_open_orders(None, None, None, words),
        lambda: exchange.fetch_orders(None, None, None, words),
        lambda: exchange.fetch_closed_orders(None, None, None, words),
        lambda: exchange.fetch_canceled_orders(None, None, None, words),
        lambda: exchange.fetch_canceled_and_closed_orders(None, None, None, words),
        lambda: exchange.fetch_order_trades(order_id, None, None, None, words),
    )
    for call in calls:
        with pytest.raises(ccxt.NotSupported, match="clientOrderId"):
            await call()
    assert simulator.requests == []
    none = {"clientOrderId": None}
    await exchange.fetch_order(order_id, None, none)
    assert (await exchange.cancel_order(order_id, None, none))["status"] == "canceled"
    assert all("clientOrderId" not in {**r.query, **r.body} for r in simulator.requests)


def test_the_octobot_plug_in_matches_what_is_raised():
    """It finds an order that cannot be canceled by words that are all in the error's text."""
    import ast
    from pathlib import Path

    import dfx_adapter.bots

    source = Path(dfx_adapter.bots.__file__).with_name("octobot.py").read_text(encoding="utf-8")
    (words,) = (
        ast.literal_eval(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign)
        and getattr(node.targets[0], "id", "") == "EXCHANGE_ORDER_UNCANCELLABLE_ERRORS"
    )
    for order in ({"id": "x", "status": "closed"}, {"id": "x", "status": "open"}):
        text = str(canceling.failed(["x"], [{}], {"x": order})).lower()
        assert any(all(word in text for word in alternative) for alternative in words)
    for error in (editing.not_edited(order, "y"), editing.not_replaced(order, "y")):
        text = str(error).lower()
        assert not any(all(word in text for word in alternative) for alternative in words)


@pytest.fixture(autouse=True)
def _warnings_only(caplog):
    caplog.set_level(logging.WARNING)
