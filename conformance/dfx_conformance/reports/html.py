"""The report as one page of HTML that needs nothing else: no network, no server, no other file.

The matrix is written here, so that it shows without scripts; the script opens its cells.
"""

from __future__ import annotations

import json
from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.report import counted
from dfx_conformance.reports.text import verdict
from dfx_conformance.rules import AREAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dfx_conformance.report import Report, Result
    from dfx_conformance.rules import Area, Rule

# How a rule fared: its mark, and the words for it.
_MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "crashed": ("?", "not known: the suite itself failed"),
    "failed": ("✕", "broken"),
    "warned": ("!", "broken, but only a SHOULD"),
    "xpassed": ("↑", "kept, though expected to fail"),
    "xfailed": ("≈", "broken, as expected"),
    "passed": ("✓", "kept"),
    "unsupported": ("\N{EN DASH}", "not run: not supported"),
    "untried": ("", "not tried: no case of this run proves it"),
}
_LONGEST: Final = 4000
_PLAIN: Final = ("reason", "source", "provenance", "again", "problems")


def page(reports: Sequence[Report]) -> str:
    """Write the page."""
    names = [report["subject"] for report in reports]
    return Template(_file("page.html")).substitute(
        title=escape("Conformance: " + ", ".join(names)),
        css=_file("page.css"),
        script=_file("page.js"),
        suite=escape(str(reports[0]["suite"])) if reports else "",
        started=escape(reports[0]["started"].replace("T", " ").partition("+")[0])
        if reports
        else "",
        cards="\n".join(map(_card, reports)),
        legend="\n".join(_legend(reports)),
        heads="".join(f'<th scope="col"><span>{escape(name)}</span></th>' for name in names),
        rows="\n".join(_rows(reports)),
        data=_embedded({"rules": _rule_data(), "subjects": list(map(_subject_data, reports))}),
    )


def _file(name: str) -> str:
    folder = resources.files("dfx_conformance") / "reports" / "page"
    return (folder / name).read_text(encoding="utf-8")


def _card(report: Report) -> str:
    kind = "good" if report["ok"] else "bad"
    counts = counted(report)
    bar = "".join(
        f'<i class="{name}" style="flex-grow:{count}" title="{count} {name}"></i>'
        for name, count in counts.items()
    )
    text = ", ".join(f"{count} {name}" for name, count in counts.items())
    profiles = ", ".join(f"<span class=nowrap>{escape(one)}</span>" for one in report["profiles"])
    return (
        f'<section class="card {kind}"><h2>{escape(report["subject"])}</h2>'
        f"<p class=verdict>{escape(verdict(report))}</p>"
        f'<div class="bar" role="img" aria-label="{escape(text)}">{bar}</div>'
        f"<p>{escape(text)}</p><p class=quiet>{profiles}</p></section>"
    )


def _legend(reports: Sequence[Report]) -> Iterator[str]:
    seen = {_fared(report, rule) for report in reports for area in AREAS for rule in area.rules}
    for name, (mark, words) in _MARKS.items():
        if name in seen:
            yield f'<li><span class="mark {name}" aria-hidden="true">{mark}</span> {words}</li>'


def _fared(report: Report, rule: Rule) -> str:
    return str(report["rules"].get(rule.id, "untried"))


def _rows(reports: Sequence[Report]) -> Iterator[str]:
    for area in AREAS:
        yield _area_row(area, len(reports))
        for rule in area.rules:
            cells = "".join(_cell(report, rule, at) for at, report in enumerate(reports))
            fared = " ".join(sorted({_fared(report, rule) for report in reports}))
            yield (
                f'<tr class="rule" data-fared="{fared}" data-level="{rule.level}">'
                f'<th scope="row"><div class=name><code>{rule.id}</code>'
                f'<span class="level {rule.level.lower()}">{rule.level}</span>'
                f"<span class=text>{escape(rule.text)}</span></div></th>{cells}</tr>"
            )


def _area_row(area: Area, columns: int) -> str:
    title = escape(area.title)
    return (
        f'<tr class="area"><th scope="rowgroup" colspan="{columns + 1}">'
        f"{title} <small>{area.prefix}</small></th></tr>"
    )


def _cell(report: Report, rule: Rule, at: int) -> str:
    fared = _fared(report, rule)
    mark, words = _MARKS[fared]
    broken = sum(
        any(rule.id == one["rule"] for one in result["problems"]) for result in report["results"]
    )
    count = f"<small>{broken}</small>" if broken else ""
    label = escape(
        f"{rule.id}, {report['subject']}: {words}" + (f", {broken} cases" if broken else "")
    )
    if fared == "untried":
        return f'<td><span class="mark untried" title="{label}"></span></td>'
    return (
        f'<td><button class="mark {fared}" data-subject="{at}" data-rule="{rule.id}" '
        f'aria-label="{label}" aria-haspopup="dialog">{mark}{count}</button></td>'
    )


def _rule_data() -> dict[str, Any]:
    return {
        rule.id: {"level": rule.level, "text": rule.text, "source": rule.source}
        for area in AREAS
        for rule in area.rules
    }


def _subject_data(report: Report) -> dict[str, Any]:
    """Return what the cells open to: all of a failure, of the rest only what it was."""
    return {
        "name": report["subject"],
        "results": [
            {
                "id": one["id"],
                "title": one["title"],
                "rules": one["rules"],
                "verdict": one["verdict"],
                **({} if one["verdict"] == "passed" else _details(one)),
            }
            for one in report["results"]
        ],
    }


def _details(result: Result) -> dict[str, Any]:
    values: Mapping[str, Any] = result
    details = {name: values[name] for name in _PLAIN if values[name]}
    for name in ("input", "got", "expected"):
        if values[name] not in (None, "", []):
            details[name] = _written(values[name])
    return details


def _written(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def _embedded(data: object) -> str:
    """Write data so that nothing in it ends the script element or starts another."""
    return json.dumps(data).replace("<", "\\u003c").replace(">", "\\u003e")
