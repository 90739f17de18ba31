"""Whose request it is: credentials hold from when something is asked until it is answered.

A bot may change the credentials of an object while its requests wait for others or for their turn.
A request is signed, paced and masked with those that it was asked with.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, NamedTuple, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

P = ParamSpec("P")
T = TypeVar("T")


class Account(NamedTuple):
    """An account, as its credentials say."""

    api_key: Any
    secret: Any

    def __repr__(self) -> str:
        """Show no credentials."""
        return "Account(...)"


class _Asking:
    """An object whose request is on its way, and on which account; None once it is answered.

    Tasks that are begun meanwhile inherit it, and may live longer.
    """

    __slots__ = ("account", "exchange")

    def __init__(self, exchange: Any, account: Account) -> None:
        self.exchange: Any = exchange
        self.account = account


_asking: Final[ContextVar[_Asking | None]] = ContextVar("dfx_adapter_asking", default=None)


class Credential:
    """A credential of an exchange object; while a request is on its way, the one it goes with."""

    def __init__(self, name: str, place: int) -> None:
        self._name = name
        self._place = place

    def __get__(self, exchange: Any, owner: type | None = None) -> Any:
        """Return the credential; ccxt's empty one of the class."""
        if exchange is None:
            return ""
        asking = _asking.get()
        if asking is not None and asking.exchange is exchange:
            return asking.account[self._place]
        return vars(exchange).get(self._name, "")

    def __set__(self, exchange: Any, value: Any) -> None:
        """Keep it where ccxt does, for the requests to come."""
        vars(exchange)[self._name] = value

    def __delete__(self, exchange: Any) -> None:
        """Forget it."""
        vars(exchange).pop(self._name, None)


def account_of(exchange: Any) -> Account:
    """Return the account that something asked now is asked on."""
    return Account(exchange.apiKey, exchange.secret)


@contextmanager
def asking(exchange: Any, account: Account | None = None) -> Iterator[None]:
    """Ask on one account to the end: on the given one, else on the object's of now.

    Within another, the outer one holds.
    """
    outer = _asking.get()
    if outer is not None and outer.exchange is exchange:
        yield
        return
    inner = _Asking(exchange, account or account_of(exchange))
    token = _asking.set(inner)
    try:
        yield
    finally:
        inner.exchange = None
        with suppress(ValueError):  # a coroutine that is thrown away may end in another context
            _asking.reset(token)


def on_one_account(
    steps: Callable[P, Generator[Any, Any, T]],
) -> Callable[P, Generator[Any, Any, T]]:
    """Take all steps of a method on the account that it began with; it may send many requests."""

    @wraps(steps)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Generator[Any, Any, T]:
        with asking(args[0]):
            return (yield from steps(*args, **kwargs))

    return asked
