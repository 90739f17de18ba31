"""Orders broken on purpose: a right order, and one thing about it spoiled."""

from decimal import Decimal
from typing import Any, Final

from tests.conformance.right import FIELDS, Broken, spoiling

_HOUR: Final = 3_600_000


def _only_if(is_so, change):
    return lambda order: change(order) if is_so(order) else {}


def _is(**facts):
    return lambda order: all(order[key] == value for key, value in facts.items())


def _over(order):
    return order["status"] != "open"


def _in_local_time(order):
    return {"datetime": (order["datetime"] or "").replace("T0", "T1")}


def _in_seconds(order):
    created = order["timestamp"]
    return {"timestamp": created and created // 1000}


def _stub(order):
    return {key: ... for key in order if key not in {"id", "info"}}


def _row(name):
    return lambda order: Decimal(str(order["info"][name]))


def _of_floats(order):
    amount, filled = order["amount"], order["filled"]
    if amount is None or filled > amount:
        return {}
    return {"remaining": Decimal(repr(float(amount) - float(filled)))}


def _as_floats(order):
    return {key: float(value) for key, value in order.items() if isinstance(value, Decimal)}


def _cut(order):
    return {
        key: round(value, 8)
        for key, value in order.items()
        if isinstance(value, Decimal) and abs(value) < 10**20
    }


def _in_28_digits(order):
    amount, filled, average = order["amount"], order["filled"], order["average"]
    if amount is None or average is None or filled > amount:
        return {}
    return {"remaining": amount - filled, "cost": filled * average}


def _filled_by_status(order):
    if order["status"] != "closed" or order["amount"] is None:
        return {}
    cost = order["average"] and order["amount"] * order["average"]
    return {"filled": order["amount"], "remaining": Decimal(0), "cost": cost}


def _status_by_numbers(order):
    done = order["amount"] is not None and order["filled"] >= order["amount"]
    return {"status": "closed"} if done and order["status"] == "open" else {}


def _fee_of_two_permille(order):
    cost = (order["cost"] or Decimal(0)) * Decimal("0.002")
    fee = {"cost": cost, "currency": order["symbol"].split("/")[1]}
    return {"fee": fee, "fees": [fee]}


_CANCELED: Final = _is(status="canceled")
_CLOSED: Final = _is(status="closed")
_LIMIT: Final = _is(type="limit")
_MARKET: Final = _is(type="market")
_MARKET_BUY: Final = _is(type="market", side="buy")

_SPOILED: Final[tuple[tuple[str, str, Any], ...]] = (
    # What an order is.
    ("a key left out", "ORD-001", lambda order: {"lastUpdateTimestamp": ...}),
    ("a stub of id and info", "ORD-001", _stub),
    ("an id that is a number", "ORD-002", lambda order: {"id": 17}),
    ("an id that is empty", "ORD-002", lambda order: {"id": ""}),
    ("an id that is None", "ORD-002", lambda order: {"id": None}),
    ("the exchange's symbol", "ORD-003", lambda order: {"symbol": order["info"]["symbol"]}),
    ("a symbol that is None", "ORD-019", lambda order: {"symbol": None}),
    ("the status as its digit", "ORD-004", lambda order: {"status": str(order["info"]["status"])}),
    ("a status that is None", "ORD-019", lambda order: {"status": None}),
    ("cancelled", "ORD-004", _only_if(_CANCELED, lambda order: {"status": "cancelled"})),
    ("partially filled", "ORD-004", lambda order: {"status": "partially_filled"}),
    ("side in upper case", "ORD-005", lambda order: {"side": order["side"].upper()}),
    ("a side that is None", "ORD-019", lambda order: {"side": None}),
    ("type in upper case", "ORD-006", lambda order: {"type": order["type"].upper()}),
    ("a type that is None", "ORD-019", lambda order: {"type": None}),
    (
        "a trade in 1970",
        "ORD-007",
        lambda order: {"lastTradeTimestamp": order["lastTradeTimestamp"] or 0},
    ),
    ("times in seconds", "ORD-007", _in_seconds),
    ("times that are floats", "ORD-007", lambda order: {"timestamp": 1.6e12}),
    ("times that are text", "ORD-007", lambda order: {"lastUpdateTimestamp": "1600000000000"}),
    ("datetime of another time zone", "ORD-008", _in_local_time),
    ("datetime in whole seconds", "ORD-008", lambda order: {"datetime": "2020-09-13T12:26:40Z"}),
    ("datetime left out", "ORD-008", lambda order: {"datetime": None}),
    (
        "updated before it was created",
        "ORD-009",
        lambda order: {"lastUpdateTimestamp": order["timestamp"] and order["timestamp"] - 1000},
    ),
    (
        "traded when it was cancelled unfilled",
        "ORD-010",
        lambda order: {"lastTradeTimestamp": order["lastUpdateTimestamp"]},
    ),
    ("a price that is junk", "ORD-011", lambda order: {"price": "9,000.0"}),
    ("a price that is NaN", "ORD-011", lambda order: {"price": float("nan")}),
    ("a price that is true", "ORD-011", lambda order: {"price": True}),
    ("a trigger that is negative", "ORD-011", lambda order: {"triggerPrice": -1}),
    ("remaining never falls", "ORD-012", lambda order: {"remaining": order["amount"]}),
    (
        "nothing remains of an order that is over",
        "ORD-012",
        _only_if(_over, lambda order: {"remaining": 0}),
    ),
    (
        "cost from the limit price",
        "ORD-013",
        lambda order: {"cost": order["filled"] * (order["price"] or 0)},
    ),
    ("cost from cash_amount", "ORD-013", lambda order: {"cost": _row("cash_amount")(order)}),
    (
        "cost of what was ordered",
        "ORD-013",
        lambda order: {"cost": order["amount"] and order["amount"] * (order["price"] or 1)},
    ),
    ("an average of 0", "ORD-014", lambda order: {"average": order["average"] or 0}),
    ("an average of nothing", "ORD-014", lambda order: {"average": order["price"]}),
    (
        "something remains of a closed order",
        "ORD-015",
        _only_if(_CLOSED, lambda order: {"remaining": Decimal(1)}),
    ),
    ("a fee without a cost", "ORD-016", lambda order: {"fee": {"cost": None}}),
    (
        "a fee without a currency",
        "ORD-016",
        lambda order: {"fees": [{"cost": Decimal(1), "currency": None}]},
    ),
    ("fees that are None", "ORD-016", lambda order: {"fees": None}),
    ("trades that are None", "ORD-017", lambda order: {"trades": None}),
    ("a price with a blank", "ORD-011", lambda order: {"price": f"{order['price'] or 1} "}),
    ("an amount with underscores", "ORD-011", lambda order: {"amount": "1_000"}),
    ("info that is empty", "ORD-018", lambda order: {"info": {}}),
    ("info that is None", "ORD-018", lambda order: {"info": None}),
    ("filled as a float", "ORD-020", lambda order: {"filled": float(order["filled"])}),
    ("cost as text", "ORD-020", lambda order: {"cost": order["cost"] and str(order["cost"])}),
    (
        "text, and an int for 0",
        "ORD-020",
        lambda order: {
            key: str(value) if value else 0
            for key, value in order.items()
            if isinstance(value, Decimal)
        },
    ),
    # What it should be, by its row.
    (
        "sides of limit orders flipped",
        "MAP-005",
        _only_if(_LIMIT, lambda order: {"side": "buy" if order["side"] == "sell" else "sell"}),
    ),
    (
        "sides of market orders flipped",
        "MAP-006",
        _only_if(_MARKET, lambda order: {"side": "buy" if order["side"] == "sell" else "sell"}),
    ),
    ("market orders as limit orders", "MAP-006", lambda order: {"type": "limit"}),
    ("kind ignored", "MAP-008", lambda order: {"marginMode": None}),
    (
        "margin called isolated",
        "MAP-008",
        lambda order: {"marginMode": order["marginMode"] and "isolated"},
    ),
    ("kind for marginMode", "MAP-008", lambda order: {"marginMode": order["info"]["kind"]}),
    ("symbol in lower case", "MAP-010", lambda order: {"symbol": order["symbol"].lower()}),
    (
        "quote before base",
        "MAP-010",
        lambda order: {"symbol": "/".join(reversed(order["symbol"].split("/")))},
    ),
    ("ids without leading zeros", "MAP-012", lambda order: {"id": order["id"].lstrip("0")}),
    ("ids in upper case", "MAP-012", lambda order: {"id": order["id"].upper()}),
    (
        "times of another time zone",
        "MAP-013",
        lambda order: {"timestamp": order["timestamp"] and order["timestamp"] - 8 * _HOUR},
    ),
    ("never a trade", "MAP-014", lambda order: {"lastTradeTimestamp": None}),
    (
        "traded when it was cancelled",
        "MAP-014",
        _only_if(
            lambda order: order["filled"],
            lambda order: {"lastTradeTimestamp": order["lastUpdateTimestamp"]},
        ),
    ),
    ("never an update", "MAP-015", lambda order: {"lastUpdateTimestamp": None}),
    (
        "updated when it was created",
        "MAP-015",
        lambda order: {"lastUpdateTimestamp": order["timestamp"]},
    ),
    (
        "a limit price of 0",
        "MAP-016",
        _only_if(_LIMIT, lambda order: {"price": _row("price")(order)}),
    ),
    (
        "the average for the limit price",
        "MAP-016",
        lambda order: {"price": order["average"] or order["price"]},
    ),
    (
        "the price field of a market order",
        "MAP-017",
        _only_if(_MARKET, lambda order: {"price": _row("price")(order)}),
    ),
    (
        "no price of a market order",
        "MAP-017",
        _only_if(_MARKET, lambda order: {"price": None}),
    ),
    ("its id as client's id", "MAP-018", lambda order: {"clientOrderId": order["id"]}),
    ("time in force invented", "MAP-018", lambda order: {"timeInForce": "GTC"}),
    ("postOnly invented", "MAP-018", lambda order: {"postOnly": False}),
    (
        "amount is what was filled",
        "MAP-019",
        lambda order: {"amount": order["amount"] and order["filled"]},
    ),
    (
        "nothing remains of a cancelled order",
        "MAP-020",
        _only_if(_CANCELED, lambda order: {"remaining": Decimal(0)}),
    ),
    (
        "filled and remaining swapped",
        "MAP-020",
        _only_if(
            lambda order: order["amount"] is not None,
            lambda order: {"filled": order["remaining"], "remaining": order["filled"]},
        ),
    ),
    ("remaining of floats", "MAP-020", _of_floats),
    (
        "less than nothing remains",
        "MAP-021",
        _only_if(
            lambda order: order["amount"] is not None,
            lambda order: {"remaining": order["amount"] - order["filled"]},
        ),
    ),
    ("the price for the average", "MAP-022", lambda order: {"average": order["price"]}),
    ("avg_price as it is", "MAP-022", lambda order: {"average": _row("avg_price")(order)}),
    (
        "cost from the price that was asked",
        "MAP-023",
        lambda order: {"cost": order["filled"] * (order["price"] or 0)},
    ),
    (
        "no cost where nothing is filled",
        "MAP-038",
        lambda order: {"cost": order["cost"] or None},
    ),
    (
        "cost is the budget",
        "MAP-023",
        _only_if(_MARKET_BUY, lambda order: {"cost": order["cashAmount"]}),
    ),
    (
        "cost from cash_amount of any order",
        "MAP-023",
        lambda order: {"cost": _row("cash_amount")(order) or order["cost"]},
    ),
    (
        "amount of a market buy as base",
        "MAP-024",
        _only_if(_MARKET_BUY, lambda order: {"amount": _row("amount")(order)}),
    ),
    (
        "budget less filled remains",
        "MAP-024",
        _only_if(
            _MARKET_BUY,
            lambda order: {"remaining": (order["cashAmount"] or 0) - order["filled"]},
        ),
    ),
    (
        "no amount of a closed market buy",
        "MAP-024",
        _only_if(_MARKET_BUY, lambda order: {"amount": None, "remaining": None}),
    ),
    ("budget lost", "MAP-025", lambda order: {"cashAmount": None}),
    (
        "cash_amount of any order",
        "MAP-025",
        lambda order: {"cashAmount": _row("cash_amount")(order)},
    ),
    ("floats where exact is declared", "MAP-026", _as_floats),
    ("eight decimals", "MAP-026", _cut),
    ("28 digits", "MAP-026", _in_28_digits),
    ("a fee invented", "MAP-028", _fee_of_two_permille),
    (
        "info without cash_amount",
        "MAP-029",
        lambda order: {"info": {k: v for k, v in order["info"].items() if k != "cash_amount"}},
    ),
    (
        "info of floats",
        "MAP-029",
        lambda order: {"info": order["info"] | {"price": float(order["info"]["price"])}},
    ),
    (
        "info of what is known",
        "MAP-029",
        lambda order: {"info": {key: order["info"][key] for key in FIELDS}},
    ),
    (
        "info of another row",
        "MAP-029",
        lambda order: {"info": order["info"] | {"order_id": "another"}},
    ),
    ("filled because it is closed", "MAP-033", _filled_by_status),
    ("closed because it is filled", "MAP-033", _status_by_numbers),
    (
        "nothing was filled of an order with status 3",
        "MAP-033",
        _only_if(
            lambda order: str(order["info"]["status"]) == "3",
            lambda order: {"filled": Decimal(0), "remaining": order["amount"], "cost": 0},
        ),
    ),
    # What it was before.
    (
        "a cancelled order was never filled",
        "LIFE-001",
        _only_if(_CANCELED, lambda order: {"filled": Decimal(0)}),
    ),
    (
        "a cancelled order cost nothing",
        "LIFE-003",
        _only_if(_CANCELED, lambda order: {"cost": None}),
    ),
    (
        "created when it was updated",
        "LIFE-004",
        lambda order: {"timestamp": order["lastUpdateTimestamp"] or order["timestamp"]},
    ),
    (
        "a filled order has no price",
        "LIFE-005",
        _only_if(_CLOSED, lambda order: {"price": order["average"]}),
    ),
)

# A rule of an order is held against every order that is read: these areas are enough.
_VECTORS: Final = {"LIFE": "life/", "ORD": ("contradictions/", "spot/limit-buy", "timestamps/")}

ORDERS: Final = tuple(
    Broken(name, rule, spoiling(change), _VECTORS.get(rule.partition("-")[0], ""))
    for name, rule, change in _SPOILED
)
