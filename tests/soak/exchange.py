"""The other side of the soak, in a process of its own: a simulated exchange with random faults.

Its orders say whose they are: the amount of an order follows from its id. It serves until its
standard input ends, and prints what it has seen as JSON.
"""

import json
import random
import sys
from collections import Counter, deque
from time import monotonic

from dfx_adapter.simulator import Body, Code, Delay, Drop, Request, Response, Simulator

ORDERS = 2000
LATE, NEVER = 0.05, 3.0  # seconds; NEVER is longer than the callers wait
WINDOW = 5  # seconds in which requests are counted against the rate
HTML = b"<html><body>bad day</body></html>"

# What an endpoint answers instead, and how often in a thousand requests.
FAULTS = {
    "closed before the answer": (Drop(), 10),
    "closed after it took effect": (Drop(handled=True), 10),
    "late": (Delay(LATE), 40),
    "later than the timeout": (Delay(NEVER), 1),
    "HTML under 200": (Body(HTML, content_type="text/html"), 10),
    "502": (Body(HTML, status=502, content_type="text/html"), 10),
    "403": (Body(HTML, status=403, content_type="text/html"), 10),
    "half a body": (Body(b'{"code":0,"data":[{"order_id":"0000'), 10),
    "an empty body": (Body(b""), 10),
    "a row of another order": (
        Body(b'{"data":[{"symbol":"BTC_USDT","order_id":"ffff","created_date":1600000000,'
             b'"finished_date":0,"price":1,"amount":777,"cash_amount":0,"executed_amount":0,'
             b'"avg_price":0,"status":0,"type":"buy","kind":"spot"}],"code":0}'),
        10,
    ),
    "no rows of code": (Body(b'{"code":0,"data":null}'), 10),
    "system failure": (Code(50000), 10),
    "too frequent": (Code(10005), 5),
    "wrong timestamp": (Code(10008), 5),
    "an unknown code": (Code(31337), 5),
}  # fmt: skip
_ANSWERS = [answer for answer, _ in FAULTS.values()]
_WEIGHTS = [weight for _, weight in FAULTS.values()]
_PER_THOUSAND = sum(_WEIGHTS) / 1000


def order_id(number: int) -> str:
    return f"{number:032x}"


def amount_of(order_id: str) -> float:
    return (int(order_id, 16) + 1) / 8  # exact in binary: every amount is told from every other


class Faulty(Simulator):
    """A simulator that fails at random, and counts what comes."""

    def __init__(self, seed: int) -> None:
        super().__init__(balances={"USDT": 10**12})
        self.faults: Counter[str] = Counter()
        self.requests_of: Counter[str] = Counter()
        self.busiest = 0
        self._rng = random.Random(seed)
        self._names = {id(answer): name for name, (answer, _) in FAULTS.items()}
        self._latest: deque[float] = deque()

    def respond(self, request: Request) -> Response:
        with self.lock:
            caller = request.header("X-Caller") or "other"
            self._count(caller)
            if caller != "other" and self._rng.random() < _PER_THOUSAND:
                [answer] = self._rng.choices(_ANSWERS, _WEIGHTS)
                try:
                    self.script(request.path, answer)
                    self.faults[self._names[id(answer)]] += 1
                except ValueError:  # an endpoint that cannot be scripted
                    pass
            return super().respond(request)

    def _count(self, caller: str) -> None:
        self.requests_of[caller] += 1
        now = monotonic()
        self._latest.append(now)
        while self._latest[0] < now - WINDOW:
            self._latest.popleft()
        self.busiest = max(self.busiest, len(self._latest))

    def placed(self) -> dict[str, int]:
        """Count the orders that the callers placed, by price: each attempt has its own."""
        with self.lock:
            rows = [listing.row() for listing in self.book.newest_first("spot", "BTC_USDT")]
        theirs = (row for row in rows if int(row["order_id"], 16) >= ORDERS)
        return Counter(str(float(row["price"])) for row in theirs)


def main() -> None:
    with Faulty(int(sys.argv[1])) as exchange:
        for number in range(ORDERS):
            id_ = order_id(number)
            exchange.place("BTC_USDT", "buy", price=9000, amount=amount_of(id_), order_id=id_)
        sys.stdout.write(exchange.url + "\n")
        sys.stdout.flush()
        sys.stdin.read()
        seen = {
            "requests": dict(exchange.requests_of),
            "busiest window": exchange.busiest,
            "faults": dict(exchange.faults),
            "placed": exchange.placed(),
        }
    sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    main()
