"""What the differences of the demo cost and mean; a sentence is printed only where it is true."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.table import Table
from rich.text import Text

from dfx_adapter.cli.compare import failed_as, field, has_order, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dfx_adapter.cli.compare import Comparison, Outcome
    from dfx_adapter.cli.runs import Run


def cost(ours: Run, stock: Run, together: Run) -> Table:
    """Draw how many requests each client made, and name those for the markets."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    table.add_column("HTTP requests")
    table.add_column("order status", justify="right")
    table.add_column("loading markets", justify="right")
    table.add_column("seconds", justify="right")
    table.add_column("which")
    runs = {"dfx-adapter": ours, "stock ccxt": stock, "dfx-adapter, asyncio, at once": together}
    for name, run in runs.items():
        numbers = (f"{len(run.asking)}", f"{len(run.loading)}", f"{run.seconds:.2f}")
        table.add_row(Text(name), *numbers, Text("\n".join(_counted(run.loading))))
    return table


def on_asyncio(one_by_one: Sequence[Outcome], together: Run) -> Text:
    """Count the orders of which the asyncio class gives the same."""
    agreed = sum(map(same, one_by_one, together.outcomes))
    return Text(
        f"\ndfx-adapter's asyncio class, asked at once for the {len(one_by_one)} orders that the "
        f"exchange has, says the same of {agreed} of them.\n"
    )


def meanings(comparisons: Sequence[Comparison]) -> Table:
    """Draw what the differences mean for a bot, and the orders where they do."""
    table = Table.grid(padding=(0, 1))
    for meaning in _MEANINGS:
        numbers = [one.number for one in comparisons if meaning.applies(one)]
        if numbers:
            table.add_row("-", Text.assemble(meaning.sentence, (f"  ({_listed(numbers)})", "dim")))
    return table


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _counted(paths: Sequence[str]) -> Iterator[str]:
    for path, count in Counter(paths).items():
        yield path if count == 1 else f"{path} x {count}"


def _invents_a_trade(comparison: Comparison) -> bool:
    time = field(comparison.stock, "lastTradeTimestamp")
    return has_order(comparison.ours) and time not in {
        None,
        field(comparison.ours, "lastTradeTimestamp"),
    }


def _loses_the_budget(comparison: Comparison) -> bool:
    return field(comparison.ours, "cashAmount") is not None and has_order(comparison.stock)


def _loses_the_order(comparison: Comparison) -> bool:
    return has_order(comparison.ours) and not has_order(comparison.stock)


def _passes_on_a_status(comparison: Comparison) -> bool:
    return failed_as(comparison.ours, "UnknownStatus") and has_order(comparison.stock)


def _takes_unknown_for_missing(comparison: Comparison) -> bool:
    return failed_as(comparison.stock, "OrderNotFound") and not failed_as(
        comparison.ours, "OrderNotFound"
    )


def _takes_missing_for_invalid(comparison: Comparison) -> bool:
    return failed_as(comparison.ours, "OrderNotFound") and not failed_as(
        comparison.stock, "OrderNotFound"
    )


def _invents_a_fee(comparison: Comparison) -> bool:
    fee = field(comparison.stock, "fee")
    return has_order(comparison.ours) and fee is not None and fee.get("cost") is None


class _Meaning(NamedTuple):
    applies: Callable[[Comparison], bool]
    sentence: str


_MEANINGS: Final = (
    _Meaning(
        _invents_a_trade,
        "It gives the time of a trade that never was: 1970 for an open order, the time of the "
        "cancellation for a cancelled one.",
    ),
    _Meaning(
        _loses_the_budget,
        "A market buy is ordered in quote money. That budget is lost; while the order is open, "
        "nobody can see how large it is.",
    ),
    _Meaning(_loses_the_order, "One delisted market makes its orders unreadable."),
    _Meaning(
        _passes_on_a_status,
        "A status that nobody knows is passed on: a bot that compares with open, closed and "
        "canceled finds none of them.",
    ),
    _Meaning(
        _takes_missing_for_invalid,
        "An id that the exchange does not know is an invalid order, not a missing one.",
    ),
    _Meaning(
        _takes_unknown_for_missing,
        "An error page is taken for 'no such order': a bot that believes it orders a second time.",
    ),
    _Meaning(_invents_a_fee, "Not in the list above: a fee without an amount, fee {'cost': None}."),
)
