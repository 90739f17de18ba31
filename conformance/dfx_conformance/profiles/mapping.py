"""Profile digifinex-mapping: the answers of the vectors, and what parse makes of them."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance import rules
from dfx_conformance.case import Case, Findings, NotApplicable
from dfx_conformance.compare import (
    blamed,
    class_names,
    compare_error,
    compare_orders,
    describe,
    plain,
)
from dfx_conformance.profiles import readings
from dfx_conformance.roots import missing, raised
from dfx_conformance.rules import Problem

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from dfx_conformance.roots import Roots
    from dfx_conformance.session import Outcome, Session
    from dfx_conformance.vectors import ExpectedError, Vector

PROFILE: Final = "digifinex-mapping"
_LONG: Final = 20  # orders; of longer lists a report has only the wrong ones
_FEW: Final = 3
_MOST: Final = 20_000


def cases(vectors: Sequence[Vector]) -> Iterator[Case]:
    """Yield one case per vector, and those for which all vectors are read."""
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
    yield from readings.cases(PROFILE)


def _check(vector: Vector, session: Session) -> Findings:
    lacking = needs(vector) - session.subject.capabilities
    if lacking:
        raise NotApplicable(f"capability {', '.join(sorted(lacking))} is not declared")
    outcomes = session.outcomes(vector)
    _raised_before(vector, outcomes, session.roots)
    exactly = "exact-numbers" in session.subject.capabilities
    problems = list(_problems(vector, outcomes, exactly=exactly))
    problems = _without_missing_keys(vector, outcomes, problems, session.roots)
    warnings = [text for outcome in outcomes for text in outcome.warnings]
    problems += _missing_warnings(vector, warnings)
    long = any(len(orders) > _LONG for orders in vector.expected)
    return Findings(
        _first_per_rule(problems) if long else problems,
        "\n".join(_shortened(body.decode(errors="replace")) for body in vector.bodies),
        None if long else _single([plain(_summary(outcome, vector)) for outcome in outcomes]),
        None if long else wanted(vector),
    )


def needs(vector: Vector) -> set[str]:
    """Name what a subject must be able to do for a vector, beside its capability."""
    asked = {"market-orders"} if any(b'_market"' in body for body in vector.bodies) else set()
    return asked | ({"errors"} if vector.error is not None else set())


def _raised_before(vector: Vector, outcomes: Sequence[Outcome], roots: Roots) -> None:
    """Leave a vector out whose answer raised what another one's did: that is one fault.

    Raises:
        NotApplicable: it does.
    """
    for error in (outcome.error for outcome in outcomes):
        is_crash = error is not None and "BaseError" not in class_names(error)
        if error is None or not (is_crash or vector.error is None):
            continue
        earlier = roots.earlier(raised(error), vector.id)
        if earlier:
            raise NotApplicable(f"not judged: raised {describe(error)}, as in {earlier}")


def _without_missing_keys(
    vector: Vector, outcomes: Sequence[Outcome], problems: list[Problem], roots: Roots
) -> list[Problem]:
    """Leave out what follows from keys that orders lack and another case has reported.

    Raises:
        NotApplicable: nothing else can be judged.
    """
    wanted_keys = {key for orders in vector.expected for order in orders for key in order}
    got = [order for outcome in outcomes for order in outcome.orders or ()]
    lacking = {key for key in wanted_keys if got and not any(key in order for order in got)}
    earlier = {key: first for key in lacking if (first := roots.earlier(missing(key), vector.id))}
    left = [one for one in problems if not _is_about(one, earlier)]
    if earlier and not left:
        reasons = ", ".join(f"{key} is missing, as in {first}" for key, first in earlier.items())
        raise NotApplicable(f"not judged: {reasons}")
    return left


def _is_about(problem: Problem, keys: Container[str]) -> bool:
    expected = problem.expected
    return isinstance(expected, dict) and len(expected) == 1 and next(iter(expected)) in keys


def _first_per_rule(problems: Sequence[Problem]) -> list[Problem]:
    """Keep a few problems per rule, and add how many more there are."""
    kept = []
    for rule, count in Counter(one.rule for one in problems).items():
        own = [one for one in problems if one.rule is rule][:_FEW]
        more = count - len(own)
        kept += [*own[:-1], own[-1]._replace(said=f"{own[-1].said} - and {more} more")]
    return kept


def _shortened(body: str) -> str:
    return body if len(body) <= _MOST else f"{body[:_MOST]}... ({len(body)} characters)"


def _problems(vector: Vector, outcomes: Sequence[Outcome], *, exactly: bool) -> Iterator[Problem]:
    if vector.error is not None:
        yield from _refusal(vector.error, outcomes[0], vector.rules, exactly=exactly)
        return
    for number, (orders, outcome) in enumerate(zip(vector.expected, outcomes, strict=True)):
        where = f"answer {number}: " if len(outcomes) > 1 else ""
        if outcome.orders is None:
            text = describe(outcome.error) if outcome.error else "nothing"
            for rule in blamed(vector.rules):
                yield Problem(rule, f"{where}raised {text}, expected orders", text, orders)
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
        message = f"gave {len(outcome.orders or ())} orders, expected {expected.class_}"
        yield Problem(rule, message, plain(outcome.orders), expected.class_)


def _missing_warnings(vector: Vector, warnings: list[str]) -> Iterator[Problem]:
    for text in vector.warns:
        if not any(text in message for message in warnings):
            rule = rules.find("MAP-034")
            yield Problem(rule, f"no warning says {text!r}", warnings, text)


def _summary(outcome: Outcome, vector: Vector) -> Any:
    """Return what came; of orders, the keys that the vector is about."""
    if outcome.orders is None:
        return describe(outcome.error) if outcome.error else None
    about = {key: None for orders in vector.expected for order in orders for key in order}
    keys = {"id": None, "status": None} if vector.error else about
    return [{key: order.get(key) for key in keys} for order in outcome.orders]


def _single(answers: list[Any]) -> Any:
    return answers[0] if len(answers) == 1 else answers


def wanted(vector: Vector) -> Any:
    """Return what a vector expects, in a form that JSON has."""
    if vector.error is None:
        return plain(_single(list(vector.expected)))
    asked = vector.error
    names = {"class": asked.class_, "not": asked.not_, "path": asked.path, "code": asked.code}
    facts = {**names, "text": asked.text, "orders": asked.orders}
    return plain({name: value for name, value in facts.items() if value})
