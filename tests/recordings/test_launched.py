"""`dfx-adapter run --record FILE -- BOT`: a bot unchanged, and its child processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dfx_adapter.recordings import lines
from dfx_adapter.simulator import Simulator

ROOT = Path(__file__).parents[2]
BOT = """
import subprocess, sys
import ccxt
config, order_id = eval(sys.argv[1]), sys.argv[2]
print(ccxt.digifinex(config).fetch_order(order_id)["filled"])
if len(sys.argv) == 3:
    sys.stdout.flush()
    sys.exit(subprocess.run([sys.executable, *sys.argv, "child"]).returncode)
"""


@pytest.mark.long
def test_a_bot_and_its_child_record_to_one_file(tmp_path):
    tmp_path.joinpath("bot.py").write_text(BOT, encoding="utf-8")
    with Simulator() as simulator:
        order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
        simulator.fill(order_id, "0.25")
        run = [sys.executable, "-m", "dfx_adapter", "run", "--record", "orders.jsonl", "--"]
        bot = [sys.executable, "bot.py", repr(simulator.ccxt_config()), order_id]
        done = subprocess.run(
            [*run, *bot],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.stdout, done.stderr, done.returncode) == ("0.25\n0.25\n", "", 0)
    answers = list(lines.answers(tmp_path / "orders.jsonl"))
    assert [(answer.method, answer.args) for answer in answers] == [("fetchOrder", [order_id])] * 2
