"""Where lines are put: at the end of a file that several processes may share, whole, or not at all.

Nothing here raises: what keeps a line from being written is warned of once, and the bot trades on.
The file is opened for each line, so that one that was moved away, or made meanwhile, is no matter.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter.excerpts import excerpt, printable

if TYPE_CHECKING:
    from os import PathLike

_OWNERS: Final = 0o600
_OTHERS: Final = 0o077
# Neither a pipe that nobody reads nor one that is full may keep a bot waiting.
_FLAGS: Final = (
    os.O_WRONLY
    | os.O_APPEND
    | os.O_CREAT
    | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
)
_REASONS: Final[Mapping[int, str]] = {
    errno.ENXIO: "nobody reads that pipe",
    errno.EPIPE: "nobody reads that pipe",
    errno.EAGAIN: "whoever reads that pipe is too slow",
}
MOST: Final = 256 << 20  # bytes of a file, unless its option says otherwise

_warned: Final[set[tuple[str, str]]] = set()
_torn: Final[set[str]] = set()  # files whose last line is not whole

logger: Final = logging.getLogger("dfx_adapter")


class Settings(NamedTuple):
    """Where answers are recorded: a whole path, the bytes it may have, and which answers."""

    file: str
    bytes: int = MOST
    all: bool = False


def settings(option: str | PathLike[str] | Mapping[str, Any]) -> Settings:
    """Return what `options["record"]` says; relative paths are those of now."""
    given: dict[str, Any] = dict(option) if isinstance(option, Mapping) else {"file": option}
    return Settings(
        os.path.abspath(given["file"]),  # noqa: PTH100  # Path.resolve would follow links
        given.get("bytes") or MOST,
        bool(given.get("all")),
    )


def append(where: Settings, line: bytes) -> bool:
    """Put a line at the end of a file; tell whether it is there."""
    try:
        file = os.open(where.file, _FLAGS, _OWNERS)
        try:
            return _append(where, file, line)
        finally:
            os.close(file)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        warn(where.file, f"{reason}; what cannot be written is left out")
        return False


def _append(where: Settings, file: int, line: bytes) -> bool:
    found = os.fstat(file)
    if stat.S_ISREG(found.st_mode):
        if found.st_size + len(line) > where.bytes:
            warn(where.file, f"recording has ended: the file may have {where.bytes} bytes")
            return False
        if found.st_mode & _OTHERS and hasattr(os, "geteuid") and found.st_uid == os.geteuid():
            os.fchmod(file, _OWNERS)
    left = b"\n" + line if where.file in _torn else line
    _torn.add(where.file)
    while left:  # one time, unless a disk is full or a pipe
        left = left[os.write(file, left) :]
    _torn.discard(where.file)
    return True


def identity(where: Settings) -> tuple[int, int] | None:
    """Return what tells a file from another one that has had its name; None where there is none."""
    try:
        found = Path(where.file).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def warn(file: str, reason: str) -> None:
    """Warn of something about a recording, one time only."""
    if (file, reason) not in _warned:
        _warned.add((file, reason))
        logger.warning("record %s: %s", printable(excerpt(file)), printable(excerpt(reason)))
