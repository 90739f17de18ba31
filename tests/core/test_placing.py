"""Every number that is placed is the very number that was given; any other value is refused."""

from decimal import Decimal, InvalidOperation

import ccxt
from hypothesis import given
from hypothesis import strategies as st

from dfx_adapter.digifinex.methods import new_orders

WORDS = ("BTC/USDT", "limit", "buy")
NUMBERS = st.one_of(
    st.floats(), st.decimals(), st.integers(), st.integers(min_value=1), st.booleans()
)
ANYTHING = st.one_of(
    NUMBERS, NUMBERS.map(str), st.text(), st.none(), st.binary(), st.lists(st.integers())
)


def exact(value):
    """Read a number as Python does, where it is a quantity of something that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    can_be = number.is_finite() and number > 0 and 0 < float(number) < float("inf")
    return number if can_be else None


@given(ANYTHING, ANYTHING)
def test_a_limit_order_has_the_very_numbers_or_is_refused(amount, price):
    try:
        order = new_orders.new_order("createOrder", WORDS, amount, price, {}, {})
    except ccxt.BadRequest:
        strict = {isinstance(value, str) for value in (amount, price) if exact(value)}
        # Texts are read more strictly than Python does: no underscores, no white space.
        assert exact(amount) is None or exact(price) is None or strict != {False}
    else:
        assert (order.amount, order.price) == (exact(amount), exact(price))


@given(ANYTHING, ANYTHING)
def test_a_market_buy_has_the_exact_product_or_is_refused(amount, price):
    words = ("BTC/USDT", "market", "buy")
    try:
        order = new_orders.new_order("createOrder", words, amount, price, {}, {})
    except (ccxt.BadRequest, ccxt.InvalidOrder):
        return
    assert order.cost > 0
    factors = exact(amount).as_integer_ratio(), exact(price).as_integer_ratio()
    (a, b), (c, d) = factors
    assert order.cost.as_integer_ratio()[0] * b * d == a * c * order.cost.as_integer_ratio()[1]


@given(st.dictionaries(st.text(), ANYTHING, min_size=1))
def test_whatever_parameters_are_given_none_is_dropped(params):
    """An order that is accepted is what all of its parameters say."""
    unknown = [
        name
        for name, value in params.items()
        if name not in new_orders.CREATE_PARAMS and value is not None and value is not False
    ]
    try:
        new_orders.new_order("createOrder", WORDS, 1, 1, params, {})
    except ccxt.BaseError:
        return
    assert unknown == []
