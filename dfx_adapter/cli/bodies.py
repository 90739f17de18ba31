"""Finding the recorded bodies in a stream, in bounded memory."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO, Final, NamedTuple

from dfx_adapter.cli.failures import UsageFailure
from dfx_adapter.digifinex import wire

LIMIT: Final = 64 * 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Body(NamedTuple):
    """A recorded body: the number of the line where it begins, and its bytes."""

    line: int
    content: bytes


def read_bodies(stream: BinaryIO, limit: int = LIMIT) -> Iterator[Body]:
    """Yield the bodies: the whole if it is one body of many lines, else one a line.

    A first line that is JSON by itself says that there is one a line, and from then on no more than
    a line is held. Otherwise the whole is read, up to the limit. If it is not JSON either, it is
    lines after all where one of them is; where none is, it is one body, and a broken one.

    Raises:
        UsageFailure: a line, or a body of many lines, is longer than the limit.
    """
    lines = _numbered(stream, limit)
    first = next(lines, None)
    if first is None:
        return
    if _decoded(first.content) is not None:
        yield from chain([first], lines)
        return
    head, complete = _up_to(limit, first, lines)
    whole = Body(first.line, b"".join(body.content for body in head))
    if complete and _decoded(whole.content) is not None:
        yield whole
    elif any(isinstance(_decoded(body.content), dict | list) for body in head):
        yield from chain(head, lines)
    elif complete:
        yield whole
    else:
        raise UsageFailure(f"the input is one body of more than {_mebibytes(limit)}")


def _numbered(stream: BinaryIO, limit: int) -> Iterator[Body]:
    """Yield the lines that are not empty, their endings included."""
    number = 0
    while content := stream.readline(limit + 1):
        number += 1
        if len(content) > limit:
            raise UsageFailure(f"line {number}: longer than {_mebibytes(limit)}")
        if number == 1:
            content = content.removeprefix(_BYTE_ORDER_MARK)
        if content.strip():
            yield Body(number, content)


def _up_to(limit: int, first: Body, lines: Iterable[Body]) -> tuple[list[Body], bool]:
    """Read lines until they exceed the limit; tell whether they did not."""
    head, size = [first], len(first.content)
    for body in lines:
        head.append(body)
        size += len(body.content)
        if size > limit:
            return head, False
    return head, True


def _decoded(content: bytes) -> Any:
    """Return what the JSON says, or None where it is none (or says null, which is no body)."""
    try:
        return wire.decode(content)
    except ValueError:
        return None


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:g} MiB"
