"""The harness of the checks inside real bots, tried with scripts in place of bots."""

import re
import sys

import pytest

from tests.bots.real import run
from tests.bots.real.run import Report, Result, run_script

CI = ["freqtrade", "basana", "OctoBot-Trading"]

SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from checking import check, main

@check("fine")
def fine(side):
    print("a bot talks")
    return True, "as  it\\nshould be"

@check("is ours")
async def is_ours(side):
    return side == "ours", side

@check("breaks")
def breaks(side):
    raise LookupError("nothing there")

@check("last")
def last(side):
    {last}

main()
"""


@pytest.fixture
def ask(tmp_path):
    def _ask(side, last="return True, 'reached'"):
        script = tmp_path / "check_it.py"
        script.write_text(SCRIPT.format(here=str(run.HERE), last=last), encoding="utf-8")
        return run_script(sys.executable, script, side, tmp_path)

    return _ask


def test_every_check_prints_one_line_and_none_stops_the_next(ask):
    assert ask("stock") == {
        "fine": Result(ok=True, saw="as it should be"),
        "is ours": Result(ok=False, saw="stock"),
        "breaks": Result(ok=False, saw="LookupError: nothing there"),
        "last": Result(ok=True, saw="reached"),
    }
    assert ask("ours")["is ours"] == Result(ok=True, saw="ours")


def test_what_a_dying_script_printed_before_counts(ask, capsys):
    results = ask("ours", "import os; os._exit(3)")
    assert list(results) == ["fine", "is ours", "breaks"]
    assert "exit code 3" in capsys.readouterr().err


def test_a_script_that_hangs_is_ended(ask, monkeypatch):
    monkeypatch.setattr(run, "PATIENCE", 3)
    assert "last" not in ask("ours", "import time; time.sleep(60)")


def bot(**checks):
    return run.Bot(name="a-bot", pins=("a-bot==1.0",), register="", improves="", checks=checks)


def report(expected, *, stock=True, ours=True):
    """Report on one check; None is one that printed nothing."""
    sides = {
        side: {} if ok is None else {"c": Result(ok=ok, saw=f"{side} saw")}
        for side, ok in (("stock", stock), ("ours", ours))
    }
    return Report(bot(c=expected), "4.5.90", sides)


@pytest.mark.parametrize(
    ("expected", "stock", "ours", "fault"),
    [
        ("stock passes", True, True, ""),
        ("stock fails", False, True, ""),
        ("stock fails", False, False, "c fails: ours saw"),
        ("stock fails", True, True, "says 'stock fails', but: stock saw"),
        ("stock passes", False, True, "says 'stock passes', but: stock saw"),
        ("stock fails", None, True, "c said nothing (stock)"),
        ("stock passes", True, None, "c said nothing (ours)"),
    ],
)
def test_what_is_a_fault(expected, stock, ours, fault):
    faults = report(expected, stock=stock, ours=ours).faults()
    assert len(faults) == bool(fault)
    assert fault in "".join(faults)


def test_a_check_that_nobody_listed_and_a_bot_without_any_are_faults():
    results = {"new": Result(ok=True, saw="")}
    faults = Report(bot(), "4.5.90", {"stock": results, "ours": results}).faults()
    assert [fault.partition(": ")[2] for fault in faults] == [
        "no check is listed",
        "new is not listed (stock)",
        "new is not listed (ours)",
    ]


def test_what_was_seen_is_reported_and_counted():
    seen = report("stock fails", stock=False)
    assert list(seen.details())[1:] == ["  c", "    ✗ stock: stock saw", "    ✓ ours: ours saw"]
    assert run.table([seen]).splitlines()[2:] == ["| a-bot 1.0 | 4.5.90 | 0 of 1 | 1 of 1 | c |"]


@pytest.mark.parametrize("bot", run.BOTS, ids=lambda bot: bot.name)
def test_every_bot_has_its_script_and_lists_its_checks(bot):
    script = run.HERE.joinpath(bot.script).read_text(encoding="utf-8")
    assert re.findall(r'^@check\("(.*)"\)$', script, re.MULTILINE) == list(bot.checks)
    assert all((bot.register, bot.improves, bot.version))


@pytest.mark.parametrize(
    ("names", "ci", "found"),
    [
        ([], False, [*CI, "investing-algorithm-framework", "lumibot"]),
        (["LUMIBOT"], True, ["lumibot"]),
        ([], True, CI),
    ],
)
def test_which_bots_are_run(names, ci, found):
    assert [bot.name for bot in run.chosen(names, ci=ci)] == found


def test_a_name_that_no_bot_has_ends_it():
    with pytest.raises(SystemExit, match=r"unknown: nosuch; known: freqtrade, .*lumibot"):
        run.chosen(["nosuch"], ci=False)
