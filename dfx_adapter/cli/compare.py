"""Two outcomes of one order side by side: what to print, and what differs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dfx_adapter.cli.failures import is_a, one_line, printable
from dfx_adapter.cli.output import moment

# The fields printed where both sides have the same, and those only where they differ.
_WORDS: Final = ("status", "type", "side")
_NUMBERS: Final = (
    *("price", "amount", "cashAmount", "filled", "remaining", "average", "cost"),
    *("lastTradeTimestamp", "lastUpdateTimestamp"),
)
_IF_DIFFERENT: Final = ("symbol", "timestamp", "timeInForce", "marginMode")
_TIMES: Final = ("timestamp", "lastTradeTimestamp", "lastUpdateTimestamp")

_MARK: Final = "!="  # a sign, so that a difference is visible without colour, too
_LONGEST: Final = 150
_REQUEST: Final = re.compile(r"(?:digifinex )?(?:answer: |[A-Z]+ https?://\S+: )?")

Outcome = dict[str, Any] | Exception


class Line(NamedTuple):
    """A field that differs, as text."""

    field: str
    ours: str
    stock: str


class Comparison(NamedTuple):
    """An order as both sides see it, and the answer that both had."""

    number: int
    title: str
    order_id: str
    wire: str
    ours: Outcome
    stock: Outcome

    def agreed(self) -> str:
        """Return the fields that both have alike, as text."""
        if isinstance(self.ours, Exception) or isinstance(self.stock, Exception):
            return ""
        stock = self.stock
        return _summary(
            {name: value for name, value in self.ours.items() if stock.get(name) == value}
        )

    def differences(self) -> list[Line]:
        """Return the fields that differ; of an order and an error, the whole."""
        ours, stock = self.ours, self.stock
        if isinstance(ours, Exception) or isinstance(stock, Exception):
            differs = type(ours).__name__ != type(stock).__name__
            return [Line("outcome", _outcome(ours), _outcome(stock))] if differs else []
        return [
            Line(name, _value(name, ours.get(name)), _value(name, stock.get(name)))
            for name in (*_WORDS, *_NUMBERS, *_IF_DIFFERENT)
            if ours.get(name) != stock.get(name)
        ]


def block(comparison: Comparison) -> RenderableType:
    """Draw one order: its title, the row on the wire, what is alike, and what differs."""
    title = Text.assemble(
        (f"{comparison.number:>2}  ", "bold cyan"),
        (comparison.title, "bold"),
        (f"   {printable(comparison.order_id)}", "dim"),
    )
    facts = Table.grid(padding=(0, 2))
    facts.add_column(width=8, justify="right")
    facts.add_column()
    facts.add_row(Text("wire", "dim"), Text(printable(comparison.wire), "dim"))
    if agreed := comparison.agreed():
        facts.add_row("both", Text(agreed))
    return Group(title, facts, _differences(comparison.differences()), Text())


def _differences(lines: Sequence[Line]) -> Table:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=8, justify="right")
    table.add_column(width=19)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    table.add_row("", "", Text("dfx-adapter", "underline"), Text("stock ccxt", "underline"))
    for line in lines:
        mark, name = Text(_MARK, "bold yellow"), Text(line.field, "bold")
        table.add_row(mark, name, Text(line.ours, "green"), Text(line.stock, "red"))
    return table


def glance(comparisons: Sequence[Comparison]) -> RenderableType:
    """Draw a table of one line per order: its status on both sides, and which fields differ."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("", justify="right")
    for column in ("at a glance", "dfx-adapter", "stock ccxt", "differs in"):
        table.add_column(column, no_wrap=column != "differs in")
    for comparison in comparisons:
        differences = ", ".join(line.field for line in comparison.differences())
        table.add_row(
            Text(f"{comparison.number}", "cyan"),
            Text(comparison.title),
            Text(_status_or_error(comparison.ours)),
            Text(_status_or_error(comparison.stock)),
            Text(f"{_MARK} {differences}" if differences else "nothing", "yellow"),
        )
    return Group(table, Text())


def same(left: Outcome, right: Outcome) -> bool:
    """Tell whether two outcomes are the same order, or errors of the same class."""
    if isinstance(left, Exception) or isinstance(right, Exception):
        return type(left) is type(right)
    return left == right


def has_order(outcome: Outcome) -> bool:
    """Tell whether there is an order, and no error."""
    return not isinstance(outcome, Exception)


def failed_as(outcome: Outcome, class_name: str) -> bool:
    """Tell whether there is an error of the class of that name."""
    return isinstance(outcome, Exception) and is_a(outcome, class_name)


def field(outcome: Outcome, name: str) -> Any:
    """Return a field of the order; None where there is an error instead."""
    return _fields(outcome).get(name)


def _fields(outcome: Outcome) -> dict[str, Any]:
    return {} if isinstance(outcome, Exception) else outcome


def _status_or_error(outcome: Outcome) -> str:
    if isinstance(outcome, Exception):
        return type(outcome).__name__
    return printable(str(outcome["status"]))


def _outcome(outcome: Outcome) -> str:
    if isinstance(outcome, dict):
        return _summary(outcome)
    text = _REQUEST.sub("", one_line(str(outcome)).partition("; body: ")[0], count=1)
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return f"{type(outcome).__name__}: {short}"


def _summary(order: Mapping[str, Any]) -> str:
    """Return an order in a line: the fields that are not None."""
    words = " ".join(str(order[name]) for name in _WORDS if order.get(name) is not None)
    numbers = (
        f"{name} {_value(name, order[name])}" for name in _NUMBERS if order.get(name) is not None
    )
    return ", ".join((printable(words), *numbers))


def _value(name: str, value: Any) -> str:
    if name in _TIMES and value is not None:
        return moment(value) if value else f"{value} ({moment(value)})"
    return printable(str(value))
