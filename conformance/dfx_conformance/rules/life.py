"""LIFE: what successive snapshots of one order must have in common."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules.rule import Rule

RULES: Final = (
    Rule(
        "LIFE-001",
        "MUST",
        "filled never falls",
        'STATUS "executed_amount"; DESIGN: an execution is not undone',
    ),
    Rule(
        "LIFE-002",
        "MUST",
        "a closed, canceled, expired or rejected order stays what it is",
        'STATUS "status"; DESIGN: bots stop looking at a final order',
    ),
    Rule("LIFE-003", "MUST", "cost never falls, and once known stays known", "DESIGN: as LIFE-001"),
    Rule(
        "LIFE-004",
        "MUST",
        "symbol, side, type and timestamp of an order, once known, never change",
        "CCXT; DESIGN: they say which order it is",
    ),
    Rule(
        "LIFE-005",
        "SHOULD",
        "amount, and the price of a limit order, once known stay",
        "CCXT; DESIGN: only an amended order is an exception",
    ),
    Rule(
        "LIFE-006",
        "MUST",
        "filled, cost and average of a final order stay",
        "DESIGN: bots book a final order once",
    ),
    Rule(
        "LIFE-007",
        "MUST",
        "lastTradeTimestamp and lastUpdateTimestamp never go back, and once known stay known",
        "CCXT; DESIGN: clear from the words",
    ),
)
