"""What a spawned child process does with the exchange objects that it is sent."""

import sys


def describe(exchanges):
    """Tell what each is, and how the ordinary class of that name differs."""
    return [
        (
            type(exchange).__name__,
            exchange.id,
            exchange.apiKey,
            exchange.options["mine"],
            hasattr(exchange, "fetch_orders_by_ids"),
            [plugin.name for plugin in exchange.dfx_host.plugins][-1],
            "fetch_orders_by_ids" in dir(sys.modules["ccxt"].digifinex),
        )
        for exchange in exchanges
    ]
