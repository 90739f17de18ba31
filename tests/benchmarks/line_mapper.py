"""One side of `lines`, in a process of its own: `line_mapper.py SIDE SOURCE TARGET`.

Prints the most memory that it had, in KiB, where the system tells.
"""

import re
import sys
from pathlib import Path


def _ours(source: str, target: str) -> None:
    from dfx_adapter.__main__ import main

    sys.argv = ["dfx-adapter", "map", source, "--output", target]
    if main() != 0:
        raise SystemExit(1)


def _stock(source: str, target: str) -> None:
    import orjson
    import sides

    exchange = sides.stock_exchange()
    with Path(source).open("rb") as lines, Path(target).open("wb") as out:
        for line in lines:
            orders = sides.stock_one_by_one(exchange, line)
            out.writelines(orjson.dumps(order) + b"\n" for order in orders)


def _floor(source: str, target: str) -> None:
    import orjson
    import sides

    with Path(source).open("rb") as lines, Path(target).open("wb") as out:
        for line in lines:
            out.writelines(orjson.dumps(order) + b"\n" for order in sides.floor(line))


def _peak() -> int:
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) if found else 0


if __name__ == "__main__":
    side, source, target = sys.argv[1:]
    {"ours": _ours, "stock": _stock, "floor": _floor}[side](source, target)
    sys.stdout.write(f"{_peak()}\n")
