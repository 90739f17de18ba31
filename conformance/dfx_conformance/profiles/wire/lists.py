"""Lists of orders: whole, and not lost to one bad row."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.compare import carried
from dfx_conformance.profiles.wire.answers import HTML
from dfx_conformance.profiles.wire.driver import DIGITS, ROW
from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("lists")

_DAY: Final = 86_400
_HOURS_AGO: Final = 7200  # seconds; before what the scenarios place


def _sorted(key: str, orders: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(str(order.get(key)) for order in orders)


def _placed(wire: Wire) -> None:
    for second, order_id in enumerate(("aaa", "bbb", "ccc")):
        wire.place(order_id, 3600 - second)


@SCENARIOS.add("open-orders", "LIST-001", "MAP-001")
def open_orders(wire: Wire) -> None:
    """Open orders are listed, and only those."""
    _placed(wire)
    wire.simulator.cancel("bbb")
    orders = wire.many("fetch_open_orders", "BTC/USDT")
    wire.equal("LIST-001", "ids", _sorted("id", orders), ["aaa", "ccc"])
    wire.equal("MAP-001", "statuses", _sorted("status", orders), ["open", "open"])
    for order in orders:
        wire.whole(order)


@SCENARIOS.add("no-open-orders", "LIST-003")
def no_open_orders(wire: Wire) -> None:
    """No open order is an empty list."""
    wire.equal("LIST-003", "answer", wire.call("fetch_open_orders"), [])


@SCENARIOS.add("open-orders-html", "ERR-002")
def open_orders_html(wire: Wire) -> None:
    """An HTML page is not "no open orders"."""
    wire.place()
    wire.answer(HTML, endpoint="order/current")
    wire.refusal("BadResponse", "fetch_open_orders", but=("OrderNotFound",))


@SCENARIOS.add("open-orders-delisted", "LIST-008")
def open_orders_delisted(wire: Wire) -> None:
    """One of three open orders is of a delisted market."""
    _one_delisted(wire, "fetch_open_orders")


@SCENARIOS.add("orders-delisted", "LIST-008")
def orders_delisted(wire: Wire) -> None:
    """One of three orders of the history is of a delisted market."""
    _one_delisted(wire, "fetch_orders")


def _one_delisted(wire: Wire, method: str) -> None:
    _placed(wire)
    wire.simulator.set_row("bbb", symbol="FOO_USDT")
    symbols = _sorted("symbol", wire.many(method))
    wire.equal("LIST-008", "symbols", symbols, ["BTC/USDT", "BTC/USDT", "FOO/USDT"])


@SCENARIOS.add("open-orders-of-one-market", "LIST-006")
def open_orders_of_one_market(wire: Wire) -> None:
    """The open orders of a market are not those of another."""
    _of_one_market(wire, "fetch_open_orders")


@SCENARIOS.add("orders-of-one-market", "LIST-006")
def orders_of_one_market(wire: Wire) -> None:
    """Neither are those of its history."""
    _of_one_market(wire, "fetch_orders")


def _of_one_market(wire: Wire, method: str) -> None:
    wire.place("aaa", 3600)
    wire.place("bbb", 3599, symbol="ETH_USDT", price=200)
    orders = wire.many(method, "BTC/USDT")
    listed = [(order.get("id"), order.get("symbol")) for order in orders]
    wire.equal("LIST-006", "ids and symbols", listed, [("aaa", "BTC/USDT")])


@SCENARIOS.add("open-orders-bad-row", "LIST-002", "MAP-004", "ERR-020")
def open_orders_bad_row(wire: Wire) -> None:
    """One of three open orders has a status that nobody knows."""
    _placed(wire)
    wire.simulator.set_row("bbb", status=7)
    error = wire.refusal(
        "ExchangeError", "fetch_open_orders", but=("InvalidOrder",), rule="MAP-004"
    )
    wire.names(error, "status")
    if error is not None:
        ids = _sorted("id", carried(error))
        wire.equal("LIST-002", "ids carried by the error", ids, ["aaa", "ccc"])


@SCENARIOS.add("orders-since", "LIST-015")
def orders_since(wire: Wire) -> None:
    """Since half a second after the first order there are two."""
    _since_the_second(wire, "fetch_orders")


def _since_the_second(wire: Wire, method: str) -> None:
    created = int(time.time()) - 3600
    for second, order_id in enumerate(("aaa", "bbb", "ccc")):
        wire.simulator.place(order_id=order_id, created_date=created + second, price=9, amount=1)
    orders = wire.many(method, "BTC/USDT", created * 1000 + 500)
    wire.equal("LIST-015", "ids", _sorted("id", orders), ["bbb", "ccc"])


@SCENARIOS.add("orders-limit", "LIST-015", "LIST-017")
def orders_limit(wire: Wire) -> None:
    """A limit of two gives two, the newest."""
    _limited(wire, "fetch_orders", None, ["bbb", "ccc"])


@SCENARIOS.add("orders-since-limit", "LIST-017", "LIST-015")
def orders_since_limit(wire: Wire) -> None:
    """A limit of two with since gives the oldest two."""
    _limited(wire, "fetch_orders", _HOURS_AGO, ["aaa", "bbb"])


def _limited(wire: Wire, method: str, seconds_ago: int | None, expected: list[str]) -> None:
    """Ask for two orders of three."""
    _placed(wire)
    since = None if seconds_ago is None else int(time.time() - seconds_ago) * 1000
    ids = _sorted("id", wire.many(method, "BTC/USDT", since, 2))
    wire.equal("LIST-015", "number of orders", len(ids), 2)
    wire.equal("LIST-017", "ids", ids, expected)


@SCENARIOS.add("orders-250-since-limit", "LIST-017")
def orders_250_since_limit(wire: Wire) -> None:
    """Of 250 orders since two hours ago, a limit of two gives the oldest, not those of a page."""
    for number in range(250):
        wire.place(f"{number:03}", 3600 - number)
    since = int(time.time() - _HOURS_AGO) * 1000
    orders = wire.many("fetch_orders", "BTC/USDT", since, 2)
    wire.equal("LIST-017", "ids", _sorted("id", orders), ["000", "001"])


@SCENARIOS.add("open-orders-since", "LIST-015")
def open_orders_since(wire: Wire) -> None:
    """Of three open orders two are not older than since."""
    _since_the_second(wire, "fetch_open_orders")


@SCENARIOS.add("open-orders-limit", "LIST-015", "LIST-017")
def open_orders_limit(wire: Wire) -> None:
    """A limit of two gives two open orders, the newest."""
    _limited(wire, "fetch_open_orders", None, ["bbb", "ccc"])


@SCENARIOS.add("open-orders-since-limit", "LIST-017", "LIST-015")
def open_orders_since_limit(wire: Wire) -> None:
    """A limit of two with since gives the oldest two open orders."""
    _limited(wire, "fetch_open_orders", _HOURS_AGO, ["aaa", "bbb"])


@SCENARIOS.add("open-orders-digits", "WIRE-020")
def open_orders_digits(wire: Wire) -> None:
    """The info of open orders has every digit."""
    wire.answer_rows({**ROW, **DIGITS}, endpoint="order/current")
    orders = wire.many("fetch_open_orders")
    wire.equal("WIRE-020", "number of orders", len(orders), 1)
    for order in orders:
        wire.digits(order)


@SCENARIOS.add("orders-250", "LIST-016", "LIST-011", "WIRE-018")
def orders_250(wire: Wire) -> None:
    """250 orders of the last hour are listed, 100 a request."""
    placed = [wire.place(f"{number:03}", 3600 - number) for number in range(250)]
    since = int(time.time() - 4000) * 1000
    orders = wire.many("fetch_orders", "BTC/USDT", since)
    different = len({*_sorted("id", orders)})
    wire.equal("LIST-016", "number of orders", different, len(placed))
    twice = len(orders) - different
    wire.equal("LIST-011", "number of orders that are listed again", twice, 0)
    _within_limits(wire)


@SCENARIOS.add("orders-45-days", "LIST-016", "WIRE-018")
def orders_45_days(wire: Wire) -> None:
    """Orders since 45 days ago are listed, 30 days a request."""
    for days in (1, 20, 44):
        wire.place(f"{days}", days * _DAY)
    since = int(time.time() - 45 * _DAY) * 1000
    orders = wire.many("fetch_orders", "BTC/USDT", since)
    wire.equal("LIST-016", "ids", _sorted("id", orders), ["1", "20", "44"])
    _within_limits(wire)


def _within_limits(wire: Wire) -> None:
    wire.last()
    for request in wire.sent:
        most = request.query.get("limit", "10")
        fits = most.isdecimal() and int(most) <= 100  # noqa: PLR2004  # V3
        wire.expect("WIRE-018", fits, f"limit is {most}", most)
        refused = b"20015" in request.answer or b"10004" in request.answer
        wire.expect("WIRE-018", not refused, f"the exchange refused {request.query}", request.query)


@SCENARIOS.add("has", "LIST-014")
def has(wire: Wire) -> None:
    """What the exchange offers beyond one order is offered, and `has` is True for it."""
    exchange = wire.exchange
    found = getattr(exchange, "has", None)
    known = found if isinstance(found, Mapping) else {}
    for name, method in (
        ("fetchOrdersByIds", "fetch_orders_by_ids"),
        ("fetchOrderTrades", "fetch_order_trades"),
        ("fetchCanceledOrders", "fetch_canceled_orders"),
    ):
        offered = known.get(name)
        there = callable(getattr(exchange, method, None))
        wire.expect(
            "LIST-014", offered and there, f"has[{name!r}] is {offered!r}", offered, expected=True
        )
