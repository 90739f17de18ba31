"""Subjects by the names that the command line takes."""

from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from dfx_conformance import recordings, subjects
from dfx_conformance.subject import Subject, as_subject
from dfx_conformance.subjects import UnknownSubject

__all__ = ["UnknownSubject", "named"]


def named(name: str, recorded: Path | None = None) -> Subject:
    """Find a subject: a ready one, or MODULE:NAME, or a MODULE that is an adapter.

    Modules are looked for in the working directory, too.

    Args:
        name: As above.
        recorded: See `subjects.ready`.

    Raises:
        UnknownSubject: there is none, or nothing of it can be tested.
    """
    module, colon, attribute = name.partition(":")
    is_ready = name in subjects.NAMES or module in {"ccxt", "adapter"}
    if is_ready or (not colon and recorded is not None and recordings.is_recording(recorded)):
        return subjects.ready(name, recorded)
    found = _imported(module)
    for part in attribute.split(".") if colon else ():
        if not hasattr(found, part):
            raise UnknownSubject(f"{name}: {module} has no {part}")
        found = getattr(found, part)
    try:
        subject = as_subject(found)
    except TypeError as error:
        raise UnknownSubject(f"{name}: {error}") from error
    return subject if subject.command else replace(subject, command=name)


def _imported(module: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and not module.startswith(error.name):
            raise  # it is there, and what it imports is not
        ready = ", ".join(subjects.NAMES)
        raise UnknownSubject(f"{module}: no such module, nor one of {ready}") from error
