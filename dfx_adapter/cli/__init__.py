"""The command line. What a command needs is imported inside it, so that `--help` stays fast."""

import logging
from typing import Annotated

import rich  # noqa: F401  # part of the extra: where it is missing, fail here and not in a command
import typer

from dfx_adapter import __version__
from dfx_adapter.cli import demo, launch, live, map, new_plugin, plugins, simulate  # noqa: A004
from dfx_adapter.cli.failures import Commands, WarningLines, run_command, tracebacks
from dfx_adapter.hookspecs import PROJECT

app = typer.Typer(
    name="dfx-adapter",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help, in half the time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Exit codes: 0 all well; 1 done, but not everything was fine; 2 usage, credentials or "
        "files; 3 network or exchange; 70 a bug; 130 interrupted."
    ),
)
app.command("demo")(demo.demo)
app.command("map")(map.map_bodies)
app.command("order")(live.order)
app.command("orders")(live.orders)
app.command("run")(launch.run)
app.command("plugins")(plugins.plugins)
app.command("new-plugin")(new_plugin.new_plugin)
app.command("simulate")(simulate.simulate)


def run() -> int:
    """Run the command of `sys.argv` and return its exit code."""
    return run_command(typer.main.get_command(app))


def _print_version(wanted: bool) -> None:  # noqa: FBT001  # typer's way to call it
    if wanted:
        typer.echo(f"dfx-adapter {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001  # its callback does the work
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """DigiFinex order status, mapped exactly onto ccxt's unified orders."""
    tracebacks.set(debug)
    logger, lines = logging.getLogger(PROJECT), WarningLines()
    logger.addHandler(lines)
    context.call_on_close(lambda: logger.removeHandler(lines))
