"""A third party's adapter that is right, built otherwise than ours: json, Decimal, one pass."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal

import ccxt

LOG = logging.getLogger("good_orders")
STATUSES = {0: "open", 1: "open", 2: "closed", 3: "canceled", 4: "canceled"}
TYPES = {
    "buy": ("buy", "limit"),
    "sell": ("sell", "limit"),
    "buy_market": ("buy", "market"),
    "sell_market": ("sell", "market"),
}
MODES = {"spot": None, "margin": "cross"}
NUMBERS = ("price", "amount", "cash_amount", "executed_amount", "avg_price")
TEXTS = ("symbol", "order_id", "type", "kind")
WHOLE = ("status", "created_date", "finished_date")
UNTOLD = (
    *("clientOrderId", "timeInForce", "postOnly", "reduceOnly", "stopPrice"),
    *("triggerPrice", "takeProfitPrice", "stopLossPrice", "fee"),
)
EXACT = Context(prec=2000)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_SECOND = 253402300799  # the end of 9999: what is above counts milliseconds
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class TooFrequent(ccxt.RateLimitExceeded, ccxt.DDoSProtection):
    """Bots back off on either."""


CLASSES = {
    TooFrequent: (10005, 20020, 200005),
    ccxt.AuthenticationError: (10002, 10003, 10011),
    ccxt.OrderNotFound: (20013,),
    ccxt.MarketClosed: (20002,),
    ccxt.BadRequest: (10009,),
    ccxt.ExchangeNotAvailable: (50000,),
}
CODES = {code: row[0] for code, row in ccxt.digifinex().describe()["exceptions"]["exact"].items()}
CODES |= {str(code): error for error, codes in CLASSES.items() for code in codes}


class Exact(str):
    """The text of a number with a fraction."""

    __slots__ = ()


def parse(body):
    """Give the orders of an answer, numbers as Decimal, keys in another sequence than ccxt's."""
    try:
        answer = json.loads(body, parse_float=Exact, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ccxt.BadResponse(f"digifinex $: no JSON, {error}; body: {body[:99]!r}") from None
    if isinstance(answer, list):
        return _orders(answer, "$[{}]".format)
    if not isinstance(answer, dict):
        raise _bad("$", answer)
    code = answer.get("code")
    if isinstance(code, bool) or not re.fullmatch("-?[0-9]{1,9}", str(code)):
        raise _bad("$.code", code)
    if str(code) != "0":
        raise CODES.get(str(code), ccxt.ExchangeError)(f"digifinex {code}: {body.decode()[:200]}")
    data = answer.get("data")
    if isinstance(data, dict) and data:
        return _orders([data], lambda _: "$.data")
    if not isinstance(data, list):
        raise _bad("$.data", data)
    return _orders(data, "$.data[{}]".format)


def _no_constant(name):
    raise ValueError(name)


def _bad(path, value, error=ccxt.BadResponse):
    return error(f"digifinex {path} : found {str(value)[:99]!r}")


def _orders(rows, path_of):
    good, bad = [], []
    for index, row in enumerate(rows):
        try:
            good.append(_order(row, path_of(index)))
        except ccxt.BaseError as error:
            bad.append(error)
    if bad:
        bad[0].orders = good
        raise bad[0]
    return good


def _order(row, path):
    if not isinstance(row, dict):
        raise _bad(path, row)
    for name in TEXTS:
        if type(row.get(name)) is not str or not row[name].strip():
            raise _bad(f"{path}.{name}", row.get(name))
    status, created, ended = (_whole(row, name, path) for name in WHOLE)
    price, amount, cash, filled, average = (_number(row, name, path) for name in NUMBERS)
    for name, known in (("type", TYPES), ("kind", MODES)):
        if row[name] not in known:
            raise _bad(f"{path}.{name}", row[name])
    if status not in STATUSES:
        raise _bad(f"{path}.status", status, ccxt.ExchangeError)
    symbol = _symbol(row["symbol"], path)
    side, type_ = TYPES[row["type"]]
    word = STATUSES[status]
    by_cash = row["type"] == "buy_market"
    _doubt(row, status, amount, filled, average)
    known = average if average and filled else None
    cost = EXACT.multiply(filled, known) if known else (None if filled else Decimal(0))
    if cost is not None and cost > Decimal("1.7e308"):
        raise _bad(f"{path}.avg_price", row["avg_price"])
    ordered = (filled if word == "closed" else None) if by_cash else amount
    left = None if ordered is None else max(EXACT.subtract(ordered, filled), Decimal(0))
    return dict.fromkeys(UNTOLD) | {
        "extra": "keys beyond ccxt's are fine",
        "cost": cost,
        "remaining": left,
        "filled": filled,
        "amount": ordered,
        "cashAmount": (cash or amount or None) if by_cash else None,
        "average": known,
        "price": known if type_ == "market" else price or None,
        "lastUpdateTimestamp": ended * 1000 or None,
        "lastTradeTimestamp": ended * 1000 if status == 2 and filled and ended else None,
        "datetime": _iso(created) if created else None,
        "timestamp": created * 1000 or None,
        "status": word,
        "type": type_,
        "side": side,
        "symbol": symbol,
        "marginMode": MODES[row["kind"]],
        "id": row["order_id"],
        "trades": [],
        "fees": [],
        "info": row,
    }


def _whole(row, name, path):
    value = row.get(name)
    if type(value) is str and re.fullmatch("-?[0-9]{1,15}", value):
        value = int(value)
    least, most = (-(10**300), 10**300) if name == "status" else (0, LAST_SECOND)
    if type(value) is not int or not least <= value <= most:
        raise _bad(f"{path}.{name}", value)
    return value


def _number(row, name, path):
    value = row.get(name)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | str)
        or (isinstance(value, str) and not NUMBER.fullmatch(value))
    ):
        raise _bad(f"{path}.{name}", value)
    number = Decimal(value)
    if number < 0 or float(number) == float("inf") or (number and not float(number)):
        raise _bad(f"{path}.{name}", value)
    return number


def _symbol(text, path):
    if not re.fullmatch(r"[^_/\s]+_[^_/\s]+", text):
        raise _bad(f"{path}.symbol", text)
    renamed = ccxt.digifinex().safe_currency_code
    return "/".join(renamed(part) for part in text.upper().split("_"))


def _doubt(row, status, amount, filled, average):
    extent = 0 if not filled else 2 if filled >= amount else 1
    told = {0: (0,), 1: (1,), 2: (2,), 3: (0,), 4: (1,)}[status]
    if row["type"] == "buy_market":
        odd = bool(filled) is (told == (0,))
    else:
        odd = extent not in told or filled > amount
    if odd or bool(filled) is not bool(average) or not row["created_date"]:
        LOG.warning("order %s contradicts itself", row["order_id"])


def _iso(seconds):
    return f"{EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}.000Z"
