"""What stock ccxt breaks of the rules of an order, exchange by exchange: a table for a README.

    python -m tests.exchanges.breaks

Every class of the installed ccxt parses the same kinds of rows (`rows.some_rows`), and so does the
adapter's class over it; a row that ccxt cannot read is left out. The table says which MUST rules of
the profile `order` each of ccxt's orders broke, and in how many of them; the adapter breaks none.
"""

import copy
import logging
import sys
from collections import Counter

import ccxt

from dfx_adapter import AdapterHost
from dfx_conformance.order_checks import check
from tests.exchanges.rows import MARKETS, some_rows

ROWS = 60
HEAD = ("| exchange | orders | stock breaks, in orders | the adapter breaks |", "|---|--:|---|---|")


def broken(exchange, order):
    """Name the MUST rules that an order breaks."""
    problems = check(order, exchange.markets.get(order.get("symbol")))
    return {problem.rule.id for problem in problems if problem.rule.level == "MUST"}


def compared(exchange_id, host):
    """Return how many orders there were, and what stock's and ours broke."""
    stock, ours = getattr(ccxt, exchange_id)(), host.connect(exchange_id)
    for exchange in (stock, ours):
        exchange.set_markets(copy.deepcopy(MARKETS))
    count, found = 0, {stock: Counter(), ours: Counter()}
    for row in some_rows(exchange_id, ROWS):
        try:
            stock.parse_order(copy.deepcopy(row))
        except Exception:  # noqa: BLE001, S112  # rows of any shape: some classes cannot read some
            continue
        count += 1
        for exchange in (stock, ours):
            found[exchange].update(broken(exchange, exchange.parse_order(copy.deepcopy(row))))
    return count, found[stock], found[ours]


def table():
    """Give the lines of the table."""
    host = AdapterHost(entry_points=False)
    yield from HEAD
    for exchange_id in ccxt.exchanges:
        if exchange_id != "digifinex":
            count, *both = compared(exchange_id, host)
            cells = [", ".join(f"{rule} {n}" for rule, n in sorted(one.items())) for one in both]
            yield f"| {exchange_id} | {count} | {cells[0] or 'nothing'} | {cells[1] or 'nothing'} |"


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.stdout.writelines(f"{line}\n" for line in table())
