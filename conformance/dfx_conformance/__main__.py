"""The console script: says in one line what to install where the extra is missing."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `dfx-conformance`."""
    try:
        from dfx_conformance.cli import app  # noqa: PLC0415  # the extra may be missing
    except ModuleNotFoundError as error:
        print(  # noqa: T201  # this is the message
            f"dfx-conformance needs {error.name}: pip install 'dfx-adapter[conformance]'",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    app()


if __name__ == "__main__":
    main()
