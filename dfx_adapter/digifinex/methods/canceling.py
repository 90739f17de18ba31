"""What became of orders that were to be canceled, and the errors that say so; no I/O.

Document: "Cancel order" (docs.digifinex.com/en-ww/spot/v3/rest.html): code 0 whatever became of the
ids, which the answer lists under `success` and `error`, without a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.methods.results import bad_request
from dfx_adapter.exchanges import by_ids
from dfx_adapter.order import FINAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dfx_adapter.order import Order

# Seconds before an order is asked for again whose cancel is confirmed while its row says open. The
# rows of other exchanges lag so (freqtrade issue 9273); of this one it is not known.
PAUSES: Final = (0.1, 0.2, 0.4)
LONGEST: Final = 1.0


def swap_pairs(ids: Sequence[str], symbol: str | None) -> list[dict[str, str]]:
    """Return swap orders as ccxt's `cancel_orders_for_symbols` takes them.

    Raises:
        ccxt.BadRequest: there is no symbol, without which the exchange cancels none.
    """
    if symbol is None:
        raise bad_request("cancelOrders: swap orders need a symbol; nothing was sent")
    return [{"id": order_id, "symbol": symbol} for order_id in ids]


def succeeded(answers: Sequence[Any]) -> set[str]:
    """Return the ids that were canceled: those under `success`, and not under `error`, too."""
    return _listed(answers, "success") - _listed(answers, "error")


def _listed(answers: Sequence[Any], key: str) -> set[str]:
    lists = [answer.get(key) for answer in answers if isinstance(answer, dict)]
    return {str(order_id) for ids in lists if isinstance(ids, list) for order_id in ids}


def answer_about(order_id: str, answers: Sequence[Any]) -> Any:
    """Return the answer that lists an id as canceled, one of many; None where none does."""
    return next((answer for answer in answers if order_id in _listed([answer], "success")), None)


def open_still(ids: Iterable[str], outcomes: Mapping[str, Order | Exception]) -> list[str]:
    """Return the canceled orders whose rows do not say so yet."""
    orders = {order_id: outcomes[order_id] for order_id in ids}
    return [
        order_id
        for order_id, order in orders.items()
        if not isinstance(order, Exception) and order["status"] == "open"
    ]


def answered(posts: Sequence[Sequence[str]], answers: Sequence[Any]) -> list[str]:
    """Return the ids of the requests that were answered; a shorter list of answers is cut off."""
    return [
        order_id
        for ids, answer in zip(posts, answers, strict=False)
        if not isinstance(answer, Exception)
        for order_id in ids
    ]


def failed(
    ids: Sequence[str], answers: Sequence[Any], outcomes: Mapping[str, Order | Exception]
) -> Exception:
    """Return the error of ids that were not canceled, with all orders that could be read.

    An answer that is lost or an error is that error; else the answers list them as failed.
    """
    orders = [outcome for outcome in outcomes.values() if not isinstance(outcome, Exception)]
    lost = next((answer for answer in answers if isinstance(answer, Exception)), None)
    error = by_ids.carried(lost or _refused(ids, answers, outcomes), orders)
    error.ids = list(ids)  # type: ignore[attr-defined]  # as errors.describe does
    return error


def _refused(ids: Sequence[str], answers: Sequence[Any], outcomes: Mapping[str, Any]) -> Exception:
    """Build the error of ids that a cancel answer lists as failed, or not at all.

    OrderNotFound where each of them is over or unknown, as ccxt's other classes raise then;
    InvalidOrder where one is open, or nobody can tell.
    """
    named = ", ".join(f"{order_id!r} ({_state(outcomes[order_id])})" for order_id in ids)
    is_over = all(_is_over(outcomes[order_id]) for order_id in ids)
    return errors.describe(
        errors.OrderNotFound if is_over else errors.InvalidOrder,
        f"answer: not cancelled: {named}; the exchange gives no reason",
        exchange_id=EXCHANGE,
        found=list(answers),
        expected="the ids under success",
    )


def _state(outcome: Order | Exception) -> str:
    if isinstance(outcome, errors.OrderNotFound):
        return "no such order"
    if isinstance(outcome, Exception):
        return f"its status cannot be read: {type(outcome).__name__}"
    return f"it is {outcome['status']}"


def _is_over(outcome: Order | Exception) -> bool:
    if isinstance(outcome, Exception):
        return isinstance(outcome, errors.OrderNotFound)
    return outcome["status"] in FINAL


def add_canceled(error: Exception, order_id: str, order: Order) -> None:
    """Put the canceled order on an error of the order that was to stand in for it."""
    error.args = (f"{error}; before that, order {order_id!r} was canceled", *error.args[1:])
    error.ids = [order_id, *getattr(error, "ids", ())]  # type: ignore[attr-defined]  # as describe does
    error.orders = [order, *getattr(error, "orders", ())]  # type: ignore[attr-defined]


def not_replaced(order: Order, why: str) -> Exception:
    """Build the error of an order that was canceled, and that no other may stand in for."""
    return errors.describe(
        errors.InvalidOrder,
        f"editOrder: order {order['id']!r} was canceled, and no new one placed: {why}",
        exchange_id=EXCHANGE,
        ids=[order["id"]],
        orders=[order],
    )


def not_edited(order: Order, why: str) -> Exception:
    """Build the InvalidOrder of an order that no other may stand in for; it was not touched."""
    return errors.describe(
        errors.InvalidOrder,
        f"editOrder: order {order['id']!r} was left as it is: {why}",
        exchange_id=EXCHANGE,
        ids=[order["id"]],
        orders=[order],
    )
