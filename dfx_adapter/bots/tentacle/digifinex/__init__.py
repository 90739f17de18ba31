"""What OctoBot's tentacle manager installs: the class is in the package."""

from dfx_adapter.bots.octobot import DigiFinex

__all__ = ["DigiFinex"]
