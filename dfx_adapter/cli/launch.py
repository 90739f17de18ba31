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
) -> None:
    """Run a bot with the adapter registered as soon as it imports ccxt, child processes included.

    The command takes the place of this one: its exit code and the signals it gets are its own.
    """
    try:
        launch.run(command, alias=alias, pro=pro)
    except ValueError as error:
        raise UsageFailure(str(error)) from None
