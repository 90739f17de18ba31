"""Public endpoints about prices: V3 "Get orderbook", "Get recent trades", "Get candles data".

The shapes are those of the example bodies there. The market stands still at its `last` price: the
book is a ladder around it, every trade and every candle is at it. Amounts are constants, and the
user's own orders are not among them.
"""

from decimal import Decimal
from typing import Final

from dfx_adapter.simulator.documents import (
    BOOK_LIMIT,
    CANDLE_SPAN,
    MAX_CANDLES,
    PERIODS,
    TRADES_LIMIT,
    Fault,
    Kind,
)
from dfx_adapter.simulator.exact import EXACT, plain
from dfx_adapter.simulator.markets import Market
from dfx_adapter.simulator.orders import Row
from dfx_adapter.simulator.parameters import Params, Refused, between, required, seconds
from dfx_adapter.simulator.venue import Venue

_AMOUNT: Final = Decimal(10)


def wanted(venue: Venue, params: Params) -> Market:
    """Find the market asked for."""
    symbol = required(params, "symbol").upper()
    if symbol not in venue.markets:
        raise Refused(Fault.WRONG_SYMBOL)
    return venue.markets[symbol]


def order_book(venue: Venue, _kind: Kind, params: Params) -> Row:
    """V3 "Get orderbook": both sides from the highest price down, so the best ask is the last."""
    market = wanted(venue, params)
    default, most = BOOK_LIMIT
    levels = range(1, between(params, "limit", default, 1, most) + 1)
    step = market.step
    bids = [EXACT.subtract(market.last, EXACT.multiply(step, level)) for level in levels]
    asks = [EXACT.add(market.last, EXACT.multiply(step, level)) for level in reversed(levels)]
    return {
        "bids": [[plain(price), _AMOUNT] for price in bids if price > 0],
        "asks": [[plain(price), _AMOUNT] for price in asks],
        "date": venue.now(),
    }


def trades(venue: Venue, _kind: Kind, params: Params) -> Row:
    """V3 "Get recent trades": one a second up to now, newest first, buys and sells by turns."""
    market = wanted(venue, params)
    default, most = TRADES_LIMIT
    now = venue.now()
    dates = range(now, now - between(params, "limit", default, 1, most), -1)
    rows = [
        {
            "date": date,
            "id": date,
            "amount": _AMOUNT,
            "type": "sell" if date % 2 else "buy",
            "price": plain(market.last),
        }
        for date in dates
    ]
    return {"data": rows, "date": now}


def kline(venue: Venue, _kind: Kind, params: Params) -> Row:
    """V3 "Get candles data": time, volume, close, high, low, open; the oldest first.

    A candle belongs to the window where its beginning does. Where there are too many, the newest
    are given (assumed).
    """
    market = wanted(venue, params)
    period = PERIODS.get(required(params, "period"))
    if period is None:
        raise Refused(Fault.ILLEGAL_PARAMETER)
    end = seconds(params, "end_time", venue.now())
    start = seconds(params, "start_time", end - CANDLE_SPAN * period)
    if end < start:
        raise Refused(Fault.END_BEFORE_START)
    first = -(-start // period) * period
    begins = range(first, min(end, venue.now()) + 1, period)[-MAX_CANDLES:]
    last = plain(market.last)
    return {"data": [[begin, _AMOUNT, last, last, last, last] for begin in begins]}
