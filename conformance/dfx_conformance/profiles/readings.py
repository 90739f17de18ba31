"""Cases of profile digifinex-mapping for which all answers are read: again, or in parallel."""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, MutableMapping, MutableSequence, MutableSet
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance import rules
from dfx_conformance.case import Case, Findings, NotApplicable
from dfx_conformance.compare import describe, plain, same_value
from dfx_conformance.order_checks import number_types
from dfx_conformance.rules import Problem
from dfx_conformance.session import listening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dfx_conformance.session import Outcome, Session
    from dfx_conformance.vectors import Vector

    Check = Callable[[Session, Sequence[Vector]], Iterator[str]]

_MOST: Final = 3
# Areas whose answers are plain: nobody need be warned of anything in them.
_PLAIN: Final = ("spot/", "market-buys/", "margin/", "life/", "lists/rows-")
_WARNED: Final = frozenset({"MAP-033", "MAP-034"})
_PARALLEL: Final = 4
_ROUNDS: Final = 4
_MOST_ROUNDS: Final = 40
_ENOUGH: Final = 0.3  # seconds, after which no further round is begun
_SWITCH: Final = 1e-6  # seconds between threads: what can get mixed up does


def cases(profile: str) -> Iterator[Case]:
    """Yield one case per rule."""
    for rule_id, check in _CHECKS.items():
        rule = rules.find(rule_id)
        run = partial(_run, rule_id, check)
        case_id = f"mapping/{rule.id}"
        yield Case(case_id, rule.text, profile, (rule.id,), rule.level, rule.source, run)


def _run(rule_id: str, check: Check, session: Session) -> Findings:
    vectors = [one for one in session.vectors if one.capability in _readable(session)]
    if not any(outcome.orders for one in vectors for outcome in session.outcomes(one)):
        raise NotApplicable("no answer became orders")
    found = list(check(session, vectors))
    problems = [Problem(rules.find(rule_id), message) for message in found[:_MOST]]
    if len(found) > _MOST:
        more = f"{found[_MOST - 1]} - and {len(found) - _MOST} more"
        problems[-1] = problems[-1]._replace(said=more)
    return Findings(problems, f"{len(vectors)} answers")


def _readable(session: Session) -> frozenset[str]:
    return session.subject.capabilities


def _same_again(session: Session, vectors: Sequence[Vector]) -> Iterator[str]:
    """Read every answer again: neither order nor number of readings may matter."""
    for vector in vectors:
        before = [_fixed(outcome) for outcome in session.outcomes(vector)]
        if before != [_fixed(outcome) for outcome in session.again(vector)]:
            yield f"{vector.id}: another answer the second time"


def _fixed(outcome: Outcome) -> Any:
    return plain(outcome.orders) if outcome.error is None else type(outcome.error).__name__


def _needless(session: Session, vectors: Sequence[Vector]) -> Iterator[str]:
    for vector in vectors:
        if not vector.id.startswith(_PLAIN) or vector.exempt or _WARNED & set(vector.all_rules):
            continue
        for outcome in session.outcomes(vector):
            yield from (f"{vector.id}: warned {text[:200]!r}" for text in outcome.warnings)


def _own_info(session: Session, vectors: Sequence[Vector]) -> Iterator[str]:
    exactly = "exact-numbers" in _readable(session)
    for vector in vectors:
        if vector.error is not None:
            continue
        for body, outcome in zip(vector.bodies, session.outcomes(vector), strict=True):
            rows = _rows(body)
            for order in outcome.orders or ():
                row, info = rows.get(str(order.get("id"))), order.get("info")
                for message in _differences(row, info, exactly=exactly) if row else ():
                    yield f"{vector.id}: order {order['id']}: {message}"


def _rows(body: bytes) -> dict[str, dict[str, Any]]:
    """Find the rows of an answer by their ids, those that no other row has."""
    try:
        data = json.loads(body, parse_float=Decimal)["data"]
    except (ValueError, TypeError, KeyError):
        return {}
    rows = [row for row in (data if isinstance(data, list) else [data]) if isinstance(row, dict)]
    count = Counter(str(row.get("order_id")) for row in rows)
    return {str(row["order_id"]): row for row in rows if count[str(row.get("order_id"))] == 1}


def _differences(row: dict[str, Any], info: object, *, exactly: bool) -> Iterator[str]:
    if not isinstance(info, Mapping) or not info:
        return  # ORD-018 has it where it is empty, and vectors about info where it is no row
    if info.keys() != row.keys():
        yield f"info and row do not share {', '.join(sorted(map(str, info.keys() ^ row.keys())))}"
        return
    for key, value in row.items():
        if not same_value(value, info[key], exactly=exactly):
            yield f"info has {key} {info[key]!r}, received {value!r}"


def _one_type(session: Session, vectors: Sequence[Vector]) -> Iterator[str]:
    for vector, orders in _lists(session, vectors):
        types: dict[str, str] = {}
        for number, order in enumerate(orders):
            types_of_order = number_types(order)
            if len(set(types_of_order.values())) == 1:  # else it is a matter of ORD-020
                name, type_ = next(iter(types_of_order.items()))
                types.setdefault(type_, f"{name} of order {number} is {type_}")
        types.pop("int", None)
        if len(types) > 1:
            yield f"{vector.id}: {', '.join(types.values())}"


def _lists(
    session: Session, vectors: Sequence[Vector]
) -> Iterator[tuple[Vector, list[Mapping[str, Any]]]]:
    for vector in vectors:
        if vector.error is None:
            yield from ((vector, one.orders) for one in session.outcomes(vector) if one.orders)


def _shared(session: Session, vectors: Sequence[Vector]) -> Iterator[str]:
    for vector in vectors:
        if vector.error is not None:
            continue
        owners: dict[int, str] = {}
        for when, outcomes in (("", session.outcomes(vector)), (" again", session.again(vector))):
            for answer, outcome in enumerate(outcomes):
                for number, order in enumerate(outcome.orders or ()):
                    owner = f"order {number} of answer {answer}{when}"
                    yield from (
                        f"{vector.id}: {message}" for message in _claimed(order, owner, owners)
                    )


def _claimed(order: Mapping[str, Any], owner: str, owners: dict[int, str]) -> Iterator[str]:
    """Note the lists and dicts of an order as its own, and yield which are another one's, too."""
    for path, part in _parts("", order):
        other = owners.setdefault(id(part), owner)
        if other != owner:
            yield f"{path or 'the whole'} of {owner} is that of {other}"
            return  # what is inside it is shared, too


def _parts(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, MutableMapping | MutableSequence | MutableSet):
        yield path, value
    inner: Iterable[tuple[Any, object]] = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list | tuple):
        inner = enumerate(value)
    for key, part in inner:
        yield from _parts(f"{path}[{key!r}]", part)


def _mixed(session: Session, vectors: Sequence[Vector]) -> Iterator[str]:
    """Read the longest answers in parallel, and compare with what they give one by one."""
    able = [one for one in vectors if one.error is None and not one.snapshots]
    able = [one for one in able if session.outcomes(one)[0].error is None]
    chosen = sorted(able, key=lambda one: -len(one.bodies[0]))[:_PARALLEL]
    if len(chosen) < _PARALLEL:
        raise NotApplicable("too few answers are read")
    alone = [_fixed(session.outcomes(one)[0]) for one in chosen]
    bodies = [one.bodies[0] for one in chosen]
    threads = "threads" in session.subject.capabilities
    with listening():
        answers = session.call(_together, session.subject.parse, bodies, threads=threads)
    for number, answer in answers:
        if isinstance(answer, BaseException):
            yield f"{chosen[number].id}: raised {describe(answer)} while others were read"
        elif plain(answer) != alone[number]:
            yield f"{chosen[number].id}: gave other orders while others were read"


async def _together(parse: Any, bodies: Sequence[bytes], *, threads: bool) -> list[tuple[int, Any]]:
    first = parse(bodies[0])
    if inspect.isawaitable(first):
        await first
        return await _interleaved(parse, bodies)
    if not threads:
        raise NotApplicable("capability threads is not declared")
    return await _threaded(parse, bodies)


async def _interleaved(parse: Any, bodies: Sequence[bytes]) -> list[tuple[int, Any]]:
    numbers = [number for number in range(len(bodies)) for _ in range(_ROUNDS)]
    read = (parse(bodies[number]) for number in numbers)
    answers = await asyncio.gather(*read, return_exceptions=True)
    return [
        (number, one if isinstance(one, BaseException) else list(one))
        for number, one in zip(numbers, answers, strict=True)
    ]


async def _threaded(parse: Any, bodies: Sequence[bytes]) -> list[tuple[int, Any]]:
    """Read every answer a few times in a thread of its own, all threads in parallel."""
    answers: list[tuple[int, Any]] = []
    start, end = threading.Barrier(len(bodies)), time.monotonic() + _ENOUGH

    def read(number: int) -> None:
        start.wait()
        for count in range(_MOST_ROUNDS):
            if count >= _ROUNDS and time.monotonic() > end:
                break
            answers.append((number, _read(parse, bodies[number])))

    threads = [threading.Thread(target=read, args=(n,), daemon=True) for n in range(len(bodies))]
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):  # noqa: ASYNC110  # threads set no event
            await asyncio.sleep(0.005)
    finally:
        sys.setswitchinterval(before)
    return answers


def _read(parse: Any, body: bytes) -> Any:
    try:
        return list(parse(body))
    except BaseException as error:  # noqa: BLE001  # whatever it does is an answer
        return error


_CHECKS: Final[Mapping[str, Check]] = {
    "MAP-029": _own_info,
    "MAP-037": _same_again,
    "MAP-039": _needless,
    "MAP-040": _mixed,
    "LIST-018": _one_type,
    "LIST-019": _shared,
}
