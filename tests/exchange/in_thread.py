"""Calls in threads, for tests."""

import threading
from concurrent.futures import Future


class InThread:
    """A call in a thread of its own."""

    def __init__(self, function, *args):
        self._future = Future()
        threading.Thread(target=self._run, args=(function, *args), daemon=True).start()

    def _run(self, function, *args):
        try:
            self._future.set_result(function(*args))
        except BaseException as error:  # noqa: BLE001  # it is the answer
            self._future.set_exception(error)

    def result(self):
        return self._future.result(20)
