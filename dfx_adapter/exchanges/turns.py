"""Questions of one turn of the event loop in one request: who asks in it shares it.

Whoever asks first leads: it waits one turn for others, and only if some have joined is a request of
several ids sent, by a task of its own: no caller's cancellation ends what others wait for.
"""

from __future__ import annotations

import asyncio
from itertools import chain
from typing import TYPE_CHECKING, Any

from dfx_adapter.exchanges.by_ids import copied
from dfx_adapter.exchanges.drivers import MOST_IN_FLIGHT
from dfx_adapter.guards import accounts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence

    from dfx_adapter.order import Order

    Ask = Callable[[Sequence[str]], Awaitable[Mapping[str, Order | Exception]]]


class Batch:
    """The orders that were asked for in one turn of the loop, and who waits for them.

    Its leader's order is the first, and has nobody waiting for it unless others have joined.
    """

    def __init__(self, first_id: str) -> None:
        self._waiters: dict[str, list[asyncio.Future[Order | Exception]]] = {first_id: []}

    def waiter(self, order_id: str) -> asyncio.Future[Order | Exception]:
        """Return what one caller waits for; cancelled, it takes nothing from other callers."""
        future: asyncio.Future[Order | Exception] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(order_id, []).append(future)
        return future

    def asked(self) -> list[str]:
        """Return the ids that somebody waits for."""
        waiters = self._waiters.items()
        return [id_ for id_, futures in waiters if not all(future.done() for future in futures)]

    def settle(self, outcomes: Mapping[str, Order | Exception]) -> None:
        """Give each caller what became of its order, and nothing that another one has, too."""
        for order_id, outcome in outcomes.items():
            for place, future in enumerate(self._waiters[order_id]):
                if not future.done():
                    is_shared = place > 0 or isinstance(outcome, Exception)
                    future.set_result(copied(outcome) if is_shared else outcome)

    def give_up(self, ids: Iterable[str]) -> None:
        """Cancel those that wait still, because the task that would have settled is cancelled."""
        for future in chain.from_iterable(self._waiters[order_id] for order_id in ids):
            future.cancel()


async def shared(
    exchange: Any, question: tuple[Hashable, ...], order_id: str, most: int, ask: Ask
) -> Order | Exception:
    """Return what became of one id, asked for with all that are asked for in this turn.

    Args:
        exchange: the exchange object; questions on two of its accounts are never shared.
        question: what makes questions the same kind.
        order_id: the id.
        most: how many ids one request may have.
        ask: asks for ids and returns what became of each.
    """
    batches = vars(exchange).setdefault("_dfx_batches", {})
    account = accounts.account_of(exchange)
    key = (asyncio.get_running_loop(), account, *question)
    if key in batches:
        outcome: Order | Exception = await batches[key].waiter(order_id)
        return outcome

    async def ask_on_account(ids: Sequence[str]) -> Mapping[str, Order | Exception]:
        with accounts.asking(exchange, account):
            return await ask(ids)

    batch = batches[key] = Batch(order_id)
    try:
        await asyncio.sleep(0)  # now others may join
    except asyncio.CancelledError:
        _send(exchange, batch, most, ask_on_account)
        raise
    finally:
        del batches[key]
    if not batch.asked():
        return (await ask_on_account([order_id]))[order_id]
    waiter = batch.waiter(order_id)
    _send(exchange, batch, most, ask_on_account)
    return await waiter


def _send(exchange: Any, batch: Batch, most: int, ask: Ask) -> None:
    """Ask for what a batch waits for, in tasks that end whatever becomes of the callers."""
    tasks = vars(exchange).setdefault("_dfx_tasks", set())
    slots = asyncio.Semaphore(MOST_IN_FLIGHT)
    asked = batch.asked()
    for start in range(0, len(asked), most):
        _send_part(batch, asked[start : start + most], slots, tasks, ask)


def _send_part(
    batch: Batch,
    ids: Sequence[str],
    slots: asyncio.Semaphore,
    tasks: set[asyncio.Task[None]],
    ask: Ask,
) -> None:
    async def settle() -> None:
        async with slots:
            try:
                outcomes = await ask(ids)
            except Exception as error:  # noqa: BLE001  # it is each caller's
                outcomes = dict.fromkeys(ids, error)
            batch.settle(outcomes)

    def end(task: asyncio.Task[None]) -> None:
        tasks.discard(task)
        batch.give_up(ids)

    task = asyncio.create_task(settle())
    tasks.add(task)  # the loop itself holds its tasks weakly
    task.add_done_callback(end)
