"""Prices in public, in the shapes of the documents' examples: the book, the trades, the candles."""

import pytest

NOW = 1_589_873_762


def test_the_book_is_ranked_from_the_highest_price_down(ask_public):
    book = ask_public("/v3/order_book", "symbol=btc_usdt&limit=2")
    assert book == {
        "bids": [[9592.21, 10], [9592.2, 10]],
        "asks": [[9592.24, 10], [9592.23, 10]],
        "date": NOW,
        "code": 0,
    }
    assert len(ask_public("/v3/order_book", "symbol=BTC_USDT")["asks"]) == 10


def test_no_bid_is_below_nothing(ask_public, exchange):
    from dataclasses import replace
    from decimal import Decimal

    exchange.markets["TRX_USDT"] = replace(exchange.markets["TRX_USDT"], last=Decimal("0.000003"))
    book = ask_public("/v3/order_book", "symbol=trx_usdt")
    assert [price for price, _ in book["bids"]] == [0.000002, 0.000001]
    assert len(book["asks"]) == 10


def test_trades_come_newest_first(ask_public):
    answer = ask_public("/v3/trades", "symbol=btc_usdt&limit=2")
    assert (answer["date"], answer["code"]) == (NOW, 0)
    newest, before = answer["data"]
    assert newest == {"date": NOW, "id": NOW, "amount": 10, "type": "buy", "price": 9592.22}
    assert (before["date"], before["type"]) == (NOW - 1, "sell")
    assert len(ask_public("/v3/trades", "symbol=btc_usdt")["data"]) == 100


def test_candles_are_time_volume_close_high_low_open(ask_public):
    # From 05:26:40 to 07:36:02 UTC two candles begin: those of 06:00 and 07:00.
    answer = ask_public("/v3/kline", "symbol=btc_usdt&period=60&start_time=1589866000")
    price = 9592.22
    assert answer == {
        "data": [
            [1589868000, 10, price, price, price, price],
            [1589871600, 10, price, price, price, price],
        ],
        "code": 0,
    }


@pytest.mark.parametrize(
    ("query", "count", "step"),
    [
        ("period=1", 200, 60),  # from now back 200 periods
        ("period=1D", 200, 86_400),
        ("period=1W", 200, 604_800),
        ("period=5&start_time=0", 500, 300),  # "up to 500 at one time"
        ("period=15&start_time=1589000000&end_time=1589002700", 3, 900),
    ],
)
def test_how_many_candles(ask_public, query, count, step):
    candles = ask_public("/v3/kline", f"symbol=eth_usdt&{query}")["data"]
    begins = [candle[0] for candle in candles]
    assert len(begins) == count
    assert begins == list(range(begins[0], begins[0] + count * step, step))
    assert begins[-1] <= NOW


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("order_book", "", 10004),
        ("trades", "symbol=foo_usdt", 20019),
        ("order_book", "symbol=btc_usdt&limit=151", 10004),
        ("trades", "symbol=btc_usdt&limit=501", 10004),
        ("kline", "symbol=btc_usdt", 10004),
        ("kline", "symbol=btc_usdt&period=2", 10004),
        ("kline", "symbol=btc_usdt&period=1&start_time=2&end_time=1", 20022),
    ],
)
def test_refusals(ask_public, path, query, code):
    assert ask_public(f"/v3/{path}", query) == {"code": code}
