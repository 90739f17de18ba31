"""What a run returns: plain dicts and lists, as the JSON report has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_conformance.rules import Level

Verdict = Literal["passed", "failed", "warned", "xfailed", "xpassed", "unsupported", "crashed"]
VERDICTS: Final[Mapping[Verdict, str]] = {
    "passed": "what was expected",
    "failed": "a MUST rule is broken",
    "warned": "a SHOULD rule is broken",
    "xfailed": "failed, as the subject said it would",
    "xpassed": "kept, though the subject said it would fail: take the entry out of xfail",
    "unsupported": "not run: the subject does not offer what it needs",
    "crashed": "the suite itself failed in it, which says nothing about the subject",
}


class ProblemRow(TypedDict):
    """A rule that a case found broken."""

    rule: str
    level: Level
    text: str
    source: str
    said: str
    got: Any
    expected: Any


class Result(TypedDict):
    """One case, or one rule that was expected to be broken and is kept."""

    id: str
    title: str
    profile: str | None
    rules: list[str]
    level: Level
    capability: str | None
    provenance: str | None
    source: str
    verdict: Verdict
    reason: str | None
    problems: list[ProblemRow]
    input: str
    got: Any
    expected: Any
    again: str


class Report(TypedDict):
    """One run of one subject."""

    suite: str
    subject: str
    capabilities: list[str]
    profiles: list[str]
    started: str
    ok: bool
    conforms: bool
    total: int
    ran: int
    passed: int
    failed: int
    warned: int
    xfailed: int
    xpassed: int
    unsupported: int
    crashed: int
    rules: dict[str, Verdict]
    results: list[Result]
    complete: bool


def counted(report: Report) -> dict[Verdict, int]:
    """Return how many results have which verdict, without those that none has."""
    numbers = cast("Mapping[str, int]", report)
    return {verdict: numbers[verdict] for verdict in VERDICTS if numbers[verdict]}
