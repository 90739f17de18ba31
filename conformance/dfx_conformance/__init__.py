"""Conformance of unified orders: numbered rules that say whether order status is right.

`check(order)` applies them to one order, whoever made it. The rules and their sources are listed by
`dfx-conformance list`; SPEC.md beside this package has the same text.
"""

from __future__ import annotations

from dfx_conformance.order_checks import check
from dfx_conformance.rules import RULES, Problem, Rule

__all__ = ["RULES", "SUITE_VERSION", "Problem", "Rule", "check"]

SUITE_VERSION = "0.1"
