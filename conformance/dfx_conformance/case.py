"""A case: one thing that a subject is asked to do, and the rules which that proves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from dfx_conformance.rules import Level, Problem
    from dfx_conformance.session import Session


class Findings(NamedTuple):
    """What running a case brought: the rules broken, what went in, what came out."""

    problems: list[Problem]
    input: str = ""
    got: Any = None
    expected: Any = None


class NotApplicable(Exception):
    """The subject does not offer what the case needs; says what."""


@dataclass(frozen=True, slots=True)
class Case:
    """A vector, a scenario, or a rule that all orders are held against."""

    id: str
    title: str
    profile: str
    rules: tuple[str, ...]
    level: Level
    source: str
    run: Callable[[Session], Findings] = field(repr=False)
    capability: str | None = None
    provenance: str | None = None
