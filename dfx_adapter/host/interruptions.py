"""Whose error it is that comes out of a plugin: its own, or that of a signal's handler.

A plugin's own error, `sys.exit()` included, must not stop the bot. What the handler of a signal
raises in the midst of a plugin is the bot's own word to stop, and reaches it as it is.
"""

from __future__ import annotations

from inspect import CO_VARARGS
from traceback import walk_tb
from types import FrameType


def pass_on(error: BaseException) -> None:
    """Raise the error where a signal's handler has raised it; return where the plugin has."""
    if any(_is_handler(frame) for frame, _ in walk_tb(error.__traceback__)):
        raise error


def _is_handler(frame: FrameType) -> bool:
    """Tell whether a function was called as handlers are: with the frame that it interrupts.

    Which handlers there are now would not say it: many take themselves off before they exit.
    """
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & CO_VARARGS)
    arguments = [frame.f_locals.get(name) for name in code.co_varnames[:count]]
    given = [one for value in arguments for one in (value if type(value) is tuple else (value,))]
    return any(isinstance(value, FrameType) for value in given)
