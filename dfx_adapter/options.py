"""Every option that the adapter reads for an exchange object of any kind, a row each.

The rows are checked when an object is built (`configured.check`), stand in its messages, and are in
the table of dfx_adapter/digifinex/README.md. Code that reads an option takes its default from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter.limits import address

if TYPE_CHECKING:
    from collections.abc import Iterable


class Option(NamedTuple):
    """An option: its default, a test for a value and what it expects in words, and its meaning."""

    name: str
    default: Any
    expected: str
    is_right: Callable[[Any], bool]
    meaning: str


def by_name(rows: Iterable[Option]) -> Mapping[str, Option]:
    """Return the rows of a table by the names of their options."""
    return {row.name: row for row in rows}


def is_bool(value: Any) -> bool:
    """Tell whether a value is True or False, and not what counts as one of them."""
    return isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number above 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_duration(value: Any) -> bool:
    """Tell whether a value is a length of time."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < float("inf")


def is_path(value: Any) -> bool:
    """Tell whether a value can name a file."""
    if not isinstance(value, str | PathLike):
        return False
    path = fspath(value)
    return isinstance(path, str) and bool(path) and "\0" not in path


_OF_RECORD: Final[Mapping[str, Callable[[Any], bool]]] = {
    "file": is_path,
    "bytes": lambda value: value is None or is_whole(value),
    "all": is_bool,
}


def is_record(value: Any) -> bool:
    """Tell whether a value says where answers are recorded."""
    if not isinstance(value, Mapping):
        return is_path(value)
    return "file" in value and all(
        name in _OF_RECORD and _OF_RECORD[name](inner) for name, inner in value.items()
    )


EXPECTED_BOOL: Final = "True or False"

ROWS: Final = (
    Option(
        "badRow",
        "raise",
        "'raise' or 'skip'",
        lambda value: value in ("raise", "skip"),  # of any type
        "`'skip'` leaves a bad row out of a list, with a warning; one order asked for by its id "
        "still raises",
    ),
    Option(
        "batchFetchOrder",
        True,  # noqa: FBT003  # the default
        EXPECTED_BOOL,
        is_bool,
        "asyncio: `fetch_order` calls of one turn of the event loop share requests",
    ),
    Option(
        "batchWindow",
        0,
        "milliseconds",
        is_duration,
        "threads: how long a `fetch_order` call waits for those of other threads to share a "
        "request with",
    ),
    Option(
        "banGuard",
        True,  # noqa: FBT003  # the default
        EXPECTED_BOOL,
        is_bool,
        "`False` goes on sending after a frequency error",
    ),
    Option(
        "limiter",
        address.PROCESS,
        address.EXPECTED,
        lambda value: isinstance(value, str),  # the rest needs a limit: `pacing.check`
        "where the limit and the ban of a key are kept; all but `'process'` share them between "
        "processes",
    ),
    Option(
        "maxBody",
        4 << 20,
        "a whole number of bytes, above 0",
        is_whole,
        "bytes that an answer about orders may have, inflated, by default 4 MiB; others may "
        "have 64 MiB, or this where it is more",
    ),
    Option(
        "record",
        None,
        "a file, or {'file': a file, 'bytes': a whole number above 0, 'all': True or False}",
        is_record,
        "writes down what is answered about orders, a line each, as received and without "
        "credentials; `all`: every answer; ends when the file has so many bytes, by default "
        "256 MiB; read when the object is built",
    ),
)
OPTIONS: Final[Mapping[str, Option]] = by_name(ROWS)
DEFAULTS: Final[Mapping[str, Any]] = {row.name: row.default for row in ROWS}
