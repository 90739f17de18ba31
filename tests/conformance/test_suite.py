"""The suite in a stranger's pytest: their plugins off or on, every warning an error."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from dfx_conformance import Subject
from dfx_conformance.suite import OrderConformance

from .conftest import good, refused, vector

HERE = Path(__file__).parent


@pytest.fixture
def tried(tmp_path, vectors):
    """Run pytest in a directory that has nothing but a test of the suite."""
    vectors(vector(), refused(), vector(id="margin/1", capability="margin"))

    def _tried(text, *options, autoload=False):
        head = f"""
            import sys; sys.path.insert(0, {str(HERE)!r})
            from pathlib import Path
            from conftest import good
            from dfx_conformance import Subject, load
            from dfx_conformance.suite import OrderConformance
            MADE = load([Path("made.json")])
            """
        code = textwrap.dedent(head) + textwrap.dedent(text)
        (tmp_path / "test_mine.py").write_text(code, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-W", "error", "--strict-markers", *options]
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        if autoload:
            del environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
            command += ["-o", "asyncio_default_fixture_loop_scope=function"]  # else it warns
        return subprocess.run(
            [*command, "--strict-config", "-p", "no:cacheprovider", "-rA", "--noconftest"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return _tried


MINE = """
    class TestMine(OrderConformance):
        subject = Subject("mine", good, capabilities={"spot"})
        profiles = ["digifinex-mapping"]
        vectors = MADE
    """


@pytest.mark.parametrize("autoload", [False, True])
def test_every_vector_is_a_test(tried, autoload):
    done = tried(MINE, autoload=autoload)
    assert done.returncode == 0, done.stdout
    assert "PASSED test_mine.py::TestMine::test_case[spot/partial-canceled-1]" in done.stdout
    assert re.search(r"SKIPPED .*capability margin is not declared", done.stdout)
    assert "8 passed, 2 skipped" in done.stdout


def test_a_failure_explains_itself(tried):
    done = tried("""
        def wrong(body):
            return [{**order, "status": "closed"} for order in good(body)]

        class TestMine(OrderConformance):
            subject = wrong
            vectors = MADE
        """)
    assert done.returncode == 1
    assert "MAP-003 MUST: status 3 and 4 are canceled" in done.stdout
    assert "status is 'closed', expected 'canceled'" in done.stdout
    assert "--vector spot/partial-canceled-1" in done.stdout


def test_expected_failures_are_strict(tried):
    done = tried("""
        class TestVector(OrderConformance):
            subject = Subject("mine", good, xfail={"spot/partial-canceled-1": "we thought so"})
            vectors = MADE

        class TestRule(OrderConformance):
            subject = Subject("mine", good, xfail={"MAP-003": "we thought so"})
            vectors = MADE
        """)
    assert done.returncode == 1
    assert "FAILED test_mine.py::TestVector::test_case[spot/partial-canceled-1]" in done.stdout
    assert "FAILED test_mine.py::TestRule::test_suite_ran" in done.stdout
    assert "2 failed" in done.stdout


def test_an_expected_failure_of_nothing_ends_the_run(tried):
    done = tried("""
        class TestMine(OrderConformance):
            subject = Subject("mine", good, xfail={"MAP-999": "we thought so"})
            vectors = MADE
        """)
    assert done.returncode != 0
    assert "MAP-999 is no vector, scenario or rule" in done.stdout
    assert "passed" not in done.stdout


def test_an_expected_failure_has_its_reason(tried):
    done = tried("""
        class TestMine(OrderConformance):
            subject = Subject("mine", lambda body: [], xfail={
                "MAP-003": "we know", "MAP-014": "we know", "MAP-020": "we know", "MAP-004": "too"})
            profiles = ["digifinex-mapping"]
            vectors = MADE
        """)
    assert done.returncode == 0, done.stdout
    assert re.search(r"XFAIL .*spot/partial-canceled-1\] - .*we know", done.stdout)


def test_nothing_ran_is_a_failure(tried):
    done = tried(MINE, "-k", "margin/1 or test_suite_ran")
    assert done.returncode == 1
    assert "nothing was run before this" in done.stdout


def test_junit_has_the_rules(tried, tmp_path):
    done = tried(MINE, "--junit-xml=junit.xml")
    assert done.returncode == 0
    text = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert '<property name="rule" value="MAP-003" />' in text


def test_no_subject_is_an_error(tried):
    done = tried("class TestMine(OrderConformance): pass")
    assert done.returncode != 0
    assert "TestMine sets no subject" in done.stdout


KEPT = ["test_case", "test_suite_ran", "pytest_generate_tests", "teardown_class"]


@pytest.mark.parametrize("name", KEPT)
def test_a_test_of_the_suite_cannot_be_replaced(name):
    with pytest.raises(TypeError, match=f"TestMine replaces {name} of the suite"):
        type("TestMine", (OrderConformance,), {name: lambda self: None})


def test_nor_by_a_class_between_or_beside():
    between = type("Between", (OrderConformance,), {})
    beside = type("Beside", (), {"test_case": lambda self: None})
    for bases in ((beside, OrderConformance), (beside, between)):
        with pytest.raises(TypeError, match="TestMine replaces test_case of the suite"):
            type("TestMine", bases, {})
    assert type("TestMine", (between,), {}).test_case is OrderConformance.test_case


def test_a_replaced_test_ends_the_run(tried):
    done = tried("""
        class TestMine(OrderConformance):
            subject = Subject("mine", good)
            vectors = MADE
            def test_case(self): pass
        """)
    assert done.returncode != 0
    assert "TypeError: TestMine replaces test_case of the suite" in done.stdout


def test_a_test_of_ones_own_can_stand_beside():
    made = type("TestMine", (OrderConformance,), {"test_more": 1, "subject": Subject("x", good)})
    assert made.test_case is OrderConformance.test_case
