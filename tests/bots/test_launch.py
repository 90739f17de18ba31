"""A bot is run unchanged with the adapter registered, its child processes too."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import ccxt
import pytest

import dfx_adapter
from dfx_adapter.bots import launch as launching

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


@pytest.mark.long
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


# Built, too: ccxt's own code names its class in its module.
CHECK = "\nprint(found.__mro__[1].__name__, found().has.get('fetchOrdersByIds'))"
WAYS = {
    "find_spec": "import importlib.util; importlib.util.find_spec('ccxt'); import ccxt",
    "find_spec of the module": (
        "import importlib.util; importlib.util.find_spec('ccxt.digifinex'); import ccxt"
    ),
    "reload": "import importlib, ccxt; importlib.reload(ccxt)",
    "reload of asyncio": (
        "import importlib, ccxt.async_support as ccxt; ccxt = importlib.reload(ccxt)"
    ),
    "reload of the module": (
        "import importlib, sys, ccxt; importlib.reload(sys.modules['ccxt.digifinex']);"
        "from ccxt.digifinex import digifinex; ccxt.digifinex = digifinex"
    ),
    "thrown away": "import ccxt, sys; del sys.modules['ccxt']; import ccxt",
    "asyncio thrown away": (
        "import ccxt.async_support, sys; del sys.modules['ccxt.async_support'];"
        "import ccxt.async_support as ccxt"
    ),
    "module thrown away": (
        "import ccxt, sys; del sys.modules['ccxt.digifinex'], sys.modules['ccxt'];"
        "from ccxt.digifinex import digifinex; import ccxt"
    ),
    "from its module": "import ccxt.digifinex; from ccxt.digifinex import digifinex as found",
    "from asyncio's module": "from ccxt.async_support.digifinex import digifinex as found",
    "a module by name": "import ccxt.digifinex as found",
    "asyncio's module by name": "import ccxt.async_support.digifinex as found",
    "import_module": (
        "import importlib; found = importlib.import_module('ccxt.digifinex').digifinex"
    ),
    "in a thread": (
        "import threading; t = threading.Thread(target=__import__, args=('ccxt',)); t.start();"
        "t.join(); import ccxt"
    ),
    "a loader of its own": (
        "import importlib.util as u, sys; s = u.find_spec('ccxt'); ccxt = u.module_from_spec(s);"
        "sys.modules['ccxt'] = ccxt; s.loader.exec_module(ccxt)"
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_however_it_is_imported_the_bot_gets_the_adapter(launch, way):
    code = way if " found" in way else f"{way}\nfound = ccxt.digifinex"
    out, err = launch(code + CHECK).communicate(timeout=180)
    assert (out.split()[1:], err) == (["True"], "")


@pytest.mark.long
@pytest.mark.parametrize(
    "way",
    [
        "import ccxt.pro as ccxt",
        "import ccxt.pro as ccxt, importlib\nccxt = importlib.reload(ccxt)",
    ],
)
def test_with_pro_however_it_is_imported(launch, way):
    code = f"{way}\nfound = ccxt.digifinex{CHECK}"
    out, err = launch(code, "--pro").communicate(timeout=180)
    assert (out.split()[1:], err) == (["True"], "")


@pytest.mark.long
def test_a_child_that_imports_it_in_another_way_gets_it_too(launch):
    child = f"from ccxt.async_support.digifinex import digifinex as found{CHECK}"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    out, err = launch(code).communicate(timeout=180)
    assert (out.split()[1:], err) == (["True"], "")


@pytest.mark.long
def test_all_of_ccxt_imported_anew_is_warned_of(launch):
    code = (
        "import ccxt, sys, logging\n"
        "for name in [name for name in sys.modules if name.startswith('ccxt')]:\n"
        "    del sys.modules[name]\n"
        "import ccxt; print(hasattr(ccxt.digifinex, 'fetch_orders_by_ids'))"
    )
    out, err = launch(code).communicate(timeout=180)
    assert out == "False\n"
    assert "dfx-adapter run: ccxt was imported anew" in err


@pytest.mark.parametrize(
    ("options", "deaf"),
    [
        (["-I"], "-I"),
        (["-uE"], "-uE"),
        (["-W", "ignore", "-S"], "-S"),
        (["-u", "-Wignore::SyntaxWarning", "-X", "dev"], None),
        (["bot.py", "-I"], None),
        (["-c", "pass", "-I"], None),
        (["-m", "bot", "-S"], None),
    ],
)
def test_a_python_that_reads_no_sitecustomize_is_warned_of(options, deaf):
    assert launching._deaf_option(["/usr/bin/python3.11", *options]) == deaf
    assert launching._deaf_option(["freqtrade", *options]) is None


def test_the_warning_comes_before_the_bot_starts(launch, tmp_path):
    command = [sys.executable, "-m", "dfx_adapter", "run", "--", sys.executable, "-I", "-c", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "-I reads no PYTHONPATH: the bot gets ccxt's own classes" in done.stderr


def test_ccxt_that_is_there_before_is_registered_in(launch, tmp_path):
    site = Path(launching.SITE).joinpath("sitecustomize.py").read_text(encoding="utf-8")
    code = f"import ccxt\n__file__ = 'nowhere/sitecustomize.py'\n{site}\nfound = ccxt.digifinex"
    out, _ = launch(code + CHECK).communicate(timeout=180)
    assert out.split()[1:] == ["True"]
