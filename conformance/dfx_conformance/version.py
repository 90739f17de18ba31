"""The version of the suite: of its rules and vectors."""

from typing import Final

SUITE_VERSION: Final = "0.1"
