"""Say where the tentacle is: `python -m dfx_adapter.bots.tentacle`."""

from pathlib import Path

print(Path(__file__).with_name("digifinex"))  # noqa: T201  # a command prints
