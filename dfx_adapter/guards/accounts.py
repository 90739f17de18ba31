"""Whose request it is: credentials hold from when something is asked until it is answered.

A bot may change the credentials of an object while its requests wait for others or for their turn.
A request is signed, paced and masked with those that it was asked with, and so are all requests of
a method that sends many.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Account(NamedTuple):
    """An account, as its credentials say."""

    api_key: Any
    secret: Any

    def __repr__(self) -> str:
        """Show no credentials."""
        return "Account(...)"


class Asking:
    """An object that asks, and on which account; the object is None once it is answered.

    Tasks that are begun meanwhile inherit it, and may live longer.
    """

    __slots__ = ("account", "exchange")
    exchange: Any
    account: Account


current: Final[ContextVar[Asking | None]] = ContextVar("dfx_adapter_asking", default=None)


class Credential:
    """A credential of an exchange object; while a request is on its way, the one it goes with."""

    def __init__(self, name: str, place: int) -> None:
        self._name = name
        self._place = place

    def __get__(self, exchange: Any, owner: type | None = None) -> Any:
        """Return the credential; ccxt's empty one of the class."""
        if exchange is None:
            return ""
        asked = current.get()
        if asked is not None and asked.exchange is exchange:
            return asked.account[self._place]
        return vars(exchange).get(self._name, "")

    def __set__(self, exchange: Any, value: Any) -> None:
        """Keep it where ccxt does, for the requests to come."""
        vars(exchange)[self._name] = value

    def __delete__(self, exchange: Any) -> None:
        """Forget it."""
        vars(exchange).pop(self._name, None)


def account_of(exchange: Any) -> Account:
    """Return the account that something asked now is asked on."""
    asked = current.get()
    if asked is not None and asked.exchange is exchange:
        return asked.account
    return Account(exchange.apiKey, exchange.secret)


@contextmanager
def asking(exchange: Any, account: Account | None = None) -> Iterator[None]:
    """Ask on one account to the end: on the given one, else on the object's of now.

    Where none is given, within another, the outer one holds. Errors leave it masked.
    """
    outer = current.get()
    if account is None and outer is not None and outer.exchange is exchange:
        yield
        return
    inner = Asking()
    inner.exchange = exchange
    own = vars(exchange)
    inner.account = account or Account(own.get("apiKey", ""), own.get("secret", ""))
    token = current.set(inner)
    try:
        yield
    except Exception as error:
        exchange.dfx_mask(error)
        raise
    finally:
        inner.exchange = None
        with suppress(ValueError):  # a coroutine that is thrown away may end in another context
            current.reset(token)


@contextmanager
def asking_anew(exchange: Any) -> Iterator[None]:
    """Ask each time on the account of that time: of a method that may last for days."""
    try:
        yield
    except Exception as error:
        exchange.dfx_mask(error)
        raise
