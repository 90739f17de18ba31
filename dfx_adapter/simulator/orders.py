"""One order: what was asked, what was executed, and its row.

Document: STATUS (the twelve fields). Beyond it:

- a market buy is ordered in quote money. Its row has `amount` 0 and the budget in `cash_amount`;
  for every other order `cash_amount` is 0 (V2, examples and field table; a real limit buy, ccxt
  issue 6097; the WebSocket example of a market buy). The example in STATUS, a limit buy with
  `cash_amount` 1, disagrees with all of these, and with itself.
- `price` is 0 for market orders (the WebSocket example).
- `finished_date` is 0 while the order is open, then the time of the last fill or of the
  cancellation (V2).
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from dfx_adapter.simulator.documents import AVERAGE_PLACES, FEE_RATE, Kind, OrderType, Status
from dfx_adapter.simulator.exact import EXACT, ZERO, plain, quotient, total
from dfx_adapter.simulator.markets import Market

Row = dict[str, object]

OPEN: Final = frozenset({Status.NONE_EXECUTED, Status.PARTLY_EXECUTED})


class TypeRule(NamedTuple):
    """What a `type` means: STATUS "type"."""

    side: str
    order_type: str


TYPES: Final[dict[OrderType, TypeRule]] = {
    "buy": TypeRule("buy", "LIMIT"),
    "sell": TypeRule("sell", "LIMIT"),
    "buy_market": TypeRule("buy", "MARKET"),
    "sell_market": TypeRule("sell", "MARKET"),
}


@dataclass(frozen=True, slots=True)
class Trade:
    """One execution; its fee is in quote money, as in the example of V3 "Customer's trades"."""

    tid: str
    date: int
    amount: Decimal
    price: Decimal

    @property
    def cash(self) -> Decimal:
        """The quote money that changed hands."""
        return EXACT.multiply(self.amount, self.price)

    @property
    def fee(self) -> Decimal:
        """What the exchange takes."""
        return EXACT.multiply(self.cash, Decimal(FEE_RATE))


@dataclass(slots=True, kw_only=True)
class Order:
    """An order and its executions so far."""

    order_id: str
    market: Market
    kind: Kind
    type: OrderType
    created_date: int
    price: Decimal = ZERO
    amount: Decimal = ZERO
    cash_amount: Decimal = ZERO
    finished_date: int = 0
    complete: bool = False
    cancelled: bool = False
    trades: list[Trade] = field(default_factory=list)

    @property
    def side(self) -> str:
        """Buy or sell."""
        return TYPES[self.type].side

    @property
    def is_market(self) -> bool:
        """Whether the order has no limit price."""
        return TYPES[self.type].order_type == "MARKET"

    @property
    def executed(self) -> Decimal:
        """The base quantity executed."""
        return total(trade.amount for trade in self.trades)

    @property
    def spent(self) -> Decimal:
        """The quote money of all executions."""
        return total(trade.cash for trade in self.trades)

    @property
    def rest(self) -> Decimal:
        """What is still to execute: quote money for a market buy, base for the others."""
        if self.type == "buy_market":
            return EXACT.subtract(self.cash_amount, self.spent)
        return EXACT.subtract(self.amount, self.executed)

    @property
    def average(self) -> Decimal:
        """The average price of what was executed, 0 where nothing was."""
        executed = self.executed
        places = max(AVERAGE_PLACES, self.market.price_precision)
        return quotient(self.spent, executed, places) if executed else ZERO

    @property
    def status(self) -> Status:
        """Where in its life the order is."""
        if self.cancelled:
            return Status.PARTLY_CANCELLED if self.trades else Status.CANCELLED
        if self.complete:
            return Status.FULLY_EXECUTED
        return Status.PARTLY_EXECUTED if self.trades else Status.NONE_EXECUTED

    @property
    def is_open(self) -> bool:
        """Whether it can still be executed or cancelled."""
        return self.status in OPEN

    @property
    def reserve(self) -> tuple[str, Decimal]:
        """What the rest of the order ties up: a currency and how much of it."""
        if self.side == "sell":
            return self.market.base, self.rest
        if self.is_market:
            return self.market.quote, self.rest
        return self.market.quote, EXACT.multiply(self.rest, self.price)

    def row(self) -> Row:
        """Return the twelve fields of the document."""
        return {
            "symbol": self.market.symbol,
            "order_id": self.order_id,
            "created_date": self.created_date,
            "finished_date": self.finished_date,
            "price": plain(self.price),
            "amount": plain(self.amount),
            "cash_amount": plain(self.cash_amount),
            "executed_amount": plain(self.executed),
            "avg_price": plain(self.average),
            "status": int(self.status),
            "type": self.type,
            "kind": self.kind,
        }

    def detail(self) -> list[Row]:
        """Return the executions as rows of V3 "Get order trades details"."""
        return [
            {
                "tid": trade.tid,
                "date": trade.date,
                "executed_amount": plain(trade.amount),
                "executed_price": plain(trade.price),
            }
            for trade in self.trades
        ]

    def mytrades(self) -> list[Row]:
        """Return the executions as rows of V3 "Customer's trades"."""
        return [
            {
                "symbol": self.market.symbol,
                "order_id": self.order_id,
                "id": trade.tid,
                "price": plain(trade.price),
                "amount": plain(trade.amount),
                "fee": plain(trade.fee),
                "fee_currency": self.market.quote,
                "timestamp": trade.date,
                "side": self.type,
                "is_maker": not self.is_market,
            }
            for trade in self.trades
        ]
