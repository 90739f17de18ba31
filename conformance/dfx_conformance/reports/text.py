"""The report as text, for the terminal and pytest: a failure that explains itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.report import counted
from dfx_conformance.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dfx_conformance.report import Report, Result

_LONGEST: Final = 1000
_WRONG: Final = ("crashed", "failed", "xpassed", "warned")


def failures(report: Report) -> str:
    """Write every result that is not as it should be."""
    wrong = [one for verdict in _WRONG for one in report["results"] if one["verdict"] == verdict]
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
    for title, messages in by_rule.items():
        yield f"  {title}"
        yield from (f"    {message}" for message in messages)
    sources = dict.fromkeys(problem["source"] for problem in result["problems"])
    more = [source for source in sources if source not in result["source"]]
    yield f"  source    {'; '.join((result['source'], *more))}"
    values: Mapping[str, Any] = result
    for name in ("input", "got", "expected"):
        if values[name] not in (None, ""):
            yield f"  {name:9} {_shortened(values[name])}"
    yield f"  again     {result['again']}"


def _shortened(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"
    return text.encode(errors="backslashreplace").decode().replace("\n", f"\n{'':12}")


def counts(reports: Sequence[Report]) -> str:
    """Write one line a subject, and whether it conforms."""
    return "".join(
        f"{report['subject']}: {verdict(report)}; {_counted(report)}\n" for report in reports
    )


def _counted(report: Report) -> str:
    counts = [f"{count} {name}" for name, count in counted(report).items()]
    return ", ".join((f"{report['total']} cases", *counts))


def verdict(report: Report) -> str:
    """Return in words how a subject fared."""
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
