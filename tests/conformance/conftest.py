"""What the tests of the suite share: a good adapter of DigiFinex rows, not ours, and vectors."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dfx_conformance import load

ROW = {
    "symbol": "BTC_USDT",
    "order_id": "a1",
    "created_date": 1562303547,
    "finished_date": 1562303600,
    "price": 9000,
    "amount": 2,
    "cash_amount": 0,
    "executed_amount": 0.5,
    "avg_price": 8999.5,
    "status": 4,
    "type": "buy",
    "kind": "spot",
}
ORDER = {"status": "canceled", "lastTradeTimestamp": None, "filled": "0.5", "remaining": "1.5"}


def vector(**changes):
    """A vector of one order, with changes; `...` leaves a key out."""
    made = {
        "id": "spot/partial-canceled-1",
        "title": "cancelled after a quarter was filled",
        "rules": ["MAP-003", "MAP-014", "MAP-020"],
        "capability": "spot",
        "level": "MUST",
        "provenance": "derived",
        "source": "STATUS",
        "body": {"code": 0, "data": [ROW]},
        "orders": [ORDER],
    } | changes
    return {key: value for key, value in made.items() if value is not ...}


def refused(**changes):
    """A vector of an error: an unknown status."""
    return vector(
        id="errors/unknown-status-1",
        rules=["MAP-004"],
        body={"code": 0, "data": [{**ROW, "status": 7}]},
        orders=...,
        error={"class": "ExchangeError", "not": ["OrderNotFound"], "path": "$.data[0].status"},
        **changes,
    )


@pytest.fixture
def vectors(tmp_path):
    """Write vectors into a file, and load them."""

    def written(*made, name="made.json"):
        file = tmp_path / name
        text = json.dumps({"$schema": "../vectors.schema.json", "vectors": made})
        file.write_text(text, encoding="utf-8")
        return load([file])

    return written


class BaseError(Exception):
    """Named as in ccxt, which is what the suite goes by: an adapter need not import it."""


class ExchangeError(BaseError):
    pass


def good(body):
    """A small adapter that is right about the two vectors above."""
    return [_order(row) for row in json.loads(body, parse_float=Decimal)["data"]]


def _order(row):
    status = {0: "open", 1: "open", 2: "closed", 3: "canceled", 4: "canceled"}.get(row["status"])
    if status is None:
        raise ExchangeError("$.data[0].status: unknown status 7")
    created, finished = (row[name] * 1000 for name in ("created_date", "finished_date"))
    filled = row["executed_amount"]
    nothing = ("clientOrderId", "timeInForce", "postOnly", "reduceOnly", "stopPrice", "fee")
    nothing += ("triggerPrice", "takeProfitPrice", "stopLossPrice", "lastTradeTimestamp")
    return {
        **dict.fromkeys(nothing),
        "id": row["order_id"],
        "symbol": row["symbol"].replace("_", "/"),
        "status": status,
        "side": row["type"].partition("_")[0],
        "type": "limit",
        "timestamp": created,
        "datetime": f"{datetime.fromtimestamp(created // 1000, UTC):%Y-%m-%dT%H:%M:%S}.000Z",
        "lastUpdateTimestamp": finished,
        "price": row["price"],
        "amount": row["amount"],
        "filled": filled,
        "remaining": row["amount"] - filled,
        "average": row["avg_price"],
        "cost": filled * row["avg_price"],
        "trades": [],
        "fees": [],
        "info": row,
    }
