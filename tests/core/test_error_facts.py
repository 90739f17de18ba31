"""Everything that an error carries, for every kind of error, whole."""

import ccxt
import pytest

from dfx_adapter import errors

NUMBER = "a number that is not negative and that a float can hold"

# A body -> the class, the text and the facts of the error; what is not named is None or empty.
KINDS = {
    "no JSON": (
        b"<html>",
        ccxt.BadResponse,
        {"body": "<html>", "path": "$", "found": "<html>", "expected": "JSON"},
    ),
    "no object": (
        b"5",
        ccxt.BadResponse,
        {"body": "5", "path": "$", "found": 5, "expected": "a JSON object"},
    ),
    "no code": (
        b'{"data":[]}',
        ccxt.BadResponse,
        {"body": '{"data":[]}', "path": "$.code", "expected": "a code"},
    ),
    "odd code": (
        b'{"code":"x"}',
        ccxt.BadResponse,
        {"body": '{"code":"x"}', "path": "$.code", "found": "x", "expected": "a code"},
    ),
    "code true": (
        b'{"code":true}',
        ccxt.BadResponse,
        {"body": '{"code":true}', "path": "$.code", "found": True, "expected": "a code"},
    ),
    "known code": (
        b'{"code":20013}',
        ccxt.OrderNotFound,
        {"body": '{"code":20013}', "code": "20013"},
    ),
    "unknown code": (
        b'{"code":777,"msg":"m"}',
        ccxt.ExchangeError,
        {"body": '{"code":777,"msg":"m"}', "code": "777"},
    ),
    "no data": (
        b'{"code":0}',
        ccxt.BadResponse,
        {"body": '{"code":0}', "path": "$.data", "expected": "a list of rows"},
    ),
    "data null": (
        b'{"code":0,"data":null}',
        ccxt.BadResponse,
        {"body": '{"code":0,"data":null}', "path": "$.data", "expected": "a list of rows"},
    ),
    "no row": (
        b'{"code":0,"data":[5]}',
        ccxt.BadResponse,
        {"body": "5", "path": "$.data[0]", "found": 5, "expected": "an object"},
    ),
    "a row without a symbol": (
        b'{"code":0,"data":[{}]}',
        ccxt.BadResponse,
        {"body": "{}", "path": "$.data[0].symbol", "expected": "a string"},
    ),
}
BLANK = {
    "exchange_id": "digifinex",
    **dict.fromkeys(("code", "path", "found", "expected", "retry_after")),
    "body": "",
    "orders": [],
    "ids": [],
}


def facts(error):
    return {name: getattr(error, name) for name in BLANK}


@pytest.mark.parametrize(("body", "error_class", "expected"), KINDS.values(), ids=KINDS)
def test_an_answer(body, error_class, expected, parse):
    with pytest.raises(error_class) as caught:
        parse(body)
    assert facts(caught.value) == {**BLANK, **expected}
    assert type(caught.value) is error_class


# Changes of a row -> path, found, what is expected there.
ROWS = {
    "text": ({"price": "x"}, "price", "x", NUMBER),
    "negative": ({"amount": -1}, "amount", -1, NUMBER),
    "a date before 1970": ({"created_date": -1}, "created_date", -1, "seconds since 1970"),
    "milliseconds": (
        {"finished_date": 1_600_000_000_000},
        "finished_date",
        1_600_000_000_000,
        "seconds since 1970",
    ),
    "no whole number": ({"status": "0.5"}, "status", "0.5", "a whole number"),
    "an id of blanks": ({"order_id": " "}, "order_id", " ", "an order id"),
    "a type": ({"type": "BUY"}, "type", "BUY", "one of buy, sell, buy_market, sell_market"),
    "a kind": ({"kind": "swap"}, "kind", "swap", "one of spot, margin"),
    "a symbol": ({"symbol": "BTC"}, "symbol", "BTC", "BASE_QUOTE"),
    "a cost": (
        {"executed_amount": 10**200, "avg_price": 10**200},
        "avg_price",
        10**200,
        "a cost that a float can hold",
    ),
}


@pytest.mark.parametrize(("changes", "key", "found", "expected"), ROWS.values(), ids=ROWS)
def test_a_row(changes, key, found, expected, parse, row):
    with pytest.raises(ccxt.BadResponse) as caught:
        parse([row(order_id="good"), row(**changes)])
    error = caught.value
    assert (error.path, error.found, error.expected) == (f"$[1].{key}", found, expected)
    assert [order["id"] for order in error.orders] == ["good"]
    assert (error.code, error.ids, error.retry_after) == (None, [], None)
    text = f"digifinex answer: $[1].{key}: expected {expected}, found "
    assert str(error).startswith(text)
    (row_error,) = error.row_errors.values()
    assert facts(row_error) == facts(error)
    assert row_error.orders is error.orders


def test_a_status_that_no_table_knows(parse, row):
    with pytest.raises(errors.UnknownStatus) as caught:
        parse([row(order_id="good"), row(order_id="bad", status=7), row(order_id="too", status=8)])
    error = caught.value
    assert (error.path, error.found) == ("$[1].status", 7)
    assert error.expected == "one of 0, 1, 2, 3, 4"
    assert "found 7 (and 1 more)" in str(error)
    assert {id_: bad.found for id_, bad in error.row_errors.items()} == {"bad": 7, "too": 8}
    assert [order["id"] for order in error.row_errors["too"].orders] == ["good"]


def test_describe_sets_every_fact():
    given = {
        "code": "7",
        "body": "the body",
        "path": "$.x",
        "found": [1],
        "expected": "better",
        "orders": [{"id": "a"}],
        "ids": ["a"],
        "retry_after": 5.0,
    }
    error = errors.describe(errors.RateLimited, "said", exchange_id="acme", **given)
    assert {name: getattr(error, name) for name in given} == given
    assert error.exchange_id == "acme"
    assert str(error) == "acme said; body: the body; nothing is sent for 5 s more"


NO_ROWS = {
    "no list": (5, "$", 5, "a list of the exchange's rows"),
    "one row": ({"a": 1}, "$", {"a": 1}, "a list of the exchange's rows"),
    "no row": (
        [None],
        "$[0]",
        None,
        "a row that ccxt can read (TypeError('no row of an exchange'))",
    ),
}


@pytest.mark.parametrize(("payload", "path", "found", "expected"), NO_ROWS.values(), ids=NO_ROWS)
def test_no_rows_of_another_exchange(payload, path, found, expected, host):
    with pytest.raises(ccxt.BadResponse) as caught:
        host.parse_orders("kraken", payload)
    where = {"exchange_id": "kraken", "path": path, "found": found, "expected": expected}
    assert facts(caught.value) == {**BLANK, **where}


def facts_of(error):
    found = errors.facts(error)
    return {name: getattr(found, name) for name in BY_DEFAULT}


BY_DEFAULT = {
    **dict.fromkeys(("exchange_id", "code", "path", "found", "expected", "retry_after")),
    "body": "",
    "orders": (),
    "ids": (),
    "row_errors": {},
}


class ForeignError(Exception):
    """An error of a library that has attributes of our names, and other things in them."""

    def __init__(self):
        super().__init__("x")
        self.body = b"<html>"
        self.path = ("a", 0)
        self.expected = 5
        self.exchange_id = None
        self.orders = "many"
        self.ids = "a"
        self.row_errors = (ValueError(),)
        self.retry_after = "soon"

    @property
    def code(self):
        """As in aiohttp, whose errors warn of it."""
        raise RuntimeError


@pytest.mark.parametrize("error", [ValueError("x"), ccxt.NetworkError("x"), ForeignError()])
def test_a_foreign_exception_carries_the_defaults(error):
    assert facts_of(error) == BY_DEFAULT


def test_the_facts_are_those_that_describe_and_add_put_on():
    row_error = errors.describe(errors.BadResponse, "row", exchange_id="acme")
    given = {
        "exchange_id": "acme",
        "code": "7",
        "body": "the body",
        "path": "$.x",
        "found": [1],
        "expected": "better",
        "orders": [{"id": "a"}],
        "ids": ["a"],
        "retry_after": 5.0,
    }
    error = errors.describe(errors.RateLimited, "summary", **given)
    assert facts_of(error) == {**given, "row_errors": {}}
    assert errors.add(error, row_errors={None: row_error}, ids=iter("bc")) is error
    assert facts_of(error) == {**given, "ids": ["b", "c"], "row_errors": {None: row_error}}


@pytest.mark.parametrize(
    "error_class",
    [errors.RateLimited, errors.UnknownStatus, errors.UnknownExchange, errors.PluginError],
)
def test_an_error_of_ours_that_a_plugin_raises_itself_has_every_attribute(error_class):
    error = error_class("words")
    assert {name: getattr(error, name) for name in BY_DEFAULT} == BY_DEFAULT
    assert facts_of(error) == BY_DEFAULT
    assert str(error) == "words"
