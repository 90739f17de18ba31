"""A row that contradicts itself is reported as the exchange sent it, with one warning."""

import logging

import pytest

ENDED = 1_600_000_060

# changes to an open limit buy of 2 at 100 -> status, amount, filled, remaining, cost
CONTRADICTIONS = {
    "status 1, nothing filled": ({"status": 1}, ("open", 2.0, 0.0, 2.0, 0.0)),
    "status 2 with 0.4 of 1 filled": (
        {"status": 2, "amount": 1, "executed_amount": "0.4", "avg_price": 100},
        ("closed", 1.0, 0.4, 0.6, 40.0),
    ),
    "status 2, nothing filled": ({"status": 2}, ("closed", 2.0, 0.0, 2.0, 0.0)),
    "status 0 with fills": (
        {"status": 0, "executed_amount": "0.5", "avg_price": 100},
        ("open", 2.0, 0.5, 1.5, 50.0),
    ),
    "status 3 with fills": (
        {"status": 3, "executed_amount": "0.5", "avg_price": 100, "finished_date": ENDED},
        ("canceled", 2.0, 0.5, 1.5, 50.0),
    ),
    "status 4, nothing filled": (
        {"status": 4, "finished_date": ENDED},
        ("canceled", 2.0, 0.0, 2.0, 0.0),
    ),
    "status 4, all filled": (
        {"status": 4, "executed_amount": 2, "avg_price": 100, "finished_date": ENDED},
        ("canceled", 2.0, 2.0, 0.0, 200.0),
    ),
    "status 1, all filled": (
        {"status": 1, "executed_amount": 2, "avg_price": 100},
        ("open", 2.0, 2.0, 0.0, 200.0),
    ),
    "overfilled while open": (
        {"status": 1, "amount": 1, "executed_amount": "1.2", "avg_price": 100},
        ("open", 1.0, 1.2, 0.0, 120.0),
    ),
    "overfilled and closed": (
        {"status": 2, "amount": 1, "executed_amount": "1.2", "avg_price": 100},
        ("closed", 1.0, 1.2, 0.0, 120.0),
    ),
    "overfilled market sell": (
        {"type": "sell_market", "status": 2, "executed_amount": 3, "avg_price": 1},
        ("closed", 2.0, 3.0, 0.0, 3.0),
    ),
    "filled without an average": (
        {"status": 1, "executed_amount": 1},
        ("open", 2.0, 1.0, 1.0, None),
    ),
    "market buy, status 0 with fills": (
        {"type": "buy_market", "cash_amount": 9, "amount": 0, "executed_amount": 1, "avg_price": 2},
        ("open", None, 1.0, None, 2.0),
    ),
    "market buy, status 1, nothing filled": (
        {"type": "buy_market", "cash_amount": 9, "amount": 0, "status": 1},
        ("open", None, 0.0, None, 0.0),
    ),
    "market buy, status 3 with fills": (
        {"type": "buy_market", "cash_amount": 9, "amount": 0}
        | {"status": 3, "executed_amount": 1, "avg_price": 2},
        ("canceled", None, 1.0, None, 2.0),
    ),
}


@pytest.mark.parametrize(("changes", "numbers"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_contradiction_is_one_warning_and_changes_nothing(changes, numbers, parse, row, caplog):
    (order,) = parse([row(order_id="the-order", **changes)])

    (record,) = caplog.records
    assert (record.name, record.levelno) == ("dfx_adapter", logging.WARNING)
    assert "the-order" in record.getMessage()
    assert "digifinex" in record.getMessage()
    names = ("status", "amount", "filled", "remaining", "cost")
    assert tuple(order[name] for name in names) == numbers


def test_several_contradictions_of_one_order_are_one_warning(parse, row, caplog):
    """Too much filled, for no price, in an order whose status means no fills."""
    parse([row(status=3, executed_amount=3, order_id="odd")])
    (record,) = caplog.records
    assert "odd" in record.getMessage()


def test_every_order_has_a_warning_of_its_own(parse, row, caplog):
    parse([row(status=1, order_id="first"), row(order_id="fine"), row(status=1, order_id="last")])
    assert ["first" in record.getMessage() for record in caplog.records] == [True, False]
    assert ["last" in record.getMessage() for record in caplog.records] == [False, True]


def test_polling_the_same_answer_again_does_not_repeat_the_warning(parse, row, caplog):
    for _ in range(3):
        parse([row(status=1, order_id="polled")])
    assert len(caplog.records) == 1


def test_a_warning_is_short_and_one_line_whatever_an_id_holds(parse, row, caplog):
    for order_id in ("x" * 10**6, "a\nERROR forged", "\x1b[31m"):
        parse([row(status=1, order_id=order_id)])
    texts = [record.getMessage() for record in caplog.records]
    assert [len(text) < 1000 and text.isprintable() for text in texts] == [True] * 3


def test_the_documents_own_example_contradicts_itself(parse, row, caplog):
    """Status 1 is "partially executed", and nothing was."""
    example = {"price": "0.1", "amount": 1, "cash_amount": 1, "status": 1, "kind": "margin"}
    parse([row(order_id="dd3164b333a4afa9d5730bb87f6db8b3", **example)])
    (record,) = caplog.records
    assert "dd3164b333a4afa9d5730bb87f6db8b3" in record.getMessage()


@pytest.mark.parametrize(
    "changes",
    [
        {"cash_amount": 1},  # a limit order with cash_amount: the documents' own example has it
        {"price": 0},
        {"finished_date": 0, "status": 2, "executed_amount": 2, "avg_price": 1},  # old examples
        {"type": "buy_market", "amount": 0, "cash_amount": 0},
        {"type": "buy_market", "amount": 7, "cash_amount": 50},
        {"type": "sell_market", "price": "6000.12"},  # the Chinese REST example
    ],
)
def test_what_the_documents_leave_open_is_no_contradiction(changes, parse, row, caplog):
    parse([row(**changes)])
    assert caplog.records == []
