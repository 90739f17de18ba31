"""One fault, one finding: a case that cannot judge for a fault names the case that found it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

_SUITE: Final = str(Path(__file__).parent)


class Roots:
    """The faults that are behind many findings, and which case reported them first."""

    def __init__(self) -> None:
        self._cases: dict[Hashable, str] = {}

    def earlier(self, root: Hashable, case: str) -> str | None:
        """Return the case that has reported a fault before; where none has, note this one."""
        first = self._cases.setdefault(root, case)
        return None if first == case else first

    def earlier_of(self, roots: Iterable[Hashable], case: str) -> dict[Hashable, str]:
        """Return those of some faults that were reported before, with the case that did."""
        found = {root: self.earlier(root, case) for root in roots}
        return {root: first for root, first in found.items() if first}


def raised(error: BaseException) -> Hashable:
    """Identify an error by its class and by the lines of the subject that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = ((one.filename, one.lineno) for one in frames if not one.filename.startswith(_SUITE))
    return ("raised", type(error).__name__, tuple(lines))


def missing(key: str) -> Hashable:
    """Name the fault that orders lack a key."""
    return ("missing", key)
