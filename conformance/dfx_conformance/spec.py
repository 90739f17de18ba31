"""SPEC.md, written from the rules: `dfx-conformance spec`."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules import AREAS

_HEAD: Final = """\
# What an adapter must do

Numbered rules, each with a level and its source. Ids are never reused. A broken MUST fails an
adapter, a broken SHOULD is reported beside it. ORD and LIFE hold for the orders of any exchange,
the others for DigiFinex. This file is written by `dfx-conformance spec`; what proves a rule is said
by `dfx-conformance explain RULE`.

| source | what it is |
|---|---|
| CCXT | docs.ccxt.com, "Order Structure", "Fees" and "Exceptions" |
| STATUS | docs.digifinex.com/en-ww/spot/v3/rest.html, "Get order status" |
| V3 | the same page, the section named |
| V2 | github.com/DigiFinex/api, the older documents, where v3 leaves something open |
| SEEN | an answer of the real exchange, published in the issue or pull request named |
| DESIGN | decided here where the documents leave it open, with the reason |
"""


def spec() -> str:
    """Write every rule, by area."""
    parts = [_HEAD]
    for area in AREAS:
        rows = [
            f"| {rule.id} | {rule.level} | {rule.text} | {rule.source} |" for rule in area.rules
        ]
        head = ["| rule | level | text | source |", "|---|---|---|---|"]
        parts.append("\n".join([f"## {area.prefix}: {area.title}", "", *head, *rows, ""]))
    return "\n".join(parts)
