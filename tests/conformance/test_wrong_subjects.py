"""Subjects that are wrong about everything fail, for the right reason, and never pass for right."""

from typing import Any

import ccxt
import pytest

from dfx_conformance import Subject, run
from dfx_conformance.profiles.wire import SCENARIOS
from dfx_conformance.subject import CAPABILITIES

pytestmark = pytest.mark.long
KEYS = ("id", "symbol", "status", "side", "type", "timestamp", "amount", "filled", "info", "price")


def raising(make):
    def call(*_args, **_kwargs):
        raise make()

    return call


def giving(answer):
    return lambda *_args, **_kwargs: answer


def carrying(orders, ids):
    error = ccxt.ExchangeError("no")
    error.orders, error.ids = orders, ids
    return error


class Unwritten:
    def __repr__(self):
        raise ValueError("no repr")

    def __eq__(self, other):
        raise ValueError("no ==")

    __hash__ = None


class Unsaid(ccxt.ExchangeError):
    def __str__(self):
        raise ValueError("no text")


RAISING: dict[str, Any] = {
    "RuntimeError": raising(lambda: RuntimeError("boom")),
    "ExchangeError": raising(lambda: ccxt.ExchangeError("no")),
    "BaseError": raising(lambda: ccxt.BaseError("no")),
    "SystemExit": raising(lambda: SystemExit(0)),
    "odd facts": raising(lambda: carrying(5, None)),
    "odd facts in a list": raising(lambda: carrying([None, 5], [[]])),
}
GIVING: dict[str, Any] = {
    "None": giving(None),
    "text": giving("order"),
    "a number": giving(5),
    "a list of None": giving([None]),
    "no keys": giving({}),
    "what cannot be written": giving(Unwritten()),
    "odd values": giving({key: [] for key in KEYS}),
}
# What an empty list is the right answer to.
EMPTY = {"lists/empty-1", "wire/no-open-orders", "wire/batch-of-none"}


class Exchange:
    has: Any = None

    def __init__(self, behave):
        self._behave = behave

    def __getattr__(self, name):
        if name.startswith("_") or name == "close":
            raise AttributeError(name)
        return self._behave


def tried(behave, connect=None):
    connect = connect or (lambda _url, **_config: Exchange(behave))
    subject = Subject("wrong", behave, connect, capabilities=frozenset(CAPABILITIES))
    return run(subject)


def ids(report, verdict):
    return {result["id"] for result in report["results"] if result["verdict"] == verdict}


# ... and an error of ccxt's: to an answer that refuses with a code, whose exact class is a SHOULD.
CCXTS = {"ExchangeError", "BaseError", "odd facts", "odd facts in a list"}


def is_refusal(case):
    return case.startswith("refusals/")


@pytest.mark.parametrize("name", RAISING)
def test_who_raises_whatever_is_asked_passes_nothing_but_a_refusal(name):
    report = tried(RAISING[name])
    passed = ids(report, "passed")
    assert bool(passed) == (name in CCXTS)
    assert all(map(is_refusal, passed))
    assert ids(report, "crashed") == set()
    assert report["failed"] > 100  # one fault is one finding: the other cases name it
    assert {scenario.id for scenario in SCENARIOS} <= ids(report, "failed") | ids(report, "warned")


@pytest.mark.parametrize("name", GIVING)
def test_who_gives_something_else_passes_nothing(name):
    report = tried(GIVING[name])
    assert ids(report, "passed") == ids(report, "crashed") == set()
    assert report["failed"] > 100


def test_who_gives_nothing_passes_where_nothing_is_right():
    report = tried(giving([]))
    assert (ids(report, "passed"), report["crashed"]) == (EMPTY, 0)


def test_a_crash_of_the_subject_is_named_and_none_of_ccxts_errors():
    report = tried(RAISING["RuntimeError"])
    for result in report["results"]:
        messages = [problem["said"] for problem in result["problems"]]
        unsaid = result["verdict"] == "unsupported" or result["id"] == "wire/has"
        assert unsaid or any("RuntimeError: boom" in message for message in messages), result["id"]
    assert report["rules"]["ERR-016"] == "failed"


def test_an_error_of_the_wrong_class_is_blamed_on_the_rule_of_the_class():
    report = tried(RAISING["ExchangeError"])
    broken = {
        result["id"]: {problem["rule"] for problem in result["problems"]}
        for result in report["results"]
    }
    assert broken["wire/secrets-in-an-error"] == {"ERR-006"}
    assert broken["wire/secrets-in-a-page"] == {"ERR-002"}
    assert broken["wire/secrets-in-a-502"] == {"ERR-017"}
    assert broken["wire/answer-lost-and-retries"] >= {"ERR-018"}
    assert broken["wire/dropped"] == {"ERR-018"}
    assert broken["wire/market-buy-of-what"] == {"WIRE-016"}
    assert broken["wire/open-orders-bad-row"] == {"ERR-020", "LIST-002"}
    assert broken["wire/batch-bad-row"] == {"ERR-020", "LIST-002"}
    assert report["rules"]["ERR-016"] == "passed"


@pytest.mark.parametrize("connect", [giving(None), raising(lambda: RuntimeError("no"))])
def test_no_exchange_object_is_a_failure_of_every_scenario(connect):
    report = tried(giving([]), connect)
    wire = {scenario.id for scenario in SCENARIOS}
    assert wire <= ids(report, "failed") | ids(report, "warned")
    assert report["crashed"] == 0


def test_an_error_without_text_is_an_error_all_the_same():
    report = run(Subject("unsaid", raising(Unsaid)), only=["spot/mode-1", "codes/unknown-1"])
    assert (report["failed"], report["crashed"]) == (2, 0)
