"""Playing a scenario, and what is noted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dfx_conformance.compare import describe
from dfx_conformance.profiles.wire.driver import Stop, Wire, simulator_class

if TYPE_CHECKING:
    from dfx_conformance.case import Findings
    from dfx_conformance.profiles.wire.scenario import Scenario
    from dfx_conformance.session import Session


def play(scenario: Scenario, session: Session) -> Findings:
    """Play one scenario on an exchange of its own, with a key of its own."""
    with simulator_class()() as simulator:
        wire = Wire(scenario.rules, session, simulator)
        try:
            scenario.play(wire)
        except Stop:
            pass
        except BaseException as error:
            if error is not session.raised or isinstance(error, KeyboardInterrupt):
                raise  # a fault of the suite
            wire.failed(f"raised {describe(error)}")
        finally:
            wire.close()
        return wire.findings()
