"""Reports: what a run brought, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.reports.html import page
from dfx_conformance.reports.junit import junit
from dfx_conformance.reports.markdown import markdown
from dfx_conformance.reports.text import counts, failure, failures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from dfx_conformance.report import Report

__all__ = ["WRITERS", "UnknownFormat", "counts", "failure", "failures", "write", "writer"]


class UnknownFormat(ValueError):
    """A report cannot be written into a file of that ending."""


def combined(reports: Sequence[Report]) -> dict[str, Any]:
    """Put the reports of several subjects into one; `complete` comes last."""
    return {
        "suite": reports[0]["suite"] if reports else None,
        "ok": bool(reports) and all(report["ok"] for report in reports),
        "ran": sum(report["ran"] for report in reports),
        "failed": sum(report["failed"] for report in reports),
        "reports": list(reports),
        "complete": True,
    }


def _json(reports: Sequence[Report]) -> str:
    return json.dumps(combined(reports), indent=1, ensure_ascii=False) + "\n"


WRITERS: Final[Mapping[str, Callable[[Sequence[Report]], str]]] = {
    ".json": _json,
    ".md": markdown,
    ".html": page,
    ".xml": junit,
}


def writer(file: Path) -> Callable[[Sequence[Report]], str]:
    """Return what writes a report into a file of that ending.

    Raises:
        UnknownFormat: nothing does.
    """
    if file.suffix not in WRITERS:
        raise UnknownFormat(f"{file.name}: a report ends in one of {', '.join(WRITERS)}")
    return WRITERS[file.suffix]


def write(reports: Sequence[Report], file: Path) -> None:
    """Write a report, whole or not at all: beside the file first, then in its place."""
    text = writer(file)(reports).encode(errors="backslashreplace")  # lone surrogates of bodies
    draft = file.with_name(f".{file.name}.part")
    draft.write_bytes(text)
    draft.replace(file)
