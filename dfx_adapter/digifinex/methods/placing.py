"""The methods that place orders; they answer complete orders, not two-key stubs.

Documents: "Create new order", "Create multiple order" (docs.digifinex.com/en-ww/spot/v3/rest.html).
Swap orders are ccxt's own to place, after their numbers were checked.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import CODES, ORDERS_PER_BATCH
from dfx_adapter.digifinex.exchange import orders_of
from dfx_adapter.digifinex.methods import arguments, new_orders
from dfx_adapter.excerpts import excerpt
from dfx_adapter.order import plain, storable
from dfx_adapter.steps import NO_PARAMS, Steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.digifinex.methods.new_orders import NewOrder
    from dfx_adapter.order import Order

# The codes of refusals. No code, or one that the documents do not have, says nothing of the order,
# and on a fault of the exchange's side it may have been placed before.
_REFUSALS: Final = CODES.keys() - {"50000"}
MAY_EXIST: Final = (
    "the order may have been placed all the same: look for it in fetch_open_orders and "
    "fetch_orders before placing it again"
)


def create_order(
    exchange: DigiFinexExchange,
    symbol: str,
    type: str,
    side: str,
    amount: Any,
    price: Any = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[Order]:
    """Place one order and return it complete: open, nothing filled, created now.

    Price, amount and cost may be of any type of number. A market buy needs a price or
    `params={"cost": ...}`; with `createMarketBuyOrderRequiresPrice` False, as a parameter or an
    option, its amount is in quote money. DigiFinex has no client ids: none is sent.

    Raises:
        ccxt.NotSupported: a type or parameter that DigiFinex does not have; nothing was sent.
        ccxt.BadRequest, ccxt.InvalidOrder: among others, a number or a value that cannot be.
        ccxt.OperationFailed: among others; the message says where the order may exist all the same,
            because the request was sent and its answer lost. It is not sent again.
    """
    kind, rest = arguments.market_type(exchange, "createOrder", symbol, params)
    if kind == "swap":
        new_orders.check_numbers("createOrder", type, amount, price)
        order: Order = yield partial(
            exchange._dfx_swaps.create_order,
            exchange,
            symbol,
            type,
            side,
            amount,
            price,
            dict(params),
        )
        return order
    wanted = checked(exchange, "createOrder", (symbol, type, side), amount, price, rest)
    yield exchange.load_markets
    return (yield from post(exchange, request_of(exchange, "createOrder", wanted), kind))


def create_orders(
    exchange: DigiFinexExchange,
    orders: Sequence[Mapping[str, Any]],
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Place up to ten orders of one market: all of them, or none.

    Each is checked as in `create_order` before anything is sent; an error names its index.
    """
    given = new_orders.dicts("createOrders", orders)
    kinds: set[str] = set()
    wanted: list[NewOrder] = []
    for index, order in enumerate(given):
        with new_orders.at_index(index):
            kind, found = _checked_of_batch(exchange, order, params)
            kinds.add(kind)
            wanted += found
    if kinds == {"swap"}:
        placed: list[Order] = yield partial(
            exchange._dfx_swaps.create_orders, exchange, given, dict(params)
        )
        return placed
    _check_batch(exchange, wanted, kinds, len(given))
    yield exchange.load_markets
    asked = []
    for index, new_order in enumerate(wanted):
        with new_orders.at_index(index):
            asked.append(request_of(exchange, "createOrders", new_order))
    return (yield from _post_batch(exchange, asked, *kinds))


def _checked_of_batch(
    exchange: DigiFinexExchange, order: Mapping[str, Any], params: Mapping[str, Any]
) -> tuple[str, list[NewOrder]]:
    """Return the market type of one order of a batch, and the order where it is no swap's."""
    words = (order.get("symbol"), order.get("type"), order.get("side"))
    numbers = (order.get("amount"), order.get("price"))
    both = new_orders.params_of(order, params)
    kind, rest = arguments.market_type(exchange, "createOrders", words[0], both)
    if kind == "swap":
        new_orders.check_numbers("createOrders", words[1], *numbers)
        return kind, []
    return kind, [checked(exchange, "createOrders", words, *numbers, rest)]


def _check_batch(
    exchange: DigiFinexExchange, wanted: Sequence[NewOrder], kinds: set[str], count: int
) -> None:
    """Check that a batch is of one market, and not too long.

    Raises:
        ccxt.BadRequest: it is not, or it is.
    """
    markets = {arguments.market_of(exchange, "createOrders", order.symbol) for order in wanted}
    if len(kinds) != 1 or len({market.symbol for market in markets}) != 1:
        raise arguments.bad_request(
            "createOrders: all orders must be of one market and market type"
        )
    if count > ORDERS_PER_BATCH:
        raise arguments.bad_request(f"createOrders: {count} orders; at most {ORDERS_PER_BATCH}")


def checked(
    exchange: DigiFinexExchange,
    method: str,
    words: tuple[Any, Any, Any],
    amount: Any,
    price: Any,
    params: Mapping[str, Any],
) -> NewOrder:
    """Check all of a new order but its precision, which takes the markets; as `create_order`.

    `words` are symbol, type and side.
    """
    if arguments.market_of(exchange, method, words[0]).symbol is None:
        raise arguments.bad_symbol(f"{method}: symbol None: expected BASE/QUOTE", None)
    order = new_orders.new_order(method, words, amount, price, params, exchange.options)
    if params.get("clientOrderId"):
        exchange.dfx_warn(
            f"{EXCHANGE} {method}",
            "clientOrderId is not sent, and no order has it: DigiFinex has no client ids",
        )
    return order


def request_of(exchange: DigiFinexExchange, method: str, order: NewOrder) -> dict[str, Any]:
    """Return the parameters of "Create new order", rounded to the steps of the market.

    Raises:
        ccxt.BadSymbol: no such market, or one of swaps.
        ccxt.InvalidOrder: nothing is left of a number where it is rounded.
        ccxt.BadRequest: a number of more digits than can be rounded.
    """
    market = exchange.market(order.symbol)
    if market["swap"]:
        raise arguments.bad_symbol(
            f"{method}: {order.symbol!r} is a market of swaps: {market['symbol']}", order.symbol
        )
    is_market = order.type == "market"
    request = {"symbol": market["id"], "type": order.side + "_market" * is_market}
    try:
        if order.cost is not None:
            request["amount"] = str(exchange.cost_to_precision(order.symbol, plain(order.cost)))
        elif order.amount is not None:
            request["amount"] = exchange.amount_to_precision(order.symbol, plain(order.amount))
        if order.price is not None:
            request["price"] = exchange.price_to_precision(order.symbol, plain(order.price))
    except ArithmeticError as error:
        raise arguments.bad_request(
            f"{method}: amount, cost or price has too many digits for {market['symbol']}"
        ) from error
    if not Decimal(request["amount"]):
        raise new_orders.invalid(
            f"{method}: cost {order.cost} is less than a step of {market['symbol']}"
        )
    return {**request, "post_only": 1} if order.post_only else request


def post(exchange: DigiFinexExchange, request: Mapping[str, Any], kind: str) -> Steps[Order]:
    """Send an order that was checked; a POST is not repeated."""
    try:
        answer = yield partial(exchange.privateSpotPostMarketOrderNew, {**request, "market": kind})
    except errors.BaseError as error:
        _add_doubt(error)
        raise
    [order] = _placed(exchange, [request], [answer.get("order_id")], kind, answer)
    return order


def _post_batch(
    exchange: DigiFinexExchange, asked: Sequence[Mapping[str, Any]], kind: str
) -> Steps[list[Order]]:
    """Send orders that were checked; a POST is not repeated."""
    batch = {"symbol": asked[0]["symbol"], "list": exchange.json(asked), "market": kind}
    try:
        answer = yield partial(exchange.privateSpotPostMarketOrderBatchNew, batch)
    except errors.BaseError as error:
        _add_doubt(error)
        raise
    return _placed(exchange, asked, answer.get("order_ids"), kind, answer)


def _placed(
    exchange: DigiFinexExchange,
    asked: Sequence[Mapping[str, Any]],
    ids: Any,
    kind: str,
    answer: Any,
) -> list[Order]:
    """Return new orders as the exchange would report them: nothing filled, created just now."""
    _check_ids(ids, len(asked))
    rows = [
        _new_row(request, order_id, kind, exchange.nonce())
        for request, order_id in zip(asked, ids, strict=True)
    ]
    try:
        orders = orders_of(exchange, rows, kind, bad_row="raise")
    except errors.BaseError as error:
        errors.add(error, ids=ids)
        error.args = (f"{error}; the order was placed: {', '.join(ids)}",)
        raise
    raw = storable(answer)
    for order in orders:
        order["info"] = raw
    return orders


def _new_row(request: Mapping[str, Any], order_id: str, kind: str, created: int) -> dict[str, Any]:
    """Return the row of a new order, as "Get order status" documents it."""
    in_quote = request["type"] == "buy_market"
    quantity = Decimal(str(request["amount"]))
    return {
        "symbol": request["symbol"],
        "order_id": order_id,
        "created_date": created,
        "finished_date": 0,
        "price": Decimal(str(request.get("price") or 0)),
        "amount": Decimal(0) if in_quote else quantity,
        "cash_amount": quantity if in_quote else Decimal(0),
        "executed_amount": 0,
        "avg_price": 0,
        "status": 0,
        "type": request["type"],
        "kind": kind,
    }


def _check_ids(ids: Any, count: int) -> None:
    """Check the ids that were answered for orders.

    Raises:
        ccxt.BadResponse: they are no list, not as many as the orders, or no ids.
    """
    given = ids if isinstance(ids, list) else []
    if len(given) != count or not all(isinstance(id_, str) and id_ for id_ in given):
        raise errors.describe(
            errors.BadResponse,
            f"answer: expected {count} order ids, found {excerpt(repr(ids))}; {MAY_EXIST}",
            exchange_id=EXCHANGE,
            found=ids,
            expected=f"{count} order ids",
        )


def _add_doubt(error: Exception) -> None:
    """Say on an error that leaves it open that the order may exist.

    A refusal leaves nothing open: it has a code that is documented, or nothing was sent at all.
    """
    refused = isinstance(error, errors.RateLimited | errors.InvalidNonce)
    unclear = isinstance(error, errors.OperationFailed) or type(error) is errors.ExchangeError
    if unclear and not refused and errors.facts(error).code not in _REFUSALS:
        error.args = (f"{error}; {MAY_EXIST}", *error.args[1:])
