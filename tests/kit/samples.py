"""The plugins of strangers in tests/data/dists, as modules, and rows as the documents show them."""

import sys
from importlib import import_module
from pathlib import Path

DISTS = Path(__file__).parents[1] / "data" / "dists"


def sample(name):
    """Give the module of a distribution that is not installed."""
    path = str(DISTS / name)
    if path not in sys.path:
        sys.path.append(path)
    return import_module(f"{name}_orders")


# MEXC Spot API v3, "Query Order"; numbers and times of a partly filled order that was canceled.
MEXC_ROW = {
    "symbol": "BTCUSDT",
    "orderId": "C02__443776347957968896088",
    "orderListId": -1,
    "clientOrderId": "mine-1",
    "price": "69123.45",
    "origQty": "0.000123",
    "executedQty": "0.000100",
    "cummulativeQuoteQty": "6.912340",
    "status": "PARTIALLY_CANCELED",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "BUY",
    "stopPrice": "",
    "time": 1733815269370,
    "updateTime": 1733815270001,
    "isWorking": True,
    "origQuoteOrderQty": "0",
}
# By hand: remaining 0.000123 - 0.0001; average 6.91234 / 0.0001; cost as it was sent.
MEXC_ORDER = {
    "id": "C02__443776347957968896088",
    "clientOrderId": "mine-1",
    "status": "canceled",
    "side": "buy",
    "type": "limit",
    "timeInForce": "GTC",
    "postOnly": None,
    "timestamp": 1733815269370,
    "datetime": "2024-12-10T07:21:09.370Z",
    "lastTradeTimestamp": None,
    "lastUpdateTimestamp": 1733815270001,
    "price": "69123.45",
    "amount": "0.000123",
    "filled": "0.000100",
    "remaining": "0.000023",
    "average": "69123.4",
    "cost": "6.912340",
    "fee": None,
    "fees": [],
    "trades": [],
}
# Kraken REST API, "Query Orders Info"; the example of a market order, with its id.
KRAKEN_ID = "OTLAS3-RRHUF-NDWH5A"
KRAKEN_ROW = {
    "refid": None,
    "userref": 0,
    "status": "closed",
    "reason": None,
    "opentm": "1586822919.3342",
    "closetm": "1586822919.365",
    "starttm": 0,
    "expiretm": 0,
    "descr": {
        "pair": "XBTUSDT",
        "type": "sell",
        "ordertype": "market",
        "price": "0",
        "price2": "0",
        "leverage": "none",
        "order": "sell 0.21804000 XBTUSDT @ market",
        "close": "",
    },
    "vol": "0.21804000",
    "vol_exec": "0.21804000",
    "cost": "1493.9",
    "fee": "3.8",
    "price": "6851.5",
    "stopprice": "0.00000",
    "limitprice": "0.00000",
    "misc": "",
    "oflags": "fciq",
}
# By hand: cost 0.21804 x 6851.5; 1586822919.3342 s is 2020-04-14 00:08:39.3342 UTC.
KRAKEN_ORDER = {
    "id": KRAKEN_ID,
    "clientOrderId": None,
    "status": "closed",
    "side": "sell",
    "type": "market",
    "postOnly": False,
    "timestamp": 1586822919334,
    "datetime": "2020-04-14T00:08:39.334Z",
    "lastTradeTimestamp": None,
    "lastUpdateTimestamp": 1586822919365,
    "price": "6851.5",
    "amount": "0.21804000",
    "filled": "0.21804000",
    "remaining": "0",
    "average": "6851.5",
    "cost": "1493.90106",
    "trades": [],
}
ROWS = {"mexc": MEXC_ROW, "kraken": {"id": KRAKEN_ID, **KRAKEN_ROW}}
ORDERS = {"mexc": MEXC_ORDER, "kraken": KRAKEN_ORDER}
MARKETS = {"mexc": "BTCUSDT", "kraken": "XBTUSDT"}
