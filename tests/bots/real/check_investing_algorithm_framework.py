"""investing-algorithm-framework: its app, portfolio and order service on DigiFinex.

`ours` adds the order executor and the portfolio provider; `stock` is the framework's own.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import ccxt
from checking import Seen, Side, check, main
from investing_algorithm_framework import OperationalException, TradingStrategy, create_app

from dfx_adapter.simulator import Body, Code, Simulator


class Bot:
    """The framework's services, as a strategy finds them while the app runs."""

    def __init__(self, app, simulator: Simulator) -> None:
        self.simulator = simulator
        self.service = app.container.order_service()
        self.portfolio = app.container.portfolio_service().get_all()[0]

    def order(self, kind: str = "LIMIT", amount: float = 0.4, *, execute: bool = True):
        """Place a buy the way the framework's context does, and give its order."""
        words = {"order_type": kind, "order_side": "BUY", "status": "CREATED"}
        symbols = {"target_symbol": "BTC", "trading_symbol": "USDT"}
        quantities = {"amount": amount, "price": 9500}
        data = {**words, **symbols, **quantities, "portfolio_id": self.portfolio.id}
        return self.service.create(data, execute=execute)

    def known(self, amount: float = 0.4):
        """Give an order that both know to be placed, whoever did it: stock cannot."""
        order = self.order(amount=amount, execute=False)
        order_id = self.simulator.place("BTC_USDT", "buy", price="9500", amount=str(amount))
        return self.service.update(order.id, {"external_id": order_id, "status": "OPEN"})

    def synchronised(self, order):
        """Let the framework ask for its open orders, and give the order again."""
        self.service.check_pending_orders()
        return self.service.get(order.id)

    def posted(self) -> int:
        """Count what was sent to place orders."""
        return sum(request.path.endswith("order/new") for request in self.simulator.requests)


@contextmanager
def bot(side: Side) -> Iterator[Bot]:
    """Run an app with an empty strategy once; its own lookup of exchanges takes no URL."""
    home = Path.cwd() / uuid4().hex
    stock = ccxt.digifinex
    with Simulator(api_key=uuid4().hex) as simulator:  # a ban is remembered by key
        config = simulator.ccxt_config()
        urls = {"urls": config["urls"]}
        app = create_app(config={"RESOURCE_DIRECTORY": str(home)})
        app.container.order_executor_lookup().reset()  # all apps of a process share these two
        app.container.portfolio_provider_lookup().reset()
        if side == "ours":
            from dfx_adapter.bots.investing_algorithm_framework import add_to

            add_to(app, urls)
        else:
            ccxt.digifinex = lambda given=None: stock({**urls, **(given or {})})
        keys = {"api_key": config["apiKey"], "secret_key": config["secret"]}
        app.add_market(market="DIGIFINEX", trading_symbol="USDT", initial_balance=50_000, **keys)
        app.add_strategy(Idle)
        try:
            app.run(number_of_iterations=1)
            yield Bot(app, simulator)
        finally:
            ccxt.digifinex = stock


class Idle(TradingStrategy):
    """Does nothing."""

    time_unit = "SECOND"
    interval = 1
    data_sources = ()

    def run_strategy(self, context, data):
        """Do nothing."""


@check("exchange found by name")
def found_by_name(side: Side) -> Seen:
    with bot(side) as it:
        executor = it.service._order_executor_lookup.get_order_executor("DIGIFINEX")
        return executor.supports_market("DIGIFINEX"), type(executor).__name__


@check("a placed order is reported as placed")
def placed(side: Side) -> Seen:
    with bot(side) as it:
        try:
            order = it.order()
            seen = f"{order.status}, id known: {order.external_id is not None}"
        except OperationalException as error:
            seen = f"{error}"
        on_exchange = it.posted()
        return seen == "OPEN, id known: True" and on_exchange == 1, f"{seen}; sent {on_exchange}x"


@check("life of an order")
def life(side: Side) -> Seen:
    with bot(side) as it:
        order = it.known()
        seen = []
        for amount in ("0.1", "0.3"):
            it.simulator.fill(order.external_id, amount)
            order = it.synchronised(order)
            seen.append((order.status, order.filled, order.remaining, order.cost))
        right = seen == [("OPEN", 0.1, 0.3, 950), ("CLOSED", 0.4, 0, 3800)]
        return right, "; ".join(f"{row[0]} {row[1]}+{row[2]}" for row in seen)


@check("cancelled with fills")
def cancelled(side: Side) -> Seen:
    with bot(side) as it:
        order = it.known()
        it.simulator.script("order", Code(20013))  # not there yet when it is looked up before
        it.simulator.fill(order.external_id, "0.1")
        it.service.cancel_order(order)
        order = it.service.get(order.id)
        seen = (order.status, order.filled)
        return seen == ("CANCELED", 0.1), f"{seen[0]}, filled {seen[1]}"


@check("market buy")
def market_buy(side: Side) -> Seen:
    with bot(side) as it:
        order = it.order("MARKET")
        it.simulator.settle(order.external_id, "9400")
        order = it.synchronised(order)
        seen = (order.status, order.amount, order.filled, order.price)
        # 3800 USDT at 9400 are 0.40425... BTC; the exchange has four places
        return seen == ("CLOSED", 0.4042, 0.4042, 9400), f"{seen[0]} {seen[2]} at {seen[3]}"


@check("order not found")
def not_found(side: Side) -> Seen:
    with bot(side) as it:
        order = it.known()
        it.simulator.script("order", Code(20013))
        order = it.synchronised(order)
        return order.status == "OPEN", f"{order.status}: left as it was"


@check("unknown status")
def unknown_status(side: Side) -> Seen:
    with bot(side) as it:
        first, second = it.known(), it.known(0.2)
        it.simulator.set_row(first.external_id, status=7)
        it.simulator.fill(second.external_id)
        first, second = it.synchronised(first), it.service.get(second.id)
        seen = (first.status, second.status)
        return seen == ("OPEN", "CLOSED"), f"it stays {seen[0]}, the order after it is {seen[1]}"


@check("rate limit")
def rate_limit(side: Side) -> Seen:
    with bot(side) as it:
        order = it.known()
        it.simulator.script("order", Code(10005))
        it.simulator.clear_log()
        raised = []
        for _ in range(3):
            try:
                it.synchronised(order)
            except OperationalException as error:
                raised.append(str(error))
        asked = sum(request.path.endswith("/order") for request in it.simulator.requests)
        all_refused = len(raised) == 3 and all("nothing is sent for" in text for text in raised)
        return all_refused and asked == 1, f"{len(raised)} of 3 calls raised, {asked} sent"


@check("a refused order says why")
def refused(side: Side) -> Seen:
    with bot(side) as it:
        it.simulator.script("order/new", Code(20011))
        try:
            it.order()
        except OperationalException as error:
            return "insufficient balance" in str(error), f"{error}"
        return False, "placed"


@check("a lost answer says that the order may exist")
def doubt(side: Side) -> Seen:
    with bot(side) as it:
        it.simulator.script("order/new", Body("Internal Server Error", 500, "text/plain"))
        try:
            it.order()
        except OperationalException as error:
            return "may have been placed" in str(
                error
            ) and it.posted() == 1, f"sent {it.posted()}x; {error}"
        return False, "placed"


@check("position")
def position(side: Side) -> Seen:
    with bot(side) as it:
        it.simulator.set_balance("ETH", "2.5")
        providers = it.service._portfolio_provider_lookup
        credential = it.service.market_credential_service.get("DIGIFINEX")
        provider = providers.get_portfolio_provider("DIGIFINEX")
        found = provider.get_position(it.portfolio, "ETH", credential)
        return found.amount == 2.5, f"{found.amount} ETH"


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.path.insert(0, str(Path(__file__).parent))
    main()
