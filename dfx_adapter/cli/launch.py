"""`dfx-adapter run`: a bot, unchanged, with the adapter registered."""

from __future__ import annotations

from typing import Annotated

import typer

from dfx_adapter.bots import launch
from dfx_adapter.cli.failures import UsageFailure


def run(
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND [ARGS]...")],
    alias: Annotated[str | None, typer.Option(help="Register under this name instead.")] = None,
    *,
    pro: Annotated[bool, typer.Option("--pro", help="Register with ccxt.pro, too.")] = False,
    exchange: Annotated[
        list[str] | None,
        typer.Option(help="Of any exchange that ccxt or a plugin has; may be given several times."),
    ] = None,
) -> None:
    """Run a bot with the adapter registered as soon as it imports ccxt, child processes included.

    It is registered for DigiFinex, or for each --exchange instead, with the installed plugins.

    The command takes the place of this one: its exit code and the signals it gets are its own.
    """
    try:
        launch.run(command, alias=alias, pro=pro, exchanges=exchange or ("digifinex",))
    except ValueError as error:
        raise UsageFailure(str(error)) from None
