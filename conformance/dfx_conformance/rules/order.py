"""ORD: what one unified order must be for a bot to rely on it, whichever exchange it is from."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules.rule import Rule

STATUSES: Final = ("open", "closed", "canceled", "expired", "rejected")

RULES: Final = (
    Rule("ORD-001", "MUST", "every key of ccxt's order structure is present", "CCXT"),
    Rule(
        "ORD-002",
        "MUST",
        "id is a string that is not empty, or None where a changing method was answered so",
        "CCXT; DESIGN: such an answer says nothing of fills, and one that does is of some order",
        ("id",),
    ),
    Rule(
        "ORD-003",
        "MUST",
        "symbol is unified, BASE/QUOTE or BASE/QUOTE:SETTLE, or None where the answer has none",
        "CCXT",
        ("symbol",),
    ),
    Rule(
        "ORD-004",
        "MUST",
        f"status is one of {', '.join(STATUSES)}, or None where the exchange did not say",
        "CCXT; DESIGN: bots raise on, or treat as done, any other word",
        ("status",),
    ),
    Rule("ORD-005", "MUST", "side is buy or sell, or None", "CCXT", ("side",)),
    Rule(
        "ORD-006",
        "MUST",
        "type is a word in lower case, such as limit or market, or None",
        "CCXT",
        ("type",),
    ),
    Rule(
        "ORD-007",
        "MUST",
        "times are whole milliseconds or None, never 0, seconds or microseconds",
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
        "nothing happens to an order a second or more before it is created",
        "DESIGN: clear from the words; clocks of one exchange differ, and some tell whole seconds",
    ),
    Rule(
        "ORD-010",
        "MUST",
        "lastTradeTimestamp is None while nothing is filled; where that is unknown, it may be told",
        "CCXT: timestamp of the most recent trade on this order",
    ),
    Rule(
        "ORD-011",
        "MUST",
        "numbers are finite and not negative, or None; as text they are digits, without blanks",
        "CCXT; JSON: a number has neither blanks nor underscores",
    ),
    Rule(
        "ORD-012",
        "MUST",
        "amount = filled + remaining where all are known; overfilled, remaining is 0",
        "CCXT",
    ),
    Rule(
        "ORD-013",
        "MUST",
        "cost = filled x average (x contract size; of inverse contracts / average) in the digits "
        "told, where all are known, 0 or None where nothing is filled",
        "CCXT; DESIGN: exchanges that tell no cost before a fill lose nothing by None, and some "
        "round or cut the average or the cost",
    ),
    Rule(
        "ORD-014",
        "MUST",
        "average is None while nothing is filled; where that is unknown, it may be told",
        "DESIGN: 0 is a price",
    ),
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
    Rule(
        "ORD-018",
        "MUST",
        "info is what the exchange sent; {} may have come where nothing is said of fills",
        "CCXT; SEEN {} as the data of a changing method",
        ("info",),
    ),
    Rule(
        "ORD-019",
        "SHOULD",
        "id, symbol, status, side, type and info are known",
        "CCXT; DESIGN: what neither the exchange nor the caller said is None, never a guess",
    ),
    Rule(
        "ORD-020",
        "MUST",
        "numbers of an order are of one type: float, Decimal or text; an int is no text",
        "CCXT number: one type; DESIGN: float and Decimal cannot be added",
    ),
)
