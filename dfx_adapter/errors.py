"""Every exception of the package, inside ccxt's hierarchy.

Importing this module imports ccxt (about half a second), so it is imported where something is
raised, never on the way of an order that is fine.

Each error that the adapter raises carries, where it applies, these attributes:

==============  ===================================================================
`exchange_id`   the exchange the error is about
`code`          the exchange's own code, as text
`body`          the first characters of the response
`path`          JSON path of the value that broke the documents, e.g. `$.data[3].status`
`found`         that value
`expected`      what the documents say stands there
`orders`        the orders that could be read all the same
`ids`           the order ids that the error is about
`row_errors`    the errors of all bad rows by order id, None for a row without one
`retry_after`   seconds for which nothing is sent, after a frequency error
==============  ===================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    from collections.abc import Iterable, Iterator, Sequence

    from dfx_adapter.order import Order

__all__ = [
    "BadRequest",
    "BadResponse",
    "BadSymbol",
    "BaseError",
    "ExchangeError",
    "InvalidNonce",
    "InvalidOrder",
    "NotSupported",
    "OperationFailed",
    "OrderNotFound",
    "PluginError",
    "RateLimited",
    "RequestTimeout",
    "UnknownExchange",
    "UnknownStatus",
    "chain",
    "delayed",
    "describe",
    "named",
]


class RateLimited(RateLimitExceeded, DDoSProtection):  # type: ignore[misc]  # ccxt is untyped
    """The exchange refuses because of frequency; bots back off on either base class."""


class UnknownStatus(ExchangeError):  # type: ignore[misc]  # ccxt is untyped
    """An order status that no table knows. Asking again does not help; a plugin can add the row."""


class UnknownExchange(NotSupported):  # type: ignore[misc]  # ccxt is untyped
    """No plugin and no ccxt class serves this exchange id."""


class PluginError(ExchangeError):  # type: ignore[misc]  # ccxt is untyped
    """A plugin failed, cannot be registered, or answered what its hook does not allow."""


_OWN: Final[dict[str, type[Exception]]] = {
    own.__name__: own for own in (RateLimited, UnknownStatus, UnknownExchange, PluginError)
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
    orders: Iterable[Order] = (),
    ids: Sequence[str] = (),
    retry_after: float | None = None,
) -> Exception:
    """Build an error that says which exchange, what came and where, and carries the good part.

    ccxt's classes know no such attributes, so they are set on the object: it stays an instance of
    the very class that a bot's handler names, and pickles with them.
    """
    shown = excerpt(body)
    message = f"{exchange_id} {summary}" + (f"; body: {shown}" if body else "")
    error = error_class(printable(message))
    facts: dict[str, Any] = {
        "exchange_id": exchange_id,
        "code": code,
        "body": shown,
        "path": path,
        "found": found,
        "expected": expected,
        "orders": list(orders),
        "ids": list(ids),
        "retry_after": None,
    }
    for name, value in facts.items():
        setattr(error, name, value)
    return error if retry_after is None else delayed(error, retry_after)


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
            pending += (getattr(one, "row_errors", None) or {}).values()
