"""Many orders by their ids, and many callers in one request, over a real socket."""

import asyncio
import subprocess
import sys
import threading
from types import SimpleNamespace

import ccxt
import pytest

from dfx_adapter import AdapterHost, errors
from dfx_adapter.exchanges.drivers import MOST_IN_FLIGHT
from dfx_adapter.simulator import Body, Code, Delay, encode


def place(simulator, count, **fields):
    return [
        simulator.place("BTC_USDT", "buy", price=9000, amount=1, **fields) for _ in range(count)
    ]


def ids(orders):
    return [order["id"] for order in orders]


def asked(simulator):
    """The ids of each request, as they were sent."""
    paths = ("/v3/spot/order", "/v3/margin/order")
    sent = [request for request in simulator.requests if request.path in paths]
    return [request.query["order_id"].split(",") for request in sent]


async def test_45_ids_take_3_requests_and_come_in_the_order_asked(simulator, exchange):
    placed = place(simulator, 45)
    wanted = placed[::-1]
    assert ids(await exchange.fetch_orders_by_ids(wanted)) == wanted
    assert sorted(map(len, asked(simulator))) == [5, 20, 20]


async def test_1000_ids_take_50_requests(simulator, exchange):
    placed = place(simulator, 1000)
    assert ids(await exchange.fetch_orders_by_ids(placed)) == placed
    assert len(simulator.requests) == 50


async def test_an_id_asked_twice_is_one_order(simulator, exchange):
    a, b = place(simulator, 2)
    assert ids(await exchange.fetch_orders_by_ids([a, b, a])) == [a, b]
    assert asked(simulator) == [[a, b]]


async def test_no_ids_are_no_request(simulator, exchange):
    assert await exchange.fetch_orders_by_ids([]) == []
    assert simulator.requests == []


@pytest.mark.parametrize("unknown_id", ["drop", "reject_all", "empty"])
async def test_missing_ids_are_named_and_the_others_not_lost(simulator, exchange, unknown_id):
    simulator.unknown_id = unknown_id
    placed = place(simulator, 23)
    wanted = ["no-1", *placed, "no-2"]
    if (
        unknown_id == "empty"
    ):  # the exchange says nothing at all: nothing is known, nothing invented
        simulator.unknown_id = "drop"
    with pytest.raises(ccxt.OrderNotFound, match="'no-1', 'no-2'") as caught:
        await exchange.fetch_orders_by_ids(wanted)
    assert caught.value.ids == ["no-1", "no-2"]
    assert ids(caught.value.orders) == placed
    omitted = await exchange.fetch_orders_by_ids(wanted, None, {"missing": "omit"})
    assert ids(omitted) == placed


async def test_one_unknown_id_of_20_is_found_out_in_few_requests(simulator, exchange):
    simulator.unknown_id = "reject_all"
    placed = place(simulator, 19)
    found = await exchange.fetch_orders_by_ids([*placed, "no"], params={"missing": "omit"})
    assert ids(found) == placed
    assert len(simulator.requests) <= 11  # 20, and then two parts for each halving down to one id
    assert all("missing" not in request.query for request in simulator.requests)


async def test_one_bad_row_is_the_error_of_its_own_id(simulator, exchange):
    good, bad = place(simulator, 2)
    simulator.set_row(bad, status=7)
    with pytest.raises(errors.UnknownStatus) as caught:
        await exchange.fetch_orders_by_ids([good, bad])
    assert ids(caught.value.orders) == [good]


async def test_a_bad_row_can_be_left_out_of_a_list_by_option(simulator, connect, caplog):
    exchange = connect(simulator, options={"badRow": "skip"})
    good, bad = place(simulator, 2)
    simulator.set_row(bad, status=7)
    assert ids(await exchange.fetch_orders_by_ids([bad, good])) == [good]
    assert f"order {bad}" in caplog.text
    with pytest.raises(errors.UnknownStatus):  # but the one order asked for is never "not found"
        await exchange.fetch_order(bad)


async def test_foreign_rows_are_refused(simulator, exchange):
    a, b, foreign = place(simulator, 3)
    simulator.script("order", Body(simulator_answer(simulator, [a, foreign])))
    with pytest.raises(ccxt.BadResponse, match="a row of an order that nobody asked for") as caught:
        await exchange.fetch_orders_by_ids([a, b])
    assert caught.value.ids == [foreign]
    assert ids(caught.value.orders) == [a]


async def test_a_foreign_row_beside_all_that_was_asked_for_is_refused_too(simulator, exchange):
    a, foreign = place(simulator, 2)
    answer = Body(simulator_answer(simulator, [a, foreign]))
    simulator.script("order", answer, answer)
    with pytest.raises(ccxt.BadResponse) as caught:
        await exchange.fetch_orders_by_ids([a])
    assert ids(caught.value.orders) == [a]
    with pytest.raises(ccxt.BadResponse):
        await exchange.fetch_order(a)


async def test_a_failing_request_keeps_what_the_others_brought(simulator, connect):
    exchange = connect(simulator, options={"banGuard": False})
    placed = place(simulator, 25)
    simulator.script("order", Body(simulator_answer(simulator, placed[:20])), Code(20018))
    with pytest.raises(ccxt.PermissionDenied) as caught:
        await exchange.fetch_orders_by_ids(placed)
    assert len(caught.value.orders) in {5, 20}  # concurrent requests arrive in either order


def simulator_answer(simulator, order_ids):
    rows = [simulator.row(order_id) for order_id in order_ids]
    return encode({"code": 0, "data": rows})


@pytest.mark.parametrize("bad", ["", "a,b", "a b", "\t"])
async def test_an_impossible_id_is_refused_before_anything_is_sent(simulator, exchange, bad):
    with pytest.raises(ccxt.BadRequest):
        await exchange.fetch_orders_by_ids(["a", bad])
    assert simulator.requests == []


async def test_margin_and_symbol_are_checked(simulator, exchange):
    (order_id,) = place(simulator, 1, kind="margin")
    params = {"marginMode": "cross"}
    assert ids(await exchange.fetch_orders_by_ids([order_id], "BTC/USDT", params)) == [order_id]
    assert simulator.requests[-1].path == "/v3/margin/order"
    assert simulator.requests[-1].query == {"order_id": order_id}
    with pytest.raises(ccxt.BadSymbol):
        await exchange.fetch_orders_by_ids([order_id], "ETH/USDT", params)


async def test_has_says_so(exchange):
    assert exchange.exchange.has["fetchOrdersByIds"] is True
    assert exchange.exchange.fetchOrdersByIds == exchange.exchange.fetch_orders_by_ids


# Callers who do not know of each other.


@pytest.fixture
async def asynchronous(simulator):
    host = AdapterHost(entry_points=False)
    config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
    exchange = host.connect("digifinex", config, asynchronous=True)
    yield exchange
    await exchange.close()


async def test_200_callers_of_one_turn_share_10_requests(simulator, asynchronous):
    placed = place(simulator, 200)
    orders = await asyncio.gather(*map(asynchronous.fetch_order, placed))
    assert ids(orders) == placed
    assert len(simulator.requests) == 10


async def test_no_caller_waits_for_a_request_of_others(simulator, asynchronous):
    placed = place(simulator, 40)
    simulator.script("order", Delay(2))  # whichever comes first
    tasks = [asyncio.create_task(asynchronous.fetch_order(order_id)) for order_id in placed]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.sleep(0.2)
    shared = [{task.done() for task in tasks[:20]}, {task.done() for task in tasks[20:]}]
    assert sorted(shared, key=str) == [{False}, {True}]
    assert ids(await asyncio.gather(*tasks)) == placed


async def test_every_caller_gets_its_own_order_or_its_own_error(simulator, asynchronous):
    simulator.unknown_id = "reject_all"
    good, other, bad = place(simulator, 3)
    simulator.set_row(bad, status=7)
    answers = await asyncio.gather(
        asynchronous.fetch_order(good),
        asynchronous.fetch_order("nobody"),
        asynchronous.fetch_order(bad),
        asynchronous.fetch_order(other, "ETH/USDT"),
        asynchronous.fetch_order(good),
        return_exceptions=True,
    )
    assert (answers[0]["id"], answers[4]["id"]) == (good, good)
    kinds = [ccxt.OrderNotFound, errors.UnknownStatus, ccxt.BadSymbol]
    assert [type(answer) for answer in answers[1:4]] == kinds
    assert answers[1].ids == ["nobody"]


async def test_what_others_ask_in_the_same_turn_changes_nobodys_answer(simulator, asynchronous):
    good, bad, worse = place(simulator, 3)
    simulator.set_row(bad, status=7)
    simulator.set_row(worse, amount=-1)
    answers = await asyncio.gather(
        *map(asynchronous.fetch_order, (good, bad, worse, "nobody")), return_exceptions=True
    )
    assert answers[0]["id"] == good
    assert [type(answer) for answer in answers[1:]] == [
        errors.UnknownStatus,
        ccxt.BadResponse,
        ccxt.OrderNotFound,
    ]
    assert answers[2].path.endswith(".amount")


async def test_a_row_without_an_id_might_be_anybodys(simulator, asynchronous):
    good, nameless = place(simulator, 2)
    simulator.set_row(nameless, order_id=...)
    answers = await asyncio.gather(
        *map(asynchronous.fetch_order, (good, nameless, "nobody")), return_exceptions=True
    )
    assert answers[0]["id"] == good
    assert [type(answer) for answer in answers[1:]] == [ccxt.BadResponse] * 2


async def test_a_caller_who_gives_up_takes_nothing_from_the_others(simulator, asynchronous):
    a, b = place(simulator, 2)
    simulator.script("order", Delay(0.3))
    tasks = [asyncio.create_task(asynchronous.fetch_order(order_id)) for order_id in (a, a, b)]
    await asyncio.sleep(0.1)
    tasks[0].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert ids(answers[1:]) == [a, b]
    assert len(simulator.requests) == 1


async def test_callers_of_one_id_do_not_share_one_dict(simulator, asynchronous):
    (a,) = place(simulator, 1)
    one, two = await asyncio.gather(asynchronous.fetch_order(a), asynchronous.fetch_order(a))
    one["status"] = "mine"
    one["trades"].append("mine")
    one["info"]["amount"] = "mine"
    assert (two["status"], two["trades"], two["info"]["amount"]) == ("open", [], 1)


async def test_who_asked_first_and_gives_up_leaves_the_others_theirs(simulator, asynchronous):
    a, b, c = place(simulator, 3)
    first, *others = [
        asyncio.create_task(asynchronous.fetch_order(order_id)) for order_id in (a, b, c)
    ]
    await asyncio.sleep(0)
    first.cancel()
    assert ids(await asyncio.gather(*others)) == [b, c]
    assert first.cancelled()
    assert asked(simulator) == [[b, c]]


async def test_who_asks_alone_and_gives_up_asks_nothing(simulator, asynchronous):
    (a,) = place(simulator, 1)
    first, _ = asyncio.create_task(asynchronous.fetch_order(a)), asyncio.create_task(work())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert asked(simulator) == []
    assert (await asynchronous.fetch_order(a))["id"] == a


async def test_a_batch_that_is_cancelled_takes_no_more_callers(simulator, asynchronous):
    a, b, c = place(simulator, 3)
    before = asyncio.all_tasks()
    callers = [asyncio.create_task(asynchronous.fetch_order(order_id)) for order_id in (a, b)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    (batch,) = asyncio.all_tasks() - before - {*callers}
    batch.cancel()
    assert (await asynchronous.fetch_order(c))["id"] == c
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 2
    assert asked(simulator) == [[c]]


async def work():
    """Stand for whatever else a bot does in the same turn of its loop."""


async def test_others_who_ask_nothing_do_not_change_the_answer(simulator, asynchronous):
    (a,) = place(simulator, 1)
    _, order = await asyncio.gather(work(), asynchronous.fetch_order(a))
    (also, _) = await asyncio.gather(asynchronous.fetch_order(a), work())
    assert ids([order, also]) == [a, a]
    assert asked(simulator) == [[a], [a]]


def made(loop, coroutine, **given):
    return asyncio.Task(coroutine, loop=loop, **given)


async def test_an_eager_task_factory_shares_requests(simulator, asynchronous):
    placed = place(simulator, 3)
    loop = asyncio.get_running_loop()
    loop.set_task_factory(getattr(asyncio, "eager_task_factory", made))  # of Python 3.12
    try:
        assert asynchronous._dfx_asks_alone() is False
        tasks = [loop.create_task(asynchronous.fetch_order(order_id)) for order_id in placed]
    finally:
        loop.set_task_factory(None)
    assert ids(await asyncio.gather(*tasks)) == placed
    assert asked(simulator) == [placed]


async def test_only_asyncios_own_loop_is_believed_that_nothing_is_ready(asynchronous, mocker):
    assert asynchronous._dfx_asks_alone() is True
    keeps_it_elsewhere = SimpleNamespace(_ready=(), get_task_factory=lambda: None)  # as Qt's do
    mocker.patch("asyncio.get_running_loop", return_value=keeps_it_elsewhere)
    assert asynchronous._dfx_asks_alone() is False
    mocker.stopall()


async def test_when_all_who_ask_are_cancelled_nothing_is_asked(simulator, asynchronous):
    tasks = [
        asyncio.create_task(asynchronous.fetch_order(order_id)) for order_id in place(simulator, 3)
    ]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 3
    await asyncio.sleep(0.1)
    assert asked(simulator) == []


async def test_spot_and_margin_do_not_share_a_request(simulator, asynchronous):
    (a,) = place(simulator, 1)
    (b,) = place(simulator, 1, kind="margin")
    orders = await asyncio.gather(
        asynchronous.fetch_order(a), asynchronous.fetch_order(b, None, {"margin": True})
    )
    assert ids(orders) == [a, b]
    assert {request.path for request in simulator.requests} == {
        "/v3/spot/order",
        "/v3/margin/order",
    }


async def test_batching_can_be_switched_off(simulator, asynchronous):
    placed = place(simulator, 5)
    asynchronous.options["batchFetchOrder"] = False
    assert ids(await asyncio.gather(*map(asynchronous.fetch_order, placed))) == placed
    assert len(simulator.requests) == 5


async def test_a_lost_connection_is_every_callers_error(simulator, asynchronous):
    simulator.script("order", Body(b"<html>", content_type="text/html"))
    answers = await asyncio.gather(
        *map(asynchronous.fetch_order, ("a", "b")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [ccxt.BadResponse] * 2


@pytest.fixture
def under_way(asynchronous, mocker):
    """The most requests for orders that were under way together."""
    count = SimpleNamespace(now=0, most=0, all=0)

    async def answer(query):
        count.now += 1
        count.all += 1
        count.most = max(count.most, count.now)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        count.now -= 1
        row = dict.fromkeys(("created_date", "finished_date", "executed_amount", "avg_price"), 1)
        row |= {"symbol": "BTC_USDT", "price": 1, "amount": 1, "cash_amount": 0, "status": 2}
        row |= {"type": "buy", "kind": "spot"}
        return {
            "code": 0,
            "data": [{**row, "order_id": order_id} for order_id in query["order_id"].split(",")],
        }

    mocker.patch.object(asynchronous, "privateSpotGetMarketOrder", answer)
    return count


async def test_however_many_ids_are_asked_for_few_requests_are_under_way(asynchronous, under_way):
    wanted = [str(number) for number in range(2000)]
    assert ids(await asynchronous.fetch_orders_by_ids(wanted)) == wanted
    assert (under_way.most, under_way.all) == (MOST_IN_FLIGHT, 100)


async def test_however_many_ask_in_one_turn_few_requests_are_under_way(asynchronous, under_way):
    wanted = [str(number) for number in range(2000)]
    assert ids(await asyncio.gather(*map(asynchronous.fetch_order, wanted))) == wanted
    assert (under_way.most, under_way.all) == (MOST_IN_FLIGHT, 100)


def in_threads(count, work):
    answers = [None] * count

    def run(index):
        try:
            answers[index] = work(index)
        except Exception as error:  # noqa: BLE001  # it is the answer
            answers[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return answers


@pytest.mark.parametrize(("window", "most", "least"), [(200, 1, 1), (0, 8, 8)])
def test_threads_share_a_request_within_the_window(simulator, window, most, least):
    config = {**simulator.ccxt_config(), "enableRateLimit": False}
    config["options"] = {"batchWindow": window}
    exchange = AdapterHost(entry_points=False).connect("digifinex", config)
    placed = place(simulator, 7)
    wanted = [*placed, "nobody"]
    answers = in_threads(8, lambda index: exchange.fetch_order(wanted[index]))
    assert ids(answers[:7]) == placed
    assert isinstance(answers[7], ccxt.OrderNotFound)
    assert least <= len(simulator.requests) <= most


def test_a_child_process_joins_no_batch_of_its_parent(simulator):
    config = {**simulator.ccxt_config(), "enableRateLimit": False}
    config["options"] = {"batchWindow": 500}
    (a,) = place(simulator, 1)
    program = f"""
import os, signal, threading, time
import dfx_adapter
from dfx_adapter.exchanges import threads
exchange = dfx_adapter.connect("digifinex", {config!r})
leader = threading.Thread(target=exchange.fetch_order, args=({a!r},))
leader.start()
while not threads._batches:
    time.sleep(0.01)
child = os.fork()
if not child:
    signal.alarm(30)
    os._exit(exchange.fetch_order({a!r})["id"] != {a!r})
leader.join()
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, timeout=60)
    assert asked(simulator) == [[a], [a]]
