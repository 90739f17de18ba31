"""MEXC's spot orders, exactly: rows of GET /api/v3/order, /openOrders and /allOrders.

Source: MEXC Spot API v3, "Query Order", "Current Open Orders", "All Orders", "ENUM definitions".
"""

from dfx_adapter import hookimpl, kit

STATUSES = {
    "NEW": "open",
    "PARTIALLY_FILLED": "open",
    "FILLED": "closed",
    "CANCELED": "canceled",
    "PARTIALLY_CANCELED": "canceled",
}
# The exchange's type -> unified type, time in force, post only.
TYPES = {
    "LIMIT": ("limit", None, None),
    "LIMIT_MAKER": ("limit", "PO", True),
    "MARKET": ("market", None, None),
    "IMMEDIATE_OR_CANCEL": ("limit", "IOC", False),
    "FILL_OR_KILL": ("limit", "FOK", False),
}


@hookimpl
def dfx_order_statuses(exchange_id):
    return STATUSES if exchange_id == "mexc" else {}


@hookimpl
def dfx_parse_orders(exchange_id, payload, context):
    if exchange_id != "mexc" or (isinstance(payload, list) and not all(map(is_spot, payload))):
        return None  # contracts are ccxt's to parse
    return kit.orders(context, [payload] if is_spot(payload) else payload, order)


def is_spot(row):
    return isinstance(row, dict) and "origQty" in row


def order(context, row):
    type_, time_in_force, post_only = row.word("type", TYPES)
    return kit.order(
        context,
        row,
        id=row.text("orderId"),
        clientOrderId=row.text("clientOrderId", None),
        market_id=row.text("symbol"),
        status=row.text("status"),
        side=row.word("side", {"BUY": "buy", "SELL": "sell"}),
        type=type_,
        timeInForce=row.text("timeInForce", time_in_force),
        postOnly=post_only,
        timestamp=row.milliseconds("time"),
        lastUpdateTimestamp=row.milliseconds("updateTime", None),
        price=row.number("price", None),
        amount=row.number("origQty", None),  # 0 of a market buy for money: None until it is closed
        filled=row.number("executedQty"),
        cost=row.number("cummulativeQuoteQty"),
    )
