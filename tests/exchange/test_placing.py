"""Nothing is placed that was not wholly understood: values, parameters, client ids."""

from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real

import ccxt
import pytest

from dfx_adapter.simulator import Changed, Code

LIMIT = ("BTC/USDT", "limit", "buy")
MARKET = ("BTC/USDT", "market", "buy")

NO_QUANTITIES = (
    *(float("nan"), float("inf"), -float("inf"), "nan", "inf", "Infinity", "-Infinity", "sNaN"),
    *(Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal(-1), Decimal("1e400")),
    *("abc", "", " ", "1_000", "1 000", "1,5", "0x10", "\u0661", "1e", "--1", "1e400", "1e-400"),
    *("1e999999999999", "9" * 500, True, b"1", [], {}, (1,), object(), Fraction(1, 3), 1j),
    *(-5, -0.0, 0, "0", "-1", 10**400, 10**5000),
)


def sent(simulator):
    return [request for request in simulator.requests if request.method == "POST"]


async def refuses(simulator, call, error_class, match="."):
    with pytest.raises(error_class, match=match):
        await call
    assert sent(simulator) == []


def short(value):
    return ascii(value)[:20] if not isinstance(value, int) or value < 10**50 else "many digits"


@pytest.mark.parametrize("value", NO_QUANTITIES, ids=short)
async def test_what_is_no_quantity_is_never_sent(simulator, exchange, value):
    bad = ccxt.BadRequest
    await refuses(simulator, exchange.create_order(*LIMIT, 0.5, value), bad, "price")
    await refuses(simulator, exchange.create_order(*LIMIT, value, 9000), bad, "amount")
    sell = exchange.create_order("BTC/USDT", "market", "sell", value)
    await refuses(simulator, sell, bad, "amount")
    await refuses(simulator, exchange.create_order(*MARKET, value, 9000), bad, "amount")
    if short(value) not in {"0", "-0.0", "'0'"}:
        refusing = exchange.create_order(*MARKET, 0.5, value)
        await refuses(simulator, refusing, bad, "price")
    spent = exchange.create_order(*MARKET, 0.5, None, {"cost": value})
    await refuses(simulator, spent, bad, "cost")
    order = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    for key in ("amount", "price"):
        orders = exchange.create_orders([order, {**order, key: value}])
        await refuses(simulator, orders, bad, rf"orders\[1\].*{key}")
    for numbers in ((value, 9000), (0.5, value)):
        edited = exchange.edit_order("x", *LIMIT, *numbers)
        await refuses(simulator, edited, bad)
    assert [request for request in simulator.requests if "order" in request.path] == []


class Scalar:
    """A number of another library, as numpy's: no subclass of Python's, but registered as one."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text

    def __repr__(self):
        return f"np.float64({self.text})"


class RealScalar(Scalar):
    pass


class WholeScalar(Scalar):
    pass


Real.register(RealScalar)
Integral.register(WholeScalar)


@pytest.mark.parametrize("number", [float, Decimal, str])
@pytest.mark.parametrize(
    ("amount", "price"),
    [
        (0.5, 9000),
        ("0.5", "9000.0"),
        (Decimal("0.50000"), Decimal("9E+3")),
        ("5e-1", 9000.0),
        (RealScalar("0.5"), WholeScalar("9000")),
    ],
    ids=str,
)
async def test_any_type_of_number_places_the_same_order(simulator, connect, number, amount, price):
    exchange = connect(simulator, number=number)
    order = await exchange.create_order(*LIMIT, amount, price)
    (request,) = sent(simulator)
    assert request.body == {"symbol": "BTC_USDT", "type": "buy", "amount": "0.5", "price": "9000"}
    assert (order["amount"], order["price"]) == (number("0.5"), number("9000"))


async def test_numbers_are_rounded_to_the_steps_of_the_market_without_loss_before(
    simulator, exchange
):
    await exchange.create_order(*LIMIT, "0.123456789012345678901234567890", "9000.014999999999")
    (request,) = sent(simulator)
    assert (request.body["amount"], request.body["price"]) == ("0.1234", "9000.01")


@pytest.mark.parametrize(
    ("words", "amount", "price", "params"),
    [
        (LIMIT, "1e-9", 9000, {}),
        (LIMIT, 0.5, "0.001", {}),
        (MARKET, 0, None, {"cost": "0.001"}),
        (MARKET, "1e-9", "1e-9", {}),
    ],
)
async def test_what_rounding_would_make_nothing_is_refused(
    simulator, exchange, words, amount, price, params
):
    order = exchange.create_order(*words, amount, price, params)
    await refuses(simulator, order, ccxt.InvalidOrder)


@pytest.mark.parametrize("value", ["1e40", 10**60, 1e300, "12345678901234567890123456789.12345"])
async def test_more_digits_than_can_be_rounded_are_refused(simulator, exchange, value):
    for numbers in ((0.5, value), (value, 9000)):
        await refuses(simulator, exchange.create_order(*LIMIT, *numbers), ccxt.BadRequest, "digits")
    spent = exchange.create_order(*MARKET, None, None, {"cost": value})
    await refuses(simulator, spent, ccxt.BadRequest, "digits")


NOT_HAD = [
    *({"IOC": True}, {"trigger": True}, {"stop_price": 8000}, {"stopPrice": 0}, {"test": True}),
    *({"price": 1}, {"amount": 1}, {"symbol": "ETH_USDT"}, {"side": "sell"}, {"market": "margin"}),
    *({"reduceOnly": True}, {"trailingPercent": "1"}, {"stopLoss": {"triggerPrice": 1}}),
    *({"takeProfitPrice": 1}, {"newClientOrderId": "x"}, {"leverage": 3}, {"order_id": "x"}),
    *({"timeInForce": "IOC"}, {"timeInForce": "fok"}, {"timeInForce": "GTD"}, {"": 1}, {1: 1}),
]


@pytest.mark.parametrize("params", NOT_HAD, ids=str)
async def test_a_parameter_that_would_be_dropped_is_refused_by_name(simulator, exchange, params):
    [name] = [str(name) or "." for name in params]
    order = exchange.create_order(*LIMIT, 0.5, 9000, params)
    await refuses(simulator, order, ccxt.NotSupported, name)
    edited = exchange.edit_order("x", *LIMIT, 0.5, 9000, params)
    await refuses(simulator, edited, ccxt.NotSupported, name)
    asked = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    for batch in (
        exchange.create_orders([asked, {**asked, "params": params}]),
        exchange.create_orders([asked, asked], params),
    ):
        await refuses(simulator, batch, ccxt.NotSupported, r"orders\[[01]\].*" + name)
    assert simulator.requests == []


@pytest.mark.parametrize("name", ["IOC", "trigger", "stopPrice", "price", "postOnly", "cost", "x"])
@pytest.mark.parametrize("value", [None, False])
async def test_none_and_false_say_nothing(simulator, exchange, name, value):
    await exchange.create_order(*LIMIT, 0.5, 9000, {name: value})
    (request,) = sent(simulator)
    assert set(request.body) == {"symbol", "type", "amount", "price"}


@pytest.mark.parametrize(
    "params",
    [
        *({"postOnly": "false"}, {"postOnly": 1}, {"postOnly": "True"}, {"post_only": 2}),
        *({"timeInForce": 5}, {"timeInForce": True}, {"post_only": "yes"}, {"post_only": [1]}),
        {"createMarketBuyOrderRequiresPrice": "no"},
    ],
    ids=str,
)
async def test_a_value_of_another_type_is_refused(simulator, exchange, params):
    [name] = params
    order = exchange.create_order(*LIMIT, 0.5, 9000, params)
    await refuses(simulator, order, ccxt.BadRequest, name)


@pytest.mark.parametrize(
    "params",
    [
        *({"postOnly": True}, {"timeInForce": "PO"}, {"timeInForce": "po"}, {"post_only": 1}),
        *({"post_only": "1"}, {"post_only": True}, {"timeInForce": "GTC", "postOnly": True}),
    ],
    ids=str,
)
async def test_post_only_in_all_its_words(simulator, exchange, params):
    await exchange.create_order(*LIMIT, 0.5, 9000, params)
    (request,) = sent(simulator)
    assert request.body["post_only"] == "1"
    assert set(request.body) == {"symbol", "type", "amount", "price", "post_only"}


async def test_a_market_order_is_not_post_only(simulator, exchange):
    order = exchange.create_order(*MARKET, 0.5, 9000, {"postOnly": True})
    await refuses(simulator, order, ccxt.InvalidOrder, "post-only")


@pytest.mark.parametrize("words", [LIMIT, ("BTC/USDT", "market", "sell")])
async def test_a_cost_is_only_of_market_buys(simulator, exchange, words):
    order = exchange.create_order(*words, 0.5, 9000, {"cost": 100})
    await refuses(simulator, order, ccxt.NotSupported, "cost")


async def test_harmless_parameters_do_no_harm(simulator, exchange):
    harmless = {"maxRetriesOnFailure": 3, "maxRetriesOnFailureDelay": 10, "timeInForce": "GTC"}
    await exchange.create_order(*LIMIT, 0.5, 9000, harmless)
    (request,) = sent(simulator)
    assert set(request.body) == {"symbol", "type", "amount", "price"}


async def test_a_client_id_is_neither_sent_nor_returned_and_has_one_warning(
    simulator, exchange, caplog
):
    params = {"clientOrderId": "mine"}
    asked = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    orders = [
        await exchange.create_order(*LIMIT, 0.5, 9000, params),
        await exchange.create_order(*LIMIT, 0.5, 9000, {"clientOrderId": "other"}),
        *await exchange.create_orders([{**asked, "params": params}]),
    ]
    assert [order["clientOrderId"] for order in orders] == [None] * 3
    assert "mine" not in str([(r.body, r.query) for r in simulator.requests])
    messages = [message for message in caplog.messages if "clientOrderId" in message]
    assert len(messages) == len(set(messages)) == 2  # of create_order, and of create_orders


@pytest.mark.parametrize("where", ["params", "options", "method"])
async def test_the_amount_of_a_market_buy_can_be_its_cost(simulator, connect, where):
    word = {"createMarketBuyOrderRequiresPrice": False}
    options = {"options": word, "method": {"createOrder": word}, "params": {}}[where]
    exchange = connect(simulator, options=options)
    params = word if where == "params" else {}
    order = await exchange.create_order(*MARKET, "150.505", None, params)
    assert (order["cashAmount"], order["amount"]) == (150.5, None)
    (request,) = sent(simulator)
    assert request.body == {"symbol": "BTC_USDT", "type": "buy_market", "amount": "150.5"}


async def test_a_parameter_goes_before_an_option(simulator, connect):
    exchange = connect(simulator, options={"createMarketBuyOrderRequiresPrice": False})
    words = {"createMarketBuyOrderRequiresPrice": True}
    order = exchange.create_order(*MARKET, 150.5, None, words)
    await refuses(simulator, order, ccxt.InvalidOrder, "price")


async def test_ccxts_market_buy_with_cost_works(exchange):
    order = await exchange.create_market_buy_order_with_cost("BTC/USDT", 150.5, {})
    assert order["cashAmount"] == 150.5


async def test_a_market_order_needs_no_price_and_0_is_none(simulator, exchange):
    for price in (None, 0, "0.0", 9000):
        await exchange.create_order("BTC/USDT", "market", "sell", 0.5, price)
    assert {frozenset(request.body) for request in sent(simulator)} == {
        frozenset({"symbol", "type", "amount"})
    }
    order = exchange.create_order(*MARKET, 0.5, 0)
    with pytest.raises(ccxt.InvalidOrder, match="price"):
        await order


@pytest.mark.parametrize("type_", ["stop", "", None, 5, ["limit"], "limit_maker"], ids=str)
async def test_a_type_that_is_none_is_refused(simulator, exchange, type_):
    order = exchange.create_order("BTC/USDT", type_, "buy", 0.5, 9000)
    await refuses(simulator, order, ccxt.NotSupported, "type")


@pytest.mark.parametrize("side", ["", None, "long", 1, ["buy"]], ids=str)
async def test_a_side_that_is_none_is_refused(simulator, exchange, side):
    order = exchange.create_order("BTC/USDT", "limit", side, 0.5, 9000)
    await refuses(simulator, order, ccxt.BadRequest, "side")


@pytest.mark.parametrize("symbol", [None, 5, "", "garbage", ["BTC/USDT"], "BTC/USD", "FOO_USDT"])
async def test_a_symbol_that_is_none_is_refused(simulator, exchange, symbol):
    order = exchange.create_order(symbol, "limit", "buy", 0.5, 9000)
    await refuses(simulator, order, ccxt.BadSymbol)
    edited = exchange.edit_order("x", symbol, "limit", "buy", 0.5, 9000)
    await refuses(simulator, edited, ccxt.BadSymbol)


@pytest.mark.parametrize("params", [None, [], "x", 5], ids=str)
async def test_params_that_are_no_dict_are_refused(simulator, exchange, params):
    order = exchange.create_order(*LIMIT, 0.5, 9000, params)
    await refuses(simulator, order, ccxt.BadRequest, "params")


async def test_a_market_id_is_as_good_as_a_symbol(simulator, exchange):
    order = await exchange.create_order("BTC_USDT", "limit", "buy", 0.5, 9000)
    asked = {"type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    both = [{**asked, "symbol": "BTC_USDT"}, {**asked, "symbol": "BTC/USDT"}]
    orders = await exchange.create_orders(both)
    assert {order["symbol"] for order in (order, *orders)} == {"BTC/USDT"}


@pytest.mark.parametrize(
    ("order", "match"),
    [
        ({}, "symbol"),
        (None, "dict"),
        ("BTC/USDT", "dict"),
        ({"symbol": "BTC/USDT"}, "type"),
        ({"symbol": "BTC/USDT", "type": "limit"}, "side"),
        ({"symbol": "BTC/USDT", "type": "limit", "side": "buy"}, "price"),
        ({"symbol": "BTC/USDT", "type": "limit", "side": "buy", "price": 1}, "amount"),
        ({"symbol": "BTC/USDT", "type": "market", "side": "buy", "amount": 1}, "price"),
        ({"symbol": "BTC/USDT", "params": 5}, "dict"),
        ({"symbol": "BTC/USDT", "params": {"marginMode": ["x"]}}, "marginMode"),
    ],
    ids=str,
)
async def test_a_bad_order_of_a_batch_is_named_by_its_index(simulator, exchange, order, match):
    good = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    batch = exchange.create_orders([good, good, order])
    await refuses(simulator, batch, ccxt.BaseError, rf"orders\[2\].*{match}")
    assert simulator.requests == []


async def test_a_batch_whose_numbers_vanish_in_rounding_names_the_index(simulator, exchange):
    good = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    batch = exchange.create_orders([good, {**good, "amount": "1e-9"}])
    await refuses(simulator, batch, ccxt.InvalidOrder, r"orders\[1\]")


class NoDimensions:
    """As NumPy's array of no dimensions: it has the method, and gives nothing."""

    def __iter__(self):
        raise TypeError("iteration over a 0-d array")


@pytest.mark.parametrize(
    "orders",
    [None, 5, "BTC/USDT", b"BTC", {"symbol": "BTC/USDT"}, NoDimensions()],
    ids=lambda orders: type(orders).__name__,
)
async def test_what_is_no_list_of_orders_is_refused(simulator, exchange, orders):
    for method in (exchange.create_orders, exchange.cancel_orders_for_symbols):
        await refuses(simulator, method(orders), ccxt.BadRequest, "list of dicts")


@pytest.mark.parametrize("params", [None, True, 5, [], "x"], ids=str)
async def test_what_is_no_dict_of_params_is_refused(simulator, exchange, params):
    order = {"id": "x", "symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 1}
    order["price"] = 9000
    calls = (
        lambda: exchange.create_orders([order], params),
        lambda: exchange.cancel_orders_for_symbols([order], params),
        lambda: exchange.cancel_orders_for_symbols([], params),
        lambda: exchange.cancel_orders(["x"], None, params),
        lambda: exchange.edit_order("x", *LIMIT, 1, 9000, params),
    )
    for call in calls:
        await refuses(simulator, call(), ccxt.BadRequest, "params .*: expected a dict")


async def test_orders_may_come_from_a_generator(simulator, exchange):
    good = {"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}
    placed = await exchange.create_orders(good for _ in range(2))
    pairs = ({"id": order["id"], "symbol": "BTC/USDT"} for order in placed)
    canceled = await exchange.cancel_orders_for_symbols(pairs)
    assert [order["status"] for order in canceled] == ["canceled"] * 2


async def test_no_message_is_endless(exchange):
    endless = "x" * 100_000
    calls = (
        lambda: exchange.create_order(*LIMIT, endless, 9000),
        lambda: exchange.create_order("BTC/USDT", endless, "buy", 0.5, 9000),
        lambda: exchange.create_order("BTC/USDT", "limit", endless, 0.5, 9000),
        lambda: exchange.create_order(*LIMIT, 0.5, 9000, {endless: 1}),
        lambda: exchange.create_order(*LIMIT, 0.5, 9000, {"timeInForce": endless}),
        lambda: exchange.create_order(*LIMIT, 0.5, 9000, {"postOnly": endless}),
        lambda: exchange.create_order(*LIMIT, 0.5, 9000, endless),
        lambda: exchange.create_order(endless, "limit", "buy", 0.5, 9000),
        lambda: exchange.create_orders([endless]),
        lambda: exchange.cancel_order("x", endless),
        lambda: exchange.cancel_order(f"{endless} "),
        lambda: exchange.cancel_order("x", f"{endless}:X", {"type": "spot"}),
        lambda: exchange.cancel_order("x", None, {"type": endless}),
        lambda: exchange.cancel_order("x", None, {"margin": endless}),
        lambda: exchange.fetch_orders(None, endless),
        lambda: exchange.fetch_orders(None, None, 10**5000),
        lambda: exchange.cancel_order("x", None, {"clientOrderId": endless}),
    )
    for call in calls:
        with pytest.raises(ccxt.ExchangeError) as caught:
            await call()
        assert len(str(caught.value)) < 1000


LARGE = 2**64
ENLARGED = Changed(lambda body: body.replace(b"{", b'{"large":%d,' % LARGE, 1))
CHANGES = {
    "create_order": ("order/new", lambda exchange, _: exchange.create_order(*LIMIT, 0.5, 9000)),
    "create_orders": (
        "order/batch_new",
        lambda exchange, _: exchange.create_orders(
            [{"symbol": "BTC/USDT", "type": "limit", "side": "buy", "amount": 0.5, "price": 9000}]
        ),
    ),
    "edit_order": (
        "order/new",
        lambda exchange, order_id: exchange.edit_order(order_id, *LIMIT, 0.5, 9000),
    ),
    "cancel_order": ("order/cancel", lambda exchange, order_id: exchange.cancel_order(order_id)),
}


@pytest.mark.parametrize(("endpoint", "change"), CHANGES.values(), ids=CHANGES)
async def test_a_number_beyond_64_bit_in_the_answer_is_its_text_in_info(
    simulator, exchange, endpoint, change
):
    """Else orjson, and so ccxt's own `json`, refuses the order."""
    order_id = simulator.place("BTC_USDT", "buy", price=8000, amount=0.5)
    await exchange.load_markets()
    simulator.script(endpoint, ENLARGED)
    if endpoint == "order/cancel":  # the row of a canceled order is lost: the answer is its info
        simulator.script("order", *[Code(50000)] * 9)
    answer = await change(exchange, order_id)
    [order] = answer if isinstance(answer, list) else [answer]
    assert order["info"]["large"] == str(LARGE)
