"""From the bytes of an answer to a list of unified orders, without a socket."""

from typing import Any

import answers
import floor
import stock
from pace import Paced, pace
from report import Row, microseconds

import dfx_adapter

SIZES = (1, 3, 10, 20, 100, 1_000, 10_000, 100_000)


def _check(ours: list[Any], stocks: list[Any]) -> None:
    """See that both sides did the same work."""
    for key in ("id", "symbol", "status", "side", "timestamp", "filled"):
        if [order[key] for order in ours] != [order[key] for order in stocks]:
            raise RuntimeError(f"the sides disagree about {key}")


def paced(count: int, rounds: int, *, all_of_stock: bool = True) -> Paced:
    """Time one answer of so many rows on all sides; stock has two ways, of which one may do."""
    body, exchange = answers.body(count), stock.exchange()
    sides = {
        "stock, one by one": lambda: stock.one_by_one(
            exchange, stock.decoded(exchange, body)["data"]
        ),
        "stock, as a list": lambda: stock.as_a_list(
            exchange, stock.decoded(exchange, body)["data"]
        ),
        "ours": lambda: dfx_adapter.parse_orders("digifinex", body),
        "floor": lambda: floor.mapped(floor.decoded(body)["data"]),
    }
    _check(sides["ours"](), sides["stock, one by one"]())
    if not all_of_stock:
        del sides["stock, as a list"]
    return pace(sides, rounds)


def parsing(sizes: dict[int, int]) -> list[Row]:
    """Measure answers of several sizes; each with its number of rounds."""
    return [
        Row.of_pace(
            f"bytes → orders, an answer of {_rows(size)}, per order",
            paced(size, rounds),
            microseconds,
            size,
        )
        for size, rounds in sizes.items()
    ]


def by_size(largest: int, rounds: int) -> dict[int, Paced]:
    """Measure how the cost grows with the answer."""
    return {size: paced(size, rounds, all_of_stock=False) for size in SIZES if size <= largest}


def growth(sizes: dict[int, Paced]) -> str:
    """Return the table of it: microseconds an order."""
    names = {"stock, one by one": "stock ccxt", "ours": "dfx-adapter", "floor": "floor"}
    lines = [f"| rows | {' | '.join(names.values())} |", "|---:|---:|---:|---:|"]
    for size, timed in sizes.items():
        cells = (microseconds(timed.seconds(side) / size) for side in names)
        lines.append(f"| {size:,} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


class Instant:
    """A plugin whose mapping has its orders ready: what is left is the machinery around it."""

    def __init__(self, orders: list[Any]) -> None:
        self._orders = orders

    @dfx_adapter.hookimpl(tryfirst=True)
    def dfx_parse_orders(self, exchange_id: str) -> list[Any]:
        """Answer without any work."""
        return self._orders


def hooks(rounds: int) -> Row:
    """Measure what the host and its hooks add to the mapping of one response of 20 rows.

    The whole is the answer of 20 rows through a host; the part is a response through a host whose
    mapping does no work, so that the context, pluggy's call and the observers are what is timed.
    """
    body = answers.body(20)
    host = dfx_adapter.AdapterHost(entry_points=False)
    instant = Instant(host.parse_orders("digifinex", body))
    with_instant = dfx_adapter.AdapterHost([instant], entry_points=False)
    timed = pace(
        {
            "ours": lambda: host.parse_orders("digifinex", body),
            "hooks": lambda: with_instant.parse_orders("digifinex", []),
        },
        rounds,
    )
    return Row(
        "hook machinery's share of an answer of 20 rows",
        _percent,
        None,
        timed.ratio("hooks", "ours"),
        paced=timed,
    )


def _percent(value: float) -> str:
    return f"{value:.1%}".replace("%", " %")


def _rows(count: int) -> str:
    return f"{count:,} row{'s' if count > 1 else ''}"
