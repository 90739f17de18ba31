"""How a run ends: verdicts, crashes, hangs, expected failures, nothing to run."""

import asyncio
import json
import subprocess
import sys
import threading
import warnings

import ccxt
import pytest

from dfx_conformance import NothingToRun, Subject, VectorError, run

from .conftest import good, refused, vector

MAPPING = ["digifinex-mapping"]


def verdicts(report):
    return {one["id"]: one["verdict"] for one in report["results"]}


@pytest.fixture
def two(vectors):
    return vectors(vector(), refused())


def wrong(body):
    return [{**order, "status": "closed"} for order in good(body)]


def test_a_right_adapter_conforms(two):
    report = run(Subject("good", good), MAPPING, two)
    assert report["ok"] is report["conforms"] is True
    assert (report["ran"], report["failed"], report["passed"]) == (7, 0, 7)
    assert list(report)[-1] == "complete"


def test_a_function_alone_is_a_subject(two):
    assert run(good, MAPPING, two)["subject"] == "good"


def test_so_is_an_object_with_parse(two):
    class Adapter:
        parse = staticmethod(good)

    assert run(Adapter(), MAPPING, two)["ok"]


def test_a_module_with_our_public_names_is_one():
    import dfx_adapter

    report = run(dfx_adapter, only=["spot/mode-1", "wire/one-order", "MAP-002"])
    assert (report["subject"], report["ok"], report["failed"]) == ("dfx_adapter", True, 0)
    assert report["ran"] > 1


@pytest.mark.parametrize("thing", [1, None, "x", object(), Subject])
def test_what_offers_nothing_is_refused(thing):
    with pytest.raises(TypeError, match="is no subject"):
        run(thing)


def test_coroutine_functions_are_awaited(two):
    async def parse(body):
        await asyncio.sleep(0)
        return good(body)

    assert run(Subject("async", parse), MAPPING, two)["ok"]


async def test_it_runs_inside_a_running_loop(two):
    assert run(Subject("good", good), MAPPING, two)["ok"]


def test_a_wrong_answer_fails_by_its_rule_and_explains_itself(two):
    report = run(Subject("wrong", wrong, command="mine:wrong"), MAPPING, two)
    assert report["ok"] is False
    (failed,) = [one for one in report["results"] if one["verdict"] == "failed"]
    assert failed["id"] == "spot/partial-canceled-1"
    (problem,) = failed["problems"]
    assert problem["rule"] == "MAP-003"
    assert problem["said"] == "status is 'closed', expected 'canceled'"
    assert (problem["got"], problem["expected"]) == ({"status": "closed"}, {"status": "canceled"})
    assert failed["again"] == "dfx-conformance run mine:wrong --vector spot/partial-canceled-1"
    assert '"order_id":"a1"' in failed["input"]
    assert failed["source"] == "STATUS"
    assert report["rules"]["MAP-003"] == "failed"
    assert report["rules"]["MAP-020"] == "passed"


def boom(body):
    raise KeyError("boom")


def leave(body):
    sys.exit(0)


def no_orders(body):
    return [1]


def nothing(body):
    return None


@pytest.mark.parametrize("crash", [boom, leave, no_orders, nothing])
def test_a_crash_fails_its_vector_and_not_the_run(two, crash):
    def parse(body):
        return crash(body) if b'"status":4' in body else good(body)

    report = run(Subject("crash", parse), MAPPING, two)
    assert verdicts(report)["spot/partial-canceled-1"] == "failed"
    assert verdicts(report)["errors/unknown-status-1"] == "passed"
    assert report["complete"] is True


def test_a_crash_says_where(two):
    report = run(Subject("crash", boom), MAPPING, two)
    assert "KeyError: 'boom' (test_runner.py:" in report["results"][0]["problems"][0]["said"]


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_hang_is_bounded(two, asynchronous):
    release = threading.Event()

    def hang(body):
        release.wait()

    async def hang_on(body):
        await asyncio.Event().wait()

    def parse(body):
        if b'"status":4' not in body:
            return good(body)
        return (hang_on if asynchronous else hang)(body)

    report = run(Subject("hang", parse, timeout=0.2), MAPPING, two)
    release.set()
    assert verdicts(report)["spot/partial-canceled-1"] == "failed"
    assert verdicts(report)["errors/unknown-status-1"] == "passed"
    message = report["results"][0]["problems"][0]["said"]
    assert "no answer within 0.2 s" in message


def test_a_broken_should_is_no_failure(vectors):
    report = run(Subject("wrong", wrong), MAPPING, vectors(vector(level="SHOULD")))
    assert verdicts(report)["spot/partial-canceled-1"] == "warned"
    assert (report["ok"], report["warned"], report["failed"]) == (True, 1, 0)


def test_an_undeclared_capability_is_unsupported(vectors):
    report = run(Subject("good", good), MAPPING, vectors(vector(capability="exact-numbers")))
    result = report["results"][0]
    assert result["verdict"] == "unsupported"
    assert result["reason"] == "capability exact-numbers is not declared"


def test_nothing_ran_is_not_well(vectors):
    made = vectors(vector(capability="margin"))
    report = run(Subject("none", good, capabilities={"spot"}), MAPPING, made, only=["MAP-003"])
    assert (report["ran"], report["ok"], report["conforms"]) == (0, False, False)


def test_a_profile_without_a_way_in_is_unsupported(two):
    report = run(Subject("good", good), ["digifinex-wire"], two)
    assert report["ran"] == 0
    assert {one["reason"] for one in report["results"]} >= {"the subject gives no connect"}


@pytest.mark.parametrize("name", ["spot/partial-canceled-1", "MAP-003"])
def test_an_expected_failure_is_one(two, name):
    report = run(Subject("wrong", wrong, xfail={name: "we know"}), MAPPING, two)
    assert verdicts(report)["spot/partial-canceled-1"] == "xfailed"
    assert (report["ok"], report["conforms"]) == (True, False)
    assert report["rules"]["MAP-003"] == "xfailed"


def test_an_expected_failure_of_another_rule_excuses_nothing(two):
    report = run(Subject("wrong", wrong, xfail={"MAP-004": "no"}), MAPPING, two)
    assert verdicts(report)["spot/partial-canceled-1"] == "failed"


@pytest.mark.parametrize("name", ["spot/partial-canceled-1", "MAP-003"])
def test_an_expected_failure_that_does_not_fail_is_one(two, name):
    report = run(Subject("good", good, xfail={name: "we thought"}), MAPPING, two)
    assert verdicts(report)[name] == "xpassed"
    assert report["ok"] is False


def test_an_expected_failure_of_nothing_is_refused(two):
    with pytest.raises(NothingToRun, match="spot/no-such"):
        run(Subject("good", good, xfail={"spot/no-such": "?"}), MAPPING, two)


def test_an_expected_failure_needs_a_reason():
    with pytest.raises(ValueError, match="without a reason"):
        Subject("x", good, xfail={"MAP-003": " "})


def test_an_unknown_capability_is_refused():
    with pytest.raises(ValueError, match="unknown capability swap; known are spot"):
        Subject("x", good, capabilities={"swap"})


def test_a_subject_needs_a_way_in():
    with pytest.raises(ValueError, match="none of parse, connect"):
        Subject("x")


@pytest.mark.parametrize(("profiles", "only"), [(["nope"], None), (None, ["nope/1"])])
def test_what_does_not_exist_cannot_be_run(two, profiles, only):
    with pytest.raises(NothingToRun, match="nope"):
        run(Subject("good", good), profiles, two, only=only)


@pytest.mark.parametrize("only", ["spot/partial-canceled-1", "MAP-014"])
def test_one_vector_or_rule_can_be_run(two, only):
    report = run(Subject("good", good), None, two, only=[only])
    assert verdicts(report) == {"spot/partial-canceled-1": "passed"}


def test_an_adapter_that_remembers_is_caught(two):
    seen = []

    def parse(body):
        seen.append(body)
        orders = good(body)
        return [{**order, "info": len(seen)} for order in orders]

    report = run(Subject("remembers", parse), MAPPING, two)
    assert verdicts(report)["mapping/MAP-037"] == "failed"


@pytest.mark.parametrize(("say", "verdict"), [("a1 is odd", "passed"), ("something", "warned")])
def test_a_warning_names_the_order(vectors, say, verdict):
    def parse(body):
        warnings.warn(say, stacklevel=1)
        return good(body)

    report = run(Subject("warns", parse), MAPPING, vectors(vector(warns=["a1"])))
    assert verdicts(report)["spot/partial-canceled-1"] == verdict


# Orders of any exchange.


def order(**changes):
    body = json.dumps(vector()["body"]).encode()
    return {**good(body)[0], **changes}


def test_given_orders_are_held_against_the_rules():
    subject = Subject("kraken", orders=lambda: [order(), order(fee={"cost": None})])
    report = run(subject)
    assert report["profiles"] == ["order"]
    assert {rule for rule, fared in report["rules"].items() if fared == "failed"} == {"ORD-016"}
    assert "order 'a1' of answer 0: a fee is" in report["results"][15]["problems"][0]["said"]
    assert report["rules"]["LIFE-001"] == "unsupported"


def test_given_snapshots_are_held_against_the_rules_of_life():
    answers = [[order(status="open")], [order(filled=0.4)]]
    report = run(Subject("kraken", snapshots=lambda: answers))
    assert report["rules"]["LIFE-001"] == "failed"
    assert report["rules"]["LIFE-002"] == "passed"


def test_no_orders_are_nothing_run():
    report = run(Subject("empty", orders=list))
    assert (report["ran"], report["ok"]) == (0, False)


@pytest.mark.parametrize(("exempt", "fared"), [(["ORD-015"], "unsupported"), (..., "warned")])
def test_an_answer_may_break_a_rule_of_orders_where_the_vector_says_so(vectors, exempt, fared):
    subject = Subject("closed", lambda _: [order(status="closed")])
    report = run(subject, ["order"], vectors(vector(exempt=exempt)))
    assert report["rules"]["ORD-015"] == fared


def test_orders_that_an_error_carries_are_held_against_the_rules(vectors):
    def parse(body):
        error = ccxt.ExchangeError("x")
        error.orders = [order(side="BUY")]
        raise error

    made = refused()
    made["error"]["orders"] = [{"id": "a1"}]
    report = run(Subject("carries", parse), ["order"], vectors(made))
    assert report["rules"]["ORD-005"] == "failed"


def test_orders_made_of_a_wrong_answer_are_the_fault_of_one_rule(vectors):
    lenient = Subject("lenient", lambda _: [order(side="BUY")])
    report = run(lenient, ["order", *MAPPING], vectors(refused(), vector()))
    broken = {
        one["rule"]: one["said"] for result in report["results"] for one in result["problems"]
    }
    assert broken["MAP-004"] == "gave 1 orders, expected ExchangeError"
    assert broken["ORD-005"] == "spot/partial-canceled-1: side is 'BUY'"
    alone = run(lenient, ["order", *MAPPING], vectors(refused()))
    assert {rule for rule, fared in alone["rules"].items() if fared == "failed"} == {"MAP-004"}


def test_broken_vectors_are_no_failure_of_the_subject(vectors):
    with pytest.raises(VectorError):
        vectors(vector(rules=["MAP-999"]))


def test_importing_the_suite_imports_neither_pytest_nor_an_adapter():
    code = (
        "import sys, dfx_conformance; dfx_conformance.load(); "
        "print({'pytest', 'dfx_adapter', 'ccxt', 'aiohttp'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
