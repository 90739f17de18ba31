"""Profile order: unified orders of any exchange against the rules of an order and of its life.

The orders are those that the subject gives, or those that it makes of the vectors' answers where
the vector expects orders.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dfx_conformance.case import Case, Findings, NotApplicable
from dfx_conformance.compare import carried, describe
from dfx_conformance.life_checks import check_life, is_followed
from dfx_conformance.order_checks import KEYS, broken
from dfx_conformance.roots import missing, raised
from dfx_conformance.rules import Problem, life, order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dfx_conformance.rules import Rule
    from dfx_conformance.session import Outcome, Session
    from dfx_conformance.vectors import Vector

T = TypeVar("T")

PROFILE: Final = "order"
_MOST: Final = 3
_EVERY_KEY: Final = "ORD-001"


def cases(_vectors: Sequence[Vector]) -> Iterator[Case]:
    """Yield one case per rule: all orders are checked by it."""
    for rule in order.RULES:
        yield _case(rule, partial(_check_orders, rule))
    for rule in life.RULES:
        yield _case(rule, partial(_check_lives, rule))


def _case(rule: Rule, run: Any) -> Case:
    return Case(_case_id(rule), rule.text, PROFILE, (rule.id,), rule.level, rule.source, run)


def _case_id(rule: Rule) -> str:
    return f"{PROFILE}/{rule.id}"


def _check_orders(rule: Rule, session: Session) -> Findings:
    problems, checked = [], 0
    for name, found, exempt in _orders(session, _case_id(rule)):
        if rule.id in exempt:
            continue
        checked += 1
        problems += [
            Problem(rule, f"{name}: {message}", found) for message in broken(rule.id, found)
        ]
        if rule.id == _EVERY_KEY:
            session.roots.earlier_of(
                (missing(key) for key in KEYS if key not in found), _case_id(rule)
            )
    if not checked:
        raise NotApplicable("there were no orders to check")
    return _findings(problems, f"{checked} orders")


def _orders(session: Session, case: str) -> Iterator[tuple[str, Mapping[str, Any], Sequence[str]]]:
    """Yield every order with a name for it and the rules that it need not keep."""
    for number, answer in enumerate(_first(case, session, session.given)):
        for found in answer:
            yield f"order {found.get('id')!r} of answer {number}", found, ()
    if session.subject.parse and not (session.subject.orders or session.subject.snapshots):
        for vector in session.vectors:
            for outcome in session.outcomes(vector):
                for found in _asked_for(vector, outcome):
                    yield vector.id, found, vector.exempt


def _first(case: str, session: Session, get: Callable[[], T]) -> T:
    """Return what the subject gives without a vector; where it raises, that is one fault.

    Raises:
        NotApplicable: another case has reported it.
    """
    try:
        return get()
    except Exception as error:
        earlier = session.roots.earlier(raised(error), case)
        if earlier is None:
            raise
        raise NotApplicable(f"not judged: raised {describe(error)}, as in {earlier}") from error


def _asked_for(vector: Vector, outcome: Outcome) -> Sequence[Mapping[str, Any]]:
    """Return the orders that the vector expects, be they carried by an error.

    What a subject makes of an answer that it should have refused is the fault of another rule.
    """
    if vector.error is None:
        return outcome.orders or ()
    return carried(outcome.error) if vector.error.orders else ()


def _check_lives(rule: Rule, session: Session) -> Findings:
    problems, checked = [], 0
    for name, answers in _lives(session, _case_id(rule)):
        checked += is_followed(answers)
        problems += [
            one._replace(said=f"{name}{one.said}")
            for one in check_life(answers)
            if one.rule is rule
        ]
    if not checked:
        raise NotApplicable("there were no successive answers to check")
    return _findings(problems, f"{checked} sequences of answers")


def _lives(session: Session, case: str) -> Iterator[tuple[str, list[list[Mapping[str, Any]]]]]:
    if session.subject.snapshots:
        yield "", _first(case, session, session.snapshots)
    elif session.subject.parse and not session.subject.orders:
        for vector in session.vectors:
            if vector.snapshots:
                read = [one.orders for one in session.outcomes(vector) if one.orders is not None]
                if any(read):
                    yield f"{vector.id}: ", read


def _findings(problems: list[Problem], checked: str) -> Findings:
    """Keep the first problems, and add how many more there are."""
    if len(problems) <= _MOST:
        return Findings(problems, checked)
    more = problems[_MOST - 1]
    message = f"{more.said} - and {len(problems) - _MOST} more"
    return Findings([*problems[: _MOST - 1], more._replace(said=message)], checked)
