"""What is news of an order: any sequence of pushes and answers ends in what the exchange has."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfx_adapter.digifinex.stream import book as books
from dfx_adapter.digifinex.stream.book import Book, News
from dfx_adapter.digifinex.stream.frames import Update


def row(filled="0", status=0, order_id="a", amount="2", **fields):
    known = {
        "symbol": "BTC_USDT",
        "order_id": order_id,
        "created_date": 1_562_303_547,
        "finished_date": 1_562_303_600 if status > 1 else 0,
        "price": 100,
        "amount": amount,
        "cash_amount": 0,
        "executed_amount": filled,
        "avg_price": "100" if Decimal(filled) else 0,
        "status": status,
        "type": "buy",
        "kind": "spot",
    }
    return {**known, **fields}


def push(filled="0", status=0, order_id="a", amount="2", symbol="BTC_USDT"):
    quantity = Decimal(filled)
    return Update(
        order_id, symbol, "spot", status, Decimal(amount), quantity, "100" if quantity else "0"
    )


def news(book, change=0):
    return [(entry.row["executed_amount"], entry.row["status"]) for entry in book.since(change)]


@pytest.fixture
def book():
    known = Book()
    known.rest(row(), "spot", is_news=False)
    return known


def test_an_order_of_before_is_no_news(book):
    assert news(book) == []
    assert book.unsettled() == {"a": "spot"}


def test_a_fill_is_merged_and_keeps_what_rest_knows(book):
    assert book.push(push("0.5", 1)) is News.MERGED
    (entry,) = book.since(0)
    assert entry.row == row("0.5", 1, avg_price="100")
    assert entry.row["created_date"] == 1_562_303_547


def test_an_order_seen_for_the_first_time_and_one_that_is_over_take_rest(book):
    assert book.push(push(order_id="b")) is News.ASK
    assert book.push(push("2", 2)) is News.ASK
    assert book.unsettled() == {"a": "spot", "b": "spot"}
    assert news(book) == []
    assert book.rest(row("2", 2), "spot")
    assert news(book) == [("2", 2)]
    assert book.unsettled() == {"b": "spot"}


@pytest.mark.parametrize(
    "late",
    [push(), push("0.5", 1), push("0.7", 1), push("0.4", 1)],
    ids=lambda one: str(one.filled),
)
def test_what_is_known_or_older_is_no_news(book, late):
    book.push(push("0.7", 1))
    change = book.changes
    assert book.push(late) is News.OLD
    assert not book.rest(row("0.5", 1), "spot")
    assert book.rest(row("0.7", 1), "spot")
    assert news(book, change) == []


def test_what_is_over_stays_over(book):
    book.rest(row("0.5", 4), "spot")
    change = book.changes
    for late in (push("0.7", 1), push()):
        assert book.push(late) in {News.OLD, News.ASK}
    assert not book.rest(row("0.7", 1), "spot")
    assert news(book, change) == []


@pytest.mark.parametrize(
    "odd",
    [
        push("3", 1),
        push("1", 2),
        push("0.5", 0),
        push("0", 9),
        push("0.5", 1, symbol="ETH_USDT"),
        push("0", 2),
    ],
    ids=str,
)
def test_a_push_that_cannot_be_is_settled_by_rest(book, odd):
    assert book.push(odd) is News.ASK
    assert news(book) == []
    assert not book.merge(odd)


def test_less_filled_at_the_end_than_before_is_settled_by_rest(book):
    book.push(push("0.5", 1))
    assert book.push(push("0.4", 4)) is News.ASK


def test_where_rest_is_silent_the_push_is_taken_at_its_word(book):
    assert book.push(push("2", 2)) is News.ASK
    assert book.merge(push("2", 2))
    assert news(book) == [("2", 2)]
    change = book.changes
    assert book.rest(row("2", 2), "spot")  # with the date that was missing
    assert news(book, change) == []
    assert book.entry("a").row["finished_date"] == 1_562_303_600


def test_changes_are_in_their_order_the_newest_state_of_each():
    book = Book()
    for name in "abc":
        book.rest(row(order_id=name), "spot")
    book.push(push("0.5", 1, "a"))
    assert [entry.row["order_id"] for entry in book.since(0)] == ["b", "c", "a"]
    assert [entry.row["order_id"] for entry in book.since(3)] == ["a"]


def test_memory_is_bounded_and_no_open_order_is_forgotten(mocker):
    mocker.patch.object(books, "MOST_FINAL", 10)
    book = Book()
    book.rest(row(), "spot")
    for number in range(50):
        book.rest(row("2", 2, str(number)), "spot")
    assert len(list(book.since(0))) == 11
    assert book.entry("a") is not None
    assert book.entry("49") is not None


def test_what_was_placed_is_expected_until_rest_tells():
    book = Book()
    book.expect("b", "margin")
    assert book.unsettled() == {"b": "margin"}
    book.rest(row(order_id="b"), "margin")
    book.expect("b", "margin")
    assert news(book) == [("0", 0)]
    assert book.unsettled() == {"b": "margin"}


def life(fills, end):
    """The states of an order: waiting, filled further and further, and perhaps over."""
    states = [("0", 0), *[(str(filled), 1) for filled in sorted(fills)]]
    if end == "filled":
        return [*states, ("2", 2)]
    if end == "canceled":
        return [*states, (states[-1][0], 4 if fills else 3)]
    return states


LIVES = st.builds(
    life,
    st.sets(st.decimals("0.1", "1.9", places=1), max_size=4),
    st.sampled_from(["open", "filled", "canceled"]),
)


@settings(max_examples=200)
@given(LIVES, st.integers(0, 2**32), st.booleans())
def test_whatever_is_lost_doubled_or_moved_the_end_is_handed_over_one_time(states, seed, is_known):
    shuffled = random.Random(seed)
    seen = [shuffled.choice(states) for _ in range(3 * len(states))]
    book = Book()
    if is_known:
        book.rest(row(*states[0]), "spot", is_news=False)
    handed, change = [], 0
    for filled, status in [*seen, states[-1]]:
        if shuffled.random() < 0.5:
            book.push(push(filled, status))
        else:
            book.rest(row(filled, status), "spot")
        handed += news(book, change)
        change = book.changes
    book.rest(row(*states[-1]), "spot")
    handed += news(book, change)
    fills = [Decimal(filled) for filled, _ in handed]
    assert fills == sorted(fills)
    assert len(handed) == len(set(handed))
    assert set(handed) <= set(states)
    assert book.entry("a").row["status"] == states[-1][1] or states[-1][1] < 2
    assert (states[-1] in handed) or (is_known and states == states[:1])
