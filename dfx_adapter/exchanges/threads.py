"""Questions of several threads in one request: who asks within a window shares it.

No caller sends for the others, for a signal may interrupt it at any line: Ctrl-C, or a handler that
raises. The request is sent by a thread that nobody interrupts, and a caller does nothing to a batch
but add itself, start that thread, and wait; each is one call into C, which is done whole or not at
all. No lock is held, so a signal's handler may ask, too, and wait for its answer.
"""

from __future__ import annotations

import os
import time
from _thread import start_new_thread  # Thread.start, interrupted, may leave its thread waiting
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dfx_adapter import errors
from dfx_adapter.exchanges.by_ids import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

T = TypeVar("T")

# What was asked for in this process before a request has left.
_batches: Final[dict[Hashable, Batch]] = {}


class Batch:
    """What threads ask for within a window, and where each waits for its answer."""

    def __init__(self) -> None:
        self.waiting: SimpleQueue[tuple[str, SimpleQueue[Any]]] = SimpleQueue()
        self.is_started = False
        self.is_closed = False

    def close(self) -> list[tuple[str, SimpleQueue[Any]]]:
        """Return who waits; whoever comes later starts a thread of its own."""
        self.is_closed = True
        waiting = []
        while True:
            try:
                waiting.append(self.waiting.get_nowait())
            except Empty:
                return waiting


def shared(
    key: tuple[Hashable, ...],
    order_id: str,
    window: float,
    ask: Callable[[Sequence[str]], Mapping[str, T | Exception]],
) -> T | Exception:
    """Return what became of one id, asked for with those of other threads within the window.

    Args:
        key: what makes questions the same kind; of hashables whose comparison is C's, as texts.
        order_id: the id.
        window: seconds to wait for others.
        ask: asks for ids and returns what became of each; it is called in a thread of its own.
    """
    of_process = (os.getpid(), *key)  # after a fork, the threads that would send are the parent's
    batch = _batches.setdefault(of_process, Batch())
    answer: SimpleQueue[T | Exception] = SimpleQueue()
    batch.waiting.put((order_id, answer))
    # Asked only now: a batch that is closed may have been emptied before, or not.
    if batch.is_closed or not batch.is_started:
        send: Callable[..., Any] = copy_context().run
        try:
            start_new_thread(send, (_send, of_process, batch, window, ask))
        except RuntimeError:  # no thread can be started: at the end of the interpreter
            return ask([order_id])[order_id]
        batch.is_started = True
    return copied(answer.get())


def _send(
    key: Hashable,
    batch: Batch,
    window: float,
    ask: Callable[[Sequence[str]], Mapping[str, Any]],
) -> None:
    """Wait for others to join, then ask for all and give each its answer."""
    time.sleep(window)
    if _batches.get(key) is batch:
        _batches.pop(key, None)
    waiting = batch.close()
    ids = list(dict.fromkeys(order_id for order_id, _ in waiting))
    if not ids:  # another thread has sent them
        return
    try:
        outcomes = ask(ids)
    except Exception as error:  # noqa: BLE001  # it is each caller's
        outcomes = dict.fromkeys(ids, error)
    except BaseException as error:  # noqa: BLE001  # nobody may wait for ever
        ended = errors.ExchangeError(f"the thread that asked for orders was ended by {error!r}")
        outcomes = dict.fromkeys(ids, ended)
    for order_id, answer in waiting:
        answer.put(outcomes[order_id])
