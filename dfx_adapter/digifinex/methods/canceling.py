"""The methods that cancel orders, and the errors that say of an order that it was not canceled.

Document: "Cancel order" (docs.digifinex.com/en-ww/spot/v3/rest.html): code 0 whatever became of the
ids, which the answer lists under `success` and `error`, without a reason.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.methods import arguments, matching, new_orders, reading
from dfx_adapter.exchanges import by_ids, waiting
from dfx_adapter.exchanges.rules import Rules, completed
from dfx_adapter.guards import pacing
from dfx_adapter.order import FINAL
from dfx_adapter.steps import NO_PARAMS, SleepUntil, Steps, Together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.order import Order

# Seconds before an order is asked for again whose cancel is confirmed while its row says open. The
# rows of other exchanges lag so (freqtrade issue 9273); of this one it is not known.
PAUSES: Final = (0.1, 0.2, 0.4)
LONGEST: Final = 1.0


def cancel_order(
    exchange: DigiFinexExchange,
    id: str,
    symbol: str | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[Order]:
    """Cancel one order, and return it with what was filled until then: one more request.

    Where its row still says open, it is asked for again for about a second. `filled` is None, with
    a warning, where its status cannot be read.

    Raises:
        ccxt.OrderNotFound: it was not canceled, because it is over or unknown; `orders` has it.
        ccxt.InvalidOrder: it was not canceled, and is open, or its status cannot be read.
        ccxt.BadSymbol: the symbol cannot be one; nothing was sent.
    """
    kind, rest = arguments.market_type(exchange, "cancelOrder", symbol, params)
    if kind == "swap":
        order: Order = yield partial(
            exchange._dfx_swaps.cancel_order, exchange, id, symbol, dict(params)
        )
        return order
    asked = ids_of(exchange, "cancelOrder", [id], symbol)
    [order] = yield from canceled(exchange, asked, kind, rest)
    return order


def cancel_orders(
    exchange: DigiFinexExchange,
    ids: Sequence[str],
    symbol: str | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Cancel orders, 20 a request; as `cancel_order`.

    Raises:
        ccxt.OrderNotFound, ccxt.InvalidOrder: `ids` names those not canceled, `orders` has all that
            can be read, as they are now. OrderNotFound if those are all over or unknown.
    """
    kind, rest = arguments.market_type(exchange, "cancelOrders", symbol, params)
    if kind == "swap":
        # Not by ccxt's own cancel_orders: that of ccxt 4.5.22 cancels the ids on spot.
        pairs = _pairs(arguments.order_ids("cancelOrders", ids), symbol)
        orders: list[Order] = yield partial(
            exchange._dfx_swaps.cancel_orders_for_symbols, exchange, pairs, rest
        )
        return orders
    asked = ids_of(exchange, "cancelOrders", ids, symbol)
    return (yield from canceled(exchange, asked, kind, rest))


def cancel_orders_for_symbols(
    exchange: DigiFinexExchange,
    orders: Sequence[Mapping[str, Any]],
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Cancel orders given as `{"id": ..., "symbol": ...}`; as `cancel_orders`."""
    method = "cancelOrdersForSymbols"
    asked: dict[str, str | None] = {}  # DigiFinex needs no symbols for it
    arguments.check_params(method, params)
    kinds, kind, rest = set(), "spot", dict(params)
    given = new_orders.dicts(method, orders)
    for index, order in enumerate(given):
        symbol = order.get("symbol")
        with new_orders.at_index(index):
            kind, rest = arguments.market_type(exchange, method, symbol, params)
            kinds.add(kind)
            if kind != "swap":
                asked |= ids_of(exchange, method, [order.get("id")], symbol)
    if kinds == {"swap"}:
        by_ccxt: list[Order] = yield partial(
            exchange._dfx_swaps.cancel_orders_for_symbols, exchange, given, dict(params)
        )
        return by_ccxt
    if len(kinds) > 1:
        raise arguments.bad_request(f"{method}: all orders must be of one market type")
    return (yield from canceled(exchange, asked, kind, rest))


def ids_of(
    exchange: DigiFinexExchange, method: str, ids: Sequence[Any], symbol: str | None
) -> dict[str, str | None]:
    """Return what is to be canceled: ids, with the symbol that the caller gives for them.

    Raises:
        ccxt.BadRequest: an id that cannot be one.
        ccxt.BadSymbol: a symbol that cannot be one.
    """
    market = arguments.market_of(exchange, method, symbol)
    return dict.fromkeys(arguments.order_ids(method, ids), market.symbol)


def canceled(
    exchange: DigiFinexExchange,
    asked: Mapping[str, str | None],
    kind: str,
    rest: Mapping[str, Any],
) -> Steps[list[Order]]:
    """Cancel, and return the orders as they are then: only their status tells what was filled.

    Raises:
        ccxt.OrderNotFound, ccxt.InvalidOrder: some were not canceled; see `failed`.
        ccxt.BaseError: an answer is lost, so that it is not known of some; `ids` names them.
    """
    posts = matching.chunks(list(asked))
    queries = [{**rest, "market": kind, "order_id": ",".join(ids)} for ids in posts]
    cancel = exchange.privateSpotPostMarketOrderCancel
    # A cancel that fails keeps none of the others: what is not canceled may fill.
    answers = yield Together([partial(cancel, query) for query in queries], all_of_them=True)
    answered = _answered(posts, answers)
    succeeded = _succeeded(answers)
    done = [order_id for order_id in answered if order_id in succeeded]
    outcomes = yield from _state_after(exchange, answered, done, kind)
    for order_id in done:
        outcomes[order_id] = _as_canceled(
            exchange, order_id, asked[order_id], outcomes[order_id], answers
        )
    left = [order_id for order_id in asked if order_id not in done]
    if left:
        raise failed(left, answers, outcomes)
    return [outcomes[order_id] for order_id in asked]  # type: ignore[misc]  # all are orders


def _state_after(
    exchange: DigiFinexExchange, ids: Sequence[str], done: Sequence[str], kind: str
) -> Steps[dict[str, Order | Exception]]:
    """Ask for orders after a cancel; again, for about a second, for those not canceled yet."""
    began = waiting.clock()
    outcomes = yield from statuses(exchange, ids, kind)
    for pause in PAUSES:
        late = _open_still(done, outcomes)
        if not late or pacing.silence(exchange) or waiting.clock() - began > LONGEST:
            break
        # To a multiple of the pause: others who wait for the like can share the request then.
        yield SleepUntil((waiting.clock() // pause + 1) * pause)
        again = yield from statuses(exchange, late, kind)
        outcomes |= {
            order_id: order for order_id, order in again.items() if not isinstance(order, Exception)
        }
    return outcomes


def statuses(
    exchange: DigiFinexExchange, ids: Sequence[str], kind: str
) -> Steps[dict[str, Order | Exception]]:
    """Ask for orders; for a single one together with others who ask for theirs."""
    if len(ids) != 1 or exchange._dfx_asks_alone():
        return (yield from reading.outcomes_of(exchange, ids, kind, {}))
    [order_id] = ids
    return {order_id: (yield partial(exchange._dfx_ask_together, order_id, kind, {}))}


def _as_canceled(
    exchange: DigiFinexExchange,
    order_id: str,
    symbol: str | None,
    outcome: Order | Exception,
    answers: Sequence[Any],
) -> Order:
    """Return a canceled order; without a readable status, what is known of it."""
    about = f"{EXCHANGE} cancel of order {order_id}"
    if isinstance(outcome, Exception):
        exchange.dfx_warn(about, f"confirmed; what was filled of it is not known: {outcome}")
        info = _answer_about(order_id, answers)
        known = {"id": order_id, "symbol": symbol, "status": "canceled", "info": info}
        return completed(known, Rules(exchange.number))
    if symbol is not None and outcome["symbol"] != symbol:
        exchange.dfx_warn(
            about, f"confirmed; the order is of {outcome['symbol']}, asked was {symbol}"
        )
    if outcome["status"] == "open":
        exchange.dfx_warn(about, "confirmed, but the order's row says that it is open still")
    return outcome


def _pairs(ids: Sequence[str], symbol: str | None) -> list[dict[str, str]]:
    """Return swap orders as ccxt's `cancel_orders_for_symbols` takes them.

    Raises:
        ccxt.BadRequest: there is no symbol, without which the exchange cancels none.
    """
    if symbol is None:
        raise arguments.bad_request("cancelOrders: swap orders need a symbol; nothing was sent")
    return [{"id": order_id, "symbol": symbol} for order_id in ids]


def _succeeded(answers: Sequence[Any]) -> set[str]:
    """Return the ids that were canceled: those under `success`, and not under `error`, too."""
    return _listed(answers, "success") - _listed(answers, "error")


def _listed(answers: Sequence[Any], key: str) -> set[str]:
    lists = [answer.get(key) for answer in answers if isinstance(answer, dict)]
    return {str(order_id) for ids in lists if isinstance(ids, list) for order_id in ids}


def _answer_about(order_id: str, answers: Sequence[Any]) -> Any:
    """Return the answer that lists an id as canceled, one of many; None where none does."""
    return next((answer for answer in answers if order_id in _listed([answer], "success")), None)


def _open_still(ids: Iterable[str], outcomes: Mapping[str, Order | Exception]) -> list[str]:
    """Return the canceled orders whose rows do not say so yet."""
    orders = {order_id: outcomes[order_id] for order_id in ids}
    return [
        order_id
        for order_id, order in orders.items()
        if not isinstance(order, Exception) and order["status"] == "open"
    ]


def _answered(posts: Sequence[Sequence[str]], answers: Sequence[Any]) -> list[str]:
    """Return the ids of the requests that were answered."""
    return [
        order_id
        for ids, answer in zip(posts, answers, strict=True)
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
    return errors.add(error, ids=ids)


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
