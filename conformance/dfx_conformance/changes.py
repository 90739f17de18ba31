"""What changed between two runs, by their reports as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_BROKEN: Final = frozenset({"failed", "warned", "xfailed"})
_BAD: Final = frozenset({"failed", "crashed", "xpassed"})
# The kinds of changes, in the order in which they are written.
KINDS: Final[Mapping[str, str]] = {
    "broke": "kept before, broken now",
    "healed": "broken before, kept now",
    "changed": "another verdict",
    "appeared": "not tried before",
    "went": "not tried any more",
}


class ReportError(ValueError):
    """A file is no report of a run; says which, and why."""


class Change(NamedTuple):
    """A rule or case whose verdict is another one; None where it was not tried."""

    kind: str
    subject: str
    name: str
    before: str | None
    after: str | None

    @property
    def is_worse(self) -> bool:
        """Whether something is broken that was not known to be."""
        return self.after in _BAD and self.before not in _BAD


def changes(before: Path, after: Path) -> list[Change]:
    """Compare two reports: each subject with the one of the same name, or both if there is one.

    Raises:
        ReportError: a file is none, or has no subject of the other one.
    """
    one, other = _read(before), _read(after)
    return sorted(
        (change for old, new in _pairs(before, one, after, other) for change in _between(old, new)),
        key=lambda change: list(KINDS).index(change.kind),
    )


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{file.name}: no JSON: {error}") from error
    reports = found.get("reports") if isinstance(found, dict) else None
    if not isinstance(reports, list) or not all(map(_is_report, reports)):
        raise ReportError(f"{file.name}: no report of `dfx-conformance run --report FILE.json`")
    return reports


def _is_report(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("rules"), dict) and "subject" in found


def _pairs(
    before: Path, one: Sequence[dict[str, Any]], after: Path, other: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    if len(one) == len(other) == 1:
        yield one[0], other[0]
        return
    named = {report["subject"]: report for report in other}
    shared = [report for report in one if report["subject"] in named]
    if not shared:
        raise ReportError(f"{before.name} and {after.name} have no subject of one name")
    yield from ((report, named[report["subject"]]) for report in shared)


def _between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = _verdicts(old), _verdicts(new)
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield Change(_kind(was, now), new["subject"], name, was, now)


def _verdicts(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the verdict on each rule that was tried, and the cases that the suite failed in."""
    crashed = {
        one["id"]: "crashed" for one in report.get("results", ()) if one["verdict"] == "crashed"
    }
    tried = {name: one for name, one in report["rules"].items() if one != "unsupported"}
    return {**tried, **crashed}


def _kind(was: str | None, now: str | None) -> str:
    if was is None or now is None:
        return "appeared" if was is None else "went"
    if now in _BROKEN | _BAD and was not in _BROKEN | _BAD:
        return "broke"
    if was in _BROKEN | _BAD and now not in _BROKEN | _BAD:
        return "healed"
    return "broke" if now in _BAD and was not in _BAD else "changed"


def written(found: Sequence[Change], rule_text: Mapping[str, str]) -> str:
    """Write changes, a line each, by their kinds; and how many there are of each."""
    lines = []
    for kind, meaning in KINDS.items():
        of_kind = [change for change in found if change.kind == kind]
        lines += [f"{kind}: {meaning}"] if of_kind else []
        lines += [_line(change, rule_text) for change in of_kind]
    counts = (f"{sum(one.kind == kind for one in found)} {kind}" for kind in KINDS)
    return "\n".join([*lines, ", ".join(counts) if found else "nothing changed", ""])


def _line(change: Change, rule_text: Mapping[str, str]) -> str:
    words = rule_text.get(change.name, "")
    verdicts = f"{change.before or 'not tried'} -> {change.after or 'not tried'}"
    return f"  {change.subject}: {change.name} {verdicts}{f': {words}' if words else ''}"
