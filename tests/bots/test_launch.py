"""A bot is run unchanged with the adapter registered, its child processes too."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import ccxt
import pytest

import dfx_adapter

BOT = """
import subprocess, sys
import ccxt, ccxt.async_support as later
print(sys.argv[1], ccxt.digifinex().has["fetchOrdersByIds"], later.digifinex().id)
if sys.argv[1] == "parent":
    subprocess.run([sys.executable, __file__, "child"], check=True)
sys.exit(7)
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def launch(tmp_path):
    bot = tmp_path / "bot.py"

    def _launch(code, *options, arguments=(), **kwargs):
        bot.write_text(code, encoding="utf-8")
        paths = os.pathsep.join([str(ROOT), str(tmp_path)])
        command = [sys.executable, "-m", "dfx_adapter", "run", *options, "--"]
        return subprocess.Popen(
            [*command, sys.executable, str(bot), *arguments],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **kwargs,
        )

    return _launch


def test_parent_and_child_find_the_adapter_and_the_exit_code_passes(launch):
    process = launch(BOT.replace("check=True", "check=False"), arguments=["parent"])
    out, err = process.communicate(timeout=180)
    assert (sorted(out.splitlines()), process.returncode, err) == (
        ["child True digifinex", "parent True digifinex"],
        7,
        "",
    )


def test_under_an_alias_and_with_pro(launch):
    code = (
        "import ccxt, ccxt.pro\n"
        "print(ccxt.plus().id, ccxt.pro.plus().id, ccxt.digifinex().has.get('fetchOrdersByIds'))"
    )
    out, _ = launch(code, "--alias", "plus", "--pro").communicate(timeout=180)
    assert out == "plus plus None\n"


def test_a_bot_that_never_imports_ccxt_does_not_pay_for_it(launch):
    out, _ = launch("import sys; print('ccxt' in sys.modules)").communicate(timeout=180)
    assert out == "False\n"


def test_the_sitecustomize_of_the_environment_still_runs(launch, tmp_path):
    tmp_path.joinpath("sitecustomize.py").write_text("import builtins; builtins.seen = True")
    out, err = launch("print(seen)").communicate(timeout=180)
    assert (out, err) == ("True\n", "")


def test_signals_reach_the_bot(launch):
    process = launch("import time; print('up', flush=True); time.sleep(60)")
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=180)
    assert process.returncode == -signal.SIGTERM


def test_a_command_that_is_not_there_is_one_line():
    command = [sys.executable, "-m", "dfx_adapter", "run", "--", "no-such-bot"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no-such-bot" in done.stderr


@pytest.mark.parametrize("alias", ["bad name", "", "1st", "class", "a.b"])
def test_an_alias_that_is_no_name_is_refused_before_the_bot_starts(launch, alias):
    process = launch("print('started')", "--alias", alias)
    out, err = process.communicate(timeout=180)
    assert (out, process.returncode) == ("", 2)
    assert "alias: expected a name" in err
    with pytest.raises(ccxt.BadRequest, match="alias: expected a name") as caught:
        dfx_adapter.register(alias)
    assert (caught.value.found, bool(caught.value.expected)) == (alias, True)
