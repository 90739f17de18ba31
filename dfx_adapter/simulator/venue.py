"""The exchange behind the counter: its markets, orders, accounts, clock and settings.

What nobody knows of the real exchange is a setting here rather than a guess in the code.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from math import floor
from typing import Literal

from dfx_adapter.simulator.accounts import Accounts
from dfx_adapter.simulator.book import Book
from dfx_adapter.simulator.documents import Kind, OrderType
from dfx_adapter.simulator.exact import ZERO, Number, exact
from dfx_adapter.simulator.markets import Market, assets
from dfx_adapter.simulator.orders import TYPES, Order, Row

UnknownId = Literal["drop", "reject_all", "empty"]
DetailShape = Literal["list", "object"]


class Venue:
    """The state of the exchange, and what its owner can do to it without HTTP.

    Attributes:
        markets: By symbol; a market taken out of it is delisted.
        skew: Seconds that the exchange's clock is ahead of `clock`.
        unknown_id: What an asked id that does not exist does to an answer: "drop" leaves its row
            out and answers 20013 where no row is left; "reject_all" answers 20013 for the whole
            request; "empty" leaves the row out, down to an empty list. Which of them is real is
            not documented.
        detail_shape: Whether order/detail gives its trades as a "list" (V2, and every client
            seen) or the first of them as an "object" (the V3 example).
        cancel_lag: How many answers of order status still have the row from before a cancel that
            order/cancel has confirmed, as other exchanges do (freqtrade issue 9273).
        refuses_cancels: Whether order/cancel lists every id under `error`, and cancels nothing.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        markets: Iterable[Market],
        balances: Mapping[str, Number] | None = None,
        unknown_id: UnknownId = "drop",
        detail_shape: DetailShape = "list",
    ) -> None:
        self.markets: dict[str, Market] = {market.symbol: market for market in markets}
        self.skew: float = 0
        self.unknown_id: UnknownId = unknown_id
        self.detail_shape: DetailShape = detail_shape
        self.cancel_lag = 0
        self.refuses_cancels = False
        self.book = Book()
        self.accounts = Accounts(assets(self.markets.values()), balances or {})
        self.lock = threading.RLock()
        self._clock = clock

    def now(self) -> int:
        """Read the exchange's clock, in whole seconds."""
        return floor(self._clock() + self.skew)

    def place(
        self,
        symbol: str = "BTC_USDT",
        type: OrderType = "buy",  # noqa: A002 - the name the documents give it
        *,
        price: Number | None = None,
        amount: Number | None = None,
        cash_amount: Number | None = None,
        kind: Kind = "spot",
        order_id: str | None = None,
        created_date: int | None = None,
    ) -> str:
        """Place an order of the user's own, as if it had been there before; return its id.

        A limit order takes `price` and `amount`, a market sell `amount`, a market buy
        `cash_amount`. Neither precision nor balance is checked.
        """
        given = {"price": price, "amount": amount, "cash_amount": cash_amount}
        needed = _needed(type)
        if {name for name, value in given.items() if value is not None} != needed:
            raise ValueError(f"an order of type {type} takes {sorted(needed)} and nothing else")
        quantities = {
            name: ZERO if value is None else exact(value) for name, value in given.items()
        }
        with self.lock:
            return self.book.add_order(
                Order(
                    order_id=order_id or self.book.new_id(),
                    market=self.markets[symbol],
                    kind=kind,
                    type=type,
                    created_date=self.now() if created_date is None else created_date,
                    price=quantities["price"],
                    amount=quantities["amount"],
                    cash_amount=quantities["cash_amount"],
                )
            )

    def fill(
        self, order_id: str, amount: Number | None = None, price: Number | None = None
    ) -> None:
        """Execute an order: so much base at that price, by default all that is left at its limit.

        A market order needs a price; without an amount, a market buy is settled.
        """
        with self.lock:
            order = self.book.order(order_id)
            at = order.price if price is None else exact(price)
            if amount is None and order.type == "buy_market":
                self.settle(order_id, at)
                return
            quantity = order.rest if amount is None else exact(amount)
            self.accounts.book_trade(order, self.book.fill(order, quantity, at, self.now()))

    def settle(self, order_id: str, price: Number) -> None:
        """Execute a market buy to the end; what is too little to buy with is left over."""
        with self.lock:
            order = self.book.order(order_id)
            self.accounts.book_trade(order, self.book.settle(order, exact(price), self.now()))

    def cancel(self, order_id: str) -> None:
        """Cancel what is left of an order."""
        with self.lock:
            self.book.cancel(self.book.order(order_id), self.now())

    def set_row(self, order_id: str, /, **fields: object) -> None:
        """Serve fields of an order just as given; one given as ``...`` is left out of the row."""
        with self.lock:
            self.book.alter(order_id, fields)

    def add_row(self, row: Row) -> None:
        """Serve a row just as it is, beside the orders; the same id may come twice.

        A Decimal goes out with its own digits, be it 0.10, 1E+400 or NaN.
        """
        with self.lock:
            self.book.add_row(row, self.now())

    def row(self, order_id: str) -> Row:
        """Return the row of an order as it would be served now."""
        with self.lock:
            return self.book.find(order_id)[0].row()

    def set_balance(self, currency: str, total: Number, kind: Kind = "spot") -> None:
        """Give the user so much of a currency, what open orders tie up included."""
        with self.lock:
            self.accounts.set_total(kind, currency, total)

    def free(self, kind: Kind, currency: str) -> Decimal:
        """Return how much of a currency the open orders leave free."""
        with self.lock:
            return self.accounts.free(kind, currency, self.book.open_orders())


def _needed(order_type: OrderType) -> set[str]:
    if order_type == "buy_market":
        return {"cash_amount"}
    return {"amount"} if TYPES[order_type].order_type == "MARKET" else {"amount", "price"}
