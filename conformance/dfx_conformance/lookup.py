"""The texts of `list` and `explain`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dfx_conformance import profiles, rules
from dfx_conformance.profiles.mapping import wanted
from dfx_conformance.rules import RULES, Rule
from dfx_conformance.subject import CAPABILITIES
from dfx_conformance.subjects import READY
from dfx_conformance.vectors import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dfx_conformance.case import Case
    from dfx_conformance.vectors import Vector


class Listable(StrEnum):
    """What can be listed."""

    RULES = "rules"
    VECTORS = "vectors"
    SUBJECTS = "subjects"
    CAPABILITIES = "capabilities"


COLUMNS: Final[Mapping[Listable, tuple[str, ...]]] = {
    Listable.RULES: ("rule", "level", "text"),
    Listable.VECTORS: ("id", "profile", "level", "capability", "title", "rules"),
    Listable.SUBJECTS: ("name", "what it is"),
    Listable.CAPABILITIES: ("capability", "what it means"),
}


def listed(what: Listable) -> str:
    """Write a list, its columns aligned."""
    lines = [COLUMNS[what], *_rows(what)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = (zip(line, widths, strict=True) for line in lines)
    return "".join(
        "  ".join(f"{cell:{width}}" for cell, width in one).rstrip() + "\n" for one in padded
    )


def _rows(what: Listable) -> Iterator[tuple[str, ...]]:
    if what is Listable.RULES:
        yield from ((rule.id, rule.level, rule.text) for rule in RULES)
    elif what is Listable.VECTORS:
        yield from map(_case_row, profiles.cases(load()))
    else:
        yield from (READY if what is Listable.SUBJECTS else CAPABILITIES).items()


def _case_row(case: Case) -> tuple[str, ...]:
    rule_ids = " ".join(case.rules)
    return case.id, case.profile, case.level, case.capability or "", case.title, rule_ids


def explained(name: str) -> str | None:
    """Explain a rule or a vector, or return None where nothing has that name."""
    cases = profiles.cases(load())
    try:
        return _rule(rules.find(name), cases)
    except KeyError:
        found = next((case for case in cases if case.id == name), None)
    return None if found is None else _case(found)


def _rule(rule: Rule, cases: list[Case]) -> str:
    proving = [case for case in cases if rule.id in case.rules]
    lines = "".join(f"  {case.id}  {case.title}\n" for case in proving)
    return (
        f"{rule.id} {rule.level}: {rule.text}\nsource: {rule.source}\nproved by {len(proving)}:\n"
        f"{lines}"
    )


def _case(case: Case) -> str:
    head = [
        f"{case.id}: {case.title}",
        f"{case.level}, profile {case.profile}, {case.provenance or 'rule'}, source: {case.source}",
        *(f"{rule.id} {rule.level}: {rule.text}" for rule in map(rules.find, case.rules)),
    ]
    vector = next((one for one in load() if one.id == case.id), None)
    return "\n".join([*head, *(_body(vector) if vector else ()), ""])


def _body(vector: Vector) -> Iterator[str]:
    for body in vector.bodies:
        yield f"answer: {body.decode(errors='replace')}"
    yield f"expected: {json.dumps(wanted(vector))}"
