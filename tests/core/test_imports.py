"""What importing and reading cost, seen from a fresh interpreter; and what the package offers."""

import os
import subprocess
import sys
import types

import pytest

import dfx_adapter

HEAVY = ("ccxt", "requests", "aiohttp", "urllib3", "httpx")

READ = """
row = {"symbol": "BTC_USDT", "order_id": "a", "created_date": 1, "finished_date": 0, "price": 1,
       "amount": 1, "cash_amount": 0, "executed_amount": 0, "avg_price": 0, "status": %s,
       "type": "buy", "kind": "spot"}
"""
MAP_BY_THE_KIT = """
from dfx_adapter import kit, AdapterHost, hookimpl
class Plugin:
    @staticmethod
    @hookimpl
    def dfx_register_exchanges():
        return [dfx_adapter.ExchangeInfo("acme", "Acme", print)]
    @staticmethod
    @hookimpl
    def dfx_order_statuses(exchange_id):
        return {"LIVE": "open"} if exchange_id == "acme" else {}
    @staticmethod
    @hookimpl
    def dfx_parse_orders(exchange_id, payload, context):
        return kit.orders(context, payload, lambda context, row: kit.order(
            context, row, id=row.text("id"), status=row.text("state"), amount=row.number("qty")))
(order,) = AdapterHost([Plugin], entry_points=False).parse_orders(
    "acme", b'[{"id": 1, "state": "LIVE", "qty": 0.10}]', number=str)
assert (order["status"], order["amount"]) == ("open", "0.10"), order
assert kit.check(order, str) == []
"""
READ_THIRTY = """
body = json.dumps({"code": 0, "data": [row] * 30})
assert len(dfx_adapter.parse_orders("digifinex", body)) == 30
"""


def imported_by(code):
    """Run code in a fresh interpreter; give which of the heavy packages it imported."""
    result = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(result.stdout.splitlines()[-1].split())
    assert "dfx_adapter" in modules
    return [package for package in HEAVY if package in modules]


@pytest.mark.parametrize(
    "code",
    [
        "import dfx_adapter",
        "from dfx_adapter import *",
        "import dfx_adapter; dfx_adapter.AdapterHost()",
        "import dfx_adapter; dfx_adapter.AdapterHost().plugins",
        "import dfx_adapter.hookspecs, dfx_adapter.order",
        f"import dfx_adapter\n{MAP_BY_THE_KIT}",
        f"import dfx_adapter, json\n{READ % 0}\n{READ_THIRTY}",
        f"import dfx_adapter\n{READ % 1}\nassert dfx_adapter.parse_orders('digifinex', [row])",
    ],
    ids=["import", "star", "host", "plugins", "parts", "kit", "parse_orders", "a warning"],
)
def test_neither_ccxt_nor_an_http_library_is_imported_while_all_is_well(code):
    assert imported_by(code) == []


def test_a_heavy_import_would_be_noticed():
    """The proof that the test above can fail."""
    assert "urllib3" in imported_by("import dfx_adapter, urllib3")


@pytest.mark.parametrize(
    "name",
    [
        "AdapterHost",
        "Order",
        "connect",
        "hookimpl",
        "parse_orders",
    ],
)
def test_the_public_api_has_the_name(name):
    assert hasattr(dfx_adapter, name)
    assert name in dfx_adapter.__all__


# Not in __all__, since whoever imports * would import ccxt.
ERRORS = ["NotRecorded", "PluginError", "RateLimited", "UnknownExchange", "UnknownStatus"]
EXCHANGES = ["AsyncExchange", "Exchange"]


def test_every_error_of_ours_is_exported_and_imports_ccxt_when_it_is_used():
    from dfx_adapter import errors

    own = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__ == errors.__name__
    }
    assert own == set(ERRORS)
    assert [getattr(dfx_adapter, name) for name in ERRORS] == [getattr(errors, n) for n in ERRORS]
    assert own <= set(dir(dfx_adapter))
    assert "ccxt" in imported_by("import dfx_adapter; dfx_adapter.UnknownStatus")


def test_a_name_that_is_not_there_is_an_error_that_says_which_and_hints_at_the_right_one():
    with pytest.raises(AttributeError) as caught:
        _ = dfx_adapter.UnknownStats
    assert str(caught.value) == "module 'dfx_adapter' has no attribute 'UnknownStats'"
    code = "import dfx_adapter; dfx_adapter.UnknownStats"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("'UnknownStats'. Did you mean: 'UnknownStatus'?\n")


def test_all_is_complete_and_sorted():
    public = {
        name
        for name, value in vars(dfx_adapter).items()
        if not name.startswith("_")
        and not isinstance(value, types.ModuleType)
        and getattr(value, "__module__", "").startswith("dfx_adapter")
    }
    assert public - {*dfx_adapter.__all__, *ERRORS, *EXCHANGES} == set()
    assert [name for name in dfx_adapter.__all__ if not hasattr(dfx_adapter, name)] == []
    assert list(dfx_adapter.__all__) == sorted(dfx_adapter.__all__)
    assert len(set(dfx_adapter.__all__)) == len(dfx_adapter.__all__)


def test_the_module_level_functions_read_as_a_host_does(row):
    orders = dfx_adapter.parse_orders("digifinex", [row(amount="0.1")], number=str)
    assert [order["amount"] for order in orders] == ["0.1"]
