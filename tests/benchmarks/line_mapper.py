"""One side of `lines`, in a process of its own: `line_mapper.py SIDE SOURCE TARGET`.

Prints the processor time that it took, in seconds, and the most memory that it had, in KiB, where
the system tells.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any


def _ours(source: str, target: str) -> None:
    from dfx_adapter.__main__ import main

    sys.argv = ["dfx-adapter", "map", source, "--output", target]
    if main() != 0:
        raise SystemExit(1)


def _stock(source: str, target: str) -> None:
    import stock

    exchange = stock.exchange()
    _line_by_line(
        source,
        target,
        lambda line: stock.decoded(exchange, line),
        lambda rows: stock.one_by_one(exchange, rows),
    )


def _floor(source: str, target: str) -> None:
    import floor

    _line_by_line(source, target, floor.decoded, floor.mapped)


def _line_by_line(
    source: str, target: str, decoded: Callable[[bytes], Any], mapped: Callable[[Any], list[Any]]
) -> None:
    import orjson

    with Path(source).open("rb") as lines, Path(target).open("wb") as out:
        for line in lines:
            found = decoded(line)
            orders = mapped(found.get("data", [found]))
            out.writelines(orjson.dumps(order) + b"\n" for order in orders)


def _peak() -> int:
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) if found else 0


if __name__ == "__main__":
    side, source, target = sys.argv[1:]
    {"ours": _ours, "stock": _stock, "floor": _floor}[side](source, target)
    sys.stdout.write(f"{process_time()} {_peak()}\n")
