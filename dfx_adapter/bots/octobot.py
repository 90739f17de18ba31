"""OctoBot: an exchange class, which OctoBot-Trading finds by its name once this is imported.

OctoBot keeps what is special about an exchange in a subclass of `RestExchange`, found among all of
them by `get_name`. The folder `tentacle/digifinex` is what its tentacle manager installs.
"""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any, Final

import dfx_adapter

try:
    from octobot_trading import errors as octobot_errors
    from octobot_trading import exchanges
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"dfx_adapter.bots.octobot is for OctoBot, and needs octobot-trading: {error}"
    ) from error

from dfx_adapter import errors
from dfx_adapter.order import FINAL

# V3 "Customer's trades": at most 500 a request, and 30 days; a day is left for clocks that differ.
_MOST_TRADES: Final = 500
_LONGEST: Final = 29 * 24 * 3600


class DigiFinexAdapter(exchanges.CCXTAdapter):  # type: ignore[misc]  # OctoBot is untyped
    """What OctoBot's own adapters do for exchanges whose market buys are ordered in quote money."""

    def fix_order(self, raw: Any, symbol: str | None = None, **kwargs: Any) -> Any:
        """Give an ended market buy the base amount that it filled."""
        fixed = super().fix_order(raw, symbol=symbol, **kwargs)
        if fixed["status"] in FINAL:
            self.adapt_amount_from_filled_or_cost(fixed)
        return fixed


class DigiFinexConnector(exchanges.CCXTConnector):  # type: ignore[misc]  # OctoBot is untyped
    """OctoBot's connector, whose client is the adapter's class."""

    def _create_exchange_type(self) -> None:
        dfx_adapter.register()
        super()._create_exchange_type()


class DigiFinex(exchanges.RestExchange):  # type: ignore[misc]  # OctoBot is untyped
    """DigiFinex for OctoBot. Spot; fees come from the trades, since orders carry none."""

    DEFAULT_CONNECTOR_CLASS = DigiFinexConnector
    REQUIRE_ORDER_FEES_FROM_TRADES = True
    EXCHANGE_ORDER_UNCANCELLABLE_ERRORS = [("digifinex", "not cancelled")]  # noqa: RUF012  # as there
    EXCHANGE_IP_WHITELIST_ERRORS = [("10007 ip address",)]  # noqa: RUF012  # as there

    @classmethod
    def get_name(cls) -> str:
        """Return the name that OctoBot's configuration has for it."""
        return "digifinex"

    def get_adapter_class(self) -> type:
        """Return the class of the fix-ups."""
        return DigiFinexAdapter

    async def _create_specific_order(self, *args: Any, **kwargs: Any) -> Any:
        """Never repeat an order: OctoBot does after some HTTP errors, although it may exist."""
        try:
            return await super()._create_specific_order(*args, **kwargs)
        except errors.named("ExchangeNotAvailable") as error:
            raise octobot_errors.FailedRequest(str(error)) from error

    async def _get_trades_by_exchange_order_id(self, **kwargs: Any) -> Any:
        """Ask for all the trades that one request can give: a limit on orders is none on these."""
        return await super()._get_trades_by_exchange_order_id(**{**kwargs, "limit": _MOST_TRADES})

    async def _ensure_order_completeness(
        self,
        raw_order: Any,
        symbol: str | None,
        since: int | None = None,  # noqa: ARG002  # OctoBot's signature
        limit: int | None = None,  # noqa: ARG002  # OctoBot's signature
        trades_by_exchange_order_id: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Add the fee of the order's trades if all are there; else OctoBot estimates it."""
        if not _misses_fee(raw_order):
            return raw_order
        trades = trades_by_exchange_order_id
        if trades is None:
            trades = await self._trades_since(raw_order["timestamp"], symbol, kwargs)
        raw_order["fee"] = _fee(raw_order, trades.get(raw_order["exchange_id"], []))
        return raw_order

    async def _trades_since(
        self, timestamp: float | None, symbol: str | None, kwargs: dict[str, Any]
    ) -> Any:
        """Return trades by order; none where that fails: it must not cost the order's status."""
        since = max(timestamp or 0, time.time() - _LONGEST)
        try:
            return await self._get_trades_by_exchange_order_id(
                symbol=symbol, since=int(since) * 1000, **kwargs
            )
        except (errors.BaseError, octobot_errors.OctoBotExchangeError) as error:
            self.logger.warning("the trades cannot be fetched, so no fee is known: %s", error)
            return {}


def _misses_fee(order: Any) -> bool:
    if order is None or order["status"] not in FINAL:
        return False
    return bool(order["filled"]) and order["fee"] is None


def _fee(order: Any, trades: list[Any]) -> dict[str, Any] | None:
    """Return the sum of the fees in OctoBot's words, None where a part of them is not known."""
    fees = [trade["fee"] for trade in trades]
    if _total(trades, "amount") != Decimal(str(order["filled"])) or not all(map(_is_known, fees)):
        return None
    [currency, *others] = {fee["currency"] for fee in fees}
    cost = float(_total(fees, "cost"))
    known = {**fees[0], "cost": cost, "exchange_original_cost": cost, "is_from_exchange": True}
    return None if others else {**known, "currency": currency}


def _is_known(fee: Any) -> bool:
    return bool(fee) and fee["cost"] is not None and fee["currency"] is not None


def _total(rows: list[Any], key: str) -> Decimal:
    return sum((Decimal(str(row[key])) for row in rows), Decimal(0))
