"""`dfx-adapter map` of what the option `record` has written, of any exchanges."""

import json

import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.simulator import Simulator
from tests.exchanges import bot, venues


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Record DigiFinex and Kraken into one file; give it with what the bot saw of Kraken."""
    file = tmp_path_factory.mktemp("recordings") / "both.jsonl"
    host = AdapterHost(entry_points=False)
    with Simulator() as simulator:
        config = {**simulator.ccxt_config(), "enableRateLimit": False}
        exchange = host.connect("digifinex", {**config, "options": {"record": file}})
        order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
        exchange.fetch_order(order_id)
        with pytest.raises(Exception, match="20013"):
            exchange.fetch_order("ab" * 16)
        simulator.stop()
        with pytest.raises(Exception, match="refused"):
            exchange.fetch_order(order_id)
    with venues.serving("kraken") as (_, config):
        config["options"] = {"record": {"file": file, "all": True}}
        orders = bot.run(host.connect("kraken", config))
    return file, order_id, orders


def mapped(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_orders_of_all_its_exchanges_in_the_order_of_the_file(run, recording):
    file, order_id, (placed, *_) = recording
    result = run("map", file)
    orders = mapped(result)
    assert [order["id"] for order in orders] == [order_id] + [placed["id"]] * 6
    assert [order["status"] for order in orders[2:4]] == ["open", "open"]
    assert orders[2]["filled"] == orders[3]["filled"] == 0.0001
    assert [order["symbol"] for order in orders] == ["BTC/USDT"] * 7
    assert result.exit_code == 1
    assert "line 2: fetchOrder('abab" in result.stderr
    assert "OrderNotFound: " in result.stderr
    assert result.stderr.count("\n") == 1  # what was not answered is no bad answer


def test_one_of_its_exchanges_and_every_digit(run, recording):
    file, _, _ = recording
    result = run("map", "--exchange", "kraken", "--number", "str", file)
    assert result.exit_code == 0
    assert mapped(result)[1]["filled"] == "0.00010000"
    result = run("map", "--exchange", "mexc", file)
    assert result.exit_code == 2
    assert "the recording has digifinex, kraken, and nothing of mexc" in result.stderr


def test_from_standard_input(run, recording):
    file, _, _ = recording
    result = run("map", "--exchange", "kraken", input=file.read_bytes())
    assert (len(mapped(result)), result.exit_code) == (6, 0)


def test_a_damaged_line_is_named_and_rejected(run, recording, tmp_path):
    torn, rejects = tmp_path / "torn.jsonl", tmp_path / "rejects.jsonl"
    torn.write_bytes(recording[0].read_bytes()[:-40])
    result = run("map", torn, "--exchange", "digifinex", "--rejects", rejects)
    assert (len(mapped(result)), result.exit_code) == (1, 1)
    number = len(torn.read_bytes().splitlines())
    assert f"line {number}: damaged: " in result.stderr
    first, second = map(json.loads, rejects.read_text().splitlines())
    assert (first["line"], first["call"]) == (number, None)
    assert (second["line"], second["call"]) == (2, f"fetchOrder('{'ab' * 16}')")
    assert second["error"].startswith("OrderNotFound: digifinex GET")
