"""Placing and cancelling: what is sent, how often, and what comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance.profiles.wire.answers import HTML
from dfx_conformance.profiles.wire.driver import as_float
from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("trading")
NEW: Final = "order/new"
_OF_AN_ANSWER: Final = ("BadResponse", "AuthenticationError", "OrderNotFound")
LIMIT_BUY: Final = ("BTC/USDT", "limit", "buy", 0.5, 9000)


def _posted(wire: Wire, path: str, fields: Mapping[str, str]) -> None:
    request = wire.post(NEW)
    wire.equal("WIRE-014", "path", request.path, path)
    sent = {**request.query, **request.body}
    for name, value in fields.items():
        found = sent.get(name, "")
        message = f"{name} is {found!r}, expected {value!r}"
        wire.expect("WIRE-014", _is_same(found, value), message, found, value)


def _is_same(one: str, other: str) -> bool:
    numbers = _is_number(one) and _is_number(other)
    return one == other or (numbers and Decimal(one) == Decimal(other))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _whole(wire: Wire, order: Any, **facts: Any) -> None:
    wire.whole(order, "WIRE-019")
    for name, value in facts.items():
        wire.equal("WIRE-019", name, order.get(name), value)


@SCENARIOS.add("place-limit-buy", "WIRE-014", "WIRE-019")
def place_limit_buy(wire: Wire) -> None:
    """A limit buy is placed."""
    order = wire.one("create_order", *LIMIT_BUY)
    fields = {"symbol": "btc_usdt", "type": "buy", "amount": "0.5", "price": "9000"}
    symbol = {**wire.post(NEW).query, **wire.post(NEW).body}.get("symbol", "")
    _posted(wire, "/v3/spot/order/new", {**fields, "symbol": _in_case_of(symbol, "btc_usdt")})
    _whole(wire, order, status="open", side="buy", type="limit", symbol="BTC/USDT")


def _in_case_of(symbol: str, wanted: str) -> str:
    """Take upper or lower case: the documents show requests in lower case, answers in upper."""
    return symbol if symbol.lower() == wanted else wanted


@SCENARIOS.add("place-market-sell", "WIRE-014", "WIRE-019")
def place_market_sell(wire: Wire) -> None:
    """A market sell is placed by its base quantity."""
    order = wire.one("create_order", "BTC/USDT", "market", "sell", 0.5)
    _posted(wire, "/v3/spot/order/new", {"type": "sell_market", "amount": "0.5"})
    _whole(wire, order, side="sell", type="market")


@SCENARIOS.add("place-market-buy", "WIRE-014", "WIRE-019")
def place_market_buy(wire: Wire) -> None:
    """A market buy of 0.01 at about 9000 is placed with 90 of quote money."""
    order = wire.one("create_order", "BTC/USDT", "market", "buy", 0.01, 9000)
    _posted(wire, "/v3/spot/order/new", {"type": "buy_market", "amount": "90"})
    _whole(wire, order, side="buy", type="market")


@SCENARIOS.add("place-market-buy-by-cost", "WIRE-014", "WIRE-019")
def place_market_buy_by_cost(wire: Wire) -> None:
    """A market buy is placed with the quote money that params name."""
    order = wire.one("create_order", "BTC/USDT", "market", "buy", 0.01, None, {"cost": 75})
    _posted(wire, "/v3/spot/order/new", {"type": "buy_market", "amount": "75"})
    _whole(wire, order, side="buy", type="market")


@SCENARIOS.add("market-buy-of-what", "WIRE-016")
def market_buy_of_what(wire: Wire) -> None:
    """A market buy without price or cost is refused."""
    asked = ("BTC/USDT", "market", "buy", 0.01)
    error = wire.refusal("ExchangeError", "create_order", *asked, but=_OF_AN_ANSWER)
    if error is not None:
        named = "price" in str(error) or "cost" in str(error)
        wire.expect("WIRE-016", named, "the error names neither price nor cost", str(error))
    wire.equal("WIRE-016", "number of orders placed", len(wire.posts(NEW)), 0)


@SCENARIOS.add("place-margin", "WIRE-006", "WIRE-014", capability="trading")
def place_margin(wire: Wire) -> None:
    """A margin order is placed at the margin path."""
    wire.one("create_order", *LIMIT_BUY, {"marginMode": "cross"})
    request = wire.post(NEW)
    wire.equal("WIRE-006", "path", request.path, "/v3/margin/order/new")


@SCENARIOS.add("answer-lost", "WIRE-009", "ERR-018")
def answer_lost(wire: Wire) -> None:
    """The order is placed, and the connection breaks before the answer."""
    wire.call("load_markets")
    wire.drop(handled=True, times=3, endpoint=NEW)
    _fails_after_one_post(wire, "NetworkError", "ERR-018")


@SCENARIOS.add("answer-lost-and-retries", "WIRE-009", "ERR-018")
def answer_lost_and_retries(wire: Wire) -> None:
    """The same where the bot asks for three retries."""
    wire.connect(options={"maxRetriesOnFailure": 3})
    wire.call("load_markets")
    wire.drop(handled=True, times=5, endpoint=NEW)
    _fails_after_one_post(wire, "NetworkError", "ERR-018")


@SCENARIOS.add("answer-html", "WIRE-009", "ERR-002")
def answer_html(wire: Wire) -> None:
    """The answer to a placed order is an HTML page."""
    wire.call("load_markets")
    wire.answer(HTML, endpoint=NEW)
    _fails_after_one_post(wire, "BadResponse", "ERR-002")


def _fails_after_one_post(wire: Wire, error_class: str, rule: str) -> None:
    wire.refusal(error_class, "create_order", *LIMIT_BUY, rule=rule)
    wire.equal("WIRE-009", "number of POSTs", len(wire.posts(NEW)), 1)


@SCENARIOS.add("place-without-money", "ERR-011")
def place_without_money(wire: Wire) -> None:
    """An order that costs more than there is is InsufficientFunds."""
    wire.simulator.set_balance("USDT", 1)
    wire.refusal("InsufficientFunds", "create_order", *LIMIT_BUY)


@SCENARIOS.add("cancel", "WIRE-019")
def cancel(wire: Wire) -> None:
    """An order of which a part is filled is canceled, and the answer says how much."""
    wire.place(amount=2)
    wire.simulator.fill("aaa", "0.5")
    order = wire.one("cancel_order", "aaa", "BTC/USDT")
    _whole(wire, order, id="aaa", status="canceled")
    wire.equal("WIRE-019", "filled", as_float(order.get("filled")), 0.5)


@SCENARIOS.add("cancel-refused", "WIRE-015")
def cancel_refused(wire: Wire) -> None:
    """The exchange lists the id of a filled order under error, with code 0."""
    wire.place()
    wire.simulator.fill("aaa")
    _not_canceled(wire, "OrderNotFound")


@SCENARIOS.add("cancel-not-mentioned", "WIRE-015")
def cancel_not_mentioned(wire: Wire) -> None:
    """The exchange answers code 0 and lists the id of an open order nowhere."""
    wire.place()
    body = '{"code":0,"date":1562303600,"success":[],"error":[]}'
    wire.answer(body, endpoint="order/cancel")
    _not_canceled(wire, "InvalidOrder", but=("OrderNotFound",))


def _not_canceled(wire: Wire, class_name: str, *, but: tuple[str, ...] = ()) -> None:
    error = wire.refusal(class_name, "cancel_order", "aaa", "BTC/USDT", but=but)
    if error is not None:
        wire.expect("WIRE-015", "aaa" in str(error), "the error does not name aaa", str(error))
