"""The built-in plugin of every other ccxt exchange: ccxt's own parsing, brought to our rules.

It is the last resort: it serves the ids that no other plugin has claimed, and the host asks it only
when one of those is wanted, because the list of ids is ccxt's and importing ccxt takes half a
second.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dfx_adapter.hookspecs import ExchangeInfo, hookimpl
from dfx_adapter.order import STATUSES, completed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order


def connect(exchange_id: str, config: Mapping[str, Any], *, asynchronous: bool) -> Any:
    """Build ccxt's exchange object of that id, its order methods sent through the hooks."""
    from dfx_adapter.unified.ccxt_classes import exchange_class  # noqa: PLC0415  # imports ccxt

    return exchange_class(exchange_id, asynchronous=asynchronous)(dict(config))


@hookimpl
def dfx_register_exchanges() -> list[ExchangeInfo]:
    """Serve all that ccxt serves; the host leaves out what is claimed already."""
    import ccxt  # noqa: PLC0415  # only when one of its exchanges is wanted

    return [
        ExchangeInfo(exchange_id, exchange_id, partial(connect, exchange_id))
        for exchange_id in ccxt.exchanges
    ]


@hookimpl(trylast=True)
def dfx_order_statuses() -> dict[str, str]:
    """Give ccxt's words: the unified ones, and "canceling", for an order that is open still."""
    return {**{status: status for status in STATUSES}, "canceling": "open"}


@hookimpl(trylast=True)
def dfx_parse_orders(exchange_id: str, payload: object, context: ParseContext) -> list[Order]:
    """Bring orders to the rules that ccxt has parsed: a list of its order structures."""
    if not isinstance(payload, list) or not all(isinstance(order, dict) for order in payload):
        raise _error("BadResponse", exchange_id, "$", payload, "a list of ccxt's order structures")
    orders = [completed(order, context.number) for order in payload]
    unknown: dict[int, object] = {}
    for index, order in enumerate(orders):
        told: Any = order["status"]
        order["status"] = context.statuses.get(str(told))
        if told is not None and order["status"] is None:
            unknown[index] = told
    if unknown and context.bad_row == "raise":
        first = next(iter(unknown))
        good = [order for index, order in enumerate(orders) if index not in unknown]
        known = "one of " + ", ".join(context.statuses)
        raise _error(
            "UnknownStatus", exchange_id, f"$[{first}].status", unknown[first], known, good
        )
    for index, status in unknown.items():
        about = f"{exchange_id} order skipped, {payload[index].get('id')}"
        context.warn(about, f"$[{index}].status: unknown status {status!r}")
    return [order for index, order in enumerate(orders) if index not in unknown]


def _error(
    name: str,
    exchange_id: str,
    path: str,
    found: object,
    expected: str,
    orders: Iterable[Order] = (),
) -> Exception:
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    return errors.describe(
        errors.named(name),
        f"answer: {path}: expected {expected}, found {found!r}",
        exchange_id=exchange_id,
        path=path,
        found=found,
        expected=expected,
        orders=orders,
    )
