"""A third party's adapter with the usual mistakes: floats, 0 for a time, a status passed on."""

import json


def parse(body):
    """Give the orders of an answer."""
    return [
        {
            "id": row["order_id"],
            "status": {0: "open", 1: "open", 2: "closed", 3: "canceled"}.get(row["status"]),
            "symbol": row["symbol"].replace("_", "/"),
            "side": "buy" if row["type"] == "buy" else "sell",
            "lastTradeTimestamp": row["finished_date"] * 1000,
            "amount": float(row["amount"]),
            "filled": float(row["executed_amount"]),
            "remaining": float(row["amount"]) - float(row["executed_amount"]),
        }
        for row in json.loads(body)["data"]
    ]
