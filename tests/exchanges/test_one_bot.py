"""The same bot on four exchanges whose answers have nothing in common: only the name changes."""

from contextlib import contextmanager
from decimal import Decimal

import ccxt
import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.exchanges.methods import OWN_BY_IDS
from dfx_adapter.simulator import Simulator
from dfx_conformance.order_checks import check
from tests.exchanges import bot, venues

NAMES = ("digifinex", *venues.ANSWERS)


@contextmanager
def served(name):
    """Serve an exchange, and give the config that points its class here."""
    if name == "digifinex":
        with Simulator() as simulator:
            yield {**simulator.ccxt_config(), "enableRateLimit": False}
        return
    with venues.serving(name) as (_, config):
        yield config


@pytest.mark.parametrize("number", [float, Decimal, str])
@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("name", NAMES)
async def test_only_the_name_changes(name, asynchronous, number):
    host = AdapterHost(entry_points=False)
    with served(name) as config:
        exchange = host.connect(name, {**config, "number": number}, asynchronous=asynchronous)
        if asynchronous:
            *orders, left = await bot.run_async(exchange)
            await exchange.close()
        else:
            *orders, left = bot.run(exchange)
    placed, seen, listed, by_id, canceled, final = orders
    assert left == []
    for order in orders:
        broken = check(order, exchange.market("BTC/USDT"))
        assert [str(problem) for problem in broken if problem.rule.level == "MUST"] == []
        assert order["id"] == placed["id"]
        assert order["symbol"] == "BTC/USDT"
    for order in (placed, seen, listed, by_id, final):  # whole, wherever it came from
        assert (order["type"], order["side"]) == ("limit", "buy")
        assert (float(order["amount"]), float(order["price"])) == (0.0004, 70000)
        assert {type(order[key]) for key in ("amount", "price")} == {number}
    assert seen == listed == by_id
    assert (seen["status"], final["status"]) == ("open", "canceled")
    assert canceled["status"] in {"canceled", None}  # None: the exchange did not say
    assert Decimal(str(final["remaining"])) == Decimal("0.0004") - Decimal(str(final["filled"]))
    if name != "digifinex":
        assert (final["filled"], final["remaining"]) == (number("0.00010000"), number("0.0003"))
        assert float(final["cost"]) == 7


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("refusal", [ccxt.NotSupported, ccxt.BadRequest])
async def test_a_method_for_other_markets_is_not_asked_again(asynchronous, refusal, mocker):
    """MEXC's class has orders by ids of swaps only, and says so by one error or the other."""
    with served("mexc") as config:
        exchange = AdapterHost(entry_points=False).connect(
            "mexc", config, asynchronous=asynchronous
        )
        refused = refusal("mexc fetchOrdersByIds() is not supported for spot")
        mocker.patch.object(exchange, OWN_BY_IDS, side_effect=refused)
        fetched = mocker.patch.object(exchange, "fetch_order", side_effect=[{"id": "a"}])
        orders = exchange.fetch_orders_by_ids(["a"], "BTC/USDT")
        assert (await orders if asynchronous else orders) == [{"id": "a"}]
        assert fetched.call_count == 1
        mocker.patch.object(exchange, OWN_BY_IDS, side_effect=ccxt.BadRequest("mexc bad symbol"))
        with pytest.raises(ccxt.BadRequest, match="bad symbol"):
            await exchange.fetch_orders_by_ids(["a"], "BTC/USDT")  # the other kind raises at once
        if asynchronous:
            await exchange.close()
