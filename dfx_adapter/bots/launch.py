"""Launching: a bot runs unchanged, with the adapter registered as soon as it imports ccxt.

The command is executed in place of this process, so its exit code and the signals it gets are its
own. Python's `sitecustomize` (docs.python.org, module `site`) does the rest, in child processes,
too.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from dfx_adapter.bots import aliases

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SITE: Final = str(Path(__file__).with_name("site"))
ALIAS: Final = "DFX_ADAPTER_ALIAS"
PRO: Final = "DFX_ADAPTER_PRO"
EXCHANGES: Final = "DFX_ADAPTER_EXCHANGES"
RECORD: Final = "DFX_ADAPTER_RECORD"

# Python's options with which it reads no sitecustomize, or no PYTHONPATH, where that is.
_PYTHON: Final = re.compile(r"(python|pypy)[0-9.]*(\.exe)?", re.IGNORECASE)
_DEAF: Final = re.compile(r"-[A-Za-z]*[IES][A-Za-z]*")
_WITH_VALUE: Final = ("-W", "-X")

_registering = threading.local()
logger: Final = logging.getLogger("dfx_adapter")


def run(
    command: Sequence[str],
    *,
    alias: str | None = None,
    pro: bool = False,
    exchanges: Sequence[str] = ("digifinex",),
    record: Path | None = None,
) -> NoReturn:
    """Become the command; its exchange objects record to the file, where one is given.

    Raises:
        FileNotFoundError: there is no such command.
        ValueError: the alias can be no name, or is to stand for several exchanges; or an exchange
            can be none.
    """
    wrong = next((name for name in exchanges if not aliases.is_alias(name)), None)
    if wrong is not None:
        raise ValueError(f"exchange: expected an id of ccxt, found {wrong!r}")
    if alias is not None and len(exchanges) > 1:
        raise ValueError(f"alias: one name for {len(exchanges)} exchanges")
    if alias is not None and not aliases.is_alias(alias):
        raise ValueError(f"alias: expected {aliases.EXPECTED}, found {alias!r}")
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(errno.ENOENT, "no such command", command[0])
    deaf = _deaf_option(command)
    if deaf is not None:
        _report(f"{command[0]} {deaf} reads no PYTHONPATH: the bot gets ccxt's own classes")
    paths = [SITE, *filter(None, [os.environ.get("PYTHONPATH")])]
    asked = {ALIAS: alias or "", PRO: "1" if pro else "", EXCHANGES: ",".join(exchanges)}
    asked[RECORD] = "" if record is None else str(record.absolute())
    environment = {**os.environ, **asked, "PYTHONPATH": os.pathsep.join(paths)}
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(program, list(command), environment)  # noqa: S606  # the user's own command


def register(in_ccxt: Callable[..., None]) -> None:
    """Register in a launched bot whenever it has imported ccxt, and report what prevents it.

    A bot that has thrown ccxt's modules away and imports them anew has other classes of errors than
    ours; it keeps ccxt's own exchange, so that it catches what it expects.

    Args:
        in_ccxt: `dfx_adapter.register`.
    """
    if getattr(_registering, "now", False):
        return  # what registering imports
    _registering.now = True
    try:
        _register(in_ccxt, os.environ.get(ALIAS) or None, pro=bool(os.environ.get(PRO)))
    except Exception as error:
        _report(f"the bot gets ccxt's own classes: {type(error).__name__}: {error}")
        raise
    finally:
        _registering.now = False


def _register(in_ccxt: Callable[..., None], alias: str | None, *, pro: bool) -> None:
    from dfx_adapter import errors  # noqa: PLC0415  # in a bot's process only
    from dfx_adapter.bots import registry  # noqa: PLC0415  # imports ccxt
    from dfx_adapter.recordings import recorder  # noqa: PLC0415  # same

    if sys.modules["ccxt"].BaseError is not errors.BaseError:
        _report("ccxt was imported anew, all of it: from here on the bot gets ccxt's own classes")
        return
    if os.environ.get(RECORD):
        recorder.record_all(os.environ[RECORD])
    for exchange_id in (os.environ.get(EXCHANGES) or "digifinex").split(","):
        in_ccxt(alias, pro=pro, exchange_id=exchange_id)
        if alias is None:
            registry.register_in_own_modules(exchange_id)


def _deaf_option(command: Sequence[str]) -> str | None:
    """Return the option with which Python reads no PYTHONPATH or no sitecustomize."""
    if not _PYTHON.fullmatch(Path(command[0]).name):
        return None
    options = iter(command[1:])
    for option in options:
        if not option.startswith("-") or option in {"-", "-c", "-m"}:
            break
        if option in _WITH_VALUE:
            next(options, None)
        elif not option.startswith(_WITH_VALUE) and _DEAF.fullmatch(option):
            return option
    return None


def _report(message: str) -> None:
    sys.stderr.write(f"dfx-adapter run: {message}\n")
    logger.warning("run: %s", message)
