"""A bot's hour: what it asks for, and what happens on the exchange meanwhile.

`play` runs it on an exchange object, recorded or replayed, and returns what came of each call: the
orders, or the class, code and ids of an error.
"""

import json
from unittest.mock import MagicMock

import ccxt

from dfx_adapter import errors
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Body, Break, Code, Drop, Simulator

START = 1_700_000_000_000  # milliseconds
MINUTE = 60_000
UNKNOWN = "ffffffffffffffffffffffffffffffff"


class World:
    """A simulator, and the clock that it shares with the exchange object."""

    def __init__(self):
        self.now = START
        self.simulator = Simulator(clock=lambda: self.now / 1000)

    def connect(self, host, file, *, asynchronous, **config):
        """Return an exchange object that records, on the clock of this world."""
        options = {"record": str(file), **config.pop("options", {})}
        given = {**self.simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
        exchange = host.connect(
            "digifinex", {**given, "options": options, **config}, asynchronous=asynchronous
        )
        exchange.milliseconds = lambda: self.now
        return exchange


def nothing():
    """Return a world in which nothing happens: what a replay runs in."""
    world = MagicMock()
    world.now = 0
    return world


def came(error):
    """Return what is the same of an error, recorded and replayed."""
    facts = errors.facts(error)
    return type(error).__name__, facts.code, list(facts.ids), [plain(one) for one in facts.orders]


def plain(value):
    """Return orders with texts in the place of numbers that JSON has not."""
    return json.loads(json.dumps(value, default=str))


async def play(exchange, world):
    """Trade for an hour; the methods of `exchange` are awaited."""
    outcomes = []

    async def ask(method, *args, **kwargs):
        world.now += MINUTE
        try:
            answer = await getattr(exchange, method)(*args, **kwargs)
        except ccxt.BaseError as error:
            outcomes.append(came(error))
            return None
        outcomes.append(plain(answer))
        return answer

    await _place_and_fill(ask, world)
    await _fail(ask, world)
    await _end(ask)
    return outcomes


async def _place_and_fill(ask, world):
    world.now += MINUTE
    simulator = world.simulator
    first = await ask("create_order", "BTC/USDT", "limit", "buy", 1, 9000)
    second = await ask("create_order", "BTC/USDT", "limit", "buy", 1, 9000)  # the same again
    await ask("fetch_order", first["id"])
    simulator.fill(first["id"], "0.25")
    await ask("fetch_order", first["id"])
    simulator.fill(first["id"], "0.125")
    await ask("fetch_order", id=first["id"], symbol="BTC_USDT")
    await ask("fetch_open_orders", "BTC/USDT")
    await ask("fetch_orders_by_ids", [second["id"], first["id"]])
    await ask("edit_order", second["id"], "BTC/USDT", "limit", "buy", 0.5, 8999)
    row = {"symbol": "ETH/USDT", "type": "limit", "side": "sell", "amount": 2, "price": 300}
    await ask("create_orders", [row, {**row, "price": 301}])
    margin = await ask("create_order", "BTC/USDT", "limit", "buy", 1, 9000, {"margin": True})
    await ask("fetch_order", margin["id"], None, {"marginMode": "cross"})
    await ask("cancel_order", first["id"], "BTC/USDT")
    await ask("fetch_order_trades", first["id"])
    await ask("wait_for_order", first["id"], timeout=1)


async def _fail(ask, world):
    simulator = world.simulator
    await ask("fetch_order", UNKNOWN)
    await ask("fetch_orders_by_ids", [UNKNOWN])
    await ask("create_order", "BTC/USDT", "limit", "buy", 10**9, 9000)  # too dear
    await ask("create_order", "BTC/USDT", "limit", "buy", 0, 9000)  # refused unsent
    simulator.script("spot/order", Body("<html>Bad gateway</html>", 502, "text/html"))
    await ask("fetch_order", UNKNOWN)
    simulator.script("spot/order", Body("<html>Hello</html>", content_type="text/html"))
    await ask("fetch_order", UNKNOWN)
    simulator.script("spot/order", Break("middle", "reset"))
    await ask("fetch_order", UNKNOWN)
    simulator.script("order/new", Drop(handled=True))
    await ask("create_order", "BTC/USDT", "limit", "sell", 1, 9900)
    simulator.stop()
    await ask("fetch_order", UNKNOWN)
    simulator.start()
    simulator.script("spot/order", Code(10008))
    await ask("fetch_order", UNKNOWN)
    simulator.script("spot/order", Code(10005))
    await ask("fetch_order", UNKNOWN)
    await ask("fetch_order", UNKNOWN)  # during the ban: nothing is sent
    bans.forgive(bans.account("digifinex", "simulated-key"))  # two minutes later
    await ask("fetch_order", UNKNOWN)


async def _end(ask):
    await ask("fetch_orders", since=START)
    await ask("fetch_closed_orders", "BTC/USDT", START)
    await ask("fetch_canceled_orders", "BTC/USDT", START)
    opened = await ask("fetch_open_orders")
    await ask("cancel_orders", [order["id"] for order in opened if order["symbol"] == "ETH/USDT"])
    await ask("fetch_canceled_and_closed_orders", "ETH/USDT", START, 1)
