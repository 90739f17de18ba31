"""Plugins that arrive through the entry-point group: one that fails does not stop the rest."""

import sys

import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.errors import PluginError

GOOD = """
from dfx_adapter import ExchangeInfo, hookimpl
from dfx_adapter.order import BLANK

def connect(config, *, asynchronous):
    return "acme"

@hookimpl
def dfx_register_exchanges():
    return [ExchangeInfo("acme", "Acme", connect)]

@hookimpl
def dfx_parse_orders(exchange_id, payload):
    return [{**BLANK, "id": "parsed by acme", "trades": [], "fees": []}]
"""
IMPORT_ERROR = "import no_such_module_anywhere"
SYNTAX_ERROR = "def broken(:"
RAISES = "raise RuntimeError('boom at import')"
EXITS = "import sys; sys.exit(7)"
MISSPELLED = """
from dfx_adapter import hookimpl

@hookimpl
def dfx_parse_order(exchange_id, payload):
    return []
"""
WRONG_ARGUMENT = """
from dfx_adapter import hookimpl

@hookimpl
def dfx_parse_orders(exchange_id, answer):
    return []
"""
NO_HOOKS = "x = 1"
TAKEN = """
from dfx_adapter import ExchangeInfo, hookimpl

@hookimpl
def dfx_register_exchanges():
    return [ExchangeInfo("digifinex", "Mine", lambda config, *, asynchronous: "stolen")]

@hookimpl
def dfx_parse_orders():
    return [{"id": "stolen"}]
"""
EXITS_WHEN_ASKED = """
import sys
from dfx_adapter import hookimpl

@hookimpl
def dfx_register_exchanges():
    sys.exit(9)

@hookimpl
def dfx_parse_orders():
    return [{"id": "from a plugin that failed"}]

@hookimpl
def dfx_order_statuses(exchange_id):
    return {0: "rejected"}
"""
RAISES_WHEN_ASKED = EXITS_WHEN_ASKED.replace("sys.exit(9)", "raise ValueError('asked')")


def info_of(host, name):
    (info,) = [plugin for plugin in host.plugins if plugin.name == name]
    return info


def test_an_installed_plugin_is_found_and_described(site):
    site.install("acme-exchange", version="2.5", good=GOOD)
    host = AdapterHost()
    info = info_of(host, "good")
    assert (info.origin, info.distribution) == ("entry point", "acme-exchange 2.5")
    assert (info.status, info.error) == ("active", None)
    assert info.hooks == ("dfx_parse_orders", "dfx_register_exchanges")
    assert info.exchanges == ("acme",)
    assert host.connect("acme") == "acme"
    assert [order["id"] for order in host.parse_orders("acme", b"{}")] == ["parsed by acme"]


def test_installed_plugins_are_left_alone_where_they_are_not_wanted(site):
    site.install("acme-exchange", good=GOOD)
    host = AdapterHost(entry_points=False)
    assert [plugin.origin for plugin in host.plugins] == ["built-in", "built-in"]
    assert "acme" not in host.exchanges
    assert "acme_exchange_good_module" not in sys.modules


@pytest.mark.parametrize(
    ("source", "reasons"),
    [
        (IMPORT_ERROR, ["no_such_module_anywhere"]),
        (SYNTAX_ERROR, ["SyntaxError"]),
        (RAISES, ["RuntimeError", "boom at import"]),
        (EXITS, ["SystemExit", "7"]),
        (MISSPELLED, ["dfx_parse_order"]),
        (WRONG_ARGUMENT, ["answer"]),
        (NO_HOOKS, ["hook"]),
        (TAKEN, ["'digifinex'", "'bad'"]),
        (EXITS_WHEN_ASKED, ["9"]),
        (RAISES_WHEN_ASKED, ["asked"]),
    ],
    ids=[
        *("import error", "syntax error", "raises", "exits", "misspelled", "wrong argument"),
        *("no hooks", "taken id", "exits when asked", "raises when asked"),
    ],
)
@pytest.mark.parametrize("names", [("a-good", "z-bad"), ("z-good", "a-bad")])
def test_one_that_fails_is_reported_and_does_not_stop_the_rest(
    source, reasons, names, site, row, caplog
):
    good, bad = names
    site.install(good, good=GOOD)
    site.install(bad, bad=source)

    host = AdapterHost()

    failed = info_of(host, "bad")
    assert (failed.status, failed.distribution) == ("failed", f"{bad} 1.0")
    assert [reason for reason in reasons if reason not in failed.error] == []
    assert failed.exchanges == ()
    assert info_of(host, "good").status == "active"
    assert [order["id"] for order in host.parse_orders("acme", b"{}")] == ["parsed by acme"]
    (order,) = host.parse_orders("digifinex", [row(order_id="ours")])
    assert (order["id"], order["status"]) == ("ours", "open")
    assert [record.levelname for record in caplog.records if bad in record.getMessage()] == [
        "WARNING"
    ]


def test_all_of_them_together_leave_the_good_one_working(site, row):
    site.install(
        "mixed",
        one=IMPORT_ERROR,
        two=EXITS,
        three=MISSPELLED,
        four=TAKEN,
        good=GOOD,
        five=NO_HOOKS,
    )
    host = AdapterHost()
    found = {
        plugin.name: plugin.status for plugin in host.plugins if plugin.origin == "entry point"
    }
    assert found == {
        "one": "failed",
        "two": "failed",
        "three": "failed",
        "four": "failed",
        "five": "failed",
        "good": "active",
    }
    assert host.connect("acme") == "acme"
    assert host.parse_orders("digifinex", [row()])[0]["symbol"] == "BTC/USDT"


def test_an_entry_point_of_a_name_that_is_not_there_fails_alone(site):
    site.install("acme-exchange", good=GOOD)
    site.install("gone")
    info = next(site.path.glob("gone-*"))
    (info / "entry_points.txt").write_text("[dfx_adapter]\ngone = sys:nothing_of_that_name\n")
    host = AdapterHost()
    assert info_of(host, "gone").status == "failed"
    assert "nothing_of_that_name" in info_of(host, "gone").error
    assert host.connect("acme") == "acme"


@pytest.mark.parametrize("swap", [False, True])
def test_the_order_of_distributions_on_the_path_does_not_matter(swap, new_site):
    sites = [new_site(), new_site()]
    first, second = reversed(sites) if swap else sites
    first.install("a-exchange", plug=GOOD)
    second.install("b-exchange", plug=GOOD)

    host = AdapterHost()

    found = [plugin for plugin in host.plugins if plugin.origin == "entry point"]
    assert [(plugin.distribution, plugin.status) for plugin in found] == [
        ("a-exchange 1.0", "active"),
        ("b-exchange 1.0", "failed"),
    ]
    assert "a-exchange 1.0" in found[1].error
    assert len({plugin.name for plugin in found}) == 2
    assert host.connect("acme") == "acme"


def test_a_plugin_given_wins_over_an_installed_one_of_its_exchange(site, plugin):
    from dfx_adapter import ExchangeInfo

    def connect(config, *, asynchronous):
        return "given"

    site.install("acme-exchange", good=GOOD)
    given = plugin("Given", dfx_register_exchanges=lambda: [ExchangeInfo("acme", "A", connect)])
    host = AdapterHost([given])
    assert host.connect("acme") == "given"
    assert info_of(host, "good").status == "failed"
    assert "Given" in info_of(host, "good").error


def test_an_installed_mapping_that_raises_is_named_with_its_distribution(site, row):
    source = """
from dfx_adapter import hookimpl

@hookimpl
def dfx_parse_orders(exchange_id, payload):
    raise ValueError("cannot map")
"""
    site.install("site-mapping", version="3.1", mapping=source)
    with pytest.raises(PluginError, match="cannot map") as caught:
        AdapterHost().parse_orders("digifinex", [row()])
    message = str(caught.value)
    assert "'mapping'" in message
    assert "site-mapping 3.1" in message
    assert "digifinex" in message
    assert isinstance(caught.value.__cause__, ValueError)


def test_installed_statuses_that_disagree_name_both_distributions(site, row):
    source = """
from dfx_adapter import hookimpl

@hookimpl
def dfx_order_statuses(exchange_id):
    return {5: %r}
"""
    site.install("one-site", table=source % "closed")
    site.install("other-site", table=source % "rejected")
    with pytest.raises(PluginError) as caught:
        AdapterHost().parse_orders("digifinex", [row()])
    assert "one-site 1.0" in str(caught.value)
    assert "other-site 1.0" in str(caught.value)


def test_importing_the_package_loads_no_installed_plugin(site):
    import os
    import subprocess

    site.install("loud", loud="print('loaded')\n" + GOOD)
    code = "import dfx_adapter; print('imported'); dfx_adapter.AdapterHost()"
    path = os.pathsep.join([str(site.path), *filter(None, sys.path)])
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == ["imported", "loaded"]
