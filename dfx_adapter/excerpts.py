"""Text of an exchange, fit for a log: whatever came, it is short, printable and one line."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 300


def excerpt(text: str) -> str:
    """Return the first characters of a text; of a longer one it says how many there were."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def printable(text: str) -> str:
    r"""Write what cannot be printed as Python does: `\n`, `\x1b`, `\ud800`.

    An answer must neither begin a line of its own in a log, nor steer a terminal, nor fail to be
    encoded.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


def safe_repr(value: object) -> str:
    """Return a value's repr; Python refuses to write a whole number of thousands of digits."""
    try:
        return repr(value)
    except ValueError:
        return f"a value of type {type(value).__name__} that is too long to be written"


def written(value: object) -> str:
    """Return the beginning of a value's repr, for a message about what a caller gave."""
    return excerpt(safe_repr(value))
