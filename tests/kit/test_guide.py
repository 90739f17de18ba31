"""The guide for authors of plugins tells the truth: its plugin, its example, its tables."""

import re
from pathlib import Path

import pytest

from dfx_adapter import AdapterHost, ParseContext, kit
from dfx_adapter.host import __file__ as host
from tests.kit.samples import DISTS, MEXC_ROW, sample

GUIDE = Path(host).with_name("README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_its_plugin_is_the_one_that_is_tested():
    assert DISTS.joinpath("mexc", "mexc_orders.py").read_text("utf-8") in BLOCKS


def test_its_example_of_a_test_passes():
    sample("mexc")  # puts the distribution on the path
    (code,) = [block for block in BLOCKS if "kit.check" in block]
    exec(compile(code, "guide", "exec"), {"row": MEXC_ROW})  # noqa: S102  # ours


def test_its_example_without_a_key_passes():
    host = AdapterHost([sample("mexc")], entry_points=False)
    (code,) = [block for block in BLOCKS if "exchange.fetch =" in block]
    names = {"host": host, "row": MEXC_ROW}
    exec(compile(code, "guide", "exec"), names)  # noqa: S102  # ours
    assert (names["order"]["symbol"], names["order"]["info"]) == ("BTC/USDT", MEXC_ROW)


@pytest.mark.parametrize(
    ("active", "canceled", "size", "filled", "status"),
    [
        (True, False, "2", "0.5", "open"),
        (False, False, "2", "2", "closed"),
        (False, True, "2", "0", "canceled"),
        (False, True, "2", "0.5", "canceled"),
        (False, True, "2", "2", "closed"),
        (False, False, "0", "0.5", "closed"),
        (False, True, "0", "0.5", "canceled"),
    ],
)
def test_its_status_that_is_worked_out(active, canceled, size, filled, status):
    (code,) = [block for block in BLOCKS if "cancelExist" in block]
    names = {}
    exec(compile(code, "guide", "exec"), names)  # noqa: S102  # ours
    row = {"isActive": active, "cancelExist": canceled, "size": size, "dealSize": filled}
    assert names["status"](kit.Row(ParseContext(number=str, statuses={}), row)) == status


def test_the_context_is_told_in_full():
    table = GUIDE.partition("| attribute | meaning |")[2].partition("\n\n")[0]
    names = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    written = {name for cell in names for name in re.findall(r"`(\w+)`", cell)}
    assert written == set(ParseContext.__struct_fields__)


@pytest.mark.parametrize("name", [name for name in vars(kit.Row) if name[0] != "_"])
def test_the_readers_of_a_row_are_told(name):
    assert name == "path_of" or f"`row.{name}" in GUIDE


def test_the_kit_is_told():
    named = set(re.findall(r"kit\.(\w+)", GUIDE))
    assert named <= {*kit.__all__}
    assert {"Row", "check", "order", "orders"} <= named


def test_the_whole_plugin_is_short():
    assert len(DISTS.joinpath("mexc", "mexc_orders.py").read_text("utf-8").splitlines()) <= 60
