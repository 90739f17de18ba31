"""The observers of parsed orders: they see all of it, and can change nothing of it."""

from __future__ import annotations

import copy
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.hookspecs import PROJECT
from dfx_adapter.host import interruptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pluggy

    from dfx_adapter.host.plugins import Plugins
    from dfx_adapter.order import Order

_HOOK: Final = "dfx_orders_parsed"
_UNCHANGEABLE: Final = frozenset({str, int, float, bool, type(None), Decimal, bytes})

logger = logging.getLogger(PROJECT)


class Observers:
    """The plugins of one host that observe; they are asked one by one, and the order is theirs."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self.callers: dict[str, pluggy.HookCaller] = {
            name: plugins.alone(name, _HOOK)
            for name in plugins.active()
            if _HOOK in plugins.infos[name].hooks
        }

    def notify(self, exchange_id: str, orders: Sequence[Order[Any]]) -> None:
        """Give every observer copies of its own, and log what it raises; see `interruptions`."""
        for name, observe in self.callers.items():
            try:
                observe(exchange_id=exchange_id, orders=tuple(map(_copied, orders)))
            except (Exception, SystemExit) as error:
                interruptions.pass_on(error)
                logger.exception("%s: %s failed", self._plugins.infos[name], _HOOK)


def _copied(value: Any) -> Any:
    """Copy all that can be changed in decoded JSON; `copy.deepcopy` takes ten times as long."""
    kind = type(value)
    if kind in _UNCHANGEABLE:
        return value
    if kind is dict:
        return {key: _copied(inner) for key, inner in value.items()}
    if kind is list:
        return [_copied(inner) for inner in value]
    return copy.deepcopy(value)  # a plugin's own
