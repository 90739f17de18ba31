"""What holds for every row and every body."""

import json
from decimal import Decimal
from fractions import Fraction

import ccxt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfx_adapter import AdapterHost
from dfx_adapter.digifinex.answers import tables
from dfx_adapter.errors import PluginError

HOST = AdapterHost(entry_points=False)
FAST = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
FUZZ = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

FIELDS = (
    *("symbol", "order_id", "created_date", "finished_date", "price", "amount", "cash_amount"),
    *("executed_amount", "avg_price", "status", "type", "kind"),
)
QUANTITIES = ("price", "amount", "cash_amount", "executed_amount", "avg_price")
UNIFIED_STATUSES = {"open", "closed", "canceled"}

quantities = st.one_of(
    st.just(Decimal(0)),
    st.decimals(min_value=0, max_value=10**12, places=8),
    st.decimals(min_value=0, max_value=1, places=18),
)
times = st.integers(1_400_000_000, 2_000_000_000)


@st.composite
def rows(draw):
    """Draw a row of documented values; fills never exceed the amount."""
    amount, filled = sorted((draw(quantities), draw(quantities)), reverse=True)
    return {
        "symbol": draw(st.sampled_from(["BTC_USDT", "DFT_USDT", "ETH_BTC", "XBT_USDT"])),
        "order_id": draw(st.text("0123456789abcdef", min_size=32, max_size=32)),
        "created_date": draw(times),
        "finished_date": draw(st.just(0) | times),
        "price": str(draw(quantities)),
        "amount": str(amount),
        "cash_amount": str(draw(quantities)),
        "executed_amount": str(filled),
        "avg_price": str(draw(quantities)),
        "status": draw(st.sampled_from(range(5))),
        "type": draw(st.sampled_from(["buy", "sell", "buy_market", "sell_market"])),
        "kind": draw(st.sampled_from(["spot", "margin"])),
    }


def parse(payload, number=Decimal):
    return HOST.parse_orders("digifinex", payload, number=number)


@given(row=rows())
@FAST
def test_amount_is_filled_and_remaining_whenever_all_are_known(row):
    (order,) = parse([row])
    assert order["filled"] == Decimal(row["executed_amount"])
    if None not in (order["amount"], order["remaining"]):
        assert order["amount"] == order["filled"] + order["remaining"]
    assert (order["amount"] is None) == (order["remaining"] is None)
    if row["type"] != "buy_market":
        assert order["amount"] == Decimal(row["amount"])


@given(row=rows())
@FAST
def test_cost_is_filled_times_average_whenever_there_is_one(row):
    (order,) = parse([row])
    filled, average = Decimal(row["executed_amount"]), Decimal(row["avg_price"])
    if not filled:
        assert (order["cost"], order["average"]) == (0, None)
    elif not average:
        assert (order["cost"], order["average"]) == (None, None)
    else:
        assert order["average"] == average
        assert Fraction(order["cost"]) == Fraction(filled) * Fraction(average)


@given(row=rows())
@FAST
def test_no_number_is_negative_and_no_time_is_zero(row):
    (order,) = parse([row])
    numbers = ("price", "amount", "cashAmount", "filled", "remaining", "average", "cost")
    assert [order[name] for name in numbers if order[name] is not None and order[name] < 0] == []
    stamps = ("timestamp", "lastTradeTimestamp", "lastUpdateTimestamp")
    assert [name for name in stamps if order[name] == 0] == []
    assert order["timestamp"] == row["created_date"] * 1000


@given(several=st.lists(rows(), max_size=5))
@FAST
def test_a_list_is_its_rows_one_by_one(several):
    assert parse(several) == [order for row in several for order in parse([row])]


@given(row=rows())
@FAST
def test_quoted_and_unquoted_numbers_are_the_same(row):
    quoted = json.dumps([row])
    unquoted = quoted
    for name in QUANTITIES:
        unquoted = unquoted.replace(f'"{name}": "{row[name]}"', f'"{name}": {row[name]}')
    assert unquoted.count('"') == quoted.count('"') - 2 * len(QUANTITIES)
    for number in (float, Decimal, str):
        (first,), (second,) = parse(quoted, number), parse(unquoted, number)
        assert {**first, "info": None} == {**second, "info": None}


@given(row=rows(), data=st.data())
@FAST
def test_the_order_of_the_keys_means_nothing(row, data):
    shuffled = {name: row[name] for name in data.draw(st.permutations(FIELDS))}
    assert parse([shuffled]) == parse([row])
    assert parse(json.dumps({"data": [shuffled], "code": 0})) == parse([row])


@pytest.mark.parametrize("status", tables.STATUSES)
@pytest.mark.parametrize("type_", tables.TYPES)
@pytest.mark.parametrize("kind", tables.KINDS)
@given(row=rows())
@settings(deadline=None, max_examples=5)
def test_every_row_of_the_tables_makes_an_order(status, type_, kind, row):
    (order,) = parse([{**row, "status": status, "type": type_, "kind": kind}])
    assert order["status"] in UNIFIED_STATUSES
    assert order["side"] in {"buy", "sell"}
    assert order["type"] in {"limit", "market"}
    assert order["marginMode"] in {None, "cross"}


@given(row=rows())
@FAST
def test_parsing_leaves_the_payload_alone_and_gives_the_same_again(row):
    payload = {"code": 0, "data": [row]}
    before = json.dumps(payload)
    assert parse(payload) == parse(payload)
    assert json.dumps(payload) == before


any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["0", "1e5", "-0", "1e999", "NaN", "BTC_USDT", "buy", "spot", "\ud800", 5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def assert_orders_or_documented_error(payload):
    """Parse; give the error, if any, and fail for what nobody documented."""
    try:
        orders = parse(payload)
    except (ccxt.BadResponse, ccxt.ExchangeError) as caught:
        error = caught
    else:
        assert {order["status"] for order in orders} <= UNIFIED_STATUSES
        return None
    assert not isinstance(error, PluginError), error
    assert error.exchange_id == "digifinex"
    return error


@pytest.mark.parametrize("field", FIELDS)
@given(value=any_json)
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_any_value_in_a_field_is_an_order_or_a_documented_error(field, value):
    row = {
        "symbol": "BTC_USDT",
        "order_id": "a",
        "created_date": 1_600_000_000,
        "finished_date": 0,
        "price": 1,
        "amount": 1,
        "cash_amount": 0,
        "executed_amount": 0,
        "avg_price": 0,
        "status": 0,
        "type": "buy",
        "kind": "spot",
        field: value,
    }
    error = assert_orders_or_documented_error([row])
    if error is not None:
        assert error.path == f"$[0].{field}"
    assert_orders_or_documented_error(json.dumps([row]))


@given(payload=any_json)
@FUZZ
def test_any_json_is_orders_or_a_documented_error(payload):
    assert_orders_or_documented_error(payload)
    assert_orders_or_documented_error(json.dumps(payload))


@given(code=any_json, data=any_json)
@FUZZ
def test_any_envelope_is_orders_or_a_documented_error(code, data):
    assert_orders_or_documented_error({"code": code, "data": data})


@given(body=st.binary() | st.text(st.characters()))
@FUZZ
def test_any_bytes_are_orders_or_a_documented_error(body):
    assert_orders_or_documented_error(body)


@given(row=rows(), data=st.data())
@FAST
def test_a_body_cut_anywhere_is_a_bad_response(row, data):
    body = json.dumps({"code": 0, "data": [row]}).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(ccxt.BadResponse):
        parse(body[:cut])


@given(row=rows(), data=st.data(), byte=st.integers(0, 255))
@FAST
def test_a_body_with_one_wrong_byte_is_orders_or_a_documented_error(row, data, byte):
    body = bytearray(json.dumps({"code": 0, "data": [row]}).encode())
    body[data.draw(st.integers(0, len(body) - 1))] = byte
    assert_orders_or_documented_error(bytes(body))
