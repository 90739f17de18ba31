"""ORD: what one unified order must be for a bot to rely on it, whichever exchange it is from."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules.rule import Rule

STATUSES: Final = ("open", "closed", "canceled", "expired", "rejected")

RULES: Final = (
    Rule("ORD-001", "MUST", "every key of ccxt's order structure is present", "CCXT"),
    Rule("ORD-002", "MUST", "id is a string that is not empty", "CCXT", ("id",)),
    Rule(
        "ORD-003",
        "MUST",
        "symbol is unified: BASE/QUOTE or BASE/QUOTE:SETTLE",
        "CCXT",
        ("symbol",),
    ),
    Rule(
        "ORD-004",
        "MUST",
        f"status is one of {', '.join(STATUSES)}",
        "CCXT; DESIGN: bots raise on, or treat as done, any other word",
        ("status",),
    ),
    Rule("ORD-005", "MUST", "side is buy or sell", "CCXT", ("side",)),
    Rule(
        "ORD-006",
        "MUST",
        "type is a word in lower case, such as limit or market",
        "CCXT",
        ("type",),
    ),
    Rule(
        "ORD-007",
        "MUST",
        "times are whole milliseconds or None, never 0 and never seconds",
        "CCXT; DESIGN: 0 is a trade in 1970 to a bot",
        ("timestamp", "lastTradeTimestamp", "lastUpdateTimestamp"),
    ),
    Rule(
        "ORD-008",
        "MUST",
        "datetime is timestamp in ISO 8601, or both are None",
        "CCXT",
        ("datetime",),
    ),
    Rule(
        "ORD-009",
        "MUST",
        "nothing happens to an order before it is created",
        "DESIGN: clear from the words",
    ),
    Rule(
        "ORD-010",
        "MUST",
        "lastTradeTimestamp is None while nothing is filled",
        "CCXT: timestamp of the most recent trade on this order",
    ),
    Rule("ORD-011", "MUST", "numbers are finite and not negative, or None", "CCXT"),
    Rule(
        "ORD-012",
        "MUST",
        "amount = filled + remaining where all are known; overfilled, remaining is 0",
        "CCXT",
    ),
    Rule(
        "ORD-013",
        "MUST",
        "cost = filled x average where all are known, 0 or None where nothing is filled",
        "CCXT; DESIGN: exchanges that tell no cost before a fill lose nothing by None",
    ),
    Rule("ORD-014", "MUST", "average is None while nothing is filled", "DESIGN: 0 is a price"),
    Rule(
        "ORD-015",
        "SHOULD",
        "nothing remains of a closed order",
        "CCXT; DESIGN: exchanges contradict themselves, and are then reported as they said",
    ),
    Rule(
        "ORD-016",
        "MUST",
        "a fee has a cost and a currency, or there is none",
        "CCXT Fees; DESIGN: bots book a cost of None as 0",
        ("fee", "fees"),
    ),
    Rule("ORD-017", "MUST", "trades is a list", "CCXT", ("trades",)),
    Rule("ORD-018", "MUST", "info is what the exchange sent", "CCXT", ("info",)),
)
