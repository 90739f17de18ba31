"""DigiFinex order status, mapped exactly onto ccxt's unified orders through pluggy hooks.

`connect` gives an exchange object that is a ccxt exchange; `parse_orders` maps recorded answers
offline; `AdapterHost` is both of them with plugins of your own. Importing this package loads no
plugin and does not import ccxt.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dfx_adapter import kit as kit
    from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex
    from dfx_adapter.digifinex.sync import DigiFinex

    # Not in __all__, since whoever imports * would import ccxt; offered all the same.
    from dfx_adapter.errors import NotRecorded as NotRecorded
    from dfx_adapter.errors import PluginError as PluginError
    from dfx_adapter.errors import RateLimited as RateLimited
    from dfx_adapter.errors import UnknownExchange as UnknownExchange
    from dfx_adapter.errors import UnknownStatus as UnknownStatus
    from dfx_adapter.exchanges.kinds import AsyncExchange as AsyncExchange
    from dfx_adapter.exchanges.kinds import Exchange as Exchange
    from dfx_adapter.exchanges.kinds import StockAsyncExchange, StockExchange
    from dfx_adapter.hookspecs import ExchangeInfo, ParseContext, hookimpl
    from dfx_adapter.host import AdapterHost, PluginInfo
    from dfx_adapter.host.replaying import Replay
    from dfx_adapter.order import N, Order

__all__ = [
    "AdapterHost",
    "ExchangeInfo",
    "Order",
    "ParseContext",
    "PluginInfo",
    "__version__",
    "attach",
    "connect",
    "detach",
    "hookimpl",
    "kit",
    "parse_orders",
    "register",
    "replay",
    "unregister",
]

__version__ = "0.2.0"


# Where the other names are; imported when they are first used, so that importing this costs little.
_HOMES: Final = {
    "AdapterHost": "dfx_adapter.host",
    "AsyncExchange": "dfx_adapter.exchanges.kinds",
    "Exchange": "dfx_adapter.exchanges.kinds",
    "ExchangeInfo": "dfx_adapter.hookspecs",
    "NotRecorded": "dfx_adapter.errors",
    "Order": "dfx_adapter.order",
    "ParseContext": "dfx_adapter.hookspecs",
    "PluginError": "dfx_adapter.errors",
    "PluginInfo": "dfx_adapter.host",
    "RateLimited": "dfx_adapter.errors",
    "UnknownExchange": "dfx_adapter.errors",
    "UnknownStatus": "dfx_adapter.errors",
    "hookimpl": "dfx_adapter.hookspecs",
}

if not TYPE_CHECKING:  # a type checker takes a module with __getattr__ to have every name

    def __getattr__(name: str) -> Any:
        if name == "kit":  # for authors of plugins
            return import_module("dfx_adapter.kit")
        if name not in _HOMES:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=sys.modules[__name__])
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, "kit"})


@lru_cache(maxsize=1)
def _default_host() -> AdapterHost:
    """Return the host with the installed plugins; made when it is first needed."""
    from dfx_adapter.host import AdapterHost  # noqa: PLC0415  # as _HOMES

    return AdapterHost()


@overload
def connect(
    exchange_id: Literal["digifinex"],
    config: Mapping[str, Any] | None = None,
    *,
    asynchronous: Literal[False] = False,
) -> DigiFinex: ...
@overload
def connect(
    exchange_id: Literal["digifinex"],
    config: Mapping[str, Any] | None = None,
    *,
    asynchronous: Literal[True],
) -> AsyncDigiFinex: ...
@overload
def connect(
    exchange_id: str,
    config: Mapping[str, Any] | None = None,
    *,
    asynchronous: Literal[False] = False,
) -> Exchange: ...
@overload
def connect(
    exchange_id: str,
    config: Mapping[str, Any] | None = None,
    *,
    asynchronous: Literal[True],
) -> AsyncExchange: ...
@overload
def connect(
    exchange_id: str, config: Mapping[str, Any] | None = None, *, asynchronous: bool
) -> Exchange | AsyncExchange: ...
def connect(
    exchange_id: str, config: Mapping[str, Any] | None = None, *, asynchronous: bool = False
) -> Any:
    """Return an exchange object that is a ccxt exchange: of `ccxt`, or of `ccxt.async_support`.

    It can do all that ccxt's can, and has `fetch_orders_by_ids` and `wait_for_order`; all orders
    that it reads or changes have every key of `Order` and keep its rules.

    Args:
        exchange_id: `digifinex`, an id that a plugin registers, or any id of ccxt.
        config: ccxt's own config dict: `apiKey`, `secret`, `options`, `urls`, `proxies`...
        asynchronous: True for the asyncio class, whose methods are awaited; close it in the end.

    Raises:
        UnknownExchange: nobody serves that id. A ccxt.NotSupported.
        PluginError: a plugin's tables for the exchange cannot be used. A ccxt.ExchangeError.
        ccxt.BadRequest: something in the config cannot be.
    """
    return _default_host().connect(exchange_id, config, asynchronous=asynchronous)


if TYPE_CHECKING:
    replay: Replay
else:

    def replay(
        file: Any,
        exchange: Any = None,
        config: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
        asynchronous: bool = False,
    ) -> Any:
        """Return an exchange object that is answered from a recording; it sends nothing.

        The nth call of a method with the same arguments gets the nth recorded answer, and goes the
        way of any answer: bytes to orders, or to the error. What only reads gets the last answer
        again. The clock of the object is that of the recording. `recorded_calls()` of it lists what
        is there.

        Args:
            file: what `options["record"]` has written: a path, or a file of bytes.
            exchange: which of the exchanges in it; or an exchange object of ccxt, which is then
                answered so itself.
            config: ccxt's config dict, such as `{"number": Decimal}`; keys are not needed.
            account: which of the accounts, by the eight digits that its lines have.
            asynchronous: True for the asyncio class.

        Raises:
            OSError: the file cannot be read.
            ccxt.BadRequest: it has several exchanges or accounts and none is named, or not that
                one.

        A call that is not in it raises `NotRecorded`, a ccxt.ExchangeError. Lines that cannot be
        read are warned of and left out.
        """
        return _default_host().replay(
            file, exchange, config, account=account, asynchronous=asynchronous
        )


@overload
def parse_orders(exchange_id: str, body: object) -> list[Order]: ...
@overload
def parse_orders(
    exchange_id: str, body: object, *, number: Callable[[str], N]
) -> list[Order[N]]: ...
def parse_orders(
    exchange_id: str, body: object, *, number: Callable[[str], Any] = float
) -> list[Order[Any]]:
    """Map a recorded answer to unified orders, in the order of its rows, without any network.

    Args:
        exchange_id: whose answer it is.
        body: bytes, bytearray, memoryview or str (a byte order mark is no fault), or decoded JSON:
            the envelope, or a list of rows alone. Of another exchange than DigiFinex, rows as
            ccxt's class hands them to its `parse_order`; the envelope, where an installed plugin
            knows it.
        number: type of the numbers: float, or Decimal or str to keep every digit.

    Raises:
        ccxt.BadResponse: the body breaks the documents; the error has `path`, `found`, `expected`,
            and the good rows as `orders`.
        UnknownStatus: a status that no table knows, likewise. A ccxt.ExchangeError.
        PluginError: a plugin failed, or answered what is no list of whole orders.
        ccxt.ExchangeError: the body is an error of the exchange; its code tells the class.
    """
    return _default_host().parse_orders(exchange_id, body, number=number)


def register(
    alias: str | None = None,
    pro: bool = False,  # noqa: FBT001, FBT002  # as in ccxt's own helpers
    *,
    exchange_id: str = "digifinex",
) -> None:
    """Put the adapter's classes into ccxt: bots that look exchanges up by name find them.

    Sets the class on `ccxt` and `ccxt.async_support` and appends its name to their `exchanges`.
    Doing it twice changes nothing more. Objects built before stay; `attach` is for those.

    Args:
        alias: a new name, such as `digifinexplus`; ccxt's own class stays under its own.
        pro: whether to register with `ccxt.pro`, too (its `digifinex` has no WebSocket methods).
        exchange_id: another exchange: any id of ccxt, or one that an installed plugin registers.
    """
    _default_host().register(alias, exchange_id=exchange_id, pro=pro)


def unregister() -> None:
    """Put ccxt's modules back as they were. Objects built meanwhile keep the adapter's methods."""
    from dfx_adapter.bots import registry  # noqa: PLC0415  # imports ccxt

    registry.unregister()


@overload
def attach(exchange: StockAsyncExchange) -> AsyncExchange: ...
@overload
def attach(exchange: StockExchange) -> Exchange: ...
def attach(exchange: Any) -> Any:
    """Give an exchange object that a bot has built the adapter's methods, in place, and return it.

    It gains our methods in snake and camel case, our `has` and our error classes; its options, rate
    limit, markets, session and credentials stay. It stays attached after `unregister`.
    """
    return _default_host().attach(exchange)


def detach(exchange: Any) -> Any:
    """Make an attached exchange object again what it was, and return it."""
    from dfx_adapter.bots import attachment  # noqa: PLC0415  # imports ccxt

    return attachment.detach(exchange)
