"""What a spreadsheet or a terminal would obey is escaped, in every cell that an exchange fills."""

import csv
import io
import json
from decimal import Decimal

import pytest

from dfx_adapter.cli import compare, output
from dfx_adapter.cli.console import console_on
from dfx_adapter.order import BLANK

FORMULAS = [
    "=1+1",
    '=HYPERLINK("x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "-",
    "+1",
    "\uff1d1",
]
OBEYED = {
    "\t=1": "\\t=1",
    "\r=1": "\\r=1",
    "a\nb": "a\\nb",
    "\x1b[31mred": "\\x1b[31mred",
    "ab\u202ecd": "ab\\u202ecd",
    "\u2066=1": "\\u2066=1",
    "\x9b31m": "\\x9b31m",
}
TEXTS = ("id", "symbol", "type", "side", "status", "clientOrderId")


def cells(**changes):
    """Give the row that a CSV reader reads of an order."""
    order = {**BLANK, "id": "a", "fees": [], "trades": [], "info": {}, **changes}
    stream = io.BytesIO()
    output.write_orders([[order]], stream, output.Format.csv)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue().decode(), newline=""))
    return row


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text(name, text):
    assert cells(**{name: text})[name] == f"'{text}"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("text", OBEYED)
def test_what_cannot_be_printed_is_written_out(name, text):
    assert cells(**{name: text})[name] == OBEYED[text]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (Decimal("-0.00000001"), "-0.00000001"),
        (-5, "-5"),
        (-1e-08, "-1e-08"),
        ("-0.5", "-0.5"),
        ("-1e-8", "-1e-8"),
        ("0.10", "0.10"),
        (None, ""),
    ],
)
def test_a_negative_number_is_a_number(value, cell):
    assert cells(cost=value)["cost"] == cell


@pytest.mark.parametrize(
    "text", ["abc-123", "BTC/USDT", "2020-04-14T00:08:39.334Z", "ордер", "it's"]
)
def test_other_text_stays(text):
    assert cells(id=text)["id"] == text


def test_json_in_a_cell_says_the_same_in_other_characters():
    info = {"=1": "@x", "id": "ab\u202e\x9b\U000e0001c", "note": "größe"}
    cell = cells(info=info)["info"]
    assert cell.isprintable()
    assert json.loads(cell) == info
    assert "größe" in cell


@pytest.mark.parametrize("format_", ["jsonl", "csv", "table"])
def test_from_the_wire_to_every_format(run, row, format_):
    odd = row(order_id="=1\u202e", symbol="@A\x1b_USDT")
    result = run("map", "--format", format_, input=json.dumps({"code": 0, "data": [odd]}).encode())
    assert result.exit_code == 0
    if format_ == "jsonl":
        order = json.loads(result.stdout)
        assert (order["id"], order["symbol"], order["info"]) == ("=1\u202e", "@A\x1b/USDT", odd)
    else:
        assert "=1\\u202e" in result.stdout
        assert "@A\\x1b/USDT" in result.stdout
        assert all(line.isprintable() for line in result.stdout.splitlines())


@pytest.mark.parametrize("part", ["order_id", "wire", "ours", "stock", "error"])
def test_a_comparison_obeys_nothing(part):
    odd = "a\u202e\x1b[31mb"
    ours, stock = {**BLANK, "status": "open"}, {**BLANK, "status": "closed"}
    given = {"order_id": "1", "wire": "x", "ours": ours, "stock": stock}
    if part == "error":
        given["stock"] = ValueError(odd)
    elif part in {"ours", "stock"}:
        given[part] = {**BLANK, "status": odd, "symbol": odd}
    else:
        given[part] = odd
    made = compare.Comparison(1, "title", **given)
    stream = io.BytesIO()
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
    console = console_on(text)
    console.print(compare.block(made))
    console.print(compare.glance([made]))
    text.flush()
    lines = stream.getvalue().decode().splitlines()
    assert all(line.isprintable() for line in lines)
    assert "a\\u202e\\x1b[31mb" in "".join(lines)
