"""Registering: ccxt's modules find the adapter's class under a name, until it is taken back."""

from __future__ import annotations

import importlib
import sys
import threading
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.bots import aliases
from dfx_adapter.bots.classes import bound_class, connecting_class, registered_class
from dfx_adapter.digifinex.answers.envelope import EXCHANGE

if TYPE_CHECKING:
    from dfx_adapter.hookspecs import Factory, HookCaller

# Module of ccxt -> whether its classes are asynchronous.
MODULES: Final = {"ccxt": False, "ccxt.async_support": True}
PRO: Final = {"ccxt.pro": True}


class _Taken(NamedTuple):
    """What stood in a module of ccxt before, to be put back."""

    module: ModuleType
    name: str
    was: Any  # None where there was nothing
    listed: bool


_taken: Final[dict[tuple[ModuleType, str], _Taken]] = {}
# Modules that give our class to who looks from outside -> the class that they had.
_dressed: Final[dict[ModuleType, type[ModuleType]]] = {}
_lock: Final = threading.RLock()


def register(
    host: HookCaller, connect: Factory | None, exchange_id: str, *, alias: str | None, pro: bool
) -> None:
    """Put the class of an exchange into ccxt's modules, under its own id or an alias.

    `connect` builds the exchange of another plugin; None stands for ccxt's class of that id. Doing
    it again changes only the class.

    Raises:
        ccxt.BadRequest: the alias is the name of another exchange: its keys would go to this one;
            or it can be no name.
    """
    if alias is not None and not aliases.is_alias(alias):
        raise errors.describe(
            errors.BadRequest,
            f"register: alias: expected {aliases.EXPECTED}, found {alias!r}",
            exchange_id=exchange_id,
            found=alias,
            expected=aliases.EXPECTED,
        )
    name = alias or exchange_id
    with _lock:
        for module_name, asynchronous in {**MODULES, **(PRO if pro else {})}.items():
            module = importlib.import_module(module_name)
            if exchange_id == EXCHANGE:
                cls = registered_class(name, host, module_name, asynchronous)
            elif connect is None:
                cls = bound_class(exchange_id, host, module_name)
            else:
                cls = connecting_class(name, connect, module_name, asynchronous=asynchronous)
            listed = name in module.exchanges
            if listed and name != exchange_id and (module, name) not in _taken:
                raise errors.describe(
                    errors.BadRequest,
                    f"register: {name!r} is an exchange of ccxt's own; an alias must be a new name",
                    exchange_id=exchange_id,
                    found=name,
                    expected="a new name",
                )
            _put(module, name, cls, listed=listed)
            if not listed:
                module.exchanges.append(name)


def register_in_own_modules(name: str) -> None:
    """Let `from ccxt.NAME import NAME` find what stands in ccxt under that name, too.

    Only who looks from outside finds it: the module's own code names its class there, in `super()`.
    Stock objects cannot be pickled meanwhile: pickle looks their class up there.
    """
    with _lock:
        for package in MODULES:
            own = sys.modules.get(f"{package}.{name}")
            if own is not None:
                cls = getattr(sys.modules[package], name)
                # After a reload it has another class there than its objects, and ours, are of.
                vars(own)[name] = _stock(own, cls) or vars(own)[name]
                _dressed.setdefault(own, type(own))
                own.__class__ = _module_giving(name, cls)


def _stock(module: ModuleType, cls: type) -> type | None:
    """Return the class of a module of ccxt that one of ours is over; those above have its name."""
    names = (module.__name__, module.__name__.rpartition(".")[2])
    bases = (base for base in reversed(cls.__mro__) if (base.__module__, base.__name__) == names)
    return next(bases, None)


def _module_giving(name: str, cls: type) -> type[ModuleType]:
    """Return a class of modules that give `cls` under a name; what else is put there holds."""

    def replace(module: ModuleType, value: Any) -> None:
        module.__class__ = _dressed.pop(module)
        setattr(module, name, value)

    return type("module", (ModuleType,), {name: property(lambda _: cls, replace)})


def _put(module: ModuleType, name: str, cls: type, *, listed: bool) -> None:
    taken = _Taken(module, name, getattr(module, name, None), listed)
    _taken.setdefault((module, name), taken)
    setattr(module, name, cls)


def unregister() -> None:
    """Put everything back as it was before the first `register`."""
    with _lock:
        while _taken:
            _, taken = _taken.popitem()
            _put_back(taken)
        while _dressed:
            module, was = _dressed.popitem()
            module.__class__ = was


def _put_back(taken: _Taken) -> None:
    if taken.was is None:
        delattr(taken.module, taken.name)
    else:
        setattr(taken.module, taken.name, taken.was)
    if not taken.listed:
        taken.module.exchanges.remove(taken.name)
