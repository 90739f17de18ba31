"""`dfx-adapter demo`: the same orders, fetched by the adapter and by stock ccxt."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from dfx_adapter.cli.failures import OK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from dfx_adapter.cli.compare import Comparison, Outcome
    from dfx_adapter.cli.scenes import Shown
    from dfx_adapter.simulator import LoggedRequest, Simulator


class Run(NamedTuple):
    """What one client made of the orders: an outcome each, its requests, how long it took."""

    outcomes: list[Outcome]
    requests: list[LoggedRequest]
    seconds: float

    @property
    def asking(self) -> list[LoggedRequest]:
        """The requests for order status."""
        return [each for each in self.requests if each.path.endswith("/order")]

    @property
    def loading(self) -> list[str]:
        """The paths of all others, which load markets."""
        return [each.path for each in self.requests if not each.path.endswith("/order")]


def demo() -> int:
    """Compare with stock ccxt on a simulated exchange.

    Orders of every kind are fetched by both, and what differs is shown. Needs neither an account
    nor a network: the exchange is simulated on loopback.

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
    from dfx_adapter.cli import compare, scenes, verdicts  # noqa: PLC0415  # imports rich

    config = {**exchange.ccxt_config(), "enableRateLimit": False}
    trader = dfx_adapter.connect("digifinex", config)
    shown = scenes.prepare(exchange, trader)
    trader.session.close()
    ours = _fetch_each(exchange, dfx_adapter.connect("digifinex", config), shown)
    stock = _fetch_each(exchange, ccxt.digifinex(config), shown)
    rows = [index for index, each in enumerate(shown) if each.has_row]
    at_once = _fetch_at_once(exchange, config, [shown[index] for index in rows])
    comparisons = _comparisons(shown, ours, stock)
    for comparison in comparisons:
        console.print(compare.block(comparison))
    console.print(compare.glance(comparisons))
    console.print(verdicts.cost(ours, stock, at_once))
    console.print(verdicts.on_asyncio([ours.outcomes[index] for index in rows], at_once))
    console.print("What the differences mean, of stock ccxt:", style="bold")
    console.print(verdicts.meanings(comparisons))


def _fetch_each(exchange: Simulator, client: Any, shown: Sequence[Shown]) -> Run:
    """Fetch one after the other with a client that has not loaded anything yet."""
    from dfx_adapter.simulator import Body  # noqa: PLC0415  # only what a command needs

    exchange.clear_log()
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    for each in shown:
        if each.page is not None:
            exchange.script("spot/order", Body(each.page, content_type="text/html"))
        try:
            outcomes.append(client.fetch_order(each.order_id, None, dict(each.params)))
        except Exception as error:  # noqa: BLE001  # it is what is shown
            outcomes.append(error)
    client.session.close()
    return Run(outcomes, exchange.requests, time.perf_counter() - started)


def _fetch_at_once(exchange: Simulator, config: Any, shown: Sequence[Shown]) -> Run:
    """Fetch all in one turn of an event loop, with the asyncio class."""
    import asyncio  # noqa: PLC0415  # only what a command needs

    import dfx_adapter  # noqa: PLC0415  # the front door imports more than --help needs

    async def fetch() -> tuple[list[Any], float]:
        client = dfx_adapter.connect("digifinex", config, asynchronous=True)
        started = time.perf_counter()  # the import of ccxt's asyncio half is over
        try:
            calls = (client.fetch_order(each.order_id, None, dict(each.params)) for each in shown)
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            return outcomes, time.perf_counter() - started
        finally:
            await client.close()

    exchange.clear_log()
    outcomes, seconds = asyncio.run(fetch())
    return Run(outcomes, exchange.requests, seconds)


def _comparisons(shown: Sequence[Shown], ours: Run, stock: Run) -> list[Comparison]:
    from dfx_adapter.cli.compare import Comparison  # noqa: PLC0415  # imports rich

    return [
        Comparison(number, each.title, each.order_id, _wire(request.answer), left, right)
        for number, (each, request, left, right) in enumerate(
            zip(shown, ours.asking, ours.outcomes, stock.outcomes, strict=True), start=1
        )
    ]


def _wire(answer: bytes) -> str:
    """Return the row that was sent, compact; where there was none, the body."""
    from dfx_adapter.digifinex.answers import rows  # noqa: PLC0415  # only what a command needs

    try:
        body: Any = rows.decode(answer)
        (row,) = body["data"]
    except (ValueError, KeyError):
        return answer.decode(errors="replace")
    return "  ".join(f"{name}={value}" for name, value in row.items() if name != "order_id")
