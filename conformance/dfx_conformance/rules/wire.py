"""WIRE: what is sent, how often, and what must not be."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules.rule import Rule

RULES: Final = (
    Rule(
        "WIRE-001",
        "MUST",
        "an order is asked for with GET /v3/spot/order or /v3/margin/order",
        'STATUS "HTTP Request"',
    ),
    Rule(
        "WIRE-002",
        "MUST",
        "order_id is in the query, ids separated by commas, at most 20 a request",
        'STATUS "order_id"',
    ),
    Rule(
        "WIRE-003",
        "MUST",
        "the query has documented parameters only, and market, if sent, is that of the path",
        'STATUS "Request Parameters"',
    ),
    Rule(
        "WIRE-004",
        "MUST",
        "ACCESS-SIGN is the HMAC-SHA256 in hex of the parameters exactly as sent",
        'V3 "Signature Algorithm" and its example',
    ),
    Rule(
        "WIRE-005",
        "MUST",
        "ACCESS-KEY, ACCESS-SIGN and ACCESS-TIMESTAMP (whole seconds) are sent",
        'V3 "API Endpoints Description"',
    ),
    Rule(
        "WIRE-006",
        "MUST",
        "each way to say margin in ccxt reaches /v3/margin: marginMode, margin, type, defaultType",
        "STATUS; CCXT",
    ),
    Rule(
        "WIRE-007",
        "MUST",
        "marginMode isolated is NotSupported, and nothing is sent",
        'V3 "Margin Assets": one account for all pairs',
    ),
    Rule(
        "WIRE-008",
        "SHOULD",
        "after 10008 the clock is read from /v3/time and the request repeated, once",
        'V3 "API Endpoints Description": 5 s behind or 1 s ahead is invalid; V3 "Server timestamp"',
    ),
    Rule(
        "WIRE-009",
        "MUST",
        "a POST is sent once, except after 10008",
        "DESIGN: the second one is a second order",
    ),
    Rule(
        "WIRE-010",
        "SHOULD",
        "a private GET says Cache-Control: no-cache",
        "SEEN in ccxt#6097: the answer allows a week in a cache",
    ),
    Rule(
        "WIRE-011",
        "SHOULD",
        "one order takes one request, no market loaded before",
        "DESIGN: BTC_USDT says its own symbol",
    ),
    Rule("WIRE-012", "MUST", "ids share requests, 20 each", 'STATUS "limit of 20"'),
    Rule(
        "WIRE-013",
        "SHOULD",
        "after 10005 nothing is sent until the ban is over, and the error says so",
        'V3 "Rate Limit": 2, 10, 30 minutes',
    ),
    Rule(
        "WIRE-014",
        "MUST",
        "an order is placed with POST /v3/{market}/order/new: type by side, amount of a market buy "
        "in quote money",
        'V3 "Create new order"',
    ),
    Rule(
        "WIRE-015",
        "MUST",
        "an id that order/cancel lists under error, or not at all, is an error naming it: "
        "OrderNotFound where the order is over or unknown, else InvalidOrder",
        'V3 "Cancel order"; SEEN in ccxt pull request 15642: code 0 all the same; DESIGN: as in '
        "CCXT's other classes, whose OrderNotFound is what bots catch",
    ),
    Rule(
        "WIRE-016",
        "MUST",
        "a market buy without price or cost is refused, and nothing is placed",
        "CCXT createMarketBuyOrderRequiresPrice; DESIGN: nobody's money is guessed",
    ),
    Rule(
        "WIRE-017",
        "SHOULD",
        "options recvWindow is sent as ACCESS-RECV-WINDOW",
        'V3 "API Endpoints Description"',
    ),
    Rule(
        "WIRE-018",
        "MUST",
        "a history request asks for at most 100 rows and 30 days",
        'V3 "Get all orders"',
    ),
    Rule(
        "WIRE-019",
        "MUST",
        "what is placed or canceled comes back as a whole order",
        "CCXT Order Structure; DESIGN: bots read status and filled of it",
    ),
    Rule(
        "WIRE-020",
        "SHOULD",
        "info of an order has every digit that the exchange sent",
        "CCXT: info is the answer as it was; DESIGN: as MAP-029, but ccxt's transport may decode "
        "to floats before an adapter sees a number",
    ),
)
