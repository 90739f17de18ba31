"""Errors stand inside ccxt's hierarchy and carry what a bot needs to go on."""

import pickle

import ccxt
import pytest

from dfx_adapter import errors

FACTS = ("exchange_id", "code", "body", "path", "found", "expected", "orders", "ids")


ERRORS = [name for name in errors.__all__ if name[0].isupper() and name != "Facts"]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_one_of_ccxt(name):
    assert issubclass(getattr(errors, name), ccxt.BaseError)


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("RateLimited", (ccxt.RateLimitExceeded, ccxt.DDoSProtection)),
        ("UnknownStatus", (ccxt.ExchangeError,)),
        ("UnknownExchange", (ccxt.NotSupported,)),
        ("PluginError", (ccxt.ExchangeError,)),
    ],
)
def test_our_own_classes_are_caught_by_ccxt_names(name, bases):
    for base in bases:
        with pytest.raises(base):
            raise errors.named(name)("caught")


@pytest.mark.parametrize("name", ["UnknownStatus", "UnknownExchange", "PluginError"])
def test_what_asking_again_does_not_help_is_not_retried(name):
    assert not issubclass(errors.named(name), ccxt.OperationFailed)


def test_a_class_is_found_by_its_name():
    assert errors.named("OrderNotFound") is ccxt.OrderNotFound
    assert errors.named("RateLimited") is errors.RateLimited
    with pytest.raises(AttributeError):
        errors.named("NoSuchError")


@pytest.mark.parametrize("name", ["NetworkError", "BadResponse", "RateLimited", "PluginError"])
def test_an_error_pickles_with_all_that_it_carries(name, parse, row):
    error = errors.describe(
        errors.named(name),
        "said so",
        exchange_id="digifinex",
        code="7",
        body="the body",
        path="$.data[0]",
        found={"a": [1]},
        expected="better",
        orders=parse([row()]),
        ids=["x"],
    )
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert [getattr(copy, fact) for fact in FACTS] == [getattr(error, fact) for fact in FACTS]
    assert copy.orders[0]["symbol"] == "BTC/USDT"


@pytest.mark.parametrize(
    "body", ['{"code":20013}', '{"code":777}', "<html>", '{"code":0,"data":[{}]}', "null"]
)
def test_every_error_of_an_answer_has_every_attribute_and_pickles(body, parse):
    with pytest.raises(ccxt.BaseError) as caught:
        parse(body)
    error = caught.value
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert type(copy) is type(error)
    assert [getattr(copy, fact) for fact in FACTS] == [getattr(error, fact) for fact in FACTS]
    assert copy.exchange_id == "digifinex"


@pytest.mark.parametrize(
    "body",
    [
        "<html>" + "x" * 1_000_000,
        '{"code":777,"msg":"' + "x" * 1_000_000 + '"}',
        '{"code":0,"data":"' + "x" * 1_000_000 + '"}',
        '{"code":"' + "x" * 1_000_000 + '"}',
        '{"code":0,"data":[{"symbol":"' + "x" * 1_000_000 + '"}]}',
        '{"code":0,"data":[' + ",".join(["[]"] * 10_000) + "]}",
    ],
    ids=["html", "msg", "data", "code", "row", "rows"],
)
def test_a_huge_body_makes_a_short_message(body, parse):
    with pytest.raises(ccxt.BaseError) as caught:
        parse(body)
    assert len(str(caught.value)) < 2_000
    assert len(caught.value.body) < 1_000


@pytest.mark.parametrize("field", ["symbol", "price", "type", "status", "order_id"])
def test_a_huge_value_makes_a_short_message(field, parse, row):
    with pytest.raises(ccxt.BaseError) as caught:
        parse([row(**{field: ["x" * 1_000_000]})])
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize("body", ["<p>\nERROR forged", "\x1b[31mred", "\u202eback", "\ud800", "\0"])
def test_an_answer_neither_begins_a_line_of_a_log_nor_steers_a_terminal(body, parse):
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(body)
    assert str(caught.value).isprintable()
    assert ascii(body)[1:-1] in str(caught.value)


def test_the_body_excerpt_says_what_came(parse):
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(b"<html><title>Just a moment...</title>")
    assert "Just a moment..." in caught.value.body
    assert "Just a moment..." in str(caught.value)


def test_what_is_not_known_of_an_error_is_none_or_empty():
    error = errors.describe(ccxt.ExchangeError, "failed", exchange_id="acme")
    facts = {fact: getattr(error, fact) for fact in FACTS}
    assert facts == {
        "exchange_id": "acme",
        "code": None,
        "body": "",
        "path": None,
        "found": None,
        "expected": None,
        "orders": [],
        "ids": [],
    }
    assert str(error) == "acme failed"


def test_an_unknown_exchange_is_not_supported(host):
    with pytest.raises(ccxt.NotSupported) as caught:
        host.parse_orders("no-such-exchange", b"[]")
    assert caught.value.exchange_id == "no-such-exchange"
