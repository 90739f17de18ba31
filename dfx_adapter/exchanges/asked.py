"""What the caller of a method that changes orders has said of each of them.

Exchanges answer a new order by its id and little else. What the answer lacks is known all the same:
it stands in the call. The arguments are read by the method's own signature, by position or by name.
"""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter.exchanges.fills import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Params that say that the amount of a market order is quote money (ccxt's manual, "Market Buys";
# the words of the exchanges that its classes pass on), and the one by which classes that can take
# it so are known.
_QUOTE: Final = ("cost", "quoteOrderQty", "quoteAmount", "notional", "total", "funds", "spend")
_REQUIRES_PRICE: Final = "createMarketBuyOrderRequiresPrice"
_CREATED: Final = ("symbol", "type", "side", "amount", "price")


class Asked(NamedTuple):
    """One call: the method's name and its arguments by name."""

    method: str
    arguments: Mapping[str, Any]

    @property
    def is_cancel(self) -> bool:
        """Whether the ids in the arguments are those of the orders in the answer."""
        return self.method.startswith("cancel")


@cache
def _signature(method: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(method)


def asked(
    name: str, method: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Asked | None:
    """Bind the arguments of a call, the object itself among them; None where they do not fit."""
    try:
        bound = _signature(method).bind(*args, **kwargs)
    except TypeError:
        return None  # Python says so itself when the method is called
    return Asked(name, bound.arguments)


def of_orders(calls: Sequence[Asked], count: int, *, spends_money: bool) -> list[dict[str, Any]]:
    """Return what was said of each order of an answer, in the order of the answer.

    Args:
        calls: the call of the user, then those that its method has made of others.
        count: how many orders the answer has.
        spends_money: whether the amount of a spot market buy may be quote money.
    """
    if not calls:
        return [{}] * count
    several = _several(calls[0], spends_money=spends_money)
    if several is not None:
        return several if len(several) == count else [_common(several)] * count
    known: dict[str, Any] = {}
    for call in calls:
        known = (
            {**_one(call, spends_money=spends_money), **known}
            if call.method != "cancel_order"
            else known
        )
    first = calls[0]
    if first.is_cancel:
        known = _named(first, first.arguments) if count == 1 else {}
        known.setdefault("symbol", first.arguments.get("symbol"))
    if _in_quote(calls):
        known.pop("amount", None)
    return [known] * count


def _several(call: Asked, *, spends_money: bool) -> list[dict[str, Any]] | None:
    """Return what was said of each order by a call about several; None of a call about one."""
    arguments = call.arguments
    orders, ids = arguments.get("orders"), arguments.get("ids")
    if isinstance(orders, list | tuple):
        rows = [row if isinstance(row, dict) else {} for row in orders]
        if call.is_cancel:
            return [_named(call, row) for row in rows]
        return [_one(Asked(call.method, row), spends_money=spends_money) for row in rows]
    if isinstance(ids, list | tuple):
        return [{"id": str(id_), "symbol": arguments.get("symbol")} for id_ in ids]
    return None


def _named(call: Asked, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order that is to be cancelled, as far as it was named."""
    id_ = arguments.get("id") if "client_order_id" not in call.method else None
    known = {"symbol": arguments.get("symbol")}
    return known if id_ is None else {**known, "id": str(id_)}


def _common(several: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what was said alike of all orders: which is which, the answer does not tell."""
    if not several:
        return {}
    first, *others = several
    return {
        name: value
        for name, value in first.items()
        if all(other.get(name) == value for other in others) and (name != "id" or not others)
    }


def _one(call: Asked, *, spends_money: bool) -> dict[str, Any]:
    """Return what was said of the one order of a call."""
    arguments = call.arguments
    known = {name: arguments[name] for name in _CREATED if arguments.get(name) is not None}
    if call.method.startswith("close"):
        known = {name: value for name, value in known.items() if name == "symbol"}
    type_, side = (str(known.get(name, "")).lower() for name in ("type", "side"))
    params = arguments.get("params")
    params = params if isinstance(params, dict) else {}
    if type_ == "market":
        known.pop("price", None)
        is_spot_buy = side == "buy" and ":" not in str(known.get("symbol", ""))
        if (spends_money and is_spot_buy) or any(params.get(name) is not None for name in _QUOTE):
            known.pop("amount", None)
    if quantity(known.get("amount")) == 0:
        known.pop("amount")
    return known


@cache
def spends_money(cls: Any) -> bool:
    """Tell whether a class can take the amount of a market buy for money: its code says so."""
    for name in dir(cls):
        method: Any = getattr(cls, name, None)
        while hasattr(method, "__wrapped__"):
            method = method.__wrapped__
        words = getattr(getattr(method, "__code__", None), "co_consts", ())
        if name.startswith("create_") and _REQUIRES_PRICE in words:
            return True
    return False


_WITH_COST: Final = re.compile("_with_cost")


def _in_quote(calls: Sequence[Asked]) -> bool:
    return any(_WITH_COST.search(call.method) for call in calls)
