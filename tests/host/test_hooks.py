"""What a plugin can say through each hook, and what it cannot do."""

import ast
import functools
import gc
import logging
from pathlib import Path

import ccxt
import pytest

from dfx_adapter import ExchangeInfo, ParseContext, hookimpl, hookspecs
from dfx_adapter.errors import PluginError
from tests.host.orders import whole

ENDED = 1_600_000_060


def acme(exchange_id="acme"):
    """Register an exchange of that id."""

    def connect(config, *, asynchronous):
        return exchange_id, dict(config), asynchronous

    return lambda: [ExchangeInfo(exchange_id, exchange_id.title(), connect)]


def status_of(host, row, status):
    (order,) = host.parse_orders("digifinex", [row(status=status)])
    return order["status"]


def raised(host, body):
    with pytest.raises(ccxt.BaseError) as caught:
        host.parse_orders("digifinex", body)
    return caught.value


# Every hook has a test.


@pytest.mark.parametrize(
    "hook", sorted(name for name in vars(hookspecs) if name.startswith("dfx_"))
)
def test_every_hook_has_a_test_named_for_it(hook):
    modules = [
        ast.parse(path.read_text("utf-8")) for path in Path(__file__).parent.glob("test_*.py")
    ]
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    tests = [node.name for module in modules for node in module.body if isinstance(node, functions)]
    assert [name for name in tests if name.startswith(f"test_{hook}")]


def test_the_hooks_are_those_of_the_design():
    assert {name for name in vars(hookspecs) if name.startswith("dfx_")} == {
        "dfx_register_exchanges",
        "dfx_order_statuses",
        "dfx_error_classes",
        "dfx_parse_orders",
        "dfx_orders_parsed",
    }


# dfx_register_exchanges


@pytest.mark.parametrize("asynchronous", [False, True])
def test_dfx_register_exchanges_serves_a_new_exchange(asynchronous, plugin, hosting):
    host = hosting(plugin("Acme", dfx_register_exchanges=acme()))
    assert host.exchanges["acme"].title == "Acme"
    config = {"apiKey": "k", "options": {"a": 1}}
    assert host.connect("acme", config, asynchronous=asynchronous) == ("acme", config, asynchronous)
    assert host.connect("acme") == ("acme", {}, False)


def test_dfx_register_exchanges_is_called_one_time_per_host(plugin, hosting, mocker):
    register = mocker.Mock(side_effect=acme())

    def registered():
        return register()

    host = hosting(plugin("Acme", dfx_register_exchanges=registered))
    host.connect("acme")
    host.connect("acme")
    assert "acme" in host.exchanges
    assert register.call_count == 1


def test_dfx_register_exchanges_may_yield(plugin, hosting):
    def register():
        yield from acme("one")()
        yield from acme("two")()

    host = hosting(plugin("Acme", dfx_register_exchanges=register))
    assert {"one", "two"} <= set(host.exchanges)
    (info,) = [plugin for plugin in host.plugins if plugin.name == "Acme"]
    assert set(info.exchanges) == {"one", "two"}


@pytest.mark.parametrize("swap", [False, True])
def test_dfx_register_exchanges_with_an_id_twice_is_an_error_that_names_both(swap, plugin, hosting):
    plugins = [plugin(name, dfx_register_exchanges=acme()) for name in ("First", "Second")]
    with pytest.raises(PluginError, match="acme") as caught:
        hosting(*(reversed(plugins) if swap else plugins))
    assert "First" in str(caught.value)
    assert "Second" in str(caught.value)


def test_dfx_register_exchanges_with_our_id_is_an_error_that_names_both(plugin, hosting):
    with pytest.raises(PluginError) as caught:
        hosting(plugin("Claimant", dfx_register_exchanges=acme("digifinex")))
    assert "Claimant" in str(caught.value)
    assert "plugin 'digifinex'" in str(caught.value)


def test_dfx_register_exchanges_wins_over_the_ccxt_class_of_that_id(plugin, hosting):
    """ccxt's classes are the last resort."""
    host = hosting(plugin("BetterKraken", dfx_register_exchanges=acme("kraken")))
    assert host.connect("kraken")[0] == "kraken"
    assert host.exchanges["kraken"].title == "Kraken"
    assert "binance" in host.exchanges


@pytest.mark.parametrize("wrong", ["", "Acme", "ACME"])
def test_dfx_register_exchanges_with_an_id_that_is_none_is_an_error(wrong, plugin, hosting):
    with pytest.raises(PluginError, match="Sloppy"):
        hosting(plugin("Sloppy", dfx_register_exchanges=acme(wrong)))


@pytest.mark.parametrize("answer", ["acme", ["acme"], [None], {"acme": 1}, 5])
def test_dfx_register_exchanges_with_no_exchange_infos_is_an_error(answer, plugin, hosting):
    with pytest.raises(PluginError, match="Sloppy"):
        hosting(plugin("Sloppy", dfx_register_exchanges=lambda: answer))


@pytest.mark.parametrize("own", [ValueError("no licence"), SystemExit("no licence")])
def test_dfx_register_exchanges_that_raises_is_an_error_with_its_cause(own, plugin, hosting):
    def register():
        raise own

    with pytest.raises(PluginError, match="no licence") as caught:
        hosting(plugin("Licensed", dfx_register_exchanges=register))
    assert "Licensed" in str(caught.value)
    assert caught.value.__cause__ is not None


# dfx_order_statuses


@pytest.mark.parametrize("key", [4, "4"])
def test_dfx_order_statuses_override_one_row(key, plugin, hosting, row):
    host = hosting(plugin("Site", dfx_order_statuses=lambda exchange_id: {key: "expired"}))
    assert status_of(host, row, 4) == "expired"
    assert [status_of(host, row, status) for status in range(4)] == [
        "open",
        "open",
        "closed",
        "canceled",
    ]


@pytest.mark.parametrize("key", [5, "5"])
@pytest.mark.parametrize("wire", [5, "5"])
def test_dfx_order_statuses_add_a_row(key, wire, plugin, hosting, row):
    host = hosting(plugin("Site", dfx_order_statuses=lambda exchange_id: {key: "rejected"}))
    assert status_of(host, row, wire) == "rejected"
    assert status_of(hosting(), row, 2) == "closed"
    assert type(raised(hosting(), [row(status=wire)])).__name__ == "UnknownStatus"


@pytest.mark.parametrize("swap", [False, True])
def test_dfx_order_statuses_do_not_depend_on_the_order_of_plugins(swap, plugin, hosting, row):
    plugins = [
        plugin("Adds", dfx_order_statuses=lambda exchange_id: {5: "expired", 6: "rejected"}),
        plugin("Overrides", dfx_order_statuses=lambda exchange_id: {3: "expired", 6: "rejected"}),
    ]
    host = hosting(*(reversed(plugins) if swap else plugins))
    assert [status_of(host, row, status) for status in (2, 3, 4, 5, 6)] == [
        "closed",
        "expired",
        "canceled",
        "expired",
        "rejected",
    ]


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize(("first", "second"), [(5, 5), (5, "5"), (3, "3")])
def test_dfx_order_statuses_that_disagree_are_an_error_that_names_both(
    first, second, swap, plugin, hosting, row
):
    plugins = [
        plugin("Optimist", dfx_order_statuses=lambda exchange_id: {first: "closed"}),
        plugin("Pessimist", dfx_order_statuses=lambda exchange_id: {second: "rejected"}),
    ]
    host = hosting(*(reversed(plugins) if swap else plugins))
    error = raised(host, [row()])
    assert isinstance(error, PluginError)
    assert "Optimist" in str(error)
    assert "Pessimist" in str(error)
    assert error.exchange_id == "digifinex"


@pytest.mark.parametrize("status", ["done", "CLOSED", "", None, 2, ["closed"]])
def test_dfx_order_statuses_with_no_unified_status_are_an_error(status, plugin, hosting, row):
    host = hosting(plugin("Inventive", dfx_order_statuses=lambda exchange_id: {5: status}))
    error = raised(host, [row()])
    assert isinstance(error, PluginError)
    assert "Inventive" in str(error)
    assert repr(status) in str(error)


def test_dfx_order_statuses_is_called_one_time_per_exchange(plugin, hosting, row, mocker):
    table = mocker.Mock(return_value={5: "closed"})

    def statuses(exchange_id):
        return table(exchange_id)

    host = hosting(plugin("Site", dfx_order_statuses=statuses))
    for _ in range(3):
        host.parse_orders("digifinex", [row()])
    host.parse_orders("kraken", [])
    host.parse_orders("kraken", [])
    assert [call.args for call in table.call_args_list] == [("digifinex",), ("kraken",)]


def test_dfx_order_statuses_without_asking_for_the_exchange_speak_of_their_own_only(
    plugin, hosting, row
):
    """A plugin that serves another exchange cannot change DigiFinex's table by mistake."""
    seen = []

    def parse(exchange_id, payload, context):
        seen.append(dict(context.statuses))
        return []

    hijacker = plugin(
        "Acme",
        dfx_register_exchanges=acme(),
        dfx_order_statuses=lambda: {0: "closed", 1: "closed", 9: "open"},
        dfx_parse_orders=parse,
    )
    host = hosting(hijacker)
    assert status_of(host, row, 0) == "open"
    assert type(raised(host, [row(status=9)])).__name__ == "UnknownStatus"
    assert host.parse_orders("acme", [1]) == []
    assert seen == [{"0": "closed", "1": "closed", "9": "open"}]


@pytest.mark.parametrize("answer", [5, [5], "closed"])
def test_dfx_order_statuses_that_are_no_mapping_are_an_error(answer, plugin, hosting, row):
    host = hosting(plugin("Sloppy", dfx_order_statuses=lambda exchange_id: answer))
    error = raised(host, [row()])
    assert isinstance(error, PluginError)
    assert "Sloppy" in str(error)


@pytest.mark.parametrize("own", [KeyError("no table"), SystemExit(3)])
def test_dfx_order_statuses_that_raise_are_an_error_with_its_cause(own, plugin, hosting, row):
    def table(exchange_id):
        raise own

    error = raised(hosting(plugin("Broken", dfx_order_statuses=table)), [row()])
    assert isinstance(error, PluginError)
    assert "Broken" in str(error)
    assert error.__cause__ is own


def test_dfx_order_statuses_cannot_make_a_cancellation_a_trade(plugin, hosting, row):
    """Status 4 ends with the cancellation: no fill is known to have happened at finished_date."""
    host = hosting(plugin("Site", dfx_order_statuses=lambda exchange_id: {4: "closed"}))
    fills = {"executed_amount": 1, "avg_price": 100, "finished_date": ENDED}
    (order,) = host.parse_orders("digifinex", [row(status=4, **fills)])
    assert order["status"] == "closed"
    assert order["lastTradeTimestamp"] is None
    assert order["lastUpdateTimestamp"] == ENDED * 1000


# dfx_error_classes


@pytest.mark.parametrize("key", [20013, "20013"])
def test_dfx_error_classes_override_one_row(key, plugin, hosting):
    class Gone(ccxt.OrderNotFound):
        pass

    host = hosting(plugin("Site", dfx_error_classes=lambda exchange_id: {key: Gone}))
    assert type(raised(host, b'{"code":20013}')) is Gone
    assert type(raised(host, b'{"code":20011}')) is ccxt.InsufficientFunds


def test_dfx_error_classes_add_a_row(plugin, hosting):
    host = hosting(plugin("Site", dfx_error_classes=lambda exchange_id: {777: ccxt.OnMaintenance}))
    error = raised(host, b'{"code":777}')
    assert type(error) is ccxt.OnMaintenance
    assert (error.code, error.exchange_id) == ("777", "digifinex")


@pytest.mark.parametrize("swap", [False, True])
def test_dfx_error_classes_that_disagree_are_an_error_that_names_both(swap, plugin, hosting):
    plugins = [
        plugin("One", dfx_error_classes=lambda exchange_id: {777: ccxt.BadRequest}),
        plugin("Other", dfx_error_classes=lambda exchange_id: {"777": ccxt.BadSymbol}),
    ]
    error = raised(hosting(*(reversed(plugins) if swap else plugins)), b'{"code":20013}')
    assert isinstance(error, PluginError)
    assert "'One'" in str(error)
    assert "'Other'" in str(error)


@pytest.mark.parametrize("wrong", [ValueError, Exception, BaseException, "BadRequest", None, 5])
def test_dfx_error_classes_outside_ccxts_hierarchy_are_refused(wrong, plugin, hosting):
    host = hosting(plugin("Foreign", dfx_error_classes=lambda exchange_id: {777: wrong}))
    error = raised(host, b'{"code":777}')
    assert isinstance(error, PluginError)
    assert "Foreign" in str(error)


def test_dfx_error_classes_is_called_one_time_per_exchange_and_only_when_needed(
    plugin, hosting, row, mocker
):
    table = mocker.Mock(return_value={})

    def classes(exchange_id):
        return table(exchange_id)

    host = hosting(plugin("Site", dfx_error_classes=classes))
    host.parse_orders("digifinex", [row()])
    assert table.call_count == 0
    for _ in range(3):
        raised(host, b'{"code":20013}')
    table.assert_called_once_with("digifinex")


def test_dfx_error_classes_without_asking_for_the_exchange_speak_of_their_own_only(plugin, hosting):
    hijacker = plugin(
        "Acme",
        dfx_register_exchanges=acme(),
        dfx_error_classes=lambda: {"20013": ccxt.NetworkError, "777": ccxt.NetworkError},
    )
    host = hosting(hijacker)
    assert type(raised(host, b'{"code":20013}')) is ccxt.OrderNotFound
    assert type(raised(host, b'{"code":777}')) is ccxt.ExchangeError


# dfx_parse_orders


def test_dfx_parse_orders_maps_an_exchange_of_its_own(plugin, hosting):
    calls = []

    def parse(exchange_id, payload, context):
        calls.append((exchange_id, payload, type(context), context.number("1.50")))
        return [whole("1")]

    host = hosting(plugin("Acme", dfx_register_exchanges=acme(), dfx_parse_orders=parse))
    body = b'{"price": 0.10, "amount": 3, "quoted": "1.0"}'
    assert host.parse_orders("acme", body, number=str) == [whole("1")]
    payload = {"price": "0.10", "amount": 3, "quoted": "1.0"}
    assert calls == [("acme", payload, ParseContext, "1.50")]


def test_dfx_parse_orders_is_called_one_time_per_response(plugin, hosting, row, mocker):
    seen = mocker.Mock(return_value=None)

    def parse(payload):
        return seen(payload)

    host = hosting(plugin("Site", dfx_parse_orders=parse))
    rows = [row(order_id=order_id) for order_id in "abc"]
    assert [order["id"] for order in host.parse_orders("digifinex", rows)] == ["a", "b", "c"]
    seen.assert_called_once_with(rows)


def test_dfx_parse_orders_of_a_site_can_take_over_or_decline(plugin, hosting, row):
    def parse(exchange_id, payload):
        return [whole("site")] if payload == "mine" else None

    host = hosting(plugin("Site", dfx_parse_orders=parse))
    assert host.parse_orders("digifinex", {"code": 0, "data": [row()]})[0]["symbol"] == "BTC/USDT"
    assert host.map_orders("digifinex", "mine", host.context("digifinex")) == [whole("site")]


def test_dfx_parse_orders_of_another_exchange_cannot_answer_for_ours(plugin, hosting, row):
    """It does not even look at the exchange id."""
    hijacker = plugin(
        "Acme", dfx_register_exchanges=acme(), dfx_parse_orders=lambda payload: [whole("stolen")]
    )
    host = hosting(hijacker)
    assert host.parse_orders("digifinex", [row()])[0]["id"] == row()["order_id"]
    assert host.parse_orders("kraken", [{"id": "1"}])[0]["id"] == "1"
    assert host.parse_orders("acme", {}) == [whole("stolen")]


def test_dfx_parse_orders_of_ours_does_not_answer_for_another_exchange(plugin, hosting, row):
    host = hosting(plugin("Mute", dfx_register_exchanges=acme()))
    with pytest.raises(PluginError) as caught:
        host.parse_orders("acme", [row()])
    assert caught.value.exchange_id == "acme"


@pytest.mark.parametrize("swap", [False, True])
def test_dfx_parse_orders_wrapped_sees_and_can_change_the_result(swap, plugin, hosting, row):
    seen = []

    @hookimpl(wrapper=True)
    def marked(exchange_id, payload):
        orders = yield
        seen.append((exchange_id, payload, [order["id"] for order in orders]))
        return [{**order, "site": "here"} for order in orders]

    observed = []

    def observe(orders):
        observed.extend(orders)

    plugins = [
        plugin("Marker", dfx_parse_orders=marked),
        plugin("Observer", dfx_orders_parsed=observe),
    ]
    host = hosting(*(reversed(plugins) if swap else plugins))
    (order,) = host.parse_orders("digifinex", [row(order_id="a")])
    assert seen == [("digifinex", [row(order_id="a")], ["a"])]
    assert (order["site"], order["symbol"]) == ("here", "BTC/USDT")
    assert observed == [order]


def test_dfx_parse_orders_wrapped_sees_the_errors_of_the_mapping(plugin, hosting):
    seen = []

    @hookimpl(wrapper=True)
    def watched():
        try:
            return (yield)
        except ccxt.BadResponse as error:
            seen.append(error.path)
            raise

    assert raised(hosting(plugin("Watcher", dfx_parse_orders=watched)), b"{}").path == "$.code"
    assert seen == ["$.code"]


def test_dfx_parse_orders_wrapped_by_another_exchanges_plugin_leaves_ours_alone(
    plugin, hosting, row
):
    @hookimpl(wrapper=True)
    def emptied():
        yield
        return []

    hijacker = plugin("Acme", dfx_register_exchanges=acme(), dfx_parse_orders=emptied)
    assert len(hosting(hijacker).parse_orders("digifinex", [row()])) == 1


@pytest.mark.parametrize("own", [ValueError("odd row"), SystemExit(3), RecursionError()])
def test_dfx_parse_orders_that_raises_names_plugin_and_exchange_and_keeps_the_cause(
    own, plugin, hosting, row
):
    def parse(exchange_id):
        raise own

    error = raised(hosting(plugin("Broken", dfx_parse_orders=parse)), [row()])
    assert isinstance(error, PluginError)
    assert "Broken" in str(error)
    assert "digifinex" in str(error)
    assert "dfx_parse_orders" in str(error)
    assert error.exchange_id == "digifinex"
    assert error.__cause__ is own


def test_dfx_parse_orders_that_raises_is_named_though_another_has_the_same_code(
    plugin, hosting, row
):
    """Two plugins made by one factory: only one of them raises."""

    def made(*, broken):
        def parse(exchange_id):
            if broken:
                raise ValueError("odd row")

        return parse

    calm = plugin("Calm", dfx_parse_orders=made(broken=False))
    broken = plugin("Broken", dfx_parse_orders=made(broken=True))
    for plugins in ((calm, broken), (broken, calm)):
        error = raised(hosting(*plugins), [row()])
        assert "Broken" in str(error)
        assert "Calm" not in str(error)


def test_dfx_parse_orders_is_named_though_its_decorator_raises(plugin, hosting, row):
    def checked(function):
        @functools.wraps(function)
        def call(exchange_id, payload):
            raise ValueError("refused by the decorator")

        return call

    @checked
    def parse(exchange_id, payload):
        return []

    error = raised(hosting(plugin("Decorated", dfx_parse_orders=parse)), [row()])
    assert isinstance(error, PluginError)
    assert "Decorated" in str(error)


def test_dfx_parse_orders_that_raises_does_not_pass_to_the_next_plugin(plugin, hosting, row):
    def parse(exchange_id):
        raise RuntimeError("half way")

    def never_asked(exchange_id):
        return None

    others = [plugin(name, dfx_parse_orders=never_asked) for name in ("Before", "After")]
    broken = plugin("Broken", dfx_parse_orders=parse)
    assert "half way" in str(raised(hosting(others[0], broken, others[1]), [row()]))


def test_dfx_parse_orders_wrapped_by_what_raises_names_the_wrapper(plugin, hosting, row):
    @hookimpl(wrapper=True)
    def spoiled():
        yield
        raise ValueError("spoiled")

    error = raised(hosting(plugin("Spoiler", dfx_parse_orders=spoiled)), [row()])
    assert isinstance(error, PluginError)
    assert "Spoiler" in str(error)
    assert isinstance(error.__cause__, ValueError)


@pytest.mark.parametrize("error_class", [ccxt.BadResponse, ccxt.OrderNotFound, ccxt.RequestTimeout])
def test_dfx_parse_orders_passes_ccxts_errors_as_they_are(error_class, plugin, hosting, row):
    own = error_class("as it is")

    def parse(exchange_id):
        raise own

    assert raised(hosting(plugin("Site", dfx_parse_orders=parse)), [row()]) is own


@pytest.mark.parametrize("answer", [{}, {"id": "1"}, "orders", 0, False, (), (1,), iter(())])
def test_dfx_parse_orders_that_answers_no_list_is_an_error(answer, plugin, hosting, row):
    error = raised(hosting(plugin("Sloppy", dfx_parse_orders=lambda payload: answer)), [row()])
    assert isinstance(error, PluginError)
    assert "Sloppy" in str(error)
    assert "dfx_parse_orders" in str(error)
    assert "list" in str(error)
    assert error.exchange_id == "digifinex"


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize(
    "hook",
    [
        "dfx_register_exchanges",
        "dfx_order_statuses",
        "dfx_error_classes",
        "dfx_parse_orders",
        "dfx_orders_parsed",
    ],
)
def test_an_async_hook_is_a_clear_error_and_never_an_answer(hook, plugin, hosting, row):
    """All hooks are synchronous; a coroutine is taken for an answer by pluggy."""

    async def later(exchange_id):
        return []

    async def later_without_arguments():
        return []

    hooked = {hook: later_without_arguments if hook == "dfx_register_exchanges" else later}
    try:
        with pytest.raises(PluginError, match="Late"):
            used(hosting(plugin("Late", **hooked)), row)
    finally:
        gc.collect()


def used(host, row):
    """Make every hook be called."""
    host.parse_orders("digifinex", [row()])
    with pytest.raises(ccxt.OrderNotFound):
        host.parse_orders("digifinex", b'{"code":20013}')


# dfx_orders_parsed


def test_dfx_orders_parsed_observes_every_response_one_time(plugin, hosting, row):
    seen = []

    def observe(exchange_id, orders):
        seen.append((exchange_id, [order["id"] for order in orders]))

    host = hosting(plugin("Observer", dfx_orders_parsed=observe))
    host.parse_orders("digifinex", [row(order_id="a"), row(order_id="b")])
    host.parse_orders("digifinex", [])
    host.parse_orders("kraken", [{"id": "c"}])
    assert seen == [("digifinex", ["a", "b"]), ("digifinex", []), ("kraken", ["c"])]


def test_dfx_orders_parsed_does_not_observe_what_failed(plugin, hosting, row):
    seen = []

    def observe(orders):
        seen.append(orders)

    host = hosting(plugin("Observer", dfx_orders_parsed=observe))
    raised(host, [row(), row(status=7)])
    raised(host, b"<html>")
    assert seen == []


@pytest.mark.parametrize("error", [ValueError("observer broke"), SystemExit(3), ccxt.BadResponse()])
def test_dfx_orders_parsed_that_fails_is_logged_and_never_passed_on(
    error, plugin, hosting, row, caplog
):
    def observe(orders):
        raise error

    seen = []
    host = hosting(
        plugin("Before", dfx_orders_parsed=lambda orders: seen.append("before")),
        plugin("Failing", dfx_orders_parsed=observe),
        plugin("After", dfx_orders_parsed=lambda orders: seen.append("after")),
    )
    assert [order["status"] for order in host.parse_orders("digifinex", [row()])] == ["open"]
    assert sorted(seen) == ["after", "before"]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("dfx_adapter", logging.ERROR)
    assert "Failing" in record.getMessage()
    assert record.exc_info[1] is error


def test_dfx_orders_parsed_by_a_connected_exchange_too(plugin, hosting, row, mocker):
    seen = []

    def observe(orders):
        seen.extend(orders)

    host = hosting(plugin("Observer", dfx_orders_parsed=observe))
    exchange = host.connect("digifinex")
    answer = {"code": 0, "data": [row(order_id="a")]}
    mocker.patch.object(exchange, "privateSpotGetMarketOrderCurrent", return_value=answer)
    assert exchange.fetch_open_orders() == seen
    assert [order["id"] for order in seen] == ["a"]
