"""What the codes of DigiFinex mean: data, each row with its source.

Sources
    V3      docs.digifinex.com/en-ww/spot/v3/rest.html, the section named; read 2026-11-22
    V2      github.com/DigiFinex/api, api_doc_v2_en.md, for codes that v3 no longer lists
    CCXT    ccxt 4.5.90 digifinex.describe(), where the documents do not say which class fits
    FIELD   seen by another client in the field, undocumented
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.order import Status


class StatusRow(NamedTuple):
    """An order status: the unified word for it, the documents' words, and what they imply."""

    status: Status
    meaning: str
    filled: str  # "none", "part" or "all": how much of the order the exchange says is filled
    source: str


class TypeRow(NamedTuple):
    """An order type: unified side and type."""

    side: str
    type: str
    source: str


class ParamRow(NamedTuple):
    """A parameter of a new order: what it takes, in the words of `placing`."""

    takes: str
    source: str


class CodeRow(NamedTuple):
    """An error code: name of the class, in `dfx_adapter.errors` or ccxt, and its meaning.

    A code of frequency begins a ban. 20020 (trading rules) forbids trading, not asking.
    """

    error: str
    meaning: str
    source: str
    begins_ban: bool = False


_STATUS = "V3 Get order status, Response Content, row status"

STATUSES: Final[Mapping[int, StatusRow]] = MappingProxyType(
    {
        0: StatusRow("open", "none executed", "none", _STATUS),
        1: StatusRow("open", "partially executed", "part", _STATUS),
        2: StatusRow("closed", "fully executed", "all", _STATUS),
        3: StatusRow("canceled", "cancelled with none executed", "none", _STATUS),
        4: StatusRow("canceled", "cancelled with partially executed", "part", _STATUS),
    }
)

_TYPE = "V3 Get order status, Response Content, row type"

TYPES: Final[Mapping[str, TypeRow]] = MappingProxyType(
    {
        "buy": TypeRow("buy", "limit", _TYPE),
        "sell": TypeRow("sell", "limit", _TYPE),
        "buy_market": TypeRow("buy", "market", _TYPE),
        "sell_market": TypeRow("sell", "market", _TYPE),
    }
)

# V3 Get order status, Response Content, row kind: the kind's unified marginMode. DigiFinex has one
# margin account for all pairs (V3 Margin Assets), which ccxt calls cross.
KINDS: Final[Mapping[str, str | None]] = MappingProxyType({"spot": None, "margin": "cross"})

# Currency id -> ccxt's code, where two coins have one ticker: CCXT digifinex commonCurrencies.
# Without them an offline symbol would differ from a connected one.
TICKERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BHT": "Black House Test",
        "EPS": "Epanus",
        "FREE": "FreeRossDAO",
        "MBN": "Mobilian Coin",
        "TEL": "TEL666",
    }
)

# The same, with the old tickers that ccxt reads on every exchange: CCXT Exchange.commonCurrencies.
CURRENCIES: Final[Mapping[str, str]] = MappingProxyType({"XBT": "BTC", "BCHSV": "BSV", **TICKERS})

# Currency ids of other exchanges that ccxt's classes all read, and no id of DigiFinex: CCXT
# Exchange.commonCurrencies, some of its versions.
OLD_TICKERS: Final = frozenset(
    {("XBT", "BTC"), ("BCC", "BCH"), ("BCHABC", "BCH"), ("BCHSV", "BSV"), ("DRK", "DASH")}
)

# V3 Get order status, Request Parameters, row order_id: "limit of 20".
IDS_PER_REQUEST: Final = 20

# V3 Create multiple order: "max 10 orders".
ORDERS_PER_BATCH: Final = 10

_NEW = "V3 Create new order, Request Parameters"
_UNIFIED = "ccxt's manual, createOrder; as in CCXT create_order_request"
_POSTED_ONCE = "CCXT request: how often to repeat it; a POST is sent once, whatever they say"

# What the params of a new order may name, beside the words for its market type; with any other it
# would be another order. None and False say nothing, whatever they stand for.
CREATE_PARAMS: Final[Mapping[str, ParamRow]] = MappingProxyType(
    {
        "post_only": ParamRow("0 or 1", _NEW),
        "postOnly": ParamRow("True or False", _UNIFIED),
        "timeInForce": ParamRow("GTC or PO", _UNIFIED),
        "cost": ParamRow("a number above 0", _UNIFIED),
        "createMarketBuyOrderRequiresPrice": ParamRow("True or False", _UNIFIED),
        "clientOrderId": ParamRow("anything", "ccxt's manual; DigiFinex has none: it is not sent"),
        "maxRetriesOnFailure": ParamRow("anything", _POSTED_ONCE),
        "maxRetriesOnFailureDelay": ParamRow("anything", _POSTED_ONCE),
    }
)

# V3 Get all orders, Request Parameters: limit "max 100"; start_time "default 3 days", "30 days".
HISTORY_LIMIT: Final = 100
HISTORY_DEFAULT_DAYS: Final = 3
HISTORY_WINDOW_DAYS: Final = 30

# V3 Rate Limit: the weights of all requests must not exceed 1200; neither the window nor the weight
# of a request is published. Taken for a minute (as Digifinex.Net does) and a weight of 2 at most,
# that is a request every 100 ms. In milliseconds, ccxt's `rateLimit`.
RATE_LIMIT: Final = 100

# The same, where a key is shared: weight per window, seconds of the window, weight of a request.
WEIGHT_LIMIT: Final = (1200, 60, 2)

# "Rate Limit" (docs.digifinex.com/en-ww/spot/v3/rest.html): 2 minutes for the first three times in
# 24 hours, 10 minutes for more than three, "30 times" for more than six, which is read as 30
# minutes. How often, up to and including -> seconds of the ban.
BANS: Final = ((3, 120), (6, 600), (None, 1800))

# Requests about orders, whose answers have order numbers and amounts in them.
ORDER_PATHS: Final = re.compile(r"/v3/(?:spot|margin)/(?:order|mytrades)")

SUCCESS: Final = "0"
# V3: these sections alone answer `code: 200` for success.
SUCCESS_200_PATHS: Final = ("/currencies", "/deposit/", "/withdraw/")

_CODES = "V3 Error codes"
_CLASS = "V3 Error codes; class as in CCXT"
_RETRY = "V3 Error codes; RateLimited is both classes that bots back off on"

CODES: Final[Mapping[str, CodeRow]] = MappingProxyType(
    {
        "10001": CodeRow("BadRequest", "wrong request method", _CLASS),
        "10002": CodeRow("AuthenticationError", "invalid API key", _CLASS),
        "10003": CodeRow("AuthenticationError", "signature does not match", _CLASS),
        "10004": CodeRow("BadRequest", "illegal request parameters", _CLASS),
        "10005": CodeRow(
            "RateLimited", "request frequency exceeds the limit", _RETRY, begins_ban=True
        ),
        "10006": CodeRow("PermissionDenied", "not authorized for this request", _CLASS),
        "10007": CodeRow("PermissionDenied", "IP address not authorized", _CLASS),
        "10008": CodeRow(
            "InvalidNonce",
            "timestamp invalid: more than 5 s behind or 1 s ahead of the exchange's clock",
            "V3 API Endpoints Description; class as in CCXT",
        ),
        "10009": CodeRow(
            "BadRequest", "endpoint does not exist, or the ACCESS-KEY header is missing", _CODES
        ),
        "10011": CodeRow("AuthenticationError", "API key expired", _CODES),
        "20001": CodeRow("PermissionDenied", "trade is not open for this pair", "V2; CCXT"),
        "20002": CodeRow("MarketClosed", "trade of this pair is suspended", _CODES),
        "20003": CodeRow("InvalidOrder", "invalid price or amount", "V2; CCXT"),
        "20007": CodeRow("InvalidOrder", "price precision error", _CLASS),
        "20008": CodeRow("InvalidOrder", "amount precision error", _CLASS),
        "20009": CodeRow("InvalidOrder", "amount is below the minimum", _CLASS),
        "20010": CodeRow("InvalidOrder", "cash amount is below the minimum", _CLASS),
        "20011": CodeRow("InsufficientFunds", "insufficient balance", _CLASS),
        "20012": CodeRow("BadRequest", "invalid trade type", _CLASS),
        "20013": CodeRow("OrderNotFound", "no order info found", _CODES),
        "20014": CodeRow("BadRequest", "invalid date", _CLASS),
        "20015": CodeRow("BadRequest", "date exceeds the limit", _CLASS),
        "20018": CodeRow("PermissionDenied", "banned from API trading", _CLASS),
        "20019": CodeRow("BadSymbol", "wrong symbol, base_quote is expected", _CLASS),
        "20020": CodeRow("RateLimited", "API trading rules violated, temporary ban", _RETRY),
        "20021": CodeRow("BadRequest", "invalid currency", _CLASS),
        "20022": CodeRow("BadRequest", "the end is before the start", _CLASS),
        "20023": CodeRow("BadRequest", "invalid transfer type", _CLASS),
        "20024": CodeRow("BadRequest", "invalid amount", _CLASS),
        "20025": CodeRow("BadRequest", "currency not transferable at the moment", _CLASS),
        "20026": CodeRow("InsufficientFunds", "transfer exceeds the balance", _CLASS),
        "20027": CodeRow("PermissionDenied", "abnormal account status", _CLASS),
        "20028": CodeRow("PermissionDenied", "blacklisted for transfers", _CLASS),
        "20029": CodeRow("PermissionDenied", "transfer exceeds the daily limit", _CLASS),
        "20030": CodeRow("BadRequest", "no position on this pair", _CLASS),
        "20032": CodeRow("PermissionDenied", "withdrawal limited", _CLASS),
        "20033": CodeRow("BadRequest", "wrong withdrawal id", _CLASS),
        "20034": CodeRow("PermissionDenied", "withdrawal of this currency is closed", _CLASS),
        "20035": CodeRow("PermissionDenied", "withdrawal limit", _CLASS),
        "20036": CodeRow("ExchangeError", "withdrawal cancellation failed", _CLASS),
        "20037": CodeRow("InvalidAddress", "address not in the withdrawal list", _CLASS),
        "20038": CodeRow("InvalidAddress", "address not on the white list", _CLASS),
        "20039": CodeRow("ExchangeError", "cannot be cancelled in its current status", _CLASS),
        "20040": CodeRow("RateLimitExceeded", "withdrawals too frequent", _CLASS),
        "20041": CodeRow("PermissionDenied", "beyond the daily withdrawal limit", _CLASS),
        "20042": CodeRow("BadSymbol", "pair does not support API trading", _CLASS),
        "50000": CodeRow("ExchangeNotAvailable", "exception on the exchange's side", _CODES),
        "200005": CodeRow(
            "RateLimited",
            "rate limit",
            "FIELD Digifinex.Net DigifinexErrors; undocumented",
            begins_ban=True,
        ),
        "400002": CodeRow("BadRequest", "invalid parameter (swap)", "V3 swap Error codes; CCXT"),
    }
)
