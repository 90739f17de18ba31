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

clock = time.monotonic
logger = logging.getLogger(PROJECT)


class Circuit:
    """The way to one store, for all its budgets in a process.

    Args:
        shown: what to call the store in a log.
        failures: what it raises when it does not answer.
    """

    def __init__(self, shown: str, failures: tuple[type[Exception], ...]) -> None:
        self._shown = shown
        self._failures = failures
        self._lock = threading.Lock()
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
        """Return the store's answer, None where there is none to be had now."""
        with self._lock:
            if self._away:
                if clock() < self._ask_at:
                    return None
                self._ask_at = clock() + RETRY_EVERY  # the others do not wait for this question
        try:
            answer = question()
        except self._failures as error:
            self._lost(error)
            return None
        self._found()
        return answer

    def _lost(self, error: Exception) -> None:
        with self._lock:
            first, self._away = not self._away, True
            self._outages += first
            self._ask_at = clock() + RETRY_EVERY
        if first:
            logger.warning(
                "limiter: %s does not answer (%s: %s); until it does, this process sends its own "
                "share of the budget",
                *(self._shown, type(error).__name__, error),
            )

    def _found(self) -> None:
        with self._lock:
            again, self._away = self._away, False
        if again:
            logger.info("limiter: %s answers again; its budget holds", self._shown)
