"""A bot's hour, recorded, is replayed to the same orders and errors, as either kind."""

import json

import pytest

from dfx_adapter.recordings import lines
from dfx_adapter.simulator import Body, Simulator
from tests.recordings import hour


@pytest.mark.parametrize("replayed_as", ["sync", "async"])
async def test_a_recorded_hour_is_replayed_to_the_same(recorded_hour, replay, replayed_as):
    file, recorded = recorded_hour
    exchange = replay(file, asynchronous=replayed_as == "async")
    replayed = await hour.play(exchange, hour.nothing())
    assert len(replayed) == len(recorded) > 30
    for place, (one, other) in enumerate(zip(recorded, replayed, strict=True)):
        assert one == other, place


async def test_the_hour_has_what_it_is_to_have(recorded_hour):
    file, outcomes = recorded_hour
    named = {came[0] for came in outcomes if isinstance(came, tuple)}
    assert named >= {"OrderNotFound", "InsufficientFunds", "BadRequest", "BadResponse"}
    assert named >= {"ExchangeNotAvailable", "NetworkError", "RateLimited"}
    fills = [came["filled"] for came in outcomes if isinstance(came, dict)]
    assert {0.25, 0.375, 0} <= set(fills)
    answers = list(lines.answers(file))
    assert {answer.method for answer in answers} >= {"createOrder", "cancelOrder", "editOrder"}
    assert not any(answer.method in {"fetchTime", "loadMarkets", "request"} for answer in answers)
    asked_for_time = [answer.method for answer in answers if answer.url == "/v3/time"]
    assert asked_for_time == ["fetchOrder"]  # a part of the call that needed it
    assert {answer.status for answer in answers} == {200, 502, None}
    assert {answer.account for answer in answers} == {"6a40ef1e"}  # SHA-256 of id and key


async def test_bodies_are_as_received(host, file, row, asynchronous):
    rows = json.dumps([row(price=100)]).encode()
    body = b'{ "code":0,"data":' + rows + b',"n":1.10, "x":"\xc3\xa9"}'
    with Simulator() as simulator:
        simulator.script("spot/order", Body(body))
        config = {**simulator.ccxt_config(), "enableRateLimit": False, "timeout_on_exit": 0}
        config["options"] = {"record": file}
        exchange = host.connect("digifinex", config, asynchronous=asynchronous)
        order = exchange.fetch_order(row()["order_id"])
        order = await order if asynchronous else order
        if asynchronous:
            await exchange.close()
    [answer] = lines.answers(file)
    assert answer.body.encode() == body
    assert (answer.method, answer.args) == ("fetchOrder", [row()["order_id"]])
    assert (answer.http, answer.url) == ("GET", f"/v3/spot/order?order_id={row()['order_id']}")
    assert (answer.status, answer.n, answer.exchange, answer.v) == (200, 0, "digifinex", 1)
    assert file.stat().st_mode & 0o777 == 0o600
