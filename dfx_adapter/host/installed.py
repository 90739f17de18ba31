"""Finding the installed plugins: entry points of the group `dfx_adapter`.

`importlib.metadata` finds them, but its import and its search take a quarter of the time until a
process has its first order. So it is asked only where the folders of `sys.path` show that it could
find one; whatever is not a folder is left to it.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Final

from dfx_adapter.hookspecs import PROJECT
from dfx_adapter.host.plugins import PluginInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import EntryPoint

_SECTION: Final = f"[{PROJECT}]".encode()


def installed() -> Iterator[tuple[EntryPoint, PluginInfo]]:
    """Yield the installed plugins by distribution and name, whatever the order of sys.path."""
    if not (_has_other_finders() or any(map(_may_hold_a_plugin, sys.path))):
        return
    from importlib.metadata import entry_points  # noqa: PLC0415  # takes milliseconds

    by_name = sorted(
        entry_points(group=PROJECT), key=lambda one: (_distribution(one) or "", one.name)
    )
    for entry_point in by_name:
        yield entry_point, PluginInfo(entry_point.name, "entry point", _distribution(entry_point))


def _distribution(entry_point: EntryPoint) -> str | None:
    return f"{entry_point.dist.name} {entry_point.dist.version}" if entry_point.dist else None


def _has_other_finders() -> bool:
    """Tell whether distributions are found by others than the finder of folders and zip files."""
    return any(
        hasattr(finder, "find_distributions") for finder in sys.meta_path if finder != PathFinder
    )


def _may_hold_a_plugin(folder: str) -> bool:
    """Tell whether a distribution in an entry of sys.path could have an entry point of ours.

    True where that cannot be known: a zip file, a folder or a file that cannot be read.
    """
    try:
        with os.scandir(folder or ".") as entries:
            # foo-1.0.dist-info, foo.egg-info, and EGG-INFO within an egg
            infos = [entry.path for entry in entries if entry.name.lower().endswith("-info")]
    except FileNotFoundError:
        return False
    except (OSError, TypeError, ValueError):
        return True
    return any(map(_declares_a_plugin, infos))


def _declares_a_plugin(info: str) -> bool:
    try:
        with open(f"{info}/entry_points.txt", "rb") as stream:  # noqa: PTH123  # takes milliseconds
            return _SECTION in stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
