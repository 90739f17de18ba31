"""The bots that the adapter is checked inside of: data, one entry a bot.

Each gets a virtual environment of its own, since their pins of ccxt exclude each other; `run.py`
makes it and runs the bot's `check_<name>.py` in it, once with the adapter and once with stock ccxt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

FAILS = "stock fails"
PASSES = "stock passes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A bot, how it is installed, how it gets the adapter, and what its script checks.

    Attributes:
        name: As its makers write it; the script's name is made of it.
        pins: What pip installs: the bot, then the ccxt that was verified, where the bot leaves it
            open.
        ccxt: The distribution that ships the package ccxt; one bot brings its own.
        python: The oldest Python that the pinned version runs on.
        ci: Whether CI runs it; the others are run by the nox session `bots`.
        wheel: What pip is told to install the adapter, `{wheel}` being the file.
        register: How its user registers, in Markdown, for the README.
        improves: What the user gains, in Markdown, for the README.
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
    checks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def script(self) -> str:
        """The file name of its checks."""
        return f"check_{self.name.lower().replace('-', '_')}.py"


# For a bot that ships ccxt under another name, or pins it below what the wheel asks for.
BESIDE = ("--no-deps", "{wheel}", "pluggy>=1.5,<2", "msgspec>=0.19")

BOTS = (
    Bot(
        name="freqtrade",
        pins=("freqtrade==2026.9", "ccxt==4.5.90"),
        ci=True,
        wheel=("{wheel}[cli]",),
        register="`dfx-adapter run -- freqtrade trade -c config.json`",
        improves="",
    ),
    Bot(
        name="basana",
        pins=("basana[ccxt]==1.11", "ccxt==4.5.64"),
        ci=True,
        register="`dfx_adapter.register(pro=True)`",
        improves="",
    ),
    Bot(
        name="OctoBot-Trading",
        pins=("octobot-trading[full]==2.5.13", "ccxt==4.5.28"),
        ci=True,
        register=(
            "`import dfx_adapter.bots.octobot` in a program; in OctoBot once, in its folder: "
            '`python start.py tentacles -sti "$(python -m dfx_adapter.bots.tentacle)" '
            "Trading/Exchange`"
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
        register="",
        improves="",
    ),
    Bot(
        name="lumibot",
        pins=("lumibot==4.6.30", "ccxt==4.5.64"),
        register="",
        improves="",
    ),
)
