"""Swap orders are ccxt's to parse, and then by the same rules as all others."""

from decimal import Decimal

import pytest

from dfx_adapter import AdapterHost
from dfx_conformance.order_checks import check

# As ccxt's class quotes it: 6 contracts of 0.001 BTC, of which 2 are filled.
ROW = {
    "order_id": "1590898207657824256",
    "instrument_id": "BTCUSDTPERP",
    "margin_mode": "crossed",
    "contract_val": "0.001",
    "type": 1,
    "order_type": 0,
    "price": "14000",
    "size": "6",
    "filled_qty": "2",
    "price_avg": "13999.5",
    "fee": "0",
    "state": 1,
    "insert_time": 1668134664828,
    "time_stamp": 1668134664900,
}
MARKET = {
    "id": "BTCUSDTPERP",
    "symbol": "BTC/USDT:USDT",
    "base": "BTC",
    "quote": "USDT",
    "settle": "USDT",
    "baseId": "BTC",
    "quoteId": "USDT",
    "settleId": "USDT",
    "type": "swap",
    "spot": False,
    "margin": False,
    "swap": True,
    "future": False,
    "option": False,
    "contract": True,
    "linear": True,
    "inverse": False,
    "contractSize": 0.001,
    "active": True,
    "precision": {"amount": 1.0, "price": 0.1},
    "limits": {},
}


@pytest.fixture(params=[float, Decimal, str])
def exchange(request):
    host = AdapterHost(entry_points=False)
    made = host.connect("digifinex", {"apiKey": "k", "secret": "s", "number": request.param})
    made.set_markets([MARKET])
    return made


def test_a_swap_order_read_keeps_the_rules(exchange, mocker):
    mocker.patch.object(exchange, "fetch", return_value={"code": 0, "data": ROW})
    order = exchange.fetch_order("1590898207657824256", "BTC/USDT:USDT")
    assert [p for p in check(order, MARKET) if p.rule.level == "MUST"] == []  # 4.5.22: no side
    number = exchange.number
    assert (order["amount"], order["filled"], order["remaining"]) == (
        number("6"),
        number("2"),
        number("4"),
    )
    assert order["cost"] == number("27.999")  # 2 x 0.001 x 13999.5
    assert (order["status"], order["fee"], order["fees"]) == ("open", None, [])


def test_a_swap_order_placed_is_whole(exchange, mocker):
    mocker.patch.object(exchange, "fetch", return_value={"code": 0, "data": "1590873693003714560"})
    order = exchange.create_order("BTC/USDT:USDT", "limit", "buy", 6, 14000)
    assert (order["id"], order["symbol"]) == ("1590873693003714560", "BTC/USDT:USDT")
    number = exchange.number
    assert (order["amount"], order["price"]) == (number("6"), number("14000"))
    canceled = exchange.cancel_order(order["id"], "BTC/USDT:USDT")
    assert (canceled["id"], canceled["symbol"]) == (order["id"], "BTC/USDT:USDT")
    for one in (order, canceled):
        assert [p for p in check(one, MARKET) if p.rule.level == "MUST"] == []
