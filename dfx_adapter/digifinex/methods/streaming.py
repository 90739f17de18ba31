"""Orders as they happen: what the asyncio class watches, and what it tells the stream.

Documents: Websocket_API_en.md (github DigiFinex/api); ccxt's manual, "watchOrders". Written from
the documents, and not yet seen with a key of the exchange.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from dfx_adapter.digifinex.methods import arguments
from dfx_adapter.digifinex.stream.watching import Question, Watching
from dfx_adapter.steps import NO_PARAMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.order import Order
    from dfx_adapter.steps import Steps

M = TypeVar("M")

_NAME: Final = "_dfx_watching"  # of the attribute of an object


def watch_orders(
    exchange: DigiFinexExchange,
    symbol: str | None = None,
    since: float | None = None,
    limit: int | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[list[Order]]:
    """Return the orders that changed since the last call with that symbol; wait where none did.

    The newest state of each order, in the order of change, never a state twice. `since` and `limit`
    are ccxt's, and drop nothing: an order that is canceled today may be of last week.
    `params={"type": "margin"}` gives those of margin alone; without it both are given.

    Raises:
        ccxt.ExchangeClosedByUser: the object was closed, or this is watched no more.
        ccxt.AuthenticationError: the exchange does not take the key.
        ccxt.NetworkError: there is no connection after several attempts; it is tried further.
        ccxt.BadSymbol: the exchange has no such market.
        ccxt.NotSupported: swap orders.
        ccxt.BadResponse: a row breaks the documents; `orders` has the good ones.
    """
    kind, rest = arguments.market_type(exchange, "watchOrders", symbol, params)
    if kind == "swap":
        raise arguments.not_supported("watchOrders: swap orders are on another stream")
    arguments.span("watchOrders", since, limit, rest)
    unified, ids = yield from _markets(exchange, "watchOrders", symbol)
    is_asked = kind if arguments.MARKET_TYPE_KEYS & params.keys() else None
    question = Question(unified, ids, is_asked, kind)
    orders: list[Order] = yield partial(_watching(exchange).changes, question)
    return orders


def un_watch_orders(
    exchange: DigiFinexExchange,
    symbol: str | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
) -> Steps[None]:
    """Watch a symbol no more, or nothing; who waits for it gets ExchangeClosedByUser."""
    arguments.market_type(exchange, "unWatchOrders", symbol, params)
    unified, ids = yield from _markets(exchange, "unWatchOrders", symbol)
    yield partial(_watching(exchange).forget, unified, ids)


def _markets(
    exchange: DigiFinexExchange, method: str, symbol: str | None
) -> Steps[tuple[str | None, Sequence[str]]]:
    """Return the unified symbol, and the ids of the markets that it stands for."""
    yield exchange.load_markets
    market = arguments.market_of(exchange, method, symbol)
    if symbol is not None:
        return market.symbol, [str(exchange.market(market.symbol)["id"])]
    markets = exchange.markets.values()
    return None, sorted({str(one["id"]) for one in markets if one["spot"] or one["margin"]})


def stream_of(exchange: Any) -> Watching | None:
    """Return the streams of an object that watches, or has watched."""
    watching: Watching | None = vars(exchange).get(_NAME)
    return watching


def _watching(exchange: Any) -> Watching:
    watching = stream_of(exchange)
    if watching is None:
        watching = vars(exchange)[_NAME] = Watching(exchange)
    return watching


def expecting(placing: M) -> M:
    """Let the stream know of the orders that a method places: a push of them may have been lost."""
    steps: Any = placing

    @wraps(steps)
    def place(exchange: Any, *args: Any, **kwargs: Any) -> Steps[Any]:
        placed = yield from steps(exchange, *args, **kwargs)
        watching = stream_of(exchange)
        if watching is not None:
            for order in placed if isinstance(placed, list) else [placed]:
                if order["id"]:
                    watching.expect(order["id"], "margin" if order["marginMode"] else "spot")
        return placed

    return cast("M", place)
