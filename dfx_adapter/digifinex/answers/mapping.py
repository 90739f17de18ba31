"""A DigiFinex row becomes a unified order.

Documents: "Get order status" for the fields and codes; for `cash_amount` and the market types the
Chinese v2 text and the WebSocket "Order Push" example, because the English v3 text says only "Cash
amount of orders". A row that contradicts itself is reported as the exchange gives it, with a
warning.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from dfx_adapter.digifinex.answers.rows import FIELDS, Fault, OrderRow, picking, read_row
from dfx_adapter.digifinex.answers.tables import CURRENCIES, KINDS, STATUSES, TYPES
from dfx_adapter.order import (
    BLANK,
    DAY,
    EXACT,
    ISO_SECONDS,
    iso_day,
    iso_minute,
    plain,
    storable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order

_MARKET_ID: Final = re.compile(r"([^\s_/:]+)_([^\s_/:]+)")  # what a unified symbol can hold
_BUY_MARKET: Final = "buy_market"
_MOST_KNOWN: Final = 4096
_exact: Final = EXACT.create_decimal  # of text: decoded JSON may hold a float, which is its text
_NOTHING: Final = Decimal(0)


def map_rows(rows: Iterable[Any], context: ParseContext) -> tuple[list[Order], dict[int, Fault]]:
    """Return the orders of the good rows as received, and what is wrong with the others, by index.

    Args:
        rows: the rows; each becomes its order's `info`.
        context: number type, statuses, markets; its `warn` hears of contradictions.
    """
    number = _number_of(context.number)
    known = _known(context)  # most rows share their words with others
    orders: list[Order] = []
    faults: dict[int, Fault] = {}
    for raw in rows:
        row = read_row(raw)
        if type(row) is not tuple or len(raw) != FIELDS:  # nearly no row
            if isinstance(row, Fault):
                faults[len(orders) + len(faults)] = row
                continue
            raw = storable(raw)  # noqa: PLW2901  # the row as its order has it
        codes = _codes_of(row)
        words = known.get(codes)
        if words is None:
            found = _words(raw, codes, context)
            if isinstance(found, Fault):
                faults[len(orders) + len(faults)] = found
                continue
            if len(known) >= _MOST_KNOWN:
                known.clear()
            words = known[codes] = found
        orders.append(_order(raw, row, words, number, context))
    return orders, faults


def _known(context: ParseContext) -> dict[_Codes, _Words]:
    """Return the words that were looked up in the very tables of this context.

    A plugin may have made it from another, with a table of its own.
    """
    kept = context.remembered.get(context.market_type)
    if kept is None or kept[0] is not context.statuses or kept[1] is not context.symbol_of:
        kept = context.statuses, context.symbol_of, {}
        context.remembered[context.market_type] = kept
    known: dict[_Codes, _Words] = kept[2]
    return known


_Codes = tuple[str, int, str, str]  # market id, status, type, kind: what of a row is looked up
_codes_of: Final[Callable[[tuple[Any, ...]], _Codes]] = picking("symbol", "status", "type", "kind")


class _Words(NamedTuple):
    """What the codes of a row say, whatever its numbers."""

    order: dict[str, Any]  # the order as far as they tell it
    documented: str | None  # how much is filled by the documents; None for a plugin's status
    is_market: bool
    is_market_buy: bool


# Every order as far as its type and kind tell it.
_BLANKS: Final[dict[tuple[str, str], dict[str, Any]]] = {
    (name, kind): BLANK | {"side": row.side, "type": row.type, "marginMode": margin_mode}
    for name, row in TYPES.items()
    for kind, margin_mode in KINDS.items()
}


def _words(raw: Any, codes: _Codes, context: ParseContext) -> _Words | Fault:
    """Look the codes of a row up, or name the one that no table knows."""
    market_id, code, type_, kind = codes
    status = context.statuses.get(str(code))
    if status is None:
        return Fault(".status", raw["status"], _one_of(context.statuses), unknown_status=True)
    if type_ not in TYPES:
        return Fault(".type", type_, _one_of(TYPES))
    if kind not in KINDS or context.market_type not in {None, kind}:
        return Fault(".kind", kind, context.market_type or _one_of(KINDS))
    symbol = context.symbol_of(market_id) or symbol_of(market_id)
    if symbol is None:
        return Fault(".symbol", market_id, "BASE_QUOTE")
    blank, documented = _BLANKS[type_, kind], STATUSES.get(code)
    return _Words(
        {**blank, "symbol": symbol, "status": status},
        documented.filled if documented else None,
        is_market=blank["type"] == "market",
        is_market_buy=type_ == _BUY_MARKET,
    )


@lru_cache(maxsize=4096)
def symbol_of(market_id: str) -> str | None:
    """Return the unified symbol that a market id says by itself: `BTC_USDT` -> `BTC/USDT`."""
    return spelled(market_id, CURRENCIES)


def spelled(market_id: str, codes: Mapping[str, str]) -> str | None:
    """Return the unified symbol of a market id.

    Args:
        market_id: as on the wire.
        codes: currency id -> unified code, as ccxt's `commonCurrencies`; others keep their names.
    """
    parts = _MARKET_ID.fullmatch(market_id.upper())
    if parts is None:
        return None
    base, quote = parts.groups()
    return f"{codes.get(base, base)}/{codes.get(quote, quote)}"


class _Number(NamedTuple):
    """The caller's type of number, into which an exact number is turned in one last step."""

    of_wire: Callable[[Any], Any]  # of a number of the wire; something false for a zero
    of_exact: Callable[[Decimal], Any]  # of one that was computed, and is not zero
    zero: Any


@lru_cache(maxsize=16)
def _number_of(number: Callable[[str], Any]) -> _Number:
    if number is float:  # as by way of a Decimal: either rounds the exact number one time
        return _Number(float, float, 0.0)

    def of_wire(value: Any) -> Any:
        return number(_digits(value))

    def of_wire_unless_zero(value: Any) -> Any:  # not every type has a zero that is false
        text = _digits(value)
        return number(text) if text.strip("-0.") else None

    def of_exact(exact: Decimal) -> Any:
        text = plain(exact)
        return number(text.rstrip("0").rstrip(".") if "." in text else text)

    return _Number(of_wire if number is Decimal else of_wire_unless_zero, of_exact, number("0"))


def _digits(value: Any) -> str:
    text = str(value)
    return plain(_exact(text)) if "e" in text or "E" in text else text


_facts_of: Final = picking(
    *("order_id", "created_date", "finished_date", "price", "amount"),
    *("cash_amount", "executed_amount", "avg_price"),
)


def _order(
    raw: Any, row: tuple[Any, ...], words: _Words, number: _Number, context: ParseContext
) -> Order:
    order_id, created, finished, price, amount, cash, executed, average = _facts_of(row)
    blank, documented, is_market, is_market_buy = words
    of_wire, of_exact, zero = number
    filled, unit_price = of_wire(executed), of_wire(average) or None
    exact = _exact(str(executed)) if filled else _NOTHING
    if is_market_buy:
        extent, base, left = _base_of_market_buy(filled, words, zero)
    elif not filled:
        extent = "none"
        base = left = of_wire(amount) or zero
    elif executed == amount:
        extent, base, left = "all", of_wire(amount), zero
    else:
        extent, base, left = _base_of_part(amount, exact, number)
    if (
        (extent != documented and (documented or extent == "over"))
        or (not filled) is not (not unit_price)
        or not created
        or 0 < finished < created
    ):
        doubts = "; ".join(contradictions(OrderRow(*row)))
        context.warn(f"digifinex order {order_id}", doubts)

    order = blank.copy()
    order["info"] = raw
    order["id"] = order_id
    if created:
        order["timestamp"] = created * 1000
        day, minute = iso_day(created // DAY), iso_minute(created % DAY // 60)
        order["datetime"] = f"{day}{minute}{ISO_SECONDS[created % 60]}"  # iso8601, without a call
    if finished:
        order["lastUpdateTimestamp"] = finished * 1000
        if filled and (documented or extent) in _EXECUTED:
            order["lastTradeTimestamp"] = finished * 1000
    order["amount"] = base
    order["remaining"] = left
    if not filled:
        order["filled"] = order["cost"] = zero
    else:
        order["filled"] = filled
        if unit_price:
            order["average"] = unit_price
            order["cost"] = of_exact(EXACT.multiply(exact, _exact(str(average))))
    order["price"] = order["average"] if is_market else of_wire(price) or None
    if is_market_buy:
        order["cashAmount"] = of_wire(cash) or of_wire(amount) or None
    order["trades"] = []
    order["fees"] = []
    return cast("Order", order)


# How much of an order is filled, in the words of `StatusRow.filled` or "over"; its base quantity;
# what is left of it.
_Base = tuple[str, Any, Any]
_EXECUTED: Final = frozenset({"all", "over"})


def _base_of_part(amount: Any, filled: Decimal, number: _Number) -> _Base:
    """Compare what is filled with what was ordered, exact; overfilled, nothing is left, not less.

    Args:
        amount: the base quantity ordered, as on the wire.
        filled: the base quantity filled; not zero.
        number: how to make the numbers of the order.
    """
    of_wire, of_exact, zero = number
    left = EXACT.subtract(_exact(str(amount)), filled)
    if left.is_signed() or not left:
        return "over" if left else "all", of_wire(amount) or zero, zero
    return "part", of_wire(amount), of_exact(left)


def _base_of_market_buy(filled: Any, words: _Words, zero: Any) -> _Base:
    """Return the base quantity of an order in quote money: it has one once it is closed.

    Its numbers cannot tell how much of it is filled, so the exchange's word is believed.
    """
    extent = "none" if not filled else "all" if words.documented == "all" else "part"
    if words.order["status"] != "closed":
        return extent, None, None
    return extent, filled or zero, zero


def contradictions(row: OrderRow) -> Iterator[str]:
    """Say where a row contradicts itself or leaves open what it should tell."""
    quantities = row.executed_amount, row.amount, row.avg_price
    filled, amount, average = (_exact(str(quantity)) for quantity in quantities)
    created, finished = row.created_date, row.finished_date
    documented = STATUSES.get(row.status)
    if documented and documented.filled not in _possible_extents(row.type, filled, amount):
        yield (
            f"status {row.status} ({documented.meaning}), but executed_amount is {filled} "
            f"and amount is {amount}"
        )
    if filled > amount and row.type != _BUY_MARKET:
        yield f"executed_amount {filled} is above amount {amount}; remaining is given as 0"
    if filled and not average:
        yield f"executed_amount is {filled}, but avg_price is 0; cost and average are not known"
    if average and not filled:
        yield f"avg_price is {average}, but executed_amount is 0"
    if not created:
        yield "created_date is 0; the timestamp is not known"
    if 0 < finished < created:
        yield f"finished_date {finished} is before created_date {created}"


def _possible_extents(type_: str, filled: Decimal, amount: Decimal) -> tuple[str, ...]:
    """How much of the order the numbers say is filled, in the words of `StatusRow.filled`."""
    if not filled:
        return ("none",)
    if type_ == _BUY_MARKET:
        return ("part", "all")  # ordered in quote money: no telling
    return ("part",) if filled < amount else ("all",)


def _one_of(known: Any) -> str:
    return "one of " + ", ".join(map(str, known))
