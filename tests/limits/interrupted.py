"""A bot on its way down, in a process of its own: `python interrupted.py CONFIG CASE...`.

What would hang is ended by the test's time limit.
"""

import json
import logging
import signal
import sys
import threading

from dfx_adapter import AdapterHost
from dfx_adapter.limits import registry

CASES = {}


def say(text):
    sys.stdout.write(f"{text}\n")


def case(function):
    CASES[function.__name__] = function
    return function


class Stop(Exception):
    """What a bot's own handler raises."""


@case
def cancels_while_it_waits(exchange, order_id):
    """SIGTERM comes while the main thread waits in throttle; its handler cancels the order."""

    def handler(*_):
        say(exchange.cancel_order(order_id, "BTC/USDT")["status"])
        sys.exit(0)

    signal.signal(signal.SIGALRM, handler)
    exchange.throttle()
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    while True:
        exchange.throttle()


@case
def is_interrupted_anywhere(exchange, _):
    """Signals come every few milliseconds, and every handler sends, too."""
    seen = []

    def handler(*_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        exchange.throttle()
        seen.append(1)
        if len(seen) < 100:  # on a busy machine nothing but handlers might run otherwise
            signal.setitimer(signal.ITIMER_REAL, 0.0011)

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    while len(seen) < 100:
        exchange.throttle()
    signal.setitimer(signal.ITIMER_REAL, 0)
    say("done")


@case
def is_stopped_anywhere(exchange, _):
    """Handlers raise wherever they come; another thread must be able to send all the same."""
    seen, armed = [], set()

    def handler(*_):
        if armed:
            armed.clear()
            raise Stop

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.003, 0.0031)
    while len(seen) < 100:
        try:
            while True:
                armed.add(1)  # again: where Python cleans up, it ignores what is raised
                exchange.throttle()
        except Stop as stop:
            seen.append(stop)  # kept, with all its frames, as a bot's log may
    signal.setitimer(signal.ITIMER_REAL, 0)
    thread = threading.Thread(target=exchange.throttle)
    thread.start()
    thread.join()
    say("done")


class Sending(logging.Handler):
    """A handler of logs that sends before it prints."""

    def __init__(self, exchange):
        super().__init__()
        self.exchange = exchange

    def emit(self, record):
        self.exchange.throttle()
        say(record.name)


@case
def logs_through_what_sends(exchange, _):
    """The limiter's own warning goes to a handler that calls the exchange."""
    logging.getLogger("dfx_adapter").addHandler(Sending(exchange))
    exchange.throttle()
    say("done")


@case
def logs_from_two_threads(exchange, _):
    """One thread has the lock of a handler and sends, the other's warning waits for that lock."""
    handler = Sending(exchange)
    for name in ("dfx_adapter", "bot"):
        logging.getLogger(name).addHandler(handler)
    sending = threading.Thread(target=exchange.throttle)
    with handler.lock:
        sending.start()
        sending.join(0.3)  # it has met the store by now, and wants to log
        logging.getLogger("bot").warning("stopping")
    sending.join()
    say("done")


if __name__ == "__main__":
    config = json.loads(sys.argv[1])
    order_id = config.pop("order")
    for name in sys.argv[2:]:
        CASES[name](AdapterHost(entry_points=False).connect("digifinex", config), order_id)
        registry.close()  # the next one starts anew
