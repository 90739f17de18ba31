"""The two loops that take the steps of a method: one calls, one awaits.

`called` and `awaited` make the method of a class out of a function that yields steps, with its
name, docstring and signature, for type checkers, too. Where such a method is the outermost one that
runs on an exchange object, all its requests go with one account, and its errors leave masked.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from dfx_adapter import errors
from dfx_adapter.exchanges import waiting
from dfx_adapter.guards import accounts
from dfx_adapter.options import DEFAULTS
from dfx_adapter.steps import InThread, SleepUntil, Together, result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractContextManager

    from dfx_adapter.steps import Call, Step, Steps

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E")
M = TypeVar("M")

# Requests of one call that are under way at once. ccxt's connector has 100 connections for all that
# a bot does: a request that waits for one has its timestamp already, which exchanges refuse after a
# few seconds. At a request every 100 ms, 20 are under way only where each takes 2 s.
MOST_IN_FLIGHT: Final = 20

_INSIDE: Final = nullcontext()  # of a method that is outermost


def called(
    steps: Callable[Concatenate[E, P], Steps[T]],
    guard: Callable[[Any], AbstractContextManager[None]] = accounts.asking,
) -> Callable[Concatenate[E, P], T]:
    """Make the method of a synchronous class; `guard` is entered where it is the outermost."""

    def method(self: E, /, *args: P.args, **kwargs: P.kwargs) -> T:
        outer = accounts.current.get()
        with _INSIDE if outer is not None and outer.exchange is self else guard(self):
            run = steps(self, *args, **kwargs)
            try:
                step = next(run)
                while True:
                    try:
                        answer = step() if callable(step) else _take(step)
                    except Exception as error:  # noqa: BLE001  # the steps decide what it means
                        step = run.throw(error)
                    else:
                        step = run.send(answer)
            except StopIteration as stop:
                result: T = stop.value
                return result
            finally:
                run.close()  # of a call that was cancelled, now: what it waits for goes to others

    return _described(method, steps)


def awaited(
    steps: Callable[Concatenate[E, P], Steps[T]],
    guard: Callable[[Any], AbstractContextManager[None]] = accounts.asking,
) -> Callable[Concatenate[E, P], Coroutine[Any, Any, T]]:
    """Make the method of an asyncio class; as `called`."""

    async def method(self: E, /, *args: P.args, **kwargs: P.kwargs) -> T:
        outer = accounts.current.get()
        with _INSIDE if outer is not None and outer.exchange is self else guard(self):
            run = steps(self, *args, **kwargs)
            try:
                step = next(run)
                while True:
                    try:
                        answer = await (step() if callable(step) else _take_on_loop(step))
                    except Exception as error:  # noqa: BLE001  # the steps decide what it means
                        step = run.throw(error)
                    else:
                        step = run.send(answer)
            except StopIteration as stop:
                result: T = stop.value
                return result
            finally:
                run.close()  # of a call that was cancelled, now: what it waits for goes to others

    return _described(method, steps)


def _described(method: M, steps: Any) -> M:
    """Give a method the name, docstring and signature of its steps: what it returns at the end.

    It gets no `__wrapped__`, by which help() would show what yields the steps.
    """
    described: Any = method
    for name in ("__name__", "__qualname__", "__doc__", "__module__"):
        setattr(described, name, getattr(steps, name))
    signature = inspect.signature(steps)
    first, *others = signature.parameters.values()
    described.__signature__ = signature.replace(
        parameters=[first.replace(name="self", annotation=inspect.Parameter.empty), *others],
        return_annotation=result_of(steps),
    )
    return method


# What only one of the two can do: waiting, and many calls at once.


def _take(step: Step) -> Any:
    if isinstance(step, Together):
        return _take_in_turn(step)
    if isinstance(step, SleepUntil):
        return sleep_until(step.moment)
    return step.call() if isinstance(step, InThread) else step()


def _take_in_turn(step: Together) -> list[Any]:
    answers: list[Any] = []
    for call in step.calls:
        try:
            answers.append(call())
        except Exception as error:  # noqa: BLE001  # the steps decide what it means
            answers.append(error)
            if not (step.all_of_them or isinstance(error, errors.OrderNotFound)):
                break
    return answers + answers[-1:] * (len(step.calls) - len(answers))


def sleep_until(moment: float) -> None:
    """Sleep to a moment of `waiting.clock`."""
    time.sleep(max(0.0, moment - waiting.clock()))


async def _take_on_loop(step: Step) -> Any:
    if isinstance(step, Together):
        return await _take_together(step.calls)
    if isinstance(step, SleepUntil):
        return await sleep_on_loop(step.moment)
    call = step.call if isinstance(step, InThread) else step
    return await asyncio.to_thread(call)


async def _take_together(calls: list[Call]) -> list[Any]:
    if len(calls) > 1:
        slots = asyncio.Semaphore(MOST_IN_FLIGHT)

        async def take(call: Call) -> Any:
            async with slots:
                return await call()

        return await asyncio.gather(*map(take, calls), return_exceptions=True)
    try:
        return [await call() for call in calls]  # a task of its own takes time
    except Exception as error:  # noqa: BLE001  # the steps decide what it means
        return [error]


async def sleep_on_loop(moment: float) -> None:
    """Sleep to a moment of the loop's clock, which is `waiting.clock`.

    Whoever sleeps to the same moment wakes in the same turn of the loop, and can share requests.
    """
    woken = asyncio.Event()
    timer = asyncio.get_running_loop().call_at(moment, woken.set)
    try:
        await woken.wait()
    finally:
        timer.cancel()


# Whether a request for an order can be sent at once, because nobody could share it.

_LOOPS: Final = ("SelectorEventLoop", "ProactorEventLoop")  # the second on Windows only
_OWN_LOOPS: Final = frozenset(vars(asyncio)[name] for name in _LOOPS if name in vars(asyncio))


def asks_alone(exchange: Any) -> bool:
    """Tell whether threads do not share requests for orders: `options["batchWindow"]`."""
    return not exchange.options.get("batchWindow", DEFAULTS["batchWindow"])


def asks_alone_on_loop(exchange: Any) -> bool:
    """Tell whether nobody could join a request for an order that is sent at once.

    Only what the loop would run in this turn could. asyncio does not say whether there is any, its
    own loops know; others may keep it elsewhere, and a task factory may run tasks before the next
    is made. Waiting for a turn in vain takes a tenth of the time of a request.
    """
    if not exchange.options.get("batchFetchOrder", DEFAULTS["batchFetchOrder"]):
        return True
    loop: Any = asyncio.get_running_loop()
    return type(loop) in _OWN_LOOPS and not loop.get_task_factory() and not loop._ready
