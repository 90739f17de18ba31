"""Orders by their ids: an answer in the order asked, or an error that names what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from copy import copy, deepcopy
from numbers import Integral
from typing import TYPE_CHECKING, TypeVar

from dfx_adapter import errors
from dfx_adapter.excerpts import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dfx_adapter.order import Order

T = TypeVar("T")


def wanted(exchange_id: str, ids: object) -> list[str]:
    """Return the ids of any exchange's orders as texts, without repeats, in the order given.

    Raises:
        ccxt.BadRequest: one of them is no id, or a text was given where ids were expected.
    """
    if isinstance(ids, str | bytes | bytearray) or not isinstance(ids, Iterable):
        raise _bad_ids(exchange_id, ids, "a list of ids")
    given = list(ids)
    for item in given:
        is_id = isinstance(item, str | Integral) and not isinstance(item, bool)
        if not is_id or not str(item).strip():
            raise _bad_ids(exchange_id, item, "the id of an order")
    return list(dict.fromkeys(map(str, given)))


def _bad_ids(exchange_id: str, found: object, expected: str) -> Exception:
    return errors.describe(
        errors.BadRequest,
        f"fetchOrdersByIds: {written(found)}: expected {expected}; nothing was sent",
        exchange_id=exchange_id,
        found=found,
        expected=expected,
    )


def in_order(
    exchange_id: str,
    asked: Sequence[str],
    outcomes: Mapping[str, Order | Exception],
    *,
    omit_missing: bool,
) -> list[Order]:
    """Return the orders as asked, one per id.

    Raises:
        ccxt.OrderNotFound: some are missing, and may not be; it names them and carries the others.
        ccxt.BaseError: another error stands in the way of an order; it carries the others.
    """
    found = [outcome for outcome in map(outcomes.get, asked) if isinstance(outcome, dict)]
    missing = []
    for order_id in asked:
        outcome = outcomes[order_id]
        if isinstance(outcome, errors.OrderNotFound):
            missing.append(order_id)
        elif isinstance(outcome, Exception):
            raise carried(outcome, found)
    if missing and not omit_missing:
        raise not_found(exchange_id, missing, found)
    return found


def divided(exchange_id: str, ids: Sequence[str], error: Exception) -> dict[str, Order | Exception]:
    """Give each id of one answer its good order or the error of its own row.

    An id without a row is not found, unless the answer is in doubt as a whole, or has a bad row of
    whose order nobody knows, or of an order that nobody asked for.
    """
    facts = errors.facts(error)
    good = {order["id"]: order for order in facts.orders}
    named: Sequence[str | None] = facts.ids or (None,)
    bad = facts.row_errors or dict.fromkeys(named, error)
    if not facts.row_errors and not set(bad) <= set(ids):
        return dict.fromkeys(ids, error)  # whose rows those are is the exchange's secret
    doubt = next((bad_row for order_id, bad_row in bad.items() if order_id not in ids), None)
    return {
        order_id: good.get(order_id)
        or bad.get(order_id)
        or doubt
        or not_found(exchange_id, [order_id])
        for order_id in ids
    }


def not_found(exchange_id: str, ids: Sequence[str], orders: Iterable[Order] = ()) -> Exception:
    """Build the OrderNotFound that names the missing orders and carries the found ones."""
    return errors.describe(
        errors.OrderNotFound,
        f"answer: no row of order {', '.join(map(repr, ids))}",
        exchange_id=exchange_id,
        ids=ids,
        orders=orders,
    )


def copied(outcome: T) -> T:
    """Return an order or an error for one more caller; an error keeps what led to it."""
    if not isinstance(outcome, Exception):
        return deepcopy(outcome)
    again = copy(outcome)
    again.__cause__ = outcome.__cause__
    return again


def carried(error: Exception, orders: Iterable[Order]) -> Exception:
    """Return the error, the orders that were found all the same on a copy of it."""
    carrying_them = copied(error)
    every = {order["id"]: order for order in (*errors.facts(error).orders, *orders)}
    return errors.add(carrying_them, orders=every.values())


@contextmanager
def carrying(orders: Callable[[], list[Order]]) -> Iterator[None]:
    """Put the orders of earlier answers on an error about a row of this one: none is lost."""
    try:
        yield
    except errors.BaseError as error:
        errors.add(error, orders=[*orders(), *errors.facts(error).orders])
        raise
