"""Paging through order/history, whose page holds at most 100 rows and whose window 30 days.

Document: "Get all orders", Request Parameters. Which 100 rows a full page holds, and whether the
ends of a window belong to it, is not documented; so a full page is never trusted: its window is
halved and asked again, neighbouring windows share their border second, and rows are told apart by
their id.
"""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from dfx_adapter.digifinex.tables import HISTORY_DEFAULT_DAYS, HISTORY_LIMIT, HISTORY_WINDOW_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dfx_adapter.order import Order

DAY: Final = 86_400
_CROWDED: Final = "digifinex: %d orders in the one second %d fill a page; there may be more of them"

logger = logging.getLogger("dfx_adapter")


class Window(NamedTuple):
    """A span of creation times in seconds, both ends included; an open end is the present."""

    start: int
    end: int | None

    def query(self) -> dict[str, int]:
        """Return the parameters that ask for it."""
        end = {} if self.end is None else {"end_time": self.end}
        return {"start_time": self.start, **end}


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
        self._add(_windows(since, until, self._now))

    def __iter__(self) -> Iterator[Window]:
        while self._pending:
            yield self._pending.pop()

    def halved(self, window: Window, rows: int) -> bool:
        """Tell whether the answer may have been cut; then the window's halves are asked for.

        A second that fills a page by itself has no halves: it is taken as it is, with a warning.
        """
        if rows < HISTORY_LIMIT:
            return False
        halves = _halves(window, self._now)
        self._add(halves)
        if not halves:
            logger.warning(_CROWDED, rows, window.start)
        return bool(halves)

    def settled(self, window: Window, orders: list[Order]) -> int:
        """Count the orders that no later answer can stand before: a border second may have more."""
        if self._newest_first:
            return sum((order["timestamp"] or 0) > window.start * 1000 for order in orders)
        end = self._now + 1 if window.end is None else window.end
        return sum((order["timestamp"] or 0) < end * 1000 for order in orders)

    def _add(self, spans: list[Window]) -> None:
        """Put windows on top, the next one to ask for uppermost; each is asked for once."""
        new = [span for span in spans if span not in self._known]
        self._known.update(new)
        self._pending.extend(new if self._newest_first else reversed(new))


def _windows(since: int | None, until: int | None, now: int) -> list[Window]:
    """Return the windows that cover [since, until], oldest first.

    Without `since` they cover the three days before the end, as the exchange itself takes them.
    """
    last = None if until is None else -(-until // 1000)
    end = now if last is None else last
    start = end - HISTORY_DEFAULT_DAYS * DAY if since is None else since // 1000
    span = HISTORY_WINDOW_DAYS * DAY
    starts = list(range(start, max(end, start + 1), span))
    borders = pairwise(starts)
    return [*(Window(*border) for border in borders), Window(starts[-1], last)]


def _halves(window: Window, now: int) -> list[Window]:
    start, end = window
    if end is not None and end - start == 1:
        return [Window(start, start), Window(end, end)]
    middle = (start + (now + 1 if end is None else end)) // 2
    if middle <= start:
        return []
    return [Window(start, middle), Window(middle, end)]
