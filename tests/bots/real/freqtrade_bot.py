"""A freqtrade as its user has it: a config file, a strategy, a database with a trade in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from freqtrade.configuration import Configuration
from freqtrade.enums import RunMode
from freqtrade.exchange import common
from freqtrade.freqtradebot import FreqtradeBot
from freqtrade.persistence import Order, Trade, init_db

from dfx_adapter.simulator import Simulator

PAIR = "BTC/USDT"
PRICE = 9500
AMOUNT = 0.4
FEE = 0.002

STRATEGY = """
from freqtrade.strategy import IStrategy
{imports}

class Plain(IStrategy):
    timeframe = "5m"
    minimal_roi = {{"0": 100}}
    stoploss = -0.99
    startup_candle_count = 5
{body}
    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = {enters}
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe

    def custom_exit(self, pair, trade, current_time, current_rate, current_profit, **kwargs):
        return {exits!r}
"""


def config(simulator: Simulator, home: Path) -> dict[str, Any]:
    """Give what the config file says; `ccxt_config` is freqtrade's own way to hand a config on."""
    return {
        "max_open_trades": 1,
        "stake_currency": "USDT",
        "stake_amount": 1000,
        "dry_run": False,
        "initial_state": "running",
        "db_url": f"sqlite:///{home / 'trades.sqlite'}",
        "user_data_dir": str(home),
        "strategy": "Plain",
        "exchange": {
            "name": "digifinex",
            "key": simulator.api_key,
            "secret": simulator.secret,
            "ccxt_config": {
                "enableRateLimit": False,
                "urls": {"api": {"rest": simulator.url}},
            },
            "pair_whitelist": [PAIR],
        },
        "entry_pricing": {"price_side": "same", "use_order_book": True, "order_book_top": 1},
        "exit_pricing": {"price_side": "same", "use_order_book": True, "order_book_top": 1},
        "pairlists": [{"method": "StaticPairList"}],
        "internals": {"process_throttle_secs": 30},
        "telegram": {"enabled": False, "token": "", "chat_id": ""},
    }


class Home:
    """The user's directory, and the exchange it is for."""

    def __init__(self, simulator: Simulator, path: Path) -> None:
        self.simulator = simulator
        self.path = path
        self.config = path / "config.json"
        self.waits: list[int] = []
        self.database = f"sqlite:///{path / 'trades.sqlite'}"
        self.config.write_text(json.dumps(config(simulator, path)), encoding="utf-8")
        path.joinpath("strategies").mkdir()
        self.write_strategy()

    def write_strategy(
        self, *, imports: str = "", body: str = "", enters: bool = False, exits: bool = False
    ) -> None:
        """Write the strategy file: one that buys and sells when it can, or never."""
        text = STRATEGY.format(imports=imports, body=body, enters=int(enters), exits=exits)
        self.path.joinpath("strategies", "plain.py").write_text(text, encoding="utf-8")

    def bot(self) -> FreqtradeBot:
        """Build the bot as `freqtrade trade -c config.json` does."""
        args = {"config": [str(self.config)], "user_data_dir": str(self.path)}
        return FreqtradeBot(Configuration(args, RunMode.LIVE).get_config())

    def enter(self) -> str:
        """Put a trade into the database whose entry order is open on the exchange; give its id."""
        order_id = self.simulator.place("BTC_USDT", "buy", price=PRICE, amount=AMOUNT)
        init_db(self.database)
        answer = {
            "id": order_id,
            "status": "open",
            "type": "limit",
            "filled": 0.0,
            "remaining": AMOUNT,
        }
        order = Order.parse_from_ccxt_object(answer, PAIR, "buy", amount=AMOUNT, price=PRICE)
        trade = Trade(
            pair=PAIR,
            base_currency="BTC",
            stake_currency="USDT",
            stake_amount=PRICE * AMOUNT,
            amount=AMOUNT,
            amount_requested=AMOUNT,
            open_rate=PRICE,
            open_rate_requested=PRICE,
            open_date=datetime.now(UTC),
            fee_open=FEE,
            fee_close=FEE,
            exchange="digifinex",
            is_open=True,
            timeframe=5,
            strategy="Plain",
        )
        trade.orders.append(order)
        Trade.session.add(trade)
        Trade.commit()
        return order_id

    def trades(self) -> list[Trade]:
        """Read the database anew."""
        init_db(self.database)
        return list(Trade.get_trades())

    def asked(self, path: str) -> int:
        """Count the requests that reached an endpoint."""
        return sum(one.path.endswith(path) for one in self.simulator.requests)


@contextmanager
def home() -> Iterator[Home]:
    """Give a user, with an exchange of her own."""
    with Simulator() as simulator, TemporaryDirectory(prefix="freqtrade-") as directory:
        yield Home(simulator, Path(directory))


@contextmanager
def hurried() -> Iterator[list[int]]:
    """Let freqtrade wait a hundredth of what it would; give the waits, in seconds."""
    waits: list[int] = []
    real = common.calculate_backoff

    def calculate_backoff(remaining: int, most: int) -> float:
        waits.append(real(remaining, most))
        return waits[-1] / 100

    common.calculate_backoff = calculate_backoff
    try:
        yield waits
    finally:
        common.calculate_backoff = real
