"""`dfx-adapter map`: bodies in, orders out, bad lines named."""

import base64
import contextlib
import csv
import io
import json
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import dfx_adapter

ROW = {
    "symbol": "BTC_USDT",
    "order_id": "a1",
    "created_date": 1562303547,
    "finished_date": 0,
    "price": 0.1,
    "amount": 1,
    "cash_amount": 0,
    "executed_amount": 0.25,
    "avg_price": 0.1,
    "status": 1,
    "type": "buy",
    "kind": "spot",
}


def line(value):
    return json.dumps(value).encode() + b"\n"


def orders_of(result):
    return [json.loads(line, parse_float=str) for line in result.stdout.splitlines()]


def rejects_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_real_body(run, real):
    result = run("map", input=real)
    assert (result.exit_code, result.stderr) == (0, "")
    (order,) = [json.loads(line, parse_float=Decimal) for line in result.stdout.splitlines()]
    fractions = {"avg_price": "0.6165", "price": "0.6175"}  # their text, as it stood
    assert order.pop("info") == {**json.loads(real)["data"][0], **fractions}
    known = {name: value for name, value in order.items() if value not in (None, [])}
    assert known == {
        "id": "af4db5b17e9c4b305383313efe56f0c7",
        "symbol": "DFT/USDT",
        "type": "limit",
        "side": "buy",
        "status": "closed",
        "timestamp": 1573038753000,
        "datetime": "2019-11-06T11:12:33.000Z",
        "lastTradeTimestamp": 1573038753000,
        "lastUpdateTimestamp": 1573038753000,
        "price": Decimal("0.6175"),
        "amount": 4,
        "filled": 4,
        "remaining": 0,
        "average": Decimal("0.6165"),
        "cost": Decimal("2.466"),
    }


@pytest.mark.parametrize(
    ("number", "amount", "filled"),
    [
        ("decimal", b"1234567890.12345678", b"0.00000001"),
        ("str", b'"1234567890.12345678"', b'"0.00000001"'),
        ("float", b"1234567890.1234567", b"1e-8"),
    ],
)
def test_digits(run, number, amount, filled):
    row = line({**ROW, "amount": "AMOUNT", "executed_amount": "FILLED"})
    exact = row.replace(b'"AMOUNT"', b"1234567890.12345678").replace(b'"FILLED"', b"1e-8")
    result = run("map", "--number", number, input=exact)
    assert result.exit_code == 0
    assert b'"amount":' + amount + b',"cashAmount"' in result.stdout_bytes
    assert b'"filled":' + filled + b',"remaining"' in result.stdout_bytes


def test_a_pretty_printed_body(run, real):
    pretty = json.dumps(json.loads(real), indent=2).encode()
    result = run("map", input=b"\n" + pretty + b"\n")
    assert result.exit_code == 0
    assert [order["id"] for order in orders_of(result)] == ["af4db5b17e9c4b305383313efe56f0c7"]


def test_an_envelope_a_list_or_a_row_on_every_line(run, real):
    lines = [
        b"\xef\xbb\xbf" + real + b"\r\n",
        b"\n",
        line([ROW, {**ROW, "order_id": "a2"}]),
        b"  \n",
        line({**ROW, "order_id": "a3"}),
        line({"code": 0, "data": []}),
    ]
    result = run("map", input=b"".join(lines))
    assert (result.exit_code, result.stderr) == (0, "")
    ids = [order["id"] for order in orders_of(result)]
    assert ids == ["af4db5b17e9c4b305383313efe56f0c7", "a1", "a2", "a3"]


def test_an_empty_input(run):
    result = run("map", input=b"\n \n")
    assert (result.exit_code, result.output) == (0, "")


BAD_LINES = [
    (b"garbage\n", "$", "BadResponse: $: expected JSON: "),
    (b'{"code":0,"data":[{"order\n', "$", "BadResponse: $: expected JSON: "),
    (b"\xff\xfe\x00\n", "$", "BadResponse: $: expected JSON: "),
    (b"null\n", "$", "BadResponse: $: expected a JSON object, found None"),
    (b"{}\n", "$.code", "BadResponse: $.code: expected a code, found nothing"),
    (b'{"code":20013}\n', None, "OrderNotFound: 20013 no order info found"),
    (b'{"code":10003}\n', None, "AuthenticationError: 10003 signature does not match"),
    (
        line({**ROW, "status": 7}),
        "$.status",
        "UnknownStatus: $.status: expected one of 0, 1, 2, 3, 4, found 7",
    ),
    (
        line([ROW, {**ROW, "price": -1}]),
        "$[1].price",
        "BadResponse: $[1].price: expected a number that is not negative",
    ),
    (
        line({"code": 0, "data": [ROW, {**ROW, "status": 9}, ROW, {**ROW, "kind": "x"}]}),
        "$.data[1].status",
        "UnknownStatus: $.data[1].status: expected one of 0, 1, 2, 3, 4, found 9 (and 1 more)",
    ),
]


@pytest.mark.parametrize(("bad", "path", "error"), BAD_LINES)
def test_a_bad_line_is_named_and_the_rest_is_mapped(run, real, tmp_path, bad, path, error):
    rejects = tmp_path / "rejects.jsonl"
    result = run("map", "--rejects", rejects, input=real + b"\n\n" + bad + real)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"dfx-adapter: line 3: {error}")
    (reject,) = rejects_of(rejects)
    assert (reject["line"], reject["path"]) == (3, path)
    assert line == f"dfx-adapter: line 3: {reject['error']}"
    verbatim = bad.removesuffix(b"\n")
    if "base64" in reject:
        assert base64.b64decode(reject["base64"]) == verbatim
    else:
        assert reject["input"].encode() == verbatim
    ids = [order["id"] for order in orders_of(result)]
    assert ids[0] == ids[-1] == "af4db5b17e9c4b305383313efe56f0c7"


def test_bad_rows_on_lines_of_their_own_are_named_and_the_others_keep_their_order(run, tmp_path):
    rows = [{**ROW, "order_id": f"a{number}"} for number in range(1, 10)]
    rows[2]["status"], rows[3]["price"], rows[8]["kind"] = 9, -1, "x"
    rejects = tmp_path / "rejects.jsonl"
    result = run("map", "--rejects", rejects, input=b"".join(map(line, rows)))
    assert [order["id"] for order in orders_of(result)] == ["a1", "a2", "a5", "a6", "a7", "a8"]
    named = [(reject["line"], reject["path"]) for reject in rejects_of(rejects)]
    assert named == [(3, "$.status"), (4, "$.price"), (9, "$.kind")]


def test_an_answer_between_rows_keeps_its_place(run):
    rows = [{**ROW, "order_id": f"a{number}"} for number in range(1, 6)]
    lines = [*map(line, rows[:2]), line({"code": 0, "data": [rows[2]]}), *map(line, rows[3:])]
    result = run("map", input=b"".join(lines))
    assert [order["id"] for order in orders_of(result)] == ["a1", "a2", "a3", "a4", "a5"]


def test_an_exponent_of_one_order_changes_no_digit_of_another(run):
    rows = [{**ROW, "amount": 12, "order_id": "NONE-1"}, {**ROW, "amount": "AMOUNT"}]
    small = b"".join(map(line, rows)).replace(b'"AMOUNT"', b"25e-8").replace(b"0.25", b"1e-8")
    amounts = [order["amount"] for order in orders_of(run("map", input=small))]
    assert amounts == [12, "0.00000025"]


def test_the_good_rows_of_a_bad_body_are_written(run):
    body = {"code": 0, "data": [ROW, {**ROW, "status": 9}, {**ROW, "order_id": "a3"}]}
    result = run("map", input=line(body))
    assert result.exit_code == 1
    assert [order["id"] for order in orders_of(result)] == ["a1", "a3"]


@pytest.mark.parametrize("first", [b"garbage\n", b'{"code":0,"data":[{\n', b"\xff\xfe\n"])
def test_a_bad_first_line_does_not_hide_the_others(run, real, first):
    result = run("map", input=first + b"more garbage\n" + real + b"\n" + line(ROW))
    assert result.exit_code == 1
    assert [order["id"] for order in orders_of(result)][1] == "a1"
    assert [message[:20] for message in result.stderr.splitlines()] == [
        "dfx-adapter: line 1:",
        "dfx-adapter: line 2:",
    ]


def test_a_broken_body_of_many_lines_is_one_reject(run, tmp_path):
    page = b"\n<html>\n  <body>maintenance</body>\n</html>\n"
    result = run("map", "--rejects", tmp_path / "rejects", input=page)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    (reject,) = rejects_of(tmp_path / "rejects")
    assert (reject["line"], reject["input"]) == (2, page.decode().strip())


def test_without_bad_lines_the_rejects_are_an_empty_file(run, real, tmp_path):
    assert run("map", "--rejects", tmp_path / "rejects", input=real).exit_code == 0
    assert (tmp_path / "rejects").read_bytes() == b""


def test_a_row_that_contradicts_itself_is_mapped_and_warned_of(run):
    result = run("map", input=line({**ROW, "order_id": "odd-1", "executed_amount": 3}))
    assert result.exit_code == 0
    assert len(orders_of(result)) == 1
    (message,) = result.stderr.splitlines()
    assert message.startswith("dfx-adapter: warning: digifinex order odd-1: ")


def test_files_in_and_out(run, real, tmp_path):
    source, target = tmp_path / "answers.json", tmp_path / "orders.jsonl"
    source.write_bytes(real)
    result = run("map", source, "--output", target)
    assert (result.exit_code, result.output) == (0, "")
    assert json.loads(target.read_bytes())["id"] == "af4db5b17e9c4b305383313efe56f0c7"


@pytest.mark.parametrize("option", ["--output", "--rejects"])
def test_the_input_is_not_written_over(run, real, tmp_path, option):
    source = tmp_path / "answers.json"
    source.write_bytes(real)
    result = run("map", source, option, tmp_path / "x" / ".." / "answers.json")
    assert result.exit_code == 2
    assert "is named twice" in result.stderr
    assert source.read_bytes() == real


def test_two_outputs_are_two_files(run, tmp_path):
    result = run("map", "--output", tmp_path / "x", "--rejects", tmp_path / "x", input=b"")
    assert result.exit_code == 2


def test_csv(run, real):
    result = run("map", "--format", "csv", input=real)
    assert result.exit_code == 0
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert next(iter(row)) == "id"
    assert (row["id"], row["cost"], row["remaining"], row["cashAmount"], row["fees"]) == (
        "af4db5b17e9c4b305383313efe56f0c7",
        "2.466",
        "0",
        "",
        "[]",
    )
    assert json.loads(row["info"])["price"] == "0.6175"


def test_table(run, real):
    budget = {**ROW, "type": "buy_market", "amount": 0, "cash_amount": 100, "price": 0}
    result = run("map", "--format", "table", input=real + b"\n" + line(budget))
    assert result.exit_code == 0
    head, first, *_ = result.stdout.splitlines()
    assert head.split() == [
        *("id", "created", "(UTC)", "symbol", "order", "status", "price", "amount"),
        *("filled", "average", "cost"),
    ]
    assert first.split()[-9:] == [
        *("DFT/USDT", "buy", "limit", "closed", "0.6175", "4", "4", "0.6165", "2.466"),
    ]
    assert "for 100 USDT" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 120


def test_the_table_of_an_exchange_whose_markets_are_not_known(run, mocker):
    [order] = dfx_adapter.parse_orders("digifinex", [{**ROW, "type": "buy_market"}])
    order |= {"symbol": None, "cashAmount": 100}
    mocker.patch("dfx_adapter.parse_orders", side_effect=[[], [order]])
    result = run("map", "--exchange", "kucoin", "--format", "table", input=line(ROW))
    assert result.exit_code == 0
    assert "for 100 " in result.stdout


def test_what_a_terminal_would_obey_is_escaped(run):
    odd = {**ROW, "order_id": "a\x1b[31mb", "executed_amount": 3}
    result = run("map", "--format", "table", input=line(odd))
    assert "a\\x1b[31mb" in result.stdout
    assert "a\\x1b[31mb" in result.stderr
    assert "\x1b" not in result.output


def test_a_long_table_is_drawn_in_parts(run):
    result = run("map", "--format", "table", input=line(ROW) * 450)
    assert result.stdout.count("created (UTC)") == 3
    assert result.stdout.count("BTC/USDT") == 450


def test_rows_of_another_exchange(run):
    row = {"id": "k1", "status": "open", "vol": "2.5", "vol_exec": "1", "opentm": 0}
    result = run("map", "--exchange", "kraken", input=line(row) + line([row]))
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = orders_of(result)
    assert first == second
    assert (first["remaining"], first["timestamp"], first["fee"]) == ("1.5", None, None)


def test_an_exchange_that_nobody_serves(run, tmp_path):
    result = run("map", "--exchange", "digifinx", "--output", tmp_path / "x", input=b"")
    assert result.exit_code == 2
    assert result.stderr.startswith("dfx-adapter: UnknownExchange: digifinx is served by no plugin")
    assert not (tmp_path / "x").exists()


def test_a_plugin_that_fails_is_a_bad_line(run, mocker, real):
    from dfx_adapter import errors

    failing = mocker.patch("dfx_adapter.parse_orders", side_effect=errors.PluginError("why"))
    assert run("map", input=real).exit_code == 1
    assert failing.call_count == 2  # the exchange is tried before any line


def test_a_bug_is_no_bad_line(run, mocker, real):
    mocker.patch("dfx_adapter.parse_orders", side_effect=ZeroDivisionError)
    assert run("map", input=real).exit_code == 70


def test_debug_shows_why_a_line_is_bad(run):
    result = run("--debug", "map", input=b"garbage\n")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("dfx-adapter: line 1: ")


def test_a_reader_that_has_enough_ends_it_quietly(tmp_path, real):
    source = tmp_path / "answers.jsonl"
    source.write_bytes((real + b"\n") * 5000)
    for format_ in ("jsonl", "csv", "table"):
        command = [sys.executable, "-m", "dfx_adapter", "map", source, "--format", format_]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 0


def test_ctrl_c_ends_it_without_a_traceback(start):
    process = start("map", stdin=subprocess.PIPE)
    process.stdin.write(b"{}\n")
    process.stdin.flush()
    assert process.stderr.readline().startswith(b"dfx-adapter: line 1: ")
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 130
    assert process.stderr.read() == b""


def test_lines_are_mapped_before_the_input_ends(start, tmp_path, real):
    rejects = tmp_path / "rejects"
    process = start("map", "--rejects", rejects, stdin=subprocess.PIPE)
    process.stdin.write(real + b"\nnonsense\n")
    process.stdin.flush()
    assert process.stderr.readline().startswith(b"dfx-adapter: line 2: ")
    assert b"af4db5b17e9c4b305383313efe56f0c7" in process.stdout.readline()
    process.stdin.close()
    assert process.wait(120) == 1


def on_a_terminal(command, stream):
    """Run a command with one of its streams on a terminal; give what stood there, and the code."""
    outer, inner = os.openpty()
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: inner}
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, env=env, **streams) as process:
        os.close(inner)
        seen = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while part := os.read(outer, 4096):
                seen += part
        os.close(outer)
        process.communicate()
    return seen, process.returncode


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no such terminals here")
@pytest.mark.parametrize(("stream", "seen"), [("stderr", b"mapping"), ("stdout", b"created (UTC)")])
def test_a_person_sees_a_table_and_a_program_a_bar(tmp_path, real, stream, seen):
    source = tmp_path / "answers.jsonl"
    source.write_bytes(real)
    command = [sys.executable, "-m", "dfx_adapter", "map", source]
    printed, code = on_a_terminal(command, stream)
    assert (seen in printed, code) == (True, 0)


MEASURED = """
import re, sys
from pathlib import Path
from dfx_adapter.__main__ import main
sys.argv = ["dfx-adapter", "map", sys.argv[1], "--output", sys.argv[2]]
assert main() == 0
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak there")
def test_memory_is_bounded(spawn, tmp_path, real):
    """Twelve megabytes of lines, more than a hundred as orders, need no more than a few do."""

    def peak(count):
        source, target = tmp_path / f"{count}.jsonl", tmp_path / f"{count}.out"
        with source.open("wb") as stream:
            for number in range(count):
                stream.write(real.replace(b"af4db5b1", b"%08x" % number) + b"\n")
        done = spawn(source, target, code=MEASURED)
        assert (done.returncode, done.stderr) == (0, b"")
        assert target.read_bytes().count(b"\n") == count
        return int(done.stdout)

    assert peak(50_000) - peak(2_000) < 4096
