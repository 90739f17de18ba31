"""A new order as it was asked for, checked before anything is sent; no I/O.

Document: "Create new order" (docs.digifinex.com/en-ww/spot/v3/rest.html). Amounts and prices may be
of any type of number; what cannot be one is refused, and so is every parameter that the table does
not have, since an order without it would be another order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import contextmanager
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import CREATE_PARAMS
from dfx_adapter.digifinex.methods.arguments import bad_request, check_params, items, not_supported
from dfx_adapter.digifinex.options import DEFAULTS, REQUIRES_PRICE
from dfx_adapter.excerpts import excerpt, written
from dfx_adapter.order import EXACT, MOST_DIGITS, fits_float

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TYPES: Final = ("limit", "market")
_SIDES: Final = ("buy", "sell")
_METHOD: Final = "createOrder"  # ccxt's name, under which an option is of this method alone
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")


class NewOrder(NamedTuple):
    """A new order as asked for: exact, not yet rounded to the steps of its market."""

    symbol: str
    type: str  # limit or market
    side: str  # buy or sell
    amount: Decimal | None  # in base; None for a market buy by its cost alone
    cost: Decimal | None  # of a market buy, in quote
    price: Decimal | None  # of a limit order
    post_only: bool


def new_order(
    method: str,
    words: tuple[Any, Any, Any],
    amount: Any,
    price: Any,
    params: Mapping[str, Any],
    options: Mapping[str, Any],
) -> NewOrder:
    """Check all of an order that can be checked without its market; `words`: symbol, type, side.

    Raises:
        ccxt.NotSupported: a type or a parameter that DigiFinex does not have.
        ccxt.BadRequest: a price, amount, cost, side or value of a parameter that cannot be.
        ccxt.InvalidOrder: a market buy without a cost; a post-only market
            order.
    """
    symbol, type_, side = words
    given = _given(method, params)
    type_ = type_.lower() if isinstance(type_, str) else type_
    if type_ not in _TYPES:
        raise _not_had(method, f"type {written(type_)}")
    if side not in _SIDES:
        raise bad_request(f"{method}: side {written(side)}: expected buy or sell")
    post_only = _is_post_only(given)
    if type_ == "limit":
        _refuse_cost(method, given)
        if price is None:
            raise bad_request(f"{method}: a limit order needs a price")
        exact_price = quantity(method, "price", price)
        base = quantity(method, "amount", amount)
        return NewOrder(symbol, type_, side, base, None, exact_price, post_only)
    if post_only:
        raise invalid(f"{method}: a market order cannot be post-only")
    reckoned = _price_of_market_order(method, price)
    if side == "sell":
        _refuse_cost(method, given)
        base = quantity(method, "amount", amount)
        return NewOrder(symbol, type_, side, base, None, None, post_only)
    bought, cost = _budget(method, amount, reckoned, params, options)
    return NewOrder(symbol, type_, side, bought, cost, None, post_only)


def of_swap(method: str, words: tuple[Any, Any, Any], amount: Any) -> NewOrder:
    """Return a swap order, in contracts, as far as it is compared with another.

    Raises:
        ccxt.BadRequest: the amount cannot be.
    """
    return NewOrder(*words, quantity(method, "amount", amount), None, None, post_only=False)


def check_numbers(method: str, type_: Any, amount: Any, price: Any) -> None:
    """Check the numbers of a swap order; its words are ccxt's to judge.

    Raises:
        ccxt.BadRequest: one of them cannot be; a market order may have no price, or 0.
    """
    is_limit = type_ == "limit"
    quantity(method, "amount", amount)
    if is_limit or price is not None:
        quantity(method, "price", price, zero=not is_limit)


def quantity(method: str, name: str, value: Any, *, zero: bool = False) -> Decimal:
    """Return a price, an amount or a cost, exact; `zero` says that it may be 0.

    Raises:
        ccxt.BadRequest: it is no number above 0, or none that a float can hold.
    """
    exact = _exact(value)
    if exact is None or exact < 0 or not (exact or zero):
        expected = "a number, 0 or above" if zero else "a number above 0"
        raise bad_request(f"{method}: {name} {written(value)}: expected {expected}")
    return exact


def _exact(value: Any) -> Decimal | None:
    """Read any type of number; None where it is none, or too large or small for a float."""
    if isinstance(value, bool) or not isinstance(value, str | Decimal | Real):
        return None
    try:
        text = str(value)
    except ValueError:  # an integer of more digits than Python writes
        return None
    if len(text) > MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    exact = Decimal(text)
    return exact if fits_float(exact) else None


def _given(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that say something, each of them in the table and of its kind."""
    given = {
        name: value for name, value in params.items() if value is not None and value is not False
    }
    if unknown := [str(name) for name in given if name not in CREATE_PARAMS]:
        raise _not_had(method, excerpt(", ".join(unknown)))
    for name, value in given.items():
        takes = CREATE_PARAMS[name].takes
        if not _TAKES[takes](value):
            if name == "timeInForce" and isinstance(value, str):
                raise _not_had(method, f"timeInForce {written(value)}")
            raise bad_request(f"{method}: params[{name!r}] {written(value)}: expected {takes}")
    return given


def _is_force(value: Any) -> bool:
    return isinstance(value, str) and value.upper() in {"GTC", "PO"}


def _is_bit(value: Any) -> bool:
    return isinstance(value, int | str) and value in {0, 1, "0", "1"}


# What a parameter takes, in the words of `tables.ParamRow` -> a test for it.
_TAKES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "True or False": lambda value: isinstance(value, bool),
    "0 or 1": _is_bit,
    "GTC or PO": _is_force,
    "a number above 0": lambda value: (_exact(value) or 0) > 0,
    "anything": lambda _: True,
}


def _is_post_only(given: Mapping[str, Any]) -> bool:
    force = given.get("timeInForce", "")
    return "postOnly" in given or force.upper() == "PO" or given.get("post_only") in {1, "1"}


def _refuse_cost(method: str, given: Mapping[str, Any]) -> None:
    if "cost" in given:
        raise not_supported(f"{method}: cost is only of market buys; nothing was sent")


def _price_of_market_order(method: str, price: Any) -> Decimal | None:
    """Return what a market buy is to be reckoned with; some bots write 0 for no price."""
    return (None if price is None else quantity(method, "price", price, zero=True)) or None


def _budget(
    method: str,
    amount: Any,
    price: Decimal | None,
    params: Mapping[str, Any],
    options: Mapping[str, Any],
) -> tuple[Decimal | None, Decimal]:
    """Return what a market buy is to buy, where that is known, and what it may cost."""
    if params.get("cost"):
        if amount is not None:
            quantity(method, "amount", amount, zero=True)
        return None, quantity(method, "cost", params["cost"])
    exact = quantity(method, "amount", amount)
    if not _requires_price(params, options):
        return None, exact
    if price is None:
        raise invalid(
            f"{method}: a market buy needs a price, or params['cost'] in quote money; with "
            f"{REQUIRES_PRICE} False, in params or options, the amount is in quote money"
        )
    return exact, EXACT.multiply(exact, price)


def _requires_price(params: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Tell whether the amount of a market buy is in base; a parameter goes before an option."""
    if isinstance(params.get(REQUIRES_PRICE), bool):
        return bool(params[REQUIRES_PRICE])
    own = options.get(_METHOD) or {}
    default = options.get(REQUIRES_PRICE, DEFAULTS[REQUIRES_PRICE])
    return bool(own.get(REQUIRES_PRICE, default))


@contextmanager
def at_index(index: int) -> Iterator[None]:
    """Say on an error which order of a list it is about."""
    try:
        yield
    except errors.BaseError as error:
        error.args = (f"orders[{index}]: {error}", *error.args[1:])
        raise


def params_of(order: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the params of an order of a batch: those of the batch, and its own before them.

    Raises:
        ccxt.BadRequest: one of them is no dict.
    """
    own = order.get("params") or {}
    for given in (params, own):
        check_params("createOrders", given)
    return {**params, **own}


def dicts(method: str, orders: Any) -> list[Mapping[str, Any]]:
    """Return what is given as a list of orders.

    Raises:
        ccxt.BadRequest: it is no list, or an order is no dict.
    """
    given = None if isinstance(orders, Mapping) else items(orders)
    if given is None:
        raise bad_request(f"{method}: orders {written(orders)}: expected a list of dicts")
    for index, order in enumerate(given):
        with at_index(index):
            if not isinstance(order, Mapping):
                raise bad_request(f"{method}: {written(order)}: expected a dict")
    return given


def _not_had(method: str, what: str) -> Exception:
    return not_supported(
        f"{method}: {what} is not supported: DigiFinex takes limit and market orders, GTC or "
        "post-only, without triggers; nothing was sent"
    )


def invalid(summary: str) -> Exception:
    """Build the InvalidOrder of a new order that cannot be."""
    return errors.describe(errors.InvalidOrder, summary, exchange_id=EXCHANGE)
