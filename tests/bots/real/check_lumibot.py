"""lumibot: its ccxt broker and its orders on DigiFinex, found by name in a script of the user's.

`ours` calls `dfx_adapter.register()` first; nothing else differs.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import ccxt
from checking import Seen, Side, check, main

import dfx_adapter
from dfx_adapter.simulator import Body, Code, Simulator


class Bot:
    """lumibot's broker, on a simulator."""

    def __init__(self, config, simulator: Simulator) -> None:
        from lumibot.brokers import Ccxt  # once imported, it prints

        self.broker = Ccxt(config, connect_stream=False)
        self.broker.stream = None  # which it forgets where it connects none
        self.simulator = simulator

    def order(self, kind: str = "limit", side: str = "buy", **prices: float):
        """Submit an order, as a strategy does."""
        from lumibot.entities import Asset, Order

        base, quote = (Asset(name, asset_type="crypto") for name in ("BTC", "USDT"))
        given = {"limit_price": 9500} if kind == "limit" else prices
        order = Order("check", base, 0.4, side, quote=quote, order_type=kind, **given)
        return self.broker._submit_order(order)

    def observed(self, order):
        """Let the broker look at the order, as it does in turn."""
        response = self.broker._pull_broker_order(order.identifier)
        self.broker._apply_ccxt_order_observation(order, response)
        return order

    def posted(self) -> list[dict[str, str]]:
        """Give what was sent to place orders."""
        sent = self.simulator.requests
        return [request.body for request in sent if request.path.endswith("order/new")]


@contextmanager
def bot(side: Side) -> Iterator[Bot]:
    """Build the broker from its config, as `TRADING_BROKER=ccxt` does."""
    if side == "ours":
        dfx_adapter.register()
    with Simulator(api_key=uuid4().hex) as simulator:  # a ban is remembered by key
        config = {**simulator.ccxt_config(), "exchange_id": "digifinex", "sandbox": False}
        yield Bot(config, simulator)


def executed(order) -> list[tuple[float, float]]:
    """Give the executions that lumibot booked: quantity, price."""
    return [(float(one.quantity), float(one.price)) for one in order.transactions]


@check("exchange found by name")
def found_by_name(side: Side) -> Seen:
    with bot(side) as it:
        pair = it.broker.get_market("BTC/USDT")["symbol"]
        return pair == "BTC/USDT", f"{it.broker.api.id}, ccxt {ccxt.__version__}"


@check("life of an order")
def life(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order()
        statuses = [order.status]
        for amount in ("0.1", "0.3"):
            it.simulator.fill(order.identifier, amount)
            statuses.append(it.observed(order).status)
        right = executed(order) == [(0.1, 9500), (0.3, 9500)] and order.is_filled()
        return right, f"{', '.join(statuses)}; booked {executed(order)}"


@check("cancelled with fills")
def cancelled(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order()
        it.simulator.fill(order.identifier, "0.1")
        it.broker.cancel_order(order)
        right = order.is_canceled() and executed(order) == [(0.1, 9500)]
        return right, f"{order.status}, booked {executed(order)}"


@check("market buy")
def market_buy(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order("market")
        spent = it.posted()[0]["amount"]
        it.simulator.settle(order.identifier, "9592.22")
        it.observed(order)
        # 0.4 at the last price of 9592.22, in two places
        right = spent == "3836.88" and order.is_filled()
        return right, f"sent {spent} USDT; {order.status}, booked {executed(order)}"


@check("no fee without an amount")
def fees(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order()
        it.simulator.fill(order.identifier)
        found = getattr(it.observed(order), "fees", None)
        return not found, f"fees {found}"


@check("order not found")
def not_found(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order()
        it.simulator.script("order", Code(20013))
        try:
            it.observed(order)
        except ccxt.OrderNotFound:
            return order.status == "new", f"OrderNotFound; the order stays {order.status}"
        except ccxt.BaseError as error:
            return False, type(error).__name__
        return False, order.status


@check("unknown status")
def unknown_status(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order()
        it.simulator.set_row(order.identifier, status=7)
        try:
            response = it.broker._pull_broker_order(order.identifier)
        except ccxt.ExchangeError as error:
            return True, f"{type(error).__name__}: the order stays {order.status}"
        parsed = it.broker._parse_broker_order(response, "check")
        return False, f"an order of status {parsed.status}"


@check("rate limit")
def rate_limit(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order()
        it.simulator.script("order", Code(10005))
        it.simulator.clear_log()
        raised = []
        for _ in range(3):
            try:
                it.observed(order)
            except ccxt.NetworkError as error:
                raised.append(type(error).__name__)
        sent = len(it.simulator.requests)
        return len(raised) == 3 and sent == 1, f"{len(raised)} of 3 calls raised, {sent} sent"


@check("a stop order is not placed at once")
def stop(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order("stop", "sell", stop_price=9000)
        types = [body["type"] for body in it.posted()]
        return not types, f"sent: {types or 'nothing'}; {order.status}"


@check("a lost answer is not a failure")
def doubt(side: Side) -> Seen:
    with bot(side) as it:
        it.simulator.script("order/new", Body("Internal Server Error", 500, "text/plain"))
        order = it.order()
        return order.status == "unknown" and len(it.posted()) == 1, order.status


@check("an orders list with a delisted market")
def delisted(side: Side) -> Seen:
    with bot(side) as it:
        kept = it.order()
        it.simulator.place("TRX_USDT", "buy", price="0.01", amount="500")
        del it.simulator.markets["TRX_USDT"]
        it.broker.api.load_markets(True)
        ids = [row["id"] for row in it.broker._pull_broker_all_orders()]
        return kept.identifier in ids and len(ids) == 2, f"{len(ids)} of 2 orders"


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.path.insert(0, str(Path(__file__).parent))
    main()
