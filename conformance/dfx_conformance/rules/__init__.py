"""The rules: what an adapter must do, each with a permanent number, a level and its source.

Sources
    CCXT    docs.ccxt.com, "Order Structure", "Fees" and "Exceptions"
    STATUS  docs.digifinex.com/en-ww/spot/v3/rest.html, "Get order status"
    V3      the same page, the section named
    V2      github.com/DigiFinex/api, the older documents, where v3 leaves something open
    SEEN    an answer of the real exchange, published in the issue or pull request named
    DESIGN  a decision of this suite where the documents leave it open, with its reason
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dfx_conformance.rules import errors, life, lists, mapping, order, secrets, wire
from dfx_conformance.rules.rule import Area, Level, Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AREAS", "RULES", "Area", "Level", "Problem", "Rule", "find"]

AREAS: Final = (
    Area("ORD", "An order", order.RULES),
    Area("LIFE", "An order over time", life.RULES),
    Area("MAP", "DigiFinex rows", mapping.RULES),
    Area("LIST", "Lists, batches, identity", lists.RULES),
    Area("ERR", "Errors", errors.RULES),
    Area("WIRE", "Requests", wire.RULES),
    Area("SEC", "Secrets", secrets.RULES),
)

RULES: Final[tuple[Rule, ...]] = tuple(rule for area in AREAS for rule in area.rules)

_BY_ID: Final[Mapping[str, Rule]] = {rule.id: rule for rule in RULES}


def find(rule_id: str) -> Rule:
    """Return a rule by its id, in any case.

    Raises:
        KeyError: there is none.
    """
    return _BY_ID[rule_id.upper()]
