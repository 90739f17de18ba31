"""Kraken's orders, exactly: an object of rows by their ids, times in seconds with fractions.

Source: Kraken REST API, "Query Orders Info", "Get Open Orders", "Get Closed Orders"."""

from dfx_adapter import hookimpl, kit

STATUSES = {"pending": "open", "open": "open", "closed": "closed", "canceled": "canceled"}
STATUSES |= {"expired": "expired"}
# The exchange's type -> where its limit price stands, and the key of its trigger's price.
TYPES = {
    "limit": ("price", None),
    "stop-loss": (None, "stopLossPrice"),
    "stop-loss-limit": ("price2", "stopLossPrice"),
    "take-profit": (None, "takeProfitPrice"),
    "take-profit-limit": ("price2", "takeProfitPrice"),
}


@hookimpl
def dfx_order_statuses(exchange_id):
    return STATUSES if exchange_id == "kraken" else {}


@hookimpl
def dfx_parse_orders(exchange_id, payload, context):
    if exchange_id != "kraken":
        return None
    if isinstance(payload, list):  # the rows that ccxt's class reads, their ids inside
        return kit.orders(context, payload, order)
    result = kit.Row(context, payload).row("result").raw  # a recorded answer
    name = next((name for name in ("open", "closed") if name in result), None)
    rows, path = (result[name], f"$.result.{name}") if name else (result, "$.result")
    return kit.orders(context, rows, order, path=path)


def order(context, row):
    described, flags = row.row("descr"), row.text("oflags", "").split(",")
    in_quote = "viqc" in flags  # the volume is quote money
    limit, trigger = TYPES.get(described.text("ordertype"), (None, None))
    symbol = context.symbol_of(described.text("pair"))
    base, _, quote = (symbol or "").partition("/")
    return kit.order(
        context,
        row,
        id=row.text("id"),
        clientOrderId=row.text("cl_ord_id", None),
        symbol=symbol,
        status=row.text("status"),
        side=described.text("type"),
        type=described.text("ordertype"),
        postOnly="post" in flags,
        timestamp=row.seconds("opentm"),
        lastUpdateTimestamp=row.seconds("closetm", None),
        price=described.number(limit) if limit else None,
        **({trigger: described.number("price")} if trigger else {}),
        **{"cashAmount" if in_quote else "amount": row.number("vol")},
        filled=None if in_quote else row.number("vol_exec"),
        average=row.number("price"),  # the average; `cost` is cut, so it is worked out
        fee={"cost": row.signed("fee", 0), "currency": base if "fcib" in flags else quote},
    )
