"""The answer is an order, but is it the one that was asked for?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dfx_conformance.compare import class_names, describe
from dfx_conformance.profiles.wire.driver import DIGITS, ROW, ids_of
from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("spot")


@SCENARIOS.add("another-order", "LIST-004")
def another_order(wire: Wire) -> None:
    """Asked for aaa, the exchange answers bbb."""
    wire.answer_rows({**ROW, "order_id": "bbb"})
    wire.refusal("BadResponse", "fetch_order", "aaa", but=("OrderNotFound",))


@SCENARIOS.add("second-of-two", "LIST-005")
def second_of_two(wire: Wire) -> None:
    """Asked for aaa, the exchange answers bbb and aaa: aaa, or a BadResponse, but not bbb."""
    wire.answer_rows({**ROW, "order_id": "bbb"}, ROW)
    error = wire.attempt("fetch_order", "aaa")
    if error is None:
        wire.equal("LIST-005", "id", ids_of([wire.answer_given]), ["aaa"])
    else:
        refused = "BadResponse" in class_names(error)
        wire.expect("LIST-005", refused, f"raised {describe(error)}, expected a BadResponse")


@SCENARIOS.add("digits", "WIRE-020")
def digits(wire: Wire) -> None:
    """The info of an order has every digit that was sent."""
    wire.answer_rows({**ROW, **DIGITS})
    wire.digits(wire.order())


@SCENARIOS.add("symbol-of-another-market", "LIST-006")
def symbol_of_another_market(wire: Wire) -> None:
    """An order of BTC/USDT is asked for with ETH/USDT."""
    wire.serve()
    wire.refusal("BadSymbol", "fetch_order", "aaa", "ETH/USDT")


@SCENARIOS.add("symbol-of-a-delisted-order", "LIST-006")
def symbol_of_a_delisted_order(wire: Wire) -> None:
    """An order of a delisted market is asked for with BTC/USDT, and not relabelled."""
    wire.serve(symbol="FOO_USDT")
    wire.refusal("BadSymbol", "fetch_order", "aaa", "BTC/USDT")


@SCENARIOS.add("delisted", "MAP-010")
def delisted(wire: Wire) -> None:
    """An order of a delisted market can be read."""
    wire.serve(symbol="FOO_USDT")
    wire.equal("MAP-010", "symbol", wire.order().get("symbol"), "FOO/USDT")


@SCENARIOS.add("lower-case-symbol", "MAP-010")
def lower_case_symbol(wire: Wire) -> None:
    """A symbol in lower case is the same market."""
    wire.serve(symbol="btc_usdt")
    wire.equal("MAP-010", "symbol", wire.order().get("symbol"), "BTC/USDT")


@SCENARIOS.add("kind-contradicts", "LIST-007", capability="margin")
def kind_contradicts(wire: Wire) -> None:
    """Asked for a spot order, the row says margin."""
    wire.place()
    wire.simulator.set_row("aaa", kind="margin")
    wire.refusal("BadResponse", "fetch_order", "aaa", but=("OrderNotFound",))
