"""Whether a store answers: asked when it does, left alone for a while when it does not."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final, TypeVar

from dfx_adapter.hookspecs import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# Seconds between two questions to a store that does not answer.
RETRY_EVERY: Final = 1.0

# What an answer that makes no sense raises: another program's key, a row written by hand.
NONSENSE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

clock = time.monotonic
logger = logging.getLogger(PROJECT)


class Circuit:
    """The way to one store, for all its budgets in a process.

    Args:
        label: what a log calls the store.
        failures: what it raises when it does not answer.
        secrets: the parts of its address that no log may repeat.
    """

    def __init__(
        self, label: str, failures: tuple[type[Exception], ...], secrets: tuple[str, ...] = ()
    ) -> None:
        self._label = label
        self._failures = (*failures, *NONSENSE)
        self._secrets = secrets
        self._lock = threading.RLock()  # a signal's handler, in the same thread, goes through
        self._asking: set[int] = set()  # the threads that do
        self._away = False
        self._ask_at = 0.0
        self._outages = 0

    @property
    def away(self) -> bool:
        """Whether the store did not answer when it was asked last."""
        return self._away

    @property
    def outages(self) -> int:
        """How often the store went away so far."""
        return self._outages

    def ask(self, question: Callable[[], T]) -> T | None:
        """Return the store's answer, None where there is none to be had now.

        There is none for the handler of a signal that came while its thread was asking: what the
        store holds meanwhile, a lock or a connection, is not given back before the handler ends.
        """
        thread = threading.get_ident()
        if thread in self._asking or not self._may_ask(clock()):
            return None
        try:
            answer = self._answer(thread, question)
        except self._failures as error:  # type: ignore[misc]  # a tuple of classes
            failure = error
        else:
            self._found()
            return answer
        self._lost(failure)  # out of the except: who logs may ask in turn
        return None

    def _answer(self, thread: int, question: Callable[[], T]) -> T:
        self._asking.add(thread)
        try:
            return question()
        finally:
            self._asking.discard(thread)

    def _may_ask(self, now: float) -> bool:
        with self._lock:
            if self._away:
                if now < self._ask_at:
                    return False
                self._ask_at = now + RETRY_EVERY  # the others do not wait for this question
        return True

    def _lost(self, error: Exception) -> None:
        again_at = clock() + RETRY_EVERY
        with self._lock:
            first, self._away = not self._away, True
            self._outages += first
            self._ask_at = again_at
        if first:
            logger.warning(
                "limiter: %s does not answer (%s); until it does, this process sends its own "
                "share of the budget",
                *(self._label, self._described(error)),
            )

    def _found(self) -> None:
        with self._lock:
            again, self._away = self._away, False
        if again:
            logger.info("limiter: %s answers again; its budget holds", self._label)

    def _described(self, error: Exception) -> str:
        """Return an error's class, and its text unless that repeats a secret."""
        name, text = type(error).__name__, str(error)
        return name if any(secret in text for secret in self._secrets) else f"{name}: {text}"
