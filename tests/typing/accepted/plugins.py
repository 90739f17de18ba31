"""Plugins, and the exchange objects that a bot has built itself."""

from collections.abc import Mapping
from typing import Any

import ccxt  # type: ignore[import-untyped]
import ccxt.async_support  # type: ignore[import-untyped]

import dfx_adapter
from dfx_adapter import AsyncExchange, Exchange, ExchangeInfo, Order, ParseContext, hookimpl, kit


def factory(config: dict[str, Any], *, asynchronous: bool) -> object:
    """Take a plain dict."""
    config.setdefault("timeout", 5000)
    return object()


def careful(config: Mapping[str, Any], *, asynchronous: bool = False) -> Any:
    """Take any mapping."""


class Acme:
    """A plugin."""

    @hookimpl
    def dfx_register_exchanges(self) -> list[ExchangeInfo]:
        """Serve two."""
        return [ExchangeInfo("acme", "Acme", factory), ExchangeInfo("acme-vip", "VIP", careful)]

    @hookimpl
    def dfx_order_statuses(self, exchange_id: str) -> dict[str, str]:
        """Give the words of the exchange."""
        return {"LIVE": "open"} if exchange_id == "acme" else {}

    @hookimpl
    def dfx_parse_orders(
        self, exchange_id: str, payload: object, context: ParseContext
    ) -> list[Order] | None:
        """Map rows."""
        if exchange_id != "acme":
            return None
        return kit.orders(context, payload, mapped)


def mapped(context: ParseContext, row: kit.Row) -> Order:
    """Map one row."""
    return kit.order(context, row, id=row.text("id"), status=row.text("state"))


host = dfx_adapter.AdapterHost([Acme()])
for plugin in host.plugins:
    print(plugin.name, plugin.status)

attached: Exchange = dfx_adapter.attach(ccxt.digifinex())
print(attached.fetch_order("1")["filled"])
on_loop: AsyncExchange = host.attach(ccxt.async_support.kraken())
print(on_loop.fetch_order("1"))
dfx_adapter.detach(attached)
dfx_adapter.register("digifinexplus", pro=True)
dfx_adapter.unregister()
