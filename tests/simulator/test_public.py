"""The public endpoints, in the shapes of the documents' examples, and the paths that are none."""

import pytest

from dfx_adapter.simulator import Simulator

NOW = 1_589_873_762


def test_ping_and_time(ask_public):
    assert ask_public("/v3/ping") == {"msg": "pong", "code": 0}
    assert ask_public("/v3/time") == {"server_time": NOW, "code": 0}


def test_markets(ask_public):
    answer = ask_public("/v3/markets")
    assert answer["date"] == NOW
    assert answer["data"][0] == {
        "volume_precision": 4,
        "price_precision": 2,
        "market": "btc_usdt",
        "min_amount": 2,
        "min_volume": 0.0001,
    }


PAIR = {
    "status": "TRADING",
    "symbol": "BTC_USDT",
    "quote_asset": "USDT",
    "base_asset": "BTC",
    "amount_precision": 4,
    "price_precision": 2,
    "minimum_amount": 0.0001,
    "minimum_value": 2,
    "zone": "MAIN",
    "order_types": ["LIMIT", "MARKET"],
}


@pytest.mark.parametrize(
    ("path", "extra", "symbols"),
    [
        ("/v3/spot/symbols", {}, ["BTC_USDT", "ETH_USDT", "DFT_USDT", "TRX_USDT"]),
        ("/v3/margin/symbols", {"liquidation_rate": 0.3}, ["BTC_USDT", "ETH_USDT"]),
        ("/v3/trades/symbols", {"is_allow": 1}, ["BTC_USDT", "ETH_USDT", "DFT_USDT", "TRX_USDT"]),
    ],
)
def test_symbols(ask_public, path, extra, symbols):
    listed = ask_public(path)["symbol_list"]
    assert listed[0] == PAIR | extra
    assert [pair["symbol"] for pair in listed] == symbols


def test_one_market_takes_limit_orders_only(ask_public):
    listed = ask_public("/v3/spot/symbols")["symbol_list"]
    types = {pair["symbol"]: pair["order_types"] for pair in listed}
    assert types["DFT_USDT"] == ["LIMIT"]
    assert types["TRX_USDT"] == ["LIMIT", "MARKET"]


def test_currencies_say_200(ask_public):
    answer = ask_public("/v3/currencies")
    assert answer["code"] == 200
    assert [row["currency"] for row in answer["data"]] == ["BTC", "DFT", "ETH", "TRX", "USDT"]
    assert [row["currency"] for row in ask_public("/v3/currencies", "currency=eth")["data"]] == [
        "ETH"
    ]


def test_ticker(ask_public):
    (tick,) = ask_public("/v3/ticker", "symbol=btc_usdt")["ticker"]
    assert (tick["buy"], tick["last"], tick["sell"]) == (9592.21, 9592.22, 9592.23)
    assert tick["symbol"] == "btc_usdt"
    assert len(ask_public("/v3/ticker")["ticker"]) == 4
    assert ask_public("/v3/ticker", "symbol=foo_usdt") == {"code": 20019}


def test_no_swaps(ask_public):
    assert ask_public("/swap/v2/public/instruments") == {"data": [], "code": 0}


@pytest.mark.parametrize(
    "path", ["/", "/v3", "/v3/order", "/v3/otc/order", "/v3/spot/order/", "/v2/spot/order"]
)
def test_unknown_paths(ask_public, path):
    assert ask_public(path) == {"code": 10009}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v3/time"),
        ("POST", "/v3/spot/order"),
        ("GET", "/v3/spot/order/new"),
        ("DELETE", "/v3/margin/order/cancel"),
    ],
)
def test_wrong_methods(ask_public, method, path):
    assert ask_public(path, method=method) == {"code": 10001}


def test_a_delisted_market_is_listed_nowhere(exchange, ask, ask_public):
    order_id = exchange.place("TRX_USDT", price="0.01", amount=1000)
    del exchange.markets["TRX_USDT"]
    assert len(ask_public("/v3/trades/symbols")["symbol_list"]) == 3
    assert ask_public("/v3/ticker", "symbol=trx_usdt") == {"code": 20019}
    assert ask("GET", "/v3/spot/order", order_id=order_id)["data"][0]["symbol"] == "TRX_USDT"


def test_markets_of_ones_own(clock):
    from dfx_adapter.simulator import DEFAULT_MARKETS, Request

    exchange = Simulator(clock=clock, markets=DEFAULT_MARKETS[:1])
    assert list(exchange.markets) == ["BTC_USDT"]
    assert b"ETH" not in exchange.respond(Request("GET", "/v3/currencies")).body
