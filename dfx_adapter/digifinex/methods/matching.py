"""Orders of an answer matched with what was asked for: ids, symbol, span, limit; no I/O.

Documents: "Get order status", "Get all orders" (docs.digifinex.com/en-ww/spot/v3/rest.html) and
ccxt's manual ("Order Structure").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import IDS_PER_REQUEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from dfx_adapter.order import Order

T = TypeVar("T")


def by_id(orders: list[Order], asked: Collection[str] | None = None) -> dict[str, Order]:
    """Return the orders by id; the same row twice is one order. The order of rows means nothing.

    `asked` is None where whatever there is was asked for.

    Raises:
        ccxt.BadResponse: a row that nobody asked for, or two different rows of one id; `orders` has
            those that were asked for and are not in doubt.
    """
    found: dict[str, Order] = {}
    doubtful: dict[str, str] = {}
    wanted = None if asked is None else frozenset(asked)
    for order in orders:
        order_id = order["id"]
        if wanted is not None and order_id not in wanted:
            doubtful[order_id] = "a row of an order that nobody asked for"
        elif (first := found.setdefault(order_id, order)) is not order and first != order:
            doubtful[order_id] = "two different rows of one order"
    if doubtful:
        named = "; ".join(f"{order_id!r}: {doubt}" for order_id, doubt in doubtful.items())
        raise errors.describe(
            errors.BadResponse,
            f"answer: {named}",
            exchange_id=EXCHANGE,
            expected="one row of each order" if asked is None else f"rows of {', '.join(asked)}",
            found=list(doubtful),
            orders=[order for order_id, order in found.items() if order_id not in doubtful],
            ids=list(doubtful),
        )
    return found


def chunks(order_ids: Sequence[str]) -> list[Sequence[str]]:
    """Cut ids into what one request may ask for."""
    starts = range(0, len(order_ids), IDS_PER_REQUEST)
    return [order_ids[start : start + IDS_PER_REQUEST] for start in starts]


def halves(order_ids: Sequence[str]) -> list[Sequence[str]]:
    """Cut ids into two parts, to find out which of them the exchange does not know."""
    middle = len(order_ids) // 2
    return [order_ids[:middle], order_ids[middle:]]


def check_symbol(orders: list[Order], symbol: str | None) -> None:
    """Compare the unified symbol that was asked for with the rows; a row is never relabelled.

    Raises:
        ccxt.BadSymbol: an order is of another market; `ids` names all of those, `orders` has the
            others.
    """
    others = [order for order in orders if symbol is not None and order["symbol"] != symbol]
    if others:
        raise _another_market(others, symbol, [o for o in orders if o["symbol"] == symbol])


def check_symbol_of(order: Order, symbol: str | None) -> None:
    """Compare the unified symbol with that of the one order that was asked for.

    Raises:
        ccxt.BadSymbol: it is of another market; `orders` has it all the same.
    """
    if symbol is not None and order["symbol"] != symbol:
        raise _another_market([order], symbol, [order])


def _another_market(others: list[Order], symbol: str | None, orders: list[Order]) -> Exception:
    first = others[0]
    more = f" (and {len(others) - 1} more)" if len(others) > 1 else ""
    return errors.describe(
        errors.BadSymbol,
        f"answer: order {first['id']!r} is of {first['symbol']}, asked was {symbol}{more}",
        exchange_id=EXCHANGE,
        found=first["symbol"],
        expected=symbol,
        orders=orders,
        ids=[order["id"] for order in others],
    )


def within(orders: Iterable[Order], since: int | None, until: int | None) -> list[Order]:
    """Keep [since, until] (milliseconds), and sort by time."""
    return by_time(order for order in orders if is_within(order, since, until))


def is_within(order: Order, since: int | None, until: int | None) -> bool:
    """Tell whether an order was created in [since, until]."""
    created = order["timestamp"] or 0
    return (since is None or created >= since) and (until is None or created <= until)


def by_time(orders: Iterable[Order]) -> list[Order]:
    """Sort orders by the time of their creation."""
    return sorted(orders, key=lambda order: (order["timestamp"] or 0, order["id"]))


def limited(orders: list[T], since: int | None, limit: int | None) -> list[T]:
    """Keep the oldest `limit` entries where there is a `since`, else the newest (ccxt's manual)."""
    if limit is None or limit >= len(orders):
        return orders
    return orders[:limit] if since is not None else orders[len(orders) - limit :]
