"""Many orders by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.profiles.wire.driver import as_float, ids_of
from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("batch")
BY_IDS: Final = "fetch_orders_by_ids"
LIMIT: Final = 20  # STATUS "order_id"


def _placed(wire: Wire, count: int, **fields: Any) -> list[str]:
    return [wire.place(f"id{number:02}", 3600 - number, **fields) for number in range(count)]


def _carried(wire: Wire, error: Exception | None, rule: str, expected: list[str]) -> None:
    if error is not None:
        ids = ids_of(getattr(error, "orders", None))
        wire.equal(rule, "ids of the orders that the error carries", ids, expected)


@SCENARIOS.add("batch-45-ids", "LIST-012", "WIRE-002", "WIRE-012")
def batch_45_ids(wire: Wire) -> None:
    """45 ids take 3 requests and come in the sequence asked."""
    wanted = _placed(wire, 45)[::-1]
    wire.equal("LIST-012", "ids", ids_of(wire.many(BY_IDS, wanted)), wanted)
    wire.last()
    sizes = [len(request.query.get("order_id", "").split(",")) for request in wire.sent]
    wire.expect("WIRE-002", max(sizes) <= LIMIT, f"ids a request: {sizes}", sizes)
    wire.equal("WIRE-012", "number of requests", len(sizes), 3)


@SCENARIOS.add("batch-of-none", "WIRE-012")
def batch_of_none(wire: Wire) -> None:
    """No ids are no orders and no request."""
    wire.equal("WIRE-012", "answer", wire.call(BY_IDS, []), [])
    wire.equal("WIRE-012", "number of requests", len(wire.sent), 0)


@SCENARIOS.add("batch-shuffled", "LIST-005", "LIST-012")
def batch_shuffled(wire: Wire) -> None:
    """The rows come in another sequence than asked."""
    wanted = _placed(wire, 3)
    for order_id, amount in zip(wanted, (1, 2, 3), strict=True):
        wire.simulator.set_row(order_id, amount=amount)
    rows = [wire.simulator.row(order_id) for order_id in wanted]
    wire.answer_rows(rows[2], rows[0], rows[1])
    orders = wire.many(BY_IDS, wanted)
    wire.equal("LIST-012", "ids", ids_of(orders), wanted)
    amounts = {str(order.get("id")): as_float(order.get("amount")) for order in orders}
    wire.equal("LIST-005", "amounts", amounts, dict(zip(wanted, (1.0, 2.0, 3.0), strict=True)))


@SCENARIOS.add("batch-id-twice", "LIST-011")
def batch_id_twice(wire: Wire) -> None:
    """An id asked twice is one order."""
    first, second = _placed(wire, 2)
    wire.equal(
        "LIST-011", "ids", ids_of(wire.many(BY_IDS, [first, second, first])), [first, second]
    )


@SCENARIOS.add("batch-row-twice", "LIST-011")
def batch_row_twice(wire: Wire) -> None:
    """The same row twice is one order."""
    first, second = _placed(wire, 2)
    rows = [wire.simulator.row(order_id) for order_id in (first, second)]
    wire.answer_rows(rows[0], rows[1], rows[0])
    wire.equal("LIST-011", "ids", ids_of(wire.many(BY_IDS, [first, second])), [first, second])


@SCENARIOS.add("batch-two-rows-of-one-id", "LIST-011")
def batch_two_rows(wire: Wire) -> None:
    """Two rows of one id that say different things are refused."""
    first, second = _placed(wire, 2)
    rows = [wire.simulator.row(order_id) for order_id in (first, second)]
    wire.answer_rows(rows[0], rows[1], {**rows[0], "amount": 7})
    wire.refusal("BadResponse", BY_IDS, [first, second], but=("OrderNotFound",))


@SCENARIOS.add("batch-foreign-row", "LIST-004", "LIST-002")
def batch_foreign_row(wire: Wire) -> None:
    """A row that nobody asked for is refused, and the good one is not lost."""
    wanted, foreign = _placed(wire, 2)
    wire.answer_rows(wire.simulator.row(wanted), wire.simulator.row(foreign))
    error = wire.refusal("BadResponse", BY_IDS, [wanted], but=("OrderNotFound",))
    _carried(wire, error, "LIST-002", [wanted])


@SCENARIOS.add("batch-missing", "LIST-010")
def batch_missing(wire: Wire) -> None:
    """Two of five ids are not returned: they are named, the others carried."""
    wanted = _placed(wire, 3)
    _missing(wire, wanted, "LIST-010")


@SCENARIOS.add("batch-20013-for-all", "LIST-013", "LIST-010")
def batch_refused_whole(wire: Wire) -> None:
    """One unknown id makes the exchange answer 20013 for all: the others are found all the same."""
    wire.simulator.unknown_id = "reject_all"
    _missing(wire, _placed(wire, 3), "LIST-013")


def _missing(wire: Wire, wanted: list[str], rule: str) -> None:
    error = wire.refusal("OrderNotFound", BY_IDS, ["no-1", *wanted, "no-2"], rule="LIST-010")
    _carried(wire, error, rule, wanted)
    if error is not None:
        named = getattr(error, "ids", None)
        named = [*named] if isinstance(named, list | tuple) else named
        wire.equal("LIST-010", "ids that the error names", named, ["no-1", "no-2"])


@SCENARIOS.add("batch-bad-row", "LIST-002", "ERR-020")
def batch_bad_row(wire: Wire) -> None:
    """A row with a status that nobody knows does not cost the good one."""
    good, bad = _placed(wire, 2)
    wire.simulator.set_row(bad, status=7)
    error = wire.refusal("ExchangeError", BY_IDS, [good, bad], but=("InvalidOrder",))
    wire.names(error, "status")
    _carried(wire, error, "LIST-002", [good])


@SCENARIOS.add("batch-impossible-id", "LIST-009")
def batch_impossible_id(wire: Wire) -> None:
    """An id with a comma is refused, and nothing is sent."""
    wire.refusal("BadRequest", BY_IDS, ["aaa", "b,c"])
    wire.equal("LIST-009", "number of requests", len(wire.sent), 0)


@SCENARIOS.add("batch-margin", "WIRE-006", "WIRE-003")
def batch_margin(wire: Wire) -> None:
    """Margin orders by their ids are asked for at the margin path."""
    wanted = _placed(wire, 2, kind="margin")
    orders = wire.many(BY_IDS, wanted, None, {"marginMode": "cross"})
    wire.equal("WIRE-006", "ids", ids_of(orders), wanted)
    request = wire.last()
    wire.equal("WIRE-006", "path", request.path, "/v3/margin/order")
    undocumented = set(request.query) - {"order_id", "market"}
    wire.expect("WIRE-003", not undocumented, f"the query has {sorted(undocumented)}, too")
