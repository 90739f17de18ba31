"""The endpoints that act: every check of an order, batches, cancellations."""

import json
from decimal import Decimal

import pytest

from dfx_adapter.simulator import Simulator

NOW = 1_589_873_762
NEW = "/v3/spot/order/new"
BATCH = "/v3/spot/order/batch_new"
CANCEL = "/v3/spot/order/cancel"
LIMIT_BUY = {"symbol": "btc_usdt", "type": "buy", "price": "9500.5", "amount": "0.4"}


def test_a_limit_order(exchange, ask):
    answer = ask("POST", NEW, **LIMIT_BUY)
    assert list(answer) == ["order_id", "code"]
    assert exchange.row(answer["order_id"]) == {
        "symbol": "BTC_USDT",
        "order_id": answer["order_id"],
        "created_date": NOW,
        "finished_date": 0,
        "price": Decimal("9500.5"),
        "amount": Decimal("0.4"),
        "cash_amount": 0,
        "executed_amount": 0,
        "avg_price": 0,
        "status": 0,
        "type": "buy",
        "kind": "spot",
    }


def test_an_order_in_margin(exchange, ask):
    answer = ask("POST", "/v3/margin/order/new", **LIMIT_BUY)
    assert exchange.row(answer["order_id"])["kind"] == "margin"


def test_the_amount_of_a_market_buy_is_quote_money(exchange, ask):
    answer = ask("POST", NEW, symbol="BTC_USDT", type="buy_market", amount="100.123456")
    row = exchange.row(answer["order_id"])
    assert (row["amount"], row["cash_amount"], row["price"]) == (0, Decimal("100.123456"), 0)


def test_the_amount_of_a_market_sell_is_base_and_its_price_is_ignored(exchange, ask):
    answer = ask("POST", NEW, symbol="BTC_USDT", type="sell_market", amount="0.5", price="1")
    row = exchange.row(answer["order_id"])
    assert (row["amount"], row["cash_amount"], row["price"]) == (Decimal("0.5"), 0, 0)


def test_a_marketable_order_waits_to_be_filled_by_hand(exchange, ask):
    answer = ask("POST", NEW, symbol="BTC_USDT", type="buy", price="99999", amount="0.1")
    assert exchange.row(answer["order_id"])["status"] == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"symbol": ""}, 10004),
        ({"symbol": "FOO_USDT"}, 20019),
        ({"symbol": "usdt_btc"}, 20019),
        ({"type": ""}, 10004),
        ({"type": "limit"}, 20012),
        ({"type": "BUY"}, 20012),
        ({"symbol": "DFT_USDT", "type": "buy_market", "amount": "10"}, 20012),
        ({"symbol": "DFT_USDT", "type": "sell_market", "amount": "10"}, 20012),
        ({"symbol": "DFT_USDT", "price": "0.6175", "amount": "4"}, 0),
        ({"amount": ""}, 10004),
        ({"amount": "0"}, 10004),
        ({"amount": "-1"}, 10004),
        ({"amount": "NaN"}, 10004),
        ({"amount": "1e999"}, 10004),
        ({"amount": "٤"}, 10004),
        ({"price": ""}, 10004),
        ({"price": "cheap"}, 10004),
        ({"price": "9500.55"}, 0),
        ({"price": "9500.555"}, 20007),
        ({"price": "9500.550"}, 0),
        ({"amount": "0.40001"}, 20008),
        ({"amount": "4e-1"}, 0),
        ({"type": "sell_market", "amount": "0.40001"}, 20008),
        ({"symbol": "ETH_USDT", "price": "9000", "amount": "0.0009"}, 20009),
        ({"symbol": "ETH_USDT", "price": "9000", "amount": "0.001"}, 0),
        ({"price": "19999.99", "amount": "0.0001"}, 20010),
        ({"price": "20000", "amount": "0.0001"}, 0),
        ({"type": "buy_market", "amount": "1.99"}, 20010),
        ({"type": "buy_market", "amount": "2"}, 0),
        ({"type": "sell_market", "amount": "0.0001"}, 0),
        ({"post_only": "1"}, 0),
        ({"post_only": "2"}, 10004),
    ],
)
def test_checks_of_an_order(exchange, ask, change, code):
    assert ask("POST", NEW, **(LIMIT_BUY | change))["code"] == code
    placed = ask("GET", "/v3/spot/order/current")["data"]
    assert len(placed) == (1 if code == 0 else 0)


def test_margin_only_where_the_market_has_it(ask):
    order = {"symbol": "TRX_USDT", "type": "buy", "price": "0.01", "amount": "1000"}
    assert ask("POST", "/v3/margin/order/new", **order) == {"code": 20019}
    assert ask("POST", NEW, **order)["code"] == 0


def test_open_orders_tie_up_the_balance(exchange, ask):
    exchange.set_balance("USDT", 5000)
    order = LIMIT_BUY | {"price": "2500", "amount": "1"}
    first = ask("POST", NEW, **order)["order_id"]
    assert ask("POST", NEW, **order)["code"] == 0
    assert ask("POST", NEW, **(order | {"amount": "0.001"})) == {"code": 20011}
    assert ask("POST", NEW, symbol="BTC_USDT", type="buy_market", amount="2") == {"code": 20011}
    ask("POST", CANCEL, order_id=first)
    assert ask("POST", NEW, symbol="BTC_USDT", type="buy_market", amount="2500")["code"] == 0


def test_a_sale_needs_the_base(exchange, ask):
    exchange.set_balance("BTC", "0.1")
    order = {"symbol": "BTC_USDT", "type": "sell_market"}
    assert ask("POST", NEW, **order, amount="0.1001") == {"code": 20011}
    assert ask("POST", "/v3/margin/order/new", **order, amount="0.1001")["code"] == 0
    assert ask("POST", NEW, **order, amount="0.1")["code"] == 0


def batch(ask, *orders, symbol="BTC_USDT"):
    return ask("POST", BATCH, symbol=symbol, list=json.dumps(orders))


GOOD = {"type": "buy", "amount": 0.1, "price": 6000, "post_only": 1}


def test_a_batch(exchange, ask):
    quoted = {"type": "sell", "amount": "0.2", "price": "6100.00", "symbol": "BTC_USDT"}
    answer = batch(ask, GOOD, quoted)
    first, second = (exchange.row(order_id) for order_id in answer["order_ids"])
    assert (first["type"], first["amount"], first["price"]) == ("buy", Decimal("0.1"), 6000)
    assert (second["type"], second["amount"], second["price"]) == ("sell", Decimal("0.2"), 6100)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (GOOD | {"type": "hold"}, 20012),
        (GOOD | {"price": 6000.001}, 20007),
        (GOOD | {"amount": 1e-05}, 20008),
        (GOOD | {"amount": 10_000_000}, 20011),
        (GOOD | {"amount": None}, 10004),
        (GOOD | {"amount": True}, 10004),
        ("buy", 10004),
    ],
)
def test_one_bad_order_fails_the_batch(ask, bad, code):
    assert batch(ask, GOOD, bad) == {"code": code}
    assert ask("GET", "/v3/spot/order/current")["data"] == []


def test_the_orders_of_a_batch_share_the_balance(exchange, ask):
    exchange.set_balance("USDT", 1000)
    assert batch(ask, GOOD, GOOD) == {"code": 20011}
    exchange.set_balance("USDT", 1200)
    assert batch(ask, GOOD, GOOD)["code"] == 0


@pytest.mark.parametrize(("count", "code"), [(0, 10004), (10, 0), (11, 10004)])
def test_the_size_of_a_batch(ask, count, code):
    assert batch(ask, *[GOOD] * count)["code"] == code


@pytest.mark.parametrize("text", ["", "[", '{"type":"buy"}', "null"])
def test_a_batch_is_a_json_list(ask, text):
    assert ask("POST", BATCH, symbol="BTC_USDT", list=text) == {"code": 10004}


def test_a_batch_has_one_symbol(ask):
    assert batch(ask, GOOD, symbol="FOO_USDT") == {"code": 20019}
    assert ask("POST", BATCH, list=json.dumps([GOOD])) == {"code": 10004}


def test_cancel(exchange, clock, ask):
    order_id = exchange.place(price=9000, amount=1)
    clock.time += 7
    assert ask("POST", CANCEL, order_id=order_id) == {
        "date": NOW + 7,
        "success": [order_id],
        "error": [],
        "code": 0,
    }
    row = exchange.row(order_id)
    assert (row["status"], row["finished_date"]) == (3, NOW + 7)


def test_cancel_says_code_0_although_ids_failed(exchange, ask):
    exchange.place(price=9000, amount=1, order_id="open")
    exchange.place(price=9000, amount=1, order_id="filled")
    exchange.place(price=9000, amount=1, order_id="margin", kind="margin")
    exchange.add_row({"order_id": "raw", "status": 0})
    exchange.fill("filled")
    answer = ask("POST", CANCEL, order_id="filled,open,nowhere,margin,raw")
    assert answer["code"] == 0
    assert answer["success"] == ["open"]
    assert answer["error"] == ["filled", "nowhere", "margin", "raw"]
    assert ask("POST", CANCEL, order_id="open")["error"] == ["open"]


@pytest.mark.parametrize("params", [{}, {"order_id": ""}, {"order_id": "a,"}])
def test_cancel_without_an_id(ask, params):
    assert ask("POST", CANCEL, **params) == {"code": 10004}


def test_parameters_of_a_post_may_stand_in_the_query(exchange, clock):
    from dfx_adapter.simulator import Request, signature

    order_id = exchange.place(price=9000, amount=1)
    query = f"order_id={order_id}"
    headers = {
        "ACCESS-KEY": exchange.api_key,
        "ACCESS-SIGN": signature(exchange.secret, query),
        "ACCESS-TIMESTAMP": str(NOW),
    }
    exchange.respond(Request("POST", CANCEL, query, headers))
    assert exchange.row(order_id)["status"] == 3


def test_balances_can_be_given_at_the_start(clock):
    exchange = Simulator(clock=clock, balances={"USDT": 7})
    assert exchange.free("spot", "USDT") == exchange.free("margin", "USDT") == 7
    assert exchange.free("spot", "BTC") == 1_000_000


def test_a_cancel_can_lag_behind_its_confirmation(exchange, ask):
    order_id = exchange.place(price=9000, amount=1)
    exchange.cancel_lag = 2
    assert ask("POST", CANCEL, order_id=order_id)["success"] == [order_id]
    rows = [ask("GET", "/v3/spot/order", order_id=order_id)["data"][0] for _ in range(3)]
    assert [row["status"] for row in rows] == [0, 0, 3]
    assert exchange.row(order_id)["status"] == 3


def test_cancels_can_be_refused_of_open_orders(exchange, ask):
    order_id = exchange.place(price=9000, amount=1)
    exchange.refuses_cancels = True
    answer = ask("POST", CANCEL, order_id=order_id)
    assert (answer["code"], answer["success"], answer["error"]) == (0, [], [order_id])
    assert exchange.row(order_id)["status"] == 0
