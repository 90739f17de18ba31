"""Writing orders: one writer per format. All take them in batches and hold few of them."""

import codecs
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, NamedTuple

import msgspec

from dfx_adapter.cli.failures import printable
from dfx_adapter.order import KEYS, NUMBERS, Order, plain

_PAGE: Final = 200  # rows of a table that are measured, and held, at a time
_CHUNK: Final = 1000  # orders that are encoded at a time
_DASHES_OF_A_DATE: Final = 2

# What a formula begins with, in full width, too. Of the rule's characters tab and CR are escaped.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_is_number: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch

# The raw row goes last: it is the longest.
COLUMNS: Final = (*(key for key in KEYS if key != "info"), "info")

_encoder: Final = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


Batches = Iterable[Sequence[Order]]


class Format(StrEnum):
    """The formats that orders are written in."""

    jsonl = "jsonl"
    csv = "csv"
    table = "table"


def write_orders(batches: Batches, stream: BinaryIO, chosen: Format) -> None:
    """Write the orders as they come; UTF-8."""
    WRITERS[chosen](batches, stream)


@contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """Open the file to write to, or take stdout."""
    if path is not None:
        with path.open("wb") as stream:
            yield stream
    else:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()


def default_format(path: Path | None) -> Format:
    """Return what suits the reader: a table for a person, JSON Lines for a program."""
    return Format.table if path is None and sys.stdout.isatty() else Format.jsonl


def numeral(value: Any) -> str:
    """Write a number with all the digits it has."""
    return plain(value) if isinstance(value, Decimal) else str(value)


def moment(milliseconds: Any) -> str:
    """Write milliseconds since 1970 as a time a person reads, UTC."""
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S}"


def _write_jsonl(batches: Batches, stream: BinaryIO) -> None:
    """Write each batch when it comes: somebody may be reading."""
    for batch in batches:
        starts = range(0, len(batch), _CHUNK)
        stream.writelines(_jsonl(batch[start : start + _CHUNK]) for start in starts)
        stream.flush()


def _jsonl(orders: Sequence[Order]) -> bytes:
    text = _encoded(orders)
    undated = [order["datetime"] for order in orders].count(None)
    if b"+" not in text and text.count(b"-") == _DASHES_OF_A_DATE * (len(orders) - undated):
        return text  # the only dashes are those of the dates: no decimal has an exponent
    lines = text.splitlines(keepends=True)
    return b"".join(map(_line_without_exponents, orders, lines))


def _line_without_exponents(order: Order, line: bytes) -> bytes:
    if b"E-" in line or b"E+" in line:  # a decimal with an exponent, or a text with these letters
        return _encoded([_without_exponents(order)])
    return line


def _encoded(orders: Sequence[Mapping[str, Any]]) -> bytes:
    """Write lines of JSON; what JSON has no number for is refused, whatever msgspec makes of it."""
    try:
        text = _encoder.encode_lines(orders)
    except ValueError:
        _refuse_what_is_no_number(orders)
        raise
    if b"NaN" in text or b"Infinity" in text:  # a decimal, or a text with these letters
        _refuse_what_is_no_number(orders)
    return text


def _refuse_what_is_no_number(values: Iterable[Mapping[str, Any]]) -> None:
    for order in values:
        for name, value in order.items():
            if (found := _no_number_in(value)) is not None:
                raise _not_writable(order, name, found)


def _no_number_in(value: Any) -> Decimal | None:
    """Find a decimal that is NaN or infinite in a value of any depth."""
    if isinstance(value, Decimal):
        return None if value.is_finite() else value
    inner = value.values() if isinstance(value, dict) else value
    inside = map(_no_number_in, inner if isinstance(value, dict | list | tuple) else ())
    return next((found for found in inside if found is not None), None)


def _not_writable(order: Mapping[str, Any], name: str, found: Decimal) -> Exception:
    from dfx_adapter.errors import PluginError  # noqa: PLC0415  # imports ccxt

    return PluginError(f"order {order.get('id')!r}: {name}: {found} is no number")


def _without_exponents(order: Mapping[str, Any]) -> dict[str, Any]:
    """Write the decimals with all their digits and no exponent, as 0.00000001 for 1E-8."""
    numbers = {
        name: msgspec.Raw(plain(value).encode())
        for name in NUMBERS
        if isinstance(value := order[name], Decimal)
    }
    return {**order, **numbers}


def _write_csv(batches: Batches, stream: BinaryIO) -> None:
    """Write a column for each key; what has no single value is JSON, what is None is empty."""
    writer = csv.writer(codecs.getwriter("utf-8")(stream), lineterminator="\n")
    writer.writerow(COLUMNS)
    for order in chain.from_iterable(batches):
        _refuse_what_is_no_number([order])
        writer.writerow([_cell(order[name]) for name in COLUMNS])  # type: ignore[literal-required]  # COLUMNS are its keys


def _cell(value: Any) -> str:
    """Write a cell that a spreadsheet takes for what it is, and that nothing obeys."""
    if isinstance(value, dict | list):
        return printable_json(_encoder.encode(value).decode())
    if isinstance(value, str):
        text = printable(value)
        return f"'{text}" if _is_formula(text) else text
    return "" if value is None else numeral(value)


def _is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute a text (OWASP, "CSV Injection")."""
    return text.startswith(_FORMULA) and _is_number(text) is None


def printable_json(text: str) -> str:
    """Write what cannot be printed as JSON does: the same value, in other characters."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else json.dumps(character)[1:-1] for character in text
    )


def _write_table(batches: Batches, stream: BinaryIO) -> None:
    """Draw a table; of many orders one after the other, so that few are held at a time."""
    from dfx_adapter.cli.console import console_on  # noqa: PLC0415  # imports rich

    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", write_through=True)
    try:
        console, rest = console_on(text), chain.from_iterable(batches)
        page = list(islice(rest, _PAGE))
        console.print(_table(page))
        while page := list(islice(rest, _PAGE)):
            console.print(_table(page))
    finally:
        text.detach()


def _table(orders: list[Order]) -> Any:
    from rich.table import Table  # noqa: PLC0415  # only a table needs it
    from rich.text import Text  # noqa: PLC0415  # only a table needs it

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name, column in _TABLE.items():
        table.add_column(name, justify=column.justify, no_wrap=column.whole, overflow="fold")
    for order in orders:
        table.add_row(*(Text(printable(column.cell(order))) for column in _TABLE.values()))
    return table


def _amount(order: Order) -> str:
    """Return how much was ordered: base quantity, or the quote money of a market buy."""
    if order["cashAmount"] is not None:
        quote = (order["symbol"] or "").partition("/")[2]  # not known of another exchange, offline
        return f"for {numeral(order['cashAmount'])} {quote}".rstrip()
    return _known(order["amount"])


def _known(value: Any) -> str:
    return "-" if value is None else numeral(value)


def _created(order: Order) -> str:
    return moment(order["timestamp"]) if order["timestamp"] else "-"


class _Column(NamedTuple):
    """A column of the table; one that is whole is not broken over two lines."""

    cell: Callable[[Order], str]
    justify: Literal["left", "right"] = "left"
    whole: bool = True


def _number(name: str) -> _Column:
    return _Column(lambda order: _known(order[name]), "right")  # type: ignore[literal-required]  # a key


_TABLE: Final[Mapping[str, _Column]] = {
    "id": _Column(lambda order: order["id"], whole=False),
    "created (UTC)": _Column(_created, whole=False),
    "symbol": _Column(lambda order: _known(order["symbol"])),
    "order": _Column(lambda order: f"{_known(order['side'])} {_known(order['type'])}"),
    "status": _Column(lambda order: _known(order["status"])),
    "price": _number("price"),
    "amount": _Column(_amount, "right"),
    "filled": _number("filled"),
    "average": _number("average"),
    "cost": _number("cost"),
}

WRITERS: Final[Mapping[Format, Callable[[Batches, BinaryIO], None]]] = {
    Format.jsonl: _write_jsonl,
    Format.csv: _write_csv,
    Format.table: _write_table,
}
