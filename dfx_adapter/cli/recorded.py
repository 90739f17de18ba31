"""The orders of a recording, of whatever exchanges it has: each call is made again, offline."""

from __future__ import annotations

from io import BufferedReader
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import dfx_adapter
from dfx_adapter.cli.failures import UsageFailure, facts, is_a

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedIOBase

    from dfx_adapter.order import Order
    from dfx_adapter.recordings.index import RecordedCall
    from dfx_adapter.recordings.lines import Line

_OF_AN_ORDER: Final = frozenset({"id", "status", "filled"})


class Call(NamedTuple):
    """A call of a recording, and the exchange object that answers it."""

    exchange: Any
    recorded: RecordedCall


def is_recording(stream: BufferedIOBase) -> bool:
    """Tell by the beginning of a stream whether it is a recording; none of it is taken."""
    from dfx_adapter.recordings import lines  # noqa: PLC0415  # few bodies are of one

    if isinstance(stream, BufferedReader):
        return lines.is_recording(stream.peek())
    start = stream.tell()
    beginning = stream.read(lines.BEGINNING)
    stream.seek(start)
    return lines.is_recording(beginning)


def orders(
    stream: BufferedIOBase,
    exchange: str | None,
    number: Callable[[str], Any],
    reject: Callable[[int, str | None, Exception | str], None],
) -> Iterator[list[Order]]:
    """Yield the orders of each call about orders, in the order of the recording.

    Args:
        stream: the recording.
        exchange: the id of the only one to take; None for all.
        number: the type of numbers.
        reject: gets a line that cannot be read, or a call that gives an error: the number of the
            line, the call, and what is wrong.
    """
    from dfx_adapter.recordings import lines  # noqa: PLC0415  # as above

    def damaged(line: int, reason: str) -> None:
        reject(line, None, reason)

    read = list(lines.read(stream, damaged))
    for call in _calls(read, exchange, number):
        yield from _orders_of(call, reject)


def _calls(read: list[Line], wanted: str | None, number: Callable[[str], Any]) -> list[Call]:
    """Return the calls about orders of all exchanges and accounts, or of the one exchange."""
    from dfx_adapter.recordings import asked, index, replayer  # noqa: PLC0415  # imports ccxt

    config = {"number": number, "enableRateLimit": False}
    calls: list[Call] = []
    found = index.accounts(read)
    ids = [exchange_id for exchange_id, _ in found]
    if wanted is not None and wanted not in ids:
        raise UsageFailure(f"the recording has {', '.join(ids)}, and nothing of {wanted}")
    for exchange_id, account in found:
        if wanted in {None, exchange_id}:
            exchange = dfx_adapter.connect(exchange_id, config)
            replayer.answer_from(exchange, index.choose(read, exchange_id, account))
            calls += [Call(exchange, call) for call in exchange.recorded_calls()]
    names = {call.recorded.method: asked.in_snake_case(call.recorded.method) for call in calls}
    about = (call for call in calls if asked.is_about_orders(names[call.recorded.method]))
    return sorted(about, key=lambda call: call.recorded.line)


def _orders_of(
    call: Call, reject: Callable[[int, str | None, Exception | str], None]
) -> Iterator[list[Order]]:
    """Yield what a call gives, if that is orders; what nobody answered gives nothing."""
    recorded = call.recorded
    method = getattr(call.exchange, recorded.method, None)
    if method is None:  # of another version
        reject(recorded.line, str(recorded), f"{call.exchange.id} has no such method")
        return
    try:
        answer = method(*recorded.args)
    except Exception as error:
        if not is_a(error, "BaseError"):
            raise
        if recorded.status is not None:
            reject(recorded.line, str(recorded), error)
            yield _of(facts(error).orders)
        return
    yield _of(answer if isinstance(answer, list) else [answer])


def _of(found: Any) -> list[Any]:
    return [one for one in found if isinstance(one, dict) and one.keys() >= _OF_AN_ORDER]
