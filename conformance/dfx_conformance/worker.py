"""Where a subject runs: a thread with an event loop, so that a hang does not end the run."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

_abandoned: Final[list[Worker]] = []
"""Threads that hang and cannot be ended; kept, so that their loops are not torn down alive."""


class Worker:
    """Runs coroutines, one at a time, each for so many seconds at most."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="dfx-conformance", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self._loop.run_forever()
        self._loop.run_until_complete(_rest(self._loop))
        self._loop.close()

    def run(self, coroutine: Coroutine[Any, Any, T], seconds: float) -> T:
        """Run a coroutine to its end.

        Raises:
            TimeoutError: it did not come to its end; this worker must not be used again.
        """
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            if future.done():
                raise
            future.cancel()
            raise TimeoutError(f"no answer within {seconds:g} s") from None

    def close(self) -> None:
        """End the thread; one that hangs is left alone."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=1)
        if self._thread.is_alive():
            _abandoned.append(self)


async def _rest(loop: asyncio.AbstractEventLoop) -> None:
    """Let what was cancelled end, and what is half closed close."""
    others = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
