"""A bot of fifteen lines, sync and asyncio; nothing in it knows which exchange it trades on."""


def run(exchange, symbol="BTC/USDT"):
    placed = exchange.create_order(symbol, "limit", "buy", 0.0004, 70000)
    order_id = placed["id"]
    seen = exchange.fetch_order(order_id, symbol)
    (listed,) = exchange.fetch_open_orders(symbol)
    (by_id,) = exchange.fetch_orders_by_ids([order_id], symbol)
    canceled = exchange.cancel_order(order_id, symbol)
    left = exchange.fetch_open_orders(symbol)
    final = exchange.wait_for_order(order_id, symbol, timeout=5)
    return placed, seen, listed, by_id, canceled, final, left


async def run_async(exchange, symbol="BTC/USDT"):
    placed = await exchange.create_order(symbol, "limit", "buy", 0.0004, 70000)
    order_id = placed["id"]
    seen = await exchange.fetch_order(order_id, symbol)
    (listed,) = await exchange.fetch_open_orders(symbol)
    (by_id,) = await exchange.fetch_orders_by_ids([order_id], symbol)
    canceled = await exchange.cancel_order(order_id, symbol)
    left = await exchange.fetch_open_orders(symbol)
    final = await exchange.wait_for_order(order_id, symbol, timeout=5)
    return placed, seen, listed, by_id, canceled, final, left
