"""Threads that share a request, and signals that interrupt one of them."""

import os
import signal
import subprocess
import sys
import time

import ccxt
import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.exchanges import threads
from tests.exchange.in_thread import InThread

WINDOW = 0.05


class Exchange:
    """What is asked for ids, and remembers which were asked together."""

    def __init__(self):
        self.asked = []

    def __call__(self, ids):
        self.asked.append(sorted(ids))
        return {order_id: {"id": order_id} for order_id in ids}


@pytest.fixture
def exchange():
    return Exchange()


class Interrupted(BaseException):
    """What a signal's handler raises in the main thread."""


class Interruption:
    """Raises before the nth line of `threads` that this thread runs, as a signal may."""

    def __init__(self, line):
        self._left = line
        self.has_come = False

    def __call__(self, frame, event, _):
        if frame.f_code.co_filename != threads.__file__:
            return None
        if event == "line":
            self._left -= 1
            if self._left == 0:
                self.has_come = True
                raise Interrupted
        return self

    def call(self, function, *args):
        before = sys.gettrace()  # that of coverage
        sys.settrace(self)
        try:
            function(*args)
        except Interrupted:
            pass
        finally:
            sys.settrace(before)


def joined(key, count):
    """Wait until so many threads wait for an answer of one batch."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        batch = threads._batches.get((os.getpid(), *key))
        if batch is not None and batch.waiting.qsize() >= count:
            return
        time.sleep(0.001)


@pytest.mark.parametrize("leads", [True, False])
def test_wherever_a_caller_is_interrupted_the_others_get_their_answers(exchange, leads):
    lines = 0
    while True:
        lines += 1
        key = ("interrupted at line", leads, lines)
        interruption = Interruption(lines)
        others = [] if leads else [InThread(threads.shared, key, "b", WINDOW, exchange)]
        if others:
            joined(key, 1)
        interruption.call(threads.shared, key, "a", WINDOW, exchange)
        others.append(InThread(threads.shared, key, "c", WINDOW, exchange))
        assert [other.result()["id"] for other in others] == ["c"] if leads else ["b", "c"]
        assert threads.shared(key, "d", 0, exchange) == {"id": "d"}  # nobody waits for the lost
        if not interruption.has_come:
            break
    assert lines > 5


def test_an_interrupted_caller_is_not_the_others_error(exchange, mocker):
    key = ("main thread",)
    others = [InThread(threads.shared, key, order_id, 1, exchange) for order_id in ("b", "c")]
    joined(key, 2)
    signal.signal(signal.SIGALRM, raise_interrupted)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(Interrupted):
            threads.shared(key, "a", 1, exchange)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    assert [other.result()["id"] for other in others] == ["b", "c"]
    assert exchange.asked == [["a", "b", "c"]]


def raise_interrupted(*_):
    raise Interrupted


def test_a_signals_handler_may_ask_wherever_it_comes(exchange):
    """Every line of a call is interrupted by a handler that asks for an order and waits for it."""
    for lines in range(1, 30):
        key = ("handler at line", lines)
        answers = []

        class Handler(Interruption):
            def __call__(self, frame, event, argument):
                try:
                    return super().__call__(frame, event, argument)
                except Interrupted:
                    sys.settrace(None)
                    answers.append(threads.shared(key, "from the handler", 0.001, exchange))  # noqa: B023
                    return None

        handler = Handler(lines)
        before = sys.gettrace()
        sys.settrace(handler)
        try:
            answers.append(threads.shared(key, "a", 0.001, exchange))
        finally:
            sys.settrace(before)
        if not handler.has_come:
            return
        assert answers == [{"id": "from the handler"}, {"id": "a"}]
    raise AssertionError("the call has no end")


def test_who_joins_a_batch_that_has_left_is_not_forgotten(exchange):
    key = ("left",)
    batch = threads._batches[os.getpid(), *key] = threads.Batch()
    batch.is_started = True
    batch.close()
    assert threads.shared(key, "a", 0, exchange) == {"id": "a"}
    threads._batches.clear()


def test_where_no_thread_can_be_started_the_caller_asks_itself(exchange, mocker):
    mocker.patch.object(threads, "start_new_thread", side_effect=RuntimeError)
    assert threads.shared(("no thread",), "a", 60, exchange) == {"id": "a"}
    threads._batches.clear()


@pytest.mark.parametrize("ended", [SystemExit(1), KeyboardInterrupt()])
def test_what_ends_the_asking_is_an_error_of_every_caller(ended, mocker):
    callers = [
        InThread(threads.shared, ("ended",), name, WINDOW, mocker.Mock(side_effect=ended))
        for name in ("a", "b")
    ]
    for caller in callers:
        outcome = caller.result()
        assert isinstance(outcome, ccxt.ExchangeError)
        assert type(ended).__name__ in str(outcome)


# Over a real socket.


@pytest.fixture
def config(simulator):
    return {
        **simulator.ccxt_config(),
        "enableRateLimit": False,
        "options": {"batchWindow": 20},
    }


def test_ctrl_c_leaves_no_batch_behind(simulator, config, mocker):
    exchange = AdapterHost(entry_points=False).connect("digifinex", config)
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    wait = mocker.patch.object(threads, "copied", side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        exchange.fetch_order(order_id)
    mocker.stop(wait)
    assert exchange.fetch_order(order_id)["id"] == order_id


STRESS = """
import random, signal, sys, threading, time
import dfx_adapter

exchange = dfx_adapter.connect("digifinex", {config!r})
ids = {ids!r}
wrong, counts, over, armed = [], [0] * 4, threading.Event(), set()

class Alarm(Exception):
    pass

def handler(*_):
    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0005, 0.03))
    if armed:
        armed.clear()  # on a slow machine the next one comes before this one is caught
        raise Alarm

def work(index):
    while not over.is_set():
        try:
            order = exchange.fetch_order(ids[index])
            if order["id"] != ids[index]:
                wrong.append(order)
            counts[index] += 1
        except BaseException as error:
            wrong.append(error)

workers = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(4)]
for worker in workers:
    worker.start()
interrupted = 0
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.01)
while interrupted < 30:
    try:
        while True:
            armed.add(1)
            exchange.fetch_order(ids[4])
    except Alarm:
        interrupted += 1
signal.setitimer(signal.ITIMER_REAL, 0)
before = list(counts)
limit = time.monotonic() + 20
while any(count == was for count, was in zip(counts, before)) and time.monotonic() < limit:
    time.sleep(0.01)
stuck = [index for index in range(4) if counts[index] == before[index]]
over.set()
for worker in workers:
    worker.join(20)
print(wrong, stuck, exchange.fetch_order(ids[4])["id"] == ids[4])
"""


def test_signals_at_any_time_stop_no_other_thread(simulator, config):
    ids = [simulator.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(5)]
    config["options"] = {"batchWindow": 2}
    code = STRESS.format(config=config, ids=ids)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=170, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("[] [] True", 0), done.stderr
