"""`dfx-adapter map`: recorded bodies to unified orders."""

import base64
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final, NamedTuple, cast

import typer

import dfx_adapter
from dfx_adapter import exact_json
from dfx_adapter.cli import bodies, output, recorded
from dfx_adapter.cli.bodies import Body
from dfx_adapter.cli.failures import (
    OK,
    SOME_FAILED,
    UsageFailure,
    facts,
    is_a,
    one_line,
    say,
    trace,
)
from dfx_adapter.order import Order

if TYPE_CHECKING:
    from io import BufferedIOBase

_STDIN: Final = Path("-")


class Number(StrEnum):
    """The types that numbers are given in."""

    float = "float"
    decimal = "decimal"
    str = "str"


_NUMBERS: Final[dict[Number, Callable[[str], Any]]] = {
    Number.float: float,
    Number.decimal: Decimal,
    Number.str: str,
}


def map_bodies(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What to read; - is stdin.")
    ] = _STDIN,
    *,
    format_: Annotated[
        output.Format | None,
        typer.Option("--format", help="Default: table on a terminal, else jsonl."),
    ] = None,
    to: Annotated[Path | None, typer.Option("--output", help="Write to a file.")] = None,
    number: Annotated[
        Number, typer.Option(help="decimal and str keep every digit; str puts it in quotes.")
    ] = Number.decimal,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Write what could not be mapped to a file of JSON Lines."),
    ] = None,
    exchange: Annotated[
        str | None,
        typer.Option(
            help="Whose bodies they are; of a recording: the only exchange to take.",
            show_default="digifinex, or all of a recording",
        ),
    ] = None,
) -> int:
    """Map recorded answers to unified orders, offline.

    The input is one JSON body, or JSON Lines: on each line an envelope, a list of rows, or a row.
    Lines are read one by one, so the file may be longer than memory. The good rows of a bad body
    are written all the same. Or it is what the option `record` has written, of any exchanges.

    Exit codes: 0 all was mapped; 1 some lines were bad, all named on stderr; 2 a file cannot be
    used, or a line or a body of many lines is longer than 64 MiB.
    """
    _check_exchange(exchange or "digifinex")
    _check_files(file, to, rejects)
    with ExitStack() as stack:
        stdin = cast("BufferedIOBase", sys.stdin.buffer)
        stream = stdin if file == _STDIN else stack.enter_context(file.open("rb"))
        sink = stack.enter_context(output.opened(to))
        mapper = Mapper(
            exchange or "digifinex",
            _NUMBERS[number],
            stack.enter_context(rejects.open("wb")) if rejects else None,
        )
        if recorded.is_recording(stream):
            orders = recorded.orders(stream, exchange, _NUMBERS[number], mapper.reject_call)
        else:
            size = file.stat().st_size if file.is_file() else None
            advance = stack.enter_context(_progress(size, to))
            orders = mapper.orders(_watched(bodies.read_bodies(stream), advance))
        output.write_orders(orders, sink, format_ or output.default_format(to))
    return SOME_FAILED if mapper.bad else OK


class Item(NamedTuple):
    """A body, what to parse of it, and whether it is a row without an envelope."""

    body: Body
    payload: Any
    is_row: bool


class Mapper:
    """The mapping of one input.

    Attributes:
        bad: how many bodies were bad.
    """

    def __init__(
        self, exchange: str, number: Callable[[str], Any], rejects: BinaryIO | None
    ) -> None:
        self.bad = 0
        self._exchange = exchange
        self._number = number
        self._rejects = rejects

    def orders(self, batches: Iterable[list[Body]]) -> Iterator[list[Order]]:
        """Yield the orders of each batch; report the bad bodies."""
        for batch in batches:
            yield [order for items in _lists_of_items(batch) for order in self._mapped(items)]

    def _mapped(self, items: list[Item]) -> list[Order]:
        """Map an answer, or a list of single rows; a bad one is found by halving the list."""
        first = items[0]
        payload = [item.payload for item in items] if first.is_row else first.payload
        try:
            return dfx_adapter.parse_orders(self._exchange, payload, number=self._number)
        except Exception as error:
            if not is_a(error, "BaseError"):
                raise
            if len(items) > 1:
                half = len(items) // 2
                return [*self._mapped(items[:half]), *self._mapped(items[half:])]
            self._reject(first.body, error, is_row=first.is_row)
            return list(facts(error).orders)

    def reject_call(self, line: int, call: str | None, error: Exception | str) -> None:
        """Report a line of a recording that cannot be read, or a call that gives an error."""
        self.bad += 1
        message = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        path = None if isinstance(error, str) else facts(error).path
        if isinstance(error, Exception):
            trace(error)
        say(f"line {line}: {f'{call}: ' if call else ''}{one_line(message)}")
        self._write_reject({"line": line, "path": path, "error": message, "call": call})

    def _write_reject(self, reject: dict[str, Any]) -> None:
        if self._rejects:
            self._rejects.write(json.dumps(reject, ensure_ascii=False).encode() + b"\n")

    def _reject(self, body: Body, error: Exception, *, is_row: bool) -> None:
        self.bad += 1
        trace(error)
        path = facts(error).path
        sentence = str(error).partition("; body: ")[0].removeprefix(f"{self._exchange} answer: ")
        if is_row and path:
            short = path.replace("$[0]", "$", 1)
            path, sentence = short, sentence.replace(path, short, 1)
        message = f"{type(error).__name__}: {one_line(sentence)}"
        say(f"line {body.line}: {message}")
        facts_of_it = {"line": body.line, "path": path, "error": message}
        self._write_reject({**facts_of_it, **_verbatim(body.content)})


def _lists_of_items(batch: list[Body]) -> Iterator[list[Item]]:
    """Yield every answer by itself, and single rows together with those on the next lines."""
    for is_row, run in groupby(map(_item, batch), attrgetter("is_row")):
        items = list(run)
        yield from [items] if is_row else ([item] for item in items)


def _item(body: Body) -> Item:
    """Decode a body; a single row, or a ccxt order, has no key of an envelope."""
    try:
        payload = exact_json.decode(body.content)
    except ValueError:
        return Item(body, body.content, is_row=False)  # the parser says what is wrong with it
    names = payload.keys() if isinstance(payload, dict) else ()
    is_row = "order_id" in names or "id" in names or "symbol" in names
    return Item(body, payload, is_row and "code" not in names and "data" not in names)


def _verbatim(content: bytes) -> dict[str, str]:
    """Return the input as text; where it is no text, its bytes in Base64, too."""
    content = content.rstrip(b"\r\n")
    try:
        return {"input": content.decode()}
    except UnicodeDecodeError:
        encoded = base64.b64encode(content).decode()
        return {"input": content.decode(errors="replace"), "base64": encoded}


def _check_exchange(exchange: str) -> None:
    """Refuse an exchange that nobody serves before any file is touched."""
    try:
        dfx_adapter.parse_orders(exchange, [])
    except Exception as error:
        if not is_a(error, "BaseError") or is_a(error, "UnknownExchange"):
            raise


def _check_files(*paths: Path | None) -> None:
    """Refuse to write over what is read, or two things to one file."""
    files = [path.resolve() for path in paths if path is not None and path != _STDIN]
    for index, path in enumerate(files):
        if path in files[:index]:
            raise UsageFailure(f"{path} is named twice")


def _watched(
    batches: Iterable[list[Body]], advance: Callable[[int], Any] | None
) -> Iterator[list[Body]]:
    for batch in batches:
        yield batch
        if advance:
            advance(sum(len(body.content) for body in batch))


@contextmanager
def _progress(size: int | None, to: Path | None) -> Iterator[Callable[[int], Any] | None]:
    """Draw a bar where stderr is a terminal that the orders do not go to as well."""
    if not sys.stderr.isatty() or (to is None and sys.stdout.isatty()):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  # only a bar needs it
    from rich.progress import Progress  # noqa: PLC0415  # only a bar needs it

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("mapping", total=size)
        yield lambda count: progress.advance(task, count)
