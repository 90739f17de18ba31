"""Launching: a bot runs unchanged, with the adapter registered as soon as it imports ccxt.

The command is executed in place of this process, so its exit code and the signals it gets are its
own. Python's `sitecustomize` (docs.python.org, module `site`) does the rest, in child processes,
too.
"""

from __future__ import annotations

import errno
import keyword
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

SITE: Final = str(Path(__file__).with_name("site"))
ALIAS: Final = "DFX_ADAPTER_ALIAS"
PRO: Final = "DFX_ADAPTER_PRO"


ALIAS_EXPECTED: Final = "a name as Python's: letters, digits and underscores"


def is_alias(name: str) -> bool:
    """Tell whether a bot could find an exchange by this name: it is an attribute of a module."""
    return name.isidentifier() and not keyword.iskeyword(name)


def run(command: Sequence[str], *, alias: str | None = None, pro: bool = False) -> NoReturn:
    """Become the command.

    Raises:
        FileNotFoundError: there is no such command.
        ValueError: the alias can be no name.
    """
    if alias is not None and not is_alias(alias):
        raise ValueError(f"alias: expected {ALIAS_EXPECTED}, found {alias!r}")
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(errno.ENOENT, "no such command", command[0])
    paths = [SITE, *filter(None, [os.environ.get("PYTHONPATH")])]
    asked = {ALIAS: alias or "", PRO: "1" if pro else ""}
    environment = {**os.environ, **asked, "PYTHONPATH": os.pathsep.join(paths)}
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(program, list(command), environment)  # noqa: S606  # the user's own command
