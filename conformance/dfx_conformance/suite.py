"""The suite as tests of your own: subclass `OrderConformance`, and pytest finds one test a case.

    from dfx_conformance import Subject
    from dfx_conformance.suite import OrderConformance

    class TestMine(OrderConformance):
        subject = Subject("mine", parse=my_parse)

It needs no plugin, no fixture and no marker. A broken SHOULD is an expected failure, what the
subject does not support is skipped, both with their reason.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from dfx_conformance.reports.text import failure
from dfx_conformance.runner import choose, run_case, unexpected_passes
from dfx_conformance.session import Session
from dfx_conformance.subject import as_subject
from dfx_conformance.vectors import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dfx_conformance.case import Case
    from dfx_conformance.report import Result
    from dfx_conformance.subject import Subject
    from dfx_conformance.vectors import Vector

_KEPT = frozenset({"pytest_generate_tests", "test_case", "test_suite_ran", "teardown_class"})


class OrderConformance:
    """Subclass it under a name that pytest collects, and set `subject`.

    Attributes:
        subject: A Subject, or what `dfx_conformance.run` takes for one.
        profiles: Names of profiles; by default those that the subject has a way in for.
        vectors: Instead of the suite's own.
    """

    subject: ClassVar[Any] = None
    profiles: ClassVar[Sequence[str] | None] = None
    vectors: ClassVar[Sequence[Vector] | None] = None
    _session: ClassVar[Session | None] = None
    _done: ClassVar[list[tuple[Case, Result]]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a subclass that replaces a test of the suite: it would prove nothing.

        Raises:
            TypeError: it does. An expected failure goes into the subject's xfail, with a reason.
        """
        super().__init_subclass__(**kwargs)
        replaced = sorted(name for name in _KEPT if _home(cls, name) is not OrderConformance)
        if replaced:
            raise TypeError(
                f"{cls.__name__} replaces {', '.join(replaced)} of the suite; what is expected to "
                "fail goes into Subject(xfail={id: reason})"
            )
        cls._session, cls._done = None, []

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make one test of each case."""
        if metafunc.function.__name__ == "test_case":
            cases = choose(self._subject(), self.profiles, self._vectors())
            metafunc.parametrize("case", cases, ids=[case.id for case in cases])

    def test_case(self, case: Case, request: pytest.FixtureRequest) -> None:
        """Run one vector, scenario or rule."""
        result = run_case(case, self._running())
        self._done.append((case, result))
        request.node.user_properties.extend(("rule", rule) for rule in case.rules)
        _raise_outcome(result)

    def test_suite_ran(self) -> None:
        """Look back: something was run, and rules that were to be broken are."""
        counts = Counter(result["verdict"] for _, result in self._done)
        if counts.total() == counts["unsupported"]:
            pytest.fail("nothing was run before this: that proves nothing", pytrace=False)
        cases = [case for case, _ in self._done]
        results = [result for _, result in self._done]
        for result in unexpected_passes(self._subject(), cases, results):
            pytest.fail(failure(result), pytrace=False)

    @classmethod
    def teardown_class(cls) -> None:
        """End what runs in the background."""
        if cls._session is not None:
            cls._session.close()
        cls._session, cls._done = None, []

    @classmethod
    def _subject(cls) -> Subject:
        if cls.subject is None:
            raise TypeError(f"{cls.__name__} sets no subject")
        # A function that is set on a class would become a method.
        return as_subject(vars(cls).get("subject", cls.subject))

    @classmethod
    def _vectors(cls) -> Sequence[Vector]:
        return load() if cls.vectors is None else cls.vectors

    @classmethod
    def _running(cls) -> Session:
        if cls._session is None:
            cls._session = Session(cls._subject(), cls._vectors())
        return cls._session


def _home(cls: type, name: str) -> type:
    """Return the class that a method comes from, be it a base beside the suite's."""
    return next(base for base in cls.__mro__ if name in vars(base))


def _raise_outcome(result: Result) -> None:
    text = failure(result)
    match result["verdict"]:
        case "crashed":
            pytest.fail(f"{result['reason']}\n{text}", pytrace=False)
        case "failed" | "xpassed":
            pytest.fail(text, pytrace=False)
        case "warned":
            pytest.xfail(f"SHOULD: {'; '.join(one['said'] for one in result['problems'])}")
        case "xfailed":
            pytest.xfail(result["reason"] or "")
        case "unsupported":
            pytest.skip(result["reason"] or "")
