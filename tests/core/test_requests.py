"""What the arguments of ccxt's methods mean, and how rows are matched with what was asked for."""

from types import SimpleNamespace

import ccxt
import pytest

from dfx_adapter.digifinex.methods import arguments, matching


def market_type(method, symbol, params, options):
    exchange = SimpleNamespace(options=options, markets_by_id=None)
    return arguments.market_type(exchange, method, symbol, params)


@pytest.mark.parametrize(
    ("params", "options"),
    [
        ({"marginMode": "cross"}, {}),
        ({"margin": True}, {}),
        ({"type": "margin"}, {}),
        ({"defaultType": "margin"}, {}),
        ({}, {"defaultType": "margin"}),
        ({}, {"fetchOrder": {"defaultType": "margin"}}),
        ({}, {"defaultType": "spot", "fetchOrder": {"defaultType": "margin"}}),
        ({}, {"defaultMarginMode": "cross"}),
        ({"type": "spot", "marginMode": "cross"}, {}),
        ({"type": "margin", "marginMode": "cross", "margin": True}, {"defaultType": "margin"}),
        ({"type": "margin"}, {"defaultType": "swap"}),
    ],
)
def test_every_spelling_of_margin_is_understood_and_leaves_nothing_over(params, options):
    asked = {**params, "custom": 1}
    assert market_type("fetchOrder", "BTC/USDT", asked, options) == (
        "margin",
        {"custom": 1},
    )
    assert asked == {**params, "custom": 1}


@pytest.mark.parametrize(
    ("params", "options"),
    [
        ({}, {}),
        ({"type": "spot"}, {}),
        ({"margin": False}, {}),
        ({}, {"defaultType": "spot"}),
        ({"type": "spot"}, {"defaultType": "margin"}),
        ({}, {"fetchOrders": {"defaultType": "margin"}}),
        ({}, {"defaultType": "margin", "fetchOrder": {"defaultType": "spot"}}),
    ],
)
def test_spot_is_what_is_meant_otherwise(params, options):
    assert market_type("fetchOrder", None, {**params, "x": 2}, options) == (
        "spot",
        {"x": 2},
    )


@pytest.mark.parametrize(
    ("symbol", "params", "options"),
    [
        ("BTC/USDT:USDT", {}, {}),
        ("BTC/USD:BTC", {}, {"defaultType": "spot"}),
        (None, {"type": "swap"}, {}),
        (None, {}, {"defaultType": "swap"}),
        (None, {}, {"fetchOrder": {"defaultType": "swap"}}),
    ],
)
def test_swap_is_asked_for_by_the_symbol_or_the_type(symbol, params, options):
    assert market_type("fetchOrder", symbol, params, options)[0] == "swap"


def test_a_spot_symbol_is_spot_whatever_the_default():
    assert market_type("x", "BTC/USDT", {}, {"defaultType": "swap"})[0] == "spot"
    assert market_type("x", "BTC/USDT", {}, {"defaultType": "margin"})[0] == "margin"


@pytest.mark.parametrize(
    ("params", "options"),
    [
        ({"marginMode": "isolated"}, {}),
        ({"marginMode": "isolated", "type": "margin"}, {}),
        ({"marginMode": "isolated", "margin": True}, {}),
        ({}, {"defaultMarginMode": "isolated"}),
        ({"type": "future"}, {}),
        ({"type": "option"}, {}),
        ({}, {"defaultType": "future"}),
        ({"type": "swap"}, {}),  # BTC/USDT:USDT would be one
        ({"margin": 1}, {}),
        ({"margin": "true"}, {}),
    ],
)
def test_what_digifinex_does_not_have_is_not_supported(params, options):
    with pytest.raises(ccxt.NotSupported) as caught:
        market_type("fetchOrder", "BTC/USDT", params, options)
    assert caught.value.exchange_id == "digifinex"
    assert "fetchOrder" in str(caught.value)


def order(order_id, timestamp=0, status="open", **more):
    return {"id": order_id, "timestamp": timestamp, "status": status, **more}


def test_rows_are_matched_by_id_and_never_by_their_place():
    found = matching.by_id([order("c"), order("a"), order("b")], ["a", "b", "c"])
    assert found == {"a": order("a"), "b": order("b"), "c": order("c")}


def test_ids_that_are_not_returned_are_not_there():
    assert list(matching.by_id([order("b")], ["a", "b"])) == ["b"]
    assert matching.by_id([], ["a", "b"]) == {}


def test_the_same_row_twice_is_one_order():
    assert matching.by_id([order("a"), order("a")], ["a"]) == {"a": order("a")}


@pytest.mark.parametrize(
    ("rows", "named", "kept"),
    [
        ([order("a"), order("foreign")], ["foreign"], ["a"]),
        ([order("foreign"), order("a"), order("b")], ["foreign"], ["a", "b"]),
        ([order("foreign")], ["foreign"], []),
        ([order("a"), order("b"), order("b", status="closed")], ["b"], ["a"]),
        ([order("a"), order("a", 5), order("a")], ["a"], []),
        ([order("x"), order("a"), order("y")], ["x", "y"], ["a"]),
    ],
)
def test_a_foreign_row_or_two_different_rows_of_one_id_are_a_bad_response(rows, named, kept):
    with pytest.raises(ccxt.BadResponse) as caught:
        matching.by_id(rows, ["a", "b"])
    assert caught.value.exchange_id == "digifinex"
    assert [name for name in named if name not in str(caught.value)] == []
    assert [order["id"] for order in caught.value.orders] == kept


def test_a_symbol_is_checked_against_the_row():
    rows = [order("a", symbol="BTC/USDT"), order("b", symbol="LTC/USDT")]
    matching.check_symbol(rows, None)
    matching.check_symbol(rows[:1], "BTC/USDT")
    with pytest.raises(ccxt.BadSymbol) as caught:
        matching.check_symbol(rows, "BTC/USDT")
    assert "LTC/USDT" in str(caught.value)
    assert "'b'" in str(caught.value)
    assert (caught.value.ids, caught.value.orders) == (["b"], rows[:1])


DAY_OF_ORDERS = [
    order("late", 3_000, "open"),
    order("early", 1_000, "closed"),
    order("middle", 2_000, "canceled"),
]


@pytest.mark.parametrize(
    ("since", "until", "kept"),
    [
        (None, None, ["early", "middle", "late"]),
        (2_000, None, ["middle", "late"]),
        (2_001, None, ["late"]),
        (None, 2_000, ["early", "middle"]),
        (None, 1_999, ["early"]),
        (1_001, 2_999, ["middle"]),
    ],
)
def test_orders_are_sorted_and_filtered(since, until, kept):
    orders = matching.within(DAY_OF_ORDERS, since, until)
    assert [order["id"] for order in orders] == kept


@pytest.mark.parametrize(
    ("since", "limit", "kept"),
    [
        (None, None, "abc"),
        (None, 2, "bc"),
        (None, 1, "c"),
        (0, 2, "ab"),
        (5, 1, "a"),
        (None, 3, "abc"),
        (None, 9, "abc"),
        (0, 9, "abc"),
        (None, 0, ""),
        (0, 0, ""),
    ],
)
def test_limit_gives_the_oldest_with_since_and_the_newest_without(since, limit, kept):
    orders = [order(order_id) for order_id in "abc"]
    assert "".join(one["id"] for one in matching.limited(orders, since, limit)) == kept
