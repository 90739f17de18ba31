"""The user's money: one account a market kind and currency.

Documents: V3 "Spot account assets" and "Margin assets" (`free` and `total`). How much an order
ties up is not documented; here it is the rest of the order without a fee. Fees come off the quote
account, so a user who spends the last of it can end below zero by the fee.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from dfx_adapter.simulator.documents import KINDS, Kind
from dfx_adapter.simulator.exact import EXACT, Number, exact, total
from dfx_adapter.simulator.orders import Order, Trade

GENEROUS: Final = Decimal(1_000_000)


class Accounts:
    """Totals by kind and currency; what is free follows from the open orders."""

    def __init__(self, currencies: Iterable[str], balances: Mapping[str, Number]) -> None:
        start = dict.fromkeys(currencies, GENEROUS)
        start |= {currency: exact(amount) for currency, amount in balances.items()}
        self._totals: dict[tuple[Kind, str], Decimal] = {
            (kind, currency): amount for kind in KINDS for currency, amount in start.items()
        }

    def currencies(self, kind: Kind) -> list[str]:
        """Name the currencies of one kind of account."""
        return sorted(currency for known, currency in self._totals if known == kind)

    def total(self, kind: Kind, currency: str) -> Decimal:
        """Return the balance, tied up or not."""
        return self._totals[kind, currency]

    def free(self, kind: Kind, currency: str, orders: Iterable[Order]) -> Decimal:
        """Return what the open orders leave of it."""
        reserves = (order.reserve for order in orders if order.kind == kind)
        tied = total(amount for reserved, amount in reserves if reserved == currency)
        return EXACT.subtract(self._totals[kind, currency], tied)

    def set_total(self, kind: Kind, currency: str, amount: Number) -> None:
        """Set a balance."""
        self._totals[kind, currency] = exact(amount)

    def book_trade(self, order: Order, trade: Trade) -> None:
        """Exchange base and quote, and take the fee."""
        base, cash = trade.amount, trade.cash
        if order.side == "buy":
            cash = cash.copy_negate()
        else:
            base = base.copy_negate()
        self._add(order.kind, order.market.base, base)
        self._add(order.kind, order.market.quote, EXACT.subtract(cash, trade.fee))

    def _add(self, kind: Kind, currency: str, amount: Decimal) -> None:
        self._totals[kind, currency] = EXACT.add(self._totals[kind, currency], amount)
