"""The report in Markdown: a summary that fits into a README, then every failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dfx_conformance import rules
from dfx_conformance.reports.text import failure, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dfx_conformance.report import Report

_WRONG: Final = ("crashed", "failed", "xpassed", "warned", "xfailed")
_EXAMPLES: Final = 2


def markdown(reports: Sequence[Report]) -> str:
    """Write the summaries of all subjects, then their failures."""
    parts = ["# Conformance of order status", *map(summary, reports)]
    for report in reports:
        wrong = [one for one in report["results"] if one["verdict"] in _WRONG]
        if wrong:
            parts.append(f"## Failures of {report['subject']}")
            parts += [f"```text\n{failure(one)}```" for one in wrong]
    return "\n\n".join(parts) + "\n"


def summary(report: Report) -> str:
    """Write how a subject fared: the counts, and a table of the rules that it breaks."""
    counted = (
        f"Suite {report['suite']}: {verdict(report)}. Of {report['total']} cases {report['ran']} "
        f"ran: {report['passed']} passed, {report['failed']} failed, {report['warned']} broke a "
        f"SHOULD only, {report['unsupported']} were not supported."
    )
    lines = [f"## {report['subject']}", "", counted]
    table = list(_table(report))
    if table:
        lines += ["", "| rule | level | text | cases | of | such as |", "|---|---|---|--:|--:|---|"]
    return "\n".join((*lines, *table))


def _table(report: Report) -> Iterator[str]:
    for rule_id, fared in report["rules"].items():
        if fared not in _WRONG:
            continue
        rule = rules.find(rule_id)
        ran = [one for one in report["results"] if one["verdict"] != "unsupported"]
        tried = [one for one in ran if rule_id in one["rules"]]
        broken = [
            one["id"]
            for one in ran
            if any(rule_id == problem["rule"] for problem in one["problems"])
        ]
        examples = ", ".join(broken[:_EXAMPLES])
        of = len({*broken, *(one["id"] for one in tried)})
        yield f"| {rule_id} | {rule.level} | {rule.text} | {len(broken)} | {of} | {examples} |"
