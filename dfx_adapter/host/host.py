"""AdapterHost: the plugins of one bot, what they serve, and the way of an answer through them."""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import lru_cache, partial
from importlib import import_module
from itertools import chain
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal, cast, overload

from msgspec.structs import replace

from dfx_adapter import exact_json
from dfx_adapter.excerpts import excerpt, printable
from dfx_adapter.hookspecs import PROJECT, ExchangeInfo, ParseContext
from dfx_adapter.host import answers, ccxt_plugin, interruptions, replaying, venues
from dfx_adapter.host.faults import is_ccxts, plugin_error, unknown_exchange
from dfx_adapter.host.installed import installed
from dfx_adapter.host.observers import Observers
from dfx_adapter.host.plugins import PluginFault, PluginInfo, Plugins
from dfx_adapter.host.tables import Override, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pluggy

    from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex
    from dfx_adapter.digifinex.sync import DigiFinex
    from dfx_adapter.exchanges.kinds import (
        AsyncExchange,
        Exchange,
        StockAsyncExchange,
        StockExchange,
    )
    from dfx_adapter.host.replaying import Replay
    from dfx_adapter.order import N, Order

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
        self._tables = Tables(self._plugins, lambda exchange_id: self._resolve(exchange_id)[0])
        self._mapping: dict[str, dict[str, PluginInfo]] = {}
        self._mappers: dict[str, pluggy.HookCaller] = {}
        self._warned: OrderedDict[int, None] = OrderedDict()  # hashes: a row may be a megabyte
        self._offline = lru_cache(maxsize=16)(self._offline_context)
        self._ccxt_asked = False
        for venue in venues.VENUES:
            self._add(venues.plugin_of(venue), PluginInfo(venue, "built-in"))
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

    @overload
    def connect(
        self,
        exchange_id: Literal["digifinex"],
        config: Mapping[str, Any] | None = None,
        *,
        asynchronous: Literal[False] = False,
    ) -> DigiFinex: ...
    @overload
    def connect(
        self,
        exchange_id: Literal["digifinex"],
        config: Mapping[str, Any] | None = None,
        *,
        asynchronous: Literal[True],
    ) -> AsyncDigiFinex: ...
    @overload
    def connect(
        self,
        exchange_id: str,
        config: Mapping[str, Any] | None = None,
        *,
        asynchronous: Literal[False] = False,
    ) -> Exchange: ...
    @overload
    def connect(
        self,
        exchange_id: str,
        config: Mapping[str, Any] | None = None,
        *,
        asynchronous: Literal[True],
    ) -> AsyncExchange: ...
    @overload
    def connect(
        self, exchange_id: str, config: Mapping[str, Any] | None = None, *, asynchronous: bool
    ) -> Exchange | AsyncExchange: ...
    def connect(
        self,
        exchange_id: str,
        config: Mapping[str, Any] | None = None,
        *,
        asynchronous: bool = False,
    ) -> Any:
        """Return an exchange object bound to this host; see `dfx_adapter.connect`."""
        _, info = self._resolve(exchange_id)
        self._tables.statuses(exchange_id)  # a wrong one is an error now, not when orders exist
        exchange = info.factory(dict(config or {}), asynchronous=asynchronous)
        bind = getattr(exchange, "dfx_bind", None)
        if bind is None:
            return exchange
        bind(self)
        from dfx_adapter.recordings import recorder  # noqa: PLC0415  # imports ccxt

        return recorder.bind(exchange)

    @property
    def replay(self) -> Replay:
        """What gives an exchange object that a recording answers; see `dfx_adapter.replay`."""
        return replaying.by(self)

    def register(
        self, alias: str | None = None, *, exchange_id: str = "digifinex", pro: bool = False
    ) -> None:
        """Put an exchange of this host into ccxt's modules; see `dfx_adapter.register`."""
        from dfx_adapter.bots import registry  # noqa: PLC0415  # imports ccxt

        owner, _ = self._resolve(exchange_id)
        connect = None if owner == CCXT else partial(self.connect, exchange_id)
        self._tables.statuses(exchange_id)
        registry.register(self, connect, exchange_id, alias=alias, pro=pro)

    @overload
    def attach(self, exchange: StockAsyncExchange) -> AsyncExchange: ...
    @overload
    def attach(self, exchange: StockExchange) -> Exchange: ...
    def attach(self, exchange: Any) -> Any:
        """Attach the adapter to an exchange object; see `dfx_adapter.attach`."""
        from dfx_adapter.bots import attachment  # noqa: PLC0415  # imports ccxt

        exchange_id = str(getattr(exchange, "id", ""))
        if self.serves(exchange_id):  # a bot's own class may have an id of its own
            self._tables.statuses(exchange_id)
        return attachment.attach(exchange, self)

    @overload
    def parse_orders(self, exchange_id: str, body: object) -> list[Order]: ...
    @overload
    def parse_orders(
        self, exchange_id: str, body: object, *, number: Callable[[str], N]
    ) -> list[Order[N]]: ...
    def parse_orders(
        self, exchange_id: str, body: object, *, number: Callable[[str], Any] = float
    ) -> list[Order[Any]]:
        """Map a recorded answer without any network; see `dfx_adapter.parse_orders`."""
        self._resolve(exchange_id)
        payload = _decoded(exchange_id, body) if isinstance(body, _TEXTS) else body
        return self.map_orders(exchange_id, payload, self._offline(exchange_id, number))

    def context(self, exchange_id: str, **given: Any) -> ParseContext:
        """Return the context of one response, the plugins' tables for this exchange in it."""
        given.setdefault("warn", self.warn)
        context = ParseContext(
            statuses=self._tables.statuses(exchange_id),
            error_classes=partial(self.error_classes, exchange_id),
            exchange_id=exchange_id,
            **given,
        )
        if context.parse_order is None and self._resolve(exchange_id)[0] == CCXT:
            parse_order = partial(ccxt_plugin.parse_offline, exchange_id, context)
            return replace(context, parse_order=parse_order)
        return context

    def _offline_context(self, exchange_id: str, number: Callable[[str], Any]) -> ParseContext:
        return self.context(exchange_id, number=number)

    def map_orders(
        self, exchange_id: str, payload: object, context: ParseContext
    ) -> list[Order[Any]]:
        """Send one response through the mapping hook, the check of its answer, and the observers.

        Raises:
            PluginError: a plugin raised what is none of ccxt's errors, or answered what is no list
                of whole orders; or none maps this exchange.
        """
        mapper = self._mappers.get(exchange_id) or self._mapper(exchange_id)
        try:
            orders = mapper(exchange_id=exchange_id, payload=payload, context=context)
        except (Exception, SystemExit) as error:
            interruptions.pass_on(error)
            if is_ccxts(error):
                raise
            culprit = self._plugins.culprit(answers.HOOK, error.__traceback__)
            raise plugin_error(exchange_id, f"{culprit}: {answers.HOOK}: {error!r}") from error
        strangers = self._mapping.get(exchange_id)
        if strangers is None:
            strangers = self._strangers(exchange_id)
        if strangers or not isinstance(orders, list):
            alone = partial(self._mapped_by, exchange_id, payload, context)
            answers.check(exchange_id, orders, context.number, strangers, alone)
        if self._observers.callers:
            self._observers.notify(exchange_id, orders)
        return cast("list[Order[Any]]", orders)

    def _mapped_by(
        self, exchange_id: str, payload: object, context: ParseContext, stranger: str | None
    ) -> Any:
        """Map once more, with the built-in mapping and one other at the most: mapping is pure."""
        others = {*self._strangers(exchange_id)} - {stranger}
        mapper = self._plugins.without(answers.HOOK, others | self._serving_others(exchange_id))
        return mapper(exchange_id=exchange_id, payload=payload, context=context)

    def _strangers(self, exchange_id: str) -> dict[str, PluginInfo]:
        """Return the plugins, not built in, that have a say in the mapping of an exchange."""
        if exchange_id not in self._mapping:
            others = self._serving_others(exchange_id)
            self._mapping[exchange_id] = {
                name: info
                for name, info in self._plugins.infos.items()
                if name not in others
                and info.status == "active"
                and info.origin != "built-in"
                and answers.HOOK in info.hooks
            }
        return self._mapping[exchange_id]

    def orders_parsed(self, exchange_id: str, orders: list[Order[Any]]) -> None:
        """Let the observers see orders that no mapping hook was asked about."""
        self._observers.notify(exchange_id, orders)

    def error_classes(self, exchange_id: str) -> Mapping[str, type[Exception]]:
        """Return exchange code, as text -> exception class; asked of the plugins once."""
        return self._tables.error_classes(exchange_id)

    def overrides(self, exchange_id: str) -> list[Override]:
        """Return the rows of an exchange's tables that given and installed plugins change or add.

        Raises:
            PluginError: a table cannot be, or two plugins disagree.
        """
        return self._tables.overrides(exchange_id)

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

    def serves(self, exchange_id: str) -> bool:
        """Tell whether a plugin or ccxt serves an exchange of that id."""
        if exchange_id not in self._exchanges:
            self._ask_ccxt()
        return exchange_id in self._exchanges

    def _resolve(self, exchange_id: str) -> tuple[str, ExchangeInfo]:
        """Return who serves an exchange, and how."""
        if not self.serves(exchange_id):
            raise unknown_exchange(exchange_id, self._exchanges)
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
            raise plugin_error(PROJECT, str(fault)) from fault

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
        return exact_json.decode(body)
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
