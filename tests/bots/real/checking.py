"""What the scripts share: every check prints one line of JSON, and none stops the next.

@check("life-of-an-order")
def life_of_an_order(side):
    ...
    return order["filled"] == 0.1, f"filled {order['filled']}"

if __name__ == "__main__":
    main()
"""

import asyncio
import inspect
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Literal

Side = Literal["ours", "stock"]
Seen = tuple[bool, str]
"""Whether it went well, and one short line of what was seen."""

Check = Callable[[Side], Seen | Awaitable[Seen]]

_checks: dict[str, Check] = {}
_LONGEST = 160


def check(name: str) -> Callable[[Check], Check]:
    """Make a function, plain or async, one of the checks; what it raises is what was seen."""

    def add(function: Check) -> Check:
        _checks[name] = function
        return function

    return add


def main(arguments: list[str] | None = None) -> None:
    """Run every check, or those named after the side; nothing but their lines goes to stdout."""
    side, *names = sys.argv[1:] if arguments is None else arguments
    if side not in {"ours", "stock"} or not set(names) <= set(_checks):
        sys.exit(f"usage: {sys.argv[0]} ours|stock [{'|'.join(_checks)}]...")
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a bot prints is no line of ours
    for name in names or _checks:
        ok, saw = _run(_checks[name], side)
        line = {"check": name, "ok": ok, "saw": " ".join(saw.split())[:_LONGEST]}
        print(json.dumps(line), file=lines, flush=True)
    lines.close()
    sys.stderr.flush()
    os._exit(0)  # a bot's threads may wait for ever


def _run(function: Check, side: Side) -> Seen:
    try:
        seen = function(side)
        return asyncio.run(_awaited(seen)) if inspect.isawaitable(seen) else seen
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a bot throws is its answer
        traceback.print_exc()
        return False, f"{type(error).__name__}: {error}"


async def _awaited(seen: Awaitable[Seen]) -> Seen:
    return await seen
