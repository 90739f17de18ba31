"""Reading a row: what is not as expected is an error that says where it stands."""

from decimal import Decimal

import ccxt
import pytest

from dfx_adapter import ParseContext, kit

CONTEXT = ParseContext(exchange_id="acme")
WORDS = {"BUY": "buy", "SELL": "sell"}


def row(**values):
    return kit.Row(CONTEXT, {"id": "1", **values}, "$[3]")


def test_an_error_says_where_what_was_found_and_what_was_expected():
    with pytest.raises(ccxt.BadResponse) as caught:
        row(price="1,5").number("price")
    error = caught.value
    assert str(error) == (
        "acme answer: $[3].price: expected a number that is not negative, found '1,5'"
    )
    assert (error.path, error.found, error.exchange_id) == ("$[3].price", "1,5", "acme")
    assert error.expected == "a number that is not negative"


READERS = ("text", "number", "signed", "whole", "flag", "milliseconds", "seconds", "iso8601")


@pytest.mark.parametrize("reader", [*READERS, "row", "rows"])
def test_what_is_missing_is_the_default_or_an_error(reader):
    for values in ({}, {"x": None}, {"x": ""}):
        assert getattr(row(**values), reader)("x", None) is None
        assert getattr(row(**values), reader)("x", "else") == "else"
        with pytest.raises(ccxt.BadResponse) as caught:
            getattr(row(**values), reader)("x")
        assert caught.value.path == "$[3].x"
    with pytest.raises(ccxt.BadResponse):
        row().word("x", WORDS)
    assert row().word("x", WORDS, None) is None


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        ("text", "a1", "a1"),
        ("text", 17, "17"),
        ("number", "0.10", Decimal("0.10")),
        ("number", "1e-8", Decimal("1e-8")),
        ("number", 12345678901234567890, Decimal(12345678901234567890)),
        ("number", 0.1, Decimal("0.1")),  # its repr: what the JSON had
        ("number", Decimal("0.123456789012345678901"), Decimal("0.123456789012345678901")),
        ("number", "-0", Decimal(0)),
        ("signed", "-0.25", Decimal("-0.25")),
        ("whole", "-12", -12),
        ("whole", 7, 7),
        ("flag", False, False),
        ("milliseconds", 1733815269370, 1733815269370),
        ("milliseconds", "1733815269370", 1733815269370),
        ("milliseconds", 0, None),
        ("milliseconds", "-1", None),
        ("seconds", "1586822919.3342", 1586822919334),
        ("seconds", "1586822919.9999", 1586822919999),  # the millisecond it is in, never the next
        ("seconds", 1586822919, 1586822919000),
        ("seconds", "0", None),
        ("iso8601", "2020-04-14T00:08:39.334Z", 1586822919334),
        ("iso8601", "2020-04-14T02:08:39.334+02:00", 1586822919334),
    ],
)
def test_what_a_reader_gives(reader, value, expected):
    got = getattr(row(x=value), reader)("x")
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("reader", "wrong"),
    [
        ("text", [True, 1.5, [], {}, "  "]),
        ("number", ["", "x", " 1", "1_000", "-1", -1, True, [], "NaN", "inf", "1e400", "0x1"]),
        ("number", [float("nan"), float("inf"), "9" * 500, "1e-400"]),
        ("signed", ["x", True, {}]),
        ("whole", ["1.0", 1.0, True, "", "9" * 5000]),
        ("flag", ["true", 1, 0]),
        ("milliseconds", [1733815269, "x", True, 10**17]),
        ("seconds", [1733815269370, "x", 1]),
        ("iso8601", ["yesterday", 1733815269370]),
        ("row", [[], "x", {}, 1]),
        ("rows", [{}, "x", 1]),
    ],
)
def test_what_is_of_another_kind_is_an_error_even_with_a_default(reader, wrong):
    for value in wrong:
        if value == "":
            continue  # says nothing, as null
        with pytest.raises(ccxt.BadResponse) as caught:
            getattr(row(x=value), reader)("x", None)
        assert caught.value.path == "$[3].x", value


def test_a_word_is_looked_up_and_one_that_is_not_listed_is_an_error():
    assert row(side="BUY").word("side", WORDS) == "buy"
    assert row(side=1).word("side", {"1": "buy"}) == "buy"
    with pytest.raises(ccxt.BadResponse, match="expected one of BUY, SELL, found 'buy'"):
        row(side="buy").word("side", WORDS)


def test_rows_inside_know_where_they_are():
    whole = row(descr={"pair": "XBTUSD"}, fills=[{"qty": "1"}, {"qty": "x"}])
    assert whole.row("descr").text("pair") == "XBTUSD"
    first, second = whole.rows("fills")
    assert first.number("qty") == 1
    with pytest.raises(ccxt.BadResponse, match=r"\$\[3\]\.fills\[1\]\.qty"):
        second.number("qty")
    with pytest.raises(ccxt.BadResponse) as caught:
        kit.Row(CONTEXT, {"a-b": {"c": 1}}).row("a-b").text("d")
    assert caught.value.path == '$["a-b"].d'


def test_a_row_says_whether_a_key_says_anything():
    assert [row(x=value).has("x") for value in (None, "", 0, False, "a")] == [
        *(False, False, True, True, True)
    ]
    assert not row().has("x")


@pytest.mark.parametrize("raw", [None, [], {}, "text", 5, [{"id": "1"}]])
def test_what_is_no_object_is_no_row(raw):
    with pytest.raises(ccxt.BadResponse) as caught:
        kit.Row(CONTEXT, raw, "$.data[0]")
    assert caught.value.path == "$.data[0]"


def test_a_secret_in_a_huge_value_makes_no_huge_message():
    with pytest.raises(ccxt.BadResponse) as caught:
        row(price="x" * 100_000).number("price")
    assert len(str(caught.value)) < 1000
