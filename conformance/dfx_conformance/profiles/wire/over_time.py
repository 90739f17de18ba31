"""One order is asked for again and again while it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.life_checks import check_life
from dfx_conformance.profiles.wire.driver import as_float
from dfx_conformance.profiles.wire.scenario import Scenarios
from dfx_conformance.rules import life

if TYPE_CHECKING:
    from collections.abc import Callable

    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("spot")
LIFE: Final = tuple(rule.id for rule in life.RULES)


@SCENARIOS.add("life-filled", *LIFE, "MAP-001", "MAP-002")
def filled(wire: Wire) -> None:
    """A limit order is filled in two parts."""
    wire.place(price="9000.5", amount="0.3")
    orders = _watched(
        wire, lambda it: it.fill("aaa", "0.1"), lambda it: it.fill("aaa", "0.2", "8999")
    )
    states = [(order.get("status"), as_float(order.get("filled"))) for order in orders]
    wire.equal("MAP-001", "open at first", states[:2], [("open", 0.0), ("open", 0.1)])
    wire.equal("MAP-002", "closed at last", states[2:], [("closed", 0.3)])


@SCENARIOS.add("life-canceled", *LIFE, "MAP-003", "MAP-020")
def canceled(wire: Wire) -> None:
    """A limit order is cancelled after a part is filled."""
    wire.place(type="sell", amount="2")
    orders = _watched(wire, lambda it: it.fill("aaa", "0.5"), lambda it: it.cancel("aaa"))
    wire.equal("MAP-003", "status", orders[-1].get("status"), "canceled")
    wire.equal("MAP-020", "remaining", as_float(orders[-1].get("remaining")), 1.5)


@SCENARIOS.add("life-market-buy", *LIFE, "MAP-024", "MAP-025")
def market_buy(wire: Wire) -> None:
    """A market buy of 100 USDT is filled in two parts."""
    wire.place(type="buy_market", amount=None, cash_amount=100)
    orders = _watched(
        wire, lambda it: it.fill("aaa", "0.005", 9700), lambda it: it.settle("aaa", 9700)
    )
    amounts = [order.get("amount") for order in orders]
    wire.equal("MAP-024", "amount while open", amounts[:2], [None, None])
    wire.equal("MAP-024", "amount when closed", amounts[2], orders[2].get("filled"))
    budgets = [order.get("cashAmount") for order in orders]
    known = all(as_float(budget) == 100 for budget in budgets)  # noqa: PLR2004
    wire.expect("MAP-025", known, f"cashAmount is {budgets}, expected 100 every time", budgets)


def _watched(wire: Wire, *steps: Callable[[Any], object]) -> list[Any]:
    """Ask before the first step and after every step, and check all of it by the rules."""
    orders = [wire.order()]
    for step in steps:
        step(wire.simulator)
        orders.append(wire.order())
    for order in orders:
        wire.whole(order)
    for problem in check_life([[order] for order in orders]):
        wire.wrong(problem.rule.id, problem.said)
    return orders
