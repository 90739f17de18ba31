"""Stock ccxt: what it does with an answer once the bytes are there."""

from collections.abc import Iterable
from typing import Any

import ccxt
from answers import MARKETS


def exchange() -> Any:
    """Return ccxt's own class; it maps an order only where it knows the markets."""
    made = ccxt.digifinex({"enableRateLimit": False})
    made.set_markets([made.safe_market_structure(market(name)) for name in MARKETS])
    return made


def market(market_id: str) -> dict[str, Any]:
    """Return what ccxt must know of a market."""
    base, quote = market_id.split("_")
    names = {"id": market_id, "symbol": f"{base}/{quote}", "base": base, "quote": quote}
    return {**names, "type": "spot", "spot": True, "swap": False}


def decoded(exchange: Any, body: bytes) -> Any:
    """Decode as its transport does."""
    return exchange.parse_json(body.decode())


def one_by_one(exchange: Any, rows: Iterable[Any]) -> list[Any]:
    """Map rows as `fetch_order` maps one."""
    parse_order = exchange.parse_order
    return [parse_order(row) for row in rows]


def as_a_list(exchange: Any, rows: Iterable[Any]) -> list[Any]:
    """Map rows as `fetch_orders` does; it sorts them, too."""
    orders: list[Any] = exchange.parse_orders(rows)
    return orders
