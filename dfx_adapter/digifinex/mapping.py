"""A DigiFinex row becomes a unified order.

Documents: "Get order status" for the fields and codes; for `cash_amount` and the market types the
Chinese v2 text and the WebSocket "Order Push" example, because the English v3 text says only "Cash
amount of orders". A row that contradicts itself is reported as the exchange said it, with a
warning.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter.digifinex.tables import CURRENCIES, KINDS, STATUSES, TYPES
from dfx_adapter.digifinex.wire import Fault, OrderRow
from dfx_adapter.order import EXACT, Order, fits_float, iso8601, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dfx_adapter.digifinex.tables import TypeRow
    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Status

ZERO: Final = Decimal(0)
_MARKET_ID: Final = re.compile(r"([^\s_/:]+)_([^\s_/:]+)")  # what a unified symbol can hold


def map_row(raw: Any, row: OrderRow, context: ParseContext) -> Order | Fault:
    """Return the order of one typed row, or the fault of a code that no table knows.

    Args:
        raw: the row as received; it becomes `info`.
        row: the same, typed.
        context: number type, statuses, markets; its `warn` is told of contradictions.
    """
    status = context.statuses.get(str(row.status))
    if status is None:
        return Fault(".status", raw["status"], _one_of(context.statuses), unknown_status=True)
    type_row = TYPES.get(row.type)
    if type_row is None:
        return Fault(".type", row.type, _one_of(TYPES))
    if row.kind not in KINDS or context.market_type not in {None, row.kind}:
        return Fault(".kind", row.kind, context.market_type or _one_of(KINDS))
    symbol = context.symbol_of(row.symbol) or symbol_of(row.symbol)
    if symbol is None:
        return Fault(".symbol", row.symbol, "BASE_QUOTE")
    cost = _cost(row)
    if cost is not None and not fits_float(cost):
        return Fault(".avg_price", raw["avg_price"], "a cost that a float can hold")
    doubts = "; ".join(contradictions(row))
    if doubts:
        context.warn(f"digifinex order {row.order_id}", doubts)
    return _order(raw, row, _Words(status, type_row, symbol), cost, context)


@lru_cache(maxsize=4096)
def symbol_of(market_id: str) -> str | None:
    """Return the unified symbol that a market id says by itself: `BTC_USDT` -> `BTC/USDT`."""
    parts = _MARKET_ID.fullmatch(market_id.upper())
    if parts is None:
        return None
    base, quote = parts.groups()
    return f"{CURRENCIES.get(base, base)}/{CURRENCIES.get(quote, quote)}"


class _Words(NamedTuple):
    status: Status
    type: TypeRow
    symbol: str


def _order(
    raw: Any, row: OrderRow, words: _Words, cost: Decimal | None, context: ParseContext
) -> Order:
    side, type_, _ = words.type
    filled = row.executed_amount
    average = row.avg_price if filled and row.avg_price else None
    amount = _amount(row, words)
    finished = row.finished_date * 1000 or None
    told = _teller(context.number)

    return {
        "info": raw,
        "id": row.order_id,
        "clientOrderId": None,
        "symbol": words.symbol,
        "type": type_,
        "timeInForce": None,
        "postOnly": None,
        "reduceOnly": None,
        "side": side,
        "status": words.status,
        "timestamp": row.created_date * 1000 or None,
        "datetime": iso8601(row.created_date) if row.created_date else None,
        "lastTradeTimestamp": finished if _is_fully_executed(row) else None,
        "lastUpdateTimestamp": finished,
        "price": told(average if type_ == "market" else row.price or None),
        "stopPrice": None,
        "triggerPrice": None,
        "takeProfitPrice": None,
        "stopLossPrice": None,
        "amount": told(amount),
        "cashAmount": told(_cash_amount(row)),
        "filled": told(filled),
        "remaining": told(_remaining(amount, filled)),
        "average": told(average),
        "cost": told(cost),
        "trades": [],
        "fee": None,
        "fees": [],
        "marginMode": KINDS[row.kind],
        "leverage": None,
        "hedged": None,
    }


@lru_cache(maxsize=16)
def _teller(number: Callable[[str], Any]) -> Callable[[Decimal | None], Any]:
    """Return what turns an exact number, once and last, into the caller's type of number."""
    convert = float if number is float else lambda exact: number(plain(exact))
    return lambda exact: None if exact is None else convert(exact or ZERO)  # no negative zero


def _amount(row: OrderRow, words: _Words) -> Decimal | None:
    """Return the base quantity; a market buy is ordered in quote money and has one once closed."""
    if row.type != "buy_market":
        return row.amount
    return row.executed_amount if words.status == "closed" else None


def _remaining(amount: Decimal | None, filled: Decimal) -> Decimal | None:
    """Return what is left, exact; an overfilled order has nothing left, not less."""
    if amount is None or not filled:
        return amount
    return EXACT.subtract(amount, filled) if filled < amount else ZERO


def _is_fully_executed(row: OrderRow) -> bool:
    """Tell whether the order ended with a fill, by the exchange's word, not by a plugin's."""
    documented = STATUSES.get(row.status)
    if not row.executed_amount:
        return False
    if documented:
        return documented.filled == "all"
    return row.type != "buy_market" and row.executed_amount >= row.amount


def _cash_amount(row: OrderRow) -> Decimal | None:
    """Quote budget of a market buy; where cash_amount is 0, amount is quote money, never base."""
    if row.type != "buy_market":
        return None
    return row.cash_amount or row.amount or None


def _cost(row: OrderRow) -> Decimal | None:
    """Return filled x average, exact; 0 when nothing filled; None without an average."""
    if not row.executed_amount:
        return ZERO
    if not row.avg_price:
        return None
    return EXACT.normalize(EXACT.multiply(row.executed_amount, row.avg_price))


def contradictions(row: OrderRow) -> Iterator[str]:
    """Say where a row contradicts itself or leaves open what it should tell."""
    filled, amount = row.executed_amount, row.amount
    documented = STATUSES.get(row.status)
    if documented and documented.filled not in _possible_extents(row):
        yield (
            f"status {row.status} ({documented.meaning}), but executed_amount is {filled} "
            f"and amount is {amount}"
        )
    if filled > amount and row.type != "buy_market":
        yield f"executed_amount {filled} is above amount {amount}; remaining is given as 0"
    if filled and not row.avg_price:
        yield f"executed_amount is {filled}, but avg_price is 0; cost and average are not known"
    if row.avg_price and not filled:
        yield f"avg_price is {row.avg_price}, but executed_amount is 0"
    if not row.created_date:
        yield "created_date is 0; the timestamp is not known"
    if 0 < row.finished_date < row.created_date:
        yield f"finished_date {row.finished_date} is before created_date {row.created_date}"


def _possible_extents(row: OrderRow) -> tuple[str, ...]:
    """How much of the order the numbers say is filled, in the words of `StatusRow.filled`."""
    if not row.executed_amount:
        return ("none",)
    if row.type == "buy_market":
        return ("part", "all")  # ordered in quote money: no telling
    return ("part",) if row.executed_amount < row.amount else ("all",)


def _one_of(known: Any) -> str:
    return "one of " + ", ".join(map(str, known))
