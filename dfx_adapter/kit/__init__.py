"""What the author of a plugin calls: rows in, unified orders out, exact to the digit.

    from dfx_adapter import hookimpl, kit


    def order(context, row):
        return kit.order(
            context,
            row,
            id=row.text("orderId"),
            market_id=row.text("symbol"),
            status=row.text("status"),
            side=row.text("side"),
            type=row.text("type"),
            timestamp=row.milliseconds("time"),
            amount=row.number("origQty"),
            filled=row.number("executedQty"),
            price=row.number("price"),
            cost=row.number("cummulativeQuoteQty"),
        )


    @hookimpl
    def dfx_parse_orders(exchange_id, payload, context):
        return kit.orders(context, payload, order) if exchange_id == "mexc" else None

`Row` reads the values of a row, and every error says where it stands; `order` completes an order by
the rules of `dfx_adapter.Order`; `orders` maps the rows of an answer and loses no good one to a bad
one; `check` says what is wrong with an order. The guide is dfx_adapter/host/README.md. Nothing of
this imports ccxt, unless an error is raised.
"""

from dfx_adapter.kit.orders import Values, check, order, orders
from dfx_adapter.kit.rows import Row, bad_response

__all__ = ["Row", "Values", "bad_response", "check", "order", "orders"]
