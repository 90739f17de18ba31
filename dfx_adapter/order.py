"""The unified order: its type and its rules.

ccxt's order structure (docs.ccxt.com, "Order Structure"), with what ccxt leaves vague decided.
Every key is always present; a value that the exchange did not tell is None, never a guess.

How an order that ccxt parsed is brought to the rules stands in `dfx_adapter.exchanges.rules`; how a
DigiFinex row becomes an order, in `dfx_adapter.digifinex.answers.mapping`.
"""

from __future__ import annotations

import decimal
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypedDict

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # which type checkers have with them

    N = TypeVar("N", default=float)
else:
    from typing import TypeVar

    N = TypeVar("N")  # with a default only from Python 3.13 on

Status = Literal["open", "closed", "canceled", "expired", "rejected"]

STATUSES: Final[frozenset[str]] = frozenset({"open", "closed", "canceled", "expired", "rejected"})

# What follows from the statuses, whoever asks: an order is over, and it ended without its fill.
FINAL: Final = STATUSES - {"open"}
ENDED_UNFILLED: Final = FINAL - {"closed"}

# What `float` (IEEE 754 binary64) reaches: decimal exponents at all, and those it holds in any
# case.
FLOAT_EXPONENTS: Final = range(-324, 309)
SAFE_EXPONENTS: Final = range(-307, 308)
_NO_QUANTITY: Final = (0.0, float("inf"))

# A number of more digits than this is no quantity of anything; the limit bounds the work per
# number.
MOST_DIGITS: Final = 400

# Exact for every sum and product of two numbers with that many digits on either side of the point,
# and one more, and within what a float reaches: Inexact would raise.
EXACT: Final = decimal.Context(
    prec=5 * MOST_DIGITS,
    traps=[decimal.InvalidOperation, decimal.Inexact, decimal.Overflow, decimal.Underflow],
)

DAY: Final = 86_400  # seconds
LAST_SECOND: Final = (
    253_402_300_799  # 9999-12-31T23:59:59Z, the last that ISO 8601 writes in four digits
)


class Order(TypedDict, Generic[N]):
    """A unified order. Numbers are of the type asked for: float, Decimal or str.

    To type checkers `Order` is `Order[float]`; where the type of the numbers is not known before,
    as in a plugin, it is `Order[Any]`.

    `cashAmount` is the one key that ccxt does not have: the quote money that a market buy was told
    to spend. `amount` is always base quantity, so a market buy that is not closed has none.
    """

    info: Any
    id: str
    clientOrderId: str | None
    symbol: str
    type: str | None
    timeInForce: str | None
    postOnly: bool | None
    reduceOnly: bool | None
    side: str | None
    status: Status | None
    timestamp: int | None
    datetime: str | None
    lastTradeTimestamp: int | None
    lastUpdateTimestamp: int | None
    price: N | None
    stopPrice: N | None
    triggerPrice: N | None
    takeProfitPrice: N | None
    stopLossPrice: N | None
    amount: N | None
    cashAmount: N | None
    filled: N | None
    remaining: N | None
    average: N | None
    cost: N | None
    trades: list[Any]
    fee: dict[str, Any] | None
    fees: list[dict[str, Any]]
    marginMode: str | None
    leverage: Any
    hedged: bool | None


NUMBERS: Final = (
    *("price", "stopPrice", "triggerPrice", "takeProfitPrice", "stopLossPrice"),
    *("amount", "cashAmount", "filled", "remaining", "average", "cost"),
)
KEYS: Final[tuple[str, ...]] = tuple(Order.__annotations__)
BLANK: Final[dict[str, Any]] = dict.fromkeys(KEYS)


def fits_float(number: Decimal) -> bool:
    """Tell whether a float can hold a finite number without turning it infinite or into zero."""
    if not number or number.adjusted() in SAFE_EXPONENTS:
        return True
    return number.adjusted() in FLOAT_EXPONENTS and float(number) not in _NO_QUANTITY


def plain(number: Decimal) -> str:
    """Write a finite decimal with all its digits: `0.00000001`, never `1E-8`."""
    if not number:
        return "0"  # 0E+999999 has a million of them
    text = str(number)
    return format(number, "f") if "E" in text else text


def storable(value: Any) -> Any:
    """Return decoded JSON with whole numbers beyond 64 bit as their text: orjson refuses them.

    Where there are none it is the same object; nothing is changed in place.
    """
    return _with_text_for_large(value) if _has_large(value) else value


_64_BIT: Final = range(-(2**63), 2**64)


def _has_large(value: Any) -> bool:
    rest = [value]
    while rest:  # no recursion: rows may be nested as deeply as JSON can be read
        inner = rest.pop()
        if type(inner) is dict:
            rest += inner.values()
        elif type(inner) is list:
            rest += inner
        elif type(inner) is int and inner not in _64_BIT:
            return True
    return False


def _with_text_for_large(value: Any) -> Any:
    whole = [value]
    rest: list[Any] = [whole]
    while rest:
        holder = rest.pop()
        for key, inner in list(holder.items() if type(holder) is dict else enumerate(holder)):
            if type(inner) is int and inner not in _64_BIT:
                holder[key] = str(Decimal(inner))  # str refuses an int of thousands of digits
            elif type(inner) is dict or type(inner) is list:
                holder[key] = inner.copy()
                rest.append(holder[key])
    return whole[0]


def iso8601_of(milliseconds: int) -> str:
    """Write epoch milliseconds (UTC) as ccxt writes them: `2019-07-05T05:12:27.123Z`."""
    return f"{iso8601(milliseconds // 1000)[:-4]}{milliseconds % 1000:03}Z"


def iso8601(seconds: int) -> str:
    """Write epoch seconds (UTC) as ccxt writes them: `2019-07-05T05:12:27.000Z`."""
    day, minute = iso_day(seconds // DAY), iso_minute(seconds % DAY // 60)
    return f"{day}{minute}{ISO_SECONDS[seconds % 60]}"


ISO_SECONDS: Final = tuple(f":{second:02}.000Z" for second in range(60))


@lru_cache(maxsize=4096)
def iso_day(day: int) -> str:
    """Write the part that the orders of a list mostly share."""
    return (_FIRST_DAY + timedelta(day)).isoformat()


@lru_cache(maxsize=24 * 60)
def iso_minute(minute: int) -> str:
    """Write hour and minute of a minute of the day."""
    return f"T{minute // 60:02}:{minute % 60:02}"


_FIRST_DAY: Final = date(1970, 1, 1)
