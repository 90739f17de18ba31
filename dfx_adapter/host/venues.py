"""The exchanges that have a room of their own here: a new one is a folder, and its name below."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

# Folders beside this room, each with a module `plugin` that has the hooks; in the order of asking.
VENUES: Final = ("digifinex",)


def plugin_of(venue: str) -> ModuleType:
    """Return the module with the hooks of a venue."""
    return import_module(f"dfx_adapter.{venue}.plugin")
