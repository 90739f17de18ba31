"""The orders on file: how they are found, and the steps of their life.

Nothing happens by itself: no order is matched, however good its price. Every fill is one step that
whoever holds the book takes.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Protocol

from dfx_adapter.simulator.documents import Kind
from dfx_adapter.simulator.exact import quotient_down
from dfx_adapter.simulator.orders import OPEN, Order, Row, Trade


class Watcher(Protocol):
    """What hears of every change of an order."""

    def __call__(self, order: Order, *, is_new: bool) -> None:
        """Hear that an order was placed, filled, completed or cancelled."""


LEFT_OUT: Final = ...
"""As the value of a field in `Listing.fields`: the row is served without that key."""


@dataclass(slots=True, kw_only=True)
class Listing:
    """A place on file: an order or a raw row, and the fields served otherwise than they are.

    Where it is filed does not follow the altered fields, so that a row can contradict the request.
    """

    order_id: str
    kind: Kind
    symbol: str
    created_date: int
    sequence: int
    order: Order | None = None
    fields: Row = field(default_factory=dict)
    old_rows: list[Row] = field(default_factory=list)

    def status_row(self) -> Row:
        """Return the row that order status serves: an old one while there are any."""
        return self.old_rows.pop() if self.old_rows else self.row()

    def row(self) -> Row:
        """Return the row as it is served."""
        row = (self.order.row() if self.order else {}) | self.fields
        return {name: value for name, value in row.items() if value is not LEFT_OUT}

    @property
    def is_open(self) -> bool:
        """Whether it belongs among the active orders."""
        return self.order.is_open if self.order else self.fields.get("status") in OPEN


class Book:
    """Every order and raw row, in the sequence they came in."""

    def __init__(self) -> None:
        self._listings: dict[str, list[Listing]] = {}
        self._open: dict[str, Order] = {}
        self._sequence = 0
        self._tid = 63_194_988  # V3 "Get order trades details": the id in the example
        self.watchers: list[Watcher] = []

    def new_id(self) -> str:
        """Make up an order id: 32 hex digits, as all real ones; the same in every run."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"order {self._sequence}").hex

    def add_order(self, order: Order) -> str:
        """File an order."""
        if order.order_id in self._listings:
            raise ValueError(f"order id {order.order_id!r} is taken")
        self._open[order.order_id] = order
        self._file(order.order_id, order.kind, order.market.symbol, order.created_date, order=order)
        self._changed(order, is_new=True)
        return order.order_id

    def add_row(self, row: Row, now: int) -> str:
        """File a raw row where its own fields say, or else under spot, now."""
        given, created = row.get("kind"), row.get("created_date")
        kind: Kind = "margin" if given == "margin" else "spot"
        return self._file(
            str(row.get("order_id", "")),
            kind,
            str(row.get("symbol", "")),
            created if isinstance(created, int) else now,
            fields=dict(row),
        )

    def _file(
        self,
        order_id: str,
        kind: Kind,
        symbol: str,
        created_date: int,
        *,
        order: Order | None = None,
        fields: Row | None = None,
    ) -> str:
        listing = Listing(
            order_id=order_id,
            kind=kind,
            symbol=symbol,
            created_date=created_date,
            sequence=self._sequence,
            order=order,
            fields=fields or {},
        )
        self._sequence += 1
        self._listings.setdefault(order_id, []).append(listing)
        return order_id

    def find(self, order_id: str, kind: Kind | None = None) -> list[Listing]:
        """Find what is on file under an id; more than one only where raw rows repeat it."""
        found = self._listings.get(order_id, [])
        return [listing for listing in found if kind is None or listing.kind == kind]

    def newest_first(self, kind: Kind, symbol: str | None) -> list[Listing]:
        """List everything of one kind; within one second, the later placed comes first."""
        chosen = (
            listing
            for listing in self._all()
            if listing.kind == kind and symbol in {None, listing.symbol}
        )
        return sorted(chosen, key=lambda one: (one.created_date, one.sequence), reverse=True)

    def _all(self) -> Iterator[Listing]:
        for listings in self._listings.values():
            yield from listings

    def open_orders(self) -> list[Order]:
        """List the orders that tie up money."""
        return list(self._open.values())

    def order(self, order_id: str) -> Order:
        """Get an order that has a life, which raw rows have not."""
        for listing in self.find(order_id):
            if listing.order:
                return listing.order
        raise KeyError(f"no order {order_id!r}")

    def alter(self, order_id: str, fields: Row) -> None:
        """Serve some fields of an order, or of the raw rows of that id, otherwise than they are."""
        found = self.find(order_id)
        if not found:
            raise KeyError(f"no order {order_id!r}")
        for listing in found:
            listing.fields |= fields

    def fill(self, order: Order, amount: Decimal, price: Decimal, now: int) -> Trade:
        """Execute so much base; the order is complete when nothing is left."""
        self._require_open(order)
        _require_positive(amount, price)
        trade = Trade(str(self._tid), now, amount, price)
        if (trade.cash if order.type == "buy_market" else amount) > order.rest:
            raise ValueError(f"{amount} at {price} is more than order {order.order_id} has left")
        self._tid += 1
        order.trades.append(trade)
        if order.rest:
            self._changed(order)
        else:
            self._complete(order, now)
        return trade

    def settle(self, order: Order, price: Decimal, now: int) -> Trade:
        """Execute a market buy to the end.

        The budget buys whole steps of the market's amount precision; what is too little for one
        more step stays with the user. (In the WebSocket example some of the budget is left, too.)
        """
        if order.type != "buy_market":
            raise ValueError(f"order {order.order_id} is not a market buy")
        _require_positive(price)
        amount = quotient_down(order.rest, price, order.market.amount_precision)
        trade = self.fill(order, amount, price, now)
        if order.is_open:
            self._complete(order, now)
        return trade

    def cancel(self, order: Order, now: int) -> None:
        """Cancel what is left of an order."""
        self._require_open(order)
        order.cancelled = True
        self._finish(order, now)

    def _require_open(self, order: Order) -> None:
        if not order.is_open:
            raise ValueError(f"order {order.order_id} is not open, its status is {order.status:d}")

    def _complete(self, order: Order, now: int) -> None:
        order.complete = True
        self._finish(order, now)

    def _finish(self, order: Order, now: int) -> None:
        order.finished_date = now
        self._open.pop(order.order_id, None)
        self._changed(order)

    def _changed(self, order: Order, *, is_new: bool = False) -> None:
        for watch in self.watchers:
            watch(order, is_new=is_new)


def _require_positive(*numbers: Decimal) -> None:
    if not all(number > 0 for number in numbers):
        raise ValueError(f"amount and price must be more than 0, not {numbers}")
