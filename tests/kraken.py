"""A Kraken on loopback that knows one order; the shapes are those quoted in ccxt's kraken class."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dfx_adapter.simulator import Request, Response
from dfx_adapter.simulator.server import HOST, Server

ORDER_ID = "OXM2QD-EALR2-YBAVEU"

ANSWERS: dict[str, Any] = {
    "/0/public/Assets": {
        "XXBT": {"aclass": "currency", "altname": "XBT", "decimals": 10, "status": "enabled"},
        "ZUSD": {"aclass": "currency", "altname": "USD", "decimals": 4, "status": "enabled"},
    },
    "/0/public/AssetPairs": {
        "XXBTZUSD": {
            "altname": "XBTUSD",
            "wsname": "XBT/USD",
            "base": "XXBT",
            "quote": "ZUSD",
            "pair_decimals": 1,
            "lot_decimals": 8,
            "fees": [[0, 0.4]],
            "fees_maker": [[0, 0.25]],
            "ordermin": "0.0001",
            "status": "online",
        }
    },
    "/0/private/QueryOrders": {
        ORDER_ID: {
            "refid": None,
            "userref": 0,
            "status": "open",
            "opentm": 1733815269.370054,
            "starttm": 0,
            "expiretm": 0,
            "descr": {
                "pair": "XBTUSD",
                "type": "buy",
                "ordertype": "limit",
                "price": "70000.0",
                "price2": "0",
                "leverage": "none",
                "order": "buy 0.00040000 XBTUSD @ limit 70000.0",
                "close": "",
            },
            "vol": "0.00040000",
            "vol_exec": "0.00010000",
            "cost": "7.00000",
            "fee": "0.01750",
            "price": "70000.0",
            "stopprice": "0.00000",
            "limitprice": "0.00000",
            "misc": "",
            "oflags": "fciq",
        }
    },
}


@contextmanager
def kraken() -> Iterator[dict[str, Any]]:
    """Serve, and give the config that points ccxt's kraken here."""
    server = Server(_answer, 0)
    url = f"http://{HOST}:{server.port}"
    try:
        yield {
            "apiKey": "simulated-key",
            "secret": "c2ltdWxhdGVk",  # Kraken's secrets are base64
            "urls": {"api": {"public": url, "private": url}},
        }
    finally:
        server.stop()


def _answer(request: Request) -> Response:
    return Response(json.dumps({"error": [], "result": ANSWERS[request.path]}).encode())
