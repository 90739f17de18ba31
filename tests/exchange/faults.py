"""Each fault of a connection, an answer or the exchange, and what each method makes of it.

`python -m tests.exchange.faults > tests/FAULTS.md` brings every fault about and writes the table of
what came. The tests do the same, and hold both the cells here and that file against what they see.

Sources on the rows
    DOC     docs.digifinex.com/en-ww/spot/v3/rest.html, the section named; read 2026-11-22
    HTTP    RFC 9112: an incomplete message is a failed transfer; RFC 9110: the codings of a body
    GUIDE   dfx_adapter/digifinex/README.md, "Errors": an answer against the documents is a
            BadResponse, never an OrderNotFound; `wait_for_order` asks again where that can help
    CCXT    ccxt's `httpExceptions`, and its classes for failed connections
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.exchanges import waiting
from dfx_adapter.simulator import (
    Body,
    Break,
    Changed,
    ChangedRows,
    Code,
    Drip,
    Drop,
    Encoding,
    Length,
)
from tests.exchange.fault_bench import IMPATIENT, KINDS, KNOWN, METHODS, REST, RIGHT, Bench

Provoke = Callable[[Bench], Callable[[], None] | None]

COLUMNS: Final[Mapping[str, str]] = {
    "one": "fetch_order",
    "ids": "fetch_orders_by_ids",
    "lists": "fetch_orders, fetch_open_orders, fetch_closed_orders, fetch_canceled_orders",
    "trades": "fetch_order_trades",
    "mine": "fetch_my_trades",
    "wait": "wait_for_order",
    "create": "create_order",
    "creates": "create_orders",
    "cancels": "cancel_order, cancel_orders",
    "status": "cancel_order: its question for the status",
}
NOT_RUN: Final = "-"
BAD: Final = "BadResponse"
DOWN: Final = "ExchangeNotAvailable"
LOST: Final = "NetworkError / ExchangeNotAvailable"  # ccxt's class, sync or asyncio
CUT: Final = "NetworkError"
TEN_MEGABYTES: Final = 10_000_000


class Fault(NamedTuple):
    """A row: what goes wrong, in which ways it is brought about, what each column makes of it.

    A cell that differs between sync and asyncio has both, sync first.
    """

    section: str
    name: str
    source: str
    ways: tuple[Provoke, ...]
    cells: Mapping[str, str]

    def expected(self, column: str, kind: str) -> str | None:
        """Give the outcome of a column for one kind, None where it is not run."""
        cell = self.cells[column]
        cells = cell.split(" / ")
        return None if cell == NOT_RUN else cells[KINDS.index(kind) if len(cells) > 1 else 0]


# What each column makes of it.


def everywhere(outcome: str, **others: str) -> Mapping[str, str]:
    """Fill the cells of a row: one outcome, and what follows from it for two of them.

    A wait asks again after what is retryable or not yet found, until the answer is right. A cancel
    whose status cannot be read says what is known.
    """
    cells = dict.fromkeys(COLUMNS, outcome)
    if outcome != RIGHT:
        cells["wait"] = RIGHT if _asked_again(outcome) else outcome
        cells["status"] = KNOWN
    return {**cells, **others}


def only(**cells: str) -> Mapping[str, str]:
    """Fill some cells; the others are not run, because the fault does not exist there."""
    return {**dict.fromkeys(COLUMNS, NOT_RUN), **cells}


def _asked_again(outcome: str) -> bool:
    classes = map(errors.named, outcome.split(" / "))
    return all(issubclass(cls, errors.OperationFailed | errors.OrderNotFound) for cls in classes)


# How it is brought about.


def says(*answers: Any, times: int = 2) -> Provoke:
    """Let the endpoint of the method answer so; more than once, so that a repetition is seen."""
    return lambda bench: bench.simulator.script(bench.method.endpoint, *answers * times)


def stalls(fault: Break) -> Provoke:
    """Let a patient exchange object lose its patience soon."""

    def provoke(bench: Bench) -> None:
        bench.exchange.timeout = IMPATIENT
        says(fault)(bench)

    return provoke


def ends(fault: Break) -> Provoke:
    """End the connection after the answer; the next call comes when that is over."""

    def provoke(bench: Bench) -> Callable[[], None]:
        says(fault)(bench)
        return bench.settle

    return provoke


def banned(answer: Any) -> Provoke:
    """Begin a ban; a wait that nothing is sent for comes to its own end."""

    def provoke(bench: Bench) -> None:
        bench.wait_seconds = 0.1
        says(answer)(bench)

    return provoke


def dies(bench: Bench) -> Callable[[], None]:
    """Stop the server, and start it again on its port after the call; during it for a wait."""
    bench.simulator.stop()
    if bench.method.column != "wait":
        return bench.simulator.start
    timer = threading.Timer(0.1, bench.simulator.start)
    timer.start()
    return timer.join


def skew(seconds: int) -> Provoke:
    """Let the exchange's clock be ahead."""

    def provoke(bench: Bench) -> Callable[[], None]:
        bench.simulator.skew = seconds

        def mend() -> None:
            bench.simulator.skew = 0
            bench.exchange._dfx_clock_offset = 0

        return mend

    return provoke


def clock_unreadable(bench: Bench) -> None:
    """Refuse the timestamp, and do not say the time."""
    says(Code(10008))(bench)
    bench.simulator.script("time", *[page(200)] * 2)


def page(status: int, text: bytes = b"<html><body>Just a moment...</body></html>") -> Body:
    """Answer a web page, as a proxy in front of the exchange does."""
    return Body(text, status, "text/html")


def rows(change: Callable[[list[Any], Bench], list[Any]]) -> Provoke:
    """Change the rows, or the ids of a cancel."""

    def provoke(bench: Bench) -> None:
        says(ChangedRows(lambda given: change(given, bench)))(bench)

    return provoke


def foreign(given: list[Any], bench: Bench) -> Any:
    """Give the row of an order of another market, or its id where the rows are ids."""
    are_ids = bool(given) and isinstance(given[0], str)
    return bench.foreign if are_ids else bench.simulator.row(bench.foreign)


def contradicted(given: list[Any], _: Bench) -> list[Any]:
    """Give the first row again, with another price."""
    return [*given, {**given[0], "price": 1}]


def other_kind(given: list[Any], _: Bench) -> list[Any]:
    """Call the first row one of the margin account."""
    return [{**given[0], "kind": "margin"}, *given[1:]]


# The rows.

CONNECTION, ANSWER, PAGE, CODE, CLOCK, ROWS = (
    *("The connection", "The body, with status 200", "A page of a proxy", "An error code"),
    *("The clock", "The rows"),
)
_CLASSES: Final = "CCXT classes of its transport"
_PARTIAL: Final = "HTTP: RFC 9112, 8"
_ENVELOPE: Final = "DOC API Endpoints Description; GUIDE Errors"
_CODES: Final = "DOC Error codes"
_ORDER: Final = "DOC Get order status; GUIDE"

FAULTS: Final = (
    Fault(
        CONNECTION,
        "closed before the answer, request not handled",
        _CLASSES,
        (says(Drop()),),
        everywhere(LOST),
    ),
    Fault(
        CONNECTION,
        "closed before the answer, request handled",
        _CLASSES,
        (says(Drop(handled=True)),),
        everywhere(LOST),
    ),
    Fault(
        CONNECTION,
        "reset before the answer",
        _CLASSES,
        (says(Break("start", "reset")),),
        everywhere(LOST),
    ),
    Fault(
        CONNECTION,
        "closed after the headers, or in the middle of the body",
        _PARTIAL,
        (says(Break("headers", "close")), says(Break("middle", "close"))),
        everywhere(CUT),
    ),
    Fault(
        CONNECTION,
        "reset after the headers, or in the middle of the body",
        _PARTIAL,
        (says(Break("headers", "reset")), says(Break("middle", "reset"))),
        everywhere(CUT),
    ),
    Fault(
        CONNECTION,
        "closed or reset after the body",
        _PARTIAL,
        (ends(Break("end", "close")), ends(Break("end", "reset"))),
        everywhere(RIGHT, cancels=NOT_RUN),
    ),
    Fault(
        CONNECTION,
        "stalled before the answer, after the headers, in the middle of the body",
        _CLASSES,
        (
            stalls(Break("start", "stall")),
            stalls(Break("headers", "stall")),
            stalls(Break("middle", "stall")),
        ),
        everywhere("RequestTimeout"),
    ),
    Fault(CONNECTION, "byte by byte", _PARTIAL, (says(Drip()),), everywhere(RIGHT)),
    Fault(
        CONNECTION,
        "chunked, cut off in a chunk's place or before the last",
        "HTTP: RFC 9112, 7.1",
        (
            says(Break("middle", "close", chunked=True)),
            says(Break("end", "close", chunked=True)),
        ),
        everywhere(CUT),
    ),
    Fault(
        CONNECTION,
        "Content-Length too long",
        _PARTIAL,
        (says(Length(+7)),),
        everywhere(CUT),
    ),
    Fault(
        CONNECTION,
        "Content-Length too short",
        _ENVELOPE,
        (says(Length(-7)),),
        everywhere(f"{BAD} / {CUT}"),
    ),
    Fault(
        CONNECTION,
        "Content-Encoding gzip of a plain body",
        "HTTP: RFC 9110, 8.4",
        (says(Encoding("gzip")),),
        everywhere(CUT),
    ),
    Fault(
        CONNECTION,
        "the server is down, and comes back on its port",
        _CLASSES,
        (dies,),
        everywhere(LOST, status=NOT_RUN),
    ),
    Fault(
        ANSWER,
        "cut in half, doubled, empty, garbage",
        _ENVELOPE,
        (
            says(Changed(lambda body: body[: len(body) // 2])),
            says(Changed(lambda body: body * 2)),
            says(Changed(lambda _: b"")),
            says(Changed(lambda _: b"\x00\xff\xfe{[")),
        ),
        everywhere(BAD),
    ),
    Fault(
        ANSWER,
        "JSON, but no object: a list, a number, a text, null",
        _ENVELOPE,
        tuple(says(Body(text)) for text in ("[]", "5", '"well"', "null")),
        everywhere(BAD),
    ),
    Fault(
        ANSWER,
        "an object without a code",
        _ENVELOPE,
        (says(Body('{"data":[]}')), says(Body('{"code":null,"data":[]}'))),
        everywhere(BAD),
    ),
    Fault(
        ANSWER,
        "code 0 and nothing else, or null or a text in place of rows or ids",
        _ORDER,
        tuple(
            says(Body(json.dumps({"code": 0, **dict.fromkeys(keys, value)})))
            for keys, value in (
                ((), None),
                (("data", "list", "success", "order_id", "order_ids"), None),
                (("data", "success", "order_id", "order_ids"), ""),
            )
        ),
        everywhere(BAD, mine=REST, cancels="InvalidOrder"),
    ),
    Fault(
        ANSWER,
        "10 MB of garbage",
        _ENVELOPE,
        (says(Body(b"x" * TEN_MEGABYTES)),),
        everywhere(BAD),
    ),
    Fault(
        ANSWER,
        "the right one, and 10 MB of white space",
        "GUIDE, maxBody: an answer about orders has at most 4 MiB",
        (says(Changed(lambda body: body + b" " * TEN_MEGABYTES)),),
        everywhere(BAD),
    ),
    Fault(PAGE, "HTML with 200", _ENVELOPE, (says(page(200)),), everywhere(BAD)),
    Fault(
        PAGE,
        "HTML with 403, 404, 500, 502, 503",
        "CCXT httpExceptions",
        tuple(says(page(status)) for status in (403, 404, 500, 502, 503)),
        everywhere(DOWN),
    ),
    Fault(
        PAGE,
        "HTML with 504",
        "CCXT httpExceptions",
        (says(page(504)),),
        everywhere("RequestTimeout"),
    ),
    Fault(
        PAGE,
        "HTML with 429",
        "DOC Rate Limit: a ban of 2 minutes",
        (banned(page(429)),),
        everywhere("RateLimited", wait="RequestTimeout"),
    ),
    Fault(
        PAGE,
        "10 MB of HTML with 502",
        "GUIDE, maxBody: it is not read to its end",
        (says(page(502, b"<html>" + b"x" * TEN_MEGABYTES)),),
        everywhere(BAD),
    ),
    *(
        Fault(
            CODE,
            ", ".join(map(str, codes)),
            _CODES,
            tuple(says(Code(code)) for code in codes),
            everywhere(outcome),
        )
        for outcome, codes in (
            (
                "BadRequest",
                (
                    *(10001, 10004, 10009, 20012, 20014, 20015, 20021, 20022, 20023, 20024),
                    *(20025, 20030, 20033, 400002),
                ),
            ),
            ("AuthenticationError", (10002, 10003, 10011)),
            (
                "PermissionDenied",
                (
                    *(10006, 10007, 20001, 20018, 20027, 20028, 20029, 20032, 20034, 20035),
                    20041,
                ),
            ),
            ("MarketClosed", (20002,)),
            ("InvalidOrder", (20003, 20007, 20008, 20009, 20010)),
            ("InsufficientFunds", (20011, 20026)),
            ("BadSymbol", (20019, 20042)),
            ("InvalidAddress", (20037, 20038)),
            ("ExchangeError", (20036, 20039, 31337)),
            ("ExchangeNotAvailable", (50000,)),
            ("RateLimited", (20020,)),
            ("RateLimitExceeded", (20040,)),
        )
    ),
    Fault(
        CODE,
        "20013",
        _CODES,
        (says(Code(20013), times=6),),
        everywhere("OrderNotFound"),
    ),
    Fault(
        CODE,
        "10005, 200005",
        "DOC Error codes, Rate Limit: a ban of 2 minutes; 200005: seen in the field",
        (banned(Code(10005)), banned(Code(200005))),
        everywhere("RateLimited", wait="RequestTimeout"),
    ),
    Fault(
        CLOCK,
        "ahead by a day, 30 s, or behind by 3 s, an hour",
        "DOC API Endpoints Description; GUIDE: 10008",
        tuple(map(skew, (86_400, 30, -3, -3600))),
        everywhere(RIGHT),
    ),
    Fault(
        CLOCK,
        "10008 once",
        "GUIDE: repeated once",
        (says(Code(10008), times=1),),
        everywhere(RIGHT),
    ),
    Fault(
        CLOCK,
        "10008 twice",
        "GUIDE: then InvalidNonce",
        (says(Code(10008), times=2),),
        everywhere("InvalidNonce"),
    ),
    Fault(
        CLOCK,
        "10008, and the time cannot be read",
        "GUIDE: then InvalidNonce",
        (clock_unreadable,),
        everywhere("InvalidNonce"),
    ),
    Fault(
        ROWS,
        "each twice",
        _ORDER,
        (rows(lambda given, _: given * 2),),
        everywhere(RIGHT, mine=NOT_RUN, create=NOT_RUN, creates=BAD),
    ),
    Fault(
        ROWS,
        "shuffled",
        _ORDER,
        (rows(lambda given, _: given[::-1]),),
        everywhere(RIGHT, create=NOT_RUN, creates=NOT_RUN),
    ),
    Fault(
        ROWS,
        "one again, with another price",
        _ORDER,
        (rows(contradicted),),
        only(one=BAD, ids=BAD, lists=BAD, trades=BAD, wait=RIGHT, status=KNOWN),
    ),
    Fault(
        ROWS,
        "one missing",
        _ORDER,
        (rows(lambda given, _: given[1:]),),
        everywhere(
            "OrderNotFound",
            lists=f"{RIGHT} or {REST}",
            mine=REST,
            create=NOT_RUN,
            creates=BAD,
            cancels="OrderNotFound",
        ),
    ),
    Fault(
        ROWS,
        "another's instead",
        _ORDER,
        (rows(lambda given, bench: [foreign(given, bench)]),),
        only(
            one=BAD,
            ids=BAD,
            lists="BadSymbol",
            trades=BAD,
            wait=RIGHT,
            creates=BAD,
            cancels="OrderNotFound",
            status=KNOWN,
        ),
    ),
    Fault(
        ROWS,
        "another's beside them",
        _ORDER,
        (rows(lambda given, bench: [*given, foreign(given, bench)]),),
        only(
            one=BAD,
            ids=BAD,
            lists="BadSymbol",
            trades=BAD,
            wait=RIGHT,
            creates=BAD,
            cancels=RIGHT,
            status=KNOWN,
        ),
    ),
    Fault(
        ROWS,
        "one of the other account",
        _ORDER,
        (rows(other_kind),),
        only(one=BAD, ids=BAD, lists=BAD, trades=BAD, wait=RIGHT, status=KNOWN),
    ),
)


# What is seen, and printed.


class Benches:
    """A bench for every method of one kind; they work side by side."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._pool = ThreadPoolExecutor(len(METHODS))
        self._benches = list(self._pool.map(lambda method: Bench(method, kind), METHODS))

    def observe(self, fault: Fault) -> dict[str, str]:
        """Bring a fault about in all its ways; each column's outcomes, one where all agree."""
        run = [bench for bench in self._benches if fault.cells[bench.method.column] != NOT_RUN]
        seen = self._pool.map(lambda bench: [bench.observe(way) for way in fault.ways], run)
        outcomes: dict[str, dict[str, None]] = {}
        for bench, ways in zip(run, seen, strict=True):
            outcomes.setdefault(bench.method.column, {}).update(dict.fromkeys(ways))
        return {column: " or ".join(sorted(ways)) for column, ways in outcomes.items()}

    def close(self) -> None:
        """Close them all."""
        list(self._pool.map(Bench.close, self._benches))
        self._pool.shutdown()


@contextmanager
def benches(kind: str) -> Iterator[Benches]:
    """Set the benches of one kind up, where a wait pauses for shorter than in earnest."""
    pauses = waiting.FIRST_PAUSE, waiting.LONGEST_PAUSE
    waiting.FIRST_PAUSE, waiting.LONGEST_PAUSE = 0.01, 0.05
    opened = Benches(kind)
    try:
        yield opened
    finally:
        opened.close()
        waiting.FIRST_PAUSE, waiting.LONGEST_PAUSE = pauses


def cases(faults: tuple[Fault, ...] = FAULTS) -> int:
    """Count the cases: ways of each fault, methods it is run with, kinds."""
    methods = [method.column for method in METHODS]
    run = (
        len(fault.ways) * sum(fault.cells[column] != NOT_RUN for column in methods)
        for fault in faults
    )
    return sum(run) * len(KINDS)


def line(fault: Fault, seen: Mapping[str, Mapping[str, str]]) -> str:
    """Write a row of what was seen with each kind, by column."""
    cells = []
    for column in COLUMNS:
        outcomes = dict.fromkeys(seen[kind].get(column, NOT_RUN) for kind in KINDS)
        cells.append(" / ".join(outcomes))
    return f"| {' | '.join((fault.name, *cells))} |"


HEAD: Final = """\
# Faults

What each method makes of each fault, as seen over a real socket. Written by

    python -m tests.exchange.faults > tests/FAULTS.md

{cases} cases: each way of a fault x each method x sync and asyncio. A cell is what was raised or
answered by both kinds, or by sync / asyncio where they differ. In every case, too:

- a POST went out once; twice only after 10008, by which the exchange refuses it unread
- no order was placed twice, and an error after which it exists says that it may
- no error named another's order, a key, a secret or a signature, or went on without end
- the next call of the same exchange object gave the right answer

- `{right}`: the answer without the fault
- `{rest}`: the rows that came; one that is left out of a list cannot be missed, and what
  `fetch_my_trades` makes of a body without rows is ccxt's own
- `{known}`: an order that says canceled, and None for what only its status has
- `wait_for_order` asks again where that can help; during a ban nothing is sent, its time runs out
- `{not_run}`: there is no such fault of that answer, or two outcomes are right: the question for
  the status may go out before or after the connection is known to be closed
"""


def document(lines: Mapping[str, str]) -> str:
    """Write the whole file, the rows given by the name of their fault."""
    words = {"right": RIGHT, "rest": REST, "known": KNOWN, "not_run": NOT_RUN}
    parts = [HEAD.format(cases=f"{cases():,}", **words)]
    for section in dict.fromkeys(fault.section for fault in FAULTS):
        parts += [f"\n## {section}\n\n", f"| fault | {' | '.join(COLUMNS.values())} |\n"]
        parts += ["|---" * (1 + len(COLUMNS)), "|\n"]
        parts += [f"{lines[fault.name]}\n" for fault in FAULTS if fault.section == section]
    return "".join(parts)


def observed() -> dict[str, str]:
    """Bring every fault about, sync and asyncio."""
    seen: dict[str, dict[str, dict[str, str]]] = {fault.name: {} for fault in FAULTS}
    for kind in KINDS:
        with benches(kind) as opened:
            for fault in FAULTS:
                seen[fault.name][kind] = opened.observe(fault)
    return {fault.name: line(fault, seen[fault.name]) for fault in FAULTS}


if __name__ == "__main__":
    sys.stdout.write(document(observed()))
