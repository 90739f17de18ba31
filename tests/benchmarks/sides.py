"""The other two sides of the comparison: stock ccxt, and what no mapping can be faster than."""

from typing import Any

import ccxt
import orjson
from answers import MARKETS

_BLANK = dict.fromkeys(
    (
        *("clientOrderId", "timeInForce", "postOnly", "reduceOnly", "stopPrice", "triggerPrice"),
        *("takeProfitPrice", "stopLossPrice", "fee", "leverage", "hedged", "marginMode"),
        *("trades", "fees", "lastTradeTimestamp", "lastUpdateTimestamp", "remaining", "cost"),
    )
)


def stock_exchange(**config: Any) -> Any:
    """Return ccxt's own class, which maps an order only where it knows the markets."""
    exchange = ccxt.digifinex({"enableRateLimit": False, **config})
    exchange.set_markets([_market(exchange, market_id) for market_id in MARKETS])
    return exchange


def _market(exchange: Any, market_id: str) -> dict[str, Any]:
    base, quote = market_id.split("_")
    told = {"id": market_id, "symbol": f"{base}/{quote}", "type": "spot", "spot": True}
    names = {"base": base, "quote": quote, "baseId": base, "quoteId": quote, "swap": False}
    precision = {"precision": {"price": 1e-6, "amount": 1e-8}}
    return exchange.safe_market_structure({**told, **names, **precision})


def stock_one_by_one(exchange: Any, body: bytes) -> list[Any]:
    """Do what `fetch_order` does once the body is there, for each row."""
    rows = exchange.parse_json(body.decode())["data"]
    parse_order = exchange.parse_order
    return [parse_order(row) for row in rows]


def stock_list(exchange: Any, body: bytes) -> list[Any]:
    """Do what `fetch_orders` does once the body is there; it sorts the orders, too."""
    return exchange.parse_orders(exchange.parse_json(body.decode())["data"])


def floor(body: bytes) -> list[Any]:
    """Decode with orjson and build a dict of 28 keys a row, with nothing worked out or checked."""
    return [
        {
            **_BLANK,
            "info": row,
            "id": row["order_id"],
            "symbol": row["symbol"],
            "type": row["type"],
            "side": row["type"],
            "status": row["status"],
            "timestamp": row["created_date"],
            "price": row["price"],
            "amount": row["amount"],
            "filled": row["executed_amount"],
        }
        for row in orjson.loads(body)["data"]
    ]
