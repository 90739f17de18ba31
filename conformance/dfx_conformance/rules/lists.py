"""LIST: many orders at once, and that each is the one that was asked for."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules.rule import Rule

RULES: Final = (
    Rule(
        "LIST-001",
        "MUST",
        "each row is one order, in the sequence of the rows or sorted by timestamp",
        "STATUS: no sequence is documented; CCXT parse_orders sorts, oldest first",
    ),
    Rule(
        "LIST-002",
        "MUST",
        "a bad row does not cost the good ones: the error carries them as .orders",
        "DESIGN: one delisted or odd order must not hide the others",
        ("orders",),
    ),
    Rule("LIST-003", "MUST", "an empty list of rows is an empty list of orders", "STATUS"),
    Rule(
        "LIST-004",
        "MUST",
        "a row of an order that nobody asked for is a BadResponse, never the order asked for",
        "DESIGN: a wrong order is worse than none",
    ),
    Rule(
        "LIST-005",
        "MUST",
        "rows are matched by order_id, never by position",
        "STATUS: no sequence is documented",
    ),
    Rule(
        "LIST-006",
        "MUST",
        "a symbol that is given is checked against the row (BadSymbol), never put in its place",
        "CCXT: symbol of the order; DESIGN: a relabelled order is a wrong order",
    ),
    Rule(
        "LIST-007",
        "MUST",
        "a row whose kind contradicts the request is a BadResponse",
        'STATUS "kind"',
    ),
    Rule(
        "LIST-008",
        "MUST",
        "one order of a delisted market does not cost the list",
        "DESIGN: as LIST-002",
    ),
    Rule(
        "LIST-009",
        "MUST",
        "an id that is empty, or has a comma or white space, is a BadRequest, and nothing is sent",
        'STATUS "order_id": a list separated by commas',
    ),
    Rule(
        "LIST-010",
        "MUST",
        "ids that are not returned are named by OrderNotFound (.ids), found ones are its .orders",
        "DESIGN: nothing is dropped silently",
    ),
    Rule(
        "LIST-011",
        "MUST",
        "an id asked twice, or a row sent twice, is one order; two different rows of one id are a "
        "BadResponse",
        "DESIGN: which of them is true is not known",
    ),
    Rule("LIST-012", "MUST", "orders come in the sequence in which their ids were asked", "DESIGN"),
    Rule(
        "LIST-013",
        "MUST",
        "20013 for a whole request does not cost the ids that exist",
        'V3 "Error codes" 20013; DESIGN: whether one unknown id does this is not documented',
    ),
    Rule(
        "LIST-014",
        "SHOULD",
        "orders by ids, trades of an order and canceled orders can be asked for, and has says so",
        'STATUS "limit of 20"; V3 "Get order trades details", "Get all orders"',
    ),
    Rule(
        "LIST-015",
        "MUST",
        "since and limit are kept: nothing older, not more",
        "CCXT",
    ),
    Rule(
        "LIST-016",
        "SHOULD",
        "a list is whole, though longer than one page and older than one window",
        'V3 "Get all orders": at most 100 rows and 30 days a request',
    ),
    Rule(
        "LIST-017",
        "MUST",
        "limit keeps the oldest orders where since is given, the newest where it is not",
        "CCXT filterBySinceLimit; DESIGN: who asks on from the last one misses none; "
        "V3 does not say which rows a limit of its own keeps",
    ),
    Rule(
        "LIST-018",
        "MUST",
        "numbers of all orders of an answer are of one type",
        "CCXT number: one type; DESIGN: as ORD-020",
    ),
    Rule(
        "LIST-019",
        "MUST",
        "orders share no list and no dict, neither with each other nor with an earlier answer",
        "DESIGN: bots write into orders, and must not write into another one",
    ),
    Rule(
        "LIST-020",
        "MUST",
        "each order is of its own row, however many rows there are",
        'STATUS "data": list; V3 "Get all orders": 100 rows',
    ),
)
