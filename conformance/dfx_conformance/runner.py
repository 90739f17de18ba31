"""Running a subject: cases become results, results become a report."""

from __future__ import annotations

import traceback
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance import profiles as all_profiles
from dfx_conformance import rules
from dfx_conformance.case import Findings, NotApplicable
from dfx_conformance.compare import blamed, describe, plain
from dfx_conformance.rules import RULES, Problem
from dfx_conformance.session import Session
from dfx_conformance.subject import Subject, as_subject
from dfx_conformance.vectors import load
from dfx_conformance.version import SUITE_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dfx_conformance.case import Case
    from dfx_conformance.report import Report, Result, Verdict
    from dfx_conformance.rules import Level
    from dfx_conformance.vectors import Vector

_BAD: Final[tuple[Verdict, ...]] = ("failed", "xpassed", "crashed")
_NOT_KEPT: Final[tuple[Verdict, ...]] = (*_BAD, "xfailed")


class NothingToRun(ValueError):
    """What was asked for by name does not exist."""


def run(
    subject: Any,
    profiles: Sequence[str] | None = None,
    vectors: Sequence[Vector] | None = None,
    *,
    only: Sequence[str] | None = None,
) -> Report:
    """Run a subject and report.

    Args:
        subject: A Subject, a function from body to orders, or an object with parse or connect.
        profiles: Names of profiles; by default those that the subject has a way in for.
        vectors: Instead of the suite's own.
        only: Ids of the vectors, scenarios or rules to run; by default all.

    Returns:
        `ok`, `ran`, one count for each verdict, `results` (one a case), `rules` (one a rule that
        was tried), `suite` (version), `subject`, `capabilities`, `profiles`, `started`; `complete`
        comes last.

    Raises:
        NothingToRun: an id or a profile does not exist.
        TypeError: `subject` offers nothing to test.
    """
    tested = as_subject(subject)
    started = datetime.now(UTC)
    chosen = choose(tested, profiles, vectors, only=only)
    session = Session(tested, load() if vectors is None else vectors)
    try:
        results = [run_case(case, session) for case in chosen]
    finally:
        session.close()
    if not only:
        results += unexpected_passes(tested, chosen, results)
    return _report(tested, started, profiles or all_profiles.offered(tested), results)


def choose(
    subject: Subject,
    profiles: Sequence[str] | None = None,
    vectors: Sequence[Vector] | None = None,
    *,
    only: Sequence[str] | None = None,
) -> list[Case]:
    """Choose the cases of a run.

    Raises:
        NothingToRun: an id or a profile does not exist, be it in `only` or in the subject's xfail.
    """
    known = load() if vectors is None else vectors
    try:
        every = all_profiles.cases(known)
        of_profiles = all_profiles.cases(known, profiles or all_profiles.offered(subject))
    except ValueError as error:
        raise NothingToRun(str(error)) from error
    names = {case.id for case in every} | {rule.id for rule in RULES}
    for name in (*(only or ()), *subject.xfail):
        if name not in names:
            raise NothingToRun(f"{name} is no vector, scenario or rule; see dfx-conformance list")
    if not only:
        return of_profiles
    return [case for case in of_profiles if case.id in only or set(case.rules) & set(only)]


def run_case(case: Case, session: Session) -> Result:
    """Run one case; whatever the subject does, there is a result."""
    missing = _missing(case, session.subject)
    if missing:
        return _result(case, session.subject, "unsupported", Findings([]), missing)
    try:
        findings = case.run(session)
    except NotApplicable as why:
        return _result(case, session.subject, "unsupported", Findings([]), str(why))
    except BaseException as error:  # of the subject's, a crash is a failure of the case
        if isinstance(error, KeyboardInterrupt):
            raise
        if error is not session.raised:
            trace = "".join(traceback.format_exception(error))
            findings = Findings([], got=trace)
            return _result(case, session.subject, "crashed", findings, crash(error))
        message = f"raised {describe(error)}"
        findings = Findings(
            [Problem(rule, message, describe(error)) for rule in blamed(case.rules)]
        )
    verdict, reason = _judge(case, findings.problems, session.subject.xfail)
    return _result(case, session.subject, verdict, findings, reason)


def crash(error: BaseException) -> str:
    """Return the text for an error that is the suite's own."""
    return f"a fault of the suite, not of the subject; please report it: {error!r}"


def _missing(case: Case, subject: Subject) -> str | None:
    if case.capability is not None and case.capability not in subject.capabilities:
        return f"capability {case.capability} is not declared"
    return all_profiles.missing_way_in(subject, case.profile)


def level_of(case: Case, problem: Problem) -> Level:
    """Return the level of a problem: a MUST only where rule and case both are."""
    return "MUST" if problem.rule.level == case.level == "MUST" else "SHOULD"


def _judge(
    case: Case, problems: Sequence[Problem], xfail: Mapping[str, str]
) -> tuple[Verdict, str | None]:
    if not problems:
        reason = xfail.get(case.id)
        return ("xpassed", f"expected to fail: {reason}") if reason else ("passed", None)
    if case.id in xfail:
        return "xfailed", xfail[case.id]
    serious = [one for one in problems if level_of(case, one) == "MUST"]
    if serious and all(one.rule.id in xfail for one in serious):
        return "xfailed", xfail[serious[0].rule.id]
    return ("failed" if serious else "warned"), None


def _result(
    case: Case, subject: Subject, verdict: Verdict, findings: Findings, reason: str | None
) -> Result:
    return {
        "id": case.id,
        "title": case.title,
        "profile": case.profile,
        "rules": list(case.rules),
        "level": case.level,
        "capability": case.capability,
        "provenance": case.provenance,
        "source": case.source,
        "verdict": verdict,
        "reason": reason,
        "problems": [
            {
                "rule": one.rule.id,
                "level": level_of(case, one),
                "text": one.rule.text,
                "source": one.rule.source,
                "said": one.said,
                "got": plain(one.got),
                "expected": plain(one.expected),
            }
            for one in findings.problems
        ],
        "input": findings.input,
        "got": plain(findings.got),
        "expected": plain(findings.expected),
        "again": f"dfx-conformance run {subject.command or 'MODULE:SUBJECT'} --vector {case.id}",
    }


def unexpected_passes(
    subject: Subject, cases: Iterable[Case], results: Sequence[Result]
) -> list[Result]:
    """Find rules that were expected to be broken, were tried, and are kept."""
    broken = {one["rule"] for result in results for one in result["problems"]}
    tried = {
        rule
        for case, result in zip(cases, results, strict=True)
        if result["verdict"] not in {"unsupported", "crashed"}
        for rule in case.rules
    }
    kept = [name for name in subject.xfail if name in tried and name not in broken]
    return [
        {
            "id": name,
            "title": rules.find(name).text,
            "profile": None,
            "rules": [name],
            "level": rules.find(name).level,
            "capability": None,
            "provenance": None,
            "source": rules.find(name).source,
            "verdict": "xpassed",
            "reason": f"expected to be broken: {subject.xfail[name]}",
            "problems": [],
            "input": "",
            "got": None,
            "expected": None,
            "again": f"dfx-conformance run {subject.command or 'MODULE:SUBJECT'}",
        }
        for name in kept
    ]


def _report(
    subject: Subject, started: datetime, profiles: Sequence[str], results: list[Result]
) -> Report:
    counts = Counter(result["verdict"] for result in results)
    ran = len(results) - counts["unsupported"]
    return {
        "suite": SUITE_VERSION,
        "subject": subject.name,
        "capabilities": sorted(subject.capabilities),
        "profiles": list(profiles),
        "started": started.isoformat(timespec="seconds"),
        "ok": ran > 0 and not any(counts[verdict] for verdict in _BAD),
        "conforms": ran > 0 and not any(counts[verdict] for verdict in _NOT_KEPT),
        "total": len(results),
        "ran": ran,
        "passed": counts["passed"],
        "failed": counts["failed"],
        "warned": counts["warned"],
        "xfailed": counts["xfailed"],
        "xpassed": counts["xpassed"],
        "unsupported": counts["unsupported"],
        "crashed": counts["crashed"],
        "rules": _rules(results),
        "results": results,
        "complete": True,
    }


def _rules(results: Sequence[Result]) -> dict[str, Verdict]:
    """Return how every rule fared: the worst of its cases; one that none proves is left out."""
    verdicts: dict[str, set[Verdict]] = {}
    for result in results:
        broken = {one["rule"]: one["level"] for one in result["problems"]}
        for rule in (*result["rules"], *broken):
            verdicts.setdefault(rule, set()).add(_fared(rule, result, broken))
    order = ("crashed", "failed", "xpassed", "xfailed", "warned", "passed", "unsupported")
    return {
        rule.id: next(one for one in order if one in verdicts[rule.id])
        for rule in RULES
        if rule.id in verdicts
    }


def _fared(rule: str, result: Result, broken: Mapping[str, Level]) -> Verdict:
    if result["verdict"] in {"unsupported", "xpassed", "crashed"}:
        return result["verdict"]
    if rule not in broken:
        return "passed"
    if result["verdict"] == "xfailed":
        return "xfailed"
    return "failed" if broken[rule] == "MUST" else "warned"
