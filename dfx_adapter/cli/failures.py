"""How a command fails: one line on stderr and an exit code, never a traceback unless asked for."""

import logging
import os
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from dfx_adapter.errors import Facts

OK: Final = 0
SOME_FAILED: Final = 1
USAGE: Final = 2
EXCHANGE: Final = 3
BUG: Final = 70  # sysexits.h, EX_SOFTWARE
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it

# Exit code of an error, by the name of the first of its classes that stands here: whoever raised
# one has imported ccxt, and nobody else should have to.
EXIT_CODES: Final[Mapping[str, int]] = {
    "OrderNotFound": SOME_FAILED,
    "InvalidOrder": SOME_FAILED,
    "BadRequest": SOME_FAILED,  # an id or a symbol that cannot be; BadSymbol is one of these
    "UnknownStatus": SOME_FAILED,
    "AuthenticationError": USAGE,
    "ArgumentsRequired": USAGE,
    "NotSupported": USAGE,  # UnknownExchange is one of these
    "PluginError": USAGE,
    "BaseError": EXCHANGE,  # every other error of ccxt
    "OSError": USAGE,  # a file or a port; those of the network are ccxt's by now
}

# Whether --debug was given.
tracebacks: ContextVar[bool] = ContextVar("tracebacks", default=False)

_LONGEST: Final = 500
# typer has click's classes either from click or from a copy of its own.
_ClickException: Final[Any] = next(
    class_ for class_ in typer.BadParameter.__mro__ if class_.__name__ == "ClickException"
)


class UsageFailure(typer.BadParameter):
    """What was given cannot be used; the message says why."""

    def format_message(self) -> str:
        """Return the message, without the name of a parameter, which may be none of click's."""
        return str(self.message)


class Commands(TyperGroup):
    """The group of all commands, each of which returns its exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, turn what click raises into a line, and exit."""
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except _ClickException as error:
            code = _report_usage(error)
        except typer.Abort:
            code = INTERRUPTED
        sys.exit(code or OK)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; report an error in one line and return its exit code."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _silence()
        except (typer.Exit, typer.Abort, _ClickException):
            raise
        except Exception as error:  # noqa: BLE001  # this is where every error ends
            report(error)
            return exit_code(error)
        else:
            return code
        return OK


class WarningLines(logging.Handler):
    """Writes every log record to stderr, in a line."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, and the error that it has, if any."""
        line = f"{record.levelname.lower()}: {one_line(record.getMessage())}"
        error = record.exc_info[1] if record.exc_info else None
        if error:
            report(error, f"{line}: ")
        else:
            say(line)


def run_command(command: Any) -> int:
    """Run the group with the arguments of this process and return its exit code."""
    try:
        command.main(prog_name="dfx-adapter")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else OK
    except KeyboardInterrupt:
        return INTERRUPTED
    return OK


def exit_code(error: BaseException) -> int:
    """Return the exit code that an error stands for."""
    names = (class_.__name__ for class_ in type(error).__mro__)
    return next((EXIT_CODES[name] for name in names if name in EXIT_CODES), BUG)


def is_a(error: BaseException, class_name: str) -> bool:
    """Tell whether an error is of the class of that name, without importing ccxt to know."""
    return any(class_.__name__ == class_name for class_ in type(error).__mro__)


def facts(error: BaseException) -> "Facts":
    """Return what an error carries, without importing ccxt before there is one."""
    from dfx_adapter import errors  # noqa: PLC0415  # imports ccxt, more than --help needs

    return errors.facts(error)


def report(error: BaseException, prefix: str = "") -> None:
    """Write to stderr, in a line, what went wrong; before it the traceback, where wanted."""
    trace(error)
    say(f"{prefix}{summary(error)}")


def trace(error: BaseException) -> None:
    """Write the traceback of an error where tracebacks are wanted."""
    if tracebacks.get():
        traceback.print_exception(error)


def summary(error: BaseException) -> str:
    """Return one line about an error: its class and its message."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    name = type(error).__name__
    hint = " (this is a bug; --debug shows where)" if exit_code(error) == BUG else ""
    return f"{name}: {one_line(str(error))}{hint}"


def one_line(text: str) -> str:
    """Fold a text into one line, cut at 500 characters."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def printable(text: str) -> str:
    """Escape what a terminal would obey instead of print: an exchange's text may hold anything."""
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def say(line: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(f"dfx-adapter: {line}\n")
    sys.stderr.flush()


def _report_usage(error: Any) -> int:
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context else ""
    if is_a(error, "NoArgsIsHelpError"):
        error.show()
    else:
        say(f"{one_line(error.format_message())}{hint}")
    return int(error.exit_code)


def _silence() -> None:
    """Write to nowhere from now on: whoever read our output has read enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
