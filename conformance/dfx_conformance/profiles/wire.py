"""Profile digifinex-wire: an exchange object against a DigiFinex on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dfx_conformance.case import Case
    from dfx_conformance.vectors import Vector

PROFILE: Final = "digifinex-wire"


def cases(_vectors: Sequence[Vector]) -> Iterator[Case]:
    """One case a scenario."""
    yield from ()
