"""A plugin is given the exchange's own rows by registered classes, too; messages lose no order."""

import json

import ccxt
import ccxt.pro
import pytest

import dfx_adapter
from tests.exchanges import venues


@pytest.fixture
def payloads():
    return []


@pytest.fixture
def host(payloads, plugin, hosting):
    def parse(payload):
        payloads.append(payload)

    return hosting(plugin("Declining", dfx_parse_orders=parse))


def test_a_registered_class_gives_the_raw_rows(host, payloads):
    with venues.serving("bitvavo") as (_, config):
        host.register(exchange_id="bitvavo")
        try:
            exchange = ccxt.bitvavo(config)
            exchange.create_order("BTC/USDT", "limit", "buy", 0.0004, 70000)
            order = exchange.fetch_order("1be6d0df", "BTC/USDT")
        finally:
            dfx_adapter.unregister()
    assert payloads == [[order["info"]]]
    assert isinstance(payloads[0][0]["price"], str)


async def test_the_answers_of_a_socket_lose_no_order_and_hold_the_rules(host, payloads, mocker):
    """ccxt parses them while no method runs; no plugin is asked for them."""
    host.register(exchange_id="bitvavo", pro=True)
    try:
        exchange = ccxt.pro.bitvavo()
    finally:
        dfx_adapter.unregister()
    row = {"orderId": "a", "market": "BTC-USDT", "status": "new", "side": "buy"}
    row |= {"orderType": "stopLoss", "amount": "2", "price": "0", "created": 1590948500319}
    rows = [row, {**row, "orderId": "b", "status": "odd", "filledAmount": "0"}]
    client = mocker.Mock()
    message = {"action": "privateGetOrders", "requestId": "7", "response": rows}
    exchange.handle_message(client, json.loads(json.dumps(message)))
    await exchange.close()
    (orders, request_id), _ = client.resolve.call_args
    assert request_id == "7"
    assert [order["id"] for order in orders] == ["a", "b"]
    assert [order["status"] for order in orders] == ["open", None]
    assert {(order["type"], order["price"]) for order in orders} == {("stop_loss", None)}
    assert payloads == []
