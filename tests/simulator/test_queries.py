"""The endpoints that look: what they find, and what they refuse."""

import math
from decimal import Decimal

import msgspec
import pytest

NOW = 1_589_873_762
DAY = 86_400


def ids(answer, key="data"):
    assert answer["code"] == 0
    return [row["order_id"] for row in answer[key]]


@pytest.fixture
def placed(exchange):
    """Orders a, b, c: one second apart, b is filled, c is in margin."""
    exchange.place(price=9000, amount=1, order_id="a", created_date=NOW - 3)
    exchange.place("ETH_USDT", price=200, amount=1, order_id="b", created_date=NOW - 2)
    exchange.place(price=9000, amount=1, order_id="c", created_date=NOW - 1, kind="margin")
    exchange.fill("b")


@pytest.mark.parametrize("asked", ["a,b", "b,a", "a,b,a"])
def test_rows_come_in_the_order_asked_without_repeats(placed, ask, asked):
    expected = list(dict.fromkeys(asked.split(",")))
    assert ids(ask("GET", "/v3/spot/order", order_id=asked)) == expected


@pytest.mark.parametrize(
    ("setting", "one_missing", "all_missing"),
    [
        ("drop", ["a"], {"code": 20013}),
        ("reject_all", {"code": 20013}, {"code": 20013}),
        ("empty", ["a"], {"data": [], "code": 0}),
    ],
)
def test_unknown_ids(exchange, placed, ask, setting, one_missing, all_missing):
    exchange.unknown_id = setting
    answer = ask("GET", "/v3/spot/order", order_id="a,nowhere")
    assert (ids(answer) if "data" in answer else answer) == one_missing
    assert ask("GET", "/v3/spot/order", order_id="nowhere,nowhere2") == all_missing


def test_an_id_of_the_other_market_is_unknown(placed, ask):
    assert ask("GET", "/v3/margin/order", order_id="a") == {"code": 20013}
    assert ask("GET", "/v3/spot/order", order_id="c") == {"code": 20013}
    assert ids(ask("GET", "/v3/margin/order", order_id="a,c")) == ["c"]


def test_the_market_of_the_path_counts_not_the_one_in_the_query(placed, ask):
    assert ids(ask("GET", "/v3/margin/order", order_id="c", market="spot")) == ["c"]


@pytest.mark.parametrize(
    "params",
    [{}, {"order_id": ""}, {"order_id": "a,"}, {"order_id": ",a"}, {"order_id": "a,,b"}],
)
def test_missing_and_empty_ids_are_illegal(placed, ask, params):
    assert ask("GET", "/v3/spot/order", **params) == {"code": 10004}


def test_twenty_ids_and_no_more(exchange, ask):
    known = [exchange.place(price=1, amount=1) for _ in range(21)]
    assert ids(ask("GET", "/v3/spot/order", order_id=",".join(known[:20]))) == known[:20]
    assert ask("GET", "/v3/spot/order", order_id=",".join(known)) == {"code": 10004}
    assert ask("GET", "/v3/spot/order", order_id=",".join(["a"] * 21)) == {"code": 10004}


def test_current_lists_open_orders_newest_first(exchange, placed, ask):
    exchange.place("ETH_USDT", price=200, amount=1, order_id="d", created_date=NOW)
    assert ids(ask("GET", "/v3/spot/order/current")) == ["d", "a"]
    assert ids(ask("GET", "/v3/spot/order/current", symbol="btc_usdt")) == ["a"]
    assert ids(ask("GET", "/v3/margin/order/current")) == ["c"]
    exchange.cancel("a")
    assert ids(ask("GET", "/v3/spot/order/current")) == ["d"]


def test_history_lists_all_orders_newest_first(placed, ask):
    assert ids(ask("GET", "/v3/spot/order/history")) == ["b", "a"]
    assert ids(ask("GET", "/v3/spot/order/history", symbol="BTC_USDT")) == ["a"]
    assert ids(ask("GET", "/v3/margin/order/history")) == ["c"]


@pytest.mark.parametrize(("params", "count"), [({}, 10), ({"limit": 100}, 100), ({"limit": 1}, 1)])
def test_history_limit(exchange, ask, params, count):
    known = [exchange.place(price=1, amount=1) for _ in range(120)]
    assert ids(ask("GET", "/v3/spot/order/history", **params)) == known[::-1][:count]


@pytest.mark.parametrize("limit", [0, 101, -1, "ten", "1.5", ""])
def test_illegal_history_limits(ask, limit):
    assert ask("GET", "/v3/spot/order/history", limit=limit) == {"code": 10004}


def test_history_goes_back_three_days_by_default(exchange, ask):
    exchange.place(price=1, amount=1, order_id="older", created_date=NOW - 3 * DAY - 1)
    exchange.place(price=1, amount=1, order_id="old", created_date=NOW - 3 * DAY)
    assert ids(ask("GET", "/v3/spot/order/history")) == ["old"]
    start = NOW - 3 * DAY - 1
    assert ids(ask("GET", "/v3/spot/order/history", start_time=start)) == ["old", "older"]


def test_both_ends_of_a_window_belong_to_it(exchange, ask):
    for second in range(5):
        exchange.place(price=1, amount=1, order_id=str(second), created_date=NOW - 10 + second)
    window = {"start_time": NOW - 9, "end_time": NOW - 7}
    assert ids(ask("GET", "/v3/spot/order/history", **window)) == ["3", "2", "1"]


@pytest.mark.parametrize("path", ["/v3/spot/order/history", "/v3/spot/mytrades"])
@pytest.mark.parametrize(
    ("window", "code"),
    [
        ({"start_time": NOW - 30 * DAY}, 0),
        ({"start_time": NOW - 30 * DAY - 1}, 20015),
        ({"start_time": NOW - 90 * DAY, "end_time": NOW - 61 * DAY}, 0),
        ({"start_time": NOW, "end_time": NOW}, 0),
        ({"start_time": NOW, "end_time": NOW - 1}, 20022),
        ({"end_time": NOW - 4 * DAY}, 20022),
        ({"start_time": "yesterday"}, 10004),
        ({"end_time": "-1"}, 10004),
    ],
)
def test_windows(ask, path, window, code):
    assert ask("GET", path, **window)["code"] == code


@pytest.mark.parametrize("symbol", ["BTC", "BTCUSDT", "BTC_", ""])
def test_a_symbol_is_base_and_quote(ask, symbol):
    assert ask("GET", "/v3/spot/order/current", symbol=symbol) == {"code": 20019}


def test_detail_is_one_object_with_its_trades(exchange, clock, ask):
    exchange.place(price=6000, amount="0.58", order_id="a", created_date=NOW - 9)
    exchange.fill("a", "0.18", 5900)
    clock.time += 1
    exchange.fill("a")
    answer = ask("GET", "/v3/spot/order/detail", order_id="a")
    detail = answer["data"].pop("detail")
    assert answer == {"data": exchange.row("a"), "code": 0}
    first, second = detail
    assert first == {
        "tid": "63194988",
        "date": NOW,
        "executed_amount": Decimal("0.18"),
        "executed_price": 5900,
    }
    assert (second["tid"], second["date"], second["executed_amount"]) == (
        "63194989",
        NOW + 1,
        Decimal("0.4"),
    )


def test_detail_as_an_object(exchange, ask):
    exchange.detail_shape = "object"
    exchange.place(price=6000, amount="0.58", order_id="a")
    assert ask("GET", "/v3/spot/order/detail", order_id="a")["data"]["detail"] == {}
    exchange.fill("a")
    detail = ask("GET", "/v3/spot/order/detail", order_id="a")["data"]["detail"]
    assert detail["executed_amount"] == Decimal("0.58")


def test_detail_of_what_does_not_exist(placed, ask):
    assert ask("GET", "/v3/spot/order/detail", order_id="c") == {"code": 20013}
    assert ask("GET", "/v3/spot/order/detail") == {"code": 10004}


def test_mytrades(exchange, clock, ask):
    exchange.place(price=6000, amount=1, order_id="a")
    exchange.fill("a", "0.5")
    clock.time += 1
    exchange.place("ETH_USDT", "sell_market", amount=2, order_id="b")
    exchange.fill("b", price="200.5")
    newest, oldest = ask("GET", "/v3/spot/mytrades")["list"]
    assert newest == {
        "symbol": "ETH_USDT",
        "order_id": "b",
        "id": "63194989",
        "price": Decimal("200.5"),
        "amount": 2,
        "fee": Decimal("0.802"),
        "fee_currency": "USDT",
        "timestamp": NOW + 1,
        "side": "sell_market",
        "is_maker": False,
    }
    assert (oldest["order_id"], oldest["fee"], oldest["is_maker"]) == ("a", 6, True)
    assert ids(ask("GET", "/v3/spot/mytrades", symbol="BTC_USDT"), "list") == ["a"]
    assert ids(ask("GET", "/v3/spot/mytrades", limit=1), "list") == ["b"]
    assert ids(ask("GET", "/v3/spot/mytrades", end_time=NOW), "list") == ["a"]
    assert ids(ask("GET", "/v3/margin/mytrades"), "list") == []


@pytest.mark.parametrize(("limit", "code"), [(500, 0), (501, 10004)])
def test_mytrades_limit(ask, limit, code):
    assert ask("GET", "/v3/spot/mytrades", limit=limit)["code"] == code


def test_mytrades_gives_fifty_by_default(exchange, ask):
    exchange.place(price=6000, amount=60, order_id="a")
    for _ in range(60):
        exchange.fill("a", 1)
    assert len(ask("GET", "/v3/spot/mytrades")["list"]) == 50
    assert len(ask("GET", "/v3/spot/mytrades", limit=60)["list"]) == 60


def test_balances_of_spot_and_margin_are_apart(exchange, ask):
    exchange.set_balance("BTC", "0.5", "margin")
    exchange.place(type="sell", price=9000, amount="0.2", kind="margin")
    spot, margin = ask("GET", "/v3/spot/assets"), ask("GET", "/v3/margin/assets")
    assert spot["list"][0] == {"currency": "BTC", "free": 1_000_000, "total": 1_000_000}
    assert margin["list"][0] == {
        "valuation_rate": 1,
        "currency": "BTC",
        "free": Decimal("0.3"),
        "total": Decimal("0.5"),
    }
    assert [row["currency"] for row in spot["list"]] == ["BTC", "DFT", "ETH", "TRX", "USDT"]


def test_altered_rows_are_served_as_given_where_the_order_is_filed(exchange, placed, ask):
    exchange.set_row("a", status=7, kind="margin", amount="4.0", finished_date=..., extra=None)
    (row,) = ask("GET", "/v3/spot/order", order_id="a")["data"]
    assert (row["status"], row["kind"], row["amount"], row["extra"]) == (7, "margin", "4.0", None)
    assert "finished_date" not in row
    assert ids(ask("GET", "/v3/spot/order/current")) == ["a"]
    assert ask("GET", "/v3/margin/order", order_id="a") == {"code": 20013}


def test_an_altered_order_lives_on(exchange, placed):
    exchange.set_row("a", avg_price=1)
    exchange.fill("a")
    row = exchange.row("a")
    assert (row["status"], row["executed_amount"], row["avg_price"]) == (2, 1, 1)


def test_raw_rows_are_served_beside_orders(exchange, placed, ask):
    raw = {"symbol": "FOO_USDT", "order_id": "f", "created_date": NOW, "status": 0, "kind": "spot"}
    exchange.add_row(raw)
    exchange.add_row(raw | {"status": 7})
    assert ask("GET", "/v3/spot/order", order_id="f")["data"] == [raw, raw | {"status": 7}]
    assert ids(ask("GET", "/v3/spot/order/current", symbol="foo_usdt")) == ["f"]
    assert ids(ask("GET", "/v3/spot/order/history")) == ["f", "f", "b", "a"]
    assert ask("GET", "/v3/spot/order/detail", order_id="f")["data"]["detail"] == []
    assert ids(ask("GET", "/v3/spot/mytrades", symbol="FOO_USDT"), "list") == []


def test_a_raw_row_can_be_any_nonsense(exchange, ask):
    nonsense = {"order_id": "x", "kind": 3, "symbol": None, "created_date": "today", "amount": []}
    exchange.add_row(nonsense)
    assert ask("GET", "/v3/spot/order", order_id="x")["data"] == [nonsense]
    assert ask("GET", "/v3/spot/order/history")["data"] == [nonsense]
    with pytest.raises(KeyError, match="no order 'x'"):
        exchange.fill("x")


def test_numbers_that_no_float_holds(exchange, ask):
    exchange.add_row({"order_id": "x", "amount": Decimal("1E+400"), "price": Decimal("0.10")})
    ask("GET", "/v3/spot/order", order_id="x")
    assert exchange.requests[-1].answer == (
        b'{"data":[{"order_id":"x","amount":1E+400,"price":0.10}],"code":0}'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("NaN"), b"NaN"),
        (Decimal("Infinity"), b"Infinity"),
        (Decimal("-Infinity"), b"-Infinity"),
        (math.nan, b"NaN"),
        (-math.inf, b"-Infinity"),
        ([{"inside": Decimal("NaN")}, 5], b'[{"inside":NaN},5]'),
    ],
)
def test_what_is_no_number_goes_out_as_it_is(exchange, ask, value, text):
    exchange.add_row({"order_id": "x", "amount": value})
    with pytest.raises(msgspec.DecodeError):
        ask("GET", "/v3/spot/order", order_id="x")
    assert exchange.requests[-1].answer == (
        b'{"data":[{"order_id":"x","amount":%b}],"code":0}' % text
    )
