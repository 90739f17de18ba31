"""The lines of a recording, written and read: JSON, one answer a line, or what markets are like.

    for line in read("orders.jsonl"):
        if isinstance(line, Answer):
            line.method, line.args, line.status, line.body

A line that cannot be read is reported with its number, and those around it are kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from dfx_adapter.excerpts import excerpt, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

VERSION: Final = 1
BEGINNING: Final = 400  # bytes, in which a line says what it is
_START: Final = b'{"v":'

logger: Final = logging.getLogger("dfx_adapter")


class Failure(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    """Why there is no answer: the name of the error's class, and its text."""

    class_: str
    text: str


class Answer(msgspec.Struct, kw_only=True):
    """An answer, and what it was asked for.

    Attributes:
        time: when it was here, or given up; milliseconds since 1970, on the clock of the machine.
        took: milliseconds since the request was sent.
        exchange: ccxt's id.
        account: what tells the accounts of a file apart, eight digits; None without a key.
        ccxt: the version.
        call: the same for all answers of one call of a method: what tells the process, and a number
            that counts its calls.
        n: which request of that call it is, from 0.
        method: the unified method that was called, in camel case.
        args: its arguments, bound to its parameters; defaults at the end are left out.
        shared: the arguments of other calls of that method which the same answer is for.
        http: the HTTP method.
        url: path and query, without credentials.
        status: of HTTP; None where there is no answer.
        body: its text, as received; None where there is none.
        error: why there is none.
        line: where it stands in the file, from 1.
    """

    time: int
    exchange: str
    ccxt: str
    method: str
    args: list[Any]
    http: str
    url: str
    status: int | None
    body: str | None = None
    error: Failure | None = None
    account: str | None = None
    call: str = ""
    n: int = 0
    took: int = 0
    shared: list[list[Any]] = []
    v: int = VERSION
    line: int = 0


class Markets(msgspec.Struct, kw_only=True):
    """What reading the answers of an exchange takes: ccxt's markets, and options of the object."""

    time: int
    exchange: str
    ccxt: str
    markets: list[dict[str, Any]]
    options: dict[str, Any] = {}
    account: str | None = None
    v: int = VERSION
    line: int = 0


Line: TypeAlias = Answer | Markets
Source: TypeAlias = str | PathLike[str] | Iterable[bytes]


class _Kind(msgspec.Struct):
    """What is looked at first."""

    v: int
    markets: Any = None


_kind: Final = msgspec.json.Decoder(_Kind).decode
# Fractions of arguments and markets are exact; whole numbers are int.
_answer: Final = msgspec.json.Decoder(Answer, float_hook=Decimal).decode
_markets: Final = msgspec.json.Decoder(Markets, float_hook=Decimal).decode
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode
_OMITTED: Final = ("line", "v")


def write(line: Line) -> bytes:
    """Return a line as it stands in a file, in UTF-8, its end included."""
    fields = msgspec.structs.asdict(line)
    error = fields.get("error")
    if error is not None:
        fields["error"] = {"class": error.class_, "text": error.text}
    rest = {
        name: value
        for name, value in fields.items()
        if name not in _OMITTED and (value or name not in {"shared", "options", "error"})
    }
    whole = {"v": line.v, **rest}
    try:
        return _encode(whole) + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair
        return _encode(_encodable(whole)) + b"\n"


def _encodable(value: Any) -> Any:
    """Return a value without what cannot be encoded in its texts."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, dict):
        return {_encodable(name): _encodable(inner) for name, inner in value.items()}
    return list(map(_encodable, value)) if isinstance(value, list) else value


def is_recording(content: bytes) -> bool:
    """Tell whether a line is one of a recording, by how it begins."""
    return content.lstrip().startswith(_START) and b'"exchange":' in content[:BEGINNING]


def read(source: Source, damaged: Callable[[int, str], None] | None = None) -> Iterator[Line]:
    """Yield the lines of a recording, in the order of the file.

    Args:
        source: a path, or a file of bytes: anything that yields lines.
        damaged: gets the number of a line that cannot be read, and why; by default, a warning is
            logged.

    Raises:
        OSError: the file cannot be read.
    """
    name = source if isinstance(source, str | PathLike) else getattr(source, "name", source)

    def warn(number: int, reason: str) -> None:
        logger.warning("recording %s: line %d: %s", printable(str(name)), number, reason)

    with _opened(source) as file:
        for number, content in enumerate(file, 1):
            if not content.isspace():
                yield from _read(number, content, damaged or warn)


def answers(source: Source, damaged: Callable[[int, str], None] | None = None) -> Iterator[Answer]:
    """Yield the answers of a recording alone; as `read`."""
    return (line for line in read(source, damaged) if isinstance(line, Answer))


def _opened(source: Source) -> AbstractContextManager[Iterable[bytes]]:
    if isinstance(source, str | PathLike):
        return Path(source).open("rb")
    return nullcontext(source)


def _read(number: int, content: bytes, damaged: Callable[[int, str], None]) -> Iterator[Line]:
    """Yield what a line has; of a torn one, the whole line that another process put behind it."""
    try:
        yield _decoded(number, content)
    except (ValueError, RecursionError) as error:
        damaged(number, f"damaged: {excerpt(printable(str(error)))}")
        behind = content.rfind(_START)
        if behind > 0:
            try:
                yield _decoded(number, content[behind:])
            except (ValueError, RecursionError):
                return


def _decoded(number: int, content: bytes) -> Line:
    kind = _kind(content)
    if kind.v != VERSION:
        raise ValueError(f"version {kind.v} of the format; this package reads {VERSION}")
    line: Line = _answer(content) if kind.markets is None else _markets(content)
    line.line = number
    return line
