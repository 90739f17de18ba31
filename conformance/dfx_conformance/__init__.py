"""Conformance of order status: numbered rules that say whether an adapter gets it right.

    from dfx_conformance import Subject, check, run

    check(order)                                # one unified order, of any exchange
    run(Subject("mine", parse=my_parse))        # answers of DigiFinex -> orders; returns a report

`dfx_conformance.suite.OrderConformance` is the same for pytest, `dfx-conformance` for the shell.
SPEC.md beside this package has the rules; importing it imports neither pytest nor any adapter.
"""

from __future__ import annotations

from dfx_conformance.life_checks import check_life
from dfx_conformance.order_checks import check
from dfx_conformance.report import Report, Result
from dfx_conformance.rules import RULES, Problem, Rule
from dfx_conformance.runner import NothingToRun, run
from dfx_conformance.subject import CAPABILITIES, Subject
from dfx_conformance.vectors import VectorError, load
from dfx_conformance.version import SUITE_VERSION

__all__ = [
    "CAPABILITIES",
    "RULES",
    "SUITE_VERSION",
    "NothingToRun",
    "Problem",
    "Report",
    "Result",
    "Rule",
    "Subject",
    "VectorError",
    "check",
    "check_life",
    "load",
    "run",
]
