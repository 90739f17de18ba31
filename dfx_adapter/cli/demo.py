"""`dfx-adapter demo`: the same orders, fetched by the adapter and by stock ccxt."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from dfx_adapter.cli.failures import OK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from dfx_adapter.cli.compare import Comparison
    from dfx_adapter.cli.runs import Run
    from dfx_adapter.cli.scenes import Lookup
    from dfx_adapter.simulator import Simulator


def demo() -> int:
    """Compare with stock ccxt on a simulated exchange.

    Both fetch orders of every kind, and what differs is printed. Needs neither an account nor a
    network: the exchange is simulated on loopback.

    Exit codes: 0.
    """
    from dfx_adapter.cli.console import console_on  # noqa: PLC0415  # imports rich
    from dfx_adapter.simulator import Simulator  # noqa: PLC0415  # only what a command needs

    console = console_on(sys.stdout)
    with Simulator() as exchange:
        _introduce(console, exchange.url)
        _show(console, exchange)
    return OK


def _introduce(console: Console, url: str) -> None:
    console.print(
        f"A simulated DigiFinex on {url}. Orders are placed through the adapter and moved through "
        "their lives, and a few rows are added that only a bad day brings. Then two clients of the "
        "same config fetch each order over the socket: dfx-adapter and stock ccxt. Both have "
        "ccxt's rate limiter off (enableRateLimit: False); by default it spaces requests 0.9 s "
        "apart in stock ccxt, 0.1 s in dfx-adapter. "
        "'wire' is the row that the exchange sent, 'both' what both make of it, != what differs.\n",
        highlight=False,
    )


def _show(console: Console, exchange: Simulator) -> None:
    import ccxt  # noqa: PLC0415  # half a second

    import dfx_adapter  # noqa: PLC0415  # the front door imports more than --help needs
    from dfx_adapter.cli import compare, runs, scenes, verdicts  # noqa: PLC0415  # imports rich

    config: Any = {**exchange.ccxt_config(), "enableRateLimit": False}
    trader = dfx_adapter.connect("digifinex", config)
    lookups = scenes.prepare(exchange, trader)
    trader.session.close()
    ours = runs.fetch_one_by_one(exchange, dfx_adapter.connect("digifinex", config), lookups)
    stock = runs.fetch_one_by_one(exchange, ccxt.digifinex(config), lookups)
    rows = [index for index, lookup in enumerate(lookups) if lookup.has_row]
    together = runs.fetch_together(exchange, config, [lookups[index] for index in rows])
    comparisons = _comparisons(lookups, ours, stock)
    for comparison in comparisons:
        console.print(compare.block(comparison))
    console.print(compare.glance(comparisons))
    console.print(verdicts.cost(ours, stock, together))
    console.print(verdicts.on_asyncio([ours.outcomes[index] for index in rows], together))
    console.print("What the differences mean, of stock ccxt:", style="bold")
    console.print(verdicts.meanings(comparisons))


def _comparisons(lookups: Sequence[Lookup], ours: Run, stock: Run) -> list[Comparison]:
    from dfx_adapter.cli.compare import Comparison  # noqa: PLC0415  # imports rich

    return [
        Comparison(number, lookup.title, lookup.order_id, _wire(request.answer), left, right)
        for number, (lookup, request, left, right) in enumerate(
            zip(lookups, ours.asking, ours.outcomes, stock.outcomes, strict=True), start=1
        )
    ]


def _wire(answer: bytes) -> str:
    """Return the row that was sent, compact; where there was none, the body."""
    from dfx_adapter import exact_json  # noqa: PLC0415  # only what a command needs

    try:
        body: Any = exact_json.decode(answer)
        (row,) = body["data"]
    except (ValueError, KeyError):
        return answer.decode(errors="replace")
    return "  ".join(f"{name}={value}" for name, value in row.items() if name != "order_id")
