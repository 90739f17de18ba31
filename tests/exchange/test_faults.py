"""The matrix of `faults.py`: every fault, sync and asyncio, gives what its row has.

A failure names the columns whose outcome is another one. After a change that is meant, write the
file anew with the command on top of it.
"""

from pathlib import Path

import pytest

from dfx_adapter.digifinex.answers import tables

from .fault_bench import KINDS, METHODS
from .faults import CODE, COLUMNS, FAULTS, NOT_RUN, benches, cases, document, line

FILE = Path(__file__).parents[1] / "FAULTS.md"


@pytest.fixture(scope="module", params=KINDS)
def opened(request):
    with benches(request.param) as opened_benches:
        yield opened_benches


def cells(fault, kind):
    """The columns that the fault is run with, and what is expected there."""
    expected = {column: fault.expected(column, kind) for column in COLUMNS}
    return {column: cell for column, cell in expected.items() if cell is not None}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.section}: {fault.name}")
def test_a_fault_has_its_outcome_in_every_method(opened, fault):
    assert opened.observe(fault) == cells(fault, opened.kind)


def test_the_file_is_what_these_outcomes_make():
    lines = {
        fault.name: line(fault, {kind: cells(fault, kind) for kind in KINDS}) for fault in FAULTS
    }
    assert document(lines) == FILE.read_text(encoding="utf-8")
    assert len(lines) == len(FAULTS)
    assert f"{cases():,} cases" in FILE.parents[1].joinpath(
        "dfx_adapter/digifinex/README.md"
    ).read_text(encoding="utf-8")


def test_every_code_and_every_method_has_its_cases():
    codes = {
        name
        for fault in FAULTS
        if fault.section == CODE or fault.name.startswith("10008")
        for name in fault.name.replace(",", "").split()
        if name.isdigit()
    }
    assert codes == {*tables.CODES, "31337"}
    assert {method.column for method in METHODS} == set(COLUMNS)
    assert all(set(fault.cells) == set(COLUMNS) and fault.source for fault in FAULTS)
    assert cases() > 2500
    assert sum(NOT_RUN in fault.cells.values() for fault in FAULTS) < 12
