"""Which method a user has called, whatever it calls meanwhile: only the outermost one counts.

What is under way is known by a context variable, so that threads, tasks and the requests that
several callers share each find the call that they are part of.
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dfx_adapter.recordings import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    # Is entered with the object, the method's name, the method, and how it was called; gives what
    # takes the method's answer.
    Enter = Callable[..., AbstractContextManager[Callable[[Any], Any]]]


class Call:
    """A method that a user has called, and that is running.

    Attributes:
        owner: the exchange object.
        name: of the method, in snake case.
        args: as `asked.bound` gives them.
        is_over: whether it has ended; a task that it has begun may send something all the same.
    """

    def __init__(self, owner: Any, name: str, args: list[Any]) -> None:
        self.owner = owner
        self.name = name
        self.args = args
        self.is_over = False

    @property
    def method(self) -> str:
        """The name in camel case."""
        return asked.in_camel_case(self.name)


C = TypeVar("C", bound=Call)


class Outermost(Generic[C]):
    """The outermost calls that are running, of any object."""

    def __init__(self, name: str) -> None:
        self._running: ContextVar[C | None] = ContextVar(name, default=None)

    def of(self, exchange: Any) -> C | None:
        """Return the call of an object that this code is part of."""
        call = self._running.get()
        return call if call is not None and call.owner is exchange else None

    def has(self, exchange: Any, name: str) -> bool:
        """Tell whether a method called now is a part of another; what loads markets is none."""
        outer = self.of(exchange)
        if outer is None or name == asked.LOAD_MARKETS:
            return False
        return name == asked.REQUEST or not outer.is_over

    @contextmanager
    def entered(self, call: C) -> Iterator[None]:
        """Let a call be the outermost."""
        token = self._running.set(call)
        try:
            yield
        finally:
            call.is_over = True
            with suppress(ValueError):  # a coroutine that is thrown away may end in another context
                self._running.reset(token)


def methods(base: type, enter: Enter) -> dict[str, Any]:
    """Return the methods of a class that ask an exchange, each entered; by both their names."""
    own: dict[str, Any] = {}
    for name in asked.names(base):
        method = wrapped(name, getattr(base, name), enter)
        own |= {name: method, asked.in_camel_case(name): method}
    return own


def wrapped(name: str, method: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    """Return a method that is entered."""
    if inspect.iscoroutinefunction(method):

        @wraps(method)
        async def awaited(self: Any, *args: Any, **kwargs: Any) -> Any:
            with enter(self, name, method, args, kwargs) as take:
                return take(await method(self, *args, **kwargs))

        return awaited

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        with enter(self, name, method, args, kwargs) as take:
            return take(method(self, *args, **kwargs))

    return called


def within(
    method: Callable[..., Any],
    around: Callable[..., AbstractContextManager[None]],
    *,
    is_async: bool,
) -> Callable[..., Any]:
    """Return a method that runs within a context, which is entered with its arguments."""
    if is_async:

        @wraps(method)
        async def awaited(self: Any, *args: Any, **kwargs: Any) -> Any:
            with around(self, *args, **kwargs):
                return await method(self, *args, **kwargs)

        return awaited

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        with around(self, *args, **kwargs):
            return method(self, *args, **kwargs)

    return called


def nothing(answer: Any) -> Any:
    """Take an answer as it is."""
    return answer
