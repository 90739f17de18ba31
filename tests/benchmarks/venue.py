"""A simulated DigiFinex in a process of its own, as an exchange is: it shares no core with us.

Started as a script it prints its ccxt config, and on each line of stdin how many requests it got
since the last one.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import answers
import child

from dfx_adapter.simulator import Request, Response, Simulator


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
        try:
            yield Venue(process)
        finally:
            process.communicate()  # the end of its input ends it


class Patient(Simulator):
    """An exchange with the clock of whoever asks.

    A thousand requests that are signed at once would come too late on a busy machine.
    """

    _asked_at = time.time()

    def respond(self, request: Request) -> Response:
        """Answer as of the moment when the request was signed."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self.lock:
            self._asked_at = float(headers.get("access-timestamp", time.time()))
            return super().respond(request)

    def now(self) -> int:
        """Tell that moment."""
        return int(self._asked_at)


def _serve(count: int) -> None:
    with Patient() as simulator:
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
