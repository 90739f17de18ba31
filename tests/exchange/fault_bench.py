"""One method of one exchange object, on a DigiFinex of its own, through one fault after the other.

What is watched beside the outcome, whatever the fault: a POST goes out once (twice only after code
10008), an order that exists is never denied, an error carries no other order, no secret and no
endless text, and the next call of the same object works.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import AdapterHost, errors
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable

RIGHT: Final = "right answer"
KNOWN: Final = "what is known"
REST: Final = "the rest"
KINDS: Final = ("sync", "async")
HOUR: Final = 3600
PATIENT, IMPATIENT = 60_000, 500  # milliseconds, ccxt's `timeout`
_SSL: Final = ssl.create_default_context()
_LONGEST_TEXT: Final = 1500
_DOUBT: Final = "may have been placed all the same"
_PLACED: Final = {
    "symbol": "BTC/USDT",
    "type": "limit",
    "side": "buy",
    "amount": 0.001,
    "price": 9000,
}


class Method(NamedTuple):
    """A method: the column it stands in, the endpoint that fails, and how it is called."""

    name: str
    column: str
    endpoint: str
    call: Callable[[Any, Bench], Any]

    @property
    def places(self) -> bool:
        """Tell whether it places orders."""
        return self.name.startswith("create")

    @property
    def cancels(self) -> bool:
        """Tell whether it cancels orders."""
        return self.name.startswith("cancel")


class Bench:
    """A method, sync or async, its exchange object, and the simulator that answers it."""

    def __init__(self, method: Method, kind: str) -> None:
        self.method, self.kind = method, kind
        key = f"key-of-{method.name}-{method.column}-{kind}"
        self.simulator = Simulator(api_key=key, secret=f"secret-{key}").start()
        self.loop = asyncio.Runner()
        self.exchange = self._connect()
        self.wait_seconds: float = PATIENT / 1000
        self.a, self.b, self.c, self.foreign = _orders(self.simulator)
        self.own: list[str] = []
        self.run(lambda exchange, _: exchange.load_markets())
        orders = self.run(
            lambda exchange, _: exchange.fetch_orders_by_ids([self.a, self.b, self.c])
        )
        self.truth = {order["id"]: order for order in orders}
        self.reference = self.run(method.call)

    def _connect(self) -> Any:
        config = {**self.simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
        config["ssl_context"] = _SSL  # one for all: each takes a while to make
        host = AdapterHost(entry_points=False)
        return host.connect("digifinex", config, asynchronous=self.kind == "async")

    def run(self, call: Callable[[Any, Bench], Any]) -> Any:
        """Call a method of the exchange object to the end."""
        if self.method.cancels:
            self.own = [self.simulator.place(price=9000, amount=1) for _ in range(2)]
        if self.kind == "sync":
            return call(self.exchange, self)
        return self.loop.run(_awaited(call, self))

    def observe(self, provoke: Callable[[Bench], Callable[[], None] | None]) -> str:
        """Bring a fault about, call the method, and return what came and all that is wrong."""
        simulator = self.simulator
        simulator.clear_log()
        before = _ids(simulator)
        mend = provoke(self)
        try:
            result, error = self.run(self.method.call), None
        except Exception as caught:  # noqa: BLE001  # it is what is looked at
            result, error = None, caught
        finally:
            if mend is not None:
                mend()
            simulator.clear_script()
            bans.forgive(bans.account("digifinex", simulator.api_key))
            self.exchange.timeout = PATIENT
            self.wait_seconds = PATIENT / 1000
        placed = _ids(simulator) - before - set(self.own)
        outcome = type(error).__name__ if error else self._judged(result)
        wrong = [*self._wrongs(error, placed), *self._next_call()]
        return "; ".join([outcome, *wrong])

    def _judged(self, result: Any) -> str:
        """Compare an answer with that of the same call without a fault."""
        if self.method.places or self.method.cancels:
            return self._judged_change(result if isinstance(result, list) else [result])
        if result == self.reference:
            return RIGHT
        missing = isinstance(result, list) and all(one in self.reference for one in result)
        return REST if missing and len(result) < len(self.reference) else "WRONG ANSWER"

    def _judged_change(self, orders: list[Any]) -> str:
        rows = [self.simulator.row(order["id"]) for order in orders]
        if self.method.places:
            facts = [(order["status"], order["price"], order["amount"]) for order in orders]
            is_right = set(facts) == {("open", 9000.0, 0.001)} and len(set(_keys(orders))) == len(
                rows
            )
            return RIGHT if is_right else "WRONG ANSWER"
        facts = [(order["id"], order["status"], order["filled"]) for order in orders]
        asked = self.own[: len(orders)]
        if [row["status"] for row in rows] != [3] * len(asked) or not orders:
            return "WRONG ANSWER"
        for filled, word in ((0.0, RIGHT), (None, KNOWN)):
            if facts == [(order_id, "canceled", filled) for order_id in asked]:
                return word
        return "WRONG ANSWER"

    def _wrongs(self, error: Exception | None, placed: set[str]) -> list[str]:
        """Tell what must never be, whatever the outcome."""
        posts = [request for request in self.simulator.requests if request.method == "POST"]
        clock = bool(posts) and posts[0].answer == b'{"code":10008}'
        wrongs = ["SENT TWICE"] * (len(posts) > 1 + clock)
        wrongs += ["PLACED TWICE"] * (len(placed) > len(_listed(self.reference)))
        if error is None:
            return wrongs
        text = _text(error)
        secrets = (self.simulator.api_key, self.simulator.secret, *_signature(self.exchange))
        wrongs += ["SECRET SHOWN"] * any(secret in text for secret in secrets)
        wrongs += ["ENDLESS TEXT"] * (len(text) > _LONGEST_TEXT * _chain_length(error))
        wrongs += ["ORDER DENIED"] * (bool(placed) and _DOUBT not in str(error))
        carried = getattr(error, "orders", [])
        known = {*self.own, *self.truth}
        if isinstance(error, errors.BadSymbol):  # it shows the order and the symbol that it has
            known.add(self.foreign)
        wrongs += ["ANOTHER'S ORDER"] * (not set(_keys(carried)) <= known)
        wrongs += ["WRONG ORDER"] * any(
            order["filled"] != self.truth[order["id"]]["filled"]
            for order in carried
            if order["id"] in self.truth
        )
        return wrongs

    def _next_call(self) -> list[str]:
        try:
            outcome = self._judged(self.run(self.method.call))
        except Exception as error:  # noqa: BLE001  # an outcome, too
            outcome = f"{type(error).__name__} {error}"
        return [] if outcome == RIGHT else [f"NEXT CALL: {outcome}"]

    def settle(self) -> None:
        """Wait until the exchange object can know that the server has closed its connections."""
        deadline = time.monotonic() + 60
        while self.simulator.connections and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.02)
        self.loop.run(asyncio.sleep(0.02))

    def close(self) -> None:
        """Close the connections and stop the simulator."""
        if self.kind == "sync":
            self.exchange.session.close()
        else:
            self.loop.run(_closed(self.exchange))
        self.loop.close()
        self.simulator.stop()


def _orders(simulator: Simulator) -> tuple[str, ...]:
    """Place an open order with a trade, a filled, a cancelled, and one of another market."""
    simulator.skew = -2 * HOUR  # so that no clock of the tests takes them for orders to come
    now = simulator.now()
    a, b, c = (
        simulator.place(price=9000, amount=1, created_date=now - ago) for ago in (300, 200, 100)
    )
    simulator.fill(a, "0.25")
    simulator.fill(b)
    simulator.cancel(c)
    other = simulator.place("ETH_USDT", "sell", price=210, amount=3)
    simulator.skew = 0
    return a, b, c, other


def _ids(simulator: Simulator) -> set[str]:
    with simulator.lock:
        return {listing.row()["order_id"] for listing in simulator.book.newest_first("spot", None)}


def _listed(result: Any) -> list[Any]:
    return result if isinstance(result, list) else [result]


def _keys(orders: list[Any]) -> list[str]:
    return [order["id"] for order in orders]


def _chain(error: BaseException | None) -> list[BaseException]:
    chain = []
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _chain_length(error: Exception) -> int:
    return len(_chain(error))


def _text(error: Exception) -> str:
    """Write out all that an error says, its facts and what it was raised from."""
    facts = [
        {name: fact for name, fact in vars(one).items() if name not in {"orders", "row_errors"}}
        for one in _chain(error)
        if type(one).__module__.startswith(("ccxt", "dfx_adapter"))
    ]
    return f"{list(map(str, _chain(error)))} {facts}"


def _signature(exchange: Any) -> list[str]:
    headers = exchange.last_request_headers or {}
    return [headers["ACCESS-SIGN"]] if "ACCESS-SIGN" in headers else []


async def _awaited(call: Callable[[Any, Bench], Any], bench: Bench) -> Any:
    return await call(bench.exchange, bench)


async def _closed(exchange: Any) -> None:
    await exchange.close()
    await asyncio.sleep(0)


def _wait(exchange: Any, bench: Bench) -> Any:
    return exchange.wait_for_order(bench.b, "BTC/USDT", timeout=bench.wait_seconds)


SYMBOL: Final = "BTC/USDT"
METHODS: Final = (
    Method("fetch_order", "one", "order", lambda e, b: e.fetch_order(b.a, SYMBOL)),
    Method(
        "fetch_orders_by_ids",
        "ids",
        "order",
        lambda e, b: e.fetch_orders_by_ids([b.c, b.a, b.b]),
    ),
    Method("fetch_orders", "lists", "order/history", lambda e, _: e.fetch_orders(SYMBOL)),
    Method("fetch_open_orders", "lists", "order/current", lambda e, _: e.fetch_open_orders(SYMBOL)),
    Method(
        "fetch_closed_orders", "lists", "order/history", lambda e, _: e.fetch_closed_orders(SYMBOL)
    ),
    Method(
        "fetch_canceled_orders",
        "lists",
        "order/history",
        lambda e, _: e.fetch_canceled_orders(SYMBOL),
    ),
    Method(
        "fetch_order_trades",
        "trades",
        "order/detail",
        lambda e, b: e.fetch_order_trades(b.a, SYMBOL),
    ),
    Method("fetch_my_trades", "mine", "mytrades", lambda e, _: e.fetch_my_trades(SYMBOL)),
    Method("wait_for_order", "wait", "order", _wait),
    Method("create_order", "create", "order/new", lambda e, _: e.create_order(*_PLACED.values())),
    Method(
        "create_orders", "creates", "order/batch_new", lambda e, _: e.create_orders([_PLACED] * 2)
    ),
    Method(
        "cancel_order", "cancels", "order/cancel", lambda e, b: e.cancel_order(b.own[0], SYMBOL)
    ),
    Method("cancel_orders", "cancels", "order/cancel", lambda e, b: e.cancel_orders(b.own, SYMBOL)),
    Method("cancel_order", "status", "order", lambda e, b: e.cancel_order(b.own[0], SYMBOL)),
)
