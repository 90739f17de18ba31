"""Inside freqtrade: its own bot object, and its own command, against the simulator."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from checking import Seen, Side, check, main
from freqtrade_bot import Home, home, hurried

import dfx_adapter
from dfx_adapter.limits import bans
from dfx_adapter.simulator import Code

BIN = Path(sys.executable).parent
PATIENCE = 180
"""Seconds for a command of freqtrade, on a busy machine."""
ASLEEP = b"Throttling with '_process_running()': sleep for"
INTERRUPTED = 130
"""freqtrade's own exit code after SIGINT, and after SIGTERM, which it turns into the same."""
GUIDE = Path(__file__).parents[3].joinpath("dfx_adapter/bots/README.md").read_text(encoding="utf-8")


@contextmanager
def user_of(side: Side) -> Iterator[Home]:
    """Give a user of freqtrade, with or without the adapter, whose bot hurries."""
    if side == "ours":
        dfx_adapter.register()
    try:
        with home() as user, hurried() as user.waits:
            yield user
    finally:
        dfx_adapter.unregister()
        bans.forgive(bans.account("digifinex", "simulated-key"))


def plural(requests: int) -> str:
    """Count requests in words."""
    return f"{requests} request{'s' * (requests != 1)}"


def after_startup(user: Home) -> Seen:
    """Start the bot; tell whether the trade is still there."""
    bot = user.bot()
    user.simulator.clear_log()
    bot.startup()
    kept = [trade.open_orders for trade in user.trades()]
    bot.cleanup()
    line = f"trade {'kept' if kept else 'deleted'} after {plural(user.asked('/order'))}"
    return kept != [], line


@check("late order: a start keeps the trade")
def late_order(side: Side) -> Seen:
    with user_of(side) as user:
        user.enter()
        user.simulator.script("spot/order", Code(20013), Code(20013))
        return after_startup(user)


def snippet() -> str:
    """Give the guide's bot_start."""
    begin = GUIDE.index("    def bot_start")
    return GUIDE[begin : GUIDE.index("```", begin)]


@check("the same through bot_start and attach")
def bot_start(side: Side) -> Seen:
    with user_of("stock") as user:
        if side == "ours":
            user.write_strategy(imports="import dfx_adapter", body=snippet())
        user.enter()
        user.simulator.script("spot/order", Code(20013), Code(20013))
        return after_startup(user)


@check("late order: a cancellation keeps what was filled")
def late_cancellation(side: Side) -> Seen:
    with user_of(side) as user:
        order_id = user.enter()
        user.simulator.fill(order_id, "0.1")
        bot = user.bot()
        bot.startup()
        (trade,) = user.trades()
        order = bot.exchange.fetch_order(order_id, trade.pair)
        user.simulator.script("spot/order", Code(20013), Code(20013))
        bot.handle_cancel_order(order, trade.orders[0], trade, "timeout")
        kept = [one.amount for one in user.trades()]
        bot.cleanup()
        return kept == [0.1], f"0.1 bought, trade {f'kept with {kept[0]}' if kept else 'deleted'}"


@check("cancelled with fills, seen at the start")
def cancelled_with_fills(side: Side) -> Seen:
    with user_of(side) as user:
        order_id = user.enter()
        user.simulator.fill(order_id, "0.1")
        user.simulator.cancel(order_id)
        bot = user.bot()
        bot.startup()
        (trade,) = user.trades()
        order, bought = trade.orders[0], trade.amount
        bot.cleanup()
        today = order.order_filled_utc.date() == datetime.now(UTC).date()
        right = (order.status, order.filled, bought) == ("canceled", 0.1, 0.1)
        when = "today" if today else order.order_filled_date
        return right and today, f"{order.status}, {bought} bought {when}"


@check("a trade from entry to exit")
def whole_trade(side: Side) -> Seen:
    with user_of(side) as user:
        simulator = user.simulator
        user.write_strategy(enters=True, exits=True)
        bot = user.bot()
        bot.startup()
        bot.process()
        (trade,) = user.trades()
        entry = trade.orders[0]
        seen = [(entry.status, entry.filled, entry.remaining)]
        simulator.fill(entry.order_id, "0.05")
        bot.process()
        seen.append((entry.status, entry.filled, entry.remaining))
        simulator.fill(entry.order_id)
        bot.process()
        seen.append((entry.status, entry.filled, entry.remaining))
        simulator.fill(trade.orders[1].order_id)
        bot.process()
        closed, fee = not trade.is_open, trade.fee_close
        bot.cleanup()
        # 1000 USDT at the best bid of 9592.21 buy 0.1042
        expected = [("open", 0, 0.1042), ("open", 0.05, 0.0542), ("closed", 0.1042, 0)]
        line = ", ".join(f"{status} with {filled}" for status, filled, _ in seen)
        return seen == expected and closed and fee == 0.002, f"{line}; fee {fee}"


@check("an unknown status")
def unknown_status(side: Side) -> Seen:
    with user_of(side) as user:
        order_id = user.enter()
        user.simulator.fill(order_id, "0.1")
        user.simulator.set_row(order_id, status=7)
        bot = user.bot()
        bot.startup()
        bot.process()
        (trade,) = user.trades()
        order = trade.orders[0]
        bot.cleanup()
        known = order.status in {"open", "closed", "canceled", "expired", "rejected"}
        return known and order.ft_is_open, f"trade kept, status of the order {order.status!r}"


@check("a rate limit")
def rate_limit(side: Side) -> Seen:
    with user_of(side) as user:
        user.enter()
        bot = user.bot()
        user.simulator.clear_log()
        user.simulator.script("spot/order", *[Code(10005)] * 6)
        bot.startup()
        kept, asked = user.trades(), user.asked("/order")
        bot.cleanup()
        line = f"waits of {user.waits} s, {plural(asked)}"
        return user.waits == [1, 2, 5, 10, 17] and asked == 1 and kept != [], line


@check("list-exchanges shows an alias")
def alias(side: Side) -> Seen:
    command = [BIN / "freqtrade", "list-exchanges", "-a", "-1"]
    launcher = [BIN / "dfx-adapter", "run", "--alias", "digifinexplus", "--"]
    done = subprocess.run(
        [*(launcher if side == "ours" else []), *command],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    names = [name for name in done.stdout.split() if name.startswith("digifinex")]
    return done.returncode == 0 and "digifinexplus" in names, f"lists {' and '.join(names)}"


@check("launched: late order, then SIGINT")
def launched(side: Side) -> Seen:
    with home() as user:
        user.enter()
        user.simulator.script("spot/order", Code(20013), Code(20013))
        return live(user, side, signal.SIGINT)


@check("launched: SIGTERM")
def terminated(side: Side) -> Seen:
    with home() as user:
        user.enter()
        return live(user, side, signal.SIGTERM)


def live(user: Home, side: Side, sign: signal.Signals) -> Seen:
    """Run `freqtrade trade` until it has gone once round its loop and sleeps, then stop it.

    Where a signal breaks into a transaction, freqtrade cannot clean up, with whatever exchange.
    """
    launcher = [BIN / "dfx-adapter", "run", "--"] if side == "ours" else []
    command = [*launcher, BIN / "freqtrade", "trade", "-v", "-c", user.config]
    path = user.path / "bot.log"
    with path.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as bot:
        try:
            went_round = wait_for(lambda: ASLEEP in path.read_bytes() or bot.poll() is not None)
            bot.send_signal(sign)
            code = bot.wait(PATIENCE)
        finally:
            bot.kill()
    kept = [trade.open_orders for trade in user.trades()]
    sys.stderr.write(path.read_text(encoding="utf-8"))
    clean = code == INTERRUPTED and b"Cleaning up modules" in path.read_bytes()
    fine = went_round and kept != [] and clean and b"Traceback" not in path.read_bytes()
    return fine, f"trade {'kept' if kept else 'deleted'}, exit code {code}"


def wait_for(happened) -> bool:
    """Wait until it has happened."""
    deadline = time.monotonic() + PATIENCE
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(happened())


if __name__ == "__main__":
    main()
