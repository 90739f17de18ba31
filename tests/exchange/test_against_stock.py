"""Every known fault of stock ccxt on order status: it is there, and the adapter does not have it.

The entries and the table made of them stand in `stock_faults.py`. Each is brought about on the same
simulator, over a real socket, with the same config, for stock ccxt and for the adapter.
"""

import asyncio
import inspect
import logging
import runpy

import ccxt
import ccxt.async_support
import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.simulator import Simulator

from . import stock_faults
from .stock_faults import AGREED, CASES, FAULTS, Answer, allowed, cell_of, facts, seen

pytestmark = pytest.mark.long
CONFIG = {"enableRateLimit": False, "timeout_on_exit": 0}


def named(case):
    return f"{case.number}-{case.case}"


def stock(config, *, asynchronous):
    return (ccxt.async_support if asynchronous else ccxt).digifinex(config)


def adapter(config, *, asynchronous):
    host = AdapterHost(entry_points=False)  # one that has not yet warned of anything
    return host.connect("digifinex", config, asynchronous=asynchronous)


async def asked(exchange, ask):
    try:
        answer = ask(exchange)
        return (await answer if inspect.isawaitable(answer) else answer), None
    except Exception as error:  # noqa: BLE001  # it is what is looked at
        return None, error


async def closed(exchange, *, asynchronous):
    if asynchronous:
        await exchange.close()
        await asyncio.sleep(0)
    else:
        exchange.session.close()


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def observe(request, caplog):
    """Bring a case about, ask, and tell what came."""

    async def _observe(case, subject):
        with Simulator() as simulator:
            case.provoke(simulator)
            config = {**simulator.ccxt_config(), **CONFIG, **case.config}
            exchange = subject(config, asynchronous=request.param)
            with caplog.at_level(logging.WARNING):
                result, error = await asked(exchange, case.ask)
            await closed(exchange, asynchronous=request.param)
            sent = [one for one in simulator.requests if "/order" in one.path]
        warnings = [one.getMessage() for one in caplog.records]
        return Answer(result, error, sent, warnings)

    return _observe


def printed():
    """The rows of the Markdown table, without its head, as cells."""
    lines = stock_faults.table().splitlines()
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines[2:]]


@pytest.mark.parametrize("case", CASES, ids=named)
async def test_stock_ccxt_does_what_is_printed_and_that_is_not_right(case, observe):
    answer = await observe(case, stock)
    matching = [one for one in allowed(case) if seen(answer, one) == facts(one)]
    assert matching, seen(answer, allowed(case)[0])
    _, _, cell, _ = printed()[CASES.index(case)]
    assert cell_of(seen(answer, matching[0])) in cell.split(" or ")
    is_right = seen(answer, case.right) == facts(case.right)
    assert is_right is (facts(matching[0]) == facts(case.right))


@pytest.mark.parametrize("case", CASES, ids=named)
async def test_the_adapter_does_what_is_printed_and_that_is_right(case, observe):
    answer = await observe(case, adapter)
    _, _, _, cell = printed()[CASES.index(case)]
    assert seen(answer, case.right) == facts(case.right)
    assert cell_of(seen(answer, case.right)) == cell


@pytest.mark.parametrize(("cases", "right"), [(FAULTS, False), (AGREED, True)])
def test_what_the_newest_stock_ccxt_does_is_right_only_where_both_agree(cases, right):
    assert {facts(allowed(case)[0]) == facts(case.right) for case in cases} == {right}


def test_every_number_is_covered_and_all_but_the_last_are_faults():
    assert {case.number for case in CASES} == set(range(1, 28))
    assert {case.number for case in FAULTS} == set(range(1, 27))


def test_every_case_is_one_row_of_four_cells():
    assert [row[:2] for row in printed()] == [[str(case.number), case.case] for case in CASES]
    assert {len(row) for row in printed()} == {4}
    assert len(set(map(named, CASES))) == len(CASES)


def test_run_as_a_script_it_prints_the_table(capsys):
    runpy.run_path(stock_faults.__file__, run_name="__main__")
    assert capsys.readouterr().out == stock_faults.table()
