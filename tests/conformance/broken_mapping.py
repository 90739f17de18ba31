"""Readers of rows broken on purpose: codes, missing and odd values, lists, and what was before."""

from decimal import Decimal
from typing import Final

import ccxt

from dfx_conformance.subjects import LISTED
from tests.conformance.right import (
    FIELDS,
    Broken,
    decoded,
    encoded,
    misreading,
    parse,
    quiet,
    reading,
    refusing,
)

_NUMBERS: Final = ("price", "amount", "cash_amount", "executed_amount", "avg_price")
_TIMES: Final = ("created_date", "finished_date")


# Rows, changed in place before they are read rightly.


def _statuses(table):
    def misread(row):
        row["status"] = table.get(row.get("status"), row.get("status"))

    return misread


def _known_status(row):
    if row.get("status") not in range(5):
        row["status"] = 0


def _swap_statuses(row):
    row["status"] = 3 if row.get("status") == -1 else row.get("status")


def _known_type(row):
    if isinstance(row.get("type"), str) and "_market" not in row["type"]:
        row["type"] = "sell" if "sell" in row["type"] else "buy"


def _lower_type(row):
    row["type"] = str(row.get("type")).lower()


def _any_kind(row):
    row["kind"] = "spot"


def _any_symbol(row):
    symbol = str(row.get("symbol")).replace("/", "_").replace("-", "_")
    row["symbol"] = symbol if "_" in symbol else f"{symbol[:3]}_{symbol[3:]}"


def _defaults(row):
    for name in (*_TIMES, *_NUMBERS):
        row.setdefault(name, 0)


def _default_kind(row):
    row.setdefault("kind", "spot")


def _nothing_for_null(row):
    for name in _NUMBERS:
        row[name] = 0 if row.get(name, 0) is None else row.get(name)


def _any_id(row):
    row["order_id"] = str(row.get("order_id"))


def _true_is_one(row):
    row.update((name, int(value)) for name, value in row.items() if isinstance(value, bool))


def _no_sign(row):
    row.update((name, abs(row[name])) for name in _NUMBERS if _is_number(row.get(name)))


def _words_are_nothing(row):
    for name in _NUMBERS:
        if isinstance(row.get(name), str) and not row[name].replace(".", "").isdigit():
            row[name] = 0


def _is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _milliseconds(row):
    for name in _TIMES:
        if isinstance(row.get(name), int) and row[name] > 10**11:
            row[name] //= 1000


def _dates(row):
    row.update((name, 0) for name in _TIMES if isinstance(row.get(name), str))


def _two_decimals(row):
    row.update((name, round(row[name], 2)) for name in _NUMBERS if _is_number(row.get(name)))


def _without_exponents(row):
    for name in _NUMBERS:
        if isinstance(row.get(name), Decimal) and "E" in str(row[name]):
            row[name] = Decimal(str(row[name]).partition("E")[0])


_MISREAD: Final = (
    ("statuses count from one", "MAP-001", _statuses({0: 3, 1: 0, 2: 1, 3: 2, 4: 3})),
    ("partly filled is filled", "MAP-001", _statuses({1: 2})),
    ("filled is still open", "MAP-002", _statuses({2: 1})),
    ("filled is cancelled", "MAP-002", _statuses({2: 4})),
    ("partly filled and cancelled is closed", "MAP-003", _statuses({4: 2})),
    ("3 and 4 confused with 1 and 2", "MAP-003", _statuses({3: 1, 4: 2})),
    ("an unknown status is open", "MAP-004", _known_status),
    ("a status of swap orders", "MAP-004", _swap_statuses),
    ("an unknown type is limit", "MAP-007", _known_type),
    ("types in any case", "MAP-007", _lower_type),
    ("an unknown kind is spot", "MAP-009", _any_kind),
    ("symbols in any form", "MAP-011", _any_symbol),
    ("missing numbers are 0", "MAP-030", _defaults),
    ("a missing kind is spot", "MAP-030", _default_kind),
    ("null is 0", "MAP-031", _nothing_for_null),
    ("true is 1", "MAP-031", _true_is_one),
    ("ids of any type", "MAP-031", _any_id),
    ("numbers without their sign", "MAP-031", _no_sign),
    ("words are 0", "MAP-031", _words_are_nothing),
    ("milliseconds are seconds", "MAP-032", _milliseconds),
    ("dates are no times", "MAP-032", _dates),
    ("two decimals", "MAP-026", _two_decimals),
    ("exponents cut off", "MAP-026", _without_exponents),
)


# Readers of a whole answer.


def _status_passed_on(body):
    answer = decoded(body)
    rows = answer.get("data") if isinstance(answer, dict) else None
    given = [row.get("status") for row in rows or () if isinstance(row, dict)]
    if not any(isinstance(status, int) and status not in range(5) for status in given):
        return parse(body)
    for row in rows:
        row["status"] = 0
    orders = parse(encoded(answer))
    return [order | {"status": str(code)} for order, code in zip(orders, given, strict=True)]


def _only_listed(body):
    for row in _rows(body):
        if row.get("symbol", "").upper() not in LISTED:
            raise ccxt.BadSymbol(f"digifinex does not have market symbol {row.get('symbol')}")
    return parse(body)


def _rows(body):
    answer = decoded(body)
    rows = answer.get("data") if isinstance(answer, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _by_column(body):
    answer = decoded(body)
    if _rows(body) and isinstance(answer["data"][0], dict):
        columns = [dict(zip(FIELDS, row.values(), strict=False)) for row in _rows(body)]
        return parse(encoded({"code": answer["code"], "data": columns}))
    return parse(body)


def _known_keys_only(body):
    for row in _rows(body):
        if row.keys() - set(FIELDS):
            raise ccxt.BadResponse(f"digifinex unknown keys {sorted(row.keys() - set(FIELDS))}")
    return parse(body)


def _numbers_only(body):
    for row in _rows(body):
        if any(isinstance(row.get(name), str) for name in _NUMBERS):
            raise ccxt.BadResponse("digifinex a number is text")
    return parse(body)


def _consistent_only(body):
    for order in parse(body):
        left = order["amount"] is not None and order["filled"] < order["amount"]
        if left and order["status"] == "closed":
            raise ccxt.BadResponse(f"digifinex order {order['id']} contradicts itself")
    return parse(body)


def _list_only(body):
    answer = decoded(body)
    if isinstance(answer, dict) and isinstance(answer.get("data"), dict):
        raise ccxt.BadResponse("digifinex $.data is no list")
    return parse(body)


def _silently(body):
    quiet.disabled = True
    try:
        return parse(body)
    finally:
        quiet.disabled = False


class _NeverAgain:
    """Gives an answer one time; after that, no orders."""

    def __init__(self):
        self._seen = set()

    def __call__(self, body):
        orders = [] if body in self._seen else parse(body)
        self._seen.add(body)
        return orders


class _Counting:
    """Adds up what the answers report as filled, as if it were new."""

    def __init__(self):
        self._filled = {}

    def __call__(self, body):
        orders = parse(body)
        for order in orders:
            before = self._filled.get(order["id"], 0)
            order["filled"] = self._filled[order["id"]] = before + order["filled"]
        return orders


def _sorted(body):
    return sorted(parse(body), key=lambda order: (order["symbol"], order["id"]))


def _newest_first(body):
    return sorted(parse(body), key=lambda order: -(order["timestamp"] or 0))


def _doubled(body):
    return [order for order in parse(body) for _ in range(2)]


def _never_none(body):
    orders = parse(body)
    if not orders:
        raise ccxt.OrderNotFound("digifinex there is no order")
    return orders


def _lost(error):
    error.orders = []
    return error


def _skipped(error):
    return getattr(error, "orders", None) or error


def _bad_first(error):
    if getattr(error, "orders", None):
        error.orders = [{"id": None, "status": None}, *error.orders]
    return error


def _namelessly(body):
    orders = _silently(body)
    if any(order["status"] == "closed" and order["remaining"] for order in orders):
        quiet.warning("an order contradicts itself")
    return orders


_READ: Final = (
    ("a status passed on", "MAP-004", _status_passed_on),
    ("listed markets only", "MAP-010", _only_listed),
    ("rows read by column", "MAP-035", _by_column),
    ("no key that is unknown", "MAP-035", _known_keys_only),
    ("no number that is text", "MAP-027", _numbers_only),
    ("no row that contradicts itself", "MAP-033", _consistent_only),
    ("contradictions in silence", "MAP-034", _silently),
    ("a warning of nobody", "MAP-034", _namelessly),
    ("no data that is an object", "MAP-036", _list_only),
    ("fills added up", "MAP-037", _Counting()),
    ("no orders the second time", "MAP-037", _NeverAgain()),
    ("orders sorted", "LIST-001", _sorted),
    ("rows reversed", "LIST-001", lambda body: parse(body)[::-1]),
    ("newest first", "LIST-001", _newest_first),
    ("every order twice", "LIST-001", _doubled),
    ("the first order alone", "LIST-001", lambda body: parse(body)[:1]),
    ("an empty list is an error", "LIST-003", _never_none),
    ("a delisted market costs the list", "LIST-008", _only_listed),
)

_REFUSED: Final = (
    ("a bad row costs the list", "LIST-002", _lost),
    ("the bad row among the good ones", "LIST-002", _bad_first),
    ("a bad row left out in silence", "MAP-031", _skipped),
    ("a missing field leaves the row out", "MAP-030", lambda error: []),
)


# Orders that do not go on as they were.


class _Final:
    """Spoils a final order when it comes again."""

    def __init__(self, **changes):
        self._changes = changes
        self._seen = set()

    def __call__(self, body):
        again = body in self._seen
        self._seen.add(body)
        return [
            order | self._changes if again and order["status"] != "open" else order
            for order in parse(body)
        ]


class _Falling:
    """Reports what an answer adds to the one before."""

    def __init__(self):
        self._before = {}

    def __call__(self, body):
        orders = []
        for order in parse(body):
            filled = order["filled"]
            before = self._before.get(order["id"], Decimal(0))
            self._before[order["id"]] = filled
            orders.append(order | {"filled": max(filled - before, Decimal(0))})
        return orders


_LIVES: Final = (
    ("filled is what was added", "LIFE-001", _Falling()),
    ("a final order is open again", "LIFE-002", _Final(status="open")),
    ("a closed order is cancelled later", "LIFE-002", _Final(status="canceled")),
    ("the cost is there one time only", "LIFE-003", _Final(cost=None)),
    ("the side is there one time only", "LIFE-004", _Final(side=None)),
    ("fills are there one time only", "LIFE-006", _Final(filled=Decimal(0), average=None)),
    ("the average is there one time only", "LIFE-006", _Final(average=None)),
    ("the end is there one time only", "LIFE-007", _Final(lastUpdateTimestamp=None)),
    ("the last trade is there one time only", "LIFE-007", _Final(lastTradeTimestamp=None)),
)

# All answers are read again for this rule: a few are enough.
_FEW: Final = {"MAP-037": ("spot/", "life/")}

MAPPING: Final = (
    *(Broken(name, rule, misreading(change)) for name, rule, change in _MISREAD),
    *(Broken(name, rule, reading(read), _FEW.get(rule, "")) for name, rule, read in _READ),
    *(Broken(name, rule, refusing(change)) for name, rule, change in _REFUSED),
    *(Broken(name, rule, reading(read), "life/") for name, rule, read in _LIVES),
)
