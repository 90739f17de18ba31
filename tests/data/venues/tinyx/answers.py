"""From an answer to orders. No I/O."""

from dfx_adapter import kit

EXCHANGE = "tinyx"
STATUSES = {"live": "open", "done": "closed", "dead": "canceled"}
BANNED = "E429"


def parse_orders(exchange_id, payload, context):
    """Map `{"rows": [...]}`."""
    if exchange_id != EXCHANGE:
        return None
    return kit.orders(context, payload["rows"], _order, path="$.rows")


def _order(context, row):
    return kit.order(
        context,
        row,
        id=row.text("id"),
        market_id=row.text("pair"),
        status=row.text("state"),
        side=row.text("side"),
        amount=row.number("amount"),
        filled=row.number("filled"),
        average=row.number("average", None),
    )
