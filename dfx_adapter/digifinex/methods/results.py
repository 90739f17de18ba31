"""What the arguments of ccxt's methods mean on DigiFinex, without any I/O.

Documents: "Get order status", "Get all orders" (docs.digifinex.com/en-ww/spot/v3/rest.html) and
ccxt's manual ("Order Structure", "params").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import IDS_PER_REQUEST
from dfx_adapter.digifinex.options import DEFAULTS
from dfx_adapter.excerpts import written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from dfx_adapter.order import Order

ORDER_PATHS: Final = re.compile(r"/v3/(?:spot|margin)/(?:order|mytrades)")

T = TypeVar("T")

# V3 swap: instrument ids end so (BTCUSDTPERP).
_SWAP_ID: Final = re.compile(r"[^/:_]+PERP")
_KIND_KEYS: Final = frozenset({"type", "defaultType", "marginMode", "margin"})
# Methods whose new orders may carry a client id, which is then not sent.
_PLACING: Final = frozenset({"createOrder", "createOrders"})


def market_type(
    method: str, symbol: str | None, params: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return `spot`, `margin` or `swap`, and the params without the words that said so.

    Margin is said by `{"marginMode": "cross"}`, `{"margin": True}`, `{"type": "margin"}` or
    `options.defaultType`; a symbol with a colon says swap.

    Raises:
        ccxt.NotSupported: another type, or isolated margin, which DigiFinex does not have; or a
            `clientOrderId`, unless an order is to be placed.
        ccxt.BadRequest: the params are no dict.
        ccxt.BadSymbol: the symbol is no text.
    """
    _check_types(method, symbol, params)
    rest = {key: value for key, value in params.items() if key not in _KIND_KEYS}
    kind = _market_type(method, symbol, params, options)
    if kind != "swap" and method not in _PLACING:
        refuse_client_id(method, rest.pop("clientOrderId", None))
    return kind, rest


def _market_type(
    method: str, symbol: str | None, params: Mapping[str, Any], options: Mapping[str, Any]
) -> str:
    own = options.get(method) or {}
    asked = params.get("type") or params.get("defaultType")
    otherwise = asked or _first((own, options), ("defaultType", "type")) or DEFAULTS["defaultType"]
    in_symbol = _type_in_symbol(symbol or "", otherwise)
    if asked and in_symbol and asked != in_symbol:
        raise not_supported(f"{method}: {written(symbol)} is no {written(asked)} market")
    if not isinstance(params.get("margin"), bool | None):
        raise not_supported(
            f"{method}: margin {written(params['margin'])}: True or False is expected"
        )
    chosen = str(asked or in_symbol or otherwise)
    in_options = _first((own, options), ("marginMode", "defaultMarginMode"))
    mode = params.get("marginMode") or in_options
    if chosen == "swap":
        return chosen
    if mode not in (None, False, "cross"):  # a set would need it to have a hash
        raise not_supported(f"{method}: marginMode {written(mode)}: only cross margin exists")
    if mode == "cross" or params.get("margin") is True:
        return "margin"
    if chosen not in {"spot", "margin"}:
        raise not_supported(
            f"{method}: market type {written(chosen)}: one of spot, margin, swap is expected"
        )
    return chosen


def _first(options: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Any:
    """Return the first option that says something, of those of a method and of all methods."""
    return next((value for of in options for name in names if (value := of.get(name))), None)


def check_params(method: str, params: object) -> None:
    """Check that the params of a call, or of an order of it, are a dict.

    Raises:
        ccxt.BadRequest: they are none.
    """
    if not isinstance(params, Mapping):
        raise bad_request(f"{method}: params {written(params)}: expected a dict")


def _check_types(method: str, symbol: object, params: object) -> None:
    check_params(method, params)
    if not isinstance(symbol, str | None):
        raise bad_symbol(f"{method}: symbol {written(symbol)}: expected a text", symbol)


def refuse_client_id(method: str, client_id: object) -> None:
    """Refuse to look for an order by an id that DigiFinex does not have.

    Raises:
        ccxt.NotSupported: there is one; None and False are none.
    """
    if client_id is not None and client_id is not False:
        raise not_supported(
            f"{method}: clientOrderId {written(client_id)}: DigiFinex has no client ids, "
            "only its own; nothing was sent"
        )


def _type_in_symbol(symbol: str, otherwise: str) -> str | None:
    """Return what a symbol or market id says against the type that it would have otherwise."""
    if ":" in symbol or _SWAP_ID.fullmatch(symbol):
        return "swap"
    is_spot = "/" in symbol or "_" in symbol
    return "spot" if is_spot and otherwise == "swap" else None


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


def bad_symbol(summary: str, symbol: object, orders: Iterable[Order] = ()) -> Exception:
    """Build the BadSymbol of a symbol that cannot be, or is not that of an order."""
    return errors.describe(
        errors.BadSymbol, summary, exchange_id=EXCHANGE, found=symbol, orders=orders
    )


def not_supported(summary: str) -> Exception:
    """Build the NotSupported of what DigiFinex does not have."""
    return errors.describe(errors.NotSupported, summary, exchange_id=EXCHANGE)


def bad_request(summary: str) -> Exception:
    """Build the BadRequest of what cannot be asked for."""
    return errors.describe(errors.BadRequest, summary, exchange_id=EXCHANGE)
