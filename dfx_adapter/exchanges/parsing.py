"""Rows as the code of any class of ccxt parses them, and the orders that come of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.exchanges import calls, fills, rows, rules
from dfx_adapter.guards.guarded import stock
from dfx_adapter.order import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dfx_adapter.exchanges.calls import Call
    from dfx_adapter.exchanges.rows import Row
    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order


def parsed_alone(exchange: Any, raw: Any) -> Any:
    """Parse a row outside of any order method, as ccxt's class does."""
    with calls.entered("parse_order", "read") as (call, _):
        return parsed(exchange, call, partial(stock(exchange).parse_order, raw), raw)


def parsed(exchange: Any, call: Call, parse: Callable[[], Any], raw: Any) -> Any:
    """Parse a row; one that the class cannot read hides no order that was placed."""
    try:
        order = rows.parsed(parse, raw, exactly=is_exact(exchange))
    except Exception as error:
        if call.kind != "change":
            raise
        about = f"{exchange.id} {call.method}"
        exchange.dfx_host.warn(about, f"the answer cannot be read: {error!r}")
        stub = {**BLANK, "info": raw, "trades": [], "fees": []}
        order = rows.parsed(lambda: stub, raw, exactly=False)
    call.rows += 1
    if isinstance(order, dict) and rows.KEY in order:
        order[rows.KEY].index = call.rows
    return order


def is_exact(exchange: Any) -> bool:
    """Tell whether the caller's numbers keep every digit."""
    return exchange.number is not float


def completed(
    exchange: Any, order: Mapping[str, Any], context: ParseContext, known: Mapping[str, Any]
) -> Order:
    """Bring an order of ccxt's to the rules, and fill in what the caller gave.

    Args:
        exchange: whose class has parsed it; its markets know the contracts.
        order: as the class left it, its `Row` in it where it has one.
        context: statuses, type of numbers, and whom to warn.
        known: what the caller gave of the order; it holds where the exchange gives nothing.
    """
    row: Row | None = order.get(rows.KEY)
    exact = row.order(order, context.number) if row else dict(order)
    exact["id"] = exact.get("id") or _id_in(row.raw if row and row.raw else exact.get("info"))
    for name, value in known.items():
        if value is not None and _lacks(exact, name):
            exact[name] = str(value) if name in {"amount", "price"} else value
    market = (exchange.markets or {}).get(exact.get("symbol"))
    return rules.completed(
        exact,
        rules.Rules(
            number=context.number,
            statuses=context.statuses,
            market=market,
            derived=row.derived if row else frozenset(),
            warn=partial(context.warn, f"{exchange.id} order {exact.get('id')}"),
        ),
    )


# How exchanges call the id of an order in its own row; a class older than the row may not look.
_IDS: Final = ("orderId", "order_id", "orderID", "ordId", "algoId", "txid")


def _id_in(row: object) -> str | None:
    ids = [row.get(name) for name in _IDS] if isinstance(row, dict) else []
    ids = [id_[0] if isinstance(id_, list) and len(id_) == 1 else id_ for id_ in ids]
    return next((str(id_) for id_ in ids if isinstance(id_, str | int) and id_), None)


def _lacks(order: Mapping[str, Any], name: str) -> bool:
    value = order.get(name)
    if name in {"amount", "price"}:
        return not fills.quantity(value)
    if name == "symbol":
        return not rules.is_symbol(value)
    return value is None or value == ""
