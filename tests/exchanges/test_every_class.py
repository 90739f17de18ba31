"""Every class of the installed ccxt, in both kinds: bound, and held to the rules."""

import copy
import inspect
from decimal import Decimal
from functools import cache

import ccxt
import ccxt.async_support
import ccxt.pro
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfx_adapter import AdapterHost
from dfx_adapter.exchanges import methods
from dfx_adapter.exchanges.ccxt_classes import unified_over
from dfx_conformance.order_checks import check
from tests.exchanges import breaks
from tests.exchanges.rows import MARKETS, rows

OTHERS = [exchange_id for exchange_id in ccxt.exchanges if exchange_id != "digifinex"]
NUMBERS = (float, Decimal, str)


@cache
def host():
    return AdapterHost(entry_points=False)


@cache
def both(exchange_id):
    """Give ccxt's own object and ours, for each type of number, with two markets."""
    stock = getattr(ccxt, exchange_id)()
    ours = {number: host().connect(exchange_id, {"number": number}) for number in NUMBERS}
    for exchange in (stock, *ours.values()):
        exchange.set_markets(copy.deepcopy(MARKETS))
    return stock, ours


@pytest.mark.parametrize(
    "module", [ccxt, ccxt.async_support, ccxt.pro], ids=lambda one: one.__name__
)
def test_every_order_method_of_every_class_is_ours(module):
    known = {"fetch_order", "create_order", "cancel_orders_for_symbols", "edit_orders"}
    known |= {"fetch_closed_order", "create_market_buy_order_with_cost", "close_position"}
    known |= {"create_order_ws", "cancel_order_ws", "edit_order_ws", "fetch_open_orders_ws"}
    for exchange_id in module.exchanges:
        base = getattr(module, exchange_id)
        cls = unified_over(base)
        named = {name for name in dir(base) if methods.kind_of(name)}
        assert {name for name in known if hasattr(base, name)} <= named
        for name in named - {methods.BY_IDS}:
            wrapped, method = vars(cls)[name], getattr(base, name)
            assert wrapped.__wrapped__ is method
            ours, theirs = inspect.signature(wrapped), inspect.signature(method)
            assert ours.parameters == theirs.parameters
            assert inspect.iscoroutinefunction(wrapped) == inspect.iscoroutinefunction(method)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fetch_order", "read"),
        ("fetch_canceled_and_closed_orders", "read"),
        ("fetch_orders_by_status", "read"),
        ("cancel_all_orders", "change"),
        ("create_order_with_take_profit_and_stop_loss_ws", "change"),
        ("close_all_positions", "change"),
        ("fetch_order_book", None),
        ("fetch_l2_order_book", None),
        ("fetch_order_trades", None),
        ("create_order_request", None),
        ("cancel_all_orders_after", None),
        ("fetch_positions", None),
        ("private_post_order", None),
    ],
)
def test_what_a_name_says(name, kind):
    assert methods.kind_of(name) == kind


@pytest.mark.long
async def test_every_class_is_built_in_both_kinds():
    for exchange_id in OTHERS:
        sync, awaited = (
            host().connect(exchange_id, asynchronous=asynchronous) for asynchronous in (False, True)
        )
        assert not inspect.iscoroutinefunction(sync.fetchOrder)
        assert inspect.iscoroutinefunction(awaited.fetchOrder)
        assert sync.has["fetchOrdersByIds"] is awaited.has["fetchOrdersByIds"] is True
        assert awaited.parse_order.__func__ is sync.parse_order.__func__  # one way for both
        await awaited.close()


def _parsed(exchange, row, symbol):
    market = None if symbol is None else exchange.markets[symbol]
    try:
        return exchange.parse_order(copy.deepcopy(row), market)
    except Exception as error:  # noqa: BLE001  # whatever a class raises on a row
        return error


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
@pytest.mark.parametrize("exchange_id", OTHERS)
def test_a_row_that_ccxt_can_read_becomes_an_order_by_the_rules(exchange_id, data):
    stock, ours = both(exchange_id)
    row = data.draw(rows())
    symbol = data.draw(st.sampled_from([None, *stock.markets]))
    expected = _parsed(stock, row, symbol)
    for number, exchange in ours.items():
        order = _parsed(exchange, row, symbol)
        if isinstance(expected, Exception):
            continue
        assert isinstance(order, dict), order
        broken = check(order, exchange.markets.get(order["symbol"]))
        assert [str(problem) for problem in broken if problem.rule.level == "MUST"] == []
        numbers = [order[name] for name in ("price", "amount", "filled", "remaining", "cost")]
        assert {type(value) for value in numbers} <= {number, type(None)}


def test_the_table_of_what_stock_breaks():
    count, stock, ours = breaks.compared("binance", host())
    assert count > 30
    assert {"ORD-003", "ORD-004", "ORD-007"} <= set(stock)  # market ids, words, seconds
    assert not ours
