"""The budgets of this process: one per key and option, however many exchange objects use it."""

from __future__ import annotations

import atexit
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from dfx_adapter.limits import address
from dfx_adapter.limits.circuit import Circuit
from dfx_adapter.limits.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from dfx_adapter.limits.address import Address, Limit
    from dfx_adapter.limits.stores import Store

_parse: Final = lru_cache(maxsize=256)(address.parse)
_budgets: Final[dict[tuple[str, Address | None], Budget]] = {}
_stores: Final[dict[str, tuple[Store, Circuit]]] = {}
_parents: Final[list[object]] = []


class Budget(Protocol):
    """What a request waits for; `blocks` says that asking may wait for a disk or a network."""

    blocks: bool

    def pauses(self, cost: float, rate_limit: float) -> Generator[float, None, None]:
        """Yield seconds to wait, asking anew after every wait; at the end, send the request."""
        ...

    def strike(self, seconds: float, duration: Callable[[int], float]) -> None:
        """Report a ban that begins to all who share the budget; `duration(n)` is the n-th's."""
        ...

    def retell(self) -> None:
        """Report a ban that could not be reported when it began."""
        ...


def budget(option: str, key: str, default: Limit, on_ban: Callable[[str, float], None]) -> Budget:
    """Return the budget of a key, given its digest; `on_ban(key, seconds)` is called for bans.

    Raises:
        ValueError: see `address.parse`.
    """
    where = _parse(option, default)
    found = _budgets.get((key, where))
    # No lock: of two made together, by threads or in a signal's handler, one is used.
    return found or _budgets.setdefault((key, where), _made(where, key, on_ban))


def close() -> None:
    """Forget all budgets, and let go of what their stores hold."""
    for store, _ in list(_stores.values()):
        store.close()
    _budgets.clear()
    _stores.clear()


def _made(where: Address | None, key: str, on_ban: Callable[[str, float], None]) -> Budget:
    if where is None:
        return Pace()
    from dfx_adapter.limits.shared import SharedBudget  # noqa: PLC0415  # needs the extra

    found = _stores.get(where.url)
    if found is None:
        store = _opened(where)
        made = store, Circuit(where.label, store.failures, where.secrets)
        found = _stores.setdefault(where.url, made)

    def hear_ban(seconds: float) -> None:
        on_ban(key, seconds)

    return SharedBudget(key, where.limit, *found, hear_ban)


def _opened(where: Address) -> Store:
    if where.scheme == "file":
        from dfx_adapter.limits.file_store import FileStore  # noqa: PLC0415  # needs the extra

        return FileStore(where.url)
    from dfx_adapter.limits.redis_store import RedisStore  # noqa: PLC0415  # needs the extra

    return RedisStore(where.url)


def _start_anew() -> None:
    """Leave what the parent process uses alone: closed here, SQLite would close it there, too."""
    _parents.append((dict(_budgets), dict(_stores)))
    _budgets.clear()
    _stores.clear()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
