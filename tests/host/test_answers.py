"""What a plugin answers is checked before a bot sees it, and the plugin that is wrong is named."""

import decimal
from decimal import Decimal

import ccxt
import pytest

from dfx_adapter import hookimpl
from dfx_adapter.errors import PluginError
from tests.host.orders import whole


def answering(answer):
    """Give a mapping hook that always answers so."""
    return lambda payload: answer


def refused(host, exchange_id="digifinex", body=None, **given):
    with pytest.raises(PluginError) as caught:
        host.parse_orders(exchange_id, [] if body is None else body, **given)
    return caught.value


def without(name):
    order = whole("1")
    del order[name]
    return order


WRONG = {
    "no order": (None, "order 1: expected a dict, found None"),
    "text": ("order", "order 1: expected a dict, found 'order'"),
    "a list": ([], "order 1: expected a dict, found []"),
    "a missing key": (without("remaining"), "missing remaining"),
    "two missing keys": ({"id": "7"}, "missing info, clientOrderId, symbol"),
    "no id": (whole(None), "id None: expected text"),
    "an empty id": (whole(" "), "id ' ': expected text"),
    "a number for an id": (whole(7), "id 7: expected text"),
    "a status of the exchange": (whole("7", status="LIVE"), "status 'LIVE': expected canceled"),
    "a status in capitals": (whole("7", status="OPEN"), "status 'OPEN'"),
    "a status that is no text": (whole("7", status=["open"]), "status ['open']"),
    "text for a number": (whole("7", amount="1.5"), "amount '1.5': expected a float or None"),
    "a Decimal for a float": (whole("7", cost=Decimal(1)), "cost Decimal('1'): expected a float"),
    "an int for a float": (whole("7", filled=1), "filled 1: expected a float"),
    "true for a number": (whole("7", price=True), "price True: expected a float"),
    "a number that is none": (whole("7", price=float("nan")), "price nan: expected a finite"),
    "a number without end": (whole("7", price=float("inf")), "price inf: expected a finite"),
    "a number below zero": (whole("7", filled=-1.0), "filled -1.0: expected a finite"),
    "a time with a fraction": (whole("7", timestamp=1.5), "timestamp 1.5: expected whole"),
    "a time as text": (whole("7", lastTradeTimestamp="1"), "lastTradeTimestamp '1'"),
    "true for a time": (whole("7", lastUpdateTimestamp=True), "lastUpdateTimestamp True"),
    "no list of trades": (whole("7", trades=None), "trades None: expected a list"),
    "a tuple of fees": (whole("7", fees=()), "fees (): expected a list"),
    "a fee that is a number": (whole("7", fee=0.1), "fee 0.1: expected a dict or None"),
    "a symbol that is no text": (whole("7", symbol=5), "symbol 5: expected text or None"),
    "a side that is no text": (whole("7", side=1), "side 1: expected text or None"),
    "a flag that is a word": (whole("7", postOnly="yes"), "postOnly 'yes': expected True"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
def test_a_wrong_order_names_plugin_exchange_order_and_fault(case, exchange_id, plugin, hosting):
    order, sentence = WRONG[case]
    orders = [whole("a"), order, whole("c")]
    error = refused(hosting(plugin("Sloppy", dfx_parse_orders=answering(orders))), exchange_id)
    for part in (f"{exchange_id} plugin 'Sloppy': dfx_parse_orders: order 1", sentence):
        assert part in str(error)
    assert (error.exchange_id, error.path) == (exchange_id, "$[1]")
    assert [right["id"] for right in error.orders] == ["a", "c"]
    assert isinstance(error, ccxt.ExchangeError)
    if isinstance(order, dict) and order.get("id") == "7":
        assert "order 1 (id '7')" in str(error)
        assert error.ids == ["7"]


def generator():
    yield whole("1")


@pytest.mark.parametrize(
    "answer", [generator(), map(whole, "ab"), (whole("1"),), {"1": whole("1")}, "orders", 0, False]
)
def test_what_is_no_list_is_refused(answer, plugin, hosting):
    error = refused(hosting(plugin("Lazy", dfx_parse_orders=answering(answer))))
    assert "plugin 'Lazy': dfx_parse_orders answered" in str(error)
    assert "not a list" in str(error)


NUMBERS = {float: 1.5, Decimal: Decimal("1.5"), str: "1.5"}


@pytest.mark.parametrize("asked", NUMBERS)
@pytest.mark.parametrize("given", NUMBERS)
def test_numbers_are_of_the_type_asked_for(asked, given, plugin, hosting):
    host = hosting(plugin("Typed", dfx_parse_orders=answering([whole("1", amount=NUMBERS[given])])))
    if asked is given:
        assert host.parse_orders("digifinex", [], number=asked)[0]["amount"] == NUMBERS[given]
    else:
        assert f"expected a {asked.__name__}" in str(refused(host, number=asked))


@pytest.mark.parametrize("text", ["", "1,5", "abc", "-1", "NaN", "1e999"])
def test_text_that_is_asked_for_is_the_text_of_a_number(text, plugin, hosting):
    host = hosting(plugin("Typed", dfx_parse_orders=answering([whole("1", amount=text)])))
    assert "amount" in str(refused(host, number=str))


def test_a_long_answer_makes_no_long_message(plugin, hosting):
    orders = [{"id": str(number)} for number in range(1000)]
    error = refused(hosting(plugin("Sloppy", dfx_parse_orders=answering(orders))))
    assert "999 more orders are wrong" in str(error)
    assert len(str(error)) < 1000


def test_the_good_orders_of_an_answer_are_never_lost(plugin, hosting):
    orders = [whole(str(number)) for number in range(5)] + [None]
    error = refused(hosting(plugin("Sloppy", dfx_parse_orders=answering(orders))))
    assert [order["id"] for order in error.orders] == list("01234")


def test_the_plugin_at_fault_is_named_among_others(plugin, hosting, row):
    calm = [plugin(name, dfx_parse_orders=answering(None)) for name in ("Before", "After")]
    sloppy = plugin("Sloppy", dfx_parse_orders=answering([{}]))
    for plugins in ((calm[0], sloppy, calm[1]), (sloppy, *calm), (*calm, sloppy)):
        error = refused(hosting(*plugins), body=[row()])
        assert "plugin 'Sloppy'" in str(error)
        assert "Before" not in str(error)
        assert "After" not in str(error)


# Wrappers.


def wrapping(change):
    """Give a wrapper of the mapping hook that changes what comes."""

    @hookimpl(wrapper=True)
    def wrapper():
        return change((yield))

    return wrapper


def in_place(orders):
    orders[0]["status"] = "LIVE"
    return orders


CHANGES = {
    "another order": lambda orders: [{**orders[0], "status": "LIVE"}],
    "the same order": in_place,
    "a key less": lambda orders: [{"id": order["id"]} for order in orders],
    "nothing in it": lambda orders: [*orders, None],
    "no list": lambda orders: (order for order in orders),
    "nothing at all": lambda orders: None,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
def test_what_a_wrapper_makes_of_a_built_in_mapping_is_checked(
    change, exchange_id, plugin, hosting, row
):
    body = [row()] if exchange_id == "digifinex" else [{"id": "1", "status": "open"}]
    wrapper = wrapping(CHANGES[change])
    host = hosting(
        plugin("Calm", dfx_parse_orders=answering(None)),
        plugin("Wrapper", dfx_parse_orders=wrapper),
    )
    error = refused(host, exchange_id, body)
    if change != "nothing at all":
        assert "plugin 'Wrapper'" in str(error)
        assert "Calm" not in str(error)


def test_a_plugin_is_not_blamed_for_what_the_built_in_mapping_answers(plugin, hosting):
    """ccxt's class may read no id out of a row; the order is not lost to a plugin that watches."""
    row = {"status": "open", "vol": "1"}
    (alone,) = hosting().parse_orders("kraken", [row])
    assert alone["id"] is None
    watching = plugin("Watcher", dfx_parse_orders=wrapping(lambda orders: orders))
    declining = plugin("Declining", dfx_parse_orders=answering(None))
    assert hosting(watching, declining).parse_orders("kraken", [row]) == [alone]


def test_the_built_in_mappings_are_trusted(hosting, plugin, row, mocker):
    spy = mocker.spy(__import__("dfx_adapter.exchanges.checks", fromlist=["shape"]), "shape")
    observing = plugin("Observer", dfx_orders_parsed=lambda orders: None)
    adding = plugin("Site", dfx_order_statuses=lambda exchange_id: {9: "expired"})
    hosting(observing, adding).parse_orders("digifinex", [row()])
    assert spy.call_count == 0


def test_observers_do_not_see_what_is_refused(plugin, hosting):
    seen = []

    def observe(orders):
        seen.append(orders)

    host = hosting(
        plugin("Sloppy", dfx_parse_orders=answering([whole("1", status="LIVE")])),
        plugin("Observer", dfx_orders_parsed=observe),
    )
    refused(host)
    assert seen == []


def test_an_answer_that_only_raises_in_a_check_of_numbers_is_no_crash(plugin, hosting):
    """A signalling NaN raises where it is compared."""
    order = whole("1", amount=Decimal("sNaN"))
    with decimal.localcontext():
        host = hosting(plugin("Odd", dfx_parse_orders=answering([order])))
        assert "amount" in str(refused(host, number=Decimal))
