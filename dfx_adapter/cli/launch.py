"""`dfx-adapter run`: a bot, unchanged, with the adapter registered."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
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
    record: Annotated[
        Path | None,
        typer.Option(help="Write down what is answered about orders, a JSON line each."),
    ] = None,
) -> None:
    """Run a bot with the adapter registered as soon as it imports ccxt, child processes included.

    It is registered for DigiFinex, or for each --exchange instead, with the installed plugins.

    The command takes the place of this one: its exit code and the signals it gets are its own.
    """
    try:
        exchanges = exchange or ("digifinex",)
        launch.run(command, alias=alias, pro=pro, exchanges=exchanges, record=record)
    except ValueError as error:
        raise UsageFailure(str(error)) from None
