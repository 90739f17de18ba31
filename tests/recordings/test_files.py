"""What keeps a line from being written is warned of once, and the bot trades on."""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import ccxt
import pytest

from dfx_adapter.recordings import files, lines
from dfx_adapter.recordings.files import Settings
from dfx_adapter.simulator import Changed, Simulator

LINE = b'{"v":1}\n'


@pytest.fixture
def warned(caplog):
    caplog.set_level(logging.WARNING, "dfx_adapter")
    return lambda: [record.getMessage() for record in caplog.records]


@pytest.fixture
def trade(connect, simulator):
    """Record to a file what comes of ten questions, each of which is answered."""

    async def _trade(option):
        exchange = connect(simulator, options={"record": option})
        padding = b" " * 2000
        simulator.script("spot/order", *[Changed(lambda body: body + padding)] * 10)
        order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
        for _ in range(10):
            assert (await exchange.fetch_order(order_id))["id"] == order_id

    return _trade


async def test_a_full_disk(trade, warned):
    await trade("/dev/full")
    message = "record /dev/full: No space left on device; what cannot be written is left out"
    assert warned() == [message]


async def test_a_missing_folder(trade, warned, tmp_path):
    file = tmp_path / "missing" / "orders.jsonl"
    await trade(file)
    assert [message.partition("; ")[0] for message in warned()] == [
        f"record {file}: No such file or directory"
    ]
    file.parent.mkdir()
    await trade(file)  # the folder is there by now
    assert len(list(lines.answers(file))) == 10


async def test_a_pipe_that_nobody_reads(trade, warned, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    await trade(pipe)
    assert [message.partition("; ")[0] for message in warned()] == [
        f"record {pipe}: nobody reads that pipe"
    ]


def test_a_pipe_whose_reader_reads_nothing(warned, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        appended = [files.append(Settings(str(pipe)), LINE * 1000) for _ in range(20)]
    finally:
        os.close(reader)
    assert set(appended) == {True, False}
    assert [message.partition("; ")[0] for message in warned()] == [
        f"record {pipe}: whoever reads that pipe is too slow"
    ]


async def test_a_folder_in_the_place_of_the_file(trade, warned, tmp_path):
    await trade(tmp_path)
    assert warned() == [f"record {tmp_path}: Is a directory; what cannot be written is left out"]


async def test_at_the_size_it_ends(trade, warned, tmp_path):
    file = tmp_path / "orders.jsonl"
    await trade({"file": file, "bytes": 20000})
    assert warned() == [f"record {file}: recording has ended: the file may have 20000 bytes"]
    assert 15000 < file.stat().st_size <= 20000
    assert all(line.endswith("}") for line in file.read_text().splitlines())


async def test_what_goes_wrong_inside_breaks_no_bot(trade, warned, tmp_path, mocker):
    mocker.patch("dfx_adapter.recordings.recorder.write", side_effect=RuntimeError("simulated-key"))
    file = tmp_path / "orders.jsonl"
    await trade(file)
    message = f"record {file}: an answer cannot be recorded: RuntimeError('***')"
    assert warned() == [message]


def test_a_file_is_its_owners_alone(tmp_path):
    file = tmp_path / "orders.jsonl"
    file.touch(0o644)
    assert files.append(Settings(str(file)), LINE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == LINE


def test_after_a_torn_line_the_next_one_begins_anew(tmp_path, mocker):
    file = tmp_path / "orders.jsonl"
    write = os.write
    mocker.patch("os.write", side_effect=[3, OSError(28, "No space left on device")])
    mocker.patch.object(files, "warn")
    assert not files.append(Settings(str(file)), LINE)
    file.write_bytes(LINE[:3])
    mocker.patch("os.write", side_effect=write)
    assert files.append(Settings(str(file)), LINE)
    assert file.read_bytes() == LINE[:3] + b"\n" + LINE


def test_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert files.settings("a") == Settings(str(tmp_path / "a"), 256 << 20, all=False)
    assert files.settings(Path("b")).file == str(tmp_path / "b")
    given = {"file": tmp_path / "c", "bytes": 9, "all": True}
    assert files.settings(given) == (str(tmp_path / "c"), 9, True)


WRONG = [
    *("", b"orders.jsonl", 5, True, "a\0b", {}),
    {"bytes": 5},
    {"file": ""},
    {"file": "a", "bytes": 0},
    {"file": "a", "all": 1},
    {"file": "a", "size": 5},
]


@pytest.mark.parametrize("option", WRONG)
def test_what_can_be_no_option_is_refused(host, option):
    with pytest.raises(ccxt.BadRequest, match=r"options\['record'\]: expected a file, or"):
        host.connect("digifinex", {"options": {"record": option}})


WRITER = """
import sys
from dfx_adapter.recordings import files
for _ in range(200):
    files.append(files.Settings(sys.argv[1]), sys.argv[2].encode() * 50_000 + b"\\n")
"""


def test_processes_write_whole_lines(tmp_path):
    file = tmp_path / "orders.jsonl"
    commands = [[sys.executable, "-c", WRITER, str(file), mark] for mark in "ab"]
    workers = [subprocess.Popen(command) for command in commands]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    written = file.read_text().splitlines()
    assert sorted(set(written)) == ["a" * 50_000, "b" * 50_000]
    assert len(written) == 400


WORKER = """
import sys
from dfx_adapter import AdapterHost
config, file, count = eval(sys.argv[1]), sys.argv[2], int(sys.argv[3])
exchange = AdapterHost(entry_points=False).connect(
    "digifinex", {**config, "enableRateLimit": False, "options": {"record": file}}
)
for _ in range(count):
    exchange.fetch_open_orders()
"""


@pytest.mark.long
def test_several_bots_share_a_file(tmp_path):
    file, count = tmp_path / "orders.jsonl", 40
    with Simulator() as simulator:
        for price in range(50):  # a body of 10 KB
            simulator.place("BTC_USDT", "buy", price=9000 + price, amount=1)
        command = [
            sys.executable,
            "-c",
            WORKER,
            repr(simulator.ccxt_config()),
            str(file),
            str(count),
        ]
        workers = [subprocess.Popen(command) for _ in range(2)]
        assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    damaged = []
    read = list(lines.read(file, lambda *fault: damaged.append(fault)))
    answers = [line for line in read if isinstance(line, lines.Answer)]
    assert (damaged, len(answers)) == ([], 2 * count)
    assert len({answer.call for answer in answers}) == 2 * count
    assert {len(answer.body) for answer in answers} == {len(answers[0].body)}
    assert len(answers[0].body) > 10_000
