"""investing-algorithm-framework: an order executor and a portfolio provider.

The framework builds ccxt's class by the name of the market, with two keys and nothing else; these
two take ccxt's whole config, and come before its own.

    app = create_app()
    add_to(app, {"options": {"recvWindow": 5000}})
    app.add_market(market="DIGIFINEX", trading_symbol="USDT", api_key=key, secret_key=secret)
"""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import dfx_adapter

try:
    from investing_algorithm_framework import (
        OperationalException,
        Order,
        OrderExecutor,
        PortfolioProvider,
        Position,
    )
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "dfx_adapter.bots.investing_algorithm_framework needs the framework of that name: "
        f"pip install investing-algorithm-framework: {error}"
    ) from error

from dfx_adapter import errors
from dfx_adapter.order import FINAL

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKET: Final = "digifinex"
_FIRST: Final = 0  # the framework's own have priority 1, and the lowest is asked

logger: Final = logging.getLogger("dfx_adapter")


def add_to(app: Any, config: Mapping[str, Any] | None = None) -> None:
    """Let an app trade on DigiFinex through the adapter.

    Args:
        app: the framework's app.
        config: ccxt's config dict; the keys are taken from the app's market.
    """
    app.add_order_executor(DigiFinexOrderExecutor(config))
    app.add_portfolio_provider(DigiFinexPortfolioProvider(config))


class _Connected:
    """The base of both: it keeps one exchange object per key, with its markets and connections."""

    def __init__(self, exchange_config: Mapping[str, Any] | None = None) -> None:
        super().__init__(priority=_FIRST)  # type: ignore[call-arg]  # the framework's base
        self._exchange_config = dict(exchange_config or {})
        self._exchanges: dict[tuple[str, str], Any] = {}

    def supports_market(self, market: str) -> bool:
        """Tell whether this is for a market of that name."""
        return market.lower() == MARKET

    def _exchange(self, credential: Any) -> Any:
        keys = (credential.api_key, credential.secret_key)
        if keys not in self._exchanges:
            config = {**self._exchange_config, "apiKey": keys[0], "secret": keys[1]}
            self._exchanges[keys] = dfx_adapter.connect(MARKET, config)
        return self._exchanges[keys]


class DigiFinexOrderExecutor(_Connected, OrderExecutor):  # type: ignore[misc]  # untyped
    """Places and cancels the framework's orders."""

    def execute_order(self, portfolio: Any, order: Any, market_credential: Any) -> Any:  # noqa: ARG002
        """Place an order, and return it as the exchange has it.

        A market buy is paid for with amount x the price that the framework estimated.

        Raises:
            OperationalException: it was not placed, or that is not known; the text says which. A
                rejected order that is returned instead keeps its money reserved for ever.
        """
        words = (order.get_symbol(), order.get_order_type().lower(), order.get_order_side().lower())
        stop = order.get_stop_price()
        params = {} if stop is None else {"stopPrice": stop}  # refused: nothing is sent
        try:
            exchange = self._exchange(market_credential)
            placed = exchange.create_order(*words, order.get_amount(), order.price, params)
        except errors.BaseError as error:
            raise OperationalException(f"Could not create the order: {error}") from error
        return _as_order(placed, order)

    def cancel_order(self, portfolio: Any, order: Any, market_credential: Any) -> Any:  # noqa: ARG002
        """Cancel an order, and return it with what was filled until then.

        Where it had ended before, it is returned as it ended.

        Raises:
            OperationalException: it could not be cancelled.
        """
        exchange = self._exchange(market_credential)
        try:
            ended = _ended(exchange, order.get_external_id(), order.get_symbol())
        except errors.BaseError as error:
            raise OperationalException(f"Could not cancel the order: {error}") from error
        return _as_order(ended, order)


class DigiFinexPortfolioProvider(_Connected, PortfolioProvider):  # type: ignore[misc]  # untyped
    """Looks up the framework's orders and positions."""

    def get_order(self, portfolio: Any, order: Any, market_credential: Any) -> Any:  # noqa: ARG002
        """Return the order as the exchange has it; None where that is not known for now.

        None lets the framework go on with its other orders: for one that is not found, and for one
        with a status that no table knows.

        Raises:
            OperationalException: the exchange cannot be asked.
        """
        exchange = self._exchange(market_credential)
        try:
            fetched = exchange.fetch_order(order.get_external_id(), order.get_symbol())
        except (errors.OrderNotFound, errors.UnknownStatus) as error:
            logger.warning("%s", error)
            return None
        except errors.BaseError as error:
            raise OperationalException(f"Could not retrieve the order: {error}") from error
        return _as_order(fetched, order)

    def get_position(self, portfolio: Any, symbol: str, market_credential: Any) -> Any:
        """Return the free balance of a currency, None where there is none.

        Raises:
            OperationalException: the exchange cannot be asked.
        """
        try:
            free = self._exchange(market_credential).fetch_balance()["free"]
        except errors.BaseError as error:
            raise OperationalException(f"Could not retrieve the balance: {error}") from error
        if symbol not in free:
            return None
        return Position(symbol=symbol, amount=free[symbol], cost=0, portfolio_id=portfolio.id)


def _ended(exchange: Any, order_id: str, symbol: str) -> Any:
    """Return an order after its cancellation, or as it ended before that."""
    try:
        return exchange.cancel_order(order_id, symbol)
    except errors.InvalidOrder:
        order = exchange.fetch_order(order_id, symbol)
        if order["status"] not in FINAL:
            raise
        return order


def _as_order(unified: Mapping[str, Any], order: Any) -> Any:
    """Return the framework's order.

    It counts in base and multiplies by `price`: what the exchange does not say of a market order,
    the average of its fills does, and before them the framework's own words.
    """
    known = {
        "symbol": unified["symbol"] or order.get_symbol(),
        "type": unified["type"] or order.get_order_type(),
        "side": unified["side"] or order.get_order_side(),
        "amount": _first(unified["amount"], order.get_amount()),
        "price": _first(unified["price"], unified["average"], order.price),
        "filled": _first(unified["filled"], 0),
    }
    rest = Decimal(str(known["amount"])) - Decimal(str(known["filled"]))
    remaining = _first(unified["remaining"], float(rest))
    made = Order.from_ccxt_order({**unified, **known, "remaining": remaining})
    made.id = order.id
    return made


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
