"""What the terminal shows, and pytest: a failure that explains itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dfx_conformance.runner import Report, Result

_LONGEST: Final = 1000
_SHOWN: Final = ("crashed", "failed", "xpassed", "warned")
_COUNTS: Final = ("passed", "failed", "warned", "xfailed", "xpassed", "unsupported", "crashed")


def failures(report: Report) -> str:
    """Write every result that is not as it should be."""
    wrong = [one for verdict in _SHOWN for one in report["results"] if one["verdict"] == verdict]
    return "".join(f"{failure(one)}\n" for one in wrong)


def failure(result: Result) -> str:
    """Write one result: the rules broken, what came, what should have, how to repeat it."""
    return "".join(f"{line}\n" for line in _lines(result))


def _lines(result: Result) -> Iterator[str]:
    yield f"{result['verdict'].upper()} {result['id']}: {result['title']}"
    if result["reason"]:
        yield f"  {result['reason']}"
    by_rule: dict[str, list[str]] = {}
    for problem in result["problems"]:
        title = f"{problem['rule']} {problem['level']}: {problem['text']}"
        by_rule.setdefault(title, []).append(problem["said"])
    for title, said in by_rule.items():
        yield f"  {title}"
        yield from (f"    {one}" for one in said)
    sources = dict.fromkeys(problem["source"] for problem in result["problems"])
    more = [source for source in sources if source not in result["source"]]
    yield f"  source    {'; '.join((result['source'], *more))}"
    for name in ("input", "got", "expected"):
        if result[name] not in (None, ""):
            yield f"  {name:9} {_shown(result[name])}"
    yield f"  again     {result['again']}"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"
    return text.encode(errors="backslashreplace").decode().replace("\n", f"\n{'':12}")


def counts(reports: Sequence[Report]) -> str:
    """Write one line a subject, and whether it conforms."""
    return "".join(
        f"{report['subject']}: {verdict(report)}; {_counted(report)}\n" for report in reports
    )


def _counted(report: Report) -> str:
    told = [f"{report[name]} {name}" for name in _COUNTS if report[name]]
    return ", ".join((f"{report['total']} cases", *told))


def verdict(report: Report) -> str:
    """Say in words how a subject fared."""
    if report["crashed"]:
        return f"not known: the suite itself failed in {report['crashed']} cases"
    if not report["ran"]:
        return "nothing ran"
    if report["conforms"]:
        return "conforms"
    if report["ok"]:
        return "as expected, with expected failures"
    broken = [rule.id for rule in RULES if report["rules"].get(rule.id) == "failed"]
    return f"does not conform, breaks {len(broken)} MUST rules"
