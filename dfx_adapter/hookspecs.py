"""The hooks, and nothing else: what a plugin can say, and what the host does with it.

All hooks are synchronous and free of I/O: pluggy takes the coroutine of an `async def` for an
answer, and the sync and the asyncio object of an exchange share one mapping. No argument has a
default value. An implementation names only the arguments that it needs, and marks itself with
`dfx_adapter.hookimpl`. Project name and entry-point group are both `dfx_adapter`.

`dfx_adapter.kit` has what a mapping needs; dfx_adapter/host/README.md is the guide, with a whole
plugin.
"""

from __future__ import annotations

import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import msgspec
import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dfx_adapter.order import Order, Status

PROJECT: Final = "dfx_adapter"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

BadRow = Literal["raise", "skip"]


class Factory(Protocol):
    """Builds an exchange object that is a ccxt exchange.

    An object with a method `dfx_bind(host)` is given the host by `connect`. What it answers goes
    through the hooks where it sends it to `host.map_orders(exchange_id, payload, context)`, with a
    context of `host.context(exchange_id, number=...)`. Objects of `dfx_adapter.connect` do so.
    """

    def __call__(self, config: dict[str, Any], /, *, asynchronous: bool) -> Any:
        """Return the object; `config` is ccxt's own config dict, a copy to do with as one likes."""
        ...


class ExchangeInfo(msgspec.Struct, frozen=True):
    """An exchange that a plugin serves.

    Attributes:
        id: ccxt's id or a new one: lower case, not empty.
        title: the name that people read.
        factory: builds the exchange object.
    """

    id: str
    title: str
    factory: Factory


def _no_market(market_id: str) -> str | None:  # noqa: ARG001  # the signature is the contract
    return None


def _warn(about: str, sentence: str) -> None:
    logging.getLogger(PROJECT).warning("%s: %s", about, sentence)


class ParseContext(msgspec.Struct, frozen=True, eq=False):
    """What a mapping needs to know beside the payload; `kit.order` reads it for a plugin.

    Attributes:
        number: turns exact decimal text into the number type of the caller: float, Decimal or str.
        statuses: exchange status, as text -> unified status; the plugins' tables merged. They are
            not applied to what a plugin answers: it looks its statuses up here.
        symbol_of: market id, as the exchange writes it -> unified symbol, by the caller's loaded
            markets or names of currencies; None where they say nothing or name several. Offline no
            market of another exchange than DigiFinex is loaded.
        market_type: what was asked for, `spot` or `margin`; None where nothing was.
        error_classes: exchange code, as text -> exception class. A call, made only when something
            is raised, because the classes are ccxt's and importing ccxt takes half a second.
        bad_row: `raise` (with the good orders on the error) or `skip` (and warn).
        warn: takes what it is about (exchange and order) and a sentence; a host logs it one time.
        parse_order: ccxt's own parsing of one row, brought to the rules, offline too; None where
            ccxt has none. A plugin that mends one field of an exchange can start from it.
        remembered: where a mapping keeps what it looked up. The context of the next answer has it,
            too, and one made from this by `msgspec.structs.replace`; so what is kept names what it
            was looked up in.
        exchange_id: whose answer it is.
    """

    number: Callable[[str], Any] = float
    statuses: Mapping[str, Status] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    symbol_of: Callable[[str], str | None] = _no_market
    market_type: str | None = None
    error_classes: Callable[[], Mapping[str, type[Exception]]] = dict
    bad_row: BadRow = "raise"
    warn: Callable[[str, str], None] = _warn
    parse_order: Callable[[Any], Order[Any]] | None = None
    remembered: dict[Any, Any] = msgspec.field(default_factory=dict)
    exchange_id: str = PROJECT


class HookCaller(Protocol):
    """What an exchange object asks of the host it is bound to."""

    def serves(self, exchange_id: str) -> bool:
        """Tell whether there is an exchange of that id."""
        ...

    def context(self, exchange_id: str, **given: Any) -> ParseContext:
        """Return the context of one response, the plugins' tables for this exchange in it."""
        ...

    def map_orders(
        self, exchange_id: str, payload: object, context: ParseContext
    ) -> list[Order[Any]]:
        """Send one response through the mapping hook and the observers."""
        ...

    def orders_parsed(self, exchange_id: str, orders: list[Order[Any]]) -> None:
        """Let the observers see orders that no mapping hook was asked about."""
        ...

    def warn(self, about: str, sentence: str) -> None:
        """Warn about an order one time; see `ParseContext.warn`."""
        ...

    def error_classes(self, exchange_id: str) -> Mapping[str, type[Exception]]:
        """Return exchange code, as text -> exception class."""
        ...


@hookspec
def dfx_register_exchanges() -> Iterable[ExchangeInfo]:  # type: ignore[empty-body]
    """Return the exchanges that this plugin serves. Called once per host.

    An id that another plugin has already claimed is an error that names both.
    """


@hookspec
def dfx_order_statuses(exchange_id: str) -> Mapping[object, str]:  # type: ignore[empty-body]
    """Return exchange status, as on the wire -> unified status, or an empty mapping.

    Keys are text or whole numbers, such as `{"PARTIALLY_FILLED": "open", 4: "canceled"}`; values
    are open, closed, canceled, expired or rejected. What comes out is `context.statuses`. Called
    once per exchange, when an object of it is connected or attached. Installed plugins add to the
    built-in table and override it, row by row; two of them that disagree about a row are an error
    that names both. An implementation that does not ask for `exchange_id` answers only for the
    exchanges that its own plugin registers.
    """


@hookspec
def dfx_error_classes(exchange_id: str) -> Mapping[object, type[Exception]]:  # type: ignore[empty-body]
    """Return exchange code -> exception class, or an empty mapping. Called once per exchange.

    The classes are ccxt's or derived from them. Merged as the statuses are.
    """


@hookspec(firstresult=True)
def dfx_parse_orders(
    exchange_id: str, payload: object, context: ParseContext
) -> list[Order[Any]] | None:
    """Map one response to unified orders; None says "not mine", and the next plugin is asked.

    `payload` is what the exchange sent, decoded: fractions as their exact text, whole numbers as
    int. Of DigiFinex it is the envelope, or its rows. Of an exchange of ccxt it is the list of the
    rows that ccxt's class hands to its `parse_order`, one call for an answer - what `fetch_order`
    reads is a list of one row -, by every method that reads orders: sync and asyncio, connected,
    attached, registered and launched. Offline it is what `parse_orders` was given: rows, or an
    envelope, which only a plugin that knows the exchange can unwrap.

    Methods that change orders do not ask: their answers are often stubs, which ccxt parses and the
    arguments of the call complete. Plugins that registered only other exchanges are not asked. One
    of ccxt's errors is passed on as it is, any other exception becomes a PluginError that names
    plugin, distribution and exchange.

    The answer is a new list with a dict for each order: every key of `dfx_adapter.Order`, an id
    that is not empty, a unified status or None, numbers of the type `context.number`, times in
    whole milliseconds or None, lists for trades and fees; `kit.order` makes one. It is checked: a
    PluginError names the plugin, the order and what is wrong. So is what a wrapper
    (`hookimpl(wrapper=True)`) makes of the answer of another.
    """


@hookspec
def dfx_orders_parsed(exchange_id: str, orders: tuple[Order[Any], ...]) -> None:
    """Observe the orders of one response: copies, so that nothing an observer does reaches others.

    What an observer raises is logged, never passed on.
    """
