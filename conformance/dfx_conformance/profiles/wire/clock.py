"""The clocks of the two sides differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dfx_conformance.compare import describe
from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("spot")


@SCENARIOS.add("clock-fast", "WIRE-008")
def fast(wire: Wire) -> None:
    """Our clock is 3 s fast: the exchange's is read, and the request repeated."""
    _corrected(wire, -3)


@SCENARIOS.add("clock-slow", "WIRE-008")
def slow(wire: Wire) -> None:
    """Our clock is 60 s slow: the exchange's is read, and the request repeated."""
    _corrected(wire, 60)


def _corrected(wire: Wire, ahead: int) -> None:
    wire.place()
    wire.simulator.skew = ahead
    wire.equal("WIRE-008", "id", wire.order().get("id"), "aaa")
    wire.order()
    wire.equal("WIRE-008", "requests of two calls", len(wire.sent), 3)


@SCENARIOS.add("clock-stays-wrong", "ERR-005", "WIRE-008")
def stays_wrong(wire: Wire) -> None:
    """10008 again and again is an error, after one repetition at most."""
    wire.place()
    wire.answer_code(10008, times=5)
    wire.refusal("InvalidNonce", "fetch_order", "aaa", rule="ERR-005")
    sent = len(wire.sent)
    wire.expect("WIRE-008", sent in {1, 2}, f"{sent} requests were sent, expected 2 at most")


@SCENARIOS.add("clock-post", "WIRE-009", "WIRE-008", capability="trading")
def post(wire: Wire) -> None:
    """An order that was refused for the clock is placed once."""
    wire.call("load_markets")
    wire.simulator.skew = -100
    error = wire.attempt("create_order", "BTC/USDT", "limit", "buy", 0.5, 9000)
    if error is not None:  # a lost order, but not one too many
        wire.wrong("WIRE-008", f"raised {describe(error)}")
    placed = [one for one in wire.posts("order/new") if b'"code":0' in one.answer]
    fits = len(placed) <= 1 if error is not None else len(placed) == 1
    wire.expect("WIRE-009", fits, f"{len(placed)} orders were placed", len(placed))
