"""The tables of an exchange - statuses, error classes - merged of those of the plugins."""

from __future__ import annotations

from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from dfx_adapter.host import interruptions
from dfx_adapter.host.faults import is_ccxts_class, plugin_error
from dfx_adapter.order import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dfx_adapter.host.plugins import Plugins
    from dfx_adapter.order import Status

_STATUSES: Final = "dfx_order_statuses"
_ERROR_CLASSES: Final = "dfx_error_classes"


class Override(msgspec.Struct, frozen=True):
    """A row of a table that a given or installed plugin adds or overrides.

    Attributes:
        plugin: its name.
        exchange: the id of the exchange.
        hook: `dfx_order_statuses` or `dfx_error_classes`.
        key: the exchange's status or code, as text.
        before: what the built-in table says: a unified status or the name of an error class; None
            where it has no such row.
        after: what the plugin says.
    """

    plugin: str
    exchange: str
    hook: str
    key: str
    before: str | None
    after: str


class _Kind(NamedTuple):
    """What the values of a hook's table must be."""

    expected: str
    is_valid: Callable[[Any], bool]


def _is_status(value: object) -> bool:
    return isinstance(value, str) and value in STATUSES


_KINDS: Final[Mapping[str, _Kind]] = {
    _STATUSES: _Kind(f"one of {', '.join(sorted(STATUSES))}", _is_status),
    _ERROR_CLASSES: _Kind("one of ccxt's error classes", is_ccxts_class),
}


class Tables:
    """The tables of one host; a plugin is asked one time for an exchange.

    Args:
        plugins: who is asked.
        owner_of: exchange id -> name of the plugin that serves it.
    """

    def __init__(self, plugins: Plugins, owner_of: Callable[[str], str]) -> None:
        self._plugins = plugins
        self._owner_of = owner_of
        self._merged: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._sources: dict[tuple[str, str], list[Override]] = {}

    def statuses(self, exchange_id: str) -> Mapping[str, Status]:
        """Return exchange status, as text -> unified status."""
        return self._table(_STATUSES, exchange_id)

    def error_classes(self, exchange_id: str) -> Mapping[str, type[Exception]]:
        """Return exchange code, as text -> exception class."""
        return self._table(_ERROR_CLASSES, exchange_id)

    def overrides(self, exchange_id: str) -> list[Override]:
        """Return the rows of one exchange that are not, or not so, in the built-in tables."""
        for hook in _KINDS:
            self._table(hook, exchange_id)
        return [row for hook in _KINDS for row in self._sources[hook, exchange_id]]

    def _table(self, hook: str, exchange_id: str) -> Mapping[str, Any]:
        """Return a table of one exchange, merged when it is first needed.

        Raises:
            PluginError: a plugin raised, a value cannot be, or two plugins disagree.
        """
        if (hook, exchange_id) not in self._merged:
            rows, overrides = self._merge(hook, exchange_id)
            self._sources[hook, exchange_id] = overrides
            self._merged[hook, exchange_id] = MappingProxyType(rows)
        return self._merged[hook, exchange_id]

    def _merge(self, hook: str, exchange_id: str) -> tuple[dict[str, Any], list[Override]]:
        """Merge the tables of the plugins that speak of the exchange over that of its owner."""
        owner = self._owner_of(exchange_id)
        built_in = {name for name, info in self._plugins.infos.items() if info.origin == "built-in"}
        names = [owner, *(name for name in self._plugins.active() if name not in built_in)]
        documented: dict[str, Any] = {}
        rows: dict[str, Any] = {}
        source: dict[str, str] = {}
        for name in dict.fromkeys(names):
            for key, value in self._rows(name, hook, exchange_id):
                row = str(key)
                self._check(name, hook, exchange_id, key, value)
                if source.get(row, owner) != owner and rows[row] != value:
                    both = f"{self._plugins.infos[source[row]]} and {self._plugins.infos[name]}"
                    raise plugin_error(exchange_id, f"{both} disagree: {hook}: {key!r}")
                rows[row], source[row] = value, name
                if name in built_in:
                    documented[row] = value
        overrides = [
            Override(
                *(name, exchange_id, hook, row),
                before=_name(documented.get(row)),
                after=str(_name(rows[row])),
            )
            for row, name in source.items()
            if name not in {owner, *built_in} and rows[row] != documented.get(row)
        ]
        return rows, overrides

    def _check(self, name: str, hook: str, exchange_id: str, key: object, value: object) -> None:
        kind = _KINDS[hook]
        if not kind.is_valid(value):
            reason = f"{hook}: {key!r}: expected {kind.expected}, found {value!r}"
            raise plugin_error(exchange_id, f"{self._plugins.infos[name]}: {reason}")

    def _rows(self, name: str, hook: str, exchange_id: str) -> Iterable[tuple[Any, Any]]:
        """Return the rows that one plugin gives for the exchange, if it speaks of it."""
        serves = self._owner_of(exchange_id) == name
        if not (serves or self._plugins.asks_for(name, hook, "exchange_id")):
            return ()
        try:
            tables = self._plugins.alone(name, hook)(exchange_id=exchange_id)
            return list(chain.from_iterable(table.items() for table in tables))
        except (Exception, SystemExit) as error:
            interruptions.pass_on(error)
            reason = f"{self._plugins.infos[name]}: {hook}: {error!r}"
            raise plugin_error(exchange_id, reason) from error


def _name(value: Any) -> str | None:
    return value.__name__ if isinstance(value, type) else value
