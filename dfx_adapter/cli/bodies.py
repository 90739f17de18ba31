"""Finding the recorded bodies in a stream, in bounded memory."""

from collections.abc import Iterable, Iterator
from io import BufferedIOBase, BytesIO
from itertools import chain
from typing import Any, Final, NamedTuple

from dfx_adapter import exact_json
from dfx_adapter.cli.failures import UsageFailure

LIMIT: Final = 64 * 1024 * 1024
_CHUNK: Final = 64 * 1024  # bytes that are read at a time


class Body(NamedTuple):
    """A recorded body: the number of the line where it begins, and its bytes."""

    line: int
    content: bytes


def read_bodies(stream: BufferedIOBase, limit: int = LIMIT) -> Iterator[list[Body]]:
    """Yield the bodies: the whole if it is one body of many lines, else one a line.

    They come in batches: those that are there by now, without waiting for more.

    A first line that is JSON by itself says that there is one a line, and from then on no more than
    a line is held. Otherwise the whole is read, up to the limit. If it is not JSON either, it is
    lines after all where one of them is; where none is, it is one body, and a broken one.

    Raises:
        UsageFailure: a line, or a body of many lines, is longer than the limit.
    """
    batches = _batches(stream, limit)
    first = next(batches, None)
    if first is None:
        return
    if _decoded(first[0].content) is not None:
        yield first
        yield from batches
        return
    head, complete = _up_to(limit, first, batches)
    whole = Body(head[0].line, b"".join(body.content for body in head))
    if complete and _decoded(whole.content) is not None:
        yield [whole]
    elif any(isinstance(_decoded(body.content), dict | list) for body in head):
        yield head
        yield from batches
    elif complete:
        yield [whole]
    else:
        raise UsageFailure(f"the input is one body of more than {_mebibytes(limit)}")


def _batches(stream: BufferedIOBase, limit: int) -> Iterator[list[Body]]:
    """Yield the lines that are not empty, their endings included."""
    number = 0
    for lines in _lines(stream, limit):
        if number == 0:
            lines[0] = exact_json.without_mark(lines[0])
        numbered = enumerate(lines, number + 1)
        batch = [Body(line, found) for line, found in numbered if found and not found.isspace()]
        if max(map(len, lines)) > limit:
            overlong = next(n for n, found in enumerate(lines, number + 1) if len(found) > limit)
            yield from filter(None, [[body for body in batch if body.line < overlong]])
            raise UsageFailure(f"line {overlong}: longer than {_mebibytes(limit)}")
        number += len(lines)
        if batch:
            yield batch


def _lines(stream: BufferedIOBase, limit: int) -> Iterator[list[bytes]]:
    """Yield the lines that a read completes, and at last the rest; of an overlong one a part."""
    held: list[bytes] = []
    size = 0
    while size <= limit and (read := stream.read1(_CHUNK)):
        end = read.rfind(b"\n") + 1
        if end:
            yield BytesIO(b"".join([*held, read[:end]])).readlines()
            held, size = [], 0
        held.append(read[end:])
        size += len(held[-1])
    if size:
        yield [b"".join(held)]


def _up_to(limit: int, first: list[Body], batches: Iterable[list[Body]]) -> tuple[list[Body], bool]:
    """Read lines until they exceed the limit; tell whether they did not."""
    head: list[Body] = []
    size = 0
    for batch in chain([first], batches):
        head += batch
        size += sum(len(body.content) for body in batch)
        if size > limit:
            return head, False
    return head, True


def _decoded(content: bytes) -> Any:
    """Return what the JSON says, or None where it is none (or says null, which is no body)."""
    try:
        return exact_json.decode(content)
    except ValueError:
        return None


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:g} MiB"
