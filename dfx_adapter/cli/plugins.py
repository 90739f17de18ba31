"""`dfx-adapter plugins`: which plugins are there, and whether they work."""

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer
from msgspec.structs import asdict

from dfx_adapter.cli.failures import OK, SOME_FAILED, one_line, printable

if TYPE_CHECKING:
    from dfx_adapter.host import PluginInfo

_MANY: Final = 5


def plugins(
    *, as_json: Annotated[bool, typer.Option("--json", help="Write a JSON list.")] = False
) -> int:
    """List the plugins, and why one failed if it did.

    Exit codes: 0 all of them work; 1 one failed.
    """
    from dfx_adapter import AdapterHost  # noqa: PLC0415  # only what a command needs

    host = AdapterHost()
    _ = host.exchanges  # ccxt is asked for its ids here, else its plugin shows none
    infos = host.plugins
    (_print_json if as_json else _print_table)(infos)
    return SOME_FAILED if any(info.status == "failed" for info in infos) else OK


def _print_json(infos: "list[PluginInfo]") -> None:
    import msgspec  # noqa: PLC0415  # only what a command needs

    from dfx_adapter.cli.output import printable_json  # noqa: PLC0415  # only what a command needs

    text = printable_json(msgspec.json.encode([asdict(info) for info in infos]).decode())
    typer.echo(msgspec.json.format(text, indent=2))


def _print_table(infos: "list[PluginInfo]") -> None:
    from rich.table import Table  # noqa: PLC0415  # only what a command needs
    from rich.text import Text  # noqa: PLC0415  # only what a command needs

    from dfx_adapter.cli.console import console_on  # noqa: PLC0415  # imports rich

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("plugin", "origin", "distribution", "status", "hooks", "exchanges"):
        table.add_column(column, overflow="fold")
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
    console = console_on(sys.stdout)
    console.print(table)
    for info in infos:
        if info.error:
            console.print(Text(f"{printable(info.name)} failed: {one_line(info.error)}", "red"))


def _exchanges(ids: tuple[str, ...]) -> str:
    if len(ids) > _MANY:
        return f"{len(ids)}: {ids[0]} ... {ids[-1]}"
    return ", ".join(ids) or "-"
