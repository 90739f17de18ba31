"""Swap orders go to ccxt's own methods: as they were asked for, in one call, never to ours."""

import inspect

import ccxt
import ccxt.async_support
import pytest

from dfx_adapter.digifinex.methods import canceling

SWAP = "BTC/USDT:USDT"
SPOT = "BTC/USDT"
SINCE = 1_763_800_000_000
WORDS = {"type": "swap", "x": 1}
ORDER = (SWAP, "limit", "buy", 3, 9000)
BATCH = [{"symbol": SWAP, "type": "limit", "side": "buy", "amount": 3, "price": 9000}]
PAIRS = [{"id": "7", "symbol": SWAP}, {"id": "8", "symbol": "ETH/USDT:USDT"}]
STATUSES = ("open", "closed", "canceled")
OPEN = {"id": "7", "status": "open", "amount": 3, "filled": 0, "remaining": 3}
GONE = {**OPEN, "status": "canceled"}
ROWS = [{"id": str(i), "status": status} for i, status in enumerate(STATUSES)]

# A method of ours, which is ccxt's of that name, and what it is called with.
HANDED = {
    "fetch_order": ("7", SWAP, WORDS),
    "fetch_open_orders": (SWAP, SINCE, 6, WORDS),
    "fetch_orders": (SWAP, SINCE, 6, WORDS),
    "create_order": (*ORDER, WORDS),
    "create_orders": (BATCH, WORDS),
    "cancel_order": ("7", SWAP, WORDS),
    "cancel_orders_for_symbols": (PAIRS, WORDS),
}
FILTERED = {
    "fetch_closed_orders": {"closed"},
    "fetch_canceled_orders": {"canceled"},
    "fetch_canceled_and_closed_orders": {"closed", "canceled"},
}


@pytest.fixture
def stock(exchange, mocker):
    """Replace a method of ccxt's own class, and return the stand-in."""
    asynchronous = inspect.iscoroutinefunction(exchange.exchange.fetch_order)
    cls = (ccxt.async_support if asynchronous else ccxt).digifinex

    def replace(name, **how):
        return mocker.patch.object(cls, name, **how)

    return replace


@pytest.fixture
async def loaded(exchange, simulator):
    await exchange.load_markets()
    simulator.clear_log()
    return exchange


@pytest.mark.parametrize("method", HANDED)
async def test_it_is_handed_over_as_it_came(simulator, exchange, stock, method):
    answer = [{"id": "7", "status": "open"}]
    called = stock(method, return_value=answer)
    assert await getattr(exchange, method)(*HANDED[method]) is not None
    called.assert_called_once_with(*HANDED[method])
    assert simulator.requests == []


@pytest.mark.parametrize("method", HANDED)
async def test_by_name_it_is_the_same(exchange, stock, method):
    called = stock(method, return_value=[])
    names = inspect.signature(getattr(exchange.exchange, method)).parameters
    await getattr(exchange, method)(**dict(zip(names, HANDED[method], strict=True)))
    called.assert_called_once_with(*HANDED[method])


@pytest.mark.parametrize("method", HANDED)
async def test_its_refusal_is_raised(simulator, exchange, stock, method):
    called = stock(method, side_effect=ccxt.InsufficientFunds("no money"))
    with pytest.raises(ccxt.InsufficientFunds, match="no money"):
        await getattr(exchange, method)(*HANDED[method])
    assert called.call_count == 1
    assert simulator.requests == []


@pytest.mark.parametrize("method", HANDED)
async def test_nothing_of_it_recurs(simulator, connect, stock, method):
    """Without a stand-in ccxt's own method runs; it asks the exchange, which has no swaps here."""
    exchange = connect(simulator)
    with pytest.raises(ccxt.BaseError):
        await getattr(exchange, method)(*HANDED[method])
    swaps = [request for request in simulator.requests if request.path.startswith("/swap/v2")]
    assert len(swaps) <= 2  # its markets, and its answer
    others = {request.path for request in simulator.requests if "order" in request.path}
    assert others <= {request.path for request in swaps}


@pytest.mark.parametrize(("method", "kept"), FILTERED.items())
async def test_lists_by_status_keep_theirs(exchange, stock, method, kept):
    called = stock("fetch_orders", return_value=ROWS)
    orders = await getattr(exchange, method)(SWAP, SINCE, 6, WORDS)
    called.assert_called_once_with(SWAP, SINCE, 6, WORDS)
    assert {order["status"] for order in orders} == kept


@pytest.mark.parametrize("method", ["fetch_orders_by_ids", "fetch_order_trades"])
async def test_what_swaps_do_not_have_is_refused_unsent(simulator, exchange, method):
    ids = ["7"] if method == "fetch_orders_by_ids" else "7"
    with pytest.raises(ccxt.NotSupported, match="swap"):
        await getattr(exchange, method)(ids, SWAP)
    assert simulator.requests == []


SAYS_SWAP = {
    "symbol": (SWAP, {}, {}),
    "params": (None, {"type": "swap"}, {}),
    "default params": (None, {"defaultType": "swap"}, {}),
    "options": (None, {}, {"defaultType": "swap"}),
    "options of the method": (None, {}, {"cancelOrder": {"defaultType": "swap"}}),
}


@pytest.mark.parametrize(("symbol", "params", "options"), SAYS_SWAP.values(), ids=SAYS_SWAP)
async def test_however_swap_is_asked_for(simulator, connect, stock, symbol, params, options):
    called = stock("cancel_order", return_value={"id": "7"})
    exchange = connect(simulator, options=options)
    await exchange.cancel_order("7", symbol, params)
    called.assert_called_once_with("7", symbol, params)


@pytest.mark.parametrize("symbol", [SPOT, "BTC_USDT"])
async def test_a_spot_symbol_is_spot_whatever_the_default(simulator, connect, stock, symbol):
    called = stock("create_order")
    exchange = connect(simulator, options={"defaultType": "swap"})
    order = await exchange.create_order(symbol, "limit", "buy", 0.5, 9000)
    assert order["symbol"] == SPOT
    assert called.call_count == 0


async def test_a_mixed_list_is_refused_before_anything_is_sent(simulator, exchange, stock):
    stock("create_orders")
    stock("cancel_orders_for_symbols")
    order_id = simulator.place(price=9000, amount=1)
    spot = {"symbol": SPOT, "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    pair = {"id": order_id, "symbol": SPOT}
    for mixed in ([spot, BATCH[0]], [BATCH[0], spot]):
        with pytest.raises(ccxt.BadRequest, match="one market"):
            await exchange.create_orders(mixed)
    for mixed in ([pair, PAIRS[0]], [PAIRS[0], pair]):
        with pytest.raises(ccxt.BadRequest, match="one market type"):
            await exchange.cancel_orders_for_symbols(mixed)
    assert simulator.requests == []
    assert simulator.row(order_id)["status"] == 0


async def test_lists_may_come_from_generators(exchange, stock):
    methods = {name: HANDED[name] for name in HANDED if isinstance(HANDED[name][0], list)}
    assert len(methods) == 2
    for method, (given, *rest) in methods.items():
        called = stock(method, return_value=[])
        await getattr(exchange, method)((one for one in given), *rest)
        called.assert_called_once_with(given, *rest)


# The cancel_orders of ccxt 4.5.22 cancels swap ids on spot, so another method of ccxt's is used.


async def test_many_are_canceled_as_pairs_of_id_and_symbol(simulator, exchange, stock):
    never = stock("cancel_orders")
    called = stock("cancel_orders_for_symbols", return_value=[{"id": "7"}])
    assert await exchange.cancel_orders(["7", "8"], SWAP, WORDS) == [{"id": "7"}]
    called.assert_called_once_with(
        [{"id": "7", "symbol": SWAP}, {"id": "8", "symbol": SWAP}], {"x": 1}
    )
    assert never.call_count == 0
    assert simulator.requests == []


async def test_many_without_a_symbol_are_refused_unsent(simulator, exchange):
    for ids in (["7", "8"], []):
        with pytest.raises(ccxt.BadRequest, match="symbol"):
            await exchange.cancel_orders(ids, None, WORDS)
    assert simulator.requests == []


async def test_none_of_many_is_canceled_on_spot(simulator, exchange):
    order_id = simulator.place(price=9000, amount=1)
    with pytest.raises(ccxt.BaseError):
        await exchange.cancel_orders([order_id], SWAP)
    assert simulator.row(order_id)["status"] == 0
    assert [r for r in simulator.requests if r.path.startswith("/v3/spot/order")] == []


# ccxt has no edit_order of its own for swaps: its base class cancels, then creates.


async def test_an_edit_is_checked_then_canceled_then_created(loaded, stock):
    request = stock("create_order_request", return_value={})
    read = stock("fetch_order", side_effect=[OPEN, GONE])
    cancel = stock("cancel_order", return_value={"id": "7"})
    create = stock("create_order", return_value={"id": "9"})
    assert await loaded.edit_order("7", *ORDER, WORDS) == {"id": "9"}
    request.assert_called_once_with(*ORDER, WORDS)
    cancel.assert_called_once_with("7", SWAP, {"type": "swap"})
    assert [call.args for call in read.call_args_list] == [("7", SWAP, {"type": "swap"})] * 2
    create.assert_called_once_with(*ORDER, WORDS)


@pytest.mark.parametrize(
    ("amount", "price"),
    [(None, 9000), (3, None), (3, float("nan")), ("abc", 9000), (-1, 9000), (3, "1e400")],
)
async def test_numbers_that_cannot_be_cancel_and_place_nothing(loaded, stock, amount, price):
    cancel, create, batch = map(stock, ("cancel_order", "create_order", "create_orders"))
    with pytest.raises(ccxt.BadRequest):
        await loaded.edit_order("7", SWAP, "limit", "buy", amount, price)
    with pytest.raises(ccxt.BadRequest):
        await loaded.create_order(SWAP, "limit", "buy", amount, price)
    with pytest.raises(ccxt.BadRequest, match=r"orders\[1\]"):
        await loaded.create_orders([*BATCH, {**BATCH[0], "amount": amount, "price": price}])
    assert (cancel.call_count, create.call_count, batch.call_count) == (0, 0, 0)


@pytest.mark.parametrize("price", [None, 0, 9000])
async def test_a_market_order_of_swaps_needs_no_price(loaded, stock, price):
    create = stock("create_order", return_value={"id": "9"})
    await loaded.create_order(SWAP, "market", "buy", 3, price)
    create.assert_called_once_with(SWAP, "market", "buy", 3, price, {})


async def test_an_edit_that_ccxt_refuses_to_write_cancels_nothing(loaded, stock):
    stock("create_order_request", side_effect=ccxt.InvalidOrder("too precise"))
    cancel, create = stock("cancel_order"), stock("create_order")
    with pytest.raises(ccxt.InvalidOrder, match="too precise"):
        await loaded.edit_order("7", *ORDER)
    assert (cancel.call_count, create.call_count) == (0, 0)


async def test_an_edit_whose_cancel_fails_places_nothing(loaded, stock):
    stock("create_order_request", return_value={})
    stock("fetch_order", return_value=OPEN)
    stock("cancel_order", side_effect=ccxt.OrderNotFound("7 is gone"))
    create = stock("create_order")
    with pytest.raises(ccxt.OrderNotFound, match="7 is gone"):
        await loaded.edit_order("7", *ORDER)
    assert create.call_count == 0


async def test_an_edit_that_fails_after_the_cancel_names_and_carries_the_canceled(loaded, stock):
    stock("create_order_request", return_value={})
    stock("fetch_order", side_effect=[OPEN, GONE])
    stock("cancel_order", return_value={"id": None, "info": {}})
    stock("create_order", side_effect=ccxt.InsufficientFunds("no money"))
    with pytest.raises(ccxt.InsufficientFunds, match=r"no money.*'7' was canceled") as caught:
        await loaded.edit_order("7", *ORDER)
    assert caught.value.ids == ["7"]
    assert caught.value.orders == [GONE]


CLOSED = {**GONE, "status": "closed", "filled": 3, "remaining": 0}
PART = {**OPEN, "filled": 1, "remaining": 2}


@pytest.mark.parametrize("old", [CLOSED, GONE, PART, {**OPEN, "filled": None}])
async def test_a_swap_order_that_is_over_or_partly_filled_is_left_as_it_is(loaded, stock, old):
    stock("create_order_request", return_value={})
    stock("fetch_order", return_value=old)
    cancel, create = stock("cancel_order"), stock("create_order")
    with pytest.raises(ccxt.InvalidOrder, match="was left as it is") as caught:
        await loaded.edit_order("7", *ORDER)
    assert (caught.value.ids, caught.value.orders) == (["7"], [old])
    assert (cancel.call_count, create.call_count) == (0, 0)


@pytest.mark.parametrize(
    "after",
    [
        [{**GONE, "filled": 1, "remaining": 2}],
        [CLOSED],
        [ccxt.RequestTimeout("late")],
        [OPEN, ccxt.RequestTimeout("late")],
        [OPEN] * 4,
    ],
)
async def test_a_swap_order_that_was_filled_until_its_cancel_is_not_replaced(
    loaded, stock, mocker, after
):
    mocker.patch.object(canceling, "PAUSES", (0.001,) * 3)
    stock("create_order_request", return_value={})
    read = stock("fetch_order", side_effect=[OPEN, *after])
    stock("cancel_order", return_value={"id": "7", "status": None, "filled": None})
    create = stock("create_order")
    with pytest.raises(
        ccxt.InvalidOrder, match="'7' was canceled, and no new one placed"
    ) as caught:
        await loaded.edit_order("7", *ORDER)
    assert caught.value.ids == ["7"]
    assert (read.call_count, create.call_count) == (1 + len(after), 0)


async def test_what_is_left_of_a_swap_order_can_be_ordered(loaded, stock):
    stock("create_order_request", return_value={})
    stock("fetch_order", side_effect=[PART, {**PART, "status": "canceled"}])
    stock("cancel_order", return_value={"id": "7"})
    stock("create_order", return_value={"id": "9"})
    assert await loaded.edit_order("7", SWAP, "limit", "buy", 2, 9000) == {"id": "9"}


# Only /v3 takes a form.


async def test_json_goes_out_as_no_form(simulator, exchange):
    with pytest.raises(ccxt.BaseError):
        await exchange.privateSwapPostTradeOrderPlace({"instrument_id": "BTCUSDTPERP", "size": 1})
    (swap,) = simulator.requests
    assert swap.path == "/swap/v2/trade/order_place"
    assert "form" not in swap.headers.get("Content-Type", "")
    assert swap.headers["Cache-Control"] == "no-cache"
    await exchange.create_order(SPOT, "limit", "buy", 0.5, 9000)
    spot = simulator.requests[-1]
    assert spot.headers["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("method", ["fetch_open_orders", "fetch_orders"])
async def test_times_and_limits_are_handed_over_as_they_were_read(exchange, stock, method):
    called = stock(method, return_value=[])
    until = {**WORDS, "until": SINCE + 1.9}
    await getattr(exchange, method)("BTCUSDTPERP", float(SINCE), 6.0, until)
    called.assert_called_once_with("BTCUSDTPERP", SINCE, 6, {**WORDS, "until": SINCE + 1})
    assert [type(argument) for argument in called.call_args.args[1:3]] == [int, int]
    with pytest.raises(ccxt.BadRequest, match="limit"):
        await getattr(exchange, method)(SWAP, None, "6", WORDS)
    assert called.call_count == 1
