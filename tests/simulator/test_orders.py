"""The life of an order, and the row that tells of it at every stage."""

import json
from decimal import Decimal

import pytest

NOW = 1_589_873_762


def test_the_real_answer_of_ccxt_issue_6097_is_reproduced(exchange, clock, ask):
    real = (
        '{"data":[{"finished_date":1573038753,"created_date":1573038753,"status":2,"kind":"spot",'
        '"cash_amount":0,"type":"buy","avg_price":0.6165,"symbol":"DFT_USDT","amount":4,'
        '"order_id":"af4db5b17e9c4b305383313efe56f0c7","executed_amount":4,"price":0.6175}],"code":0}'
    )
    clock.time = 1573038753
    order_id = exchange.place(
        "DFT_USDT", "buy", price="0.6175", amount=4, order_id="af4db5b17e9c4b305383313efe56f0c7"
    )
    exchange.fill(order_id, price="0.6165")
    assert ask("GET", "/v3/spot/order", order_id=order_id) == json.loads(real, parse_float=Decimal)


def test_row_of_an_open_order(exchange):
    order_id = exchange.place("ETH_USDT", "sell", price="214.50", amount="0.40", kind="margin")
    assert exchange.row(order_id) == {
        "symbol": "ETH_USDT",
        "order_id": order_id,
        "created_date": NOW,
        "finished_date": 0,
        "price": Decimal("214.5"),
        "amount": Decimal("0.4"),
        "cash_amount": 0,
        "executed_amount": 0,
        "avg_price": 0,
        "status": 0,
        "type": "sell",
        "kind": "margin",
    }


def state(exchange, order_id):
    row = exchange.row(order_id)
    return row["status"], row["executed_amount"], row["avg_price"], row["finished_date"]


def test_fills_add_up(exchange, clock):
    order_id = exchange.place(price=9000, amount="0.4")
    exchange.fill(order_id, "0.1", 8000)
    assert state(exchange, order_id) == (1, Decimal("0.1"), 8000, 0)
    clock.time += 60
    exchange.fill(order_id)
    assert state(exchange, order_id) == (2, Decimal("0.4"), 8750, NOW + 60)


def test_an_average_is_rounded_to_eight_places(exchange):
    order_id = exchange.place(price=10, amount=3)
    exchange.fill(order_id, 2, 1)
    exchange.fill(order_id, 1, 2)
    assert exchange.row(order_id)["avg_price"] == Decimal("1.33333333")


@pytest.mark.parametrize(("filled", "status"), [(None, 3), ("0.1", 4)])
def test_cancelled(exchange, clock, filled, status):
    order_id = exchange.place(price=9000, amount="0.4")
    if filled:
        exchange.fill(order_id, filled)
    clock.time += 5
    exchange.cancel(order_id)
    average = 9000 if filled else 0
    assert state(exchange, order_id) == (status, Decimal(filled or 0), average, NOW + 5)


def test_market_buy_is_ordered_in_quote_money(exchange):
    order_id = exchange.place(type="buy_market", cash_amount="9713.82")
    row = exchange.row(order_id)
    assert (row["amount"], row["cash_amount"], row["price"]) == (0, Decimal("9713.82"), 0)
    exchange.settle(order_id, 9700)
    row = exchange.row(order_id)
    assert (row["amount"], row["cash_amount"], row["price"]) == (0, Decimal("9713.82"), 0)
    assert state(exchange, order_id) == (2, Decimal("1.0014"), 9700, NOW)


def test_market_buy_in_parts(exchange):
    order_id = exchange.place(type="buy_market", cash_amount=100)
    exchange.fill(order_id, "0.5", 100)
    assert state(exchange, order_id) == (1, Decimal("0.5"), 100, 0)
    exchange.fill(order_id, price=30)
    assert state(exchange, order_id) == (2, Decimal("2.1666"), Decimal("46.15434321"), NOW)


def test_market_buy_that_spends_the_budget_to_the_cent_is_complete(exchange):
    order_id = exchange.place(type="buy_market", cash_amount=100)
    exchange.fill(order_id, 2, 50)
    assert state(exchange, order_id) == (2, 2, 50, NOW)


def test_market_sell_is_ordered_in_base(exchange):
    order_id = exchange.place(type="sell_market", amount="0.3")
    exchange.fill(order_id, price=9500)
    row = exchange.row(order_id)
    assert (row["amount"], row["cash_amount"], row["price"]) == (Decimal("0.3"), 0, 0)
    assert state(exchange, order_id) == (2, Decimal("0.3"), 9500, NOW)


def test_long_numbers_keep_every_digit(exchange, ask):
    amount, price = Decimal("1234567890.12345678"), Decimal("9876543210.87654321")
    order_id = exchange.place(price=price, amount=amount)
    free = Decimal("-12193263113564005223.6092059022374638")
    assert exchange.free("spot", "USDT") == free
    exchange.fill(order_id)
    (row,) = ask("GET", "/v3/spot/order", order_id=order_id)["data"]
    assert row["amount"] == row["executed_amount"] == amount
    assert row["price"] == row["avg_price"] == price


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("4.000", b'"amount":4,'),
        ("1E+3", b'"amount":1000,'),
        (0.1, b'"amount":0.1,'),
        ("1e-8", b'"amount":1E-8,'),
    ],
)
def test_numbers_have_no_quotes_and_no_needless_zeros(exchange, ask, quantity, text):
    exchange.place(price=1, amount=quantity)
    ask("GET", "/v3/spot/order/current")
    assert text in exchange.requests[-1].answer


@pytest.mark.parametrize(
    ("order_type", "quantities"),
    [
        ("buy", {"amount": 1}),
        ("sell", {"price": 1}),
        ("buy_market", {"amount": 1}),
        ("sell_market", {"amount": 1, "price": 1}),
        ("buy", {"price": 1, "amount": 1, "cash_amount": 1}),
    ],
)
def test_an_order_takes_the_quantities_of_its_type(exchange, order_type, quantities):
    with pytest.raises(ValueError, match=f"an order of type {order_type} takes"):
        exchange.place(type=order_type, **quantities)


def test_no_more_than_the_rest_can_be_filled(exchange):
    limit = exchange.place(price=9000, amount=1)
    market = exchange.place(type="buy_market", cash_amount=100)
    for order_id in (limit, market):
        with pytest.raises(ValueError, match=r"more than order \w+ has left"):
            exchange.fill(order_id, "1.1", 100)


@pytest.mark.parametrize("price", [0, -1])
def test_a_fill_has_a_price(exchange, price):
    buy = exchange.place(type="buy_market", cash_amount=100)
    sell = exchange.place(type="sell_market", amount=1)
    for move in (lambda: exchange.settle(buy, price), lambda: exchange.fill(sell, 1, price)):
        with pytest.raises(ValueError, match="must be more than 0"):
            move()


def test_only_open_orders_move(exchange):
    order_id = exchange.place(price=9000, amount=1)
    exchange.fill(order_id)
    with pytest.raises(ValueError, match="is not open, its status is 2"):
        exchange.cancel(order_id)
    with pytest.raises(ValueError, match="is not open, its status is 2"):
        exchange.fill(order_id, 1)


def test_only_market_buys_are_settled(exchange):
    order_id = exchange.place(price=9000, amount=1)
    with pytest.raises(ValueError, match="is not a market buy"):
        exchange.settle(order_id, 9000)


def test_unknown_orders_and_taken_ids(exchange):
    with pytest.raises(KeyError, match="no order 'nowhere'"):
        exchange.fill("nowhere")
    with pytest.raises(KeyError, match="no order 'nowhere'"):
        exchange.set_row("nowhere", status=7)
    exchange.place(price=1, amount=1, order_id="a")
    with pytest.raises(ValueError, match="order id 'a' is taken"):
        exchange.place(price=1, amount=1, order_id="a")


def test_ids_are_32_hex_digits_and_differ(exchange):
    ids = [exchange.place(price=1, amount=1) for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(len(order_id) == 32 and int(order_id, 16) for order_id in ids)


def test_fills_move_money_and_fees_are_quote(exchange, ask):
    exchange.set_balance("BTC", 1)
    exchange.set_balance("USDT", 10_000)
    order_id = exchange.place(price=9000, amount=1)
    assert balance(ask, "USDT") == (1000, 10_000)
    exchange.fill(order_id, "0.5", 8000)
    assert balance(ask, "USDT") == (1492, 5992)
    assert balance(ask, "BTC") == (Decimal("1.5"), Decimal("1.5"))
    exchange.cancel(order_id)
    assert balance(ask, "USDT") == (5992, 5992)
    sell = exchange.place(type="sell_market", amount=1)
    assert balance(ask, "BTC") == (Decimal("0.5"), Decimal("1.5"))
    exchange.fill(sell, price=9000)
    assert balance(ask, "USDT") == (14_974, 14_974)
    assert balance(ask, "BTC") == (Decimal("0.5"), Decimal("0.5"))


def balance(ask, currency):
    rows = ask("GET", "/v3/spot/assets")["list"]
    (row,) = [row for row in rows if row["currency"] == currency]
    return row["free"], row["total"]
