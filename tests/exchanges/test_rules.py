"""The rules of any order, one by one; expected values are computed by hand."""

from decimal import Decimal

import ccxt
import pytest

from dfx_adapter.exchanges import words
from dfx_adapter.exchanges.rules import Rules, completed
from dfx_adapter.order import KEYS

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
LINEAR = {
    "symbol": "BTC/USDT:USDT",
    "contract": True,
    "linear": True,
    "inverse": False,
    "contractSize": 0.001,
}
INVERSE = {
    "symbol": "BTC/USD:BTC",
    "contract": True,
    "linear": False,
    "inverse": True,
    "contractSize": 100.0,
}


def done(rules=None, **changes):
    """Give ORDER with changes, brought to the rules."""
    return completed({**ORDER, **changes}, rules or Rules())


def test_an_order_is_brought_to_the_rules_whole():
    assert done() == {
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


# amount, filled, remaining: as they came, and by the rules.
@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ((1.0, 0.25, None), (1.0, 0.25, 0.75)),
        ((1.0, None, 0.25), (1.0, 0.75, 0.25)),
        ((None, 0.25, 0.75), (1.0, 0.25, 0.75)),
        ((1.0, 0.25, 0.75), (1.0, 0.25, 0.75)),
        ((1.0, 0.25, 0.0), (1.0, 0.25, 0.75)),  # canceled: nothing is on the book any more
        ((1.0, 0.25, -0.25), (1.0, 0.25, 0.75)),
        ((1.0, None, None), (1.0, None, None)),
        ((None, 0.25, None), (None, 0.25, None)),
        ((1.0, 1.25, None), (1.0, 1.25, 0.0)),  # overfilled
        ((1.0, None, 1.25), (1.0, 0.0, 1.0)),
        ((0.0, 0.0, 0.0), (None, 0.0, 0.0)),
        ((0.3, 0.1, None), (0.3, 0.1, 0.2)),
    ],
)
def test_amount_is_filled_and_remaining(came, expected):
    names = ("amount", "filled", "remaining")
    order = done(**dict(zip(names, came, strict=True)))
    assert tuple(order[name] for name in names) == expected


@pytest.mark.parametrize("name", ["timestamp", "lastTradeTimestamp", "lastUpdateTimestamp"])
@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (0, None),
        (-1, None),
        (1, None),
        ("", None),
        (True, None),
        (float("nan"), None),
        (1_586_822_919, 1_586_822_919_000),  # seconds
        (1_586_822_919.334, 1_586_822_919_334),
        ("1586822919334", 1_586_822_919_334),
        (1_586_822_919_334.0, 1_586_822_919_334),
        (1_586_822_919_334_999, 1_586_822_919_334),  # microseconds
        (1_586_822_919_334_999_999, 1_586_822_919_334),  # nanoseconds
        (10**40, None),
    ],
)
def test_times_are_whole_milliseconds(name, came, expected):
    order = done(**{"datetime": None, name: came})
    assert order[name] == expected
    assert expected is None or type(order[name]) is int
    if name == "timestamp":
        iso = {1_586_822_919_000: "2020-04-14T00:08:39.000Z", None: None}
        assert order["datetime"] == iso.get(expected, "2020-04-14T00:08:39.334Z")


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ("2020-04-14T00:08:39.334Z", 1_586_822_919_334),
        ("2020-04-14T02:08:39+02:00", 1_586_822_919_000),
        ("2020-04-14 00:08:39", 1_586_822_919_000),
        ("yesterday", None),
        (5, None),
    ],
)
def test_a_timestamp_is_read_out_of_the_datetime_where_it_is_missing(came, expected):
    assert done(timestamp=None, datetime=came)["timestamp"] == expected


@pytest.mark.parametrize(
    ("filled", "traded", "updated"),
    [
        (0.1, 1_600_000_000_000, None),
        (0.0, None, 1_600_000_000_000),
        (None, 1_600_000_000_000, None),
    ],
)
def test_a_trade_time_needs_a_trade(filled, traded, updated):
    order = done(filled=filled, lastTradeTimestamp=1_600_000_000_000)
    assert (order["lastTradeTimestamp"], order["lastUpdateTimestamp"]) == (traded, updated)


def test_an_update_time_that_came_is_kept():
    order = done(
        filled=0, lastTradeTimestamp=1_600_000_000_000, lastUpdateTimestamp=1_600_000_000_001
    )
    assert order["lastUpdateTimestamp"] == 1_600_000_000_001


# filled, average, cost as they came; what ccxt derived; average and cost by the rules.
COSTS = [
    ((0.0, 0.0, 0.0), (), (None, 0)),
    ((0.0, 7.0, 5.0), (), (None, 0)),  # nothing is filled
    ((0.5, 100.0, None), (), (100, 50)),
    ((0.5, None, 50.0), (), (100, 50)),
    ((0.5, 100.0, 50.0), ("average",), (100, 50)),
    ((0.5, None, 60.0), ("cost",), (None, None)),  # from the limit price
    ((0.5, None, 0.0), (), (None, None)),
    ((0.5, 100.0, 0.0), (), (100, 50)),
    ((3.0, 33.33, 100.0), (), (33.33, 100)),  # the average is 100 / 3, rounded
    ((0.5, 100.001, 50.0), (), (100.001, 50)),  # 50.0005, cut
    ((0.5, 101.0, 50.0), (), (101, 50.5)),  # a contradiction: the fills are what they are
    ((None, 100.0, 50.0), (), (100, 50)),
    ((0.5, -1.0, None), (), (None, None)),
]


@pytest.mark.parametrize(("came", "derived", "expected"), COSTS)
def test_cost_is_filled_times_average(came, derived, expected):
    names = dict(zip(("filled", "average", "cost"), came, strict=True))
    order = done(Rules(Decimal, derived=frozenset(derived)), amount=None, **names)
    average, cost = (None if value is None else Decimal(str(value)) for value in expected)
    assert (order["average"], order["cost"]) == (average, cost)


@pytest.mark.parametrize(
    ("market", "filled", "average", "cost"),
    [
        (LINEAR, "5", "100", "0.5"),  # 5 x 0.001 x 100
        (INVERSE, "5", "50000", "0.01"),  # 5 x 100 / 50000
        (INVERSE, "3", "7", "42.85714285714285714285714286"),  # 300 / 7, to 28 digits
    ],
)
@pytest.mark.parametrize("wrong", [None, "1"])
def test_contracts_cost_their_size(market, filled, average, cost, wrong):
    rules = Rules(str, market=market)
    order = done(
        rules, symbol=market["symbol"], amount=None, filled=filled, average=average, cost=wrong
    )
    assert order["cost"] == cost
    if wrong is None:
        rules = Rules(str, market=market, derived=frozenset({"average"}))
        fields = {"symbol": market["symbol"], "amount": None, "filled": filled, "cost": cost}
        assert float(done(rules, average="1", **fields)["average"]) == float(average)


def test_without_its_market_a_contract_is_left_as_it_came():
    order = done(symbol="BTC/USDT:USDT", filled=5.0, amount=None, average=100.0, cost=0.5)
    assert (order["average"], order["cost"]) == (100.0, 0.5)


def test_a_cost_that_nobody_can_check_is_left_out_with_a_warning():
    warnings = []
    rules = Rules(warn=warnings.append)
    order = done(rules, symbol="DELISTED", filled=5.0, amount=None, average=100.0, cost=0.5)
    assert (order["symbol"], order["average"], order["cost"]) == (None, 100.0, None)
    assert len(warnings) == 2


@pytest.mark.parametrize("name", ["price", "stopPrice", "triggerPrice", "stopLossPrice"])
@pytest.mark.parametrize("value", [0, "0.00000", -1, float("nan"), float("inf"), "none", True])
def test_a_price_that_is_none_is_none(name, value):
    assert done(**{name: value})[name] is None


@pytest.mark.parametrize(("average", "price"), [(100.0, 100.0), (None, None)])
def test_the_price_of_a_market_order_is_the_average(average, price):
    changes = {"cost": None, "average": average, "price": 105.0}
    assert done(type="MARKET", **changes)["price"] == price


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ("LIMIT", "limit"),
        ("stopLoss", "stop_loss"),
        ("StopLimit", "stop_limit"),
        ("take-profit limit", "take_profit_limit"),
        ("LIMIT_MAKER", "limit_maker"),
        ("", None),
        (None, None),
        ("1", None),
        (2, None),
    ],
)
def test_a_type_is_a_word_in_lower_case(came, expected):
    assert done(type=came)["type"] == expected


@pytest.mark.parametrize(
    ("came", "expected"),
    [("BUY", "buy"), ("Sell", "sell"), ("ask", "sell"), ("LONG", None), ("", None), (1, None)],
)
def test_a_side_is_buy_or_sell(came, expected):
    assert done(side=came)["side"] == expected


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("BTC/USDT", "BTC/USDT"),
        ("BTC/USDT:USDT-251226-90000-C", "BTC/USDT:USDT-251226-90000-C"),
        ("BTCUSDT", None),  # ccxt gives the id of a market that is not loaded
        ("", None),
    ],
)
def test_a_symbol_is_unified(symbol, expected):
    assert done(symbol=symbol)["symbol"] == expected


@pytest.mark.parametrize("status", ["open", "closed", "canceled", "expired", "rejected", None])
def test_a_unified_status_is_kept(status):
    assert done(status=status)["status"] == status


@pytest.mark.parametrize(
    ("classes", "word", "status"),
    [
        ((), "NEW", "open"),
        ((), "Pending", "open"),
        ((), "canceling", "open"),
        ((), "filled", "closed"),
        ((), "CANCELED", "canceled"),
        ((), "failed", None),
        (("bingx",), "Running", "open"),
        (("cryptomus",), "failed", None),  # nobody says how
        (("pacifica",), "failed", "rejected"),
        (("hitbtc",), "failed", "expired"),
        (("gate", "gateeu"), "poc", "canceled"),
        (("gate",), "auto_deleveraged", None),  # filled or canceled
        (("kucoin",), "done", None),  # filled or canceled
        (("upbit",), "prevented", None),  # the rest stands in the book
        (("binance",), "ok", None),  # something was done, which may be a new order
    ],
)
def test_words_are_translated_by_exchange(classes, word, status):
    warnings = []
    rules = Rules(statuses=words.statuses(classes), warn=warnings.append)
    assert done(rules, status=word)["status"] == status
    assert warnings == ([] if status else [f"unknown status {word!r}: status is None"])


@pytest.mark.parametrize(
    ("fee", "kept"),
    [
        (None, None),
        ({}, None),
        ("0.5", None),
        ({"cost": None, "currency": "USDT"}, None),
        ({"currency": "USDT"}, None),
        ({"cost": 1.5, "currency": None}, None),
        ({"cost": 0.0, "currency": "USDT"}, {"cost": 0.0, "currency": "USDT"}),
        ({"cost": "-0.00020", "currency": "USD"}, {"cost": -0.0002, "currency": "USD"}),  # rebate
        ({"cost": 1, "currency": "U", "rate": "0.1"}, {"cost": 1.0, "currency": "U", "rate": 0.1}),
        ({"cost": 1, "currency": "U", "rate": None}, {"cost": 1.0, "currency": "U"}),
    ],
)
def test_a_fee_has_a_cost_and_a_currency(fee, kept):
    order = done(fee=fee, fees=[] if fee is None else [fee])
    assert order["fee"] == kept
    assert order["fees"] == ([] if kept is None else [kept])


@pytest.mark.parametrize("number", [Decimal, str])
def test_numbers_are_of_the_type_asked_for(number):
    texts = {"amount": "1234567890.12345678", "filled": "0.00000001", "price": "1E-7"}
    trade = {"info": {"px": 0.1}, "price": 0.1, "fee": {"cost": 0.5, "currency": "USDT"}}
    order = done(Rules(number), **texts, trades=[trade])
    assert order["remaining"] == number("1234567890.12345677")
    assert order["price"] == number("0.0000001")
    assert {type(order[name]) for name in ("amount", "filled", "average", "cost")} == {number}
    assert order["trades"] == [
        {
            "info": {"px": 0.1},
            "price": number("0.1"),
            "fee": {"cost": number("0.5"), "currency": "USDT"},
        }
    ]


def test_digits_beyond_all_measure_are_no_quantity():
    assert done(Rules(Decimal), amount="1" * 401)["amount"] is None


def test_keys_that_only_this_exchange_has_are_kept():
    order = done(workingType="MARK", reduceOnly=True, clientOrderId="mine")
    assert (order["workingType"], order["reduceOnly"], order["clientOrderId"]) == (
        "MARK",
        True,
        "mine",
    )


@pytest.mark.parametrize(("came", "expected"), [("", None), (12, "12"), ("a", "a"), (None, None)])
def test_ids_are_text(came, expected):
    order = done(id=came, clientOrderId=came)
    assert (order["id"], order["clientOrderId"]) == (expected, expected)


@pytest.mark.parametrize(
    ("amounts", "cost"),
    [
        (("0.001", "0.0005"), "74.9995"),  # 0.001 x 50000 + 0.0005 x 49999
        (("0.001", "0.0004"), "74.9994999999"),  # not all of its fills: as ccxt has it
        (("0.001", None), "74.9994999999"),
    ],
)
@pytest.mark.parametrize("number", [float, Decimal, str])
def test_a_cost_is_that_of_the_trades_and_not_of_a_rounded_average(amounts, cost, number):
    """Bitstamp tells the trades alone; ccxt divides their cost, and multiplies it again."""
    trades = [
        {"amount": amount, "price": price}
        for amount, price in zip(amounts, ("50000.00", "49999.00"), strict=True)
    ]
    derived = {"filled": "0.0015", "average": "49999.6666666", "cost": "74.9994999999"}
    rules = Rules(number, derived=frozenset({"cost", "average"}))
    order = done(rules, amount="0.0015", remaining="0", price=None, trades=trades, **derived)
    assert order["cost"] == number(cost)


def test_every_word_of_the_table_has_its_source_and_is_in_lower_case():
    for rows in words.WORDS.values():
        for word, (status, source) in rows.items():
            assert word == word.lower()
            assert status in words.STATUSES
            assert len(source) > len("ccxt ")


@pytest.mark.parametrize("name", sorted(set(words.WORDS) & set(ccxt.exchanges)))
def test_no_row_says_else_than_the_class_of_the_installed_ccxt(name):
    exchange = getattr(ccxt, name)()
    if not hasattr(exchange, "parse_order_status"):
        pytest.skip("the class has no table of statuses")
    for word, (status, _) in words.WORDS[name].items():
        forms = (word, word.upper(), word.title())
        said = {exchange.parse_order_status(form) for form in forms} - {*forms, None}
        assert said <= {status}


# By the tables of ccxt's classes: the word of the exchange that the class makes a word of its own.
OWN_WORDS = [("hitbtc", "expired", "failed"), ("pacifica", "rejected", "failed")]


@pytest.mark.parametrize(("name", "word", "own"), OWN_WORDS)
def test_a_word_of_a_class_means_what_the_exchange_said(name, word, own):
    if name not in ccxt.exchanges:
        pytest.skip("this ccxt has no such class")
    assert getattr(ccxt, name)().parse_order_status(word) == own
    assert words.statuses([name])[own] == word
