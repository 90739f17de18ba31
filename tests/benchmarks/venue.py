"""A simulated DigiFinex in a process of its own, as an exchange is: it shares no core with us.

Started as a script it prints its ccxt config, and on each line of stdin how many requests it got
since the last one.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import answers
import child

from dfx_adapter.simulator import Simulator


class Venue:
    """The other end of the pipe."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.config: dict[str, Any] = json.loads(self._line())

    def requests(self) -> int:
        """Return how many requests it got since this was last asked."""
        if self._process.stdin is None:
            raise RuntimeError("no pipe")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        if self._process.stdout is None:
            raise RuntimeError("no pipe")
        return self._process.stdout.readline()


@contextmanager
def running(count: int) -> Iterator[Venue]:
    """Run an exchange that has the first `count` orders of `answers.rows`."""
    command = [sys.executable, __file__, str(count)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=child.ENVIRONMENT, **pipes) as process:
        yield Venue(process)
        process.communicate("")  # the end of its input ends it


def _serve(count: int) -> None:
    with Simulator() as simulator:
        for row in answers.rows(count):
            simulator.add_row(row)
        _say(json.dumps(simulator.ccxt_config()))
        for _ in sys.stdin:
            _say(str(len(simulator.requests)))
            simulator.clear_log()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
