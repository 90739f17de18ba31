"""What a warning says, word by word: two causes that share an order never hide one another."""

import logging

import pytest

ENDED = 1_600_000_060
CREATED = 1_600_000_000

# Changes to an open limit buy of 2 at 100 -> the sentences of its warning, whole.
SENTENCES = {
    "status 0": (
        {"executed_amount": "0.5", "avg_price": 100},
        ["status 0 (none executed), but executed_amount is 0.5 and amount is 2"],
    ),
    "status 1, none": (
        {"status": 1},
        ["status 1 (partially executed), but executed_amount is 0 and amount is 2"],
    ),
    "status 1, all": (
        {"status": 1, "executed_amount": 2, "avg_price": 100},
        ["status 1 (partially executed), but executed_amount is 2 and amount is 2"],
    ),
    "status 2, a part": (
        {"status": 2, "executed_amount": "0.4", "avg_price": 100},
        ["status 2 (fully executed), but executed_amount is 0.4 and amount is 2"],
    ),
    "status 3": (
        {"status": 3, "executed_amount": 1, "avg_price": 100},
        ["status 3 (cancelled with none executed), but executed_amount is 1 and amount is 2"],
    ),
    "status 4": (
        {"status": 4},
        ["status 4 (cancelled with partially executed), but executed_amount is 0 and amount is 2"],
    ),
    "overfilled": (
        {"status": 2, "executed_amount": 3, "avg_price": 100},
        ["executed_amount 3 is above amount 2; remaining is given as 0"],
    ),
    "no average": (
        {"status": 1, "executed_amount": 1},
        ["executed_amount is 1, but avg_price is 0; cost and average are not known"],
    ),
    "average of nothing": ({"avg_price": 5}, ["avg_price is 5, but executed_amount is 0"]),
    "no beginning": ({"created_date": 0}, ["created_date is 0; the timestamp is not known"]),
    "end before beginning": (
        {"status": 3, "finished_date": CREATED - 1},
        [f"finished_date {CREATED - 1} is before created_date {CREATED}"],
    ),
    "all together": (
        {"status": 3, "executed_amount": 3, "created_date": 0},
        [
            "status 3 (cancelled with none executed), but executed_amount is 3 and amount is 2",
            "executed_amount 3 is above amount 2; remaining is given as 0",
            "executed_amount is 3, but avg_price is 0; cost and average are not known",
            "created_date is 0; the timestamp is not known",
        ],
    ),
    "market buy, canceled with fills": (
        {"type": "buy_market", "amount": 0, "cash_amount": 9}
        | {"status": 3, "executed_amount": 5, "avg_price": 1},
        ["status 3 (cancelled with none executed), but executed_amount is 5 and amount is 0"],
    ),
}


@pytest.mark.parametrize(("changes", "sentences"), SENTENCES.values(), ids=SENTENCES)
def test_a_contradiction_is_reported_whole(changes, sentences, parse, row, caplog):
    parse([row(order_id="a", **changes)])
    (record,) = caplog.records
    assert record.getMessage() == f"digifinex order a: {'; '.join(sentences)}"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 2, "executed_amount": 2, "avg_price": 1, "finished_date": CREATED},
        {"status": 1, "executed_amount": "1.999", "avg_price": 1},
        {"status": 4, "executed_amount": "0.001", "avg_price": 1, "finished_date": CREATED},
        {"type": "buy_market", "amount": 1, "cash_amount": 9, "price": 0}
        | {"status": 2, "executed_amount": 5, "avg_price": 1},
    ],
)
def test_what_is_in_order_is_not_warned_of(changes, parse, row, caplog):
    parse([row(**changes)])
    assert caplog.records == []


def test_a_skipped_row_is_reported_whole(host, row, caplog):
    context = host.context("digifinex", bad_row="skip")
    rows = [row(order_id="a", status=7), row(order_id="b", price=None), {"no": "id"}, row()]
    assert len(host.map_orders("digifinex", {"code": 0, "data": rows}, context)) == 1
    unknown, bad, nameless = (record.getMessage() for record in caplog.records)
    assert unknown == (
        "digifinex row skipped, order a: $.data[0].status: expected one of 0, 1, 2, 3, 4, found 7"
    )
    assert bad == (
        "digifinex row skipped, order b: $.data[1].price: expected a number that is not negative "
        "and that a float can hold, found None"
    )
    assert nameless == (
        'digifinex row skipped, without an id: {"no":"id"}: '
        "$.data[2].symbol: expected a string, found nothing"
    )
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
