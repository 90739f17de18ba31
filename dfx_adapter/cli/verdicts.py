"""What the differences of the demo cost and mean; each sentence stands only where it is true."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.table import Table
from rich.text import Text

from dfx_adapter.cli.compare import failed_as, field, has_order, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dfx_adapter.cli.compare import Comparison, Outcome
    from dfx_adapter.cli.demo import Run


def cost(ours: Run, stock: Run, at_once: Run) -> Table:
    """Draw how many requests each client needed, those for the markets named."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    table.add_column("HTTP requests")
    table.add_column("order status", justify="right")
    table.add_column("loading markets", justify="right")
    table.add_column("seconds", justify="right")
    table.add_column("which")
    runs = {"dfx-adapter": ours, "stock ccxt": stock, "dfx-adapter, asyncio, at once": at_once}
    for name, run in runs.items():
        numbers = (f"{len(run.asking)}", f"{len(run.loading)}", f"{run.seconds:.2f}")
        table.add_row(Text(name), *numbers, Text("\n".join(_counted(run.loading))))
    return table


def on_asyncio(one_by_one: Sequence[Outcome], at_once: Run) -> Text:
    """Say whether the asyncio class says the same."""
    agreed = sum(map(same, one_by_one, at_once.outcomes))
    return Text(
        f"\ndfx-adapter's asyncio class, asked at once for the {len(one_by_one)} orders that the "
        f"exchange has, says the same of {agreed} of them.\n"
    )


def meanings(comparisons: Sequence[Comparison]) -> Table:
    """Draw what the differences mean for a bot, and the orders where they do."""
    table = Table.grid(padding=(0, 1))
    for meaning in _MEANINGS:
        numbers = [each.number for each in comparisons if meaning.applies(each)]
        if numbers:
            table.add_row("-", Text.assemble(meaning.sentence, (f"  ({_listed(numbers)})", "dim")))
    return table


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _counted(paths: Sequence[str]) -> Iterator[str]:
    for path, count in Counter(paths).items():
        yield path if count == 1 else f"{path} x {count}"


def _invents_a_trade(each: Comparison) -> bool:
    told = field(each.stock, "lastTradeTimestamp")
    return has_order(each.ours) and told not in {None, field(each.ours, "lastTradeTimestamp")}


def _loses_the_budget(each: Comparison) -> bool:
    return field(each.ours, "cashAmount") is not None and has_order(each.stock)


def _loses_the_order(each: Comparison) -> bool:
    return has_order(each.ours) and not has_order(each.stock)


def _passes_on_a_status(each: Comparison) -> bool:
    return failed_as(each.ours, "UnknownStatus") and has_order(each.stock)


def _takes_unknown_for_missing(each: Comparison) -> bool:
    return failed_as(each.stock, "OrderNotFound") and not failed_as(each.ours, "OrderNotFound")


def _takes_missing_for_invalid(each: Comparison) -> bool:
    return failed_as(each.ours, "OrderNotFound") and not failed_as(each.stock, "OrderNotFound")


def _invents_a_fee(each: Comparison) -> bool:
    fee = field(each.stock, "fee")
    return has_order(each.ours) and fee is not None and fee.get("cost") is None


class _Meaning(NamedTuple):
    applies: Callable[[Comparison], bool]
    sentence: str


_MEANINGS: Final = (
    _Meaning(
        _invents_a_trade,
        "It gives the time of a trade that nobody told of: 1970 for an open order, the time of the "
        "cancellation for a cancelled one.",
    ),
    _Meaning(
        _loses_the_budget,
        "A market buy is ordered in quote money. That budget is lost; while the order is open, "
        "nothing tells how large it is.",
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
    _Meaning(_invents_a_fee, "Not shown above: a fee that nobody told, fee {'cost': None}."),
)
