"""Every exception of the package, inside ccxt's hierarchy.

Importing this module imports ccxt (about half a second), so it is imported where something is
raised, never on the way of an order that is fine.

Each error that the adapter raises carries the attributes that `Facts` lists; `facts` reads them off
any exception, and `add` puts them on.
"""

from __future__ import annotations

from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ccxt.base import errors as ccxt_errors
from ccxt.base.errors import (
    BadRequest,
    BadResponse,
    BadSymbol,
    BaseError,
    DDoSProtection,
    ExchangeError,
    InvalidNonce,
    InvalidOrder,
    NotSupported,
    OperationFailed,
    OrderNotFound,
    RateLimitExceeded,
    RequestTimeout,
)

from dfx_adapter.excerpts import excerpt, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dfx_adapter.order import Order

__all__ = [
    "BadRequest",
    "BadResponse",
    "BadSymbol",
    "BaseError",
    "ExchangeError",
    "Facts",
    "InvalidNonce",
    "InvalidOrder",
    "NotRecorded",
    "NotSupported",
    "OperationFailed",
    "OrderNotFound",
    "PluginError",
    "RateLimited",
    "RequestTimeout",
    "UnknownExchange",
    "UnknownStatus",
    "add",
    "chain",
    "delayed",
    "describe",
    "facts",
    "named",
]

E = TypeVar("E", bound=BaseException)


class Facts:
    """What an error carries, as attributes; error classes of ours have these defaults of them."""

    exchange_id: str | None = None  # the exchange that it is about
    code: str | None = None  # the exchange's own code
    body: str = ""  # the first characters of the response
    path: str | None = None  # JSON path of what broke the documents, e.g. `$.data[3].status`
    found: object = None  # what stands there
    expected: str | None = None  # what the documents say stands there
    orders: Sequence[Order[Any]] = ()  # the orders that could be read all the same
    ids: Sequence[str] = ()  # the order ids that it is about
    # The errors of all bad rows by order id, None for a row without one.
    row_errors: Mapping[str | None, Exception] = MappingProxyType({})
    retry_after: float | None = None  # seconds for which nothing is sent, after a frequency error


# What the attribute of an exception must be to be taken for the fact of its name: those of other
# libraries have attributes of these names, too, such as a status code that is an int.
_TYPES: Final[Mapping[str, type[Any] | tuple[type[Any], ...]]] = {
    **dict.fromkeys(("exchange_id", "code", "body", "path", "expected"), str),
    "found": object,
    **dict.fromkeys(("orders", "ids"), (list, tuple)),
    "row_errors": dict,
    "retry_after": Real,
}


class RateLimited(RateLimitExceeded, DDoSProtection, Facts):  # type: ignore[misc]  # ccxt is untyped
    """The exchange refuses because of frequency; bots back off on either base class."""


class UnknownStatus(ExchangeError, Facts):  # type: ignore[misc]  # ccxt is untyped
    """An order status that no table knows. Asking again does not help; a plugin can add the row."""


class UnknownExchange(NotSupported, Facts):  # type: ignore[misc]  # ccxt is untyped
    """No plugin and no ccxt class serves this exchange id."""


class PluginError(ExchangeError, Facts):  # type: ignore[misc]  # ccxt is untyped
    """A plugin failed, cannot be registered, or answered what its hook does not allow."""


class NotRecorded(ExchangeError, Facts):  # type: ignore[misc]  # ccxt is untyped
    """What is answered from a recording was asked for what is not in it; nothing was sent."""


_OWN: Final[dict[str, type[Exception]]] = {
    own.__name__: own
    for own in (RateLimited, UnknownStatus, UnknownExchange, PluginError, NotRecorded)
}


def named(name: str) -> type[Exception]:
    """Return the error class of that name: one of ours, or one of ccxt's.

    Raises:
        AttributeError: neither has a class of that name.
    """
    found: type[Exception] = _OWN.get(name) or getattr(ccxt_errors, name)
    return found


def describe(
    error_class: type[Exception],
    summary: str,
    *,
    exchange_id: str,
    code: str | None = None,
    body: str = "",
    path: str | None = None,
    found: object = None,
    expected: str | None = None,
    orders: Iterable[Order[Any]] = (),
    ids: Sequence[str] = (),
    retry_after: float | None = None,
) -> Exception:
    """Build an error that says which exchange, what came and where, and carries the good part.

    ccxt's classes know no such attributes, so they are set on the object: it stays an instance of
    the very class that a bot's handler names, and pickles with them.
    """
    beginning = excerpt(body)
    message = f"{exchange_id} {summary}" + (f"; body: {beginning}" if body else "")
    error = error_class(printable(message))
    described: dict[str, Any] = {
        "exchange_id": exchange_id,
        "code": code,
        "body": beginning,
        "path": path,
        "found": found,
        "expected": expected,
        "orders": list(orders),
        "ids": list(ids),
        "retry_after": None,
    }
    for name, value in described.items():
        setattr(error, name, value)
    return error if retry_after is None else delayed(error, retry_after)


def facts(error: BaseException) -> Facts:
    """Return what an exception of anybody's carries; the defaults for what it does not.

    Only what was put on the object counts: a property of another library may do anything.
    """
    found = Facts()
    for name, value in vars(error).items():
        if name in _TYPES and value is not None and isinstance(value, _TYPES[name]):
            setattr(found, name, value)
    return found


def add(
    error: E,
    *,
    orders: Iterable[Order[Any]] | None = None,
    ids: Iterable[str] | None = None,
    row_errors: Mapping[str | None, Exception] | None = None,
) -> E:
    """Put facts on an error, in place of those that it has, and return it; a list stays itself."""
    lists = {"orders": orders, "ids": ids}
    for name, values in lists.items():
        if values is not None:
            setattr(error, name, values if isinstance(values, list) else list(values))
    if row_errors is not None:
        error.row_errors = row_errors  # type: ignore[attr-defined]  # as describe does
    return error


def delayed(error: Exception, seconds: float) -> Exception:
    """Say on an error for how long nothing will be sent."""
    error.args = (f"{error}; nothing is sent for {seconds:.0f} s more",)
    error.retry_after = seconds  # type: ignore[attr-defined]  # as describe does
    return error


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, those that led to it, and those that it carries."""
    seen: set[int] = set()
    pending: list[Any] = [error]
    while pending:
        one = pending.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            pending += (one.__cause__, one.__context__, *one.args)
            pending += (getattr(one, "reason", None),)
            pending += facts(one).row_errors.values()
