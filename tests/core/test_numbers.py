"""Numbers are exact from the wire to the last step, and what is no number is refused by name."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from ccxt import BadResponse

QUANTITIES = ("price", "amount", "cash_amount", "executed_amount", "avg_price")
WHOLE = ("created_date", "finished_date", "status")


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("1234567890.12345678", "1234567890.12345678"),
        ("25.999999999999996", "25.999999999999996"),  # margin/positions, doc example
        ("0.30000000000000004", "0.30000000000000004"),
        ("1e-8", "0.00000001"),
        ("1E-8", "0.00000001"),
        ("5e-05", "0.00005"),  # spot/symbols, real
        ("1.5e+3", "1500"),
        ("4", "4"),
        ("9007199254740993", "9007199254740993"),  # 2**53 + 1: no float has it
        ("0.1", "0.1"),
        ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"),
    ],
)
def test_every_digit_survives(text, exact, parse, row, body, unquoted):
    answer = body(row(amount=unquoted(text), price=unquoted(text)))
    (as_decimal,) = parse(answer, number=Decimal)
    (as_float,) = parse(answer)
    (as_text,) = parse(answer, number=str)
    assert as_decimal["amount"] == as_decimal["price"] == Decimal(exact)
    assert as_decimal["remaining"] == Decimal(exact)
    assert as_float["amount"] == float(exact)
    assert as_text["price"] == exact


# 801 digits, the most that a text may have.
LONGEST = "1" * 401 + "." + "1" * 400 + "e-400"


def test_the_longest_numbers_are_computed_exactly(parse, row, body, unquoted):
    long = unquoted(LONGEST)
    answer = body(row(status=2, amount=long, executed_amount=long, avg_price=long))
    (order,) = parse(answer, number=Decimal)
    ones = int("1" * 801)
    assert order["cost"].as_integer_ratio() == Fraction(ones * ones, 10**1600).as_integer_ratio()
    assert order["remaining"] == 0


@pytest.mark.parametrize("digits", [802, 2000, 100_000])
def test_a_decimal_of_more_digits_than_a_text_may_have_is_refused_by_name(digits, parse, row):
    endless = Decimal((0, (1,) * digits, 1 - digits))
    with pytest.raises(BadResponse, match=r"\$\[1\]\.avg_price") as caught:
        parse([row(order_id="good"), row(status=1, executed_amount="0.5", avg_price=endless)])
    assert [order["id"] for order in caught.value.orders] == ["good"]


class Derived(float):
    pass


class DerivedDecimal(Decimal):
    pass


@pytest.mark.parametrize("derived", [Derived, DerivedDecimal])
@pytest.mark.parametrize("text", ["0.25", "1e-07", "-0.0"])
def test_a_derived_type_is_the_number_whatever_its_size(derived, text, parse, row):
    (order,) = parse([row(price=derived(text))])
    assert order["price"] == (float(text) or None)


# amount, executed_amount, avg_price -> remaining, cost
ARITHMETIC = [
    ("0.3", "0.1", "0.1", "0.2", "0.01"),  # binary: 0.19999999999999998, 0.010000000000000002
    ("0.3", "0.2", "3", "0.1", "0.6"),  # binary: 0.09999999999999998, 0.6000000000000001
    ("1", "0.9", "1.1", "0.1", "0.99"),
    ("0.1", "0.09999999999999999", "0.3", "0.00000000000000001", "0.029999999999999997"),
    ("1234567890.12345678", "1234567890", "3", "0.12345678", "3703703670"),
    ("2e-8", "1e-8", "5e-05", "0.00000001", "0.0000000000005"),
    ("10000000000000000", "1", "1e-16", "9999999999999999", "0.0000000000000001"),
    ("25.999999999999996", "0.000000000000005", "1", "25.999999999999991", "0.000000000000005"),
]


@pytest.mark.parametrize("case", ARITHMETIC, ids=" ".join)
def test_remaining_and_cost_are_computed_exactly(case, parse, row, body, unquoted):
    *quantities, remaining, cost = case
    amount, filled, average = map(unquoted, quantities)
    answer = body(row(status=1, amount=amount, executed_amount=filled, avg_price=average))

    (exact,) = parse(answer, number=Decimal)
    assert (exact["remaining"], exact["cost"]) == (Decimal(remaining), Decimal(cost))
    assert exact["filled"] + exact["remaining"] == exact["amount"]
    (as_float,) = parse(answer)
    assert (as_float["remaining"], as_float["cost"]) == (float(remaining), float(cost))
    (as_text,) = parse(answer, number=str)
    assert (as_text["remaining"], as_text["cost"]) == (remaining, cost)


@pytest.mark.parametrize("zero", ["0", "0.0", "0.00000000", "-0", "-0.0", "0e0", "0E-20", "0e9999"])
def test_a_zero_is_a_zero_however_it_is_written(zero, parse, row, body, unquoted):
    zeros = dict.fromkeys(("price", "amount", "executed_amount", "avg_price"), unquoted(zero))
    (order,) = parse(body(row(**zeros)))
    names = ("amount", "filled", "remaining", "cost")
    assert [order[name] for name in names] == [0.0, 0.0, 0.0, 0.0]
    assert [math.copysign(1, order[name]) for name in names] == [1, 1, 1, 1]
    assert (order["price"], order["average"]) == (None, None)


@pytest.mark.parametrize("text", ["1e308", "1.7976931348623157e308", "2.2250738585072014e-308"])
@pytest.mark.parametrize("number", [float, Decimal])
def test_what_a_float_can_hold_is_held(text, number, parse, row, body, unquoted):
    (order,) = parse(body(row(amount=unquoted(text))), number=number)
    assert order["amount"] == order["remaining"] == number(text)


@pytest.mark.parametrize(
    "text",
    ["1e309", "1.8e308", "1e-400", "1e999999999", "1e-999999999", "9" * 401, f"0.{'0' * 420}1"],
)
@pytest.mark.parametrize("field", QUANTITIES)
@pytest.mark.parametrize("form", ["{}", '"{}"'], ids=["number", "text"])
def test_what_no_float_can_hold_is_refused(text, field, form, parse, row, body, unquoted):
    with pytest.raises(BadResponse) as caught:
        parse(body(row(order_id="good"), row(**{field: unquoted(form.format(text))})))
    assert caught.value.path == f"$.data[1].{field}"
    assert str(caught.value.found) == text
    assert [order["id"] for order in caught.value.orders] == ["good"]


def test_a_cost_that_no_float_can_hold_is_refused(parse, row, body, unquoted):
    huge = unquoted("1e200")
    with pytest.raises(BadResponse) as caught:
        parse(body(row(status=1, amount=huge, executed_amount=huge, avg_price=huge)))
    assert caught.value.path.startswith("$.data[0].")


@pytest.mark.parametrize("digits", [5_000, 100_000])
@pytest.mark.parametrize("field", [*QUANTITIES, *WHOLE])
def test_a_decoded_number_too_long_to_be_written_is_refused_by_name(digits, field, parse, row):
    """Python refuses to write whole numbers of more than 4300 digits."""
    from dfx_adapter.errors import UnknownStatus

    huge = 10**digits
    with pytest.raises(
        (BadResponse, UnknownStatus) if field == "status" else BadResponse
    ) as caught:
        parse([row(order_id="good"), row(**{field: huge})])
    assert caught.value.path == f"$[1].{field}"
    assert [order["id"] for order in caught.value.orders] == ["good"]


@pytest.mark.parametrize("digits", [5_000, 1_000_000])
@pytest.mark.parametrize("start", ["", "0.", "1e"])
def test_a_body_with_endless_digits_is_refused(start, digits, parse, row, body, unquoted):
    with pytest.raises(BadResponse):
        parse(body(row(amount=unquoted(f"{start}{'9' * digits}"))))


@pytest.mark.parametrize("text", ["0", "1", "0.5", "1e-8", "5e-05", "1234567890.12345678", "2.50"])
@pytest.mark.parametrize("field", QUANTITIES)
def test_a_quoted_number_is_the_number(field, text, parse, row, body, unquoted):
    """Clients that quote numbers record them so (facts 2.2)."""
    (quoted,) = parse(body(row(type="sell", **{field: text})), number=Decimal)
    (plain,) = parse(body(row(type="sell", **{field: unquoted(text)})), number=Decimal)
    assert {**quoted, "info": None} == {**plain, "info": None}


@pytest.mark.parametrize("field", WHOLE)
def test_a_quoted_whole_number_is_the_number(field, parse, row):
    (quoted,) = parse([row(**{field: "2"})])
    (plain,) = parse([row(**{field: 2})])
    assert {**quoted, "info": None} == {**plain, "info": None}


NO_NUMBERS = [
    ("true", True),
    ("false", False),
    ("null", None),
    ('""', ""),
    ('" "', " "),
    ('" 1 "', " 1 "),
    ('"1\\n"', "1\n"),
    ('"1_0"', "1_0"),
    ('"\u0661"', "\u0661"),  # ARABIC-INDIC DIGIT ONE: Decimal and int take it for 1
    ('"\uff11"', "\uff11"),  # FULLWIDTH DIGIT ONE
    ('"NaN"', "NaN"),
    ('"nan"', "nan"),
    ('"sNaN1"', "sNaN1"),
    ('"Infinity"', "Infinity"),
    ('"-inf"', "-inf"),
    ('"0x10"', "0x10"),
    ('"1,5"', "1,5"),
    ('"null"', "null"),
    ('"true"', "true"),
    ('"1e"', "1e"),
    ("[]", []),
    ("[1]", [1]),
    ("{}", {}),
]


@pytest.mark.parametrize(("text", "found"), NO_NUMBERS, ids=[text for text, _ in NO_NUMBERS])
@pytest.mark.parametrize("field", [*QUANTITIES, *WHOLE])
def test_what_is_no_number_is_refused_by_name(field, text, found, parse, row, body, unquoted):
    with pytest.raises(BadResponse) as caught:
        parse(body(row(order_id="good"), row(**{field: unquoted(text)}), row(order_id="fine")))
    assert caught.value.path == f"$.data[1].{field}"
    assert (type(caught.value.found), caught.value.found) == (type(found), found)
    assert caught.value.expected
    assert [order["id"] for order in caught.value.orders] == ["good", "fine"]


@pytest.mark.parametrize("text", ["-1", "-0.00000001", '"-1"', "-1e-8", "-1e308"])
@pytest.mark.parametrize("field", QUANTITIES)
def test_no_quantity_is_negative(field, text, parse, row, body, unquoted):
    with pytest.raises(BadResponse) as caught:
        parse(body(row(**{field: unquoted(text)})))
    assert caught.value.path == f"$.data[0].{field}"


@pytest.mark.parametrize("field", [*QUANTITIES, *WHOLE])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, Decimal("NaN")])
def test_decoded_json_with_what_json_does_not_have_is_refused_by_name(field, value, parse, row):
    with pytest.raises(BadResponse) as caught:
        parse([row(**{field: value})])
    assert caught.value.path == f"$[0].{field}"
    assert repr(caught.value.found) == repr(value)


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "1.", ".5", "+1", "01", "0x1"])
def test_a_token_that_is_no_json_makes_a_body_that_is_no_json(token, parse, row, body, unquoted):
    with pytest.raises(BadResponse) as caught:
        parse(body(row(amount=unquoted(token))))
    assert caught.value.path == "$"
    assert token in caught.value.body


@pytest.mark.parametrize("text", ["1.5", '"1.5"', "1e-1"])
@pytest.mark.parametrize("field", WHOLE)
def test_a_fraction_is_no_whole_number(field, text, parse, row, body, unquoted):
    with pytest.raises(BadResponse) as caught:
        parse(body(row(**{field: unquoted(text)})))
    assert caught.value.path == f"$.data[0].{field}"


@pytest.mark.parametrize("field", ["created_date", "finished_date"])
@pytest.mark.parametrize("seconds", [-1, 253_402_300_800, 1_562_303_547_000, 10**30])
def test_a_time_that_no_calendar_has_is_refused_by_name(field, seconds, parse, row):
    """Seconds before 1970 or after 9999: milliseconds, or nonsense."""
    with pytest.raises(BadResponse) as caught:
        parse([row(**{field: seconds})])
    assert (caught.value.path, caught.value.found) == (f"$[0].{field}", seconds)


@pytest.mark.parametrize(("amount", "executed"), [(2, Decimal("2.00")), (Decimal("2.50"), 2.5)])
def test_the_amount_is_given_as_the_exchange_wrote_it(amount, executed, parse, row):
    given = row(amount=amount, executed_amount=executed, avg_price=1, status=2, finished_date=1)
    [order] = parse([{**given, "created_date": 1}], number=str)
    assert (order["amount"], order["filled"]) == (str(amount), str(executed))
    assert order["remaining"] == "0"
