"""The order methods of a class of ccxt, found by looking at it, and how they are wrapped."""

from __future__ import annotations

import inspect
import re
from functools import wraps
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.exchanges import calls
from dfx_adapter.exchanges.asked import asked
from dfx_adapter.exchanges.signatures import OrderMethods
from dfx_adapter.guards.guarded import stock
from dfx_adapter.steps import result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dfx_adapter.exchanges.calls import Call, Kind

# ccxt's names (manual, "Private API"; the base class), and the twins over a WebSocket. What only
# builds a request ends in `_request`; what only reads about orders is no order.
_PLACING: Final = r"(?:create|edit|cancel)_(?:\w+_)?orders?"
_CLOSING: Final = r"close_(?:all_)?positions?"
_VARIANT: Final = (
    r"(?:_for_symbols|_with_cost|_with_client_order_ids?|_with_take_profit_and_stop_loss)?"
)
_CHANGING: Final = re.compile(rf"(?:{_PLACING}{_VARIANT}|{_CLOSING})(?:_ws)?")
_READING: Final = re.compile(
    r"fetch_(?:\w+_)?orders?(?:_(?:ws|classic|by_\w+|with_\w+))?|parse_orders"
)
_NO_ORDERS: Final = re.compile(r"\w*(?:book|request|trades|limit_price)\w*")
_OUTSIDE: Final = ("load_markets",)
BY_IDS: Final = "fetch_orders_by_ids"
OWN_BY_IDS: Final = "_dfx_own_fetch_orders_by_ids"


def kind_of(name: str) -> Kind | None:
    """Tell by its name what a method does with orders; None where it does nothing."""
    if _NO_ORDERS.fullmatch(name):
        return None
    if _CHANGING.fullmatch(name):
        return "change"
    return "read" if _READING.fullmatch(name) else None


# What a method of ccxt returns within our rules: an Order of ours, whatever ccxt says of it.
_RESULTS: Final = {
    name: result_of(method)
    for name, method in vars(OrderMethods).items()
    if kind_of(name) is not None
}


def wrapped(base: Any) -> dict[str, Callable[..., Any]]:
    """Return the methods that stand in a class over a class of ccxt in the place of its own."""
    methods = dict(_order_methods(base))
    for name in _OUTSIDE:
        methods[name] = _outside(getattr(base, name))
    methods["fetch2"] = _hearing(base.fetch2)
    if hasattr(base, "handle_message"):
        methods["handle_message"] = _message(base.handle_message)
    return methods


def of_ccxt(cls: type) -> SimpleNamespace:
    """Return the order methods of a class of ccxt, wrapped, to be called with an exchange object.

    They are called where ours stand in their place, and leave the rest to them.
    """
    bound: dict[str, Callable[..., Any]] = {}
    for name in dir(cls):  # inherited ones, too: older classes leave some to the base of all
        kind, method = kind_of(name), getattr(cls, name)
        if kind is not None and inspect.isfunction(method):
            wrap = _awaited if inspect.iscoroutinefunction(method) else _called
            bound[name] = wrap(name, _below_ours(name, method), kind)
    return SimpleNamespace(**bound)


def _below_ours(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(stock(self), name)(*args, **kwargs)

    return call


def _order_methods(base: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in dir(base):
        kind = kind_of(name)
        method = getattr(base, name, None)
        if kind is None or not callable(method):
            continue
        wrap = _awaited if inspect.iscoroutinefunction(method) else _called
        call: Any = wrap(name, method, kind)
        if name in _RESULTS and inspect.isfunction(method):
            signature = inspect.signature(method)
            call.__signature__ = signature.replace(return_annotation=_RESULTS[name])
        yield (OWN_BY_IDS if name == BY_IDS else name), call


def _called(name: str, method: Callable[..., Any], kind: Kind) -> Callable[..., Any]:
    @wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        with calls.entered(name, kind) as (running, is_outermost):
            _note(running, name, method, (self, *args), kwargs)
            try:
                answer = method(self, *args, **kwargs)
            except Exception as error:
                if is_outermost:
                    _raise(running, error, self)
                raise
        return self._dfx_answered(running, answer) if is_outermost else answer

    return call


def _awaited(name: str, method: Callable[..., Any], kind: Kind) -> Callable[..., Any]:
    @wraps(method)
    async def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        with calls.entered(name, kind) as (running, is_outermost):
            _note(running, name, method, (self, *args), kwargs)
            try:
                answer = await method(self, *args, **kwargs)
            except Exception as error:
                if is_outermost:
                    _raise(running, error, self)
                raise
        return self._dfx_answered(running, answer) if is_outermost else answer

    return call


def _note(
    call: Call, name: str, method: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Keep the arguments of a method that changes orders."""
    known = asked(name, method, args, kwargs) if call.kind == "change" else None
    if known is not None:
        call.asked.append(known)


def _raise(call: Call, error: Exception, exchange: Any) -> None:
    """Raise the error that a method's own error should have been, if that is another one."""
    judged = call.judged(error, exchange.id)
    if judged is not error:
        exchange.dfx_mask(judged)
        raise judged from error


def _hearing(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap what sends a request: the order method that it is sent for hears the answer."""
    if inspect.iscoroutinefunction(method):

        @wraps(method)
        async def awaited(self: Any, *args: Any, **kwargs: Any) -> Any:
            return calls.hear(await method(self, *args, **kwargs))

        return awaited

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        return calls.hear(method(self, *args, **kwargs))

    return called


def _outside(method: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(method):

        @wraps(method)
        async def awaited(self: Any, *args: Any, **kwargs: Any) -> Any:
            with calls.left():
                return await method(self, *args, **kwargs)

        return awaited

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        with calls.left():
            return method(self, *args, **kwargs)

    return called


def _message(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap what reads the messages of a socket: it runs in no call of a user's."""

    @wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        with calls.left(), calls.entered("handle_message", "message"):
            return method(self, *args, **kwargs)

    return call
