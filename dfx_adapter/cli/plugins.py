"""`dfx-adapter plugins`: which plugins are there, and whether they work."""

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer
from msgspec.structs import asdict

from dfx_adapter.cli.failures import OK, SOME_FAILED, is_a, one_line, printable, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from dfx_adapter.host import AdapterHost, PluginInfo
    from dfx_adapter.host.tables import Override

_MANY: Final = 5


def plugins(
    *, as_json: Annotated[bool, typer.Option("--json", help="Write a JSON list.")] = False
) -> int:
    """List the plugins, the statuses and codes that each overrides, and why one failed if it did.

    Exit codes: 0 all of them work; 1 one failed.
    """
    from dfx_adapter import AdapterHost  # noqa: PLC0415  # only what a command needs

    host = AdapterHost()
    exchanges = host.exchanges  # ccxt is asked for its ids here, else its plugin shows none
    infos = host.plugins
    overrides, faults = _overrides(host, exchanges)
    (_print_json if as_json else _print_tables)(infos, overrides)
    for fault in faults:
        say(one_line(fault))
    return SOME_FAILED if faults or any(info.status == "failed" for info in infos) else OK


def _overrides(
    host: "AdapterHost", exchanges: "Iterable[str]"
) -> "tuple[list[Override], list[str]]":
    """Return the rows that plugins override, and why those of an exchange cannot be used."""
    overrides: list[Override] = []
    faults: list[str] = []
    for exchange_id in exchanges:
        try:
            overrides += host.overrides(exchange_id)
        except Exception as error:
            if not is_a(error, "PluginError"):
                raise
            faults.append(str(error))
    return overrides, list(dict.fromkeys(faults))


def _print_json(infos: "list[PluginInfo]", overrides: "list[Override]") -> None:
    import msgspec  # noqa: PLC0415  # only what a command needs

    from dfx_adapter.cli.output import printable_json  # noqa: PLC0415  # only what a command needs

    rows = [
        {**asdict(info), "overrides": [asdict(row) for row in overrides if row.plugin == info.name]}
        for info in infos
    ]
    text = printable_json(msgspec.json.encode(rows).decode())
    typer.echo(msgspec.json.format(text, indent=2))


def _print_tables(infos: "list[PluginInfo]", overrides: "list[Override]") -> None:
    from dfx_adapter.cli.console import console_on  # noqa: PLC0415  # imports rich

    console = console_on(sys.stdout)
    console.print(_table_of_plugins(infos))
    if overrides:
        console.print()
        console.print(_table_of_overrides(overrides))
    from rich.text import Text  # noqa: PLC0415  # only what a command needs

    for info in infos:
        if info.error:
            console.print(Text(f"{printable(info.name)} failed: {one_line(info.error)}", "red"))


def _table_of_plugins(infos: "list[PluginInfo]") -> "Table":
    from rich.text import Text  # noqa: PLC0415  # only what a command needs

    table = _table("plugin", "origin", "distribution", "status", "hooks", "exchanges")
    for info in infos:
        style = "red" if info.status == "failed" else "green"
        table.add_row(
            Text(printable(info.name)),
            info.origin,
            Text(printable(info.distribution or "-")),
            Text(info.status, style),
            Text("\n".join(info.hooks) or "-"),
            Text(printable(_exchanges(info.exchanges))),
        )
    return table


def _table_of_overrides(overrides: "list[Override]") -> "Table":
    from rich.text import Text  # noqa: PLC0415  # only what a command needs

    table = _table("plugin", "exchange", "hook", "row", "documented", "now")
    for row in overrides:
        cells = (row.plugin, row.exchange, row.hook, row.key, row.before or "-", row.after)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _table(*columns: str) -> "Table":
    from rich.table import Table  # noqa: PLC0415  # only what a command needs

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _exchanges(ids: tuple[str, ...]) -> str:
    if len(ids) > _MANY:
        return f"{len(ids)}: {ids[0]} ... {ids[-1]}"
    return ", ".join(ids) or "-"
