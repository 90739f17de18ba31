"""Finding, registering and asking plugins; the failure of one is kept apart from the rest."""

from __future__ import annotations

import inspect
from functools import partial
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import pluggy
from msgspec.structs import replace

from dfx_adapter import hookspecs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import CodeType, TracebackType


class PluginInfo(msgspec.Struct, frozen=True):
    """A plugin as `dfx-adapter plugins` shows it.

    Attributes:
        name: of the entry point, or of the module or class given.
        origin: `built-in`, `given` or `entry point`.
        distribution: name and version of the distribution that brought it, where there is one.
        status: `active` or `failed`.
        hooks: the hooks it implements.
        exchanges: the ids it serves.
        error: why it failed.
    """

    name: str
    origin: Literal["built-in", "given", "entry point"]
    distribution: str | None = None
    status: Literal["active", "failed"] = "active"
    hooks: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()
    error: str | None = None

    def __str__(self) -> str:
        brought = f" (distribution {self.distribution})" if self.distribution else ""
        return f"plugin {self.name!r}{brought}"


class PluginFault(Exception):
    """Why a plugin cannot be used; the host decides whether that stops it."""


class Plugins:
    """The plugin manager, with a table of who is who."""

    def __init__(self) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.infos: dict[str, PluginInfo] = {}

    def register(self, plugin: object, info: PluginInfo) -> None:
        """Register one plugin, or leave no trace of it.

        Raises:
            PluginFault: it is registered already, implements no hook, misspells one, names an
                argument that its hook does not have, or is async.
        """
        if plugin is None or self.manager.is_registered(plugin):
            raise PluginFault(f"{info}: no plugin, or already registered")
        try:
            self.manager.register(plugin, name=info.name)
            self.manager.check_pending()
        except (pluggy.PluginValidationError, TypeError) as error:
            self.forget(plugin)
            raise PluginFault(f"{info}: {error}") from error
        callers = self.manager.get_hookcallers(plugin) or []
        hooks = tuple(sorted(caller.name for caller in callers))
        fault = None if hooks else "implements none of the hooks"
        for hook in filter(partial(self._is_async, plugin), hooks):
            fault = f"{hook} is async; hooks are synchronous and without I/O"
        if fault:
            self.forget(plugin)
            raise PluginFault(f"{info}: {fault}")
        self.infos[info.name] = replace(info, hooks=hooks)

    def forget(self, plugin: object) -> None:
        """Unregister a plugin, wherever its registration stopped: pluggy 1.6 keeps it."""
        if self.manager.is_registered(plugin):
            self.manager.unregister(plugin)

    def fail(self, info: PluginInfo, error: BaseException) -> None:
        """Keep the reason why a plugin is not used."""
        reason = (
            str(error) if isinstance(error, PluginFault) else f"{type(error).__name__}: {error}"
        )
        self.infos[info.name] = replace(info, status="failed", error=reason)

    def free_name(self, name: str) -> str:
        """Return the name, numbered where another plugin has it already."""
        names = (name, *(f"{name}-{number}" for number in range(2, len(self.infos) + 3)))
        return next(free for free in names if free not in self.infos)

    def serves(self, name: str, exchanges: Iterable[str]) -> None:
        """Keep which exchanges a plugin serves."""
        self.infos[name] = replace(self.infos[name], exchanges=tuple(exchanges))

    def active(self) -> Iterator[str]:
        """Yield the names of the plugins in use, built-in ones first."""
        return (name for name, info in self.infos.items() if info.status == "active")

    def without(self, hook: str, names: Iterable[str]) -> pluggy.HookCaller:
        """Return the caller of a hook that leaves out some plugins."""
        return self.manager.subset_hook_caller(hook, map(self.manager.get_plugin, names))

    def alone(self, name: str, hook: str) -> pluggy.HookCaller:
        """Return a caller that asks one plugin, so that it is known whose answer it is."""
        return self.without(hook, (other for other in self.active() if other != name))

    def asks_for(self, name: str, hook: str, argument: str) -> bool:
        """Tell whether the plugin's implementation of a hook names that argument."""
        implementations = self._implementations(hook, self.manager.get_plugin(name))
        return any(argument in one.argnames for one in implementations)

    def culprit(self, hook: str, traceback: TracebackType | None) -> PluginInfo | None:
        """Return the plugin in whose implementation of the hook an exception came up.

        Where implementations share their code (one class, one decorator), it is the one that pluggy
        was calling.
        """
        frames = [frame for frame, _ in walk_tb(traceback)]
        codes = {frame.f_code for frame in frames}
        suspects = [one for one in self._implementations(hook) if codes & _codes(one.function)]
        if len(suspects) != 1:
            called = [frame.f_locals.get("hook_impl") for frame in frames]
            suspects = [one for one in called if isinstance(one, pluggy.HookImpl)]
        return self.infos[suspects[-1].plugin_name] if suspects else None

    def _implementations(self, hook: str, plugin: object = None) -> list[pluggy.HookImpl]:
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        every = caller.get_hookimpls()
        return [one for one in every if plugin is None or one.plugin is plugin]

    def _is_async(self, plugin: object, hook: str) -> bool:
        functions = [one.function for one in self._implementations(hook, plugin)]
        return any(map(inspect.iscoroutinefunction, functions)) or any(
            map(inspect.isasyncgenfunction, functions)
        )


def _codes(function: Callable[..., Any]) -> set[CodeType]:
    """Return the code of a function and of what it decorates."""
    layers: tuple[Any, Any] = (function, inspect.unwrap(function))
    return {layer.__code__ for layer in layers if hasattr(layer, "__code__")}
