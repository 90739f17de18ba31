"""`dfx-adapter plugins`."""

import json
import os

import pytest


def test_the_built_in_plugins(run):
    result = run("plugins")
    assert result.exit_code == 0
    assert result.stdout.split()[:6] == [
        *("plugin", "origin", "distribution", "status", "hooks", "exchanges"),
    ]
    assert "digifinex" in result.stdout
    assert "alpaca ... " in result.stdout


def test_json(run):
    result = run("plugins", "--json")
    assert result.exit_code == 0
    digifinex, ccxt = json.loads(result.stdout)[:2]
    assert digifinex == {
        "name": "digifinex",
        "origin": "built-in",
        "distribution": None,
        "status": "active",
        "hooks": [
            *("dfx_error_classes", "dfx_order_statuses", "dfx_parse_orders"),
            "dfx_register_exchanges",
        ],
        "exchanges": ["digifinex"],
        "error": None,
        "overrides": [],
    }
    assert "kraken" in ccxt["exchanges"]


@pytest.fixture
def broken(tmp_path):
    """An environment with an installed plugin that cannot be imported."""
    info = tmp_path / "broken-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[dfx_adapter]\nsorrow = nowhere_to_be_found\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


HOSTILE = "red \x1b[31m, \u202eleft, \x07 and [bold]markup[/bold]\nline two"
ENTRY = "so\u202e\x1b[31m"


@pytest.fixture
def hostile(tmp_path):
    """An environment with a plugin whose name and error a terminal would obey."""
    info = tmp_path / "hostile-1.2.dist-info"
    info.mkdir()
    metadata = "Metadata-Version: 2.1\nName: hostile\u202e\x1b\nVersion: 1.2\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    entries = f"[dfx_adapter]\n{ENTRY} = hostile_plugin\n"
    (info / "entry_points.txt").write_text(entries, encoding="utf-8")
    source = f"raise RuntimeError({HOSTILE!r})\n"
    (tmp_path / "hostile_plugin.py").write_text(source, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "200"}


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_a_terminal_would_obey_is_written_out(spawn, hostile, options):
    done = spawn("plugins", *options, env=hostile, text=True, encoding="utf-8")
    assert done.returncode == 1
    for text in (done.stdout, done.stderr):
        assert "hostile" in text
        assert "\\x1b[31m, \\u202eleft, \\x07 and [bold]" in text.replace("u001b", "x1b").replace(
            "u0007", "x07"
        )
        assert all(line.isprintable() for line in text.splitlines())
    if options:
        plugin = json.loads(done.stdout)[-1]
        assert (plugin["name"], plugin["error"]) == (ENTRY, f"RuntimeError: {HOSTILE}")


def test_one_that_failed(spawn, broken):
    done = spawn("plugins", env=broken, text=True)
    assert done.returncode == 1
    assert "broken 1.2" in done.stdout
    assert "sorrow failed: ModuleNotFoundError: No module named 'nowhere" in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("dfx-adapter: warning: plugin 'sorrow' (distribution broken 1.2) failed")


OVERRIDING = """
import ccxt
from dfx_adapter import hookimpl

@hookimpl
def dfx_order_statuses(exchange_id):
    return {"digifinex": {3: "expired", 4: "canceled", 9: "rejected"}}.get(exchange_id, {})

@hookimpl
def dfx_error_classes(exchange_id):
    return {20002: ccxt.OnMaintenance} if exchange_id == "digifinex" else {}
"""


@pytest.fixture
def overriding(tmp_path):
    """An environment with a plugin that overrides rows; the source can be added to."""
    info = tmp_path / "site-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: site\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[dfx_adapter]\nsite = overriding_site\n")
    tmp_path.joinpath("overriding_site.py").write_text(OVERRIDING)
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


def test_what_a_plugin_overrides_is_shown_by_row(spawn, overriding):
    done = spawn("plugins", env=overriding, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("site")][1:]
    assert rows == [
        ["site", "digifinex", "dfx_order_statuses", "3", "canceled", "expired"],
        ["site", "digifinex", "dfx_order_statuses", "9", "-", "rejected"],
        ["site", "digifinex", "dfx_error_classes", "20002", "MarketClosed", "OnMaintenance"],
    ]


def test_what_a_plugin_overrides_is_in_the_json(spawn, overriding):
    done = spawn("plugins", "--json", env=overriding, text=True)
    (site,) = [info for info in json.loads(done.stdout) if info["name"] == "site"]
    assert [(row["key"], row["before"], row["after"]) for row in site["overrides"]] == [
        ("3", "canceled", "expired"),
        ("9", None, "rejected"),
        ("20002", "MarketClosed", "OnMaintenance"),
    ]


def test_a_table_that_cannot_be_is_reported_beside_the_rest(spawn, overriding, tmp_path):
    source = OVERRIDING.replace('"expired"', '"over"')
    tmp_path.joinpath("overriding_site.py").write_text(source)
    done = spawn("plugins", env=overriding, text=True)
    assert done.returncode == 1
    assert "digifinex" in done.stdout
    (line,) = done.stderr.splitlines()
    assert "plugin 'site' (distribution site 1.0): dfx_order_statuses: 3: expected one of" in line
