"""Orders of other exchanges that are right, though they look unlike those of DigiFinex."""

from typing import Any, Final

from dfx_conformance import Subject

SWAP: Final = {
    "id": "O7ICPO-F4CLJ-MVBLHC",
    "clientOrderId": "mine-1",
    "datetime": "2023-11-14T22:13:20.123Z",
    "timestamp": 1_700_000_000_123,
    "lastTradeTimestamp": 1_700_000_001_000,
    "lastUpdateTimestamp": 1_700_000_001_000,
    "status": "expired",
    "symbol": "BTC/USDT:USDT",
    "type": "stop-loss-limit",
    "timeInForce": "IOC",
    "side": "sell",
    "price": 37000.5,
    "average": 37001.0,
    "amount": 0.3,
    "filled": 0.1,
    "remaining": 0.19999999999999998,
    "cost": 3700.1000000000004,
    "trades": [{"id": "1"}],
    "fee": {"cost": 1.48, "currency": "USDT", "rate": 0.0004},
    "fees": [{"cost": 1.48, "currency": "USDT", "rate": 0.0004}],
    "info": [["sell", "0.3"]],
    "reduceOnly": True,
    "postOnly": False,
    "stopPrice": 36000.0,
    "triggerPrice": 36000.0,
    "takeProfitPrice": None,
    "stopLossPrice": 36000.0,
}
INVERSE: Final = {**SWAP, "symbol": "ETH/USD:ETH", "price": 2000.0, "average": 2001.5} | {
    "amount": 30.0,
    "filled": 21.0,
    "remaining": 9.0,
    "cost": 0.10492131,  # 21 contracts of 10 dollars at 2001.5
}
ROUNDED: Final = {**SWAP, "symbol": "BTC/USD", "amount": 3.5, "filled": 3.0, "remaining": 0.5} | {
    "price": 33.5,
    "average": 33.33,
    "cost": 100.0,
}
ANSWERED: Final = {**dict.fromkeys(SWAP), "trades": [], "fees": [], "info": {}} | {
    "symbol": "BTC/USD",
    "status": "open",
    "side": "sell",
    "type": "limit",
    "amount": 3.5,
}
UNKNOWN: Final = {
    **dict.fromkeys(SWAP),
    "id": "1",
    "symbol": "Black House Test/USDT",
    "side": "buy",
    "type": "market",
    "status": "rejected",
    "trades": [],
    "fees": [],
    "info": "rejected",
}
OPEN: Final = {**SWAP, "status": "open", "filled": 0.0, "remaining": 0.3, "cost": 0.0} | {
    "average": None,
    "lastTradeTimestamp": None,
    "lastUpdateTimestamp": None,
}


def _orders(name: str, *orders: Any) -> Subject:
    return Subject(name, orders=lambda: orders)


ORDERS: Final = {
    one.name: one
    for one in (
        _orders("a swap that is partly filled", SWAP),
        _orders("little is known", UNKNOWN),
        _orders("an inverse contract", INVERSE),
        _orders("an average that is rounded", ROUNDED),
        _orders("clocks that differ", {**SWAP, "lastTradeTimestamp": SWAP["timestamp"] - 123}),
        Subject("a life", snapshots=lambda: ([OPEN], [SWAP], [SWAP])),
    )
}
