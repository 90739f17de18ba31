"""The console script `dfx-adapter`, also `python -m dfx_adapter`."""

from __future__ import annotations

import sys
from typing import Final

_EXTRA: Final = ("typer", "rich")
_USAGE: Final = 2


def main() -> int:
    """Run the command line and return its exit code; say how to get it where it is missing."""
    try:
        from dfx_adapter.cli import run  # noqa: PLC0415  # the extra may not be installed
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write("dfx-adapter: the command line needs: pip install 'dfx-adapter[cli]'\n")
        return _USAGE
    return run()


if __name__ == "__main__":
    sys.exit(main())
