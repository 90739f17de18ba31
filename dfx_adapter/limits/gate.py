"""Whose turn it is: those who wait for one budget in a process ask for it one after the other."""

from __future__ import annotations

import asyncio
import threading
from typing import Self
from weakref import WeakKeyDictionary


class Gate:
    """A lock of threads, and one of tasks for each event loop; tasks are served as they came."""

    def __init__(self) -> None:
        self._threads = threading.Lock()
        self._tasks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )

    def __enter__(self) -> Self:
        self._threads.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.release()

    async def __aenter__(self) -> Self:
        await self._of_loop().acquire()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._of_loop().release()

    def _of_loop(self) -> asyncio.Lock:
        loop = asyncio.get_running_loop()
        lock = self._tasks.get(loop)
        if lock is None:
            for each in [each for each in list(self._tasks) if each.is_closed()]:
                self._tasks.pop(each, None)  # a lock that was waited for holds its loop
            lock = self._tasks.setdefault(loop, asyncio.Lock())
        return lock
