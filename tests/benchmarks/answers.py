"""Answers such as an account gets: no two rows alike, about half of them with fills."""

import json
import random
from typing import Any

Row = dict[str, Any]

MARKETS = {"BTC_USDT": 9592.22, "ETH_USDT": 214.36, "DFT_USDT": 0.6165, "TRX_USDT": 0.014321}
_NOBODY, _PART, _ALL, _CANCELLED, _CANCELLED_PART = range(5)
# Open orders and cancelled ones without fills are as many as the others.
_STATUSES = (_NOBODY, _NOBODY, _CANCELLED, _PART, _ALL, _CANCELLED_PART)
_TYPES = ("buy", "sell", "buy", "sell", "buy_market", "sell_market")


def rows(count: int, seed: int = 1) -> list[Row]:
    """Return rows that do not contradict themselves; the same at each call."""
    source = random.Random(seed)
    return [_row(source) for _ in range(count)]


def body(count: int) -> bytes:
    """Return the answer that has these rows."""
    return json.dumps({"code": 0, "data": rows(count)}, separators=(",", ":")).encode()


def _row(source: random.Random) -> Row:
    symbol, last = source.choice(list(MARKETS.items()))
    status, type_ = source.choice(_STATUSES), source.choice(_TYPES)
    price = round(last * source.uniform(0.9, 1.1), 6)
    amount = round(source.uniform(0.01, 50), source.choice((0, 2, 4))) or 0.5
    part = {_PART: source.uniform(0.1, 0.9), _CANCELLED_PART: source.uniform(0.1, 0.9), _ALL: 1}
    executed = round(amount * part.get(status, 0), 8)
    created = source.randrange(1_560_000_000, 1_760_000_000)
    is_market, is_budget = type_.endswith("_market"), type_ == "buy_market"
    return {
        "symbol": symbol,
        "order_id": f"{source.getrandbits(128):032x}",
        "created_date": created,
        "finished_date": created + source.randrange(86_400) if status >= _ALL else 0,
        "price": 0 if is_market else price,
        "amount": 0 if is_budget else amount,
        "cash_amount": round(amount * price, 2) if is_budget else 0,
        "executed_amount": executed,
        "avg_price": round(price * source.uniform(0.999, 1), 6) if executed else 0,
        "status": status,
        "type": type_,
        "kind": "spot",
    }
