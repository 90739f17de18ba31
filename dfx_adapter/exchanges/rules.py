"""The rules of any order: what a class of ccxt has parsed becomes an order that a bot can rely on.

One place for every exchange; the rules are those of `dfx_adapter.order.Order`. What the exchange
did not tell is None. A number that is brought to a rule is never less exact than the one that came.
"""

from __future__ import annotations

import decimal
import re
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from dfx_adapter.exchanges import fills
from dfx_adapter.exchanges.fills import quantity
from dfx_adapter.order import (
    BLANK,
    EXACT,
    LAST_SECOND,
    NUMBERS,
    STATUSES,
    iso8601_of,
    plain,
    storable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dfx_adapter.order import Order, Status

Numbers = dict[str, Decimal | None]


def _silent(sentence: str) -> None:
    """Take a warning that nobody wants to have."""


UNIFIED: Final[Mapping[str, Status]] = MappingProxyType(
    {cast("Status", status): cast("Status", status) for status in STATUSES}
)


class Rules(NamedTuple):
    """What completing an order needs to know beside the order.

    Attributes:
        number: turns exact decimal text into the caller's type: float, Decimal or str.
        statuses: the exchange's words, as they are or in lower case -> unified status.
        market: ccxt's market of the order, None where it is not known.
        derived: the numbers of the order that ccxt worked out of others; the exchange did not
            tell them.
        warn: takes a sentence about what was left out of the order.
    """

    number: Callable[[str], Any] = float
    statuses: Mapping[str, str] = UNIFIED
    market: Mapping[str, Any] | None = None
    derived: frozenset[str] = frozenset()
    warn: Callable[[str], None] = _silent


def completed(order: Mapping[str, Any], rules: Rules) -> Order:
    """Bring an order that ccxt parsed to the rules, as far as the exchange told."""
    done: dict[str, Any] = {**BLANK, **order}
    done["status"] = _status(done["status"], rules)
    done["type"] = _word(done["type"], "type", rules)
    done["side"] = _side(done["side"], rules)
    done["symbol"] = _symbol(done["symbol"], rules)
    for name in ("id", "clientOrderId", "timeInForce"):
        done[name] = _text(done[name])
    exact = _quantities(done, rules)
    done |= {
        name: None if value is None else rules.number(plain(value)) for name, value in exact.items()
    }
    _bring_times(done, exact["filled"])
    done["fee"] = _fee(done["fee"], rules.number)
    done["fees"] = _fees(done["fees"], rules.number)
    done["info"] = storable(done["info"])
    trades = done["trades"]
    done["trades"] = with_numbers(trades, rules.number) if isinstance(trades, list) else []
    return cast("Order", done)


# Words.

_SEPARATORS: Final = re.compile(r"[\s\-_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
_SIDES: Final = {"buy": "buy", "sell": "sell", "bid": "buy", "ask": "sell"}
_NAME: Final = r"[^\s/:](?:[^\t\n/:]*[^\s/:])?"  # some coins have blanks inside
_SYMBOL: Final = re.compile(rf"{_NAME}/{_NAME}(:\S+)?")


def _status(value: object, rules: Rules) -> str | None:
    """Translate the exchange's word; one that no table knows is None, and a warning."""
    if value is None or value == "":
        return None
    word = str(value)
    status = rules.statuses.get(word) or rules.statuses.get(word.lower())
    if status is None:
        rules.warn(f"unknown status {value!r}: status is None")
    return status


def _word(value: object, name: str, rules: Rules) -> str | None:
    """Write a word in lower case: `stopLoss` -> `stop_loss`, `LIMIT MAKER` -> `limit_maker`."""
    text = _text(value)
    if text is None:
        return None
    word = _SEPARATORS.sub("_", _CAMEL.sub("_", text)).lower().strip("_")
    if _WORD.fullmatch(word):
        return word
    rules.warn(f"{name} {value!r} is no word: {name} is None")
    return None


def _side(value: object, rules: Rules) -> str | None:
    text = _text(value)
    side = None if text is None else _SIDES.get(text.lower())
    if text is not None and side is None:
        rules.warn(f"side {value!r} is neither buy nor sell: side is None")
    return side


def is_symbol(value: object) -> bool:
    """Tell whether a value is a unified symbol: BASE/QUOTE, of a contract BASE/QUOTE:SETTLE."""
    return isinstance(value, str) and _SYMBOL.fullmatch(value) is not None


def _symbol(value: object, rules: Rules) -> str | None:
    """Return a unified symbol; of a market that it does not know ccxt gives the exchange's id."""
    text = _text(value)
    if text is None or is_symbol(text):
        return text
    rules.warn(f"market {value!r} is not among the loaded ones: symbol is None")
    return None


def _text(value: object) -> str | None:
    """Return an id or a word as text; an empty one says nothing."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    return str(value).strip() or None


# Numbers.

# Enough for the quotient of any two amounts; it is rounded, as every exchange rounds an average.
_QUOTIENT: Final = decimal.Context(prec=28)
_POSITIVE: Final = ("price", "amount", "cashAmount", "average", "stopPrice", "triggerPrice")
_NONZERO: Final = frozenset({*_POSITIVE, "takeProfitPrice", "stopLossPrice"})
_ZERO: Final = Decimal(0)


def _quantities(order: Mapping[str, Any], rules: Rules) -> Numbers:
    exact: Numbers = {name: quantity(order[name]) for name in NUMBERS}
    for name in _NONZERO:
        exact[name] = exact[name] or None
    _bring_amounts(exact)
    symbol = order["symbol"]
    contract = _contract(symbol, rules.market)
    if contract and rules.derived >= {"cost", "average"}:  # ccxt's cost is of a rounded average
        exact["cost"] = fills.cost(order["trades"], exact["filled"], contract.cost) or exact["cost"]
    _bring_cost(exact, rules, contract, has_symbol=symbol is not None)
    if order["type"] == "market":
        exact["price"] = exact["average"]
    return exact


def _bring_amounts(exact: Numbers) -> None:
    """Make amount = filled + remaining; of an overfilled order nothing remains."""
    amount, filled, remaining = exact["amount"], exact["filled"], exact["remaining"]
    if amount is None and filled is not None and remaining is not None:
        amount = exact["amount"] = _trimmed(EXACT.add(filled, remaining)) or None
    if amount is None:
        return
    if filled is not None:
        exact["remaining"] = max(_trimmed(EXACT.subtract(amount, filled)), _ZERO)
    elif remaining is not None:
        exact["filled"] = max(_trimmed(EXACT.subtract(amount, remaining)), _ZERO)
        exact["remaining"] = min(remaining, amount)


class _Contract(NamedTuple):
    """What one unit of `amount` is; of a spot order it is the coin."""

    size: Decimal
    is_inverse: bool

    def cost(self, filled: Decimal, average: Decimal) -> Decimal:
        """Return the money of a fill at an average price."""
        base = EXACT.multiply(filled, self.size)
        if self.is_inverse:
            return _trimmed(_QUOTIENT.divide(base, average))
        return _trimmed(EXACT.multiply(base, average))

    def average(self, filled: Decimal, cost: Decimal) -> Decimal:
        """Return the average price of a fill that cost so much."""
        base = EXACT.multiply(filled, self.size)
        return _trimmed(
            _QUOTIENT.divide(base, cost) if self.is_inverse else _QUOTIENT.divide(cost, base)
        )


_SPOT: Final = _Contract(Decimal(1), is_inverse=False)


def _contract(symbol: object, market: Mapping[str, Any] | None) -> _Contract | None:
    """Return the contract of an order's market; None where what it costs cannot be known.

    An option is paid in either coin; one settled in a third currency, at a rate that nobody tells.
    """
    if market is None or market.get("symbol") != symbol:
        is_spot = isinstance(symbol, str) and ":" not in symbol
        return _SPOT if is_spot else None
    if not market.get("contract"):
        return _SPOT
    size = quantity(market.get("contractSize"))
    is_inverse = bool(market.get("inverse"))
    if not size or market.get("option") or not (is_inverse or market.get("linear")):
        return None
    return _Contract(size, is_inverse)


def _bring_cost(
    exact: Numbers, rules: Rules, contract: _Contract | None, *, has_symbol: bool
) -> None:
    """Make cost = filled x average, both as the exchange told them where it did."""
    filled, cost, average = exact["filled"], exact["cost"], exact["average"]
    if filled is None:
        return
    if not filled:
        exact["cost"], exact["average"] = _ZERO, None
        return
    if not cost or (average is None and "cost" in rules.derived):
        cost = exact["cost"] = None  # of a zero, or of the limit price taken for the average
    if contract is None:
        _doubt_cost(exact, rules, has_symbol=has_symbol)
        return
    if cost and (average is None or "average" in rules.derived):
        exact["average"] = contract.average(filled, cost)
    elif average is not None and (
        cost is None or "cost" in rules.derived or not _agree(exact, contract)
    ):
        exact["cost"] = contract.cost(filled, average)


def _doubt_cost(exact: Numbers, rules: Rules, *, has_symbol: bool) -> None:
    """Leave out a cost that only an unknown contract could make that of the fills."""
    if not has_symbol and exact["cost"] and exact["average"] and not _agree(exact, _SPOT):
        rules.warn(f"cost {exact['cost']} is not filled x average, and the market is not known")
        exact["cost"] = None


def _agree(exact: Numbers, contract: _Contract) -> bool:
    """Tell whether cost and average are of the same fills: exactly, or in the digits they have."""
    filled, cost, average, price = (
        cast("Decimal", exact[name]) for name in ("filled", "cost", "average", "price")
    )
    product = contract.cost(filled, average)
    if abs(cost - product) <= product * _FLOAT:
        return True
    if price and price != average and abs(cost - contract.cost(filled, price)) <= cost * _FLOAT:
        return False  # the money that the limit price would have taken
    places = max(map(_places, (cost, average, price)))
    return _is_rounded(cost, product, places) or _is_rounded(
        average, contract.average(filled, cost), max(_places(average), _places(price))
    )


_FLOAT: Final = Decimal("1e-15")  # what binary floats lose
_LEAST_DIGITS: Final = 3  # fewer are rounded so coarsely that anything would agree,
_FINE: Final = 8  # unless they stand that far behind the point


def _places(number: Decimal | None) -> int:
    """Count the digits behind the point."""
    return 0 if number is None else max(0, -cast("int", number.as_tuple().exponent))


def _is_rounded(got: Decimal, value: Decimal, places: int) -> bool:
    """Tell whether a number is another one, rounded or cut to so many places."""
    if got.adjusted() + 1 + places < _LEAST_DIGITS and places < _FINE:
        return False
    unit = Decimal(1).scaleb(-places)
    return -unit / 2 <= value - got < unit


def _trimmed(result: Decimal) -> Decimal:
    """Leave out the last zeros behind the point of a number that nobody wrote."""
    text = plain(result)
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else result


# Times.

_TIMES: Final = ("timestamp", "lastTradeTimestamp", "lastUpdateTimestamp")
# Epoch times since 2001 by their unit: the first that is one of it, and its milliseconds.
_UNITS: Final = (
    (10**18, Decimal("1e-6")),  # nanoseconds
    (10**15, Decimal("1e-3")),  # microseconds
    (10**11, Decimal(1)),  # milliseconds, since 1973
    (10**9, Decimal(1000)),  # seconds
)


def _bring_times(order: dict[str, Any], filled: Decimal | None) -> None:
    """Make times whole milliseconds; a trade time needs a trade."""
    for name in _TIMES:
        order[name] = _milliseconds(order[name])
    if order["timestamp"] is None:
        order["timestamp"] = milliseconds_of(order["datetime"])
    if filled is not None and not filled:
        order["lastUpdateTimestamp"] = order["lastUpdateTimestamp"] or order["lastTradeTimestamp"]
        order["lastTradeTimestamp"] = None
    time = order["timestamp"]
    order["datetime"] = None if time is None else iso8601_of(time)


def _milliseconds(value: Any) -> int | None:
    exact = quantity(value)
    if exact is None:
        return None
    for first, unit in _UNITS:
        if exact >= first:
            time = int(exact * unit)
            return time if time // 1000 <= LAST_SECOND else None
    return None


def milliseconds_of(text: object) -> int | None:
    """Read a moment in ISO 8601; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _milliseconds(int(moment.timestamp() * 1000))


# Fees, trades, and numbers deeper inside.


def _fee(fee: Any, number: Callable[[str], Any]) -> dict[str, Any] | None:
    """Return a fee with its cost as a number, or None; some classes give the cost as text."""
    cost = _signed(fee.get("cost")) if isinstance(fee, dict) else None
    if cost is None or not _text(fee.get("currency")):
        return None
    kept = {name: value for name, value in fee.items() if name != "rate"}
    rate = _signed(fee.get("rate"))
    kept |= {} if rate is None else {"rate": number(plain(rate))}
    return {**kept, "cost": number(plain(cost))}


def _fees(fees: Any, number: Callable[[str], Any]) -> list[dict[str, Any]]:
    rows: Iterable[Any] = fees if isinstance(fees, list) else ()
    return [kept for fee in rows if (kept := _fee(fee, number))]


def _signed(value: Any) -> Decimal | None:
    """Read a fee: a rebate is below zero."""
    if isinstance(value, str | int | float | Decimal) and str(value).startswith("-"):
        size = quantity(str(value)[1:])
        return None if size is None else -size
    return quantity(value)


def with_numbers(value: Any, number: Callable[[str], Any]) -> Any:
    """Return a part of an order with its floats as numbers of the caller's type."""
    if isinstance(value, dict):
        return {
            key: inner if key == "info" else with_numbers(inner, number)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [with_numbers(inner, number) for inner in value]
    if isinstance(value, float) and number is not float:
        exact = _signed(value)
        return None if exact is None else number(plain(exact))
    return value
