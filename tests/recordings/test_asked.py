"""What was asked for: its name, its arguments, and when two questions are the same."""

from decimal import Decimal

import ccxt
import ccxt.async_support
import pytest

from dfx_adapter.recordings import asked, needed

MARKETS = {"BTC/USDT": {"id": "btcusdt", "symbol": "BTC/USDT"}}
BY_ID = {"btcusdt": [MARKETS["BTC/USDT"]]}


def key(*args, method="fetchOrder"):
    return asked.key(method, args, lambda text: asked.symbol_by(MARKETS, BY_ID, text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "BTC/USDT"), ("a", "btcusdt")),
        (("a", "ETH/BTC"), ("a", "ETH_BTC")),
        (("a", "ETH/BTC"), ("a", "ETH-BTC")),
        (("a",), ("a", None, {})),
        ((5,), ("5",)),
        ((0.4,), (Decimal("0.40"),)),
        ((1,), (1.0,)),
        (({"b": 1, "a": [2.0]},), ({"a": (2,), "b": 1, "c": None},)),
        ((["a", "b"],), (("a", "b"),)),
    ],
)
def test_the_same_question_however_it_is_written(one, other):
    assert key(*one) == key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a",), ("b",)),
        (("a", "BTC/USDT"), ("a",)),
        ((0.4,), (0.41,)),
        ((True,), (1,)),
        ((False,), ()),
        ((["a", "b"],), (["b", "a"],)),
        (({"margin": True},), ({},)),
        (("OXM2QD-EALR2-YBAVEU",), ("OXM2QD/EALR2/YBAVEU",)),
    ],
)
def test_another_question(one, other):
    assert key(*one) != key(*other)
    assert key(*one) != key(*one, method="cancelOrder")


@pytest.mark.parametrize("module", [ccxt, ccxt.async_support])
def test_the_methods_that_ask_are_known_and_have_two_names(module):
    names = set(asked.names(module.kraken))
    assert names >= {"fetch_order", "fetch_balance", "create_order", "cancel_all_orders"}
    assert names >= {"fetch_ohlcv", "load_markets", "request", "withdraw", "set_leverage"}
    assert names.isdisjoint(
        {"fetch", "fetch2", "sign", "parse_order", "parse_orders", "market", "watch_ticker"}
    )
    for name in names:
        assert hasattr(module.kraken, name)
        assert asked.in_snake_case(asked.in_camel_case(name)) == name
    assert asked.in_camel_case("fetch_ohlcv") == "fetchOHLCV"  # as ccxt has it


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("fetch_order", True),
        ("fetch_orders_by_ids", True),
        ("fetch_open_orders", True),
        ("fetch_order_trades", True),
        ("reconcile_orders", True),
        ("watch_orders", True),
        ("watch_ticker", False),
        ("create_orders", True),
        ("edit_order", True),
        ("cancel_all_orders", True),
        ("close_position", True),
        ("fetch_order_book", False),
        ("fetch_my_trades", False),
        ("fetch_balance", False),
        ("load_markets", False),
        ("request", False),
        ("parse_orders", False),
    ],
)
def test_methods_about_orders(name, is_one):
    assert asked.is_about_orders(name) is is_one


def test_arguments_are_bound_by_the_methods_own_signature():
    method = ccxt.kraken.create_order
    given = (None, "BTC/USD", "limit", "buy")
    assert asked.bound("create_order", method, given, {"amount": 1, "price": 2}) == [
        *("BTC/USD", "limit", "buy", 1, 2)
    ]
    assert asked.bound("create_order", method, given, {"amount": 1, "params": {"a": 1}}) == [
        *("BTC/USD", "limit", "buy", 1, None, {"a": 1})
    ]
    assert asked.bound("create_order", method, given[:2], {}) is None
    assert asked.bound("request", method, (None, "orders", "private", "POST"), {"params": {}}) == [
        *("orders", "private", "POST")
    ]


# What reading takes.


@pytest.fixture
def exchange():
    options = {"defaultType": "swap", "fetchOrder": {"x": True, "y": "z"}}
    exchange = ccxt.kraken({"options": options})
    bitcoin = {"id": "XXBTZUSD", "base": "BTC", "quote": "USD", "symbol": "BTC/USD", "spot": True}
    ether = {**bitcoin, "id": "XETHZUSD", "base": "ETH", "symbol": "ETH/USD"}
    exchange.set_markets([bitcoin, ether])
    exchange.options |= {
        "marketsByAltname": {"XBTUSD": exchange.market("BTC/USD"), "E": exchange.market("ETH/USD")},
        "password": "hunter2000",
        "tier": "secretword",
        "pin": 1234,
        "flag": True,
        "record": "file",
        "limiter": "redis://:password@host",
    }
    return exchange


def test_only_what_reading_takes_is_kept_of_the_options(exchange):
    kept = needed.options(exchange, ["BTC/USD"])
    assert list(kept.pop("marketsByAltname")) == ["XBTUSD"]
    assert kept == {"defaultType": "swap", "fetchOrder": {"x": True}, "flag": True}


@pytest.mark.parametrize(
    ("values", "symbols"),
    [
        (["BTC/USD"], ["BTC/USD"]),
        (["XETHZUSD"], ["ETH/USD"]),
        (["a", None, 5, {"symbol": "BTC/USD"}], ["BTC/USD"]),
        (
            [[{"symbol": "BTC/USD"}, {"symbol": None}, {"symbol": "ETH/USD"}]],
            ["BTC/USD", "ETH/USD"],
        ),
        ([], []),
    ],
)
def test_markets_that_arguments_and_orders_name(exchange, values, symbols):
    assert sorted(needed.symbols(exchange, *values)) == symbols


def test_markets_that_a_body_names(exchange):
    body = '{"pair":"XXBTZUSD","other":"ETH","more":"XETHZUS"}'
    assert list(needed.symbols_in(exchange, body)) == ["BTC/USD"]
    assert list(needed.symbols_in(ccxt.kraken(), body)) == []


def test_numbers_of_markets_keep_their_digits(exchange):
    exchange.markets["BTC/USD"]["precision"] = {"amount": "0.00000001", "price": Decimal("0.10")}
    [market] = needed.markets(exchange, ["BTC/USD"])
    assert market["precision"] == {"amount": Decimal("0.00000001"), "price": Decimal("0.10")}
    assert needed.typed(market["precision"], str) == {"amount": "0.00000001", "price": "0.10"}
    assert needed.typed(market["precision"], float) == {"amount": 1e-8, "price": 0.1}
    assert needed.typed([Decimal(1)], Decimal) == [Decimal(1)]
