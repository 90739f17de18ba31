"""Recordings of dfx_adapter's option `record`: what they have, and what their calls give now.

A line is a JSON object with `v`, `exchange`, `account`, `method`, `args`, `status` and `body`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_conformance.calling import awaited
from dfx_conformance.compare import class_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OF_AN_ORDER: Final = frozenset({"id", "status", "filled"})


def is_recording(file: Path) -> bool:
    """Tell whether the first line of a file is one of a recording."""
    with file.open("rb") as lines:
        first = _decoded(next(lines, b""))
    return first is not None


def lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the lines that can be read, with their numbers."""
    with file.open("rb") as found:
        for number, line in enumerate(found, 1):
            decoded = _decoded(line)
            if decoded is not None:
                yield number, decoded


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        decoded = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_line = isinstance(decoded, dict) and {"v", "exchange"} <= decoded.keys()
    return decoded if is_line else None


def accounts(file: Path, exchange_id: str) -> list[str | None]:
    """Return the accounts of an exchange; None for one without a key, nothing for no exchange."""
    found = {
        line.get("account"): None for _, line in lines(file) if line["exchange"] == exchange_id
    }
    return [one for one in found if one is not None] or list(found)


class Played(NamedTuple):
    """The orders that the calls of a recording give: successive answers, and of what was changed.

    The second say no more than the exchange did, so the rules of life do not follow through them.
    """

    read: list[list[Any]]
    changed: list[Any]


async def play(exchange: Any, into: Played) -> None:
    """Make each call of a recording again.

    Raises:
        Exception: a call gives an error that is none of ccxt's, or is not in the recording.
    """
    for call in exchange.recorded_calls():
        method = getattr(exchange, call.method, None)
        if method is None:  # ccxt's own class has not all of ours
            continue
        try:
            answer = await awaited(method(*call.args))
        except Exception as error:
            classes = class_names(error)
            if "NotRecorded" in classes or "BaseError" not in classes:
                raise
            continue
        found = answer if isinstance(answer, list) else [answer]
        orders = [one for one in found if isinstance(one, dict) and one.keys() >= _OF_AN_ORDER]
        if call.method.startswith("fetch"):
            into.read.append(orders)
        else:
            into.changed.extend(orders)
