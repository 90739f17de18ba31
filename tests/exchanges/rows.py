"""Rows as exchanges send them: all names that ccxt's classes look for, with values of any kind."""

import random

from hypothesis import strategies as st

IDS = "id orderId order_id orderID ordId oid uuid order_no algoId"
# What stands for one thing in a row: the names that exchanges give it, and values of all kinds.
KINDS = {
    IDS: ["123", "77-abc", 12],
    "symbol market pair instId contract product_id market_id ticker instrument_name": [
        *("BTC-USDT", "BTC-USD-INV", "GONE-USDT")
    ],
    "status state orderStatus ord_status order_state ordStatus order_status": [
        *("NEW", "open", "FILLED", "failed", "PENDING", "weird", "1", 2, "partially_filled", None)
    ],
    "side direction": ["buy", "SELL", "Buy", "LONG", "1", None],
    "type orderType ordType order_type": ["LIMIT", "market", "stopLoss", "Stop Limit", 1, None],
    "price limitPrice px limit_price orderPrice": ["0", "70000.0", "-1", 70000.5, None, "1e-8"],
    "amount quantity qty size origQty volume sz orderQty vol": ["1", "0.3", "0", 2, None],
    "executedQty filled filled_size filledQty accFillSz cumQty vol_exec executedAmount": [
        *("0", "0.1", "1", None, 1.5)
    ],
    "avgPrice avg_price average_price avgPx dealAvgPrice average": ["0", "69999.5", None, ""],
    "cumQuote cost executedValue cummulativeQuoteQty cumExecValue": ["0", "6999.95", None, "1"],
    "fee fees commission totalFee feePaid": ["0", "-0.1", None, "0.3"],
    "feeCcy feeCurrency fee_currency": ["USDT", None],
    "time timestamp createTime created_at ts cTime createdTime created createdAt": [
        *(0, -1, 1733815269, "1733815269370", "2024-12-10T07:21:09.370Z", 1733815269370054, None)
    ],
    "updateTime uTime updated_at updatedTime lastTradeTime": [0, 1733815270000, None],
    "stopPrice triggerPrice trigger_price stop_price triggerPx": ["0", "-1", "5", None],
    "reduceOnly postOnly": [True, False, None, "true"],
}


@st.composite
def rows(draw):
    """Draw one value for each kind, and which of its names are in the row; an id always is."""
    return _row(lambda values: draw(st.sampled_from(values)), lambda: draw(st.integers(0, 255)))


def some_rows(seed, count):
    """Give rows that are the same for the same seed."""
    chance = random.Random(seed)
    return [_row(chance.choice, lambda: chance.randrange(256)) for _ in range(count)]


def _row(choose, bits):
    row = {}
    for names, values in KINDS.items():
        value, kept = choose(values), 255 if names == IDS else bits()
        row |= {name: value for place, name in enumerate(names.split()) if kept >> place % 8 & 1}
    return row


_SPOT = {"id": "BTC-USDT", "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT", "type": "spot"}
_SWAP = {
    "id": "BTC-USD-INV",
    "symbol": "BTC/USD:BTC",
    "base": "BTC",
    "quote": "USD",
    "type": "swap",
}
_EITHER = {"margin": False, "future": False, "option": False, "active": True, "info": {}}
MARKETS = [
    {
        **_EITHER,
        **_SPOT,
        "baseId": "BTC",
        "quoteId": "USDT",
        "settle": None,
        "spot": True,
        "swap": False,
        "contract": False,
        "linear": None,
        "inverse": None,
        "contractSize": None,
        "precision": {"amount": 1e-8, "price": 0.01},
        "limits": {},
        "taker": 0.0,
        "maker": 0.0,
    },
    {
        **_EITHER,
        **_SWAP,
        "baseId": "BTC",
        "quoteId": "USD",
        "settle": "BTC",
        "settleId": "BTC",
        "spot": False,
        "contract": True,
        "linear": False,
        "inverse": True,
        "contractSize": 100.0,
        "swap": True,
        "precision": {"amount": 1.0, "price": 0.1},
        "limits": {},
        "taker": 0.0,
        "maker": 0.0,
    },
]
