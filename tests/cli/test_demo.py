"""`dfx-adapter demo`: what it shows is what the two clients say."""

import os
import re

import pytest
from typer.testing import CliRunner

from dfx_adapter.cli import app, compare


@pytest.fixture(scope="module")
def printed():
    """What the demo prints, from one run for all tests."""
    result = CliRunner(env={"COLUMNS": None, "FORCE_COLOR": None}).invoke(app, ["demo"])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def block(printed, number):
    """The lines of one order, white space apart."""
    (found,) = re.findall(
        rf"^ ?{number}  (?=.*[0-9a-f]{{32}}$).*?\n\n", printed, re.MULTILINE | re.DOTALL
    )
    return [" ".join(line.split()) for line in found.rstrip().splitlines()]


def test_nothing_is_wider_than_a_page_and_nothing_has_escape_codes(printed):
    assert max(map(len, printed.splitlines())) <= 120
    assert "\x1b" not in printed


def test_an_open_order_has_no_trade(printed):
    title, *_, both, _, difference = block(printed, 1)
    assert title.startswith("1 limit buy, waiting")
    expected = "both open limit buy, price 9500.5, amount 0.4, filled 0.0, remaining 0.4, cost 0.0"
    assert both == expected
    assert difference == "!= lastTradeTimestamp None 0 (1970-01-01 00:00:00)"


def test_the_budget_of_a_market_buy(printed):
    lines = block(printed, 6)
    assert any("cash_amount=100" in line for line in lines)
    assert "!= cashAmount 100.0 None" in lines


def test_margin(printed):
    assert "!= marginMode cross None" in block(printed, 9)


@pytest.mark.parametrize(
    ("number", "ours", "stock"),
    [
        (10, "closed market sell, price 0.75,", "BadSymbol:"),
        (11, "UnknownStatus: $.data[0].status:", "7 limit buy,"),
        (12, "OrderNotFound: 20013", "InvalidOrder:"),
        (13, "BadResponse: $:", "OrderNotFound:"),
    ],
)
def test_bad_days(printed, number, ours, stock):
    (line,) = [line for line in block(printed, number) if line.startswith("!=")]
    before, _, after = line.removeprefix("!= outcome ").partition(stock)
    assert before.startswith(ours)
    assert line.endswith(stock + after)


def test_the_requests_are_counted(printed):
    counted = {
        name: re.search(rf"^{name} +(\d+) +(\d+) ", printed, re.MULTILINE).groups()
        for name in ("dfx-adapter", "stock ccxt")
    }
    assert counted == {"dfx-adapter": ("13", "0"), "stock ccxt": ("13", "3")}
    assert "/v3/currencies" in printed
    assert "asked at once for the 11 orders" in " ".join(printed.split())
    assert "the same of 11 of them" in " ".join(printed.split())


def test_every_meaning_has_its_orders(printed):
    meanings = printed.partition("What the differences mean")[2]
    numbers = re.findall(r"\(((?:\d+(?:, )?)+)\)", meanings)
    assert numbers == [
        "1, 2, 4, 5, 6, 9",
        "6, 7",
        "10",
        "11",
        "12",
        "13",
        "1, 2, 3, 4, 5, 6, 7, 8, 9",
    ]


def test_in_a_process_of_its_own_on_a_terminal(spawn):
    done = spawn("demo", env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": "100"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b[" in done.stdout
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout.decode())
    assert max(map(len, plain.splitlines())) <= 100


def test_no_difference_is_listed_where_there_is_none():
    order = {"status": "open", "type": "limit", "side": "buy", "amount": 1.0, "info": {}}
    same = compare.Comparison(1, "t", "i", "w", order, {**order, "info": 2})
    assert same.differences() == []
    assert same.agreed() == "open limit buy, amount 1.0"
    failed = compare.Comparison(1, "t", "i", "w", KeyError("a"), KeyError("b"))
    assert failed.differences() == []
