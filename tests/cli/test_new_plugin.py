"""`dfx-adapter new-plugin`: what it writes installs, passes its test, and conforms as it is."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def written(run, tmp_path, name="my-binance", exchange="binance"):
    result = run("new-plugin", name, "--exchange", exchange, "--into", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    return tmp_path / name


def test_it_writes_a_package(run, tmp_path):
    directory = written(run, tmp_path)
    assert sorted(path.name for path in directory.iterdir()) == [
        *("README.md", "cases.json", "my_binance.py", "pyproject.toml", "test_my_binance.py"),
    ]
    project = tomllib.loads(directory.joinpath("pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == "my-binance"
    assert project["entry-points"] == {"dfx_adapter": {"my_binance": "my_binance"}}
    assert "$" not in directory.joinpath("my_binance.py").read_text("utf-8")
    assert "Binance for dfx-adapter" in directory.joinpath("my_binance.py").read_text("utf-8")


@pytest.mark.parametrize("exchange", ["binance", "kraken"])
def test_its_test_passes_as_it_is(exchange, run, tmp_path):
    directory = written(run, tmp_path, exchange=exchange)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    path = os.pathsep.join([str(directory), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    assert "failed" not in done.stdout


def test_its_source_is_clean(run, tmp_path):
    directory = written(run, tmp_path)
    for module in directory.glob("*.py"):
        compile(module.read_text("utf-8"), str(module), "exec")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("my plugin", "expected letters, digits and dashes"),
        ("../mine", "expected letters, digits and dashes"),
        ("1st", "can be no module"),
        ("class", "can be no module"),
        ("json", "there is a module 'json' already"),
        ("ccxt", "there is a module 'ccxt' already"),
        ("dfx-adapter", "there is a module 'dfx_adapter' already"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name, reason, run, tmp_path):
    result = run("new-plugin", name, "--exchange", "kraken", "--into", tmp_path)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("exchange", "reason"), [("krakn", "did you mean kraken"), ("digifinex", "mapped already")]
)
def test_an_exchange_that_cannot_be_is_refused(exchange, reason, run, tmp_path):
    result = run("new-plugin", "mine", "--exchange", exchange, "--into", tmp_path)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_left_alone(run, tmp_path):
    kept = tmp_path / "mine" / "mine.py"
    kept.parent.mkdir()
    kept.write_text("precious")
    result = run("new-plugin", "mine", "--exchange", "kraken", "--into", tmp_path)
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert kept.read_text() == "precious"


@pytest.mark.long
def test_it_installs_and_maps(run, tmp_path):
    """Into an environment of its own, by pip, with the checkout."""
    directory = written(run, tmp_path, "my-kraken", "kraken")
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    good = ["-c", ROOT / "tests" / "known-good.txt"]
    packages = [f"{ROOT}[cli,conformance]", f"{directory}[test]"]
    subprocess.run([python, "-m", "pip", "install", "-q", *good, *packages], check=True)

    def output(*command, **kwargs):
        return subprocess.run(
            command, cwd=directory, check=True, capture_output=True, text=True, **kwargs
        ).stdout

    assert "my-kraken 0.1" in output(python, "-m", "dfx_adapter", "plugins")
    assert "passed" in output(python, "-m", "pytest", "-q")
    (case, *_) = json.loads(directory.joinpath("cases.json").read_text("utf-8"))
    line = json.dumps(case["row"])
    command = (python, "-m", "dfx_adapter", "map", "--exchange", "kraken", "--number", "str")
    (order,) = map(json.loads, output(*command, input=line).splitlines())
    assert (order["id"], order["remaining"]) == ("1001", "0.0003")
