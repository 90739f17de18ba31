"""What is over is derived from the unified statuses, in one place."""

import ast
from pathlib import Path

import dfx_adapter
from dfx_adapter import order
from dfx_adapter.digifinex.methods import lists
from dfx_adapter.exchanges import waiting

PACKAGE = Path(dfx_adapter.__file__).parent
# Where statuses are listed: the type and the set of all of them.
LISTED = PACKAGE / "order.py"


def test_every_status_but_open_is_over():
    assert {"closed", "canceled", "expired", "rejected"} == order.FINAL
    assert {"canceled", "expired", "rejected"} == order.ENDED_UNFILLED


def test_every_final_status_is_in_one_of_the_lists_by_status():
    kept = lists.KEPT_STATUSES
    assert kept["fetchClosedOrders"] | kept["fetchCanceledOrders"] == order.FINAL
    assert not kept["fetchClosedOrders"] & kept["fetchCanceledOrders"]
    assert kept["fetchCanceledAndClosedOrders"] == order.FINAL == waiting.FINAL


def listings(source):
    """Where a collection of literals says which statuses are over."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple | ast.Set | ast.List):
            texts = {element.value for element in node.elts if isinstance(element, ast.Constant)}
            if len(texts & order.FINAL) > 1:
                yield node.lineno


def test_no_module_lists_by_hand_what_is_over():
    assert list(listings('over = ("closed", "canceled")')) == [1]
    files = set(PACKAGE.rglob("*.py")) - {LISTED}
    found = {path: list(listings(path.read_text(encoding="utf-8"))) for path in files}
    assert not {path: lines for path, lines in found.items() if lines}
