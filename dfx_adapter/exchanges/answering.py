"""The end of an order method of any class of ccxt: its answer goes through hooks and rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from dfx_adapter import errors
from dfx_adapter.exchanges import asked, parsing, rows
from dfx_adapter.exchanges.methods import BY_IDS
from dfx_adapter.exchanges.rules import UNIFIED
from dfx_adapter.hookspecs import ParseContext
from dfx_adapter.order import BLANK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dfx_adapter.exchanges.calls import Call
    from dfx_adapter.exchanges.rows import Row
    from dfx_adapter.order import Order


def answered(exchange: Any, call: Call, answer: Any) -> Any:
    """Bring the answer of the outermost order method to the rules; what is no order stays."""
    many = isinstance(answer, list)
    orders = answer if many else [answer]
    if call.kind == "change":
        return _changed(exchange, call, answer, orders)
    if call.is_unanswered and (call.method == BY_IDS if not orders else not many):
        _check_row(exchange, call, orders)
    if not orders or not all(map(_is_order, orders)):
        return answer
    mapped = exchange._dfx_read(orders, bad_row=None if many else "raise")
    return mapped if many else mapped[0]


def _check_row(exchange: Any, call: Call, orders: Sequence[Any]) -> None:
    """Refuse an order that a class has made of nothing, and the lack of those asked for.

    Raises:
        ccxt.BadResponse: what came last says nothing.
    """
    if not any(_is_order(order) and _raw(order) for order in orders):
        reason = f"{call.method}: there is no order in the answer"
        raise errors.describe(errors.BadResponse, reason, exchange_id=exchange.id)


def read(exchange: Any, orders: Sequence[dict[str, Any]], bad_row: Any) -> list[Order]:
    """Send the rows of an answer through the hooks, in the order of its orders."""
    raws = [_raw(order) for order in orders]
    parsed = {id(raw): order for raw, order in zip(raws, orders, strict=True)}

    def parse_order(raw: Any) -> Order:
        order = parsed.get(id(raw))
        if order is None:
            order = parsing.parsed_alone(exchange, raw)
        return parsing.completed(exchange, order, context, {})

    given: dict[str, Any] = {"bad_row": bad_row} if bad_row else {}
    symbols = frozenset(order.get("symbol") for order in orders)
    symbol_of = partial(_symbol_of, exchange, symbols)
    context: ParseContext = exchange._dfx_context(
        parse_order=parse_order, symbol_of=symbol_of, **given
    )
    if any(raw is None for raw in raws):  # orders that the class made without a row
        return completed(exchange, orders, context)
    mapped: list[Order] = exchange.dfx_host.map_orders(context.exchange_id, raws, context)
    if bad_row and len(mapped) != 1:
        reason = f"answer: its row was mapped to {len(mapped) or 'no'} orders"
        raise errors.describe(errors.BadResponse, reason, exchange_id=exchange.id)
    return mapped


def completed(
    exchange: Any, orders: Sequence[dict[str, Any]], context: ParseContext
) -> list[Order]:
    """Bring orders that the class has parsed to the rules, and let observers see them."""
    done = [parsing.completed(exchange, order, context, {}) for order in orders]
    exchange.dfx_host.orders_parsed(context.exchange_id, done)
    return done


def _changed(exchange: Any, call: Call, answer: Any, orders: list[Any]) -> Any:
    """Complete what was placed or cancelled by the call; a mapping error never hides it."""
    many = isinstance(answer, list)
    if not many and not _is_order(answer):
        if call.method not in _OF_ONE:
            return answer
        orders = [{"info": answer}]
    if not all(isinstance(order, dict) for order in orders):
        return answer
    if all(rows.KEY in order and order[rows.KEY].index for order in orders):
        orders = sorted(orders, key=_index)
    context = _context_of_change(exchange)
    money = asked.spends_money(cast("Any", type(exchange)))
    known = asked.of_orders(call.asked, len(orders), spends_money=money)
    done = [
        _whole(exchange, order, context, words) for order, words in zip(orders, known, strict=True)
    ]
    for order in done:
        order["info"] = order["info"] or call.answer or order["info"]
    exchange.dfx_host.orders_parsed(context.exchange_id, done)
    return done if many else done[0]


def _context_of_change(exchange: Any) -> ParseContext:
    """Return the context of what was changed; a plugin's wrong table does not hide it."""
    try:
        context: ParseContext = exchange._dfx_context()
    except Exception as error:  # noqa: BLE001  # the order was placed, whatever is wrong here
        warn = exchange.dfx_host.warn
        warn(f"{exchange.id} statuses", f"the tables cannot be used: {error!r}")
        return ParseContext(
            statuses=UNIFIED, number=exchange.number, warn=warn, exchange_id=exchange._dfx_served_as
        )
    return context


def _whole(
    exchange: Any, order: dict[str, Any], context: ParseContext, known: dict[str, Any]
) -> Order:
    words = {**known, "symbol": _symbol(exchange, known.get("symbol"))}
    try:
        return parsing.completed(exchange, order, context, words)
    except Exception as error:  # noqa: BLE001  # the order was placed, whatever is wrong here
        id_ = order.get("id") or known.get("id")
        about = f"{exchange.id} order {id_}"
        context.warn(about, f"the answer cannot be brought in form: {error!r}")
        known = {"id": id_, "symbol": words["symbol"], "info": order.get("info")}
        return cast("Order", {**BLANK, **known, "trades": [], "fees": []})


def _symbol(exchange: Any, symbol: Any) -> str | None:
    """Return the unified symbol of what the caller may have named by a market id."""
    if symbol is None or not isinstance(symbol, str):
        return None
    try:
        return str(exchange.market(symbol)["symbol"])
    except Exception:  # noqa: BLE001  # not loaded, or not known: as the caller gave it
        return symbol


# The methods that answer by one order, even where a class gives the exchange's answer as it is.
_OF_ONE: Final = frozenset({"create_order", "edit_order", "cancel_order"})


_OF_ORDERS: Final = ("info", "status")  # a bot's own method may give no more


def _is_order(answer: Any) -> bool:
    if not isinstance(answer, dict):
        return False
    return rows.KEY in answer or ("id" in answer and not answer.keys().isdisjoint(_OF_ORDERS))


def _raw(order: Mapping[str, Any]) -> Any:
    """Return the row that an order was made of; None where its class made it without."""
    row: Row | None = order.get(rows.KEY)
    return None if row is None else row.raw


def _symbol_of(exchange: Any, symbols: Collection[str | None], market_id: str) -> str | None:
    """Return the symbol of a market by the exchange's id, or by the other name that it has.

    A spot market and a contract may share an id; then that one is meant which ccxt took the rows
    to be of, if it is one alone.
    """
    markets = (exchange.markets_by_id or {}).get(market_id) or []
    other = exchange.options.get("marketsByAltname", {}).get(market_id)  # Kraken's
    found = {market["symbol"] for market in (markets or ([other] if other else []))}
    found = found if len(found) == 1 else found.intersection(symbols)
    return found.pop() if len(found) == 1 else None


def _index(order: Mapping[str, Any]) -> int:
    row: Row = order[rows.KEY]
    return row.index
