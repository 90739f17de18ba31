"""Plugins given to a host: one that cannot be used raises, and hosts share nothing."""

import types

import ccxt
import pytest

from dfx_adapter import AdapterHost, ExchangeInfo, PluginInfo, hookimpl
from dfx_adapter.errors import PluginError, UnknownExchange


def connect(config, *, asynchronous):
    return None


def test_the_built_in_plugins_are_there_without_any_other(hosting):
    host = hosting()
    assert [(plugin.name, plugin.origin, plugin.status) for plugin in host.plugins] == [
        ("digifinex", "built-in", "active"),
        ("ccxt", "built-in", "active"),
    ]
    assert host.plugins[0].exchanges == ("digifinex",)


def test_a_plugin_is_described_as_it_is(plugin, hosting):
    host = hosting(
        plugin(
            "Acme",
            dfx_register_exchanges=lambda: [ExchangeInfo("acme", "Acme", connect)],
            dfx_parse_orders=lambda payload: [],
        )
    )
    (info,) = [plugin for plugin in host.plugins if plugin.origin == "given"]
    assert info == PluginInfo(
        name="Acme",
        origin="given",
        distribution=None,
        status="active",
        hooks=("dfx_parse_orders", "dfx_register_exchanges"),
        exchanges=("acme",),
        error=None,
    )


def test_a_module_is_a_plugin_under_its_name(hosting, row):
    module = types.ModuleType("site_statuses")
    module.dfx_order_statuses = hookimpl(statuses)
    host = hosting(module)
    assert "site_statuses" in [plugin.name for plugin in host.plugins]
    assert host.parse_orders("digifinex", [row(status=5)])[0]["status"] == "expired"


def statuses(exchange_id):
    return {5: "expired"}


def parse(exchange_id, payload, context):
    return None


def renamed(exchange_id, answer):
    return None


@pytest.mark.parametrize(
    ("hooks", "named"),
    [
        ({"dfx_parse_order": parse}, "dfx_parse_order"),
        ({"dfx_parse_orders": parse, "dfx_order_status": statuses}, "dfx_order_status"),
        ({"parse_orders": parse}, "parse_orders"),
        ({"dfx_parse_orders": renamed}, "answer"),
        ({"dfx_order_statuses": parse}, "payload"),
        ({}, "hook"),
    ],
    ids=["misspelled", "one misspelled", "without prefix", "argument", "other's argument", "none"],
)
def test_a_plugin_that_cannot_be_used_raises_and_is_named(hooks, named, plugin, hosting):
    with pytest.raises(PluginError, match="Wrong") as caught:
        hosting(plugin("Wrong", **hooks))
    assert named in str(caught.value)
    assert isinstance(caught.value, ccxt.ExchangeError)


@pytest.mark.parametrize("nothing", [object(), None, 5, "name", types.ModuleType("empty")])
def test_what_has_no_hooks_is_no_plugin(nothing, hosting):
    with pytest.raises(PluginError):
        hosting(nothing)


def test_a_function_without_the_marker_is_no_hook(hosting):
    def unmarked(exchange_id):
        return {}

    module = types.ModuleType("unmarked")
    module.dfx_order_statuses = unmarked
    with pytest.raises(PluginError, match="unmarked"):
        hosting(module)


def test_the_same_plugin_twice_is_an_error_that_names_it(plugin, hosting):
    twice = plugin("Twice", dfx_order_statuses=statuses)
    with pytest.raises(PluginError, match="Twice"):
        hosting(twice, twice)


def test_two_plugins_of_one_name_get_names_of_their_own(plugin, hosting, row):
    host = hosting(
        plugin("Site", dfx_order_statuses=lambda exchange_id: {5: "expired"}),
        plugin("Site", dfx_order_statuses=lambda exchange_id: {6: "rejected"}),
        plugin("digifinex", dfx_order_statuses=lambda exchange_id: {7: "canceled"}),
        plugin("ccxt", dfx_order_statuses=lambda exchange_id: {8: "closed"}),
    )
    names = [plugin.name for plugin in host.plugins]
    assert len(set(names)) == len(names) == 6
    orders = host.parse_orders("digifinex", [row(status=status) for status in (5, 6, 7, 8)])
    assert [order["status"] for order in orders] == ["expired", "rejected", "canceled", "closed"]


def test_hosts_share_nothing(plugin, hosting, row):
    site = plugin("Site", dfx_order_statuses=statuses)
    acme = plugin("Acme", dfx_register_exchanges=lambda: [ExchangeInfo("acme", "A", connect)])
    with_site, with_acme, without = hosting(site), hosting(acme), hosting()
    assert with_site.parse_orders("digifinex", [row(status=5)])[0]["status"] == "expired"
    for host in (with_acme, without):
        with pytest.raises(ccxt.ExchangeError, match="status"):
            host.parse_orders("digifinex", [row(status=5)])
    assert "acme" in with_acme.exchanges
    assert "acme" not in with_site.exchanges
    assert "acme" not in without.exchanges
    assert hosting(site).parse_orders("digifinex", [row(status=5)])  # the same object once more


def test_hosts_warn_for_themselves(hosting, row, caplog):
    for host in (hosting(), hosting()):
        host.parse_orders("digifinex", [row(status=1)])
    assert len(caplog.records) == 2


def test_exchange_objects_belong_to_the_host_that_connected_them(plugin, hosting, row, mocker):
    site = hosting(plugin("Site", dfx_order_statuses=statuses)).connect("digifinex")
    plain = hosting().connect("digifinex")
    answer = {"code": 0, "data": [row(status=5)]}
    for exchange in (site, plain):
        mocker.patch.object(exchange, "privateSpotGetMarketOrderCurrent", return_value=answer)
    assert [order["status"] for order in site.fetch_open_orders()] == ["expired"]
    with pytest.raises(ccxt.ExchangeError, match="status"):
        plain.fetch_open_orders()


def test_the_plugins_may_come_from_any_iterable(plugin, row):
    host = AdapterHost(
        (plugin(name, dfx_order_statuses=statuses) for name in ("One", "Two")), entry_points=False
    )
    assert host.parse_orders("digifinex", [row(status=5)])[0]["status"] == "expired"


@pytest.mark.parametrize(
    ("wanted", "suggested"),
    [("digifinx", "digifinex"), ("krakn", "kraken"), ("Binance", "binance")],
)
def test_an_unknown_exchange_is_an_error_with_a_suggestion(wanted, suggested, hosting):
    host = hosting()
    for ask in (host.connect, lambda exchange_id: host.parse_orders(exchange_id, b"[]")):
        with pytest.raises(UnknownExchange, match=suggested) as caught:
            ask(wanted)
        assert isinstance(caught.value, ccxt.NotSupported)
        assert caught.value.exchange_id == wanted
        assert wanted in str(caught.value)


@pytest.mark.parametrize("wanted", ["", "qqqqqqqq", "__class__", "Exchange", "base.errors"])
def test_what_is_no_exchange_is_unknown(wanted, hosting):
    with pytest.raises(UnknownExchange):
        hosting().connect(wanted)


def test_the_table_of_exchanges_cannot_be_changed(hosting):
    with pytest.raises(TypeError):
        hosting().exchanges["digifinex"] = None


def test_the_list_of_plugins_is_a_copy(hosting):
    host = hosting()
    host.plugins.clear()
    assert len(host.plugins) == 2
