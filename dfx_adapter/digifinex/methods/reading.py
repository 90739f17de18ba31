"""The methods that read orders by their ids. Swap orders are left to ccxt's own.

Documents: "Get order status", "Get order trades details"
(docs.digifinex.com/en-ww/spot/v3/rest.html). Whether one unknown id makes the exchange answer 20013
for all of a request is not documented.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from dfx_adapter import errors
from dfx_adapter.digifinex.answers import trades
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.exchange import orders_of
from dfx_adapter.digifinex.methods import arguments, matching
from dfx_adapter.digifinex.methods.lists import of_symbol
from dfx_adapter.exchanges import by_ids
from dfx_adapter.steps import NO_PARAMS, Steps, Together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.order import Order
    from dfx_adapter.steps import Call

logger = logging.getLogger("dfx_adapter")


def fetch_order(
    exchange: DigiFinexExchange,
    id: str,
    symbol: str | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[Order]:
    """Fetch one order by its id, in one request and without loading markets.

    `params={"trades": True}` fills `trades`, from order/detail.

    Raises:
        ccxt.OrderNotFound: the exchange says that it has no such order.
        ccxt.BadSymbol: the order is of another market than `symbol`.
        ccxt.BadResponse: the answer breaks the documents; it says nothing about the order.
    """
    kind, rest = arguments.market_type(exchange, "fetchOrder", symbol, params)
    if kind == "swap":
        order: Order = yield partial(
            exchange._dfx_swaps.fetch_order, exchange, id, symbol, dict(params)
        )
        return order
    asked = arguments.order_id("fetchOrder", id)
    unified = None
    if symbol is not None:
        unified = arguments.market_of(exchange, "fetchOrder", symbol).symbol
    if rest.pop("trades", False):
        outcome: Order | Exception = yield from _detail(exchange, asked, kind, rest)
    elif exchange._dfx_asks_alone():
        outcome = yield from outcome_of(exchange, asked, kind, rest)
    else:
        outcome = yield partial(exchange._dfx_ask_together, asked, kind, rest)
    if isinstance(outcome, Exception):
        raise outcome
    if unified is not None:
        matching.check_symbol_of(outcome, unified)
    return outcome


def fetch_orders_by_ids(
    exchange: DigiFinexExchange,
    ids: Iterable[str],
    symbol: str | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Fetch any number of orders, 20 a request, in the order asked, one order per id.

    Raises:
        ccxt.OrderNotFound: some are missing: `ids` names them, `orders` has the others.
            `params={"missing": "omit"}` leaves them out instead.
        ccxt.BadRequest: an id is empty or has a comma or white space; nothing was sent.
        ccxt.BadResponse: a row that nobody asked for, or two different rows of one id.
    """
    kind, rest = arguments.market_type(exchange, "fetchOrdersByIds", symbol, params)
    if kind == "swap":
        raise arguments.not_supported("fetchOrdersByIds: swap orders cannot be asked for by ids")
    asked = arguments.order_ids("fetchOrdersByIds", ids)
    market = arguments.market_of(exchange, "fetchOrdersByIds", symbol)
    omit_missing = rest.pop("missing", "raise") == "omit"
    outcomes = yield from outcomes_of(exchange, asked, kind, rest)
    if exchange.options.get("badRow") == "skip":
        asked = [one for one in asked if not _is_skipped(exchange, one, outcomes[one])]
    orders = by_ids.in_order(EXCHANGE, asked, outcomes, omit_missing=omit_missing)
    return of_symbol(exchange, orders, market.symbol)


def fetch_order_trades(
    exchange: DigiFinexExchange,
    id: str,
    symbol: str | None = None,
    since: float | None = None,
    limit: int | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[dict[str, Any]]]:
    """Fetch the trades of one order, by time. They carry no fee: only fetch_my_trades does.

    `since` and `params["until"]` in milliseconds.

    Raises:
        ccxt.NotSupported: of a swap order.
        ccxt.OrderNotFound: the exchange says that it has no such order.
        ccxt.BadSymbol: the order is of another market than `symbol`.
    """
    kind, rest = arguments.market_type(exchange, "fetchOrderTrades", symbol, params)
    if kind == "swap":
        raise arguments.not_supported("fetchOrderTrades: swap orders have none")
    asked = arguments.order_id("fetchOrderTrades", id)
    market = arguments.market_of(exchange, "fetchOrderTrades", symbol)
    span = arguments.span("fetchOrderTrades", since, limit, rest)
    order = yield from _detail(exchange, asked, kind, rest)
    matching.check_symbol_of(order, market.symbol)
    made = [trade for trade in order["trades"] if matching.is_within(trade, span.since, span.until)]
    return matching.limited(made, span.since, span.limit)


def outcome_of(
    exchange: DigiFinexExchange, order_id: str, kind: str, rest: Mapping[str, Any]
) -> Steps[Order | Exception]:
    """Ask for one order, in a request of its own."""
    query = {**rest, "market": kind, "order_id": order_id}
    try:
        answer = yield partial(exchange.privateSpotGetMarketOrder, query)
    except errors.BaseError as error:
        answer = error
    return _outcomes(exchange, [order_id], answer, kind)[order_id]


def outcomes_of(
    exchange: DigiFinexExchange, ids: Sequence[str], kind: str, rest: Mapping[str, Any]
) -> Steps[dict[str, Order | Exception]]:
    """Ask for orders, 20 ids a request, and return for each id its order or its own error.

    A request that is answered by 20013 is asked again in halves until the unknown ids stand alone.
    """
    outcomes: dict[str, Order | Exception] = {}
    pending = matching.chunks(ids)
    while pending:
        answers = yield Together([_question(exchange, part, kind, rest) for part in pending])
        halves: list[Sequence[str]] = []
        for part, answer in zip(pending, answers, strict=True):
            if isinstance(answer, errors.OrderNotFound) and len(part) > 1:
                halves += matching.halves(part)
            else:
                outcomes |= _outcomes(exchange, part, answer, kind)
        pending = halves
    return outcomes


def _question(
    exchange: DigiFinexExchange, ids: Sequence[str], kind: str, rest: Mapping[str, Any]
) -> Call:
    query = {**rest, "market": kind, "order_id": ",".join(ids)}
    return partial(exchange.privateSpotGetMarketOrder, query)


def _outcomes(
    exchange: DigiFinexExchange, ids: Sequence[str], answer: Any, kind: str
) -> dict[str, Order | Exception]:
    """Give each id of one request its order, or the error that stands in its way."""
    if isinstance(answer, errors.OrderNotFound):
        errors.add(answer, ids=ids)
    if isinstance(answer, Exception):
        return dict.fromkeys(ids, answer)
    try:
        orders = orders_of(exchange, answer, kind, bad_row="raise")
        if len(orders) == 1 and [orders[0]["id"]] == ids:  # most questions, most answers
            return {ids[0]: orders[0]}
        found = matching.by_id(orders, ids)
    except errors.BaseError as error:
        return by_ids.divided(EXCHANGE, ids, error)
    return {one: found.get(one) or by_ids.not_found(EXCHANGE, [one]) for one in ids}


def _is_skipped(exchange: DigiFinexExchange, order_id: str, outcome: Order | Exception) -> bool:
    """Tell whether the row of this very order is bad; then it is left out, with a warning."""
    path = errors.facts(outcome).path if isinstance(outcome, Exception) else None
    if path is None or not path.startswith("$.data["):
        return False
    reason = exchange.dfx_masked(str(outcome))
    logger.warning("%s row skipped, order %s: %s", EXCHANGE, order_id, reason)
    return True


def _detail(
    exchange: DigiFinexExchange, order_id: str, kind: str, rest: Mapping[str, Any]
) -> Steps[Order]:
    """Fetch an order with its trades: order/detail has both."""
    query = {**rest, "market": kind, "order_id": order_id}
    answer = yield partial(exchange.privateSpotGetMarketOrderDetail, query)
    found = matching.by_id(orders_of(exchange, answer, kind, bad_row="raise"), [order_id])
    if order_id not in found:
        raise by_ids.not_found(EXCHANGE, [order_id])
    order = found[order_id]
    order["trades"] = trades.of_detail(order, exchange.number)
    times = [trade["timestamp"] for trade in order["trades"]]
    order["lastTradeTimestamp"] = max(times, default=order["lastTradeTimestamp"])
    return order
