"""One order is asked for: what goes over the wire."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING, Final

from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("spot")

_SECONDS: Final = 10  # digits of a time in seconds, from 2001 to 2286


@SCENARIOS.add("one-order", "WIRE-001", "WIRE-002", "WIRE-003", "LIST-004")
def one_order(wire: Wire) -> None:
    """A spot order is asked for by its id."""
    wire.place()
    order = wire.order()
    wire.equal("LIST-004", "id", order.get("id"), "aaa")
    request = wire.last()
    wire.equal("WIRE-001", "request", (request.method, request.path), ("GET", "/v3/spot/order"))
    wire.equal("WIRE-002", "order_id in the query", request.query.get("order_id"), "aaa")
    undocumented = set(request.query) - {"order_id", "market"}
    wire.expect("WIRE-003", not undocumented, f"the query has {sorted(undocumented)}, too")
    wire.equal("WIRE-003", "market", request.query.get("market", "spot"), "spot")


@SCENARIOS.add("headers", "WIRE-005")
def headers(wire: Wire) -> None:
    """Key, signature and a timestamp in whole seconds are in the headers."""
    wire.place()
    wire.order()
    request = wire.last(raw=True)
    wire.equal("WIRE-005", "ACCESS-KEY", request.header("ACCESS-KEY"), wire.simulator.api_key)
    wire.expect("WIRE-005", request.header("ACCESS-SIGN"), "there is no ACCESS-SIGN")
    stamp = request.header("ACCESS-TIMESTAMP") or ""
    whole = stamp.isdigit() and len(stamp) == _SECONDS
    wire.expect("WIRE-005", whole, f"ACCESS-TIMESTAMP is {stamp!r}, expected whole seconds", stamp)


@SCENARIOS.add("signature", "WIRE-004")
def signature(wire: Wire) -> None:
    """The signature is that of the query exactly as it was sent."""
    wire.place()
    wire.order()
    _signed_as_sent(wire)


@SCENARIOS.add("signature-of-a-list", "WIRE-004", capability="lists")
def signature_of_a_list(wire: Wire) -> None:
    """So is that of a request with several parameters, in the sequence in which they were sent."""
    wire.place()
    wire.many("fetch_orders", "BTC/USDT", int(time.time() - 7200) * 1000)
    _signed_as_sent(wire)


@SCENARIOS.add("signature-of-a-batch", "WIRE-004", capability="batch")
def signature_of_a_batch(wire: Wire) -> None:
    """So is that of ids with a comma between them, encoded or not as it was sent."""
    wire.place()
    wire.place("bbb")
    wire.many("fetch_orders_by_ids", ["aaa", "bbb"])
    _signed_as_sent(wire)


@SCENARIOS.add("signature-of-a-post", "WIRE-004", capability="trading")
def signature_of_a_post(wire: Wire) -> None:
    """So is that of an order that is placed, whose parameters are in the body."""
    wire.one("create_order", "BTC/USDT", "limit", "buy", 0.5, 9000)
    _signed_as_sent(wire)


def _signed_as_sent(wire: Wire) -> None:
    wire.last()
    for request in wire.raw:
        text = "&".join(filter(None, (request.query, request.body.decode(errors="replace"))))
        signed = hmac.new(wire.simulator.secret.encode(), text.encode(), hashlib.sha256)
        same = (request.header("ACCESS-SIGN") or "").lower() == signed.hexdigest()
        wire.expect("WIRE-004", same, f"the signature is not the HMAC-SHA256 of {text!r}")


@SCENARIOS.add("one-request", "WIRE-011")
def one_request(wire: Wire) -> None:
    """One order is one request."""
    wire.place()
    wire.order()
    paths = [request.path for request in wire.simulator.requests]
    wire.equal("WIRE-011", "what was asked for", paths, ["/v3/spot/order"])


@SCENARIOS.add("no-cache", "WIRE-010")
def no_cache(wire: Wire) -> None:
    """A private request asks caches to stay out of it."""
    wire.place()
    wire.order()
    header = wire.last(raw=True).header("Cache-Control") or ""
    wire.expect(
        "WIRE-010", "no-cache" in header or "no-store" in header, "no Cache-Control is sent"
    )


@SCENARIOS.add("recv-window", "WIRE-017")
def recv_window(wire: Wire) -> None:
    """The window of the timestamp is sent where it is set."""
    wire.place()
    wire.connect(options={"recvWindow": 60})
    wire.order()
    sent = wire.last(raw=True).header("ACCESS-RECV-WINDOW")
    wire.equal("WIRE-017", "ACCESS-RECV-WINDOW", sent, "60")


@SCENARIOS.add("impossible-id-comma", "LIST-009")
def two_ids_in_one(wire: Wire) -> None:
    """An id with a comma, which is two, is refused unsent."""
    wire.serve()
    wire.serve(order_id="bbb")
    wire.refusal("BadRequest", "fetch_order", "aaa,bbb")
    wire.equal("LIST-009", "number of requests", len(wire.sent), 0)


@SCENARIOS.add("impossible-id-empty", "LIST-009")
def empty_id(wire: Wire) -> None:
    """An empty id is refused unsent."""
    wire.refusal("BadRequest", "fetch_order", "")
    wire.equal("LIST-009", "number of requests", len(wire.sent), 0)


@SCENARIOS.add("impossible-id-space", "LIST-009")
def spaced_id(wire: Wire) -> None:
    """An id with white space is refused unsent."""
    wire.refusal("BadRequest", "fetch_order", "a b")
    wire.equal("LIST-009", "number of requests", len(wire.sent), 0)


@SCENARIOS.add("ban", "WIRE-013", "ERR-003")
def ban(wire: Wire) -> None:
    """After 10005 the next call is refused without a request."""
    wire.place()
    wire.answer_code(10005)
    wire.refusal("RateLimitExceeded", "fetch_order", "aaa", rule="ERR-003")
    before = len(wire.sent)
    error = wire.refusal("RateLimitExceeded", "fetch_order", "aaa", rule="WIRE-013")
    wire.equal("WIRE-013", "number of further requests", len(wire.sent) - before, 0)
    if error is not None:
        until = re.search(r"[0-9]+ ?(s|m)|[0-9:]{5}|retry|until|ban", str(error), re.IGNORECASE)
        wire.expect("WIRE-013", until, "the error does not say until when", str(error))
