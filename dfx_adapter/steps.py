"""The steps of a method: what it asks for, whether it is then called or awaited. Plain data.

A method is a function that yields steps, is sent what came of each, and returns its result. A step
is mostly a call without arguments of its own: a `functools.partial` of a method of the exchange
object. `exchanges.drivers` has the two loops that take the steps, one calling, one awaiting.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

T = TypeVar("T")

Call: TypeAlias = Callable[[], Any]

NO_PARAMS: Final[Mapping[str, Any]] = MappingProxyType({})


class Together(NamedTuple):
    """Calls that do not wait for each other; answered by a list of answers and exceptions.

    Synchronously they are taken one by one; an exception that is not about the orders asked for
    ends that, and is the answer to the rest, too, unless `all_of_them` says to go on.
    """

    calls: list[Call]
    all_of_them: bool = False


class SleepUntil(NamedTuple):
    """A moment to sleep to, on the clock of `waiting`."""

    moment: float


class InThread(NamedTuple):
    """A call that may wait for a disk or a network: asyncio makes it in a thread of its own."""

    call: Call


Step: TypeAlias = Call | Together | SleepUntil | InThread
Steps: TypeAlias = Generator[Step, Any, T]


def result_of(steps: Callable[..., Steps[Any]]) -> str:
    """Return the annotation of what a method returns when its steps are taken."""
    annotation = str(steps.__annotations__.get("return", "Steps[Any]"))
    return annotation.removeprefix("Steps[")[:-1]
