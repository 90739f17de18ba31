"""`dfx-conformance`: list the rules, explain one, check orders."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dfx_conformance.order_checks import check
from dfx_conformance.rules import RULES
from dfx_conformance.spec import spec

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(
    help="Say whether unified orders keep the rules.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
console = Console()


@app.command("list")
def list_rules() -> None:
    """List the rules."""
    table = Table("rule", "level", "text", box=None)
    for rule in RULES:
        table.add_row(rule.id, rule.level, rule.text)
    console.print(table)


@app.command("spec")
def write_spec() -> None:
    """Write SPEC.md to standard output."""
    typer.echo(spec(), nl=False)


@app.command()
def explain(rule_id: Annotated[str, typer.Argument(metavar="RULE")]) -> None:
    """Show one rule with its source."""
    for rule in RULES:
        if rule.id == rule_id.upper():
            console.print(f"{rule.id} {rule.level}: {rule.text}\nsource: {rule.source}")
            return
    raise typer.BadParameter(f"{rule_id}: no such rule; see dfx-conformance list")


@app.command("check")
def check_file(
    file: Annotated[
        typer.FileText, typer.Argument(help="orders as JSON Lines or one list; - for stdin")
    ],
) -> None:
    """Check orders; exit 1 if one breaks a MUST rule, 2 if there was none to check."""
    checked = broken = 0
    for checked, order in enumerate(_orders(file), 1):
        problems = check(order)
        broken += any(problem.rule.level == "MUST" for problem in problems)
        for problem in problems:
            console.print(f"order {checked} ({order.get('id')!r}): {problem}", markup=False)
    console.print(f"{checked} orders, {broken} broken")
    if broken or not checked:
        raise typer.Exit(1 if broken else 2)


def _orders(file: IO[str]) -> Iterator[dict[str, Any]]:
    text = file.read()
    lines = [text] if text.lstrip().startswith("[") else text.splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from _objects(number, line)


def _objects(number: int, line: str) -> list[dict[str, Any]]:
    try:
        decoded = json.loads(line)
    except ValueError as error:
        raise typer.BadParameter(f"line {number}: not JSON: {error}") from error
    orders = decoded if isinstance(decoded, list) else [decoded]
    if not all(isinstance(order, dict) for order in orders):
        raise typer.BadParameter(f"line {number}: expected orders, found {line[:80]!r}")
    return orders
