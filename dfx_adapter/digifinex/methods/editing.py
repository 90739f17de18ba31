"""Editing an order: the old one is canceled and another placed, as DigiFinex edits none.

All that can be known of the new order is checked before the old one is canceled. What was filled of
the old one stays filled, so the new one may be of no more than its rest.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.methods import arguments, canceling, matching, new_orders, placing
from dfx_adapter.exchanges import waiting
from dfx_adapter.order import EXACT
from dfx_adapter.steps import NO_PARAMS, SleepUntil, Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.digifinex.methods.new_orders import NewOrder
    from dfx_adapter.order import Order


def edit_order(
    exchange: DigiFinexExchange,
    id: str,
    symbol: str,
    type: str,
    side: str,
    amount: Any = None,
    price: Any = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[Order]:
    """Cancel an order and place another in its stead; what was filled stays filled.

    The new order is checked first, as in `create_order`, and against the market's limits; it needs
    an amount, and a limit order a price: None does not stand for the old one.

    Raises:
        ccxt.InvalidOrder: the old order is over, or partly filled and the new amount above what
            remains, before the cancel; or what was filled until the cancel leaves less than the new
            amount, or is not known: then nothing new was placed.
        ccxt.BaseError: an error after the cancel names the canceled order; `orders` has it.
    """
    kind, rest = arguments.market_type(exchange, "editOrder", symbol, params)
    if kind == "swap":
        args = (id, symbol, type, side, amount, price, dict(params))
        return (yield from _edit_swap(exchange, *args))
    asked = canceling.ids_of(exchange, "editOrder", [id], symbol)
    words = (symbol, type, side)
    wanted = placing.checked(exchange, "editOrder", words, amount, price, rest)
    yield exchange.load_markets
    request = placing.request_of(exchange, "editOrder", wanted)
    _check_limits("editOrder", exchange.market(symbol), request)
    yield from _check_old(exchange, asked, kind, wanted, request)
    try:
        [canceled] = yield from canceling.canceled(exchange, asked, kind, {})
    except errors.BaseError as error:
        error.args = (f"{error}; no new order was placed", *error.args[1:])
        raise
    why = _why_not_after(wanted, request, canceled)
    if why is not None:
        raise not_replaced(canceled, why)
    try:
        return (yield from placing.post(exchange, request, kind))
    except errors.BaseError as error:
        _add_canceled(error, id, canceled)
        raise


def _check_old(
    exchange: DigiFinexExchange,
    asked: Mapping[str, str | None],
    kind: str,
    wanted: NewOrder,
    request: Mapping[str, Any],
) -> Steps[None]:
    """Read the order that is to be canceled, and compare it with the new one."""
    [(order_id, symbol)] = asked.items()
    old = (yield from canceling.statuses(exchange, [order_id], kind))[order_id]
    if isinstance(old, Exception):
        raise old
    matching.check_symbol_of(old, symbol)
    _check_replaceable(old, wanted, request)


def _edit_swap(
    exchange: DigiFinexExchange,
    order_id: str,
    symbol: str,
    type_: str,
    side: str,
    amount: Any,
    price: Any,
    params: dict[str, Any],
) -> Steps[Order]:
    """Do as ccxt's own edit_order, by the rules of spot: no more is ordered than was left."""
    new_orders.check_numbers("editOrder", type_, amount, price)
    yield exchange.load_markets
    exchange.create_order_request(symbol, type_, side, amount, price, params)
    wanted = new_orders.of_swap("editOrder", (symbol, type_, side), amount)
    request = {"amount": wanted.amount}
    words = {key: value for key, value in params.items() if key in arguments.MARKET_TYPE_KEYS}
    asked = (order_id, symbol, words)
    old = yield partial(exchange._dfx_swaps.fetch_order, exchange, *asked)
    _check_replaceable(old, wanted, request)
    answer = yield partial(exchange._dfx_swaps.cancel_order, exchange, *asked)
    canceled = yield from _canceled_swap(exchange, asked, answer)
    if (why := _why_not_after(wanted, request, canceled)) is not None:
        raise not_replaced({**canceled, "id": order_id}, why)
    create = partial(exchange._dfx_swaps.create_order, exchange)
    try:
        order: Order = yield partial(create, symbol, type_, side, amount, price, params)
    except errors.BaseError as error:
        _add_canceled(error, order_id, canceled)
        raise
    return order


def _canceled_swap(
    exchange: DigiFinexExchange, asked: tuple[str, str, dict[str, Any]], answer: Order
) -> Steps[Order]:
    """Ask for a swap order after its cancel; where it cannot be read, its fill is not known."""
    order: Order = answer
    for pause in (0, *canceling.PAUSES):
        try:
            if pause:
                yield SleepUntil(waiting.clock() + pause)
            order = yield partial(exchange._dfx_swaps.fetch_order, exchange, *asked)
        except errors.BaseError:
            return {**order, "filled": None}
        if order["status"] != "open":
            break
    return order


def _check_replaceable(old: Order, wanted: NewOrder, request: Mapping[str, Any]) -> None:
    """Compare an order that is to be canceled with the one that is to stand in for it."""
    if old["status"] != "open":
        raise not_edited(old, f"it is {old['status']}")
    if (why := _why_not_beside(wanted, request, old)) is not None:
        raise not_edited(old, why)


def _check_limits(method: str, market: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    """Compare a request with the least that its market takes.

    Raises:
        ccxt.InvalidOrder: the exchange would refuse it.
    """
    amount = Decimal(request["amount"])
    in_quote = request["type"] == "buy_market"
    price = Decimal(request.get("price", "0"))
    cost = amount if in_quote else EXACT.multiply(amount, price) or None
    for name, value in (("amount", None if in_quote else amount), ("cost", cost)):
        least = market["limits"][name]["min"]
        if value is not None and least is not None and value < Decimal(str(least)):
            raise new_orders.invalid(
                f"{method}: {name} {value} is below the least of the market, {least}"
            )


def _why_not_beside(order: NewOrder, request: Mapping[str, Any], old: Order) -> str | None:
    """Say why a new order must not stand in for one of which a part may be filled, or None.

    It must not where it is of more than the rest, or where that is not known: both would be had.
    """
    filled = _known(old["filled"])
    if filled is None:
        return "what is filled of it is not known"
    if filled and _exceeds_rest(order, request, old):
        return f"{old['filled']} of it is filled, and more is asked for than its rest"
    return None


def _why_not_after(order: NewOrder, request: Mapping[str, Any], canceled: Order) -> str | None:
    """Say why a new order must not stand in for one that was canceled just now, or None."""
    if canceled["status"] == "open":
        return "the exchange still reports it as open, so more of it may be filled"
    return _why_not_beside(order, request, canceled)


def _exceeds_rest(order: NewOrder, request: Mapping[str, Any], old: Order) -> bool:
    """Tell whether a new order is of more than what is left of an old one.

    Where the two cannot be compared, one in base and one in quote money, it is.
    """
    base = order.amount if order.cost is not None else Decimal(request["amount"])
    remaining = _known(old["remaining"])
    if base is not None and remaining is not None:
        return base > remaining
    budget, spent = _known(old["cashAmount"]), _known(old["cost"])
    if order.cost is None or budget is None or spent is None:
        return True
    return Decimal(request["amount"]) > EXACT.subtract(budget, spent)


def _known(number: Any) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _add_canceled(error: Exception, order_id: str, order: Order) -> None:
    """Put the canceled order on an error of the order that was to stand in for it."""
    error.args = (f"{error}; before that, order {order_id!r} was canceled", *error.args[1:])
    facts = errors.facts(error)
    errors.add(error, ids=[order_id, *facts.ids], orders=[order, *facts.orders])


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
