"""Three exchanges on loopback that keep one order each, and answer as their documents show it.

Kraken answers a new order by its id alone, MEXC by ids and a symbol, Bitvavo by the order whole.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dfx_adapter.simulator import Request, Response
from dfx_adapter.simulator.server import HOST, Server

FILLED, PRICE = "0.00010000", "70000.0"  # of an order of 0.0004


@dataclass
class Venue:
    """What a venue remembers: the order that was placed, whether it was canceled, and a body.

    `broken` is a body that answers whatever is asked about orders.
    """

    order: dict[str, str] | None = None
    is_canceled: bool = False
    broken: bytes | None = None
    status: int = 200
    asked: list[str] = field(default_factory=list)


def _kraken(venue: Venue, request: Request) -> Any:
    path = request.path.rpartition("/")[2]
    order = venue.order
    if path == "Assets":
        result: Any = {name: {"altname": name, "decimals": 8} for name in ("XBT", "USDT")}
    elif path == "AssetPairs":
        names = {"altname": "XBTUSDT", "wsname": "XBT/USDT", "base": "XBT", "quote": "USDT"}
        numbers = {"pair_decimals": 1, "lot_decimals": 8, "fees": [[0, 0.4]], "ordermin": "0.0001"}
        result = {"XBTUSDT": {**names, **numbers, "status": "online"}}
    elif path == "AddOrder":
        venue.order = request.body_fields()
        result = {
            "txid": ["OXM2QD-EALR2-YBAVEU"],
            "descr": {"order": f"buy 0.00040000 XBTUSDT @ limit {PRICE}"},
        }
    elif path == "CancelOrder":
        venue.is_canceled = True
        result = {"count": 1}
    else:
        row = order and {
            "status": "canceled" if venue.is_canceled else "open",
            "opentm": 1733815269.370054,
            "descr": {"pair": "XBTUSDT", "type": "buy", "ordertype": "limit", "price": PRICE},
            "vol": "0.00040000",
            "vol_exec": FILLED,
            "cost": "7.00000",
            "fee": "0.01750",
            "price": PRICE,
            "oflags": "fciq",
        }
        rows = {"OXM2QD-EALR2-YBAVEU": row} if row else {}
        if path == "OpenOrders":
            result = {"open": {} if venue.is_canceled else rows}
        else:
            result = {"closed": rows} if path == "ClosedOrders" else rows
    return {"error": [], "result": result}


def _mexc(venue: Venue, request: Request) -> Any:
    if request.path.endswith("/exchangeInfo"):
        names = {"symbol": "BTCUSDT", "baseAsset": "BTC", "quoteAsset": "USDT", "status": "1"}
        numbers = {"baseAssetPrecision": 8, "quotePrecision": 2, "baseSizePrecision": "0.000001"}
        allowed = {"isSpotTradingAllowed": True, "permissions": ["SPOT"], "orderTypes": ["LIMIT"]}
        return {"symbols": [{**names, **numbers, **allowed, "quoteAssetPrecision": 2}]}
    if not request.path.lower().endswith(("/order", "orders")):
        return {"data": []} if "contract" in request.path else []
    ids = {"symbol": "BTCUSDT", "orderId": "C02__443776347957968896088", "orderListId": -1}
    if request.method == "POST":
        venue.order = request.query_fields()
        return ids
    if request.method == "DELETE":
        venue.is_canceled = True
    if venue.order is None:
        return (
            []
            if request.path.endswith("openOrders")
            else {"code": -2013, "msg": "Order does not exist."}
        )
    row = {
        **ids,
        "price": PRICE,
        "origQty": "0.0004",
        "executedQty": FILLED,
        "cummulativeQuoteQty": "7.00",
        "status": "CANCELED" if venue.is_canceled else "PARTIALLY_FILLED",
        "type": "LIMIT",
        "side": "BUY",
        "time": 1733815269370,
        "updateTime": 1733815270000,
    }
    if request.path.endswith("openOrders"):
        return [] if venue.is_canceled else [row]
    return [row] if request.path.endswith("allOrders") else row


def _bitvavo(venue: Venue, request: Request) -> Any:
    path = request.path.rpartition("/v2/")[2]
    if path == "assets":
        return [{"symbol": name, "name": name, "decimals": 8} for name in ("BTC", "USDT")]
    if path == "markets":
        names = {"market": "BTC-USDT", "base": "BTC", "quote": "USDT", "status": "trading"}
        numbers = {"pricePrecision": 6, "tickSize": "0.1", "quantityDecimals": 8}
        least = {"minOrderInBaseAsset": "0.0001", "minOrderInQuoteAsset": "5"}
        return [{**names, **numbers, **least, "orderTypes": ["limit", "market"]}]
    if request.method == "POST":
        venue.order = json.loads(request.body)
    if request.method == "DELETE":
        venue.is_canceled = True
        return {"orderId": "1be6d0df-d5dc-4b53-a250-3376f3b393e6"}
    row = {
        "orderId": "1be6d0df-d5dc-4b53-a250-3376f3b393e6",
        "market": "BTC-USDT",
        "created": 1733815269370,
        "updated": 1733815270000,
        "status": "canceled" if venue.is_canceled else "partiallyFilled",
        "side": "buy",
        "orderType": "limit",
        "amount": "0.0004",
        "amountRemaining": "0.0003",
        "price": PRICE,
        "filledAmount": FILLED,
        "filledAmountQuote": "7",
        "feePaid": "0.0175",
        "feeCurrency": "USDT",
        "fills": [],
    }
    if venue.order is None:
        return [] if path == "ordersOpen" else {"errorCode": 240, "error": "No order found."}
    if path == "ordersOpen":
        return [] if venue.is_canceled else [row]
    return row


ANSWERS: dict[str, Callable[[Venue, Request], Any]] = {
    "kraken": _kraken,
    "mexc": _mexc,
    "bitvavo": _bitvavo,
}
_MARKET_PATHS = ("Assets", "AssetPairs", "exchangeInfo", "getall", "detail", "assets", "markets")


@contextmanager
def serving(name: str) -> Iterator[tuple[Venue, dict[str, Any]]]:
    """Serve a venue, and give it with the config that points ccxt's class here."""
    venue = Venue()

    def answer(request: Request) -> Response:
        venue.asked.append(f"{request.method} {request.path}")
        is_market = request.path.endswith(_MARKET_PATHS)
        if venue.broken is not None and not is_market:
            return Response(venue.broken, status=venue.status)
        return Response(json.dumps(ANSWERS[name](venue, request)).encode())

    server = Server(answer, 0)
    url = f"http://{HOST}:{server.port}"
    both = {"public": url, "private": url}
    api = {"kraken": both, "bitvavo": both, "mexc": {"spot": both, "contract": both}}
    try:
        yield (
            venue,
            {
                "apiKey": "simulated-key",
                "secret": "c2ltdWxhdGVk",  # Kraken's secrets are base64
                "enableRateLimit": False,
                "options": {"operatorId": 1},  # Bitvavo wants one
                "urls": {"api": api[name]},
            },
        )
    finally:
        server.stop()
