"""Another program, or a hostile one, answers where Redis should be: nobody waits, nothing grows."""

import itertools
import time

import pytest

from dfx_adapter.limits import redis_wire
from dfx_adapter.limits.address import Limit
from dfx_adapter.limits.circuit import Circuit
from dfx_adapter.limits.redis_store import RedisStore
from dfx_adapter.limits.shared import SharedBudget
from tests.guards import peers

LIMIT = Limit(1200, 60, 2)


def drip(piece):
    while True:
        yield piece
        time.sleep(0.05)


# Name -> what is sent once something was asked.
ODD = {
    "a page": lambda: [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
    "a line without an end": lambda: itertools.repeat(b"+" + b"x" * 65536),
    "a text without an end": lambda: itertools.chain(
        [b"$999999999999\r\n"], itertools.repeat(b"x" * 65536)
    ),
    "lists of lists": lambda: itertools.repeat(b"*1\r\n" * 1000),
    "messages that nobody asked for": lambda: itertools.repeat(b">2\r\n+a\r\n+b\r\n" * 1000),
    "drops": lambda: drip(b"+"),
    "a number of 5,000 digits": lambda: [(b":" + b"9" * 5000 + b"\r\n") * 20],
    "nothing": lambda: [b"$-1\r\n" * 20],
    "the end": lambda: [b""],
}


@pytest.mark.parametrize("pieces_of", ODD.values(), ids=ODD)
def test_whatever_answers_there_the_processs_own_share_holds(pieces_of, mocker):
    mocker.patch.object(redis_wire, "SECONDS", 0.3)
    with peers.serving(pieces_of) as port:
        store = RedisStore(f"redis://127.0.0.1:{port}/0")
        circuit = Circuit("there", store.failures)
        budget = SharedBudget("key", LIMIT, store, circuit, print)
        assert 0 < next(budget.pauses(1, 100)) < LIMIT.per
        assert circuit.away
        circuit._away = False
        budget.strike(5, lambda _: 5)
        assert circuit.away
        store.close()
