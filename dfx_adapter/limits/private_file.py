"""A file that is its owner's alone: made so, narrowed to it, or refused."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_OWNERS: Final = 0o600
# What SQLite puts beside a file; it follows a link there, too.
_BESIDE: Final = ("", "-journal", "-wal", "-shm")


def make_private(path: Path) -> None:
    """Make a file of SQLite and its folder where they are not; see to it that they are private.

    Raises:
        OSError: it, or a file that SQLite would use with it, is a link, no plain file, or another
            user's; or it cannot be made.
    """
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            with suppress(FileExistsError):  # another process was quicker
                folder.mkdir(mode=0o700)
                folder.chmod(0o700)  # whatever the umask
    with suppress(FileExistsError):
        # Made by name, never opened again: to close any handle on a file lets go of SQLite's locks.
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNERS)
        try:
            path.chmod(_OWNERS)  # whatever the umask
        finally:
            os.close(made)
    for suffix in _BESIDE:
        beside = path.with_name(path.name + suffix)
        with suppress(FileNotFoundError):
            _narrow(beside, beside.lstat())


def _narrow(path: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise PermissionError(f"{path} is a link, which is not followed")
    if not stat.S_ISREG(found.st_mode):
        raise PermissionError(f"{path} is no plain file")
    if found.st_nlink > 1:
        raise PermissionError(f"{path} has another name, too: it is linked {found.st_nlink} times")
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise PermissionError(f"{path} is another user's")
    if stat.S_IMODE(found.st_mode) != _OWNERS:
        path.chmod(_OWNERS)
