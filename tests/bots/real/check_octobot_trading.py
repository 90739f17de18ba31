"""OctoBot-Trading: what its exchange layer and its orders make of DigiFinex.

`ours` imports the plug-in, as OctoBot's tentacle does; `stock` is OctoBot's default exchange class.
"""

import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import ccxt
from checking import Seen, Side, check, main
from octobot_commons.configuration import encrypt
from octobot_tentacles_manager import api as tentacles
from octobot_tentacles_manager.constants import USER_REFERENCE_TENTACLE_CONFIG_FILE_PATH
from octobot_trading import errors, personal_data
from octobot_trading.enums import TradeOrderSide, TraderOrderType
from octobot_trading.exchanges import Trader
from octobot_trading.exchanges.connectors.ccxt import ccxt_client_util
from octobot_trading.exchanges.util import exchange_util

from dfx_adapter.simulator import Body, Code, Simulator

SYMBOL = "BTC/USDT"


class Bot:
    """OctoBot's exchange manager, on a simulator."""

    def __init__(self, manager, simulator: Simulator) -> None:
        self.exchange = manager.exchange
        self.simulator = simulator
        self.trader = Trader(manager.config, manager)

    async def order(self, order_id: str) -> personal_data.Order:
        """Fetch an order and make OctoBot's own object of it."""
        raw = await self.exchange.get_order(order_id, SYMBOL)
        return personal_data.create_order_instance_from_raw(self.trader, raw)

    async def create(self, kind: TraderOrderType, quantity: str, price: str):
        """Create an order the way OctoBot's trader does."""
        side = TradeOrderSide.BUY if "BUY" in kind.name else TradeOrderSide.SELL
        amounts = (Decimal(quantity), Decimal(price))
        return await self.exchange.create_order(kind, SYMBOL, *amounts, side=side)

    def posted(self) -> list[dict[str, str]]:
        """Give what was sent to place orders."""
        sent = self.simulator.requests
        return [request.body for request in sent if request.path.endswith("order/new")]


@asynccontextmanager
async def bot(setup=None) -> AsyncIterator[Bot]:
    """Build OctoBot's exchange by its name; its variable for another host takes no port."""
    with Simulator(api_key=uuid4().hex) as simulator:  # a ban is remembered by key
        config = simulator.ccxt_config()
        ccxt_client_util.get_custom_domain_config = lambda _: {"urls": config["urls"]}
        keys = {"api-key": config["apiKey"], "api-secret": config["secret"]}
        keys = {name: encrypt(key).decode() for name, key in keys.items()}
        async with exchange_util.get_local_exchange_manager(
            "digifinex", keys, setup, is_sandboxed=False, use_cached_markets=False
        ) as manager:
            yield Bot(manager, simulator)


def tentacle_folder() -> str:
    """Ask the adapter where it is."""
    command = [sys.executable, "-m", "dfx_adapter.bots.tentacle"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@check("installed as a tentacle")
async def tentacle(side: Side) -> Seen:
    """First: nothing but the tentacle may have imported the plug-in by now."""
    if side == "ours":
        await tentacles.install_single_tentacle(tentacle_folder(), "Trading/Exchange")
        sys.path.insert(0, str(Path.cwd()))  # where OctoBot is run, and its tentacles are
        tentacles.load_tentacles()
    setup = tentacles.get_tentacles_setup_config(USER_REFERENCE_TENTACLE_CONFIG_FILE_PATH)
    async with bot(setup) as it:
        found = type(it.exchange).__name__
        return found == "DigiFinex", f"{found} with {tentacles.get_tentacles_activation(setup)}"


@check("exchange found by name")
async def found_by_name(side: Side) -> Seen:
    if side == "ours":
        import dfx_adapter.bots.octobot  # noqa: F401  # what the tentacle does
    async with bot() as it:
        found = type(it.exchange).__name__
        client = it.exchange.connector.client
        return SYMBOL in it.exchange.symbols, f"{found} on {client.id}, ccxt {ccxt.__version__}"


@check("life of an order")
async def life(side: Side) -> Seen:
    async with bot() as it:
        created = await it.create(TraderOrderType.BUY_LIMIT, "0.4", "9500")
        order_id = created["exchange_id"]
        seen = []
        for amount in (None, "0.1", "0.3"):
            if amount:
                it.simulator.fill(order_id, amount)
            seen.append(await it.order(order_id))
        listed = [
            (order.status.value, order.origin_quantity, order.filled_quantity, order.total_cost)
            for order in seen
        ]
        amount = Decimal("0.4")
        expected = [
            ("open", amount, 0, 3800),  # without fills, OctoBot takes price x quantity
            ("open", amount, Decimal("0.1"), 950),
            ("closed", amount, amount, 3800),
        ]
        return listed == expected, "; ".join(f"{row[0]} {row[2]}/{row[1]}" for row in listed)


@check("cancelled with fills")
async def cancelled(side: Side) -> Seen:
    async with bot() as it:
        order_id = it.simulator.place("BTC_USDT", "buy", price="9500", amount="0.4")
        it.simulator.fill(order_id, "0.1")
        status = await it.exchange.cancel_order(order_id, SYMBOL, TraderOrderType.BUY_LIMIT)
        order = await it.order(order_id)
        ended = (status.value, order.status.value, order.filled_quantity)
        fee = (order.fee or {}).get("cost")
        right = ended == ("canceled", "canceled", Decimal("0.1"))
        return right and fee == Decimal("1.9"), f"{ended[1]}, filled {ended[2]}, fee {fee}"


@check("no fee of zero")
async def fee(side: Side) -> Seen:
    async with bot() as it:
        order_id = it.simulator.place("BTC_USDT", "buy", price="9500", amount="0.4")
        it.simulator.fill(order_id)
        booked = (await it.order(order_id)).fee
        cost, currency, known = map(booked.get, ("cost", "currency", "is_from_exchange"))
        right = (cost, currency, known) == (Decimal("7.6"), "USDT", True)
        return right, f"cost {cost}, currency {currency}, from the exchange: {known}"


@check("fee of sixty trades")
async def fee_of_many(side: Side) -> Seen:
    async with bot() as it:
        order_id = it.simulator.place("BTC_USDT", "sell", price="9500", amount="0.6")
        for _ in range(60):
            it.simulator.fill(order_id, "0.01")
        booked = (await it.order(order_id)).fee
        return booked["cost"] == Decimal("11.4"), f"fee {booked['cost']}"


@check("cancelled orders are listed")
async def listed(side: Side) -> Seen:
    async with bot() as it:
        order_id = it.simulator.place("BTC_USDT", "buy", price="9500", amount="0.4")
        it.simulator.cancel(order_id)
        orders = await it.exchange.get_cancelled_orders(SYMBOL)
        return [order["exchange_id"] for order in orders] == [order_id], f"{len(orders)} listed"


@check("unknown status")
async def unknown_status(side: Side) -> Seen:
    async with bot() as it:
        order_id = it.simulator.place("BTC_USDT", "buy", price="9500", amount="0.4")
        it.simulator.set_row(order_id, status=7)
        try:
            order = await it.order(order_id)
        except errors.FailedRequest:
            return True, "a failed request to OctoBot: it keeps the order as it is"
        return False, f"status {order.status}"


@check("rate limit")
async def rate_limit(side: Side) -> Seen:
    async with bot() as it:
        it.simulator.script("order", Code(10005))
        it.simulator.clear_log()
        raised = []
        for _ in range(3):
            try:
                await it.exchange.get_order("1", SYMBOL)
                raised.append("nothing")
            except Exception as error:  # noqa: BLE001  # which class it is, is the question
                raised.append(type(error).__module__.split(".")[0] + "." + type(error).__name__)
        right = set(raised) == {"octobot_trading.RateLimitExceeded"}
        sent = len(it.simulator.requests)
        return right and sent == 1, f"{raised[0]}; 3 calls, {sent} sent"


@check("order not found")
async def not_found(side: Side) -> Seen:
    async with bot() as it:
        it.simulator.script("order", Code(20013))
        order = await it.exchange.get_order("1", SYMBOL)
        return order is None, f"{order}"


@check("a finished order is not cancelled")
async def cancel_finished(side: Side) -> Seen:
    async with bot() as it:
        order_id = it.simulator.place("BTC_USDT", "buy", price="9500", amount="0.4")
        it.simulator.fill(order_id)
        try:
            await it.exchange.cancel_order(order_id, SYMBOL, TraderOrderType.BUY_LIMIT)
        except errors.OctoBotExchangeError as error:
            return True, type(error).__name__
        return False, "cancelled"


@check("a stop loss is not sold at once")
async def stop_loss(side: Side) -> Seen:
    async with bot() as it:
        try:
            await it.create(TraderOrderType.STOP_LOSS, "0.4", "9000")
            raised = "nothing raised"
        except errors.NotSupported:
            raised = "NotSupported"
        types = [body["type"] for body in it.posted()]
        return not types, f"{raised}; sent: {types or 'nothing'}"


@check("an order is sent once")
async def sent_one_time(side: Side) -> Seen:
    async with bot() as it:
        it.simulator.script("order/new", Body("Internal Server Error", 500, "text/plain"))
        with suppress(errors.FailedRequest):
            await it.create(TraderOrderType.BUY_LIMIT, "0.4", "9500")
        return len(it.posted()) == 1, f"sent {len(it.posted())}x after HTTP 500"


@check("market buy")
async def market_buy(side: Side) -> Seen:
    async with bot() as it:
        created = await it.create(TraderOrderType.BUY_MARKET, "0.4", "9500")
        it.simulator.settle(created["exchange_id"], "9500")
        order = await it.order(created["exchange_id"])
        seen = (order.status.value, order.origin_quantity, order.filled_quantity)
        line = f"{seen[0]} {seen[2]}/{seen[1]}, created with {created['amount']}"
        return seen == ("closed", Decimal("0.4"), Decimal("0.4")), line


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.path.insert(0, str(Path(__file__).parent))
    main()
