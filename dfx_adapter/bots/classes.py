"""Our classes over a bot's: what `register` puts into ccxt, and `attach` under an object."""

from __future__ import annotations

import importlib
import itertools
import logging
import re
from typing import TYPE_CHECKING, Any, Final

import ccxt.async_support

from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex
from dfx_adapter.digifinex.sync import DigiFinex
from dfx_adapter.exchanges import pickled
from dfx_adapter.exchanges.ccxt_classes import stock_class, unified_over
from dfx_adapter.exchanges.unified import Unified
from dfx_adapter.hookspecs import PROJECT
from dfx_adapter.recordings import recorder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.hookspecs import Factory

_AFTER_UNDERSCORE: Final = re.compile(r"_([a-z])")
# ccxt's own class, sync (False) and asyncio (True), whatever stands under its name in ccxt by now.
_STOCK: Final[dict[bool, Any]] = {
    True: AsyncDigiFinex.__bases__[-1],
    False: DigiFinex.__bases__[-1],
}
_OURS: Final[dict[bool, Any]] = {True: AsyncDigiFinex, False: DigiFinex}
# What we add to an exchange of ccxt without calling what a class may have of that name.
_ADDED: Final = frozenset({"fetch_orders_by_ids", "wait_for_order"})
# What DigiFinex's rows do not pass through: they are mapped by the hooks.
_PASSED_BY: Final = frozenset({"parse_order", "parse_orders", "parse_order_status", "safe_order"})

logger: Final = logging.getLogger(PROJECT)


def is_asynchronous(base: type) -> bool:
    """Return whether a ccxt class is an asyncio class."""
    return issubclass(base, ccxt.async_support.Exchange)


def class_over(base: Any) -> Any:
    """Return the adapter's class over a ccxt class, or over a bot's own subclass of one.

    What a bot's class overrides stays: it runs instead of ours, and `super()` in it is ours. A
    warning names what runs no more.
    """
    if issubclass(base, (*_OURS.values(), Unified)):
        return base
    ours, stock = _OURS[is_asynchronous(base)], _STOCK[is_asynchronous(base)]
    names = _overridden(base)
    try:
        cls = _under(base, ours) if issubclass(base, stock) else _around(base, names)
        lost = sorted(names & _PASSED_BY) if issubclass(base, stock) else []
    except TypeError:  # there is no order of the classes in which theirs come before ours
        cls = type(base.__name__, (ours, base), {"__module__": base.__module__})
        lost = sorted(names & _names_of(ours, stock))
    if lost:
        logger.warning(
            "attach: %s.%s: the adapter does not call what the class overrides there",
            *(base.__name__, f", {base.__name__}.".join(lost)),
        )
    alias_camel_case(cls, base)
    return pickled.remember(cls, class_over, base)


def _under(base: type, ours: type) -> type:
    """Put our class between a bot's and ccxt's."""
    bases = (ours,) if base in _STOCK.values() else (base, ours)
    return type(base.__name__, bases, {"__module__": base.__module__})


def _around(base: type, names: frozenset[str]) -> type:
    """Put our additions around a class: they call what it overrides, and add no name it has."""
    cls = unified_over(base)
    kept = {name: getattr(base, name) for name in names & _ADDED}
    return type(base.__name__, (cls,), {"__module__": base.__module__, **kept})


def _overridden(base: type) -> frozenset[str]:
    """Return the names that a bot's own classes define, above ccxt's."""
    own = itertools.takewhile(lambda cls: not cls.__module__.startswith("ccxt."), base.__mro__)
    return frozenset(name for cls in own for name in vars(cls) if not name.startswith("__"))


def _names_of(ours: type, stock: type) -> set[str]:
    """Return what our classes define above ccxt's, in snake case: ccxt makes the other."""
    layers = ours.__mro__[: ours.__mro__.index(stock)]
    return {name for layer in layers for name in vars(layer) if name.islower()}


def registered_class(exchange_id: str, host: Any, module: str, asynchronous: bool) -> type:  # noqa: FBT001  # as it is pickled
    """Return the DigiFinex class that stands in a module of ccxt under an id, bound to a host."""
    ours = _OURS[asynchronous]

    def describe(self: Any) -> Any:
        return self.deep_extend(ours.describe(self), {"id": exchange_id})

    def build(self: Any, config: Mapping[str, Any] | None = None) -> None:
        ours.__init__(self, dict(config or {}))
        self.dfx_bind(host)
        recorder.bind(self)

    own = {"dfx_host": host, "describe": describe, "__init__": build}
    cls = type(exchange_id, (ours,), {"__module__": module, **own})
    return pickled.remember(cls, registered_class, exchange_id, host, module, asynchronous)


def bound_class(exchange_id: str, host: Any, module: str) -> type:
    """Return our class over ccxt's own of an exchange, for a module of ccxt, bound to a host."""
    home = importlib.import_module(module)
    if not hasattr(home, exchange_id):  # ccxt.pro has not all
        home = ccxt.async_support
    ours = class_over(stock_class(exchange_id, home))

    def build(self: Any, config: Mapping[str, Any] | None = None) -> None:
        ours.__init__(self, dict(config or {}))
        self.dfx_bind(host)
        recorder.bind(self)

    own = {"__module__": module, "dfx_host": host, "__init__": build}
    return pickled.remember(type(exchange_id, (ours,), own), bound_class, exchange_id, host, module)


def connecting_class(name: str, connect: Factory, module: str, *, asynchronous: bool) -> type:
    """Return the class that stands for a plugin's exchange: building it builds what it connects."""

    def build(cls: type, config: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG001  # __new__
        return connect(dict(config or {}), asynchronous=asynchronous)

    return type(name, (), {"__module__": module, "__new__": build})


def alias_camel_case(cls: type, base: type) -> None:
    """Give a class the camelCase names of what our classes add to a base.

    ccxt does so when an object is built; an attached object was built by another class.
    """
    for layer in cls.__mro__:
        for name, value in [] if layer in base.__mro__ else list(vars(layer).items()):
            camel = _AFTER_UNDERSCORE.sub(lambda match: match[1].upper(), name)
            if not name.startswith("_") and camel != name and callable(value):
                setattr(cls, camel, getattr(cls, name))
