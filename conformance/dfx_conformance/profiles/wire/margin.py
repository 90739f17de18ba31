"""Margin orders: every way to ask for them ends at the same path."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.profiles.wire.driver import ids_of
from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("margin")

WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "margin-mode": {"marginMode": "cross"},
    "margin-true": {"margin": True},
    "margin-type": {"type": "margin"},
}


def _asked(params: Mapping[str, Any], wire: Wire) -> None:
    wire.place(kind="margin")
    _same_as_any(wire, wire.order("aaa", None, dict(params)))


def _same_as_any(wire: Wire, order: Any) -> None:
    wire.equal("WIRE-006", "id", order.get("id"), "aaa")
    request = wire.last()
    wire.equal("WIRE-006", "path", request.path, "/v3/margin/order")
    _nothing_left_over(wire, {"order_id", "market"})


def _nothing_left_over(wire: Wire, documented: set[str]) -> None:
    query = wire.last().query
    undocumented = set(query) - documented
    wire.expect("WIRE-003", not undocumented, f"the query has {sorted(undocumented)}, too", query)
    wire.equal("WIRE-003", "market in the query", query.get("market", "margin"), "margin")


for _name, _params in WAYS.items():
    SCENARIOS.put(
        _name,
        f"A margin order is asked for with {dict(_params)}",
        ("WIRE-006", "WIRE-003"),
        partial(_asked, _params),
    )


@SCENARIOS.add("margin-default-type", "WIRE-006", "WIRE-003")
def default_type(wire: Wire) -> None:
    """A margin order is asked for by options defaultType."""
    wire.place(kind="margin")
    wire.connect(options={"defaultType": "margin"})
    _same_as_any(wire, wire.order())


@SCENARIOS.add("margin-isolated", "WIRE-007")
def isolated(wire: Wire) -> None:
    """There is no isolated margin."""
    wire.place(kind="margin")
    wire.refusal("NotSupported", "fetch_order", "aaa", None, {"marginMode": "isolated"})
    wire.equal("WIRE-007", "number of requests", len(wire.sent), 0)


@SCENARIOS.add("margin-is-told", "MAP-008")
def margin_mode(wire: Wire) -> None:
    """A margin order says that it is one."""
    wire.place(kind="margin")
    order = wire.order("aaa", None, {"type": "margin"})
    wire.equal("MAP-008", "marginMode", order.get("marginMode"), "cross")


@SCENARIOS.add("margin-history", "WIRE-006", "WIRE-003", capability="lists")
def history(wire: Wire) -> None:
    """Margin orders are listed with marginMode cross."""
    _listed(wire, "fetch_orders", "/v3/margin/order/history")
    _nothing_left_over(wire, {"market", "symbol", "limit", "start_time", "end_time"})


def _listed(wire: Wire, method: str, path: str) -> None:
    wire.place(kind="margin")
    orders = wire.many(method, "BTC/USDT", None, None, {"marginMode": "cross"})
    wire.equal("WIRE-006", "ids", ids_of(orders), ["aaa"])
    wire.equal("WIRE-006", "path", wire.last().path, path)


@SCENARIOS.add("margin-open-orders", "WIRE-006", "WIRE-003", capability="lists")
def open_orders(wire: Wire) -> None:
    """Open margin orders are listed with marginMode cross."""
    _listed(wire, "fetch_open_orders", "/v3/margin/order/current")
    _nothing_left_over(wire, {"market", "symbol"})


@SCENARIOS.add("margin-cancel", "WIRE-006", capability="trading")
def cancel(wire: Wire) -> None:
    """A margin order is canceled at the margin path."""
    wire.place(kind="margin")
    wire.call("cancel_order", "aaa", "BTC/USDT", {"marginMode": "cross"})
    paths = [request.path for request in wire.posts("order/cancel")]
    wire.equal("WIRE-006", "paths", paths, ["/v3/margin/order/cancel"])
