"""Profile digifinex-wire: an exchange object against a DigiFinex on loopback.

A scenario provokes something on the simulator, asks the exchange object as a bot would, and looks
at the answer and at what was sent.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from dfx_conformance import rules
from dfx_conformance.case import Case
from dfx_conformance.profiles.wire import (
    answers,
    asking,
    batches,
    clock,
    identity,
    lists,
    margin,
    over_time,
    secrets,
    trading,
)
from dfx_conformance.profiles.wire.playing import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dfx_conformance.profiles.wire.scenario import Scenario
    from dfx_conformance.vectors import Vector

PROFILE: Final = "digifinex-wire"

SCENARIOS: Final[tuple[Scenario, ...]] = tuple(
    scenario
    for module in (
        *(asking, answers, clock, identity, over_time),
        *(margin, lists, batches, trading, secrets),
    )
    for scenario in module.SCENARIOS
)


def cases(_vectors: Sequence[Vector]) -> Iterator[Case]:
    """One case a scenario."""
    for scenario in SCENARIOS:
        proven = [rules.find(rule_id) for rule_id in scenario.rules]
        yield Case(
            scenario.id,
            scenario.title,
            PROFILE,
            scenario.rules,
            "MUST" if any(rule.level == "MUST" for rule in proven) else "SHOULD",
            "; ".join(f"{rule.id}: {rule.source}" for rule in proven),
            partial(play, scenario),
            capability=scenario.capability,
            provenance="derived",
        )
