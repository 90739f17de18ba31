"""Paging through order/history, whose page holds at most 100 rows and whose window 30 days.

Document: "Get all orders", Request Parameters. Neither is documented which 100 rows a full page
holds, nor whether the two ends of a window belong to it. So a full page is never trusted: its
window is cut in two and asked again; windows overlap by a second, so that an order at a border is
inside one of them; and rows are compared by their id.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import (
    HISTORY_DEFAULT_DAYS,
    HISTORY_LIMIT,
    HISTORY_WINDOW_DAYS,
)
from dfx_adapter.digifinex.methods.matching import by_time
from dfx_adapter.order import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dfx_adapter.order import Order


# 2017-01-01; the oldest text of its API is of 2018, so there are no orders of before.
EXCHANGE_BEGAN: Final = 1_483_228_800
# An exchange that answers full pages whatever the window is would be asked for ever.
MOST_PAGES: Final = 2000
_SHORTEST: Final = 2  # seconds: one whole second, and its two neighbours that overlap
_CROWDED: Final = (
    "digifinex: %d orders within a second or two of %d fill a page; more may be hidden"
)

logger = logging.getLogger("dfx_adapter")


class Window(NamedTuple):
    """A span of creation times in seconds, with or without its ends; an open end is the present."""

    start: int
    end: int | None

    def query(self) -> dict[str, int]:
        """Return the parameters that ask for it."""
        end = {} if self.end is None else {"end_time": self.end}
        return {"start_time": self.start, **end}

    def reach(self, now: int) -> int:
        """Return the end, the present where it is open."""
        return max(now + 1, self.start) if self.end is None else self.end

    def is_short(self, now: int) -> bool:
        """Tell whether cutting it in two that overlap would leave it as it is."""
        return self.reach(now) - self.start <= _SHORTEST


class Pages:
    """Iterates over the windows to ask for, while full answers add halves of them.

    Args:
        since: milliseconds or None; then the newest window is asked for first.
        until: milliseconds or None for an open end.
        now: milliseconds; what an open end is taken for where a window must be cut.
    """

    def __init__(self, since: int | None, until: int | None, *, now: int) -> None:
        self._now = now // 1000
        self._newest_first = since is None
        self._pending: list[Window] = []
        self._known: set[Window] = set()
        if since is None or since <= now:  # an order is not created in the future
            end = None if until is None or until > now else until
            self._add(_windows(since, end, self._now))

    def __iter__(self) -> Iterator[Window]:
        while self._pending:
            yield self._pending.pop()

    def cut(self, window: Window, rows: int) -> bool:
        """Tell whether the answer may have been cut off; then the window's parts are asked for.

        A window of a few seconds that fills a page may hide more in one of them: a warning says so.
        """
        if rows < HISTORY_LIMIT:
            return False
        if window.is_short(self._now):
            logger.warning(_CROWDED, rows, window.start)
        self._add(_parts(window, self._now))
        return True

    def is_settled(self, window: Window, order: Order) -> bool:
        """Tell whether no later answer can stand before an order: a border second may have more."""
        created = order["timestamp"] or 0
        if self._newest_first:
            return created > window.start * 1000
        return created < window.reach(self._now) * 1000

    def _add(self, spans: list[Window]) -> None:
        """Put windows on top, the next one to ask for uppermost; none is asked for again."""
        new = [span for span in spans if span not in self._known]
        self._known.update(new)
        self._pending.extend(new if self._newest_first else reversed(new))


class Found:
    """The orders of the pages so far, the newest state of each; the work is linear in the pages.

    Args:
        keeps: tells whether an order belongs to the list that is asked for.
    """

    def __init__(self, keeps: Callable[[Order], bool]) -> None:
        self._keeps = keeps
        self._orders: dict[str, Order] = {}
        self._settled: set[str] = set()
        self._pending: dict[str, Order] = {}  # those of the last windows, not settled yet

    def add(self, orders: Iterable[Order]) -> None:
        """Take the orders of one page; windows overlap, and an order may have changed."""
        for order in orders:
            order_id = order["id"]
            self._orders[order_id] = order
            self._settled.discard(order_id)
            if self._keeps(order):
                self._pending[order_id] = order
            else:
                self._pending.pop(order_id, None)

    def settle(self, is_settled: Callable[[Order], bool]) -> int:
        """Count the kept orders that no later page can stand before."""
        settled = [order_id for order_id, order in self._pending.items() if is_settled(order)]
        self._settled.update(settled)
        for order_id in settled:
            del self._pending[order_id]
        return len(self._settled)

    def kept(self) -> list[Order]:
        """Return those that belong to the list, by time."""
        return by_time(filter(self._keeps, self._orders.values()))


def endless(orders: list[Order]) -> Exception:
    """Build the error of a history that does not end; it carries what was read."""
    return errors.describe(
        errors.BadResponse,
        f"answer: order/history still answers full pages after {MOST_PAGES} of them",
        exchange_id=EXCHANGE,
        orders=orders,
    )


def _windows(since: int | None, until: int | None, now: int) -> list[Window]:
    """Return the windows that have [since, until] inside them, oldest first.

    Without `since` they are the three days before the end, as the exchange itself takes them.
    """
    end = None if until is None else -(-until // 1000) + 1
    last = now if end is None else end
    first = None if since is None else max(since // 1000, EXCHANGE_BEGAN)
    start = last - HISTORY_DEFAULT_DAYS * DAY if first is None else first - 1
    if last < max(start, EXCHANGE_BEGAN):  # the end is before the start, or the exchange began
        return []
    spans = []
    while last - start > HISTORY_WINDOW_DAYS * DAY:
        spans.append(Window(start, start + HISTORY_WINDOW_DAYS * DAY))
        start = start + HISTORY_WINDOW_DAYS * DAY - 1
    return [*spans, Window(start, end)]


def _parts(window: Window, now: int) -> list[Window]:
    """Cut a window in two that overlap, or a short one into every shorter one inside it."""
    start, end = window.start, window.reach(now)
    if not window.is_short(now):
        middle = (start + end) // 2
        return [Window(start, middle + 1), Window(middle, window.end)]
    seconds = range(start, end + 1)
    return [Window(first, last) for first in seconds for last in seconds if first <= last]
