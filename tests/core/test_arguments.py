"""Since, until, limit, ids and symbols: one reading for all methods."""

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Integral

import ccxt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfx_adapter.digifinex.answers import mapping
from dfx_adapter.digifinex.answers.tables import CURRENCIES
from dfx_adapter.digifinex.methods import arguments

try:
    import numpy as np
except ModuleNotFoundError:  # bots have it, these tests need not
    np = None

MOMENT = 1_796_077_661_000


@Integral.register
class Whole:
    """A whole number as NumPy's: no int, but all that one does."""

    def __init__(self, value):
        self._value = value

    def __int__(self):
        return self._value

    __index__ = __trunc__ = __int__

    def __float__(self):
        return float(self._value)

    def __repr__(self):
        return f"Whole({self._value})"

    def __str__(self):
        return str(self._value)

    def __eq__(self, other):
        return self._value == other

    def __lt__(self, other):
        return self._value < other

    def __le__(self, other):
        return self._value <= other

    def __gt__(self, other):
        return self._value > other

    def __ge__(self, other):
        return self._value >= other

    __hash__ = None


@pytest.mark.parametrize(
    "value",
    [
        MOMENT,
        float(MOMENT),
        MOMENT + 0.9,
        Decimal(MOMENT),
        Decimal("1796077661000.999"),
        Fraction(2 * MOMENT + 1, 2),
        Whole(MOMENT),
    ],
)
def test_any_real_number_of_milliseconds_is_a_time_rounded_down(value):
    read = arguments.milliseconds("fetchOrders", "since", value)
    assert (read, type(read)) == (MOMENT, int)


# Python writes no whole number of so many digits.
ENDLESS = pytest.param(10**5000, id="endless")
IMPOSSIBLE = [
    ENDLESS,
    math.nan,
    math.inf,
    -math.inf,
    1e300,
    -1e300,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1e999999"),
    True,
    False,
    "",
    "1796077661000",
    "2026-12-01",
    b"1",
    1j,
    [],
    {},
    object,
]


@pytest.mark.parametrize("value", [*IMPOSSIBLE, 1, 1_796_077_661, Whole(1_796_077_661), 0.5])
@pytest.mark.parametrize("name", ["since", "until"])
def test_what_is_no_time_is_a_bad_request_that_names_the_argument(name, value):
    with pytest.raises(ccxt.BadRequest, match=f"fetchOrders: {name} ") as caught:
        arguments.milliseconds("fetchOrders", name, value)
    assert caught.value.expected == "milliseconds since 1970, as a number"
    assert type(caught.value) is ccxt.BadRequest


def test_the_beginning_of_time_and_none_are_times():
    assert arguments.milliseconds("m", "since", None) is None
    assert arguments.milliseconds("m", "since", 0) == 0
    assert arguments.milliseconds("m", "since", -1.5) == -2


@given(st.floats() | st.integers() | st.decimals() | st.fractions() | st.booleans() | st.text())
def test_every_value_is_a_whole_number_or_a_bad_request(value):
    for read in (arguments.milliseconds, arguments.count):
        try:
            found = read("fetchOrders", "argument", value)
        except ccxt.BadRequest:
            continue
        assert type(found) is int
        assert found <= value < found + 1


@pytest.mark.parametrize("value", [7, 7.0, Whole(7), Decimal("7.0"), Fraction(7)])
def test_any_whole_number_is_a_limit(value):
    read = arguments.count("fetchOrders", "limit", value)
    assert (read, type(read)) == (7, int)
    assert arguments.count("fetchOrders", "limit", None) is None


@pytest.mark.parametrize("value", [*IMPOSSIBLE, 0, -1, 1.5, "10", Decimal("1.1")])
def test_what_is_no_limit_is_a_bad_request_that_names_it(value):
    with pytest.raises(ccxt.BadRequest, match="fetchOrders: limit "):
        arguments.count("fetchOrders", "limit", value)


@pytest.mark.parametrize("value", [0, -1, 10**11, 253_402_300_799_000, -253_402_300_799_000])
def test_the_first_and_the_last_time(value):
    assert arguments.milliseconds("fetchOrders", "since", value) == value


@pytest.mark.parametrize("value", [1, 10**11 - 1, 253_402_300_799_001, -253_402_300_799_001])
def test_seconds_and_what_is_past_the_last_time_are_refused(value):
    with pytest.raises(ccxt.BadRequest, match="fetchOrders: since "):
        arguments.milliseconds("fetchOrders", "since", value)


def test_until_is_taken_out_of_the_params():
    params = {"until": float(MOMENT), "other": 1}
    span = arguments.span("fetchOrders", None, None, params)
    assert (span, params) == ((None, MOMENT, None), {"other": 1})


@pytest.mark.parametrize(
    ("value", "order_id"),
    [("dd3164b333a4afa9d5730bb87f6db8b3", None), ("A-b_c", None), (1, "1"), (Whole(5), "5")],
)
def test_an_id_is_taken_as_it_is(value, order_id):
    read = arguments.order_id("fetchOrder", value)
    assert (read, type(read)) == (order_id or value, str)


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "a,b", ",", "a,", "a b", " a", "a ", "a\n", "\t", "a\u00a0b", "a\u2003b"),
        *(None, True, 1.0, b"a", ["a"], {"id": "a"}, "\ud800", ENDLESS),
    ],
)
def test_what_is_no_id_is_a_bad_request(value):
    with pytest.raises(ccxt.BadRequest, match="fetchOrder: order id ") as caught:
        arguments.order_id("fetchOrder", value)
    assert (caught.value.exchange_id, caught.value.found) == ("digifinex", value)


def test_ids_may_be_anything_that_gives_them():
    for ids in (["b", "a", "b"], ("b", "a"), {"b": 1, "a": 2}, iter("ba")):
        assert arguments.order_ids("fetchOrdersByIds", ids) == ["b", "a"]


class NoDimensions:
    """As NumPy's array of no dimensions: it has the method, and gives nothing."""

    def __iter__(self):
        raise TypeError("iteration over a 0-d array")


@pytest.mark.parametrize("ids", ["ab", b"ab", bytearray(b"ab"), None, 5, True, NoDimensions()])
def test_what_gives_no_ids_is_a_bad_request(ids):
    with pytest.raises(ccxt.BadRequest, match="cancelOrders: order ids "):
        arguments.order_ids("cancelOrders", ids)


@pytest.mark.parametrize(
    ("symbol", "market"),
    [
        ("BTC/USDT", ("BTC_USDT", "BTC/USDT")),
        ("BTC_USDT", ("BTC_USDT", "BTC/USDT")),
        ("GONE/BTC", ("GONE_BTC", "GONE/BTC")),
        ("TEL666/USDT", ("TEL_USDT", "TEL666/USDT")),
        ("TEL_USDT", ("TEL_USDT", "TEL666/USDT")),
        ("BTC/Epanus", ("BTC_EPS", "BTC/Epanus")),
        ("XBT_USDT", ("XBT_USDT", "BTC/USDT")),
    ],
)
def test_a_symbol_or_market_id_says_its_market(symbol, market):
    assert arguments.market("fetchOrder", symbol, CURRENCIES) == market


@pytest.mark.parametrize("currency", ["BTC", "BHT", "EPS", "FREE", "MBN", "TEL"])
def test_the_symbol_of_an_order_can_be_asked_for(currency, parse, row):
    """ccxt calls some of these currencies by names with a space in them."""
    (order,) = parse([row(symbol=f"{currency}_USDT")])
    assert arguments.market("m", order["symbol"], CURRENCIES).id == f"{currency}_USDT"


@pytest.mark.parametrize(
    "symbol",
    [
        *("", "BTC", "BTC/", "/USDT", "A/B/C", "BTC/USDT:USDT", "BTC_", "A_B_C", "BTC USDT", 5, []),
        *("btc_usdt", "btc/usdt", "BTC/usdt", True, b"BTC_USDT"),  # ccxt knows only capital letters
        *("TEL/USDT", "XBT/USDT"),  # no market id is read so
    ],
)
def test_what_is_no_spot_symbol_is_a_bad_symbol(symbol):
    with pytest.raises(ccxt.BadSymbol, match="fetchOrder: symbol ") as caught:
        arguments.market("fetchOrder", symbol, CURRENCIES)
    assert (caught.value.exchange_id, caught.value.found) == ("digifinex", symbol)


CODES = st.text("ABC", min_size=1, max_size=2)


@given(st.dictionaries(CODES, CODES | st.just("Own name"), max_size=4), CODES, CODES)
def test_the_symbol_of_a_market_id_is_asked_for_by_an_id_of_that_symbol(codes, base, quote):
    symbol = mapping.spelled(f"{base}_{quote}", codes)
    try:
        found = arguments.market("m", symbol, codes)
    except ccxt.BadSymbol as error:
        assert "one currency id for" in str(error)  # noqa: PT017  # two ids are read as one code
        return
    assert mapping.spelled(found.id, codes) == found.symbol == symbol
    assert arguments.market("m", f"{base}_{quote}", codes) == (f"{base}_{quote}", symbol)


@pytest.mark.skipif(np is None, reason="NumPy is not installed")
def test_numpys_numbers_and_texts_are_taken_as_pythons():
    moments = [np.int64(MOMENT), np.uint64(MOMENT), np.float64(MOMENT), np.float64(MOMENT + 0.5)]
    read = [arguments.milliseconds("m", "since", moment) for moment in moments]
    assert ([*map(type, read)], read) == ([int] * 4, [MOMENT] * 4)
    limits = [arguments.count("m", "limit", kind(7)) for kind in (np.int8, np.int64, np.float32)]
    assert ([*map(type, limits)], limits) == ([int] * 3, [7] * 3)
    for wrong in (np.float64("nan"), np.True_, np.array([MOMENT]), np.datetime64(MOMENT, "ms")):
        with pytest.raises(ccxt.BadRequest):
            arguments.milliseconds("m", "since", wrong)
    ids = arguments.order_ids("m", np.array(["b", "a"]))
    assert (ids, {*map(type, ids)}) == (["b", "a"], {str})
    assert arguments.order_ids("m", np.array([5])) == ["5"]
