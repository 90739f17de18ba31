"""Our classes over a bot's: what `register` puts into ccxt, and `attach` under an object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import ccxt.async_support

from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex
from dfx_adapter.digifinex.sync import DigiFinex
from dfx_adapter.unified.ccxt_classes import unified_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.hookspecs import Factory, HookCaller

_AFTER_UNDERSCORE: Final = re.compile(r"_([a-z])")
# ccxt's own class of each colour, whatever stands under its name in ccxt by now.
_STOCK: Final[dict[bool, Any]] = {
    True: AsyncDigiFinex.__bases__[-1],
    False: DigiFinex.__bases__[-1],
}
_OURS: Final[dict[bool, Any]] = {True: AsyncDigiFinex, False: DigiFinex}


def is_asynchronous(base: type) -> bool:
    """Tell the colour of a ccxt class."""
    return issubclass(base, ccxt.async_support.Exchange)


def class_over(base: type) -> type:
    """Return the adapter's class over a ccxt class, or over a bot's own subclass of one."""
    asynchronous = is_asynchronous(base)
    ours, stock = _OURS[asynchronous], _STOCK[asynchronous]
    if issubclass(base, ours):
        return base
    if not issubclass(base, stock):
        cls: type = unified_over(base)
        return cls
    bases = (ours,) if base is stock else (ours, base)
    return type(base.__name__, bases, {"__module__": base.__module__})


def registered_class(
    exchange_id: str, host: HookCaller, module: str, *, asynchronous: bool
) -> type:
    """Return the DigiFinex class that stands in a module of ccxt under an id, bound to a host."""
    ours = _OURS[asynchronous]

    def describe(self: Any) -> Any:
        return self.deep_extend(ours.describe(self), {"id": exchange_id})

    def build(self: Any, config: Mapping[str, Any] | None = None) -> None:
        ours.__init__(self, dict(config or {}))
        self.dfx_bind(host)

    own = {"dfx_host": host, "describe": describe, "__init__": build}
    return type(exchange_id, (ours,), {"__module__": module, **own})


def connecting_class(name: str, connect: Factory, module: str, *, asynchronous: bool) -> type:
    """Return the class that stands for a plugin's exchange: building it builds what it connects."""

    def build(cls: type, config: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG001  # __new__
        return connect(config or {}, asynchronous=asynchronous)

    return type(name, (), {"__module__": module, "__new__": build})


def alias_camel_case(cls: type, base: type) -> None:
    """Give a class the camelCase names of what it adds to its base.

    ccxt does so when an object is built; an attached object was built by another class.
    """
    for layer in cls.__mro__[: cls.__mro__.index(base)]:
        for name, value in list(vars(layer).items()):
            camel = _AFTER_UNDERSCORE.sub(lambda match: match[1].upper(), name)
            if not name.startswith("_") and camel != name and callable(value):
                setattr(cls, camel, getattr(cls, name))
