"""What the documents lay down in numbers: error codes, limits, windows, status codes, field names.

Sources, by the short names used on the rows below:

- V3: https://docs.digifinex.com/en-ww/spot/v3/rest.html, with the heading; read 2026-11-22.
- STATUS: the "Get order status" section of the same page.
- V2: the older documents in github.com/DigiFinex/api, at commit 13f4187.
- SEEN: an answer of the real exchange, published in the issue or pull request named.
- ASSUMED: nobody says; what is done here, and why, stands on the row.
"""

from enum import IntEnum
from typing import Final, Literal

Kind = Literal["spot", "margin"]
"""The `{market}` of a path and the `kind` of a row: STATUS "market: spot, margin"."""

KINDS: Final[tuple[Kind, ...]] = ("spot", "margin")

OrderType = Literal["buy", "sell", "buy_market", "sell_market"]
"""STATUS "type": limit buy, limit sell, market buy, market sell."""


class Fault(IntEnum):
    """Error codes this exchange answers: V3 "Error codes", unless a row says more."""

    WRONG_METHOD = 10001  # "Wrong request method"
    WRONG_KEY = 10002  # "Invalid ApiKey"
    WRONG_SIGN = 10003  # "Sign doesn't match"
    ILLEGAL_PARAMETER = 10004  # "Illegal request parameters"; for too many ids, rows: ASSUMED
    TOO_FREQUENT = 10005  # "Request frequency exceeds the limit"
    WRONG_TIMESTAMP = 10008  # "Timestamp for this request is invalid"
    NO_ENDPOINT = 10009  # "Unexist endpoint or misses ACCESS-KEY"
    PRICE_PRECISION = 20007  # "Price precision error"
    AMOUNT_PRECISION = 20008  # "Amount precision error"
    AMOUNT_TOO_SMALL = 20009  # "Amount is less than the minimum requirement"
    CASH_TOO_SMALL = 20010  # "Cash Amount is less than ..."; market buy: SEEN in ccxt PR 19804
    INSUFFICIENT_BALANCE = 20011  # "Insufficient balance"
    WRONG_TYPE = 20012  # "Invalid trade type"; no MARKET in order_types: SEEN in ccxt issue 7465
    NO_ORDER = 20013  # "No order info found"
    DATE_EXCEEDS = 20015  # "Date exceeds the limit"
    WRONG_SYMBOL = 20019  # 'Wrong trading pair symbol, correct format:"base_quote"'
    END_BEFORE_START = 20022  # "The ending timestamp must be larger than the starting timestamp"


class Status(IntEnum):
    """The life of an order: STATUS "status"."""

    NONE_EXECUTED = 0  # "0 for none executed"
    PARTLY_EXECUTED = 1  # "1 for partially executed"
    FULLY_EXECUTED = 2  # "2 for fully executed"
    CANCELLED = 3  # "3 for cancelled with none executed"
    PARTLY_CANCELLED = 4  # "4 for cancelled with partially executed"


SUCCESS: Final = 0  # V3 "Error codes": "0 Success"
SUCCESS_WALLET: Final = 200  # V3 "Get currency deposit and withdrawal information": "200 success"

MAX_IDS: Final = 20  # STATUS "separated by commas, limit of 20"
MAX_BATCH: Final = 10  # V3 "Create multiple order": "up to 10 orders at a time"

HISTORY_LIMIT: Final = (10, 100)  # V3 "Get all orders": "Default 10, maximum 100"
MYTRADES_LIMIT: Final = (50, 500)  # V3 "Customer's trades": "Default 50, maximum 500"
DAY: Final = 86_400  # seconds; times on the wire are whole seconds, SEEN in ccxt PR 14797
DEFAULT_SPAN: Final = 3 * DAY  # V3 "Get all orders": start "default 3 days before now"
MAX_SPAN: Final = 30 * DAY  # same: "maximum 30 days"; of the span asked for: ASSUMED

BOOK_LIMIT: Final = (10, 150)  # V3 "Get orderbook": "default 10, maximum 150"
TRADES_LIMIT: Final = (100, 500)  # V3 "Get recent trades": "default 100, maximum 500"
CANDLE_SPAN: Final = 200  # V3 "Get candles data": start "default 200 period befor end_time"
MAX_CANDLES: Final = 500  # same: "up to 500 at one time"
PERIODS: Final = {  # same: "Candle timeframe type"; in seconds, where a number counts minutes
    **{str(minutes): minutes * 60 for minutes in (1, 5, 15, 30, 60, 240, 720)},
    "1D": DAY,
    "1W": 7 * DAY,  # from Thursday to Thursday, as the epoch began: ASSUMED
}

RECV_WINDOW: Final = 5  # V3 "API Endpoints Description": invalid "behind more than 5 seconds"
MAX_AHEAD: Final = 1  # same: "ahead of server more than 1 second would be considered invalid"
RECV_WINDOW_HEADER: Final = "ACCESS-RECV-WINDOW"  # same; in seconds, ASSUMED: no unit is stated

KEY_HEADER: Final = "ACCESS-KEY"  # V3 "API Endpoints Description"
SIGN_HEADER: Final = "ACCESS-SIGN"  # same
TIMESTAMP_HEADER: Final = "ACCESS-TIMESTAMP"  # same: "Timestamp in seconds"

FEE_RATE: Final = "0.002"  # SEEN: the mytrades row quoted in ccxt's digifinex.fetch_my_trades
LIQUIDATION_RATE: Final = "0.3"  # V3 "Margin trading pair symbol", the example
AVERAGE_PLACES: Final = 8  # decimals of avg_price: ASSUMED, the most that any example shows

CONTENT_TYPE: Final = "application/json; charset=utf-8"  # SEEN in ccxt issue 6097
