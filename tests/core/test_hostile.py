"""Hostile answers: whatever comes is orders that keep the rules, or a documented error, at a cost
in proportion to its length."""

import subprocess
import sys
import tracemalloc
from collections import Counter

import ccxt
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import mutations, oracle

HOSTILE = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))


@given(rng=st.randoms(use_true_random=False), valid=st.sampled_from(mutations.VALID))
@HOSTILE
def test_a_changed_body_is_orders_that_keep_the_rules_or_a_documented_error(rng, valid):
    oracle.check(mutations.mutated(rng, valid))


@pytest.mark.parametrize("field", mutations.ROW)
def test_every_hostile_token_in_every_field(field):
    for token in mutations.TOKENS:
        oracle.check(row_with(field, token))


@pytest.mark.parametrize("envelope", [b"%b", b'{"code":%b,"data":[]}', b'{"code":0,"data":%b}'])
def test_every_hostile_token_in_the_envelope(envelope):
    for token in mutations.TOKENS:
        oracle.check(envelope % token)


def row_with(field, token):
    good = msgspec.json.encode({**mutations.ROW, "order_id": "good"})
    bad = msgspec.json.encode({**mutations.ROW, field: msgspec.Raw(token)})
    return b'{"code":0,"data":[%b,%b,%b]}' % (good, bad, good)


HUGE = {
    "megabyte of text": b'"%b"' % (b"x" * 10**6),
    "integer of 10^6 digits": b"7" * 10**6,
    "fraction of 10^6 digits": b"0." + b"7" * 10**6,
    "text of 10^6 digits": b'"%b"' % (b"7" * 10**6),
    "megabyte of escapes": b'"%b"' % (rb"\u0000" * 166_667),
    "nesting of 10^6": b"[" * 10**6 + b"]" * 10**6,
    "nesting of 10^6 objects": b'{"a":' * 10**6 + b"0" + b"}" * 10**6,
    "object of 10^5 keys": b"{%b}" % b",".join(b'"%d":0' % key for key in range(10**5)),
}


@pytest.mark.parametrize("token", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("field", ["order_id", "price", "status", "note"])
def test_a_huge_value_is_an_order_or_an_error_in_a_few_words(field, token):
    body = row_with(field, token)
    orders, error = oracle.outcome(body)
    if error is None:
        assert (field in {"order_id", "note"}, len(orders)) == (True, 3)
    else:
        assert isinstance(error, ccxt.BadResponse)
        assert len(str(error)) + len(error.body) < oracle.LONGEST_TEXT


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + row_with("status", b"0"),
        row_with("status", b"0").decode().encode("utf-16"),
        row_with("status", b"0").replace(b"BTC", b"B\x00C"),
        row_with("status", b"0") * 2,
        row_with("status", b'0,"status":2'),
        row_with("status", b'{"status":0}'),
        b"\x00" * 1000,
        b'{"code":0,"data":[],"data":[[]]}',
        b'{"code":20013,"code":0,"data":[]}',
    ],
    ids=lambda body: ascii(body[:20]),
)
def test_bodies_that_readers_of_json_disagree_about(body):
    oracle.check(body)


def test_of_a_key_that_comes_twice_the_last_one_counts_and_info_says_so():
    [_, order, _], error = oracle.outcome(row_with("status", b'1,"status":2'))
    assert (error, order["status"], order["info"]["status"]) == (None, "closed", 2)


MILLION = """
import resource, sys
import ccxt, dfx_adapter
resource.setrlimit(resource.RLIMIT_AS, (2**30,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
try:
    rows = [sys.argv[1].encode()] * int(sys.argv[2])
    dfx_adapter.parse_orders("digifinex", b"[%b]" % b",".join(rows))
except ccxt.BadResponse as error:
    print(len(str(error)) < 1000, len(error.orders), len(error.row_errors), error.path)
"""


@pytest.mark.long
@pytest.mark.parametrize(("row", "count"), [("0", 10**6), ("{}", 10**5)])
def test_a_million_bad_rows_are_one_short_error_in_1_gib_and_a_minute_of_processor(row, count):
    """The limits are the operating system's: beyond them the process is killed."""
    command = [sys.executable, "-c", MILLION, row, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    path = "$[0].symbol" if row == "{}" else "$[0]"
    assert (done.stdout, done.stderr) == (f"True 0 1 {path}\n", "")


def rows(count, kind):
    """Encode rows of which none, every second, or all are bad."""
    broken = {"good": (), "mixed": range(0, count, 2), "bad": range(count)}[kind]
    every = [{**mutations.ROW, "order_id": f"{index:032x}"} for index in range(count)]
    for index in broken:
        every[index]["amount"] = None
    return msgspec.json.encode({"code": 0, "data": every})


def calls(body):
    """Count the calls of functions, C's included, that parsing makes."""
    counted = Counter()
    sys.setprofile(lambda frame, event, arg: counted.update([event]))
    try:
        oracle.outcome(body)
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]


def peak(body):
    """Measure the most memory that parsing takes at a time, in bytes."""
    tracemalloc.start()
    try:
        oracle.outcome(body)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["good", "mixed", "bad"])
@pytest.mark.parametrize("cost", [calls, peak])
def test_four_times_the_rows_cost_four_times_as_much(cost, kind):
    cost(rows(10, kind))  # what is imported and cached the first time
    few, many = (cost(rows(count, kind)) for count in (500, 2000))
    assert many < 4.4 * few
