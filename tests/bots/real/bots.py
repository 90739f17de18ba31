"""The bots that the adapter is checked inside of: data, one entry a bot.

Every bot gets a virtual environment of its own, since their pins of ccxt exclude each other;
`run.py` makes it and runs the bot's `check_<name>.py` in it, first with the adapter, then with
stock ccxt. Run as a script, this prints the table of bots in dfx_adapter/bots/README.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

FAILS = "stock fails"
PASSES = "stock passes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A bot, how it is installed, how it gets the adapter, and what its script checks.

    Attributes:
        name: As its makers write it; the script's name is made of it.
        pins: What pip installs: the bot, then the ccxt it is verified with, where the bot leaves it
            open.
        ccxt: The distribution that ships the package ccxt; one bot brings its own.
        python: The oldest Python that the pinned version runs on.
        ci: Whether CI runs it; the others are run by the nox session `bots`.
        wheel: The arguments for pip to install the adapter, `{wheel}` being the file.
        register: How its user registers, in Markdown, for the guide.
        improves: What the user gains, in Markdown, for the guide.
        checks: Each check of the script -> whether stock ccxt must fail it, too, or passes.
    """

    name: str
    pins: tuple[str, ...]
    ccxt: str = "ccxt"
    python: tuple[int, int] = (3, 11)
    ci: bool = False
    wheel: tuple[str, ...] = ("{wheel}",)
    register: str
    improves: str
    checks: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version verified."""
        return self.pins[0].partition("==")[2]

    @property
    def script(self) -> str:
        """The file name of its checks."""
        return f"check_{self.name.lower().replace('-', '_')}.py"


# For a bot that ships ccxt under another name, or pins it below what the wheel asks for.
BESIDE = ("--no-deps", "{wheel}", "pluggy>=1.5", "msgspec>=0.21")

BOTS = (
    Bot(
        name="freqtrade",
        pins=("freqtrade==2026.9", "ccxt==4.5.90"),
        ci=True,
        wheel=("{wheel}[cli]",),
        register="`dfx-adapter run -- freqtrade trade -c config.json`, or `attach` in `bot_start`",
        improves="an order found late no longer costs a trade, or what a cancelled one had bought",
        checks={
            "late order: a start keeps the trade": FAILS,
            "the same through bot_start and attach": FAILS,
            "late order: a cancellation keeps what was filled": FAILS,
            "cancelled with fills, seen at the start": PASSES,
            "a trade from entry to exit": FAILS,
            "an unknown status": FAILS,
            "a rate limit": FAILS,
            "list-exchanges shows an alias": FAILS,
            "launched: late order, then SIGINT": FAILS,
            "launched: SIGTERM": PASSES,
        },
    ),
    Bot(
        name="basana",
        pins=("basana[ccxt]==1.11", "ccxt==4.5.22"),
        ci=True,
        register="`dfx_adapter.register(pro=True)`, or `dfx-adapter run --pro -- python bot.py`",
        improves="it finds the exchange at all; created and cancelled orders have their fields",
        checks={
            "found by name": FAILS,
            "a created order says what it is": FAILS,
            "the life of an order": PASSES,
            "a cancellation with fills says what it is": FAILS,
            "late order: the error says that it is not found": FAILS,
            "an unknown status": FAILS,
            "a rate limit": FAILS,
        },
    ),
    Bot(
        name="OctoBot-Trading",
        pins=("octobot-trading[full]==2.5.13", "ccxt==4.5.28"),
        ci=True,
        register=(
            "`import dfx_adapter.bots.octobot` in a program; in OctoBot once, in its folder: "
            '`OctoBot tentacles -sti "$(python -m dfx_adapter.bots.tentacle)" Trading/Exchange`'
        ),
        improves=(
            "real fees instead of zero, cancelled orders, rate limits as OctoBot's own error, "
            "no stop loss sold at once, no order sent twice"
        ),
        checks={
            "installed as a tentacle": FAILS,
            "exchange found by name": PASSES,
            "life of an order": PASSES,
            "cancelled with fills": FAILS,
            "no fee of zero": FAILS,
            "fee of sixty trades": FAILS,
            "cancelled orders are listed": FAILS,
            "unknown status": FAILS,
            "rate limit": FAILS,
            "order not found": PASSES,
            "a finished order is not cancelled": PASSES,
            "a stop loss is not sold at once": FAILS,
            "an order is sent once": FAILS,
            "market buy": PASSES,
        },
    ),
    Bot(
        name="investing-algorithm-framework",
        pins=("investing-algorithm-framework==8.10.0", "ccxt==4.5.90"),
        register=(
            "`from dfx_adapter.bots.investing_algorithm_framework import add_to`, "
            "then `add_to(app)` before `app.run()`"
        ),
        improves=(
            "a placed order is no longer reported as failed; market buys; an order that is not "
            "found, or has an unknown status, does not stop the others; ccxt's whole config"
        ),
        checks={
            "exchange found by name": PASSES,
            "a placed order is reported as placed": FAILS,
            "life of an order": PASSES,
            "cancelled with fills": FAILS,
            "market buy": FAILS,
            "order not found": FAILS,
            "unknown status": FAILS,
            "rate limit": FAILS,
            "a refused order says why": FAILS,
            "a lost answer says that the order may exist": FAILS,
            "position": PASSES,
        },
    ),
    Bot(
        name="lumibot",
        pins=("lumibot==4.6.30", "ccxt==4.5.64"),
        register=(
            "`dfx_adapter.register()` in the script, or `dfx-adapter run -- python bot.py`; "
            '`"sandbox": False` in the config'
        ),
        improves=(
            "what a cancelled order had bought is booked; a stop order is refused instead of "
            "placed at once; a delisted market does not hide the open orders"
        ),
        checks={
            "exchange found by name": PASSES,
            "life of an order": PASSES,
            "cancelled with fills": FAILS,
            "market buy": PASSES,
            "no fee without an amount": FAILS,
            "order not found": FAILS,
            "unknown status": FAILS,
            "rate limit": FAILS,
            "a stop order is not placed at once": FAILS,
            "a lost answer is not a failure": PASSES,
            "an orders list with a delisted market": FAILS,
        },
    ),
)


def table() -> str:
    """Write the guide's table of bots."""
    head = ["| bot | how to register | what improves | verified |", "|---|---|---|---|"]
    rows = [f"| {bot.name} | {bot.register} | {bot.improves} | {bot.version} |" for bot in BOTS]
    return "\n".join([*head, *rows])


if __name__ == "__main__":
    print(table())
