"""Every adapter that is broken on purpose is caught by its rule; no right one is accused."""

import builtins
import re

import pytest

from dfx_conformance import RULES, Subject, load, run
from dfx_conformance.rules import find
from tests.conformance.broken import BROKEN
from tests.conformance.different import NO_COST, ON_THE_WIRE, READERS
from tests.conformance.different_orders import ANSWERED, ORDERS

VECTORS = load()
CAUGHT = {"MUST": "failed", "SHOULD": "warned"}


# Readers whose errors differ, or with whom all begins: these read the malformed answers, too.
ALSO_MALFORMED = {
    "Decimal",
    "errors of its own",
    "the path in an attribute",
    "the path in a sentence",
}


def named(adapter):
    return f"{adapter.rule}: {adapter.name}"


@pytest.mark.parametrize("broken", BROKEN, ids=named)
def test_a_broken_adapter_is_caught_by_its_rule(broken):
    vectors = [one for one in VECTORS if one.id.startswith(broken.vectors)]
    report = run(broken.subject, vectors=vectors, only=[broken.rule])
    level = find(broken.rule).level
    assert report["rules"][broken.rule] == CAUGHT[level]
    assert report["ok"] is (level == "SHOULD" and not report["failed"])
    caught = [one for one in report["results"] if one["verdict"] in CAUGHT.values()]
    problems = [
        problem for one in caught for problem in one["problems"] if problem["rule"] == broken.rule
    ]
    assert problems
    assert broken.rule == "ERR-016" or not any(map(is_crash, problems))


def is_crash(problem):
    """Tell whether the adapter merely fell over: it raised what no exchange object raises."""
    raised = re.search(r"raised (\w+)", problem["said"])
    return raised is not None and hasattr(builtins, raised[1])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_an_adapter_that_breaks_it(rule):
    assert rule.id in {broken.rule for broken in BROKEN}


def test_no_two_broken_adapters_have_one_name():
    assert len({named(broken) for broken in BROKEN}) == len(BROKEN) > 70


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_a_right_reader_is_not_accused_however_it_is_built(name):
    vectors = [one for one in VECTORS if name in ALSO_MALFORMED or one.orders is not None]
    report = run(READERS[name], vectors=vectors)
    assert {one["id"] for one in report["results"] if one["problems"]} == set()
    assert (report["conforms"], report["ran"] > 150) == (True, True)


def test_a_reader_that_breaks_a_should_alone_is_warned_of_it():
    report = run(NO_COST, vectors=VECTORS)
    assert (report["ok"], report["rules"]["MAP-038"]) == (True, "warned")
    assert report["rules"]["MAP-023"] == report["rules"]["ORD-013"] == "passed"


@pytest.mark.parametrize("name", ON_THE_WIRE)
def test_a_right_exchange_object_is_not_accused_however_it_is_built(name):
    subject, rules = ON_THE_WIRE[name]
    report = run(subject, vectors=(), only=rules)
    assert {one["id"] for one in report["results"] if one["problems"]} == set()
    assert (report["conforms"], report["ran"] >= len(rules) / 2) == (True, True)


def test_what_a_changing_method_could_not_know_is_a_should():
    report = run(Subject("placed", orders=lambda: [ANSWERED]))
    assert {one["id"] for one in report["results"] if one["problems"]} == {"order/ORD-019"}
    assert report["ok"]


@pytest.mark.parametrize("name", ORDERS)
def test_right_orders_of_other_exchanges_are_not_accused(name):
    report = run(ORDERS[name])
    assert {one["id"] for one in report["results"] if one["problems"]} == set()
    assert report["conforms"]
