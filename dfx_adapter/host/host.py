"""AdapterHost: the plugins of one bot, what they serve, and the way of an answer through them."""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import lru_cache, partial
from importlib import import_module
from itertools import chain
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec.structs import replace

from dfx_adapter.digifinex.answers import rows
from dfx_adapter.excerpts import excerpt, printable
from dfx_adapter.hookspecs import PROJECT, ExchangeInfo, ParseContext
from dfx_adapter.host import ccxt_plugin, digifinex_plugin, interruptions
from dfx_adapter.host.installed import installed
from dfx_adapter.host.observers import Observers
from dfx_adapter.host.plugins import PluginFault, PluginInfo, Plugins
from dfx_adapter.order import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pluggy

    from dfx_adapter.order import Order, Status

DIGIFINEX: Final = "digifinex"
CCXT: Final = "ccxt"  # the last resort: its ids are asked for only when nobody else serves one

logger = logging.getLogger(PROJECT)


class AdapterHost:
    """A plugin manager and what it knows; every host is its own, nothing is shared or global.

    Args:
        plugins: modules or objects with hook implementations; one that cannot be used raises.
        entry_points: whether to take the installed plugins, too; one of them that cannot be used is
            reported in `plugins` and does not stop the rest.

    Raises:
        PluginError: a plugin given cannot be registered, or claims an id that is taken.
    """

    def __init__(self, plugins: Iterable[object] = (), *, entry_points: bool = True) -> None:
        self._given = tuple(plugins)
        self._takes_installed = entry_points
        self._plugins = Plugins()
        self._exchanges: dict[str, tuple[str, ExchangeInfo]] = {}  # id -> plugin name, info
        self._statuses: dict[str, Mapping[str, Status]] = {}
        self._error_classes: dict[str, Mapping[str, type[Exception]]] = {}
        self._mappers: dict[str, pluggy.HookCaller] = {}
        self._warned: OrderedDict[int, None] = OrderedDict()  # hashes: a row may be a megabyte
        self._offline = lru_cache(maxsize=16)(self._offline_context)
        self._ccxt_asked = False
        self._add(digifinex_plugin, PluginInfo(DIGIFINEX, "built-in"))
        self._plugins.register(ccxt_plugin, PluginInfo(CCXT, "built-in"))
        for plugin in self._given:
            self._add_given(plugin)
        if entry_points:
            self._add_installed()
        self._observers = Observers(self._plugins)

    def __deepcopy__(self, memo: dict[int, Any]) -> AdapterHost:
        """Return the same host: the copy of an exchange object keeps its plugins."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as what it was made of: a bot may send its exchange object to a process."""
        given = [
            plugin.__name__ if isinstance(plugin, ModuleType) else plugin for plugin in self._given
        ]
        return _remade, (given, self._takes_installed)

    @property
    def plugins(self) -> list[PluginInfo]:
        """All plugins, the failed ones with the reason."""
        return list(self._plugins.infos.values())

    @property
    def exchanges(self) -> Mapping[str, ExchangeInfo]:
        """Every exchange that can be connected, by id. Imports ccxt, to know its ids."""
        self._ask_ccxt()
        return MappingProxyType({id_: info for id_, (_, info) in self._exchanges.items()})

    def connect(
        self,
        exchange_id: str,
        config: Mapping[str, Any] | None = None,
        *,
        asynchronous: bool = False,
    ) -> Any:
        """Return an exchange object bound to this host; see `dfx_adapter.connect`."""
        _, info = self._resolve(exchange_id)
        exchange = info.factory(config or {}, asynchronous=asynchronous)
        bind = getattr(exchange, "dfx_bind", None)
        if bind is not None:
            bind(self)
        return exchange

    def register(
        self, alias: str | None = None, *, exchange_id: str = DIGIFINEX, pro: bool = False
    ) -> None:
        """Put an exchange of this host into ccxt's modules; see `dfx_adapter.register`."""
        from dfx_adapter.bots import registry  # noqa: PLC0415  # imports ccxt

        connect = partial(self.connect, exchange_id)
        self._resolve(exchange_id)
        registry.register(self, connect, exchange_id, alias=alias, pro=pro)

    def attach(self, exchange: Any) -> Any:
        """Attach the adapter to an exchange object; see `dfx_adapter.attach`."""
        from dfx_adapter.bots import attachment  # noqa: PLC0415  # imports ccxt

        return attachment.attach(exchange, self)

    def parse_orders(
        self, exchange_id: str, body: object, *, number: Callable[[str], Any] = float
    ) -> list[Order]:
        """Map a recorded answer without any network; see `dfx_adapter.parse_orders`."""
        self._resolve(exchange_id)
        payload = _decoded(exchange_id, body) if isinstance(body, _TEXTS) else body
        return self.map_orders(exchange_id, payload, self._offline(exchange_id, number))

    def context(self, exchange_id: str, **given: Any) -> ParseContext:
        """Return the context of one response, the plugins' tables for this exchange in it."""
        given.setdefault("warn", self.warn)
        return ParseContext(
            statuses=self._order_statuses(exchange_id),
            error_classes=partial(self.error_classes, exchange_id),
            **given,
        )

    def _offline_context(self, exchange_id: str, number: Callable[[str], Any]) -> ParseContext:
        return self.context(exchange_id, number=number)

    def map_orders(self, exchange_id: str, payload: object, context: ParseContext) -> list[Order]:
        """Send one response through the mapping hook and the observers.

        Raises:
            PluginError: a plugin raised what is none of ccxt's errors, or none maps this exchange.
        """
        mapper = self._mapper(exchange_id)
        try:
            orders = mapper(exchange_id=exchange_id, payload=payload, context=context)
        except (Exception, SystemExit) as error:
            interruptions.pass_on(error)
            if _is_ccxts(error):
                raise
            culprit = self._plugins.culprit("dfx_parse_orders", error.__traceback__)
            raise _plugin_error(exchange_id, f"{culprit}: dfx_parse_orders: {error!r}") from error
        if not isinstance(orders, list):
            culprits = self._not_listing(exchange_id, payload, context)
            reason = f"{culprits}: dfx_parse_orders answered {orders!r}, not a list"
            nobody = "has answers that no plugin maps: dfx_parse_orders answered None"
            raise _plugin_error(exchange_id, reason if culprits else nobody)
        self._observers.notify(exchange_id, orders)
        return cast("list[Order]", orders)

    def orders_parsed(self, exchange_id: str, orders: list[Order]) -> None:
        """Let the observers see orders that no mapping hook was asked about."""
        self._observers.notify(exchange_id, orders)

    def _not_listing(self, exchange_id: str, payload: object, context: ParseContext) -> str:
        """Name the plugins whose mapping answers no list, asked one by one: mapping is pure."""
        culprits = []
        for name in set(self._plugins.active()) - self._serving_others(exchange_id):
            answer = self._plugins.alone(name, "dfx_parse_orders")(
                exchange_id=exchange_id, payload=payload, context=context
            )
            if answer is not None and not isinstance(answer, list):
                culprits.append(str(self._plugins.infos[name]))
        return " and ".join(culprits)

    def error_classes(self, exchange_id: str) -> Mapping[str, type[Exception]]:
        """Return exchange code, as text -> exception class; the plugins are asked one time."""
        if exchange_id not in self._error_classes:
            self._error_classes[exchange_id] = self._merged(
                "dfx_error_classes", exchange_id, _is_ccxts_class, "one of ccxt's error classes"
            )
        return self._error_classes[exchange_id]

    def _order_statuses(self, exchange_id: str) -> Mapping[str, Status]:
        if exchange_id not in self._statuses:
            known = ", ".join(sorted(STATUSES))
            self._statuses[exchange_id] = self._merged(
                "dfx_order_statuses", exchange_id, _is_unified_status, f"one of {known}"
            )
        return self._statuses[exchange_id]

    def _merged(
        self, hook: str, exchange_id: str, is_valid: Callable[[Any], bool], expected: str
    ) -> Mapping[str, Any]:
        """Merge the tables of the plugins that speak of the exchange over that of its owner."""
        owner, _ = self._resolve(exchange_id)
        rows: dict[str, Any] = {}
        source: dict[str, str] = {}
        others = (name for name in self._plugins.active() if name not in {owner, CCXT})
        for name in (owner, *others):
            for key, value in self._table(name, hook, exchange_id):
                row = str(key)
                if not is_valid(value):
                    reason = f"{hook}: {key!r}: expected {expected}, found {value!r}"
                    raise _plugin_error(exchange_id, f"{self._plugins.infos[name]}: {reason}")
                if source.get(row, owner) != owner and rows[row] != value:
                    both = f"{self._plugins.infos[source[row]]} and {self._plugins.infos[name]}"
                    raise _plugin_error(exchange_id, f"{both} disagree: {hook}: {key!r}")
                rows[row], source[row] = value, name
        return MappingProxyType(rows)

    def _table(self, name: str, hook: str, exchange_id: str) -> Iterable[tuple[Any, Any]]:
        """Return the rows that one plugin gives for the exchange, if it speaks of it."""
        serves = self._exchanges[exchange_id][0] == name
        if not (serves or self._plugins.asks_for(name, hook, "exchange_id")):
            return ()
        try:
            tables = self._plugins.alone(name, hook)(exchange_id=exchange_id)
            return list(chain.from_iterable(table.items() for table in tables))
        except (Exception, SystemExit) as error:
            interruptions.pass_on(error)
            reason = f"{self._plugins.infos[name]}: {hook}: {error!r}"
            raise _plugin_error(exchange_id, reason) from error

    def _mapper(self, exchange_id: str) -> pluggy.HookCaller:
        """Return the mapping hook without the plugins that serve other exchanges only."""
        if exchange_id not in self._mappers:
            others = self._serving_others(exchange_id)
            self._mappers[exchange_id] = self._plugins.without("dfx_parse_orders", others)
        return self._mappers[exchange_id]

    def _serving_others(self, exchange_id: str) -> set[str]:
        """Return the plugins that serve exchanges, but not this one."""
        owner, _ = self._resolve(exchange_id)
        return ({name for name, _ in self._exchanges.values()} | {CCXT}) - {owner}

    def warn(self, about: str, sentence: str) -> None:
        """Warn about an order one time only, however often it is polled."""
        if hash(about) in self._warned:
            return
        self._warned[hash(about)] = None
        if len(self._warned) > _REMEMBERED:
            self._warned.popitem(last=False)
        logger.warning("%s: %s", printable(excerpt(about)), printable(excerpt(sentence)))

    def _resolve(self, exchange_id: str) -> tuple[str, ExchangeInfo]:
        """Return who serves an exchange, and how."""
        if exchange_id not in self._exchanges:
            self._ask_ccxt()
        if exchange_id not in self._exchanges:
            raise _unknown_exchange(exchange_id, self._exchanges)
        return self._exchanges[exchange_id]

    def _ask_ccxt(self) -> None:
        if self._ccxt_asked:
            return
        for info in chain.from_iterable(self._plugins.alone(CCXT, "dfx_register_exchanges")()):
            self._exchanges.setdefault(info.id, (CCXT, info))
        self._plugins.serves(CCXT, (id_ for id_, (by, _) in self._exchanges.items() if by == CCXT))
        self._ccxt_asked = True

    def _add(self, plugin: object, info: PluginInfo) -> None:
        """Register a plugin with its exchanges, or leave no trace of it."""
        self._plugins.register(plugin, info)
        try:
            served = self._served(info)
        except (Exception, SystemExit) as error:
            self._plugins.forget(plugin)
            interruptions.pass_on(error)
            reason = str(error) if isinstance(error, PluginFault) else repr(error)
            raise PluginFault(f"{info}: {reason}") from error
        self._exchanges |= {exchange.id: (info.name, exchange) for exchange in served}
        self._plugins.serves(info.name, (exchange.id for exchange in served))

    def _served(self, info: PluginInfo) -> list[ExchangeInfo]:
        served = list(
            chain.from_iterable(self._plugins.alone(info.name, "dfx_register_exchanges")())
        )
        for exchange in served:
            if not isinstance(exchange, ExchangeInfo):
                raise PluginFault(f"dfx_register_exchanges: {exchange!r} is no ExchangeInfo")
            if not exchange.id or exchange.id != exchange.id.lower():
                raise PluginFault(f"exchange id {exchange.id!r}: expected lower case, not empty")
            if exchange.id in self._exchanges:
                taken_by = self._plugins.infos[self._exchanges[exchange.id][0]]
                raise PluginFault(f"exchange id {exchange.id!r} is taken by {taken_by}")
        return served

    def _add_given(self, plugin: object) -> None:
        name = getattr(plugin, "__name__", type(plugin).__name__)
        try:
            self._add(plugin, PluginInfo(self._plugins.free_name(name), "given"))
        except PluginFault as fault:
            raise _plugin_error(PROJECT, str(fault)) from fault

    def _add_installed(self) -> None:
        for entry_point, found in installed():
            info = replace(found, name=self._plugins.free_name(found.name))
            try:
                plugin = entry_point.load()
                if not self._plugins.manager.is_registered(plugin):  # it may have been given
                    self._add(plugin, info)
            except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever an import may raise
                interruptions.pass_on(error)
                self._plugins.fail(info, error)
                reason = str(self._plugins.infos[info.name].error)
                logger.warning("%s failed: %s", printable(str(info)), printable(excerpt(reason)))


_REMEMBERED: Final = 1024


def _remade(given: list[object], entry_points: bool) -> AdapterHost:  # noqa: FBT001  # for pickle
    plugins = [import_module(plugin) if isinstance(plugin, str) else plugin for plugin in given]
    return AdapterHost(plugins, entry_points=entry_points)


_TEXTS: Final = (bytes, bytearray, memoryview, str)


def _decoded(exchange_id: str, body: bytes | bytearray | memoryview | str) -> object:
    try:
        return rows.decode(body)
    except ValueError as error:
        from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

        text = body if isinstance(body, str) else bytes(body).decode(errors="replace")
        raise errors.describe(
            errors.BadResponse,
            f"answer: $: expected JSON: {error}",
            exchange_id=exchange_id,
            body=text,
            path="$",
            found=excerpt(text),
            expected="JSON",
        ) from error


def _is_unified_status(value: object) -> bool:
    return isinstance(value, str) and value in STATUSES


def _is_ccxts(error: BaseException) -> bool:
    return _is_ccxts_class(type(error))


def _is_ccxts_class(value: object) -> bool:
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    return isinstance(value, type) and issubclass(value, errors.BaseError)


def _plugin_error(exchange_id: str, reason: str) -> Exception:
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    return errors.describe(errors.PluginError, reason, exchange_id=exchange_id)


def _unknown_exchange(exchange_id: str, known: Iterable[str]) -> Exception:
    import difflib  # noqa: PLC0415  # a process that makes no mistake does without

    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    close = difflib.get_close_matches(exchange_id, list(known), n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return errors.describe(
        errors.UnknownExchange,
        f"is served by no plugin and no ccxt class{hint}",
        exchange_id=exchange_id,
    )
