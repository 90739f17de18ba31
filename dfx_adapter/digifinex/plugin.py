"""The built-in plugin of DigiFinex: the mapping, the tables and the exchange classes, as hooks."""

from __future__ import annotations

from typing import Any

from dfx_adapter.digifinex.answers import envelope, tables
from dfx_adapter.hookspecs import ExchangeInfo, hookimpl


def connect(config: dict[str, Any], *, asynchronous: bool) -> Any:
    """Build the exchange object; only now is ccxt imported."""
    if asynchronous:
        from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex  # noqa: PLC0415  # imports ccxt

        return AsyncDigiFinex(config)
    from dfx_adapter.digifinex.sync import DigiFinex  # noqa: PLC0415  # imports ccxt

    return DigiFinex(config)


@hookimpl
def dfx_register_exchanges() -> list[ExchangeInfo]:
    """Serve DigiFinex."""
    return [ExchangeInfo(envelope.EXCHANGE, "DigiFinex", connect)]


@hookimpl(trylast=True)
def dfx_order_statuses(exchange_id: str) -> dict[int, str]:
    """Give the documented statuses."""
    if exchange_id != envelope.EXCHANGE:
        return {}
    return {status: row.status for status, row in tables.STATUSES.items()}


@hookimpl(trylast=True)
def dfx_error_classes(exchange_id: str) -> dict[str, type[Exception]]:
    """Give the documented codes; only now is ccxt imported."""
    if exchange_id != envelope.EXCHANGE:
        return {}
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    return {code: errors.named(row.error) for code, row in tables.CODES.items()}


dfx_parse_orders = hookimpl(trylast=True)(envelope.parse_orders)
