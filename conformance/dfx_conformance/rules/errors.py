"""ERR: which of ccxt's exceptions stands for what the exchange answered."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules.rule import Rule

RULES: Final = (
    Rule(
        "ERR-001",
        "MUST",
        "20013, and an answer without a row of the order asked for, are OrderNotFound",
        'V3 "Error codes": No order info found; CCXT',
    ),
    Rule(
        "ERR-002",
        "MUST",
        "an answer that is no answer is a BadResponse, never OrderNotFound: HTML, nothing, half of "
        "it, no object, data null or missing",
        "STATUS; DESIGN: a bot answers OrderNotFound by ordering again",
    ),
    Rule(
        "ERR-003",
        "MUST",
        "10005, 20020, 200005 and HTTP 429 are RateLimitExceeded",
        'V3 "Error codes"; SEEN 200005 by Digifinex.Net; CCXT',
    ),
    Rule(
        "ERR-004",
        "SHOULD",
        "the same are DDoSProtection, too",
        "DESIGN: ccxt raises that for 10005, and bots back off on either",
    ),
    Rule("ERR-005", "MUST", "10008 is InvalidNonce", 'V3 "Error codes"; CCXT'),
    Rule(
        "ERR-006",
        "MUST",
        "10002, 10003 and 10011 are AuthenticationError and neither PermissionDenied nor "
        "AccountSuspended",
        'V3 "Error codes": wrong key, wrong signature, expired key',
    ),
    Rule(
        "ERR-007", "MUST", "10006, 10007 and 20018 are PermissionDenied", 'V3 "Error codes"; CCXT'
    ),
    Rule(
        "ERR-008",
        "MUST",
        "20002 is MarketClosed, not AuthenticationError",
        'V3 "Error codes": trade of this pair is suspended',
    ),
    Rule(
        "ERR-009",
        "MUST",
        "10009 is an error that a retry does not mend: no NetworkError",
        'V3 "Error codes": wrong path or no key; CCXT: a NetworkError can be retried',
    ),
    Rule(
        "ERR-010",
        "MUST",
        "50000 is ExchangeNotAvailable, under any HTTP status",
        'V3 "Error codes": exception error; CCXT: it can be retried',
    ),
    Rule(
        "ERR-011",
        "MUST",
        "every other documented code is the class of ccxt that its text names",
        'V3 "Error codes"; CCXT digifinex exceptions',
    ),
    Rule(
        "ERR-012",
        "MUST",
        "an unknown code is an ExchangeError whose text has the code and what came with it",
        "DESIGN: somebody has to find out",
    ),
    Rule(
        "ERR-013",
        "MUST",
        "an answer without a code, or with one that is no whole number, is a BadResponse",
        'STATUS "code": mandatory, int',
    ),
    Rule(
        "ERR-014",
        "MUST",
        "the text of an error has the exchange's code",
        "DESIGN: without it nobody can look it up",
        ("code",),
    ),
    Rule(
        "ERR-015",
        "SHOULD",
        "the text of an error names the exchange and has an excerpt of the answer",
        "CCXT: messages begin with the exchange's id",
    ),
    Rule(
        "ERR-016",
        "MUST",
        "every error is one of ccxt's",
        "CCXT: BaseError; DESIGN: bots catch nothing else",
        ("error",),
    ),
    Rule(
        "ERR-017",
        "MUST",
        "pages of a proxy under HTTP 403, 502 and 503 are ExchangeNotAvailable",
        "SEEN 502 in hummingbot pull request 261; CCXT",
    ),
    Rule(
        "ERR-018",
        "MUST",
        "a connection that breaks is a NetworkError",
        "CCXT",
    ),
    Rule(
        "ERR-019",
        "MUST",
        "an error code counts, whatever rows came with it",
        'V3 "Error codes": success is 0',
    ),
    Rule(
        "ERR-020",
        "MUST",
        "an error about a value names its JSON path, such as $.data[3].status",
        "DESIGN: of 100 rows, which?",
        ("path",),
    ),
    Rule(
        "ERR-021",
        "MUST",
        "every documented code is an error of ccxt, and none but 20013 is OrderNotFound",
        'V3 "Error codes"; DESIGN: the class is ERR-003 to 11, some a SHOULD; a bot '
        "orders again after OrderNotFound, and is stopped by what is not of ccxt",
    ),
)
