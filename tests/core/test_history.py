"""Paging through order/history: nothing is missed, and nothing loops."""

import logging
import random
import sys
from bisect import bisect_left, bisect_right

import ccxt
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from dfx_adapter import AdapterHost
from dfx_adapter.digifinex.methods import history

DAY = 86_400
NOW = 1_600_000_000  # seconds
MONTH = 30 * DAY


class Exchange:
    """Answers order/history: at most 100 rows of the window, any of them, in any order."""

    def __init__(self, created=(), *, start_included=True, end_included=True, seed=0):
        self.created = sorted(created)
        self.start_included, self.end_included = start_included, end_included
        self.random = random.Random(seed)
        self.asked = []

    def answer(self, params):
        begin, end = params["start_time"], params.get("end_time", NOW)
        self.asked.append((begin, params.get("end_time")))
        assert len(self.asked) < 20_000, "paging does not end"
        assert end - begin <= MONTH, "the exchange has no wider window"
        first = (bisect_left if self.start_included else bisect_right)(self.created, begin)
        last = (bisect_right if self.end_included else bisect_left)(self.created, end)
        if "end_time" not in params:
            last = len(self.created)
        indices = list(range(first, max(first, last)))
        page = self.random.sample(indices, min(len(indices), params["limit"]))
        return {"code": 0, "data": [self.row(index) for index in page]}

    def row(self, index):
        return {
            "symbol": "BTC_USDT",
            "order_id": f"{index:06}",
            "created_date": self.created[index],
            "finished_date": 0,
            "price": 1,
            "amount": 1,
            "cash_amount": 0,
            "executed_amount": 0,
            "avg_price": 0,
            "status": 0,
            "type": "buy",
            "kind": "spot",
        }


HOST = AdapterHost(entry_points=False)


def connected(exchange):
    """Give an exchange object that asks this exchange, at a moment that stands still."""
    client = HOST.connect("digifinex")
    client.privateSpotGetMarketOrderHistory = exchange.answer
    client.milliseconds = lambda: NOW * 1000
    return client


def spans(asked):
    """Give the seconds from first to last that the requests cover, and fail for a gap."""
    ordered = sorted((start, NOW if end is None else end) for start, end in asked)
    last = ordered[0][0]
    for start, end in ordered:
        assert start <= last + 1, f"nobody asks for the seconds between {last} and {start}"
        last = max(last, end)
    return ordered[0][0], last


seconds = st.integers(NOW - 400 * DAY, NOW - 1)  # nothing is asked of what is to come


@given(since=seconds, length=st.integers(0, 200 * DAY), part=st.integers(0, 999))
@settings(deadline=None, max_examples=30)
def test_the_windows_cover_all_that_was_asked_for_without_gaps(since, length, part):
    """None is wider than 30 days: the exchange of this test would say so."""
    exchange = Exchange()
    since, until = since * 1000 + part, (since + length) * 1000 + part
    assert connected(exchange).fetch_orders(since=since, params={"until": until}) == []
    first, last = spans(exchange.asked)
    assert first * 1000 <= since
    assert last * 1000 >= min(until, NOW * 1000)  # no order is of what is to come


@given(since=seconds)
@settings(deadline=None, max_examples=30)
def test_an_open_end_is_asked_for_as_the_present(since):
    """What is created while paging goes on is asked for, too."""
    exchange = Exchange()
    connected(exchange).fetch_orders(since=since * 1000)
    assert spans(exchange.asked)[0] <= since
    open_ends = [start for start, end in exchange.asked if end is None]
    assert open_ends == [max(exchange.asked)[0]]


@pytest.mark.parametrize("days_ago", [None, 10])
def test_without_since_the_three_days_of_the_exchange_are_asked_for(days_ago):
    exchange = Exchange()
    until = NOW - (days_ago or 0) * DAY
    params = {} if days_ago is None else {"until": until * 1000}
    connected(exchange).fetch_orders(params=params)
    first, last = spans(exchange.asked)
    assert first == pytest.approx(until - 3 * DAY, abs=2)
    assert last == pytest.approx(until, abs=2)


@pytest.mark.parametrize(("rows", "requests"), [(0, 1), (99, 1), (100, 2), (250, 4)])
def test_a_full_page_is_never_trusted(rows, requests):
    """100 rows may be all, or any 100 of more."""
    exchange = Exchange([NOW - DAY + place * 60 for place in range(rows)])
    orders = connected(exchange).fetch_orders(since=(NOW - 2 * DAY) * 1000)
    assert len(orders) == rows
    assert len(exchange.asked) >= requests
    assert len(exchange.asked) == 1 or rows >= 100


@pytest.mark.parametrize("bad", [{"amount": None}, {"status": 9}])
def test_the_orders_of_all_pages_are_on_the_error_about_one_row(bad):
    exchange = Exchange([NOW - 50 * DAY, NOW - 40 * DAY, NOW - 10 * DAY, NOW - 5 * DAY])
    right = exchange.row
    exchange.row = lambda index: {**right(index), **(bad if index == 2 else {})}
    with pytest.raises(ccxt.BaseError) as caught:
        connected(exchange).fetch_orders(since=(NOW - 55 * DAY) * 1000)
    assert sorted(order["id"] for order in caught.value.orders) == ["000000", "000001", "000003"]
    assert caught.value.path.startswith("$.data[")


@pytest.mark.parametrize("asked", ["LTC/USDT", "LTC/BTC"])
def test_rows_of_another_market_than_asked_for_are_a_bad_symbol(asked):
    with pytest.raises(ccxt.BadSymbol):
        connected(Exchange([NOW - 60])).fetch_orders(asked)


# Where orders cluster: how long before now, how many of them, over how many seconds.
clusters = st.lists(
    st.tuples(
        st.integers(0, 70 * DAY), st.integers(1, 130), st.sampled_from([2, 3, 10, 3_600, DAY])
    ),
    max_size=4,
)
ENDS = pytest.mark.parametrize(
    ("start_included", "end_included"),
    [(True, True), (True, False), (False, True), (False, False)],
    ids=["both ends", "without the last", "without the first", "neither end"],
)
# Not shrunk: an example takes its time, and the explicit ones below are small already.
QUICK = settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def spread(found):
    """Place the orders of a cluster evenly: never more than 70 in one second."""
    return [
        min(NOW - 1, NOW - ago + place % max(span, -(-count // 70)))
        for ago, count, span in found
        for place in range(count)
    ]


def at_most_90_a_second(created):
    counts = {}
    kept = []
    for second in created:
        counts[second] = counts.get(second, 0) + 1
        if counts[second] <= 90:
            kept.append(second)
    return sorted(kept)


@ENDS
@given(found=clusters, seed=st.integers(0, 2**32))
@example(found=[(1000, 130, 2)], seed=1)
@example(found=[(1000, 130, 3), (70 * DAY, 130, 2)], seed=2)
@QUICK
def test_every_order_since_a_time_is_found(start_included, end_included, found, seed):
    created = at_most_90_a_second(spread(found))
    since = NOW - 60 * DAY
    exchange = Exchange(
        created, start_included=start_included, end_included=end_included, seed=seed
    )
    orders = connected(exchange).fetch_orders(since=since * 1000)
    wanted = [f"{index:06}" for index, second in enumerate(created) if second >= since]
    assert sorted(order["id"] for order in orders) == wanted


@ENDS
@given(found=clusters, seed=st.integers(0, 2**32), edges=st.integers(1, 3))
@example(found=[], seed=0, edges=1)
@QUICK
def test_orders_at_both_ends_of_what_was_asked_for_are_found(
    start_included, end_included, found, seed, edges
):
    since, until = NOW - 40 * DAY, NOW - 5 * DAY
    created = at_most_90_a_second([*spread(found), *([since, until] * edges)])
    exchange = Exchange(
        created, start_included=start_included, end_included=end_included, seed=seed
    )
    orders = connected(exchange).fetch_orders(since=since * 1000, params={"until": until * 1000})
    wanted = [f"{index:06}" for index, second in enumerate(created) if since <= second <= until]
    assert sorted(order["id"] for order in orders) == wanted


@ENDS
@given(found=clusters, seed=st.integers(0, 2**32), limit=st.integers(1, 150))
@example(found=[(1000, 130, 2)], seed=1, limit=90)
@QUICK
def test_a_limit_keeps_the_oldest_since_a_time(start_included, end_included, found, seed, limit):
    created = at_most_90_a_second(spread(found))
    since = NOW - 60 * DAY
    exchange = Exchange(
        created, start_included=start_included, end_included=end_included, seed=seed
    )
    orders = connected(exchange).fetch_orders(since=since * 1000, limit=limit)
    wanted = [second * 1000 for second in created if second >= since][:limit]
    assert [order["timestamp"] for order in orders] == wanted


@ENDS
@given(found=clusters, seed=st.integers(0, 2**32), limit=st.integers(1, 150))
@example(found=[(1000, 130, 2)], seed=1, limit=90)
@QUICK
def test_a_limit_keeps_the_newest_of_three_days(start_included, end_included, found, seed, limit):
    created = at_most_90_a_second(spread([(ago % (4 * DAY), *rest) for ago, *rest in found]))
    exchange = Exchange(
        created, start_included=start_included, end_included=end_included, seed=seed
    )
    orders = connected(exchange).fetch_orders(limit=limit)
    begin = (NOW - 3 * DAY) * 1000  # whether it belongs to the three days, nobody says
    wanted = [second * 1000 for second in created if second * 1000 > begin][-limit:]
    assert [order["timestamp"] for order in orders if order["timestamp"] > begin] == wanted


@ENDS
@pytest.mark.parametrize("count", [100, 150])
def test_a_second_that_fills_a_page_ends_with_a_warning_and_what_the_page_holds(
    count, start_included, end_included, caplog
):
    created = [NOW - 1_000] * count
    exchange = Exchange(created, start_included=start_included, end_included=end_included, seed=1)
    orders = connected(exchange).fetch_orders(since=(NOW - DAY) * 1000)
    assert 100 <= len(orders) <= count
    assert len(exchange.asked) < 200
    assert [record for record in caplog.records if record.levelno == logging.WARNING]


def calls_of(pages, **given):
    """Count the calls that reading so many full pages of orders takes."""
    exchange = Exchange(range(NOW - 60 * pages, NOW))
    client = connected(exchange)
    calls = 0

    def count(_, event, __):
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        orders = client.fetch_orders(None, (NOW - 60 * pages) * 1000, **given)
    finally:
        sys.setprofile(None)
    assert len(orders) == given.get("limit", 60 * pages)
    return calls / len(orders)


@pytest.mark.parametrize("limit", [False, True])
def test_the_work_for_an_order_does_not_grow_with_the_pages(limit):
    few, many = (
        calls_of(pages, **({"limit": 60 * pages - 1} if limit else {})) for pages in (8, 128)
    )
    assert many < 1.5 * few


def test_an_order_counts_as_long_as_it_belongs_to_the_list():
    found = history.Found(lambda order: order["status"] == "closed")
    found.add([{"id": "a", "timestamp": 1, "status": "closed"}])
    found.add([{"id": "b", "timestamp": 2, "status": "open"}])
    assert found.settle(lambda order: order["timestamp"] < 3) == 1
    found.add([{"id": "b", "timestamp": 2, "status": "closed"}])  # as a later page has it
    assert found.settle(lambda order: order["timestamp"] < 2) == 1
    assert found.settle(lambda order: order["timestamp"] < 3) == 2
    found.add([{"id": "a", "timestamp": 1, "status": "canceled"}])
    assert found.settle(lambda order: order["timestamp"] < 3) == 1
    assert [order["id"] for order in found.kept()] == ["b"]
