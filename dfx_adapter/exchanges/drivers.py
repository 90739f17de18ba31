"""The two loops that drive steps: one calls, one awaits. Each stands before ccxt in the MRO."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dfx_adapter import errors
from dfx_adapter.exchanges import waiting
from dfx_adapter.exchanges.steps import Step, Together

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterable

T = TypeVar("T")
Steps = Step | Together

# Requests of one call that are under way at once. ccxt's connector has 100 connections for all that
# a bot does: a request that waits for one has its timestamp already, which DigiFinex refuses after
# 5 s (V3 API Endpoints Description). At a request every 100 ms, 20 are under way only where the
# exchange needs 2 s for each.
MOST_IN_FLIGHT: Final = 20


class Driver:
    """What both colours need of the class that they drive."""

    _dfx_withhold: Callable[[Exception], None]  # takes out of an error what nobody may see


class Calling(Driver):
    """Drives the steps of a synchronous exchange object."""

    def _dfx_run(self, steps: Generator[Steps, Any, T]) -> T:
        """Send the steps what came, throw into them what was raised, and return their result."""
        try:
            step = next(steps)
            while True:
                try:
                    answer = self._dfx_take(step)
                except Exception as error:  # noqa: BLE001  # the steps decide what it means
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result
        except Exception as error:
            self._dfx_withhold(error)
            raise
        finally:
            steps.close()  # of a call that was cancelled, now: what they wait for goes to others

    def _dfx_take(self, step: Steps) -> Any:
        if isinstance(step, Together):
            return self._dfx_take_in_turn(step.steps)
        owner = super() if step.stock else self
        return getattr(owner, step.method)(*step.args, **step.kwargs)

    def _dfx_take_in_turn(self, steps: Iterable[Step]) -> list[Any]:
        answers: list[Any] = []
        for step in steps:
            try:
                answers.append(self._dfx_take(step))
            except Exception as error:  # noqa: BLE001  # the steps decide what it means
                answers.append(error)
                if not isinstance(error, errors.OrderNotFound):
                    break
        return answers

    def _dfx_aside(self, function: Callable[..., T], *args: Any) -> T:
        return function(*args)

    def _dfx_sleep_until(self, wake: float) -> None:
        time.sleep(max(0.0, wake - waiting.clock()))


class Awaiting(Driver):
    """Drives the steps of an asyncio exchange object."""

    async def _dfx_run(self, steps: Generator[Steps, Any, T]) -> T:
        """Send the steps what came, throw into them what was raised, and return their result."""
        try:
            step = next(steps)
            while True:
                try:
                    answer = await self._dfx_take(step)
                except Exception as error:  # noqa: BLE001  # the steps decide what it means
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as stop:
            result: T = stop.value
            return result
        except Exception as error:
            self._dfx_withhold(error)
            raise
        finally:
            steps.close()  # of a call that was cancelled, now: what they wait for goes to others

    def _dfx_take(self, step: Steps) -> Awaitable[Any]:
        if isinstance(step, Together):
            return self._dfx_take_together(step.steps)
        owner = super() if step.stock else self
        taken: Awaitable[Any] = getattr(owner, step.method)(*step.args, **step.kwargs)
        return taken

    async def _dfx_take_together(self, steps: list[Step]) -> list[Any]:
        if len(steps) > 1:
            slots = asyncio.Semaphore(MOST_IN_FLIGHT)

            async def take(step: Step) -> Any:
                async with slots:
                    return await self._dfx_take(step)

            return await asyncio.gather(*map(take, steps), return_exceptions=True)
        try:
            return [await self._dfx_take(step) for step in steps]  # a task of its own takes time
        except Exception as error:  # noqa: BLE001  # the steps decide what it means
            return [error]

    async def _dfx_aside(self, function: Callable[..., T], *args: Any) -> T:
        """Call what may wait for a disk or a network, in a thread of its own."""
        return await asyncio.to_thread(function, *args)

    async def _dfx_sleep_until(self, wake: float) -> None:
        # call_at, not sleep: waiters that name the same moment wake in the same turn of the loop.
        woken = asyncio.Event()
        timer = asyncio.get_running_loop().call_at(wake, woken.set)
        try:
            await woken.wait()
        finally:
            timer.cancel()
