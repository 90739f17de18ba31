"""`dfx-adapter simulate`: a DigiFinex on loopback, until it is stopped."""

import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from dfx_adapter.cli.failures import OK, UsageFailure

if TYPE_CHECKING:
    from dfx_adapter.simulator import Simulator


def simulate(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port of 127.0.0.1; 0 takes a free one.")
    ] = 0,
) -> int:
    """Run a simulated DigiFinex on loopback.

    Prints how to reach it, and runs until Ctrl-C.

    Exit codes: 0 stopped by Ctrl-C or SIGTERM; 2 the port is taken.
    """
    from dfx_adapter.simulator import Simulator  # noqa: PLC0415  # only what a command needs

    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    exchange = Simulator(port=port)
    try:
        exchange.start()
    except OSError as error:
        raise UsageFailure(f"--port {port}: {error.strerror}") from error
    try:
        _introduce(exchange)
        stopped.wait()
    finally:
        exchange.stop()
    return OK


def _introduce(exchange: "Simulator") -> None:
    import msgspec  # noqa: PLC0415  # only what a command needs

    config = msgspec.json.encode(exchange.ccxt_config()).decode()
    typer.echo(f"DigiFinex simulator: {exchange.url}   (Ctrl-C ends it)")
    typer.echo(f"\nccxt config:\n  {config}")
    typer.echo("\nfor dfx-adapter order and orders:")
    typer.echo(f"  export DIGIFINEX_URL={exchange.url}")
    typer.echo(f"  export DIGIFINEX_APIKEY={exchange.api_key}")
    typer.echo(f"  export DIGIFINEX_SECRET={exchange.secret}")
