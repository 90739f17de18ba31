"""What a row becomes: the documents' rows, and every status, type and kind, computed by hand."""

from decimal import Decimal

import msgspec
import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.digifinex.answers import envelope, mapping

CREATED_MS, CREATED_ISO = 1_600_000_000_000, "2020-09-13T12:26:40.000Z"
ENDED, DONE = 1_600_000_060, 1_600_000_060_000

# "Get order status", Response: the example of the documents.
SEED_BODY = b"""
{
  "code": 0,
  "data": [
    {
      "symbol": "BTC_USDT",
      "order_id": "dd3164b333a4afa9d5730bb87f6db8b3",
      "created_date": 1562303547,
      "finished_date": 0,
      "price": 0.1,
      "amount": 1,
      "cash_amount": 1,
      "executed_amount": 0,
      "avg_price": 0,
      "status": 1,
      "type": "buy",
      "kind": "margin"
    }
  ]
}
"""

# ccxt#6097: a real answer, byte for byte.
REAL_BODY = (
    b'{"data":[{"finished_date":1573038753,"created_date":1573038753,"status":2,"kind":"spot",'
    b'"cash_amount":0,"type":"buy","avg_price":0.6165,"symbol":"DFT_USDT","amount":4,'
    b'"order_id":"af4db5b17e9c4b305383313efe56f0c7","executed_amount":4,"price":0.6175}],"code":0}'
)

# "Get order trades details", Response: `data` is one object there.
DETAIL_BODY = b"""
{
  "code": 0,
  "data": {
    "symbol": "BTC_USDT",
    "order_id": "dd3164b333a4afa9d5730bb87f6db8b3",
    "created_date": 1562303547,
    "finished_date": 1574665459,
    "price": 6000,
    "amount": 0.58,
    "cash_amount": 0,
    "executed_amount": 0.58,
    "avg_price": 6000,
    "status": 2,
    "type": "buy",
    "kind": "margin",
    "detail": {
      "tid": "63194988",
      "date": 1574665459,
      "executed_amount": 0.58,
      "executed_price": 6000
    }
  }
}
"""

# What no row of this endpoint tells: "every other ccxt key | present, None".
UNTOLD = {
    "clientOrderId": None,
    "timeInForce": None,
    "postOnly": None,
    "reduceOnly": None,
    "stopPrice": None,
    "triggerPrice": None,
    "takeProfitPrice": None,
    "stopLossPrice": None,
    "trades": [],
    "fee": None,
    "fees": [],
}


def facts(order):
    """Leave out the keys that the adapter may have beyond those of ccxt's order structure."""
    return {key: value for key, value in order.items() if key not in {"leverage", "hedged"}}


def test_the_documents_own_row(parse):
    assert [facts(order) for order in parse(SEED_BODY)] == [
        {
            **UNTOLD,
            "info": {
                "symbol": "BTC_USDT",
                "order_id": "dd3164b333a4afa9d5730bb87f6db8b3",
                "created_date": 1562303547,
                "finished_date": 0,
                "price": "0.1",
                "amount": 1,
                "cash_amount": 1,
                "executed_amount": 0,
                "avg_price": 0,
                "status": 1,
                "type": "buy",
                "kind": "margin",
            },
            "id": "dd3164b333a4afa9d5730bb87f6db8b3",
            "symbol": "BTC/USDT",
            "status": "open",
            "side": "buy",
            "type": "limit",
            "timestamp": 1562303547000,
            "datetime": "2019-07-05T05:12:27.000Z",
            "lastTradeTimestamp": None,
            "lastUpdateTimestamp": None,
            "price": 0.1,
            "amount": 1.0,
            "cashAmount": None,
            "filled": 0.0,
            "remaining": 1.0,
            "average": None,
            "cost": 0.0,
            "marginMode": "cross",
        }
    ]


def test_the_real_row_of_ccxt_issue_6097(parse):
    assert [facts(order) for order in parse(REAL_BODY)] == [
        {
            **UNTOLD,
            "info": {
                "finished_date": 1573038753,
                "created_date": 1573038753,
                "status": 2,
                "kind": "spot",
                "cash_amount": 0,
                "type": "buy",
                "avg_price": "0.6165",
                "symbol": "DFT_USDT",
                "amount": 4,
                "order_id": "af4db5b17e9c4b305383313efe56f0c7",
                "executed_amount": 4,
                "price": "0.6175",
            },
            "id": "af4db5b17e9c4b305383313efe56f0c7",
            "symbol": "DFT/USDT",
            "status": "closed",
            "side": "buy",
            "type": "limit",
            "timestamp": 1573038753000,
            "datetime": "2019-11-06T11:12:33.000Z",
            "lastTradeTimestamp": 1573038753000,
            "lastUpdateTimestamp": 1573038753000,
            "price": 0.6175,
            "amount": 4.0,
            "cashAmount": None,
            "filled": 4.0,
            "remaining": 0.0,
            "average": 0.6165,
            "cost": 2.466,
            "marginMode": None,
        }
    ]


def test_the_documents_order_detail_is_one_row(parse):
    assert [facts(order) for order in parse(DETAIL_BODY)] == [
        {
            **UNTOLD,
            "info": {
                "symbol": "BTC_USDT",
                "order_id": "dd3164b333a4afa9d5730bb87f6db8b3",
                "created_date": 1562303547,
                "finished_date": 1574665459,
                "price": 6000,
                "amount": "0.58",
                "cash_amount": 0,
                "executed_amount": "0.58",
                "avg_price": 6000,
                "status": 2,
                "type": "buy",
                "kind": "margin",
                "detail": {
                    "tid": "63194988",
                    "date": 1574665459,
                    "executed_amount": "0.58",
                    "executed_price": 6000,
                },
            },
            "id": "dd3164b333a4afa9d5730bb87f6db8b3",
            "symbol": "BTC/USDT",
            "status": "closed",
            "side": "buy",
            "type": "limit",
            "timestamp": 1562303547000,
            "datetime": "2019-07-05T05:12:27.000Z",
            "lastTradeTimestamp": 1574665459000,
            "lastUpdateTimestamp": 1574665459000,
            "price": 6000.0,
            "amount": 0.58,
            "cashAmount": None,
            "filled": 0.58,
            "remaining": 0.0,
            "average": 6000.0,
            "cost": 3480.0,
            "marginMode": "cross",
        }
    ]


def test_a_filled_market_buy_whole(parse):
    """The numbers of the documents' WebSocket "Order Push": a budget, and less of it spent."""
    given_row = {
        "symbol": "BTC_USDT",
        "order_id": "31b7f41c81787b4200c75eb074e6edc9",
        "created_date": 1589272547,
        "finished_date": 1589272548,
        "price": 0,
        "amount": 0,
        "cash_amount": "9713.82",
        "executed_amount": "0.9969",
        "avg_price": 9700,
        "status": 2,
        "type": "buy_market",
        "kind": "spot",
    }
    assert [facts(order) for order in parse([given_row])] == [
        {
            **UNTOLD,
            "info": given_row,
            "id": "31b7f41c81787b4200c75eb074e6edc9",
            "symbol": "BTC/USDT",
            "status": "closed",
            "side": "buy",
            "type": "market",
            "timestamp": 1589272547000,
            "datetime": "2020-05-12T08:35:47.000Z",
            "lastTradeTimestamp": 1589272548000,
            "lastUpdateTimestamp": 1589272548000,
            "price": 9700.0,
            "amount": 0.9969,
            "cashAmount": 9713.82,
            "filled": 0.9969,
            "remaining": 0.0,
            "average": 9700.0,
            "cost": 9669.93,
            "marginMode": None,
        }
    ]


# type, status, price, amount, cash_amount, executed_amount, avg_price, finished_date
# -> status, side, type, price, amount, cashAmount, filled, remaining, average, cost,
#    lastTradeTimestamp, lastUpdateTimestamp
CASES = [
    # 2 at 100, bought a little cheaper
    (
        ("buy", 0, "100", "2", "0", "0", "0", 0),
        ("open", "buy", "limit", 100.0, 2.0, None, 0.0, 2.0, None, 0.0, None, None),
    ),
    (
        ("buy", 1, "100", "2", "0", "0.5", "99.5", 0),
        ("open", "buy", "limit", 100.0, 2.0, None, 0.5, 1.5, 99.5, 49.75, None, None),
    ),
    (
        ("buy", 2, "100", "2", "0", "2", "99.75", ENDED),
        ("closed", "buy", "limit", 100.0, 2.0, None, 2.0, 0.0, 99.75, 199.5, DONE, DONE),
    ),
    (
        ("buy", 3, "100", "2", "0", "0", "0", ENDED),
        ("canceled", "buy", "limit", 100.0, 2.0, None, 0.0, 2.0, None, 0.0, None, DONE),
    ),
    (
        ("buy", 4, "100", "2", "0", "1.25", "98.4", ENDED),
        ("canceled", "buy", "limit", 100.0, 2.0, None, 1.25, 0.75, 98.4, 123.0, None, DONE),
    ),
    # 40 at 0.25, sold a little dearer
    (
        ("sell", 0, "0.25", "40", "0", "0", "0", 0),
        ("open", "sell", "limit", 0.25, 40.0, None, 0.0, 40.0, None, 0.0, None, None),
    ),
    (
        ("sell", 1, "0.25", "40", "0", "10", "0.3", 0),
        ("open", "sell", "limit", 0.25, 40.0, None, 10.0, 30.0, 0.3, 3.0, None, None),
    ),
    (
        ("sell", 2, "0.25", "40", "0", "40", "0.26", ENDED),
        ("closed", "sell", "limit", 0.25, 40.0, None, 40.0, 0.0, 0.26, 10.4, DONE, DONE),
    ),
    (
        ("sell", 3, "0.25", "40", "0", "0", "0", ENDED),
        ("canceled", "sell", "limit", 0.25, 40.0, None, 0.0, 40.0, None, 0.0, None, DONE),
    ),
    (
        ("sell", 4, "0.25", "40", "0", "39", "0.25", ENDED),
        ("canceled", "sell", "limit", 0.25, 40.0, None, 39.0, 1.0, 0.25, 9.75, None, DONE),
    ),
    # 100 of quote money to spend
    (
        ("buy_market", 0, "0", "0", "100", "0", "0", 0),
        ("open", "buy", "market", None, None, 100.0, 0.0, None, None, 0.0, None, None),
    ),
    (
        ("buy_market", 1, "0", "0", "100", "0.25", "200", 0),
        ("open", "buy", "market", 200.0, None, 100.0, 0.25, None, 200.0, 50.0, None, None),
    ),
    (
        ("buy_market", 2, "0", "0", "100", "0.5", "199", ENDED),
        ("closed", "buy", "market", 199.0, 0.5, 100.0, 0.5, 0.0, 199.0, 99.5, DONE, DONE),
    ),
    (
        ("buy_market", 3, "0", "0", "100", "0", "0", ENDED),
        ("canceled", "buy", "market", None, None, 100.0, 0.0, None, None, 0.0, None, DONE),
    ),
    (
        ("buy_market", 4, "0", "0", "100", "0.25", "199.2", ENDED),
        ("canceled", "buy", "market", 199.2, None, 100.0, 0.25, None, 199.2, 49.8, None, DONE),
    ),
    # 3 to sell at any price
    (
        ("sell_market", 0, "0", "3", "0", "0", "0", 0),
        ("open", "sell", "market", None, 3.0, None, 0.0, 3.0, None, 0.0, None, None),
    ),
    (
        ("sell_market", 1, "0", "3", "0", "1", "50", 0),
        ("open", "sell", "market", 50.0, 3.0, None, 1.0, 2.0, 50.0, 50.0, None, None),
    ),
    (
        ("sell_market", 2, "0", "3", "0", "3", "49.9", ENDED),
        ("closed", "sell", "market", 49.9, 3.0, None, 3.0, 0.0, 49.9, 149.7, DONE, DONE),
    ),
    (
        ("sell_market", 3, "0", "3", "0", "0", "0", ENDED),
        ("canceled", "sell", "market", None, 3.0, None, 0.0, 3.0, None, 0.0, None, DONE),
    ),
    (
        ("sell_market", 4, "0", "3", "0", "0.5", "50.2", ENDED),
        ("canceled", "sell", "market", 50.2, 3.0, None, 0.5, 2.5, 50.2, 25.1, None, DONE),
    ),
]
WIRE = (
    *("type", "status", "price", "amount", "cash_amount", "executed_amount", "avg_price"),
    "finished_date",
)
UNIFIED = (
    *("status", "side", "type", "price", "amount", "cashAmount", "filled", "remaining"),
    *("average", "cost", "lastTradeTimestamp", "lastUpdateTimestamp"),
)
QUANTITIES = WIRE[2:7]


@pytest.mark.parametrize(("kind", "margin_mode"), [("spot", None), ("margin", "cross")])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0][0]}-{case[0][1]}")
def test_every_status_of_every_type_and_kind(case, kind, margin_mode, parse, row, body, unquoted):
    wire = dict(zip(WIRE, case[0], strict=True))
    wire |= {name: unquoted(wire[name]) for name in QUANTITIES}

    (order,) = parse(body(row(**wire, kind=kind)))

    assert {name: order[name] for name in UNIFIED} == dict(zip(UNIFIED, case[1], strict=True))
    assert order["marginMode"] == margin_mode
    assert (order["timestamp"], order["datetime"]) == (CREATED_MS, CREATED_ISO)
    assert {name: order[name] for name in UNTOLD} == UNTOLD


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0][0]}-{case[0][1]}")
def test_a_consistent_row_warns_of_nothing(case, parse, row, body, unquoted, caplog):
    wire = dict(zip(WIRE, case[0], strict=True))
    wire |= {name: unquoted(wire[name]) for name in QUANTITIES}

    parse(body(row(**wire), row(**wire, kind="margin")))

    assert caplog.records == []


def test_orders_come_in_the_order_of_their_rows(parse, row, body):
    rows = [row(order_id=order_id) for order_id in ("c", "a", "b")]
    assert [order["id"] for order in parse(body(*rows))] == ["c", "a", "b"]


def test_no_rows_are_no_orders(parse):
    assert parse(b'{"code":0,"data":[]}') == []


@pytest.mark.parametrize(
    "form",
    [
        b'{"code":0,"data":[%s]}',
        b'{"data":[%s],"code":0}',
        b'{"code":"0","data":[%s]}',
        b'{"code":0,"msg":"ok","data":[%s]}',
        b'{"code":0,"data":%s}',
        b"[%s]",
        b" \n[%s]\r\n\t",
    ],
)
def test_the_envelope_and_a_list_without_one_give_the_same(form, parse):
    row = REAL_BODY.removeprefix(b'{"data":[').removesuffix(b'],"code":0}')
    assert parse(form % row) == parse(REAL_BODY)
    assert parse((form % row).decode()) == parse(REAL_BODY)


def test_decoded_json_says_the_same_as_its_text(parse, row, body):
    rows = [row(), row(status=2, executed_amount=2, avg_price="99.5", finished_date=ENDED)]
    assert parse({"code": 0, "data": rows}) == parse(body(*rows)) == parse(rows)


def test_info_is_the_row_as_received(parse, unquoted, row, body):
    received = row(
        amount=unquoted("25.999999999999996"),
        price=unquoted("1e2"),
        cash_amount="0.00",
        created_date=1_600_000_000,
        note={"nested": unquoted("0.10"), "list": [1, unquoted("2.50"), None, True]},
    )
    (order,) = parse(body(received))
    assert order["info"] == {
        "symbol": "BTC_USDT",
        "order_id": "0123456789abcdef0123456789abcdef",
        "created_date": 1_600_000_000,
        "finished_date": 0,
        "price": "1e2",
        "amount": "25.999999999999996",
        "cash_amount": "0.00",
        "executed_amount": 0,
        "avg_price": 0,
        "status": 0,
        "type": "buy",
        "kind": "spot",
        "note": {"nested": "0.10", "list": [1, "2.50", None, True]},
    }
    assert type(order["info"]["created_date"]) is int


@pytest.mark.parametrize(
    ("market_id", "symbol"),
    [
        ("BTC_USDT", "BTC/USDT"),
        ("GONE_BTC", "GONE/BTC"),  # delisted or never heard of: no error
        ("1INCH_USDT", "1INCH/USDT"),
        ("XBT_USDT", "BTC/USDT"),  # ccxt's commonCurrencies
        ("BHT_USDT", "Black House Test/USDT"),
        ("USDT_TEL", "USDT/TEL666"),
    ],
)
def test_the_symbol_is_read_from_the_row(market_id, symbol, parse, row):
    assert parse([row(symbol=market_id)])[0]["symbol"] == symbol


def test_loaded_markets_know_the_symbol_better(host, row):
    context = host.context("digifinex", symbol_of={"BTC_USDT": "WBTC/USDT"}.get)
    orders = host.map_orders("digifinex", [row(), row(symbol="ETH_USDT")], context)
    assert [order["symbol"] for order in orders] == ["WBTC/USDT", "ETH/USDT"]


@pytest.mark.parametrize("price", ["0", "0.0", "-0.0", "0e5"])
def test_a_limit_price_of_zero_is_none(price, parse, row, body, unquoted):
    assert parse(body(row(price=unquoted(price))))[0]["price"] is None


@pytest.mark.parametrize("type_", ["buy_market", "sell_market"])
def test_the_price_of_a_market_order_is_the_average_whatever_price_says(type_, parse, row):
    """The Chinese REST example has 6000.12 as price of a market order."""
    (order,) = parse([row(type=type_, price="6000.12", status=1, executed_amount=1, avg_price=42)])
    assert (order["price"], order["average"]) == (42.0, 42.0)


@pytest.mark.parametrize("type_", ["buy_market", "sell_market"])
def test_an_unfilled_market_order_has_no_price_whatever_price_says(type_, parse, row):
    (order,) = parse([row(type=type_, price="6000.12")])
    assert (order["price"], order["average"]) == (None, None)


@pytest.mark.parametrize(
    ("changes", "cash_amount", "amount"),
    [
        ({"type": "buy_market", "amount": 0, "cash_amount": "1000.12"}, 1000.12, None),
        # "where that is 0, amount, which then is quote money and never base"
        ({"type": "buy_market", "amount": 50, "cash_amount": 0}, 50.0, None),
        ({"type": "buy_market", "amount": 7, "cash_amount": 50}, 50.0, None),
        # for any other type cash_amount says nothing
        ({"type": "buy", "cash_amount": 1}, None, 2.0),
        ({"type": "sell", "cash_amount": 1}, None, 2.0),
        ({"type": "sell_market", "cash_amount": 1}, None, 2.0),
    ],
)
def test_cash_amount_is_the_budget_of_a_market_buy_alone(changes, cash_amount, amount, parse, row):
    (order,) = parse([row(**changes)])
    assert (order["cashAmount"], order["amount"]) == (cash_amount, amount)
    assert order["cost"] == 0.0


def test_a_budget_in_amount_is_never_compared_with_what_was_filled(parse, row, caplog):
    """50 USDT bought 100 coins: no overfill, nothing negative, nothing remaining."""
    filled = {"status": 2, "executed_amount": 100, "avg_price": "0.5", "finished_date": ENDED}
    (order,) = parse([row(type="buy_market", price=0, amount=50, **filled)])
    names = ("amount", "filled", "remaining", "cost", "cashAmount")
    assert [order[name] for name in names] == [100.0, 100.0, 0.0, 50.0, 50.0]
    assert caplog.records == []


def test_a_closed_market_buy_has_the_filled_base_as_amount_even_if_it_is_nothing(parse, row):
    (order,) = parse([row(type="buy_market", amount=0, cash_amount=100, status=2)])
    assert (order["amount"], order["filled"], order["remaining"]) == (0.0, 0.0, 0.0)


def test_a_closed_order_that_filled_nothing_has_no_trade_time(parse, row):
    (order,) = parse([row(status=2, finished_date=ENDED)])
    assert (order["lastTradeTimestamp"], order["lastUpdateTimestamp"]) == (None, DONE)


def test_a_fully_executed_order_without_a_finishing_time_has_no_trade_time(parse, row):
    """Two old examples of the documents have finished_date 0 with status 2."""
    (order,) = parse([row(status=2, executed_amount=2, avg_price=100)])
    assert (order["lastTradeTimestamp"], order["lastUpdateTimestamp"]) == (None, None)


@pytest.mark.parametrize("type_", ["buy", "sell", "buy_market", "sell_market"])
def test_without_an_average_there_is_no_cost(type_, parse, row):
    """Never from the limit price, never from cash_amount."""
    (order,) = parse([row(type=type_, status=1, executed_amount=1, cash_amount=100)])
    assert (order["filled"], order["average"], order["cost"]) == (1.0, None, None)


def test_an_average_without_fills_is_none(parse, row):
    (order,) = parse([row(avg_price=100)])
    assert (order["average"], order["cost"]) == (None, 0.0)


@pytest.mark.parametrize("number", [float, Decimal, str])
def test_every_number_is_of_the_type_asked_for(number, parse, row):
    filled = {"status": 2, "executed_amount": 1, "avg_price": 3, "finished_date": ENDED}
    (order,) = parse([row(type="buy_market", cash_amount=4, **filled)], number=number)
    names = ("price", "amount", "cashAmount", "filled", "remaining", "average", "cost")
    assert {type(order[name]) for name in names} == {number}
    assert {type(order[name]) for name in ("timestamp", "lastTradeTimestamp")} == {int}


def test_a_row_of_another_kind_than_asked_for_is_refused(host, row):
    from ccxt import BadResponse

    context = host.context("digifinex", market_type="spot")
    rows = [row(order_id="good"), row(order_id="bad", kind="margin")]
    with pytest.raises(BadResponse) as caught:
        host.map_orders("digifinex", {"code": 0, "data": rows}, context)
    assert (caught.value.path, caught.value.found) == ("$.data[1].kind", "margin")
    assert [order["id"] for order in caught.value.orders] == ["good"]


def test_what_a_context_remembers_is_bounded(row):
    context = AdapterHost(entry_points=False).context("digifinex")
    rows = [row(symbol=f"C{number}_USDT") for number in range(5000)]
    assert [order["symbol"] for order in envelope.parse_orders("digifinex", rows, context)][
        -1
    ] == "C4999/USDT"
    [(_, _, words)] = context.remembered.values()
    assert len(words) <= 4096


def test_what_is_remembered_is_bounded_within_one_answer(row):
    """A hostile answer may have as many markets as rows."""
    context = AdapterHost(entry_points=False).context("digifinex")
    most = 0

    def rows():
        nonlocal most
        for number in range(9000):
            yield row(symbol=f"C{number}_USDT")
            most = max(most, *(len(words) for *_, words in context.remembered.values()))

    orders, faults = mapping.map_rows(rows(), context)
    assert (len(orders), faults) == (9000, {})
    assert most == 4096
    assert mapping.symbol_of.cache_info().maxsize == 4096


def test_a_context_made_from_another_uses_its_own_tables(row):
    first = AdapterHost(entry_points=False).context("digifinex")
    [open_] = envelope.parse_orders("digifinex", [row(status=0)], first)
    other = msgspec.structs.replace(first, statuses={"0": "canceled"}, symbol_of=lambda _: "ODD/X")
    [mapped] = envelope.parse_orders("digifinex", [row(status=0)], other)
    [again] = envelope.parse_orders("digifinex", [row(status=0)], first)
    assert (open_["status"], mapped["status"], again["status"]) == ("open", "canceled", "open")
    assert (open_["symbol"], mapped["symbol"], again["symbol"]) == ("BTC/USDT", "ODD/X", "BTC/USDT")


def test_a_zero_is_a_zero_for_a_number_type_that_reads_no_point(row):
    host = AdapterHost(entry_points=False)
    whole = row(price=3, amount=2, executed_amount="0.0", avg_price="0.0", status=0)
    [order] = host.parse_orders("digifinex", [whole], number=int)
    assert (order["price"], order["filled"], order["average"]) == (3, 0, None)
