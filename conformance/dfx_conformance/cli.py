"""`dfx-conformance`: run subjects, look rules and vectors up, check orders."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import IO, TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console

from dfx_conformance import changes, drafts, lookup, reports
from dfx_conformance.naming import UnknownSubject, named
from dfx_conformance.order_checks import check
from dfx_conformance.rules import RULES
from dfx_conformance.runner import NothingToRun, run
from dfx_conformance.spec import spec
from dfx_conformance.vectors import VectorError

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(
    help="Say whether an adapter gets order status right.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
CRASHED: Final = 70  # sysexits.h, EX_SOFTWARE
console = Console(soft_wrap=True, highlight=False)


@app.command("run")
def run_subjects(
    subjects: Annotated[
        list[str],
        typer.Argument(
            metavar="SUBJECT...",
            help="MODULE:NAME of a Subject, a parse function or an adapter; or a ready subject: "
            "digifinex, digifinex-async, stock, stock-async, ccxt:ID, adapter:ID, ID",
        ),
    ],
    profile: Annotated[
        list[str] | None, typer.Option(help="order, digifinex-mapping or digifinex-wire")
    ] = None,
    vector: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="only this vector, scenario or rule; may be repeated"),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help=f"write a report: {', '.join(reports.WRITERS)}"),
    ] = None,
    recorded: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="rows for ccxt:ID and adapter:ID; or a recording, for these and any ID",
        ),
    ] = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="let a SHOULD count as a MUST")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="show the counts alone")] = False,
) -> None:
    """Run subjects; exit 0 if all is well, 1 if a rule is broken, 2 if nothing ran.

    70 says that the suite itself failed.
    """
    try:
        for file in report or ():
            reports.writer(file)
        tested = [named(name, recorded) for name in subjects]
        done = [run(subject, profile, only=vector) for subject in tested]
    except (UnknownSubject, NothingToRun, VectorError, reports.UnknownFormat) as error:
        raise typer.BadParameter(str(error)) from error
    for one in done:
        if not quiet:
            console.print(reports.failures(one), markup=False, end="")
    console.print(reports.counts(done), markup=False, end="")
    for file in report or ():
        reports.write(done, file)
    if any(one["crashed"] for one in done):
        raise typer.Exit(CRASHED)
    if not all(one["ran"] for one in done):
        raise typer.Exit(2)
    if not all(one["ok"] and not (strict and one["warned"]) for one in done):
        raise typer.Exit(1)


@app.command("compare")
def compare_runs(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json", exists=True, dir_okay=False)],
    after: Annotated[Path, typer.Argument(metavar="AFTER.json", exists=True, dir_okay=False)],
) -> None:
    """Say which rules broke, healed, appeared and went between two runs, by their reports.

    Exit 1 if something is broken that was not before.
    """
    try:
        found = changes.changes(before, after)
    except changes.ReportError as error:
        raise typer.BadParameter(str(error)) from error
    texts = {rule.id: rule.text for rule in RULES}
    console.print(changes.written(found, texts), markup=False, end="")
    if any(change.is_worse for change in found):
        raise typer.Exit(1)


@app.command("vector")
def make_vector(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="what the option record has written")
    ],
    line: Annotated[int, typer.Option(help="the number of the line of the answer, from 1")],
    name: Annotated[
        str | None, typer.Option("--id", help="of the vector; default: recorded/line-N")
    ] = None,
    source: Annotated[str | None, typer.Option(help="where the answer can be looked up")] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--add-to", exists=True, dir_okay=False, help="a file of vectors; default: print it"
        ),
    ] = None,
    *,
    blur: Annotated[
        bool, typer.Option("--blur", help="put other order ids in their place")
    ] = False,
) -> None:
    """Make a vector of a recorded answer of DigiFinex, to be held against the answer by hand."""
    try:
        recorded = drafts.line_of(file, line)
        id_ = name or f"recorded/line-{line}"
        made = drafts.draft(named("digifinex"), recorded, id_, source, blur=blur)
        written = asyncio.run(made)
        if to is not None:
            drafts.added(to, written)
    except drafts.DraftError as error:
        raise typer.BadParameter(str(error)) from error
    if to is None:
        typer.echo(drafts.written(written))
    typer.echo(
        "a draft: hold each value against the row, and name what it is about first", err=True
    )


@app.command("list")
def list_things(
    what: Annotated[lookup.Listable, typer.Argument(help="what to list")] = lookup.Listable.RULES,
) -> None:
    """List rules, or the vectors and scenarios that prove them, or ready subjects."""
    console.print(lookup.listed(what), markup=False, end="")


@app.command("spec")
def write_spec() -> None:
    """Write SPEC.md to standard output."""
    typer.echo(spec(), nl=False)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="RULE|VECTOR")],
) -> None:
    """Show a rule with its source and what proves it, or a vector with what it expects."""
    text = lookup.explained(name)
    if text is None:
        raise typer.BadParameter(f"{name}: no such rule or vector; see dfx-conformance list")
    console.print(text, markup=False, end="")


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
