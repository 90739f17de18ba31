"""One run of one subject: calls to it are guarded, and an answer is read one time only."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_conformance.calling import awaited
from dfx_conformance.roots import Roots
from dfx_conformance.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dfx_conformance.subject import Subject
    from dfx_conformance.vectors import Vector


# Warnings for those who write code: none of them is about an order.
_OF_DEVELOPERS: Final = (
    DeprecationWarning,
    PendingDeprecationWarning,
    ImportWarning,
    ResourceWarning,
)
_OF_LIBRARIES: Final = ("asyncio", "concurrent", "urllib3")


class Outcome(NamedTuple):
    """What became of one answer: its orders or an error, and the warnings."""

    orders: list[Mapping[str, Any]] | None
    error: BaseException | None
    warnings: list[str]


class Session:
    """A subject under test."""

    def __init__(self, subject: Subject, vectors: Sequence[Vector]) -> None:
        self.subject = subject
        self.vectors = vectors
        self.raised: BaseException | None = None  # what the subject raised last
        self.roots = Roots()
        self._worker = Worker()
        self._read: dict[str, list[Outcome]] = {}
        self._again: dict[str, list[Outcome]] = {}
        self._given: dict[str, Any] = {}

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function or coroutine function of the subject, and wait for its answer.

        Raises:
            BaseException: what it raised, `SystemExit` included, or TimeoutError.
        """
        try:
            value, error = self._worker.run(_guarded(function, args, kwargs), self.subject.timeout)
        except TimeoutError as late:
            self._worker.close()
            self._worker = Worker()
            self.raised = late
            raise
        if error is not None:
            self.raised = error
            raise error
        return value

    def orders(self, function: Callable[..., Any], *args: Any) -> list[Mapping[str, Any]]:
        """Call a function of the subject that gives orders.

        Raises:
            BaseException: what it raised; TypeError: what it gave are no orders.
        """
        orders: list[Mapping[str, Any]] = self.call(_orders, function, args)
        return orders

    def answers(self, function: Callable[..., Any]) -> list[list[Mapping[str, Any]]]:
        """Call a function of the subject that gives lists of orders; as `orders`."""
        answers: list[list[Mapping[str, Any]]] = self.call(_answers, function)
        return answers

    def parse(self, body: bytes) -> Outcome:
        """Give one answer to the subject."""
        with listening() as warned:
            try:
                parse: Any = self.subject.parse
                orders = self.orders(parse, body)
            except BaseException as error:  # whatever it does is an outcome
                if isinstance(error, KeyboardInterrupt):
                    raise
                return Outcome(None, error, warned)
        return Outcome(orders, None, warned)

    def outcomes(self, vector: Vector) -> list[Outcome]:
        """Give the answers of a vector to the subject, the first time that they are asked for."""
        if vector.id not in self._read:
            self._read[vector.id] = [self.parse(body) for body in vector.bodies]
        return self._read[vector.id]

    def again(self, vector: Vector) -> list[Outcome]:
        """Give the answers of a vector to the subject again, after a first reading of all."""
        if vector.id not in self._again:
            self.outcomes(vector)
            self._again[vector.id] = [self.parse(body) for body in vector.bodies]
        return self._again[vector.id]

    def given(self) -> list[list[Mapping[str, Any]]]:
        """Return the answers that the subject gives without a vector: snapshots, then orders.

        Raises:
            BaseException: what it raised, the first time and then again.
        """
        function: Any = self.subject.orders
        orders = [self._kept("orders", lambda: self.orders(function))] if function else []
        return self.snapshots() + orders

    def snapshots(self) -> list[list[Mapping[str, Any]]]:
        """Return its successive answers; raises as `given`."""
        function: Any = self.subject.snapshots
        found = self._kept("snapshots", lambda: self.answers(function)) if function else []
        return list(found)

    def _kept(self, name: str, get: Callable[[], list[Any]]) -> list[Any]:
        if name not in self._given:
            try:
                self._given[name] = get()
            except Exception as error:
                self._given[name] = error
                raise
        if isinstance(self._given[name], Exception):
            self.raised = self._given[name]
            raise self._given[name]
        return list(self._given[name])

    def close(self) -> None:
        """End what runs in the background."""
        self._worker.close()


async def _guarded(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Any, BaseException | None]:
    """Hand an error back as a value: one such as SystemExit would end the event loop."""
    try:
        return await awaited(function(*args, **kwargs)), None
    except BaseException as error:  # noqa: BLE001  # raised again where it is looked at
        return None, error


async def _orders(function: Callable[..., Any], args: Sequence[Any]) -> list[Mapping[str, Any]]:
    return _checked(await awaited(function(*args)))


async def _answers(function: Callable[..., Any]) -> list[list[Mapping[str, Any]]]:
    return [_checked(orders) for orders in await awaited(function())]


def _checked(answer: Any) -> list[Mapping[str, Any]]:
    if isinstance(answer, Mapping | str | bytes):
        raise TypeError(f"gave a {type(answer).__name__} where a list of orders is expected")
    orders = list(answer)
    for order in orders:
        if not isinstance(order, Mapping):
            raise TypeError(f"gave a {type(order).__name__} where an order is expected")
    return orders


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what is warned of, through logging or the warnings module."""
    messages: list[str] = []
    handler = _Collector(messages)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield messages
            messages.extend(
                str(one.message) for one in caught if not issubclass(one.category, _OF_DEVELOPERS)
            )
    finally:
        root.removeHandler(handler)


class _Collector(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] not in _OF_LIBRARIES:
            self._messages.append(record.getMessage())
