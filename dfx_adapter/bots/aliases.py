"""The name under which a bot finds the adapter, where it is not the exchange's own id."""

from __future__ import annotations

import keyword
from typing import Final

EXPECTED: Final = "a name as Python's: letters, digits and underscores"


def is_alias(name: str) -> bool:
    """Tell whether a bot could find an exchange by this name: it is an attribute of a module."""
    return name.isidentifier() and not keyword.iskeyword(name)
