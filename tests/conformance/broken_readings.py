"""Readers of answers broken on purpose: info, lists, what orders share, what runs in parallel."""

import asyncio
import struct
import time
import warnings
from decimal import Decimal
from typing import Any, Final

from tests.conformance.right import Broken, decoded, parse, quiet, reading


def _with_first(change):
    """Change every order by the first one of its answer."""

    def read(body):
        orders = parse(body)
        return [order | change(orders[0], order) for order in orders]

    return read


def _one_info(body):
    orders = parse(body)
    return [order | {"info": orders[-1]["info"]} for order in orders]


def _page_of(length):
    """Read so many rows rightly, and the rest as if they were those again."""

    def read(body):
        orders = parse(body)
        again = [
            order | {"price": first["price"], "amount": first["amount"]}
            for first, order in zip(orders, orders[length:], strict=False)
        ]
        return orders[:length] + again

    return read


def _warned_of_all(body):
    orders = parse(body)
    for order in orders:
        quiet.warning("order %s is %s", order["id"], order["status"])
    return orders


def _warned_of_unfilled(body):
    orders = parse(body)
    if any(not order["filled"] for order in orders):
        warnings.warn("no average price", stacklevel=2)
    return orders


class _Kept:
    """Reads an answer one time, and gives the same objects ever after."""

    def __init__(self, keep):
        self._read = {}
        self._keep = keep

    def __call__(self, body):
        orders = parse(body)
        if body in self._read:
            return self._keep(self._read[body], orders)
        self._read[body] = orders
        return orders


_NO_FEES: Final[list[object]] = []
_BLANK: Final[dict[str, Any]] = {"trades": []}


class _Buffer:
    """Collects the orders of an answer in a list that all answers share."""

    def __init__(self):
        self._orders = []

    def __call__(self, body):
        orders = parse(body)
        self._orders.clear()
        for order in orders:
            self._orders.append(dict(order))
        time.sleep(0.0005)
        return list(self._orders)


class _Current:
    """Keeps the row that is read where all threads write it."""

    def __init__(self):
        self._order = None

    def __call__(self, body):
        return [self._copied(order) for order in parse(body)]

    def _copied(self, order):
        self._order = order
        time.sleep(0)
        return {key: self._order[key] for key in order}


class _Waiting:
    """Reads in a coroutine, and forgets that others run while it waits."""

    def __init__(self):
        self._body = b""

    async def __call__(self, body):
        self._body = body
        await asyncio.sleep(0)
        return parse(self._body)


def _floats(change):
    def read(body):
        return [
            {
                key: change(value) if isinstance(value, float) else value
                for key, value in one.items()
            }
            for one in parse(body, float)
        ]

    return read


def _of_32_bits(value):
    return struct.unpack("f", struct.pack("f", value))[0] if 1e-30 < value < 1e30 else value


def _second_as_float(body):
    orders = parse(body)
    return [_as_float(order) if number % 2 else order for number, order in enumerate(orders)]


def _as_float(order):
    return {
        key: float(value) if isinstance(value, Decimal) else value for key, value in order.items()
    }


def _last_as_text(body):
    *others, last = parse(body) or [{}]
    text = {key: str(value) if isinstance(value, Decimal) else value for key, value in last.items()}
    return [*others, text] if last else []


_READ: Final = (
    ("the info of the first row", "MAP-029", _with_first(lambda a, b: {"info": a["info"]})),
    ("the info of the last row", "MAP-029", _one_info),
    (
        "the info of the whole answer",
        "MAP-029",
        lambda body: [order | {"info": decoded(body)} for order in parse(body)],
    ),
    ("the market of the first row", "LIST-020", _with_first(lambda a, b: {"symbol": a["symbol"]})),
    (
        "info with a key of its own",
        "MAP-029",
        lambda body: [order | {"info": order["info"] | {"read": 1}} for order in parse(body)],
    ),
    (
        "info with another symbol",
        "MAP-029",
        lambda body: [
            order | {"info": order["info"] | {"symbol": order["symbol"]}} for order in parse(body)
        ],
    ),
    ("twenty rows at most", "LIST-020", lambda body: parse(body)[:20]),
    ("a hundred rows at most", "LIST-020", lambda body: parse(body)[:100]),
    ("the second page is the first", "LIST-020", _page_of(100)),
    ("the last row left out", "LIST-020", lambda body: parse(body)[:-1] or parse(body)),
    ("a warning of every order", "MAP-039", _warned_of_all),
    ("a warning of Python where nothing is filled", "MAP-039", _warned_of_unfilled),
    ("orders kept", "LIST-019", _Kept(lambda kept, orders: kept)),
    ("copies of orders kept", "LIST-019", _Kept(lambda kept, orders: [dict(one) for one in kept])),
    (
        "one list of fees",
        "LIST-019",
        lambda body: [order | {"fees": _NO_FEES} for order in parse(body)],
    ),
    ("blank parts", "LIST-019", lambda body: [order | _BLANK for order in parse(body)]),
    ("info in a list of the answer", "LIST-019", _with_first(lambda a, b: {"trades": a["trades"]})),
    ("a list for all answers", "MAP-040", _Buffer()),
    ("the row at hand", "MAP-040", _Current()),
    ("the answer at hand", "MAP-040", _Waiting()),
    ("floats of 32 bits", "MAP-026", _floats(_of_32_bits)),
    ("floats of 12 digits", "MAP-026", _floats(lambda value: float(f"{value:.12g}") + 1e-12)),
    ("floats a little off", "MAP-026", _floats(lambda value: value * (1 + 1e-14))),
    ("every second order of floats", "LIST-018", _second_as_float),
    ("the last order of text", "LIST-018", _last_as_text),
)

_FEW: Final = {
    "MAP-029": "lists/",
    "MAP-039": ("spot/", "life/"),
    "MAP-040": "lists/",
    "LIST-018": "lists/",
    "LIST-019": "lists/",
    "LIST-020": "lists/",
}

READINGS: Final = tuple(
    Broken(name, rule, reading(read), _FEW.get(rule, "")) for name, rule, read in _READ
)
