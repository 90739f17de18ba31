"""The console that the commands print on."""

import os
from typing import Final, TextIO

from rich.console import Console

PIPE_WIDTH: Final = 120


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the command end as with any other output, and not as rich would end it."""
        raise BrokenPipeError


def console_on(text: TextIO) -> Console:
    """Return a console: of the width of the terminal, or of COLUMNS, or of a fixed one."""
    wide = text.isatty() or "COLUMNS" in os.environ
    return _Console(file=text, width=None if wide else PIPE_WIDTH)
