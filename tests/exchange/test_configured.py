"""A config that cannot be is refused when the object is built, sync and asyncio."""

import re
from pathlib import Path

import ccxt
import ccxt.async_support
import pytest

import dfx_adapter
from dfx_adapter import AdapterHost, options
from dfx_adapter.digifinex import options as digifinex_options


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"number": int}, "number: expected float, Decimal or str"),
        ({"number": "str"}, "number: expected float, Decimal or str"),
        ({"options": {"badRow": "ignore"}}, "'badRow'.: expected 'raise' or 'skip'"),
        ({"options": {"batchWindow": "x"}}, "'batchWindow'.: expected milliseconds"),
        ({"options": {"banGuard": 0}}, "'banGuard'.: expected True or False"),
        ({"options": {"batchFetchOrder": "no"}}, "'batchFetchOrder'.: expected True or False"),
        ({"options": {"batchWindow": True}}, "'batchWindow'.: expected milliseconds"),
        ({"options": {"batchWindow": float("nan")}}, "'batchWindow'.: expected milliseconds"),
        ({"options": {"maxBody": 0}}, "'maxBody'.: expected a whole number of bytes"),
        ({"options": {"maxBody": "1 MiB"}}, "'maxBody'.: expected a whole number of bytes"),
        ({"options": {"badRow": []}}, "'badRow'.: expected 'raise' or 'skip'"),
        ({"options": {"limiter": 1}}, "'limiter'.: expected 'process', 'machine'"),
    ],
    ids=str,
)
@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
async def test_it_says_what_is_wrong(simulator, connect, exchange_id, config, message):
    with pytest.raises(ccxt.BadRequest, match=message) as caught:
        connect(simulator, exchange_id, **config)
    [found] = config["options"].values() if "options" in config else config.values()
    assert repr(caught.value.found) == repr(found)
    assert caught.value.expected in str(caught.value)
    assert caught.value.exchange_id == exchange_id


PASSWORD = "pass/word@1"
WRONG = {
    "a scheme": {"options": {"limiter": f"ftp://:{PASSWORD}@host"}},
    "a limit": {"options": {"limiter": f"redis://:{PASSWORD}@host?budget=-1&password={PASSWORD}"}},
    "a file's parameter": {"options": {"limiter": f"file:///tmp/a?password={PASSWORD}"}},
    "no pace": {"options": {"limiter": "machine"}, "enableRateLimit": False},
    "a URL": {"urls": {"api": {"rest": f"http://user:{PASSWORD}@example.com"}}},
    "a number": {"number": int},
    "a window": {"options": {"recvWindow": "long"}},
    "verify": {"verify": False, "urls": {"api": {"rest": "https://openapi.digifinex.com"}}},
}


@pytest.mark.parametrize("config", WRONG.values(), ids=WRONG)
async def test_every_error_of_a_config_has_what_was_found_and_expected(simulator, connect, config):
    with pytest.raises(ccxt.BadRequest) as caught:
        connect(simulator, **{"enableRateLimit": True, **config})
    assert caught.value.expected
    assert caught.value.found is not None
    assert caught.value.exchange_id == "digifinex"
    assert PASSWORD not in f"{caught.value!r} {vars(caught.value)}"


def test_a_limiter_of_another_exchange_has_them_as_well():
    with pytest.raises(ccxt.NotSupported) as caught:
        dfx_adapter.connect("kraken", {"options": {"limiter": f"redis://:{PASSWORD}@host"}})
    assert (caught.value.found, caught.value.expected) == ("redis://***@host", "'process'")


async def test_a_key_that_no_header_takes_has_them_without_the_key(simulator, connect):
    with pytest.raises(ccxt.AuthenticationError) as caught:
        await connect(simulator, apiKey="a key").fetch_order("a")
    assert caught.value.expected == "visible characters of ASCII"
    assert "a key" not in repr(caught.value.found)


MISSPELLED = {
    "apikey": "'apiKey'",
    "secrets": "'secret'",
    "enableRatelimit": "'enableRateLimit'",
    "time_out": "'timeout'",
    "badrow": "options['badRow']",
    "batchWindw": "options['batchWindow']",
    "max_body": "options['maxBody']",
}
REQUIRES_PRICE = "createMarketBuyOrderRequiresPrice"
MISSPELLED_ON_DIGIFINEX = {
    "options['recvWindw']": ({"recvWindw": 60}, "recvWindow"),
    "options['defaulttype']": ({"defaulttype": "margin"}, "defaultType"),
    "options['fetchordersbyids']": ({"fetchordersbyids": {}}, "fetchOrdersByIds"),
    "options['createMarketOrderRequiresPrice']": (
        {"createMarketOrderRequiresPrice": False},
        REQUIRES_PRICE,
    ),
    "options['createOrder']['createMarketOrderRequiresPrice']": (
        {"createOrder": {"createMarketOrderRequiresPrice": False}},
        REQUIRES_PRICE,
    ),
}


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
@pytest.mark.parametrize("name", MISSPELLED)
def test_a_misspelled_name_is_warned_of_with_the_nearest(caplog, exchange_id, name, asynchronous):
    option = MISSPELLED[name].startswith("options")
    config = {"options": {name: "x"}} if option else {name: "x"}
    AdapterHost(entry_points=False).connect(exchange_id, config, asynchronous=asynchronous)
    where = f"options[{name!r}]" if option else name
    assert caplog.messages == [
        f"{exchange_id} config: {where}: not known; is {MISSPELLED[name]} meant?"
    ]


@pytest.mark.parametrize("where", MISSPELLED_ON_DIGIFINEX)
def test_a_misspelled_option_of_digifinex_is_warned_of(caplog, where):
    given, meant = MISSPELLED_ON_DIGIFINEX[where]
    AdapterHost(entry_points=False).connect("digifinex", {"options": given})
    assert caplog.messages == [
        f"digifinex config: {where}: not known; is options[{meant!r}] meant?"
    ]


def test_an_option_for_a_method_that_is_ccxts_alone_is_not_accused(caplog):
    given = {name: {} for name in ccxt.digifinex().has}
    AdapterHost(entry_points=False).connect("digifinex", {"options": given})
    assert caplog.messages == []


def test_a_registered_and_an_attached_object_are_warned_of(caplog):
    dfx_adapter.attach(ccxt.digifinex({"apikeys": "x"}))
    dfx_adapter.register()
    try:
        ccxt.digifinex({"apikey": "x"})
    finally:
        dfx_adapter.unregister()
    assert [text.split(":")[1] for text in caplog.messages] == [" apikeys", " apikey"]


def test_what_a_bot_or_ccxt_puts_there_is_not_accused(caplog):
    config = {
        "api_key": "ccxt copies it to apiKey",
        "strategy": "a bot's own",
        "comment": "x",
        "options": {"adjustForTimeDifference": True, "fetchOrders": {}, "broker": "x"},
    }
    for asynchronous in (False, True):
        for exchange_id in ccxt.exchanges[::8]:
            AdapterHost(entry_points=False).connect(exchange_id, config, asynchronous=asynchronous)
    assert [text for text in caplog.messages if "not known" in text] == []


@pytest.mark.parametrize("table", [options, digifinex_options], ids=["any", "digifinex"])
def test_every_option_stands_on_one_row(table):
    names = [row.name for row in table.ROWS]
    assert len(names) == len(set(names))
    for name, row in table.OPTIONS.items():
        assert name == row.name
        assert row.default is None or row.is_right(row.default)
        assert row.expected
        assert row.meaning
    assert {row.name: row.default for row in table.ROWS} == table.DEFAULTS


# How an option is read: `self.options.get("badRow", ...)`, `options["batchWindow"]`.
READ = re.compile(
    r"""\b(?:options|own)(?:\.get\(|\[)("\w+"|[A-Z_]+)(?:, ([\w.]+(?:\[[^]]*\])?))?[)\]]"""
)


def test_every_option_that_is_read_has_a_row_and_its_default_from_there():
    package = Path(dfx_adapter.__file__).parent
    folders = ("digifinex", "exchanges", "guards", "limits", "host")
    paths = [path for folder in folders for path in package.joinpath(folder).rglob("*.py")]
    read = [found for path in paths for found in READ.findall(path.read_text(encoding="utf-8"))]
    names = {name.strip('"') for name, _ in read}
    assert {"badRow", "batchWindow", "banGuard", "limiter", "maxBody", "recvWindow"} <= names
    assert names - {"REQUIRES_PRICE", "_METHOD"} <= set(digifinex_options.OPTIONS)
    for name, default in read:
        assert default in {"", "default", f"DEFAULTS[{name}]", f"options.DEFAULTS[{name}]"}


WRONG_ON_DIGIFINEX = {
    "recvWindow of another type": ("['recvWindow']", {"recvWindow": "60"}),
    "recvWindow 0": ("['recvWindow']", {"recvWindow": 0}),
    "recvWindow True": ("['recvWindow']", {"recvWindow": True}),
    "recvWindow that no header takes": ("['recvWindow']", {"recvWindow": 10**5000}),
    "a market type": ("['defaultType']", {"defaultType": "future"}),
    "a market type by its other name": ("['type']", {"type": ["spot"]}),
    "isolated margin": ("['marginMode']", {"marginMode": "isolated"}),
    "isolated margin by its other name": ("['defaultMarginMode']", {"defaultMarginMode": True}),
    "requires price": (f"['{REQUIRES_PRICE}']", {REQUIRES_PRICE: "no"}),
    "a method": ("['createOrder']", {"createOrder": True}),
    "another method": ("['fetchOrders']", {"fetchOrders": "margin"}),
    "of one method": (
        f"['createOrder']['{REQUIRES_PRICE}']",
        {"createOrder": {REQUIRES_PRICE: 0}},
    ),
    "the type of one method": ("['fetchOrder']['type']", {"fetchOrder": {"type": "x"}}),
}


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(("where", "given"), WRONG_ON_DIGIFINEX.values(), ids=[*WRONG_ON_DIGIFINEX])
def test_an_option_of_digifinex_that_cannot_be_is_refused(where, given, asynchronous):
    host = AdapterHost(entry_points=False)
    with pytest.raises(ccxt.BadRequest) as caught:
        host.connect("digifinex", {"options": given}, asynchronous=asynchronous)
    assert str(caught.value).startswith(f"digifinex config: options{where}: expected ")
    assert caught.value.expected in str(caught.value)


def test_what_says_nothing_is_no_fault():
    given = {"recvWindow": None, "defaultType": None, "createOrder": None, "marginMode": None}
    exchange = AdapterHost(entry_points=False).connect(
        "digifinex", {"apiKey": "k", "secret": "s", "options": given}
    )
    headers = exchange.sign("spot/order", ["private", "spot"], "GET", {})["headers"]
    assert "ACCESS-RECV-WINDOW" not in headers


@pytest.mark.parametrize("key", ["defaultType", "type"])
async def test_the_type_of_one_method_goes_before_that_of_all(simulator, connect, key):
    order_id = simulator.place("BTC_USDT", "buy", price=1, amount=1, kind="margin")
    exchange = connect(simulator, options={"defaultType": "spot", "fetchOrder": {key: "margin"}})
    order = await exchange.fetch_order(order_id)
    assert order["marginMode"] == "cross"


@pytest.mark.parametrize("since", [1573038753, "2019-11-06", -1])
async def test_since_is_in_milliseconds(simulator, connect, since):
    exchange = connect(simulator)
    if since == -1:
        assert await exchange.fetch_orders(None, since) == []
        return
    with pytest.raises(ccxt.BadRequest, match="expected milliseconds"):
        await exchange.fetch_orders(None, since)
    assert simulator.requests == []


@pytest.mark.parametrize(
    ("side", "amount"), [("long", 1), ("buy", -1), ("buy", None), ("buy", float("nan")), ("buy", 0)]
)
async def test_an_order_that_is_none_is_not_sent(simulator, connect, side, amount):
    with pytest.raises(ccxt.BadRequest):
        await connect(simulator).create_order("BTC/USDT", "limit", side, amount, 9000)
    assert not [request for request in simulator.requests if request.method == "POST"]
