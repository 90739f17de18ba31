"""The order of a row, complete by the rules and exact; the rows of an answer, none lost."""

import re
from decimal import Decimal
from types import MappingProxyType

import ccxt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dfx_adapter
from dfx_adapter import ParseContext, kit
from dfx_adapter.errors import UnknownStatus
from dfx_adapter.order import KEYS

STATUSES = MappingProxyType({"LIVE": "open", "4": "canceled", "done": "closed"})
SYMBOLS = {"BTCUSDT": "BTC/USDT", "XBT_PERP": "BTC/USD:BTC"}
ROW = {"id": "1", "state": "LIVE"}


def context(number=str, **given):
    return ParseContext(
        **{
            "number": number,
            "statuses": STATUSES,
            "symbol_of": SYMBOLS.get,
            "exchange_id": "acme",
            **given,
        }
    )


def made(number=str, **values):
    return kit.order(context(number), ROW, **{"id": "1", "status": "LIVE", **values})


def test_every_key_is_there_and_what_was_not_said_is_none():
    order = made()
    assert set(order) == set(KEYS)
    given = {"id": "1", "status": "open", "trades": [], "fees": [], "info": ROW}
    assert {key: value for key, value in order.items() if value is not None} == given


def test_the_keywords_are_the_keys_of_an_order():
    given = {*kit.Values.__annotations__, "id", "status", "symbol"}
    assert given | {"info", "datetime"} == set(KEYS)  # which are worked out


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_numbers_are_of_the_type_asked_for_and_exact(number):
    order = made(number, amount="1.000000000000000001", filled=Decimal("0.4"), average=3)
    assert order["remaining"] == number("0.600000000000000001")
    assert order["cost"] == number("1.2")
    assert {type(order[name]) for name in ("amount", "filled", "remaining", "cost")} == {number}


CASES = [
    # what is said, and what follows
    ({"amount": "2", "filled": "0.5"}, {"remaining": "1.5"}),
    ({"filled": "0.5", "remaining": "1.5"}, {"amount": "2"}),
    ({"amount": "1", "filled": "1.5"}, {"remaining": "0"}),
    ({"filled": "0.5", "average": "3"}, {"cost": "1.5"}),
    ({"filled": "0.5", "cost": "1.5"}, {"average": "3"}),
    ({"filled": "3", "cost": "1"}, {"average": "0.3333333333333333333333333333"}),
    ({"filled": "0", "average": "3"}, {"average": None, "cost": "0"}),
    ({"filled": "1", "price": "3"}, {"cost": None, "average": None}),  # never the limit price
    ({"price": 0}, {"price": None}),
    ({"type": "MARKET", "filled": "1", "average": "3", "price": "9"}, {"price": "3"}),
    # a market buy for money has no amount until it is closed
    (
        {"type": "MARKET", "status": "done", "cashAmount": "9", "amount": "0", "filled": "2"},
        {"amount": "2", "remaining": "0", "cashAmount": "9"},
    ),
    ({"type": "market", "status": "done", "filled": "2"}, {"amount": "2", "remaining": "0"}),
    ({"type": "market", "status": "done", "filled": "0"}, {"amount": None, "remaining": None}),
    ({"type": "market", "status": "done", "amount": "3", "filled": "2"}, {"amount": "3"}),
    ({"type": "market", "status": "4", "filled": "2"}, {"amount": None, "remaining": None}),
    ({"type": "market", "filled": "2"}, {"amount": None, "remaining": None}),
    ({"type": "limit", "status": "done", "filled": "2"}, {"amount": None, "remaining": None}),
    ({"type": "LIMIT_MAKER"}, {"type": "limit_maker"}),
    ({"type": "stopLoss"}, {"type": "stop_loss"}),
    ({"side": "SELL"}, {"side": "sell"}),
    ({"timestamp": 1586822919334}, {"datetime": "2020-04-14T00:08:39.334Z"}),
    (
        {"filled": "0", "lastTradeTimestamp": 1586822919334},
        {"lastTradeTimestamp": None, "lastUpdateTimestamp": 1586822919334},
    ),
    (
        {"fee": {"cost": Decimal("-0.10"), "currency": "USDT"}},
        {
            "fee": {"cost": "-0.10", "currency": "USDT"},
            "fees": [{"cost": "-0.10", "currency": "USDT"}],
        },
    ),
    ({"fee": {"cost": "0.1", "currency": ""}}, {"fee": None, "fees": []}),
    ({"market_id": "BTCUSDT"}, {"symbol": "BTC/USDT"}),
    ({"symbol": "ETH/USDT"}, {"symbol": "ETH/USDT"}),
    ({"status": 4}, {"status": "canceled"}),
    ({"status": "DONE"}, {"status": "closed"}),  # in lower case
    ({"status": None}, {"status": None}),
    # a contract of 100 USD, paid in BTC: 3 x 100 / 50000
    (
        {
            "market_id": "XBT_PERP",
            "contract_size": 100,
            "inverse": True,
            "filled": 3,
            "average": "50000",
        },
        {"cost": "0.006"},
    ),
    # a contract of 0.001 BTC: 3 x 0.001 x 50000
    (
        {"symbol": "BTC/USDT:USDT", "contract_size": "0.001", "filled": 3, "average": "50000"},
        {"cost": "150"},
    ),
    # a contract of unknown size: only what the row says
    ({"symbol": "BTC/USDT:USDT", "filled": 3, "average": "50000"}, {"cost": None}),
    ({"symbol": "BTC/USDT:USDT", "filled": 3, "cost": "150"}, {"cost": "150", "average": None}),
]


@pytest.mark.parametrize(("values", "follows"), CASES)
def test_what_follows_is_worked_out_by_the_rules(values, follows):
    order = made(**values)
    assert {name: order[name] for name in follows} == follows


def test_a_status_that_no_table_knows_is_an_error_with_its_path():
    with pytest.raises(UnknownStatus) as caught:
        kit.order(
            context(), kit.Row(context(), {"id": "1", "s": "ODD"}, "$[2]"), id="1", status="ODD"
        )
    assert (caught.value.path, caught.value.found) == ("$[2].s", "ODD")
    assert "LIVE" in caught.value.expected


@pytest.mark.parametrize(
    "values",
    [
        {"side": "up"},
        {"type": "???"},
        {"symbol": "BTCUSDT"},
        {"price": "x"},
        {"price": -1},
        {"amount": float("nan")},
        {"filled": True},
    ],
)
def test_a_value_that_cannot_be_is_an_error_and_never_left_out(values):
    with pytest.raises(ccxt.BadResponse):
        made(**values)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("fillled", r"fillled \(did you mean filled\?\)"),
        ("clientOrderID", r"clientOrderID \(did you mean clientOrderId\?\)"),
        ("info", r"info \(it is worked out\)"),
        ("zzz", "zzz$"),
    ],
)
def test_a_keyword_that_is_no_key_of_an_order_is_an_error_of_the_author(name, sentence):
    with pytest.raises(TypeError, match=f"no key of an order: {sentence}"):
        made(**{name: "1"})


@pytest.mark.parametrize("fee", [{"fee": "0.1"}, {"fee": Decimal(0)}, {"fees": ["0.1"]}])
def test_a_fee_that_is_a_bare_number_is_an_error_of_the_author(fee):
    with pytest.raises(TypeError, match=r"expected .*currency"):
        made(**fee)


def test_the_keywords_are_told_by_help():
    said = set(re.findall(r"\w+", kit.Values.__doc__))
    assert said >= set(kit.Values.__annotations__)


@pytest.mark.parametrize("status", ["open", "closed", "canceled", "expired", "rejected"])
def test_a_status_that_was_worked_out_needs_no_table(status):
    def order(given, row):
        return kit.order(given, row, id=row.text("id"), status=status)

    class Plugin:
        @staticmethod
        @dfx_adapter.hookimpl
        def dfx_parse_orders(payload, context):
            return kit.orders(context, payload, order)

    host = dfx_adapter.AdapterHost([Plugin], entry_points=False)
    assert [one["status"] for one in host.parse_orders("kucoin", [ROW])] == [status]


def test_a_market_that_is_not_loaded_is_no_error_but_a_warning():
    warned = []
    order = kit.order(
        context(warn=lambda *words: warned.append(words)), ROW, id="1", status=None, market_id="ZZZ"
    )
    assert order["symbol"] is None
    sentence = "not among the loaded ones: the symbol of its orders is None"
    assert warned == [("acme market 'ZZZ'", sentence)]  # about the market: once, not per order


def test_an_order_of_floats_is_right_where_little_remains_of_much():
    amount, filled = Decimal("409704189641.294281006"), Decimal("409674826631.057870372")
    order = made(float, symbol="BTC/USDT", amount=amount, filled=filled)
    assert order["remaining"] == 29363010.236410634
    assert kit.check(order) == []
    assert kit.check({**order, "remaining": 29363010.2361}) != []


AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=9, allow_nan=False)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_whatever_a_row_says_its_order_is_right(amount, filled, average):
    for number in (float, Decimal, str):
        order = kit.order(
            context(number),
            ROW,
            id="1",
            status="LIVE",
            symbol="BTC/USDT",
            amount=amount,
            filled=filled,
            average=average,
        )
        assert kit.check(order, number) == []


# The rows of an answer.


def mapping(given, row):
    return kit.order(given, row, id=row.text("id"), status=row.text("state"))


def test_rows_come_as_a_list_or_as_an_object_by_ids():
    listed = kit.orders(context(), [ROW, {**ROW, "id": "2"}], mapping)
    assert [order["id"] for order in listed] == ["1", "2"]
    by_ids = {"a": {"state": "LIVE"}, "b": {"state": "4"}}
    orders = kit.orders(context(), by_ids, mapping)
    assert [(order["id"], order["status"]) for order in orders] == [
        ("a", "open"),
        ("b", "canceled"),
    ]
    assert orders[0]["info"] == {"id": "a", "state": "LIVE"}
    assert kit.orders(context(), [], mapping) == kit.orders(context(), {}, mapping) == []


BAD = [{"id": "2", "state": "ODD"}, {"id": "3"}, {}, None, "text"]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_row_does_not_cost_the_good_ones(bad):
    with pytest.raises(ccxt.BaseError) as caught:
        kit.orders(context(), [ROW, bad, {**ROW, "id": "4"}], mapping, path="$.data")
    assert [order["id"] for order in caught.value.orders] == ["1", "4"]
    assert caught.value.path.startswith("$.data[1]")


@pytest.mark.parametrize("bad", BAD)
def test_where_bad_rows_are_to_be_skipped_they_are_warned_of(bad):
    warned = []
    given = context(bad_row="skip", warn=lambda *words: warned.append(words))
    orders = kit.orders(given, [ROW, bad], mapping)
    assert [order["id"] for order in orders] == ["1"]
    ((about, sentence),) = warned
    assert about == "acme order skipped"
    assert "$[1]" in sentence


@pytest.mark.parametrize("rows", [None, "rows", 5])
def test_what_is_no_rows_is_an_error(rows):
    with pytest.raises(ccxt.BadResponse) as caught:
        kit.orders(context(), rows, mapping, path="$.result")
    assert caught.value.path == "$.result"


def test_a_fault_of_the_author_is_not_taken_for_one_of_the_row():
    with pytest.raises(KeyError):
        kit.orders(context(bad_row="skip"), [ROW], lambda given, row: row.raw["nothing"])


# What is wrong with an order.


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ({"id": ""}, "id ''"),
        ({"status": "LIVE"}, "status 'LIVE': expected canceled, closed, expired, open, rejected"),
        ({"amount": "1"}, "amount '1': expected a float or None"),
        ({"amount": 1}, "amount 1: expected a float or None"),
        ({"amount": float("nan")}, "amount nan: expected a finite number"),
        ({"timestamp": 1.5}, "timestamp 1.5: expected whole milliseconds"),
        ({"trades": None}, "trades None: expected a list"),
        ({"remaining": 0.5}, "remaining is 0.5, by the rules 1.5"),
        ({"cost": 9.0}, "cost is 9.0, by the rules 1.5"),
        ({"side": "BUY"}, "side is 'BUY', by the rules 'buy'"),
        ({"datetime": "today"}, "datetime is 'today', by the rules '2020-04-14T00:08:39.334Z'"),
        ({"timestamp": 1586822919}, "timestamp is 1586822919, by the rules 1586822919000"),
        ({"fee": {"cost": 1.0}}, "fee is {'cost': 1.0}, by the rules None"),
        ({"filled": 0.0, "remaining": 2.0}, "average is 3.0, by the rules None"),
    ],
)
def test_check_says_what_is_wrong(spoiled, sentence):
    right = made(
        float,
        symbol="BTC/USDT",
        amount=2,
        filled="0.5",
        average=3,
        side="buy",
        timestamp=1586822919334,
    )
    assert kit.check(right) == []
    assert any(found.startswith(sentence) for found in kit.check({**right, **spoiled}))


@pytest.mark.parametrize("order", [None, [], "order", {}, {"id": "1"}])
def test_check_of_what_is_no_order(order):
    assert kit.check(order)


def test_the_kit_is_offered_by_the_package():
    assert dfx_adapter.kit is kit
    assert "kit" in dir(dfx_adapter)
