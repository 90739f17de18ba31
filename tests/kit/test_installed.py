"""The sample plugins as an installer lays them down: found by the command line and by a bot."""

import json
import os
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.exchanges import venues
from tests.kit.samples import DISTS, KRAKEN_ID, KRAKEN_ROW, MARKETS, ORDERS, ROWS

pytestmark = pytest.mark.long  # processes that import all of ccxt
NAMES = ("mexc", "kraken")


@pytest.fixture
def environment(tmp_path):
    """Both distributions on the path, with what an installer writes of them."""
    for name in NAMES:
        project = tomllib.loads(DISTS.joinpath(name, "pyproject.toml").read_text("utf-8"))[
            "project"
        ]
        shutil.copy(DISTS / name / f"{name}_orders.py", tmp_path)
        info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir()
        metadata = (
            f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        )
        info.joinpath("METADATA").write_text(metadata, "utf-8")
        points = project["entry-points"]["dfx_adapter"]
        lines = ["[dfx_adapter]", *(f"{point} = {module}" for point, module in points.items())]
        info.joinpath("entry_points.txt").write_text("\n".join(lines), "utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    return {**os.environ, "PYTHONPATH": path}


def output(environment, *command, **kwargs):
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        **kwargs,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_line_lists_them_with_what_they_override(environment):
    listed = json.loads(output(environment, "-m", "dfx_adapter", "plugins", "--json"))
    samples = {info["name"]: info for info in listed if info["name"] in NAMES}
    for name in NAMES:
        assert samples[name]["distribution"] == f"{name}-orders 1.0"
        assert samples[name]["hooks"] == ["dfx_order_statuses", "dfx_parse_orders"]
    changed = {row["key"]: row["after"] for row in samples["mexc"]["overrides"]}
    assert changed["PARTIALLY_CANCELED"] == "canceled"


@pytest.mark.parametrize("name", NAMES)
def test_the_command_line_maps_by_them(name, environment):
    row = json.dumps(ROWS[name]) + "\n"
    command = ("-m", "dfx_adapter", "map", "--exchange", name, "--number", "str")
    order = json.loads(output(environment, *command, input=row))
    assert {key: order[key] for key in ORDERS[name]} == ORDERS[name]


def test_the_command_line_maps_a_recorded_answer_that_a_plugin_can_unwrap(environment):
    body = json.dumps({"error": [], "result": {"closed": {KRAKEN_ID: KRAKEN_ROW}, "count": 1}})
    command = ("-m", "dfx_adapter", "map", "--exchange", "kraken", "--number", "str")
    order = json.loads(output(environment, *command, input=body))
    assert {key: order[key] for key in ORDERS["kraken"]} == ORDERS["kraken"]


BOT = """
import json, sys
import ccxt
exchange = getattr(ccxt, sys.argv[1])(json.loads(sys.argv[2]))
order = exchange.fetch_order(sys.argv[3], "BTC/USDT")
print(json.dumps({**order, "isOurs": hasattr(exchange, "fetch_orders_by_ids")}))
"""
IDS = {"kraken": "OXM2QD-EALR2-YBAVEU", "mexc": "C02__443776347957968896088"}


@pytest.mark.parametrize("name", NAMES)
def test_a_launched_bot_reads_its_orders_through_them(name, environment, tmp_path):
    bot = tmp_path / "bot.py"
    bot.write_text(BOT, "utf-8")
    with venues.serving(name) as (venue, config):
        venue.order = {"placed": "before"}
        command = ["-m", "dfx_adapter", "run", "--exchange", name, "--", sys.executable, bot]
        order = json.loads(output(environment, *command, name, json.dumps(config), IDS[name]))
    assert (order["id"], order["symbol"], order["average"]) == (IDS[name], "BTC/USDT", 70000)
    assert order["isOurs"]
    # ccxt's class says nothing of these: MEXC's cost is worked out by both, Kraken's flags are read
    assert order["postOnly"] is (False if name == "kraken" else None)
    assert order["lastUpdateTimestamp"] == (1733815270000 if name == "mexc" else None)


def recorded(name, tmp_path):
    """Write a recording as the conformance suite reads it."""
    market = {"id": MARKETS[name], "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT"}
    market |= {"type": "spot", "spot": True}
    by_altname = {"marketsByAltname": {market["id"]: market}} if name == "kraken" else {}
    recording = {"rows": [ROWS[name]], "markets": [market], "options": by_altname}
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps(recording), "utf-8")
    return file


@pytest.mark.parametrize("name", NAMES)
def test_the_conformance_suite_holds_them_against_the_rules_of_an_order(
    name, environment, tmp_path
):
    report = tmp_path / "report.json"
    command = ("-m", "dfx_conformance", "run", f"adapter:{name}", "--report", str(report))
    output(environment, *command, "--recorded", str(recorded(name, tmp_path)))
    (result,) = json.loads(report.read_text("utf-8"))["reports"]
    assert (result["conforms"], result["failed"], result["warned"]) == (True, 0, 0)
    assert result["ran"] > 10


def test_the_conformance_suite_asks_the_plugin_that_is_installed(environment, tmp_path):
    tmp_path.joinpath("kraken_orders.py").write_text(SLOPPY, "utf-8")
    command = ["-m", "dfx_conformance", "run", "adapter:kraken", "--recorded"]
    done = subprocess.run(
        [sys.executable, *command, str(recorded("kraken", tmp_path))],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "plugin 'kraken' (distribution kraken-orders 1.0)" in done.stdout


SLOPPY = """
from dfx_adapter import hookimpl

@hookimpl
def dfx_parse_orders(exchange_id, payload):
    return [{"id": "1", "status": "LIVE"}] if exchange_id == "kraken" else None
"""


def test_a_sloppy_plugin_is_a_line_of_the_command_line_and_no_traceback(tmp_path):
    info = tmp_path / "sloppy-2.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: sloppy\nVersion: 2.0\n")
    info.joinpath("entry_points.txt").write_text("[dfx_adapter]\nlazy = sloppy_orders\n")
    tmp_path.joinpath("sloppy_orders.py").write_text(SLOPPY, "utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "dfx_adapter", "map", "--exchange", "kraken"],
        input='{"id": "1"}\n',
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    for part in ("PluginError", "'lazy' (distribution sloppy 2.0)", "order 0 (id '1')", "missing"):
        assert part in line
