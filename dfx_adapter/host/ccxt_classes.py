"""ccxt's exchange classes, their order methods sent through the hooks: same bot, other name.

Only the outermost call of a method goes through the hooks: ccxt's methods call each other, and one
answer is one hook call.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from dfx_adapter.hookspecs import HookCaller

# ccxt's methods that answer one order, and those that answer a list (ccxt's manual, "Private API").
ONE: Final = ("create_order", "edit_order", "cancel_order", "fetch_order", "fetch_open_order")
MANY: Final = (
    *("create_orders", "cancel_orders", "cancel_all_orders", "fetch_orders", "fetch_open_orders"),
    *("fetch_closed_orders", "fetch_canceled_orders", "fetch_canceled_and_closed_orders"),
    "fetch_orders_by_ids",
)

_inside: ContextVar[bool] = ContextVar("dfx_adapter_inside_order_method", default=False)


class Unified:
    """What a ccxt class gains: a host, whose hooks see every order that leaves it."""

    dfx_host: HookCaller
    id: str
    number: Any
    options: dict[str, Any]

    def dfx_bind(self, host: HookCaller) -> None:
        """Send the orders through the hooks of this host's plugins."""
        self.dfx_host = host

    def _dfx_unified(self, answer: Any) -> Any:
        """Bring an answer to the rules: a list of orders, or one; anything else stays."""
        orders = answer if isinstance(answer, list) else [answer]
        if not all(isinstance(order, dict) and "id" in order for order in orders):
            return answer
        context = self.dfx_host.context(
            self.id, number=self.number, bad_row=self.options.get("badRow", "raise")
        )
        unified = self.dfx_host.map_orders(self.id, orders, context)
        return unified if isinstance(answer, list) else unified[0]


@cache
def exchange_class(exchange_id: str, *, asynchronous: bool) -> Any:
    """Return the class of ccxt's exchange of that id with our additions, under its own name."""
    import ccxt.async_support  # noqa: PLC0415  # this module is read before ccxt is wanted

    base = getattr(ccxt.async_support if asynchronous else ccxt, exchange_id)
    wrap = _awaited if asynchronous else _called
    methods = {name: wrap(getattr(base, name)) for name in (*ONE, *MANY) if hasattr(base, name)}
    return type(exchange_id, (Unified, base), methods)


@contextmanager
def _outermost() -> Iterator[bool]:
    """Tell whether no order method is running already, in this thread or task."""
    outermost = not _inside.get()
    token = _inside.set(True)
    try:
        yield outermost
    finally:
        _inside.reset(token)


def _called(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(self: Unified, *args: Any, **kwargs: Any) -> Any:
        with _outermost() as outermost:
            answer = method(self, *args, **kwargs)
        return self._dfx_unified(answer) if outermost else answer

    return call


def _awaited(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(method)
    async def call(self: Unified, *args: Any, **kwargs: Any) -> Any:
        with _outermost() as outermost:
            answer = await method(self, *args, **kwargs)
        return self._dfx_unified(answer) if outermost else answer

    return call
