"""The orders that a stream knows, as rows of order status, and what is news of them. No I/O.

A row comes from REST; a push puts its fill, average and status into it. What is filled never falls,
and an order that is over stays over, so it does not matter which of both came first. What a push
cannot tell, or contradicts, is to be asked for: dates, an order seen for the first time.
"""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter.digifinex.answers import tables
from dfx_adapter.order import FINAL, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dfx_adapter.digifinex.stream.frames import Update

MOST_FINAL: Final = 10_000  # orders that are over, and kept for whoever has not asked yet
_NOTHING: Final = frozenset(code for code, row in tables.STATUSES.items() if row.filled == "none")
_ALL: Final = frozenset(code for code, row in tables.STATUSES.items() if row.filled == "all")
_FINAL: Final = frozenset(code for code, row in tables.STATUSES.items() if row.status in FINAL)
_FIRST: Final = 0


class News(Enum):
    """What a push is, to what is known."""

    OLD = "old"  # known, or older than what is known
    MERGED = "merged"
    ASK = "ask"  # it takes REST to tell


class Entry(NamedTuple):
    """An order: its row, and which change of the book it was in last."""

    row: Mapping[str, Any]
    kind: str
    filled: Decimal
    is_final: bool
    change: int


class Book:
    """The orders of one account."""

    def __init__(self) -> None:
        self.changes = _FIRST
        self._entries: OrderedDict[str, Entry] = OrderedDict()  # in the order of change
        self._final: OrderedDict[str, None] = OrderedDict()
        self._expected: dict[str, str] = {}

    def push(self, update: Update) -> News:
        """Take what a push tells; say whether REST is to be asked for the order."""
        known = self._entries.get(update.id)
        if known is None or _is_contradictory(update, known):
            self._expected.setdefault(update.id, update.kind)
            return News.ASK
        if known.is_final or update.filled < known.filled:
            return News.OLD
        is_final = update.status in _FINAL
        if not is_final and update.filled == known.filled:
            return News.OLD
        if is_final:  # REST tells when
            self._expected.setdefault(update.id, update.kind)
            return News.ASK
        self._put(_merged(known.row, update), known.kind, is_news=True)
        return News.MERGED

    def merge(self, update: Update) -> bool:
        """Take a push as it is, since REST does not answer; tell whether that was possible."""
        known = self._entries.get(update.id)
        if known is None or known.is_final or _is_contradictory(update, known):
            return False
        self._put(_merged(known.row, update), known.kind, is_news=True)
        return True

    def rest(self, row: Mapping[str, Any], kind: str, *, is_news: bool | None = None) -> bool:
        """Take a row of REST; tell whether it is as new as what is known.

        Args:
            row: as received.
            kind: its market type.
            is_news: whether an order that was not known is a change.
        """
        self._expected.pop(row["order_id"], None)
        known = self._entries.get(row["order_id"])
        entry = _entry(row, kind, self.changes)
        if known is None:
            self._put(row, kind, is_news=is_news is not False)
            return True
        if entry.filled < known.filled or (known.is_final and not entry.is_final):
            return False
        is_changed = entry.filled > known.filled or entry.is_final > known.is_final
        if is_changed or row != known.row:
            self._put(row, kind, is_news=is_changed)
        return True

    @staticmethod
    def is_over(update: Update) -> bool:
        """Tell whether a push says that its order is over."""
        return update.status in _FINAL

    def expect(self, order_id: str, kind: str) -> None:
        """Know of an order that was placed, until REST tells what it is."""
        if order_id not in self._entries:
            self._expected.setdefault(order_id, kind)

    def unsettled(self) -> dict[str, str]:
        """Return ids and market types of the orders that may change, or are not known yet."""
        waiting = {id_: one.kind for id_, one in self._entries.items() if not one.is_final}
        return {**waiting, **self._expected}

    def entry(self, order_id: str) -> Entry | None:
        """Return what is known of an order."""
        return self._entries.get(order_id)

    def since(self, change: int) -> Iterator[Entry]:
        """Yield the orders that changed after that change, in their order."""
        newer: list[Entry] = []
        for entry in reversed(self._entries.values()):
            if entry.change <= change:
                break
            newer.append(entry)
        yield from reversed(newer)

    def _put(self, row: Mapping[str, Any], kind: str, *, is_news: bool) -> None:
        order_id = row["order_id"]
        if is_news:
            self.changes += 1
        known = self._entries.get(order_id)
        change = self.changes if is_news else known.change if known is not None else _FIRST
        self._entries[order_id] = entry = _entry(row, kind, change)
        if is_news:
            self._entries.move_to_end(order_id)
        elif known is None:
            self._entries.move_to_end(order_id, last=False)
        if entry.is_final:
            self._final[order_id] = None
            while len(self._final) > MOST_FINAL:
                oldest, _ = self._final.popitem(last=False)
                del self._entries[oldest]


def _entry(row: Mapping[str, Any], kind: str, change: int) -> Entry:
    return Entry(row, kind, Decimal(row["executed_amount"]), row["status"] in _FINAL, change)


def _merged(row: Mapping[str, Any], update: Update) -> dict[str, Any]:
    """Return the row with what the push knows better."""
    changed = {
        "executed_amount": plain(update.filled),
        "avg_price": update.average,
        "status": update.status,
    }
    return {**row, **changed}


def _is_contradictory(update: Update, known: Entry) -> bool:
    """Tell whether a push contradicts itself, or the order that it is about."""
    row = known.row
    amount = Decimal(row["amount"])
    if update.status not in tables.STATUSES or update.symbol != row["symbol"]:
        return True
    if update.filled and (update.status in _NOTHING or not Decimal(update.average)):
        return True
    if amount and update.filled > amount:
        return True
    if amount and update.status in _ALL and update.filled != amount:
        return True
    is_final = update.status in _FINAL
    return (is_final and update.filled < known.filled) or (
        known.is_final and is_final and update.filled != known.filled
    )
