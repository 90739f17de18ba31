"""Private endpoints that act: placing and cancelling orders.

Documents: V3 "Create new order", "Create multiple order", "Cancel order". The order in which an
order is checked is not documented: symbol, type, presence of numbers, precision, minima, balance.
A post-only order would be cancelled if it could be executed on arrival; as nothing is matched here,
it never is.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from dfx_adapter.simulator.book import Listing
from dfx_adapter.simulator.documents import MAX_BATCH, Fault, Kind, OrderType
from dfx_adapter.simulator.exact import EXACT, ZERO, fits, total
from dfx_adapter.simulator.markets import Market
from dfx_adapter.simulator.orders import TYPES, Order, Row
from dfx_adapter.simulator.parameters import Params, Refused, between, order_ids, positive, required
from dfx_adapter.simulator.venue import Venue

_TYPES: Final[Mapping[str, OrderType]] = {name: name for name in TYPES}
_LIST: Final = msgspec.json.Decoder(float_hook=str)


def new_order(venue: Venue, kind: Kind, params: Params) -> Row:
    """V3 "Create new order"."""
    (order_id,) = _place(venue, kind, required(params, "symbol"), [params])
    return {"order_id": order_id}


def new_batch(venue: Venue, kind: Kind, params: Params) -> Row:
    """V3 "Create multiple order": all of them or none; the code of the first that fails."""
    symbol = required(params, "symbol")
    return {"order_ids": _place(venue, kind, symbol, _batch(required(params, "list")))}


def cancel(venue: Venue, kind: Kind, params: Params) -> Row:
    """V3 "Cancel order": code 0 whatever became of the ids."""
    success, error = [], []
    for order_id in order_ids(params):
        listing = _open_listing(venue, kind, order_id)
        if listing is None or listing.order is None or venue.refuses_cancels:
            error.append(order_id)
            continue
        listing.old_rows = [listing.row()] * venue.cancel_lag
        venue.book.cancel(listing.order, venue.now())
        success.append(order_id)
    return {"date": venue.now(), "success": success, "error": error}


def _open_listing(venue: Venue, kind: Kind, order_id: str) -> Listing | None:
    listings = venue.book.find(order_id, kind)
    return next((one for one in listings if one.order and one.order.is_open), None)


def _place(venue: Venue, kind: Kind, symbol: str, asked: list[Params]) -> list[str]:
    market = venue.markets.get(symbol.upper())
    if market is None or (kind == "margin" and not market.margin):
        raise Refused(Fault.WRONG_SYMBOL)
    orders = [_checked(venue, market, kind, params) for params in asked]
    _check_balance(venue, kind, orders)
    for order in orders:
        order.order_id = venue.book.new_id()
        venue.book.add_order(order)
    return [order.order_id for order in orders]


def _checked(venue: Venue, market: Market, kind: Kind, params: Params) -> Order:
    """Make an order of its parameters, without an id yet."""
    order_type = _TYPES.get(required(params, "type"))
    if order_type is None or TYPES[order_type].order_type not in market.order_types:
        raise Refused(Fault.WRONG_TYPE)
    is_market = TYPES[order_type].order_type == "MARKET"
    by_cash = order_type == "buy_market"
    quantity = positive(params, "amount")
    price = ZERO if is_market else positive(params, "price")
    between(params, "post_only", 0, 0, 1)
    amount, cash = (ZERO, quantity) if by_cash else (quantity, ZERO)
    _check_precision(market, price, amount)
    _check_minima(market, price, amount, cash)
    return Order(
        order_id="",
        market=market,
        kind=kind,
        type=order_type,
        created_date=venue.now(),
        price=price,
        amount=amount,
        cash_amount=cash,
    )


def _check_precision(market: Market, price: Decimal, amount: Decimal) -> None:
    """Check decimals; none are documented for the quote money of a market buy."""
    if not fits(price, market.price_precision):
        raise Refused(Fault.PRICE_PRECISION)
    if not fits(amount, market.amount_precision):
        raise Refused(Fault.AMOUNT_PRECISION)


def _check_minima(market: Market, price: Decimal, amount: Decimal, cash: Decimal) -> None:
    """Check the smallest base amount and the smallest value, where they are known.

    The value of a market sell is not known before it is executed.
    """
    if amount and amount < market.minimum_amount:
        raise Refused(Fault.AMOUNT_TOO_SMALL)
    value = cash or EXACT.multiply(price, amount)
    if value and value < market.minimum_value:
        raise Refused(Fault.CASH_TOO_SMALL)


def _check_balance(venue: Venue, kind: Kind, orders: list[Order]) -> None:
    reserves = [order.reserve for order in orders]
    for currency in {currency for currency, _ in reserves}:
        needed = total(amount for reserved, amount in reserves if reserved == currency)
        if needed > venue.free(kind, currency):
            raise Refused(Fault.INSUFFICIENT_BALANCE)


def _batch(text: str) -> list[Params]:
    """Read the JSON list of a batch; numbers may be in quotes or not."""
    try:
        items = _LIST.decode(text)
    except msgspec.DecodeError:
        raise Refused(Fault.ILLEGAL_PARAMETER) from None
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_BATCH:
        raise Refused(Fault.ILLEGAL_PARAMETER)
    return [_item(item) for item in items]


def _item(item: object) -> Params:
    if not isinstance(item, dict):
        raise Refused(Fault.ILLEGAL_PARAMETER)
    return {name: str(value) for name, value in item.items()}
