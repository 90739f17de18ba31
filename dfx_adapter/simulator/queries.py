"""Private endpoints that only look: orders, trades, balances.

Documents: V3 "Account" and "Trading", each section named on its function. Rows come newest first;
the documents state no order.
"""

from decimal import Decimal

from dfx_adapter.simulator.book import Listing
from dfx_adapter.simulator.documents import (
    HISTORY_LIMIT,
    MAX_IDS,
    MYTRADES_LIMIT,
    Fault,
    Kind,
)
from dfx_adapter.simulator.exact import plain
from dfx_adapter.simulator.orders import Row
from dfx_adapter.simulator.parameters import (
    Params,
    Refused,
    between,
    order_ids,
    required,
    window,
)
from dfx_adapter.simulator.venue import Venue


def order_status(venue: Venue, kind: Kind, params: Params) -> Row:
    """STATUS: the rows of up to 20 ids, in the order asked (assumed).

    What one unknown id does among known ones is `Venue.unknown_id`. An id of the other market is as
    unknown as any.
    """
    ids = order_ids(params, MAX_IDS)
    found = {order_id: venue.book.find(order_id, kind) for order_id in ids}
    listings = [listing for listings in found.values() for listing in listings]
    none_found = not listings and venue.unknown_id != "empty"
    one_missing = not all(found.values()) and venue.unknown_id == "reject_all"
    if none_found or one_missing:
        raise Refused(Fault.NO_ORDER)
    return {"data": [listing.status_row() for listing in listings]}


def current(venue: Venue, kind: Kind, params: Params) -> Row:
    """V3 "Current active orders"."""
    listings = venue.book.newest_first(kind, _symbol(params))
    return _data([listing for listing in listings if listing.is_open])


def history(venue: Venue, kind: Kind, params: Params) -> Row:
    """V3 "Get all orders (including history orders)": by time of creation, active or not."""
    start, end = window(params, venue.now())
    default, most = HISTORY_LIMIT
    limit = between(params, "limit", default, 1, most)
    listings = venue.book.newest_first(kind, _symbol(params))
    return _data([one for one in listings if start <= one.created_date <= end][:limit])


def detail(venue: Venue, kind: Kind, params: Params) -> Row:
    """V3 "Get order trades details": `data` is an object here.

    Where `detail` is to be an object too, it is the first trade, or an empty object without trades.
    """
    found = venue.book.find(required(params, "order_id"), kind)
    if not found:
        raise Refused(Fault.NO_ORDER)
    listing = found[0]
    trades = listing.order.detail() if listing.order else []
    served: object = trades
    if venue.detail_shape == "object":
        served = trades[0] if trades else {}
    return {"data": {"detail": served} | listing.row()}


def mytrades(venue: Venue, kind: Kind, params: Params) -> Row:
    """V3 "Customer's trades": the key is `list`."""
    start, end = window(params, venue.now())
    default, most = MYTRADES_LIMIT
    limit = between(params, "limit", default, 1, most)
    listings = venue.book.newest_first(kind, _symbol(params))
    trades = [
        (trade.date, int(trade.tid), row)
        for listing in listings
        if listing.order
        for trade, row in zip(listing.order.trades, listing.order.mytrades(), strict=True)
        if start <= trade.date <= end
    ]
    trades.sort(key=lambda one: one[:2], reverse=True)
    return {"list": [row for _, _, row in trades[:limit]]}


def balances(venue: Venue, kind: Kind, _params: Params) -> Row:
    """V3 "Spot account assets" and "Margin assets"."""
    rows = [
        {
            "currency": currency,
            "free": plain(venue.free(kind, currency)),
            "total": plain(venue.accounts.total(kind, currency)),
        }
        for currency in venue.accounts.currencies(kind)
    ]
    if kind == "spot":
        return {"list": rows}
    money = Decimal(0)
    valued = [{"valuation_rate": 1} | row for row in rows]
    return {"total": money, "free": money, "unrealized_pnl": money, "list": valued}


def _data(listings: list[Listing]) -> Row:
    return {"data": [listing.row() for listing in listings]}


def _symbol(params: Params) -> str | None:
    """Read the optional symbol; only its form is checked, as delisted markets have orders."""
    if "symbol" not in params:
        return None
    symbol = params["symbol"].upper()
    if not all(symbol.partition("_")):
        raise Refused(Fault.WRONG_SYMBOL)
    return symbol
