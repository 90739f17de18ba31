"""The built-in plugin of every other ccxt exchange: ccxt's own parsing, brought to our rules.

It is the last resort: it serves the ids that no other plugin has claimed, and the host asks it only
when one of those is wanted, because the list of ids is ccxt's and importing ccxt takes half a
second.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dfx_adapter.exchanges import words
from dfx_adapter.hookspecs import ExchangeInfo, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order


def connect(exchange_id: str, config: dict[str, Any], *, asynchronous: bool) -> Any:
    """Build ccxt's exchange object of that id, its order methods sent through the hooks."""
    from dfx_adapter.exchanges.ccxt_classes import exchange_class  # noqa: PLC0415  # imports ccxt

    return exchange_class(exchange_id, asynchronous=asynchronous)(config)


@hookimpl
def dfx_register_exchanges() -> list[ExchangeInfo]:
    """Serve all that ccxt serves; the host leaves out what is claimed already."""
    import ccxt  # noqa: PLC0415  # only when one of its exchanges is wanted

    return [
        ExchangeInfo(exchange_id, exchange_id, partial(connect, exchange_id))
        for exchange_id in ccxt.exchanges
    ]


@hookimpl(trylast=True)
def dfx_order_statuses(exchange_id: str) -> dict[str, str]:
    """Give the unified words, and those of the exchange that ccxt's class lets through."""
    import ccxt  # noqa: PLC0415  # only for one of its exchanges

    cls = getattr(ccxt, exchange_id, None)
    return {} if cls is None else words.statuses([base.__name__ for base in cls.__mro__[::-1]])


@hookimpl(trylast=True)
def dfx_parse_orders(exchange_id: str, payload: object, context: ParseContext) -> list[Order[Any]]:
    """Parse the rows of an answer as ccxt's class does, and bring the orders to the rules."""
    if not isinstance(payload, list):
        raise _error("BadResponse", exchange_id, "$", payload, "a list of the exchange's rows")
    parse = context.parse_order or partial(parse_offline, exchange_id, context)
    orders: list[Order] = []
    faults: list[Exception] = []
    for index, row in enumerate(payload):
        try:
            orders.append(_parsed(exchange_id, parse, row, index))
        except Exception as fault:  # noqa: BLE001  # collected: the good rows are not lost
            faults.append(fault)
    if faults and context.bad_row == "raise":
        faults[0].orders = orders  # type: ignore[attr-defined]  # as describe does
        raise faults[0]
    for skipped in faults:
        context.warn(f"{exchange_id} order skipped", str(skipped))
    return orders


def _parsed(exchange_id: str, parse: Callable[[Any], Order], row: object, index: int) -> Order:
    from dfx_adapter import errors  # noqa: PLC0415  # a class of ccxt is there by now

    try:
        return parse(row)
    except errors.BaseError:
        raise
    except Exception as error:
        expected = f"a row that ccxt can read ({error!r})"
        raise _error("BadResponse", exchange_id, f"$[{index}]", row, expected) from error


def parse_offline(exchange_id: str, context: ParseContext, row: object) -> Order:
    """Parse one row by ccxt's class of the exchange, without any market loaded.

    Raises:
        TypeError: it is no row.
        Exception: whatever the class raises for what it cannot read.
    """
    from dfx_adapter.exchanges import ccxt_classes  # noqa: PLC0415  # imports ccxt

    if not isinstance(row, dict | list) or not row:
        raise TypeError("no row of an exchange")
    return ccxt_classes.parse_offline(exchange_id, row, context)


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
