"""The profiles: what is tested of a subject, and the cases of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dfx_conformance.profiles import mapping, order, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dfx_conformance.case import Case
    from dfx_conformance.subject import Subject
    from dfx_conformance.vectors import Vector

PROFILES: Final[Mapping[str, Callable[[Sequence[Vector]], Iterator[Case]]]] = {
    order.PROFILE: order.cases,
    mapping.PROFILE: mapping.cases,
    wire.PROFILE: wire.cases,
}

_WAYS_IN: Final[Mapping[str, tuple[str, ...]]] = {
    order.PROFILE: ("orders", "snapshots", "parse"),
    mapping.PROFILE: ("parse",),
    wire.PROFILE: ("connect",),
}


def cases(vectors: Sequence[Vector], profiles: Sequence[str] | None = None) -> list[Case]:
    """Return the cases of these profiles, or of all.

    Raises:
        ValueError: there is no such profile.
    """
    unknown = set(profiles or ()) - PROFILES.keys()
    if unknown:
        raise ValueError(f"no profile {', '.join(unknown)}; there are {', '.join(PROFILES)}")
    chosen = PROFILES if profiles is None else profiles
    return [case for name in PROFILES if name in chosen for case in PROFILES[name](vectors)]


def offered(subject: Subject) -> list[str]:
    """Name the profiles that a subject has a way in for."""
    return [name for name, ways in _WAYS_IN.items() if any(getattr(subject, one) for one in ways)]


def missing_way_in(subject: Subject, profile: str) -> str | None:
    """Say what a subject would have to give for a profile, where it gives nothing."""
    if profile in offered(subject):
        return None
    return f"the subject gives no {' or '.join(_WAYS_IN[profile])}"
