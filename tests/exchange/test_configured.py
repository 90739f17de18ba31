"""A config that cannot be is refused when the object is built, in both colours."""

import ccxt
import pytest


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"number": int}, "number: expected float, Decimal or str"),
        ({"number": "str"}, "number: expected float, Decimal or str"),
        ({"options": {"badRow": "ignore"}}, "'badRow'.: expected 'raise' or 'skip'"),
        ({"options": {"batchWindow": "x"}}, "'batchWindow'.: expected milliseconds"),
        ({"options": {"banGuard": 0}}, "'banGuard'.: expected True or False"),
    ],
    ids=str,
)
@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
async def test_it_says_what_is_wrong(simulator, connect, exchange_id, config, told):
    with pytest.raises(ccxt.BadRequest, match=told):
        connect(simulator, exchange_id, **config)


@pytest.mark.parametrize("since", [1573038753, "2019-11-06", -1])
async def test_since_is_in_milliseconds(simulator, connect, since):
    exchange = connect(simulator)
    if since == -1:
        assert await exchange.fetch_orders(None, since) == []
        return
    with pytest.raises(ccxt.BadRequest, match="expected milliseconds"):
        await exchange.fetch_orders(None, since)
    assert simulator.requests == []


@pytest.mark.parametrize(
    ("side", "amount"), [("long", 1), ("buy", -1), ("buy", None), ("buy", float("nan")), ("buy", 0)]
)
async def test_an_order_that_is_none_is_not_sent(simulator, connect, side, amount):
    with pytest.raises(ccxt.BadRequest):
        await connect(simulator).create_order("BTC/USDT", "limit", side, amount, 9000)
    assert not [request for request in simulator.requests if request.method == "POST"]
