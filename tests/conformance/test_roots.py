"""One fault is one finding, the rest names it as the reason; what a subject lacks is not run."""

from collections import Counter

import ccxt
import pytest

from dfx_conformance import Subject, load, run
from tests.conformance.right import ALL, parse

VECTORS = [one for one in load() if one.id.startswith(("spot/", "market-buys/", "codes/", "life/"))]
MARKET = [one for one in VECTORS if any(b'_market"' in body for body in one.bodies)]


def mapped(read, vectors=VECTORS, **more):
    return run(
        Subject("mine", read, capabilities=ALL - {"exact-numbers"}, **more),
        ["order", "digifinex-mapping"],
        vectors,
    )


def findings(report):
    return [one for one in report["results"] if one["problems"]]


def unjudged(report):
    return {
        one["id"]: one["reason"] for one in report["results"] if one["verdict"] == "unsupported"
    }


def refusing_market_orders(body):
    if b'_market"' in body:
        raise ccxt.NotSupported("mine market orders are not supported")
    return parse(body)


def falling_over_market_orders(body):
    for name in ("buy", "sell"):
        if f'"{name}_market"'.encode() in body:
            return {}[name]
    return parse(body)


@pytest.mark.parametrize("read", [refusing_market_orders, falling_over_market_orders])
def test_refusing_market_orders_is_one_finding(read):
    report = mapped(read)
    assert len(findings(report)) == 1
    assert len(unjudged(report)) >= len(MARKET) - 1
    assert all(MARKET[0].id in reason for reason in unjudged(report).values())
    assert report["ok"] is False


def test_who_lacks_market_orders_says_so_and_conforms():
    report = mapped(refusing_market_orders, lacks={"market-orders"})
    assert findings(report) == []
    assert {one.id for one in MARKET} <= unjudged(report).keys()
    assert report["ok"] is True


@pytest.mark.parametrize("key", ["status", "lastTradeTimestamp", "filled", "fees", "info"])
def test_a_key_that_is_always_missing_is_one_finding(key):
    report = mapped(
        lambda body: [
            {name: value for name, value in order.items() if name != key} for order in parse(body)
        ]
    )
    assert [one["id"] for one in findings(report)] == ["order/ORD-001"]
    reasons = unjudged(report)
    assert all("is missing, as in order/ORD-001" in reasons[one] for one in reasons)
    assert report["ok"] is False


def test_a_key_that_is_missing_is_reported_without_the_profile_of_orders_too():
    def read(body):
        orders = parse(body)
        for order in orders:
            del order["status"]
        return orders

    report = run(Subject("mine", read, capabilities=ALL), ["digifinex-mapping"], VECTORS)
    assert len(findings(report)) == 1
    assert report["ok"] is False


def test_a_crash_at_every_answer_is_one_finding():
    report = mapped(lambda body: 1 / 0)
    (finding,) = findings(report)
    counts = Counter(one["verdict"] for one in report["results"])
    assert counts.keys() == {"failed", "unsupported"}
    assert any("ZeroDivisionError" in one["said"] for one in finding["problems"])


def test_errors_of_python_at_one_place_are_one_finding():
    def read(body):
        try:
            return parse(body)
        except ccxt.BaseError:
            raise KeyError("data") from None

    report = mapped(read)
    (finding,) = findings(report)
    assert "ERR-016" in {one["rule"] for one in finding["problems"]}


def test_who_lacks_errors_says_so():
    report = mapped(lambda body: parse(body) if b'"code":0' in body else [], lacks={"errors"})
    assert findings(report) == []
    assert report["ok"] is True


def test_orders_that_cannot_be_had_are_one_finding():
    report = run(Subject("mine", orders=lambda: 1 / 0))
    assert len(findings(report)) == 1
    assert report["ok"] is False


def test_what_is_lacked_is_a_capability():
    with pytest.raises(ValueError, match="unknown capability swaps"):
        Subject("mine", parse, lacks={"swaps"})
    assert "errors" not in Subject("mine", parse, lacks={"errors"}).capabilities
    assert "errors" in Subject("mine", parse, capabilities={"spot"}).capabilities
