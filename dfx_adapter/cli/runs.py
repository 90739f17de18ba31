"""What a client makes of the demo's orders: fetched one by one, and together on asyncio."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dfx_adapter.cli.compare import Outcome
    from dfx_adapter.cli.scenes import Lookup
    from dfx_adapter.simulator import LoggedRequest, Simulator


class Run(NamedTuple):
    """The outcomes of one client, one for each order; its requests, and how long it took."""

    outcomes: list[Outcome]
    requests: list[LoggedRequest]
    seconds: float

    @property
    def asking(self) -> list[LoggedRequest]:
        """The requests for order status."""
        return [request for request in self.requests if request.path.endswith("/order")]

    @property
    def loading(self) -> list[str]:
        """The paths of all others, which load markets."""
        paths = (request.path for request in self.requests)
        return [path for path in paths if not path.endswith("/order")]


def fetch_one_by_one(exchange: Simulator, client: Any, lookups: Sequence[Lookup]) -> Run:
    """Fetch one after the other with a client that has not loaded anything yet."""
    from dfx_adapter.simulator import Body  # noqa: PLC0415  # only what a command needs

    exchange.clear_log()
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    for lookup in lookups:
        if lookup.page is not None:
            exchange.script("spot/order", Body(lookup.page, content_type="text/html"))
        try:
            outcomes.append(client.fetch_order(lookup.order_id, None, dict(lookup.params)))
        except Exception as error:  # noqa: BLE001  # an error is an outcome, too
            outcomes.append(error)
    client.session.close()
    return Run(outcomes, exchange.requests, time.perf_counter() - started)


def fetch_together(exchange: Simulator, config: Any, lookups: Sequence[Lookup]) -> Run:
    """Fetch all in one turn of an event loop, with the asyncio class."""
    import asyncio  # noqa: PLC0415  # only what a command needs

    import dfx_adapter  # noqa: PLC0415  # the front door imports more than --help needs

    async def fetch() -> tuple[list[Any], float]:
        client = dfx_adapter.connect("digifinex", config, asynchronous=True)
        started = time.perf_counter()  # the import of ccxt's asyncio half is over
        try:
            calls = (client.fetch_order(one.order_id, None, dict(one.params)) for one in lookups)
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            return outcomes, time.perf_counter() - started
        finally:
            await client.close()

    exchange.clear_log()
    outcomes, seconds = asyncio.run(fetch())
    return Run(outcomes, exchange.requests, seconds)
