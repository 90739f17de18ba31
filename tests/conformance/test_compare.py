"""What counts as the same order and the same error, and whose fault a difference is."""

from decimal import Decimal

import ccxt
import pytest

from dfx_conformance.compare import compare_error, compare_orders, plain
from dfx_conformance.vectors import ExpectedError

RULES = ("MAP-003", "MAP-014", "MAP-020")


def broken(expected, got, *, rules=RULES, exactly=False):
    problems = compare_orders([expected], [got], rules, exactly=exactly)
    return {problem.rule.id for problem in problems}


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("0.1", 0.1),
        ("0.1", "0.10"),
        ("0.1", Decimal("0.1")),
        ("4", 4),
        ("0.3", 0.1 + 0.2),
        ("1234567890.12345678", 1234567890.1234567),
        (None, None),
        ("0", 0.0),
    ],
)
def test_numbers_of_any_type_are_the_same(expected, got):
    assert broken({"remaining": expected}, {"remaining": got}) == set()


@pytest.mark.parametrize(
    ("expected", "got"),
    [("0.1", 0.2), ("0", None), (None, 0), ("1", True), ("1", "x"), ("0.1", [0.1]), ("0", 1e-17)],
)
def test_other_numbers_are_not(expected, got):
    assert broken({"remaining": expected}, {"remaining": got}) == {"MAP-020"}


def test_who_promises_exact_numbers_is_held_to_every_digit():
    expected, got = {"filled": "1234567890.12345678"}, {"filled": 1234567890.1234567}
    assert broken(expected, got) == set()
    assert broken(expected, got, exactly=True) == {"MAP-026"}
    assert broken(expected, {"filled": "1234567890.12345678"}, exactly=True) == set()


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        ({"remaining": "0.1"}, {"amount": 1.0, "filled": 0.9, "remaining": 1.0 - 0.9}, True),
        ({"remaining": "0.1"}, {"remaining": 0.1 + 5e-17}, True),
        ({"remaining": "0.1"}, {"remaining": 0.1 + 1e-15}, False),
        ({"cost": "4499.75"}, {"cost": 0.5 * 8999.5}, True),
        ({"cost": "1.21"}, {"cost": 1.1 * 1.1}, True),
        ({"cost": "1.21"}, {"cost": 1.2100000001}, False),
        ({"price": "9000.1"}, {"price": 9000.099609375}, False),  # of 32 bits
        ({"price": "9000.1"}, {"price": 9000.100000000002}, True),
        ({"price": "9000.1"}, {"price": 9000.10000001}, False),
    ],
)
def test_a_float_may_differ_by_what_one_step_of_arithmetic_brings_in(expected, got, right):
    assert (broken(expected, got) == set()) is right


def test_digits_lost_are_held_against_the_rule_about_digits():
    assert broken({"filled": "0.1"}, {"filled": 0.1000000000001}) == {"MAP-026"}
    assert broken({"filled": "0.1"}, {"filled": 0.10001}) == {"MAP-020"}


@pytest.mark.parametrize("got", [1562303600.0, "1562303600000", True, 0, None])
def test_a_time_is_a_whole_number(got):
    assert broken({"lastTradeTimestamp": 1562303600000}, {"lastTradeTimestamp": got}) == {"MAP-014"}


def test_only_what_is_expected_is_looked_at():
    assert broken({"status": "open"}, {"status": "open", "side": "wrong", "more": 1}) == set()


def test_a_missing_key_is_none():
    assert broken({"marginMode": None}, {}) == set()
    assert broken({"status": "open"}, {}) == {"MAP-003"}


def test_a_difference_is_held_against_the_rule_about_that_key():
    assert broken({"status": "open"}, {"status": "closed"}) == {"MAP-003"}
    assert broken({"filled": "1"}, {"filled": 2}) == {"MAP-020"}
    assert broken({"cost": "1"}, {"cost": 2}) == set(RULES)  # none of them is about it


@pytest.mark.parametrize(
    ("got", "right"),
    [
        ([("c", 2), ("a", 1), ("b", 1)], True),  # as the rows are
        ([("a", 1), ("b", 1), ("c", 2)], True),  # oldest first
        ([("b", 1), ("a", 1), ("c", 2)], False),  # of one time, but not as the rows are
        ([("c", 2), ("b", 1), ("a", 1)], False),
        ([("a", None), ("b", None), ("c", None)], False),
        ([("a", 1), ("b", 1), ("b", 2)], False),
        ([([], 1), ("b", 1), ("c", 2)], False),
    ],
)
def test_orders_stand_as_their_rows_do_or_oldest_first(got, right):
    expected = [{"id": order_id} for order_id in "cab"]
    orders = [{"id": order_id, "timestamp": time} for order_id, time in got]
    assert (list(compare_orders(expected, orders, ("LIST-001",))) == []) is right


def test_a_wrong_number_of_orders_is_held_against_all():
    problems = list(compare_orders([{}, {}], [{"id": "1"}], ("LIST-001",)))
    assert [(one.rule.id, one.said) for one in problems] == [("LIST-001", "1 orders, expected 2")]


@pytest.mark.parametrize(
    ("got", "same"),
    [
        ({"price": "0.10", "more": 1}, True),
        ({"price": 0.1}, True),
        ({"price": Decimal("0.1")}, True),
        ({"price": "0.2"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_info_has_at_least_the_keys_and_their_values(got, same):
    assert (broken({"info": {"price": "0.10"}}, {"info": got}) == set()) is same


def faults(error, **expected):
    wanted = ExpectedError(expected.pop("class_", "ExchangeError"), **expected)
    return {problem.rule.id for problem in compare_error(wanted, error, ("MAP-004",))}


class Ours(ccxt.ExchangeError):
    pass


def test_a_subclass_is_an_error_of_its_class():
    assert faults(Ours("x")) == set()
    assert faults(ccxt.NetworkError("x")) == {"MAP-004"}


def test_a_class_can_be_excluded():
    assert faults(ccxt.OrderNotFound("x"), not_=("OrderNotFound",)) == {"MAP-004"}


def test_an_error_that_is_not_of_ccxt_is_a_fault_of_its_own():
    assert faults(KeyError("x")) == {"ERR-016", "MAP-004"}


def test_the_path_is_in_the_text_or_an_attribute():
    path = "$.data[1]"
    assert faults(Ours("bad $.data[1]: no"), path=path) == set()
    assert faults(Ours("bad $.data[1].status"), path=path) == {"ERR-020"}
    error = Ours("bad")
    error.path = path
    assert faults(error, path=path) == set()


def test_code_and_texts_are_in_the_text():
    assert faults(Ours("digifinex 20013"), code=20013, text=("digifinex",)) == set()
    assert faults(Ours("no"), code="20013", text=("digifinex",)) == {"ERR-014", "ERR-015"}


def test_the_good_orders_are_carried():
    error = Ours("x")
    assert faults(error, orders=({"id": "1"},)) == {"LIST-002"}
    error.orders = [{"id": "1"}]
    assert faults(error, orders=({"id": "1"},)) == set()


@pytest.mark.parametrize("orders", [5, "1", [1], [None, {"id": "2"}], object()])
def test_what_an_error_carries_instead_of_orders_is_no_order(orders):
    error = Ours("x")
    error.orders = orders
    assert faults(error, orders=({"id": "1"},)) == {"LIST-002"}


def test_a_report_can_hold_whatever_came():
    odd = {"a": Decimal("1.10"), "b": float("nan"), 3: {1}, "c": object, "d": (None, True)}
    assert plain(odd) == {"a": "1.10", "b": "nan", "3": [1], "c": repr(object), "d": [None, True]}
