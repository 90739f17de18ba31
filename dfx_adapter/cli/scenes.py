"""The orders of the demo: of every kind, and the ways in which an exchange has a bad day."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from dfx_adapter.simulator import Simulator

# What happens to an order after it was placed; given the exchange and the order's id.
Life = Callable[["Simulator", str], Any]

MARGIN: Final = {"marginMode": "cross"}

_MAINTENANCE: Final = "<html><body><h1>Under maintenance</h1></body></html>"
_ROW: Final = {
    "symbol": "BTC_USDT",
    "created_date": 1_573_038_753,
    "finished_date": 0,
    "price": 9500.5,
    "amount": 0.4,
    "cash_amount": 0,
    "executed_amount": 0,
    "avg_price": 0,
    "status": 0,
    "type": "buy",
    "kind": "spot",
}


class Scene(NamedTuple):
    """An order that is placed through the adapter, and what becomes of it.

    Attributes:
        title: what a person should know before reading on.
        arguments: those of ccxt's `create_order`.
        life: what the exchange does with it.
        params: ccxt's `params`, for placing and for fetching.
    """

    title: str
    arguments: tuple[Any, ...]
    life: Life = lambda *_: None
    params: dict[str, Any] = {}  # noqa: RUF012  # read only


class BadDay(NamedTuple):
    """An answer that no order of ours leads to.

    Attributes:
        title: what a person should know before reading on.
        order_id: the id that is asked for.
        row: fields of the row that the exchange has for it, if it has one.
        page: what it answers to one request instead, if it does.
    """

    title: str
    order_id: str
    row: dict[str, Any] | None = None
    page: str | None = None


def _partly(exchange: "Simulator", order_id: str) -> None:
    exchange.fill(order_id, "0.1")


def _partly_then_cancelled(exchange: "Simulator", order_id: str) -> None:
    exchange.fill(order_id, "0.1")
    exchange.cancel(order_id)


ORDERS: Final = (
    Scene("limit buy, waiting", ("BTC/USDT", "limit", "buy", 0.4, 9500.5)),
    Scene("limit sell, partly filled", ("ETH/USDT", "limit", "sell", 0.3, 214.36), _partly),
    Scene(
        "limit buy, filled",
        ("DFT/USDT", "limit", "buy", 4, 0.6175),
        lambda exchange, order_id: exchange.fill(order_id, price="0.6165"),
    ),
    Scene(
        "limit sell, cancelled before any fill",
        ("TRX/USDT", "limit", "sell", 1000, 0.015),
        lambda exchange, order_id: exchange.cancel(order_id),
    ),
    Scene(
        "limit buy, cancelled after a partial fill",
        ("BTC/USDT", "limit", "buy", 0.4, 9500.5),
        _partly_then_cancelled,
    ),
    Scene(
        "market buy for 100 USDT, waiting",
        ("BTC/USDT", "market", "buy", None, None),
        params={"cost": 100},
    ),
    Scene(
        "market buy for 100 USDT, filled",
        ("BTC/USDT", "market", "buy", None, None),
        lambda exchange, order_id: exchange.settle(order_id, "9000"),
        params={"cost": 100},
    ),
    Scene(
        "market sell, filled",
        ("BTC/USDT", "market", "sell", 0.02),
        lambda exchange, order_id: exchange.fill(order_id, price="9592.22"),
    ),
    Scene(
        "limit buy on margin, partly filled",
        ("BTC/USDT", "limit", "buy", 0.4, 9500.5),
        _partly,
        params=MARGIN,
    ),
)

BAD_DAYS: Final = (
    BadDay(
        "market sell, its market delisted since",
        "f" * 32,
        row={
            "symbol": "FOO_USDT",
            "finished_date": 1_573_038_760,
            "price": 0,
            "amount": 25,
            "executed_amount": 25,
            "avg_price": 0.75,
            "status": 2,
            "type": "sell_market",
        },
    ),
    BadDay("a status that no document knows", "7" * 32, row={"status": 7}),
    BadDay("an id that the exchange does not know", "0" * 32),
    BadDay("an error page under HTTP 200", "f" * 32, page=_MAINTENANCE),
)


class Lookup(NamedTuple):
    """An order to fetch; where it has a page, the exchange serves that instead."""

    title: str
    order_id: str
    params: dict[str, Any]
    page: str | None = None
    has_row: bool = True


def prepare(exchange: "Simulator", client: Any) -> list[Lookup]:
    """Place every order through the adapter, move it through its life, and bring the bad days."""
    lookups = []
    for scene in ORDERS:
        symbol, kind, side, amount, *price = scene.arguments
        created = client.create_order(symbol, kind, side, amount, *price or [None], scene.params)
        scene.life(exchange, created["id"])
        fetching = MARGIN if scene.params is MARGIN else {}
        lookups.append(Lookup(scene.title, created["id"], fetching))
    for day in BAD_DAYS:
        if day.row is not None:
            exchange.add_row({**_ROW, "order_id": day.order_id, **day.row})
        has_row = day.row is not None
        lookups.append(Lookup(day.title, day.order_id, {}, day.page, has_row))
    return lookups
