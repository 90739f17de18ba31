"""Orders of two accounts on one exchange: every one is asked for with its own account's key."""

import asyncio
import copy
import pickle
import time

import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.exchanges import threads
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Simulator
from tests.exchange.in_thread import InThread

KEY, SECRET = "key-of-b", "secret-of-b"


class TwoAccounts(Simulator):
    """An exchange with a second account; who asks for another's order is answered as documented."""

    def __init__(self):
        super().__init__()
        self.other = Simulator(api_key=KEY, secret=SECRET)

    def respond(self, request):
        is_other = request.header("ACCESS-KEY") == KEY
        return self.other.respond(request) if is_other else super().respond(request)

    def use(self, exchange, account):
        keys = {"a": (self.api_key, self.secret), "b": (KEY, SECRET)}
        exchange.apiKey, exchange.secret = keys[account]

    def asked(self):
        """The ids of each request, by account."""
        return {
            name: [r.query["order_id"].split(",") for r in venue.requests if "order_id" in r.query]
            for name, venue in (("a", self), ("b", self.other))
        }


@pytest.fixture
def simulator():
    with TwoAccounts() as exchange:
        yield exchange
    bans.forgive(bans.account("digifinex", KEY))


@pytest.fixture
def placed(simulator):
    """Two orders of either account."""
    venues = {"a": simulator, "b": simulator.other}
    return {
        name: [venue.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(2)]
        for name, venue in venues.items()
    }


@pytest.fixture
async def asynchronous(simulator):
    host = AdapterHost(entry_points=False)
    config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
    exchange = host.connect("digifinex", config, asynchronous=True)
    yield exchange
    await exchange.close()


def threaded(simulator, window=200):
    config = {**simulator.ccxt_config(), "enableRateLimit": False}
    config["options"] = {"batchWindow": window}
    return AdapterHost(entry_points=False).connect("digifinex", config)


def ids(orders):
    return [order["id"] for order in orders]


def pickled_copy(exchange):
    return pickle.loads(pickle.dumps(exchange))  # noqa: S301  # our own bytes


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
async def test_a_copy_on_another_account_shares_no_request(simulator, asynchronous, placed, copied):
    second = copied(asynchronous)
    simulator.use(second, "b")
    try:
        for _ in range(2):  # the second time, each has a connection
            wanted = [*placed["a"], *placed["b"]]
            asking = [asynchronous, asynchronous, second, second]
            calls = map(lambda one, order_id: one.fetch_order(order_id), asking, wanted)
            assert ids(await asyncio.gather(*calls)) == wanted
            second = copied(second) if copied is copy.copy else second
    finally:
        await second.close()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
async def test_a_copy_made_while_others_wait_takes_no_part_in_it(
    simulator, asynchronous, placed, copied
):
    waiting = [asyncio.create_task(asynchronous.fetch_order(order_id)) for order_id in placed["a"]]
    await asyncio.sleep(0)
    second = copied(asynchronous)
    assert not {"_dfx_batches", "_dfx_tasks"} & set(vars(second))
    simulator.use(second, "b")
    order = await second.fetch_order(placed["b"][0])
    await second.close()
    assert ids([*await asyncio.gather(*waiting), order]) == [*placed["a"], placed["b"][0]]


async def test_keys_switched_within_one_turn_sign_what_was_asked_with_them(
    simulator, asynchronous, placed
):
    async def ask(account, order_id):
        simulator.use(asynchronous, account)
        return await asynchronous.fetch_order(order_id)

    wanted = [("a", placed["a"][0]), ("b", placed["b"][0])]
    wanted += [("a", placed["a"][1]), ("b", placed["b"][1])]
    orders = await asyncio.gather(*(ask(*arguments) for arguments in wanted))
    assert ids(orders) == [order_id for _, order_id in wanted]
    assert simulator.asked() == {"a": [placed["a"]], "b": [placed["b"]]}


@pytest.mark.parametrize(
    "ask",
    [
        lambda exchange, ids: exchange.fetch_orders_by_ids(ids),
        lambda exchange, ids: exchange.fetch_order(ids[0], None, {"trades": True}),
        lambda exchange, _: exchange.fetch_open_orders(),
        lambda exchange, _: exchange.fetch_orders(),
        lambda exchange, _: exchange.fetch_balance(),
    ],
)
async def test_a_request_that_waits_for_its_turn_goes_with_the_key_it_was_asked_with(
    simulator, asynchronous, placed, mocker, ask
):
    async def throttle(cost=None):  # the key is switched while every request waits
        await asyncio.sleep(0)
        simulator.use(asynchronous, "b")

    mocker.patch.object(asynchronous, "enableRateLimit", new=True)
    await asynchronous.load_markets()
    mocker.patch.object(asynchronous, "throttle", throttle)
    await ask(asynchronous, placed["a"])
    private = [r for r in simulator.other.requests if "order" in r.path or "assets" in r.path]
    assert private == []
    assert asynchronous.apiKey == KEY  # what comes now is B's
    await asynchronous.fetch_order(placed["b"][0])


async def test_all_pages_of_a_list_are_of_one_account(simulator, asynchronous, placed, mocker):
    asked = []

    async def answer(query):
        asked.append(asynchronous.apiKey)
        simulator.use(asynchronous, "b")
        return {"code": 0, "data": []}

    mocker.patch.object(asynchronous, "privateSpotGetMarketOrderHistory", answer)
    month = 30 * 86_400_000
    await asynchronous.fetch_orders(None, asynchronous.milliseconds() - 3 * month)
    assert len(asked) > 2
    assert set(asked) == {simulator.api_key}


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled_copy])
def test_threads_of_a_copy_on_another_account_share_no_request(simulator, placed, copied):
    exchange = threaded(simulator)
    second = copied(exchange)
    simulator.use(second, "b")
    wanted = [*placed["a"], *placed["b"]]
    asking = [exchange, exchange, second, second]
    works = [
        InThread(one.fetch_order, order_id) for one, order_id in zip(asking, wanted, strict=True)
    ]
    assert ids(work.result() for work in works) == wanted
    assert {account: len(asked) for account, asked in simulator.asked().items()} == {"a": 1, "b": 1}


def test_threads_that_switch_keys_within_the_window_ask_with_their_own(simulator, placed, mocker):
    exchange = threaded(simulator, 1000)
    has_asked = mocker.patch.object(threads, "SimpleQueue", wraps=threads.SimpleQueue)
    works = []
    for account in ("a", "b"):
        for order_id in placed[account]:
            simulator.use(exchange, account)
            before = has_asked.call_count
            works.append(InThread(exchange.fetch_order, order_id))
            while has_asked.call_count == before:  # it has taken its account by then
                time.sleep(0.001)
    assert ids(work.result() for work in works) == [*placed["a"], *placed["b"]]
    assert {account: len(asked) for account, asked in simulator.asked().items()} == {"a": 1, "b": 1}


async def test_a_leader_that_leaves_takes_no_account_along(simulator, asynchronous, placed, mocker):
    """The task that asks for a batch has begun in the leader's call, and goes on without it."""
    turn = asyncio.Event()

    async def throttle(cost=None):
        await turn.wait()

    mocker.patch.object(asynchronous, "enableRateLimit", new=True)
    mocker.patch.object(asynchronous, "throttle", throttle)
    leader, other = [asyncio.create_task(asynchronous.fetch_order(one)) for one in placed["a"]]
    for _ in range(5):
        await asyncio.sleep(0)
    leader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leader
    simulator.use(asynchronous, "b")
    turn.set()
    assert (await other)["id"] == placed["a"][1]
    assert simulator.asked() == {"a": [placed["a"]], "b": []}
