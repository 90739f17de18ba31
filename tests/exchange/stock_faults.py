"""Where stock ccxt goes wrong on DigiFinex's order status: data, one entry a fault or part of one.

Run as a script it prints the table in Markdown. Both sides of every entry are held against the
simulator by `test_against_stock.py`.
"""

import sys
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import ccxt
import msgspec

from dfx_adapter import errors
from dfx_adapter.simulator import Body, Code, LoggedRequest, Simulator

# An open limit buy of which nothing is filled, and what changes in it.
ROW: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "symbol": "BTC_USDT",
        "order_id": "aaa",
        "created_date": 1562303547,
        "finished_date": 0,
        "price": 9700,
        "amount": 1,
        "cash_amount": 0,
        "executed_amount": 0,
        "avg_price": 0,
        "status": 0,
        "type": "buy",
        "kind": "spot",
    }
)
CANCELED = {"finished_date": 1562303600, "status": 3}
FILLED = {"finished_date": 1562303600, "executed_amount": 1, "avg_price": 9700, "status": 2}
MARKET_BUY = {"type": "buy_market", "price": 0, "amount": 0, "cash_amount": 100}
FILLED_PARTLY = {"executed_amount": Decimal("0.005"), "avg_price": 9700}
LONG = Decimal("1234567890.12345678")

HOUR_AGO = int(time.time()) - 3600
HTML = "<html><body>bad day</body></html>"
CUT = '{"code":0,"data":[{"symbol":"BTC_USDT","order_id":"aa'

Provoke = Callable[[Simulator], object]
Ask = Callable[[Any], Any]


# How it is brought about.


def row(*changes: Mapping[str, Any], **fields: Any) -> Provoke:
    """Serve the order with changes; `...` leaves a field out."""
    changed = dict(ROW)
    for fields_given in (*changes, fields):
        changed |= fields_given
    return lambda simulator: simulator.add_row(changed)


def altered(order_id: str, /, **fields: Any) -> Provoke:
    """Serve fields of an order otherwise, but find it where it was."""
    return lambda simulator: simulator.set_row(order_id, **fields)


def placed(*order_ids: str, **fields: Any) -> Provoke:
    """Place orders an hour ago, one second after the other."""
    fields = {"symbol": "BTC_USDT", "price": 9000, "amount": 1, **fields}

    def provoke(simulator):
        for second, order_id in enumerate(order_ids, HOUR_AGO):
            simulator.place(order_id=order_id, created_date=second, **fields)

    return provoke


def both(*steps: Provoke) -> Provoke:
    """Do one after the other."""

    def provoke(simulator):
        for step in steps:
            step(simulator)

    return provoke


def body(text: str, *, status: int = 200, endpoint: str = "order") -> Provoke:
    """Answer any text under any HTTP status."""
    content_type = "text/html" if text.startswith("<") else "application/json"
    return lambda simulator: simulator.script(endpoint, Body(text, status, content_type))


def data(value: Any) -> Provoke:
    """Answer success, with this for `data`."""
    return body(msgspec.json.encode({"code": 0, "data": value}).decode())


def code(number: int) -> Provoke:
    """Answer an error code, and again where it is asked again."""
    return lambda simulator: simulator.script("order", Code(number), Code(number))


def clock_ahead(seconds: int) -> Provoke:
    """Let our clock be ahead of the exchange's."""

    def provoke(simulator):
        simulator.skew = -seconds

    return provoke


# How it is asked for.


def call(method: str, *args: Any) -> Ask:
    """Call a method of the exchange object."""
    return lambda exchange: getattr(exchange, method)(*args)


def order(*args: Any) -> Ask:
    """Ask for one order."""
    return call("fetch_order", *args)


def abilities(exchange: Any) -> Mapping[str, Any]:
    """Ask what it says that it can do."""
    return exchange.has


# What is seen: facts of an answer by the names that stand in the table. Any other name is a field
# of the order, or an attribute of the error.


class Answer(NamedTuple):
    """What an exchange object answered, and what that took."""

    result: Any
    error: Exception | None
    requests: list[LoggedRequest]
    warnings: list[str]


def sent(request: LoggedRequest) -> str:
    """Write where a request went, without the window of a history, which moves with the clock."""
    moving = {"start_time", "end_time", "limit"}
    fixed = [f"{name}={value}" for name, value in request.query.items() if name not in moving]
    return f"{request.path}?{'&'.join(fixed)}"


def is_sorted(query: Mapping[str, str]) -> bool:
    """Tell whether there are several parameters, and in alphabetical order."""
    return len(query) > 1 and list(query) == sorted(query)


FACTS: Final[Mapping[str, Callable[[Answer], Any]]] = MappingProxyType(
    {
        "raises": lambda got: type(got.error),
        "RateLimitExceeded": lambda got: isinstance(got.error, ccxt.RateLimitExceeded),
        "DDoSProtection": lambda got: isinstance(got.error, ccxt.DDoSProtection),
        "retryable": lambda got: isinstance(got.error, ccxt.OperationFailed),
        "text has exchange": lambda got: "digifinex" in str(got.error),
        "text has code": lambda got: "20018" in str(got.error),
        "text has body": lambda got: '{"code":20018}' in str(got.error),
        "text has 'self request'": lambda got: "self request" in str(got.error),
        "text has '1 minute'": lambda got: "1 minute" in str(got.error),
        "warnings": lambda got: sum("aaa" in warning for warning in got.warnings),
        "requests": lambda got: len(got.requests),
        "sent": lambda got: sent(got.requests[-1]),
        "parameters sorted": lambda got: is_sorted(got.requests[-1].query),
        "answered": lambda got: msgspec.json.decode(got.requests[-1].answer)["code"],
        "since, limit": lambda got: got.requests[-1].query.keys() & {"since", "limit"} or None,
        "timestamp digits": lambda got: len(got.requests[-1].headers["ACCESS-TIMESTAMP"]),
        "window": lambda got: got.requests[-1].headers.get("ACCESS-RECV-WINDOW"),
        "ids": lambda got: [order["id"] for order in got.result],
        "symbols": lambda got: [order["symbol"] for order in got.result],
        "amounts": lambda got: [order["amount"] for order in got.result],
        "orders": lambda got: len(got.result),
        "info.amount": lambda got: got.result["info"]["amount"],
    }
)


class Case(NamedTuple):
    """A fault or part of one: how to bring it about, what stock makes of it, what is right.

    Both sides are facts by their names, or the class of an error. Where versions of ccxt differ,
    `stock` is a tuple of what they make of it, the newest first.
    """

    number: int
    case: str
    provoke: Provoke
    stock: Any
    right: Any
    ask: Ask = order("aaa")
    config: Mapping[str, Any] = MappingProxyType({})


def agreed(number: int, case: str, provoke: Provoke, seen: Any, *ask: Ask) -> Case:
    """Make an entry of what is no fault: both see the same."""
    return Case(number, case, provoke, seen, seen, *ask)


MARGIN = row(kind="margin")
LIMITED = {"raises": errors.RateLimited, "RateLimitExceeded": True, "DDoSProtection": True}
BLOCKED = {"raises": ccxt.DDoSProtection, "RateLimitExceeded": False, "DDoSProtection": True}
FIRST = "$.data[0]"


def broken(field: str, found: Any) -> dict[str, Any]:
    """Tell the error of a field that breaks the documents."""
    return {"raises": ccxt.BadResponse, "path": f"{FIRST}.{field}", "found": found}


def unknown(status: int) -> dict[str, Any]:
    """Tell the error of a status that no table knows."""
    return {"raises": errors.UnknownStatus, "path": f"{FIRST}.status", "found": status}


FAULTS: Final = (
    Case(
        1, "open, finished_date 0", row(), {"lastTradeTimestamp": 0}, {"lastTradeTimestamp": None}
    ),
    Case(
        2,
        "cancelled, nothing filled",
        row(CANCELED),
        {"lastTradeTimestamp": 1562303600000, "lastUpdateTimestamp": None},
        {"lastTradeTimestamp": None, "lastUpdateTimestamp": 1562303600000},
    ),
    Case(
        2,
        "cancelled, partly filled: no fill is known to have happened at the end",
        row(CANCELED, FILLED_PARTLY, status=4),
        {"lastTradeTimestamp": 1562303600000, "lastUpdateTimestamp": None},
        {"lastTradeTimestamp": None, "lastUpdateTimestamp": 1562303600000},
    ),
    Case(
        2,
        "filled",
        row(FILLED),
        {"lastTradeTimestamp": 1562303600000, "lastUpdateTimestamp": None},
        {"lastTradeTimestamp": 1562303600000, "lastUpdateTimestamp": 1562303600000},
    ),
    Case(
        3,
        "open market buy, budget 100",
        row(MARKET_BUY),
        {"cashAmount": None, "amount": None, "remaining": None, "cost": None, "price": None},
        {"cashAmount": 100.0, "amount": None, "remaining": None, "cost": 0.0, "price": None},
    ),
    Case(
        4,
        "market buy cancelled after 48.5 of 100",
        row(MARKET_BUY, CANCELED, FILLED_PARTLY, status=4),
        {"cashAmount": None, "amount": None, "remaining": None, "cost": 48.5, "filled": 0.005},
        {"cashAmount": 100.0, "amount": None, "remaining": None, "cost": 48.5, "filled": 0.005},
    ),
    Case(
        5,
        "market buy filled, its budget in amount",
        row(
            MARKET_BUY,
            FILLED,
            amount=Decimal("9713.82"),
            cash_amount=0,
            executed_amount=Decimal("0.9969"),
        ),
        {"amount": 9713.82, "filled": 0.9969, "remaining": 9712.8231, "cashAmount": None},
        {"amount": 0.9969, "filled": 0.9969, "remaining": 0.0, "cashAmount": 9713.82},
    ),
    Case(
        6,
        "market sell filled, price 0",
        row(FILLED, type="sell_market", price=0),
        {"price": 9700.0, "timeInForce": "IOC"},
        {"price": 9700.0, "timeInForce": None},
    ),
    Case(
        6,
        "market sell open, price 9600 without meaning",
        row(type="sell_market", price=9600),
        {"price": 9600.0, "timeInForce": "IOC"},
        {"price": None, "timeInForce": None},
    ),
    Case(
        7,
        "filled, avg_price 0",
        row(FILLED, avg_price=0),
        {"average": None, "cost": 9700.0, "warnings": 0},
        {"average": None, "cost": None, "warnings": 1},
    ),
    Case(
        7,
        "filled, avg_price missing",
        row(FILLED, avg_price=...),
        {"average": None, "cost": 9700.0},
        broken("avg_price", None),
    ),
    Case(
        8,
        "18 digits, numbers as text",
        row(amount=LONG),
        (
            {"amount": "1234567890.1234567", "remaining": "1234567890.1234567"},
            {"amount": "1234567890.12345678", "remaining": "1234567890.12345678"},
        ),
        {"amount": "1234567890.12345678", "remaining": "1234567890.12345678"},
        config={"number": str},
    ),
    Case(
        8,
        "18 digits, numbers as Decimal",
        row(amount=LONG),
        # the last: 4.5.22 beside orjson, which it then decodes with
        ({"amount": None}, {"amount": LONG}, {"amount": Decimal("1234567890.1234567")}),
        {"amount": LONG},
        config={"number": Decimal},
    ),
    Case(
        8,
        "18 digits in the row as received",
        row(amount=LONG),
        ({"info.amount": 1234567890.1234567}, {"info.amount": "1234567890.12345678"}),
        {"info.amount": "1234567890.12345678"},
    ),
    Case(
        9,
        "status 2 with 0.4 of 1",
        row(FILLED, executed_amount=Decimal("0.4")),
        {"status": "closed", "filled": 0.4, "remaining": 0.6, "warnings": 0},
        {"status": "closed", "filled": 0.4, "remaining": 0.6, "warnings": 1},
    ),
    Case(
        9,
        "status 0 with fills",
        row(FILLED_PARTLY),
        {"status": "open", "filled": 0.005, "remaining": 0.995, "warnings": 0},
        {"status": "open", "filled": 0.005, "remaining": 0.995, "warnings": 1},
    ),
    Case(
        9,
        "1.2 of 1 filled",
        row(FILLED, executed_amount=Decimal("1.2")),
        {"amount": 1.0, "filled": 1.2, "remaining": -0.2, "warnings": 0},
        {"amount": 1.0, "filled": 1.2, "remaining": 0.0, "warnings": 1},
    ),
    Case(
        10,
        "never a fee",
        row(FILLED),
        {"fee": {"cost": None}, "fees": [{"cost": None}], "trades": []},
        {"fee": None, "fees": [], "trades": []},
    ),
    Case(11, "status 5", row(status=5), {"status": "5"}, unknown(5)),
    Case(11, "status -1", row(status=-1), ({"status": "canceled"}, {"status": "-1"}), unknown(-1)),
    Case(11, "status null", row(status=None), {"status": None}, broken("status", None)),
    Case(11, "status missing", row(status=...), {"status": None}, broken("status", None)),
    Case(
        12,
        "type buy_limit_maker",
        row(type="buy_limit_maker"),
        {"side": "buy", "type": "limit"},
        broken("type", "buy_limit_maker"),
    ),
    Case(
        12,
        "type BUY_MARKET",
        row(type="BUY_MARKET"),
        {"side": "BUY", "type": "MARKET", "amount": 1.0},
        broken("type", "BUY_MARKET"),
    ),
    Case(12, "type missing", row(type=...), {"side": None, "type": None}, broken("type", None)),
    Case(
        12,
        "order_id missing",
        data([{name: value for name, value in ROW.items() if name != "order_id"}]),
        {"id": None},
        broken("order_id", None),
    ),
    Case(
        13,
        "created_date in milliseconds",
        row(created_date=1562303547000),
        ({"timestamp": 1562303547000000, "datetime": None}, ValueError),
        broken("created_date", 1562303547000),
    ),
    Case(
        13,
        "created_date a date",
        row(created_date="2019-07-05 05:12:27"),
        {"timestamp": None, "datetime": None},
        broken("created_date", "2019-07-05 05:12:27"),
    ),
    Case(
        14,
        "margin order",
        MARGIN,
        {"marginMode": None},
        {"marginMode": "cross"},
        order("aaa", None, {"type": "margin"}),
    ),
    Case(
        14,
        "margin order where spot was asked",
        both(row(), altered("aaa", kind="margin")),
        {"id": "aaa", "marginMode": None},
        broken("kind", "margin"),
    ),
    Case(15, "delisted market", row(symbol="FOO_USDT"), ccxt.BadSymbol, {"symbol": "FOO/USDT"}),
    Case(15, "symbol btc_usdt", row(symbol="btc_usdt"), ccxt.BadSymbol, {"symbol": "BTC/USDT"}),
    Case(
        15,
        "fetch_orders, one of three delisted",
        both(placed("aaa", "bbb", "ccc"), altered("bbb", symbol="FOO_USDT")),
        ccxt.BadSymbol,
        {"symbols": ["BTC/USDT", "FOO/USDT", "BTC/USDT"]},
        call("fetch_orders"),
    ),
    Case(
        16,
        "delisted, asked with BTC/USDT",
        row(symbol="FOO_USDT"),
        {"symbol": "BTC/USDT"},
        ccxt.BadSymbol,
        order("aaa", "BTC/USDT"),
    ),
    Case(
        17,
        "order of BTC/USDT, asked with ETH/USDT",
        row(),
        {"symbol": "BTC/USDT"},
        ccxt.BadSymbol,
        order("aaa", "ETH/USDT"),
    ),
    Case(
        18,
        "fetch_order of two ids in one text",
        both(row(), row(order_id="bbb")),
        {"id": "aaa", "requests": 1, "sent": "/v3/spot/order?market=spot&order_id=aaa,bbb"},
        {"raises": ccxt.BadRequest, "requests": 0},
        order("aaa,bbb"),
    ),
    Case(
        18,
        "fetch_orders_by_ids of 25",
        placed(*map(str, range(25))),
        AttributeError,
        {"orders": 25, "requests": 2},
        call("fetch_orders_by_ids", [*map(str, range(25))]),
    ),
    Case(
        18,
        "fetch_order_trades",
        both(placed("aaa"), lambda simulator: simulator.fill("aaa", "0.4")),
        ccxt.NotSupported,
        {"amounts": [0.4]},
        call("fetch_order_trades", "aaa", "BTC/USDT"),
    ),
    Case(
        18,
        "fetch_canceled_orders",
        both(placed("aaa", "bbb"), lambda simulator: simulator.cancel("bbb")),
        (ccxt.NotSupported, AttributeError),
        {"ids": ["bbb"]},
        call("fetch_canceled_orders"),
    ),
    Case(
        18,
        "has",
        both(),
        {"fetchOrdersByIds": None, "fetchOrderTrades": None, "fetchCanceledOrders": None},
        {"fetchOrdersByIds": True, "fetchOrderTrades": True, "fetchCanceledOrders": True},
        abilities,
    ),
    Case(
        19,
        "asked aaa, answered bbb",
        data([{**ROW, "order_id": "bbb"}]),
        {"id": "bbb"},
        ccxt.BadResponse,
    ),
    Case(20, "code 20013", code(20013), ccxt.InvalidOrder, ccxt.OrderNotFound),
    Case(20, "data null", data(None), ccxt.OrderNotFound, ccxt.BadResponse),
    Case(20, "data missing", body('{"code":0}'), ccxt.OrderNotFound, ccxt.BadResponse),
    Case(20, "data {}", data({}), ccxt.OrderNotFound, ccxt.BadResponse),
    Case(20, "data [null]", data([None]), ccxt.OrderNotFound, ccxt.BadResponse),
    Case(20, "data the row itself", data(dict(ROW)), ccxt.OrderNotFound, {"id": "aaa"}),
    Case(21, "HTTP 200 with HTML", body(HTML), ccxt.OrderNotFound, ccxt.BadResponse),
    Case(21, "HTTP 200 with nothing", body(""), ccxt.OrderNotFound, ccxt.BadResponse),
    Case(21, "HTTP 200 with cut JSON", body(CUT), ccxt.OrderNotFound, ccxt.BadResponse),
    Case(
        21,
        "fetch_open_orders, HTTP 200 with HTML",
        both(placed("aaa"), body(HTML, endpoint="order/current")),
        {"ids": []},
        ccxt.BadResponse,
        call("fetch_open_orders"),
    ),
    Case(
        22,
        "code 10009",
        code(10009),
        {"raises": ccxt.NetworkError, "retryable": True},
        {"raises": ccxt.BadRequest, "retryable": False},
    ),
    Case(22, "code 10011", code(10011), ccxt.AccountSuspended, ccxt.AuthenticationError),
    Case(22, "code 10005", code(10005), BLOCKED, LIMITED),
    Case(22, "code 20020", code(20020), BLOCKED, LIMITED),
    Case(
        22,
        "code 200005",
        code(200005),
        {"raises": ccxt.ExchangeError, "RateLimitExceeded": False, "DDoSProtection": False},
        LIMITED,
    ),
    Case(22, "code 20002", code(20002), ccxt.PermissionDenied, ccxt.MarketClosed),
    Case(22, "code 50000", code(50000), ccxt.ExchangeError, ccxt.ExchangeNotAvailable),
    Case(
        22,
        "code 31337",
        code(31337),
        {"raises": ccxt.ExchangeError, "code": None, "body": None},
        {"raises": ccxt.ExchangeError, "code": "31337", "body": '{"code":31337}'},
    ),
    Case(
        23,
        "text of code 20018",
        code(20018),
        {
            "raises": ccxt.PermissionDenied,
            "text has exchange": False,
            "text has code": False,
            "text has body": False,
        },
        {
            "raises": ccxt.PermissionDenied,
            "text has exchange": True,
            "text has code": True,
            "text has body": True,
        },
    ),
    Case(
        23,
        "text of code 10008",
        code(10008),
        {"raises": ccxt.InvalidNonce, "text has 'self request'": True, "text has '1 minute'": True},
        {
            "raises": ccxt.InvalidNonce,
            "text has 'self request'": False,
            "text has '1 minute'": False,
        },
    ),
    Case(
        24,
        "HTTP 429 with HTML",
        body(HTML, status=429),
        {"raises": ccxt.RateLimitExceeded, "RateLimitExceeded": True, "DDoSProtection": False},
        LIMITED,
    ),
    Case(
        24,
        "HTTP 500 with code 50000",
        body('{"code":50000}', status=500),
        ccxt.ExchangeError,
        ccxt.ExchangeNotAvailable,
    ),
    Case(
        25,
        "marginMode cross",
        MARGIN,
        {"sent": "/v3/margin/order?market=spot&order_id=aaa"},
        {"sent": "/v3/margin/order?order_id=aaa"},
        order("aaa", None, {"marginMode": "cross"}),
    ),
    Case(
        25,
        "margin True",
        MARGIN,
        {"sent": "/v3/margin/order?margin=true&market=spot&order_id=aaa"},
        {"sent": "/v3/margin/order?order_id=aaa"},
        order("aaa", None, {"margin": True}),
    ),
    Case(
        25,
        "type margin",
        MARGIN,
        {"sent": "/v3/margin/order?market=margin&order_id=aaa"},
        {"sent": "/v3/margin/order?order_id=aaa"},
        order("aaa", None, {"type": "margin"}),
    ),
    Case(
        25,
        "fetch_orders, marginMode cross",
        placed("aaa", kind="margin"),
        {"sent": "/v3/margin/order/history?market=spot&symbol=BTC_USDT", "ids": ["aaa"]},
        {"sent": "/v3/margin/order/history?symbol=BTC_USDT", "ids": ["aaa"]},
        call("fetch_orders", "BTC/USDT", None, None, {"marginMode": "cross"}),
    ),
    Case(26, "our clock 3 s fast", both(row(), clock_ahead(3)), ccxt.InvalidNonce, {"id": "aaa"}),
    Case(
        26, "our clock 60 s slow", both(row(), clock_ahead(-60)), ccxt.InvalidNonce, {"id": "aaa"}
    ),
    Case(
        26,
        "ACCESS-RECV-WINDOW, option recvWindow 60",
        row(),
        {"window": None},
        {"window": "60"},
        config={"options": {"recvWindow": 60}},
    ),
)

AGREED: Final = (
    agreed(
        8,
        "remaining of 0.1 less 0.09999999999999999",
        row(
            amount=Decimal("0.1"),
            executed_amount=Decimal("0.09999999999999999"),
            avg_price=Decimal("0.3"),
            status=1,
        ),
        {"remaining": 1e-17, "cost": 0.029999999999999995},
    ),
    agreed(
        8,
        "small numbers",
        row(amount=Decimal("1e-08"), price=Decimal("5e-05")),
        {"amount": 1e-08, "price": 5e-05},
    ),
    agreed(20, "data []", data([]), ccxt.OrderNotFound),
    agreed(22, "code 20018", code(20018), ccxt.PermissionDenied),
    agreed(24, "code missing", body('{"data":[]}'), ccxt.BadResponse),
    Case(
        24,
        "a list for the envelope",
        body("[]"),
        (ccxt.BadResponse, ccxt.OrderNotFound),
        ccxt.BadResponse,
    ),
    agreed(24, "HTTP 403 with HTML", body(HTML, status=403), ccxt.ExchangeNotAvailable),
    agreed(24, "HTTP 502 with HTML", body(HTML, status=502), ccxt.ExchangeNotAvailable),
    agreed(
        25,
        "marginMode isolated",
        MARGIN,
        ccxt.NotSupported,
        order("aaa", None, {"marginMode": "isolated"}),
    ),
    agreed(26, "timestamp in whole seconds", row(), {"timestamp digits": 10}),
    agreed(
        26,
        "fetch_open_orders with since and limit",
        placed("aaa", "bbb", "ccc"),
        {"since, limit": None, "ids": ["bbb"]},
        call("fetch_open_orders", None, HOUR_AGO * 1000 + 500, 1),
    ),
    agreed(
        26,
        "fetch_orders with since half a second after an order",
        placed("aaa", "bbb"),
        {"ids": ["bbb"]},
        call("fetch_orders", "BTC/USDT", HOUR_AGO * 1000 + 500),
    ),
    agreed(
        27,
        "keys sorted and signed",
        placed("aaa"),
        {"parameters sorted": True, "answered": 0},
        call("fetch_orders", "BTC/USDT", HOUR_AGO * 1000, 5),
    ),
)

CASES: Final = tuple(sorted(FAULTS + AGREED, key=lambda case: case.number))


# What is compared, and printed.


def facts(expected: Any) -> Mapping[str, Any]:
    """Write an expected side out: the class of an error is a fact, too."""
    return expected if isinstance(expected, Mapping) else {"raises": expected}


def seen(answer: Answer, expected: Any) -> dict[str, Any]:
    """Look up the facts that are expected; an error that is not is the only fact."""
    names = facts(expected).keys()
    if answer.error and "raises" not in names:
        return {"raises": type(answer.error)}
    return {name: _fact(name, answer) for name in names}


def _fact(name: str, answer: Answer) -> Any:
    if name in FACTS:
        return FACTS[name](answer)
    if answer.error:
        return getattr(answer.error, name, None)
    return answer.result.get(name)


def _literal(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else repr(value)


def cell_of(expected: Any) -> str:
    """Write facts as they stand in the table."""
    return ", ".join(f"{name} `{_literal(value)}`" for name, value in facts(expected).items())


def allowed(case: Case) -> tuple[Any, ...]:
    """Give what versions of stock ccxt make of it, the newest first."""
    return case.stock if isinstance(case.stock, tuple) else (case.stock,)


def table() -> str:
    """Write the table in Markdown."""
    rows = [("number", "case", "stock ccxt", "dfx-adapter"), ("--:", "---", "---", "---")]
    rows += [
        (str(one.number), one.case, " or ".join(map(cell_of, allowed(one))), cell_of(one.right))
        for one in CASES
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


if __name__ == "__main__":
    sys.stdout.write(table())
