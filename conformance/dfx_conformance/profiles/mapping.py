"""Profile digifinex-mapping: the answers of the vectors, and what parse makes of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance import rules
from dfx_conformance.case import Case, Findings, NotApplicable
from dfx_conformance.compare import blamed, compare_error, compare_orders, describe, plain
from dfx_conformance.rules import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dfx_conformance.session import Outcome, Session
    from dfx_conformance.vectors import ExpectedError, Vector

PROFILE: Final = "digifinex-mapping"


def cases(vectors: Sequence[Vector]) -> Iterator[Case]:
    """One case a vector; and one that reads all of them again."""
    for vector in vectors:
        yield Case(
            vector.id,
            vector.title,
            PROFILE,
            vector.all_rules,
            vector.level,
            vector.source,
            partial(_check, vector),
            capability=vector.capability,
            provenance=vector.provenance,
        )
    again = rules.find("MAP-037")
    yield Case(
        f"mapping/{again.id}", again.text, PROFILE, (again.id,), again.level, again.source, _again
    )


def _check(vector: Vector, session: Session) -> Findings:
    outcomes = session.outcomes(vector)
    exactly = "exact-numbers" in session.subject.capabilities
    problems = list(_problems(vector, outcomes, exactly=exactly))
    heard = [text for outcome in outcomes for text in outcome.warnings]
    problems += _unheard(vector, heard)
    return Findings(
        problems,
        "\n".join(body.decode(errors="replace") for body in vector.bodies),
        _single([plain(_told(outcome, vector)) for outcome in outcomes]),
        wanted(vector),
    )


def _problems(vector: Vector, outcomes: Sequence[Outcome], *, exactly: bool) -> Iterator[Problem]:
    if vector.error is not None:
        yield from _refusal(vector.error, outcomes[0], vector.rules, exactly=exactly)
        return
    for number, (orders, outcome) in enumerate(zip(vector.expected, outcomes, strict=True)):
        where = f"answer {number}: " if len(outcomes) > 1 else ""
        if outcome.orders is None:
            told = describe(outcome.error) if outcome.error else "nothing"
            for rule in blamed(vector.rules):
                yield Problem(rule, f"{where}raised {told}, expected orders", told, orders)
            continue
        yield from compare_orders(
            orders, outcome.orders, vector.rules, exactly=exactly, where=where
        )


def _refusal(
    expected: ExpectedError, outcome: Outcome, rule_ids: Sequence[str], *, exactly: bool
) -> Iterator[Problem]:
    if outcome.error is not None:
        yield from compare_error(expected, outcome.error, rule_ids, exactly=exactly)
        return
    for rule in blamed(rule_ids):
        said = f"gave {len(outcome.orders or ())} orders, expected {expected.class_}"
        yield Problem(rule, said, plain(outcome.orders), expected.class_)


def _unheard(vector: Vector, heard: list[str]) -> Iterator[Problem]:
    for text in vector.warns:
        if not any(text in said for said in heard):
            rule = rules.find("MAP-034")
            yield Problem(rule, f"no warning says {text!r}", heard, text)


def _told(outcome: Outcome, vector: Vector) -> Any:
    """Show what came, of orders the keys that the vector is about."""
    if outcome.orders is None:
        return describe(outcome.error) if outcome.error else None
    about = {key: None for orders in vector.expected for order in orders for key in order}
    keys = {"id": None, "status": None} if vector.error else about
    return [{key: order.get(key) for key in keys} for order in outcome.orders]


def _single(answers: list[Any]) -> Any:
    return answers[0] if len(answers) == 1 else answers


def wanted(vector: Vector) -> Any:
    """Write down what a vector expects, in a form that JSON has."""
    if vector.error is None:
        return plain(_single(list(vector.expected)))
    asked = vector.error
    told = {"class": asked.class_, "not": asked.not_, "path": asked.path, "code": asked.code}
    facts = {**told, "text": asked.text, "orders": asked.orders}
    return plain({name: value for name, value in facts.items() if value})


def _again(session: Session) -> Findings:
    """Read every answer again: neither order nor number of readings may matter."""
    if not session.vectors:
        raise NotApplicable("there are no vectors")
    if not any(one.orders for vector in session.vectors for one in session.outcomes(vector)):
        raise NotApplicable("no answer gave orders")
    rule = rules.find("MAP-037")
    problems = []
    for vector in session.vectors:
        before, after = session.outcomes(vector), [session.parse(body) for body in vector.bodies]
        if list(map(_fixed, before)) != list(map(_fixed, after)):
            said = f"{vector.id}: another answer the second time"
            problems.append(
                Problem(rule, said, plain([_told(outcome, vector) for outcome in after]))
            )
    return Findings(problems, f"{len(session.vectors)} answers")


def _fixed(outcome: Outcome) -> Any:
    return plain(outcome.orders) if outcome.error is None else type(outcome.error).__name__
