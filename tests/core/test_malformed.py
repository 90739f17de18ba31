"""A body that breaks the documents is a BadResponse that says where, and keeps the good rows."""

import json

import ccxt
import msgspec
import pytest

FIELDS = (
    *("symbol", "order_id", "created_date", "finished_date", "price", "amount", "cash_amount"),
    *("executed_amount", "avg_price", "status", "type", "kind"),
)
TEXTS = ("symbol", "order_id", "type", "kind")


def refused(parse, body):
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(body)
    assert not isinstance(caught.value, ccxt.OrderNotFound)
    assert caught.value.exchange_id == "digifinex"
    return caught.value


@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field_is_named_and_the_good_rows_are_kept(field, parse, row, body):
    bad = row(order_id="bad")
    del bad[field]
    error = refused(parse, body(row(order_id="good"), bad, row(order_id="fine")))
    assert error.path == f"$.data[1].{field}"
    assert f"$.data[1].{field}" in str(error)
    assert error.expected
    assert error.found is None
    assert [order["id"] for order in error.orders] == ["good", "fine"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, True, False, [], {}, [1], {"a": 1}, ["BTC_USDT"]])
def test_a_value_of_the_wrong_type_is_named(field, value, parse, row, body):
    error = refused(parse, body(row(order_id="good"), row(**{field: value})))
    assert error.path == f"$.data[1].{field}"
    assert (type(error.found), error.found) == (type(value), value)
    assert error.expected
    assert json.dumps(value, separators=(",", ":")) in error.body
    assert [order["id"] for order in error.orders] == ["good"]


@pytest.mark.parametrize("field", TEXTS)
def test_a_number_is_no_text(field, parse, row, body):
    error = refused(parse, body(row(**{field: 5})))
    assert (error.path, error.found) == (f"$.data[0].{field}", 5)


@pytest.mark.parametrize("field", ["status", "created_date", "finished_date"])
@pytest.mark.parametrize(
    "text", ["1.0000000000000000001", "1e-400", "-1e-400", "9007199254740993.0"]
)
def test_a_whole_number_is_never_rounded_from_another(field, text, parse, row, body, unquoted):
    error = refused(parse, body(row(order_id="good"), row(**{field: unquoted(text)})))
    assert (error.path, error.found) == (f"$.data[1].{field}", text)
    assert [order["id"] for order in error.orders] == ["good"]


@pytest.mark.parametrize("field", FIELDS)
def test_in_a_list_without_envelope_the_path_starts_at_the_index(field, parse, row):
    error = refused(parse, [row(), row(), row(**{field: None})])
    assert error.path == f"$[2].{field}"


@pytest.mark.parametrize("field", FIELDS)
def test_in_an_order_detail_the_path_starts_at_data(field, parse, row):
    error = refused(parse, {"code": 0, "data": row(**{field: None})})
    assert error.path == f"$.data.{field}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("order_id", ""),
        ("order_id", " "),
        ("symbol", ""),
        ("symbol", "BTCUSDT"),
        ("symbol", "BTC_"),
        ("symbol", "_USDT"),
        ("symbol", "BTC/USDT"),
        ("symbol", "BTC/X_USDT"),
        ("symbol", "BTC_USDT:USDT"),
        ("type", ""),
        ("type", "buy_limit_maker"),
        ("type", "BUY_MARKET"),
        ("type", "market"),
        ("kind", ""),
        ("kind", "SPOT"),
        ("kind", "swap"),
    ],
)
def test_a_text_that_the_documents_do_not_know_is_named(field, value, parse, row, body):
    error = refused(parse, body(row(order_id="good"), row(**{field: value})))
    assert (error.path, error.found) == (f"$.data[1].{field}", value)
    assert error.expected
    assert [order["id"] for order in error.orders] == ["good"]


@pytest.mark.parametrize("value", [None, 5, 0, True, "row", [], [[]], "0.5"])
def test_a_row_that_is_no_object_is_named(value, parse, row, body):
    error = refused(parse, body(row(order_id="good"), value))
    assert (error.path, error.found) == ("$.data[1]", value)
    assert [order["id"] for order in error.orders] == ["good"]


def test_the_first_of_several_bad_rows_is_named_and_no_good_one_is_lost(parse, row, body):
    bad = {"amount": None}
    ids = ("a", "b", "c", "d", "e")
    rows = [row(order_id=order_id, **(bad if order_id in "bd" else {})) for order_id in ids]
    error = refused(parse, body(*rows))
    assert error.path == "$.data[1].amount"
    assert [order["id"] for order in error.orders] == ["a", "c", "e"]


@pytest.mark.parametrize("field", ["created_date", "finished_date"])
@pytest.mark.parametrize("value", [-1, 253_402_300_800, 10**30])
def test_a_date_that_is_no_second_up_to_the_year_9999_is_refused(field, value, parse, row):
    with pytest.raises(ccxt.BadResponse, match="expected seconds since 1970") as caught:
        parse([row(status=3, **{field: value})])
    assert (caught.value.path, caught.value.found) == (f"$[0].{field}", value)
    (order,) = parse([row(status=3, created_date=1, finished_date=253_402_300_799)])
    assert (order["timestamp"], order["lastUpdateTimestamp"]) == (1000, 253_402_300_799_000)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_id_that_is_a_fraction_is_none_wherever_its_row_stands_in_a_list(place, parse, row):
    rows = [row(order_id=each) for each in "abc"]
    rows[place]["order_id"] = -0.5
    with pytest.raises(ccxt.BadResponse, match="expected a string") as caught:
        parse(msgspec.json.encode(rows))
    assert caught.value.path == f"$[{place}].order_id"


@pytest.mark.parametrize("bad", [1, 2, 5])
def test_a_message_counts_the_bad_rows_that_it_does_not_name(bad, parse, row):
    rows = [row(order_id="good"), *(row(order_id=f"bad{n}", price=True) for n in range(bad))]
    with pytest.raises(ccxt.BadResponse) as caught:
        parse(rows)
    counted = f"(and {bad - 1} more)" if bad > 1 else ""
    assert counted in str(caught.value)
    assert ("more)" in str(caught.value)) is (bad > 1)


def test_the_good_rows_on_an_error_are_the_orders_that_they_would_be_alone(parse, row, body):
    good = row(status=1, executed_amount=1, avg_price=99)
    error = refused(parse, body(good, row(status=None)))
    assert error.orders == parse(body(good))


def test_keys_that_the_documents_do_not_know_are_no_fault(parse, row, body):
    plain, extended = parse(body(row(), row(fee=None, extra=[1, {"deep": True}])))
    assert {**plain, "info": None} == {**extended, "info": None}


@pytest.mark.parametrize("value", [5, -1, 99, "5", 10**20])
def test_an_unknown_status_is_an_error_of_its_own(value, parse, row, body):
    """Not a BadResponse, nor anything else of ccxt's that means "ask again"."""
    from dfx_adapter.errors import UnknownStatus

    with pytest.raises(UnknownStatus) as caught:
        parse(body(row(order_id="good"), row(status=value), row(order_id="fine")))
    error = caught.value
    assert isinstance(error, ccxt.ExchangeError)
    assert not isinstance(error, ccxt.OperationFailed)
    assert (error.path, error.found) == ("$.data[1].status", value)
    assert (error.exchange_id, bool(error.expected)) == ("digifinex", True)
    assert [order["id"] for order in error.orders] == ["good", "fine"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\n\n",
        b"\x00",
        b"<html><head><title>502 Bad Gateway</title></head></html>",
        b"<!DOCTYPE html>",
        b"Service Unavailable",
        b'{"code":0,"data":[',
        b'{"code":0,"data":[{"symbol":"BTC_US',
        b'{"code":0,"data":[]',
        b'{"code":0,"data":[]}}',
        b'{"code":0,"data":[]}{"code":0,"data":[]}',
        b'{"code":0,"data":[],}',
        b"{'code':0,'data':[]}",
        b"\xff\xfe{",
        b'{"code":0,"data":["\xff"]}',
        b'{"code":0,"data":["\xed\xa0\x80"]}',
        b"\xef\xbb\xbf<html>",
        b"\x1f\x8b\x08\x00",
        '{"code":0,"data":["\ud800"]}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
    ],
    ids=lambda body: ascii(body[:30]),
)
def test_what_is_no_json_is_a_bad_response(body, parse):
    error = refused(parse, body)
    assert error.path == "$"
    assert error.orders == []


def test_deep_nesting_inside_a_row_is_no_crash(parse, row, body, unquoted):
    deep = unquoted("[" * 50_000 + "]" * 50_000)
    error = refused(parse, body(row(note=deep)))
    assert error.path == "$"


@pytest.mark.parametrize(
    "text", ["null", "true", "false", "0", "20013", "1.5", '"0"', '"<html>"', '""', "-0"]
)
def test_a_body_that_is_no_object_is_a_bad_response(text, parse):
    assert refused(parse, text.encode()).path == "$"


@pytest.mark.parametrize("payload", [None, True, 0, 1.5, object(), (), ({},), {1, 2}])
def test_decoded_json_that_is_no_object_is_a_bad_response(payload, parse):
    assert refused(parse, payload).path == "$"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"code":0}', None),
        ('{"code":0,"list":[]}', None),
        ('{"code":0,"data":null}', None),
        ('{"code":0,"data":true}', True),
        ('{"code":0,"data":0}', 0),
        ('{"code":0,"data":""}', ""),
        ('{"code":0,"data":"[]"}', "[]"),
    ],
)
def test_data_that_is_no_list_is_a_bad_response_and_never_order_not_found(text, found, parse):
    error = refused(parse, text.encode())
    assert (error.path, error.found) == ("$.data", found)
    assert "data" in error.body or "code" in error.body


def test_an_empty_object_as_data_is_a_row_without_fields(parse):
    assert refused(parse, b'{"code":0,"data":{}}').path.startswith("$.data")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"data":[]}', None),
        ("{}", None),
        ('{"message":"blocked"}', None),
        ('{"code":null,"data":[]}', None),
        ('{"code":true,"data":[]}', True),
        ('{"code":false,"data":[]}', False),
        ('{"code":"","data":[]}', ""),
        ('{"code":"ok","data":[]}', "ok"),
        ('{"code":" 0","data":[]}', " 0"),
        ('{"code":"\u0660","data":[]}', "\u0660"),
        ('{"code":[],"data":[]}', []),
        ('{"code":{},"data":[]}', {}),
    ],
)
def test_a_code_that_is_none_is_a_bad_response(text, found, parse):
    error = refused(parse, text)
    assert (error.path, error.found) == ("$.code", found)
    assert type(error.found) is type(found)


@pytest.mark.parametrize("code", ["0.0", "0.5", "1e1", "20013.0"])
def test_a_fraction_is_no_code(code, parse):
    assert refused(parse, f'{{"code":{code},"data":[]}}').path == "$.code"


@pytest.mark.parametrize("key", ["symbol", "price"])
def test_a_lone_surrogate_in_decoded_json_is_no_crash(key, parse, row):
    error = refused(parse, [row(order_id="good"), row(**{key: "\ud800"})])
    assert error.path == f"$[1].{key}"


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"amount": None}, "$.data[1].amount"), ({"status": 5}, "$.data[1].status")],
)
def test_a_bad_row_can_be_skipped_with_a_warning(changes, named, host, row, caplog):
    context = host.context("digifinex", bad_row="skip")
    rows = [row(order_id="a"), row(**changes), row(order_id="b")]
    orders = host.map_orders("digifinex", {"code": 0, "data": rows}, context)
    assert [order["id"] for order in orders] == ["a", "b"]
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("dfx_adapter", "WARNING")
    assert named in record.getMessage()


def test_skipping_bad_rows_does_not_skip_an_answer_that_is_an_error(host):
    context = host.context("digifinex", bad_row="skip")
    with pytest.raises(ccxt.OrderNotFound):
        host.map_orders("digifinex", {"code": 20013}, context)
    with pytest.raises(ccxt.BadResponse):
        host.map_orders("digifinex", {"code": 0, "data": None}, context)


@pytest.fixture
def skipping(host):
    """Give an exchange object that skips bad rows."""
    return host.connect("digifinex", {"options": {"badRow": "skip"}})


@pytest.mark.parametrize("changes", [{"amount": None}, {"status": 5}, {"kind": "swap"}])
def test_an_order_whose_row_is_skipped_is_never_not_found(changes, skipping, row, mocker):
    """The exchange has it: a bot that believes otherwise orders again."""
    answer = {"code": 0, "data": [row(order_id="there", **changes)]}
    mocker.patch.object(skipping, "privateSpotGetMarketOrder", return_value=answer)
    with pytest.raises(ccxt.BaseError) as caught:
        skipping.fetch_order("there")
    assert not isinstance(caught.value, ccxt.OrderNotFound)


@pytest.mark.parametrize("changes", [{"amount": None}, {"status": 5}])
def test_one_row_parsed_alone_is_not_skipped(changes, skipping, row):
    """There is no list to go on with, and nothing to answer."""
    with pytest.raises(ccxt.BaseError):
        skipping.parse_order(row(**changes))


def test_the_option_skips_bad_rows_of_a_list(skipping, row, mocker, caplog):
    rows = [row(order_id="a"), row(status=5), row(order_id="b")]
    answer = {"code": 0, "data": rows}
    mocker.patch.object(skipping, "privateSpotGetMarketOrderCurrent", return_value=answer)
    assert [order["id"] for order in skipping.fetch_open_orders()] == ["a", "b"]
    assert len(caplog.records) == 1
