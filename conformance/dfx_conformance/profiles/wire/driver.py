"""What a scenario works with: a simulated exchange, exchange objects, and notes of problems.

The simulator is the one thing of the adapter's distribution that the suite uses. It stands apart
from the adapter, and is imported when the first scenario is played.
"""

from __future__ import annotations

import io
import logging
import time
import uuid
from collections.abc import Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn, cast

from dfx_conformance import rules
from dfx_conformance.calling import closed
from dfx_conformance.case import Findings
from dfx_conformance.compare import (
    blamed,
    class_names,
    describe,
    is_equal,
    plain,
    text_of,
    written,
)
from dfx_conformance.order_checks import check
from dfx_conformance.quantities import exact
from dfx_conformance.rules import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dfx_adapter.simulator import Request, Simulator
    from dfx_conformance.session import Session

ROW = {
    "symbol": "BTC_USDT",
    "order_id": "aaa",
    "created_date": 1562303547,
    "finished_date": 0,
    "price": 9700,
    "amount": 1,
    "cash_amount": 0,
    "executed_amount": 0,
    "avg_price": 0,
    "status": 0,
    "type": "buy",
    "kind": "spot",
}
"""An open limit buy of 1 at 9700, of which nothing is filled."""

DIGITS = {"price": Decimal("9700.000000000000000001"), "amount": Decimal("1234567890.12345678")}
"""What no float can hold."""

_LONGEST = 200


@lru_cache(maxsize=1)
def simulator_class() -> Any:
    """Return the class of the exchange; made on the first call, see above."""
    from dfx_adapter.simulator import Simulator  # noqa: PLC0415  # see above

    class Recording(Simulator):
        """A simulator that keeps requests as they came, signature and all."""

        def __init__(self) -> None:
            key, secret = f"key-{uuid.uuid4().hex}", f"secret-{uuid.uuid4().hex}"
            super().__init__(api_key=key, secret=secret)
            self.raw: list[Request] = []

        def respond(self, request: Request) -> Any:
            self.raw.append(request)
            return super().respond(request)

    return Recording


class Stop(Exception):
    """A scenario cannot go on with what the subject did, which is noted."""


class Wire:
    """One scenario being played.

    Attributes:
        simulator: The exchange; see `dfx_adapter.simulator`.
    """

    def __init__(self, rule_ids: Sequence[str], session: Session, simulator: Simulator) -> None:
        self.simulator: Any = simulator
        self._rules = rule_ids
        self._session = session
        self._problems: list[Problem] = []
        self._calls: list[str] = []
        self._opened: list[Any] = []
        self.answer_given: Any = None

    # What is provoked.

    def place(self, order_id: str = "aaa", seconds_ago: int = 3600, **fields: Any) -> str:
        """Place a limit buy of 1 BTC at 9000, or what the fields say."""
        made = {"price": 9000, "amount": 1, **fields}
        if str(made.get("type", "")).endswith("_market"):
            made.pop("price")
        created = int(time.time()) - seconds_ago
        placed: str = self.simulator.place(order_id=order_id, created_date=created, **made)
        return placed

    def serve(self, **changes: Any) -> None:
        """Serve a row: an open limit buy with id aaa, and what changes in it."""
        self.simulator.add_row({**ROW, **changes})

    def answer(self, body: str | bytes, *, status: int = 200, endpoint: str = "order") -> None:
        """Let the next request of an endpoint be answered with that body."""
        from dfx_adapter.simulator import Body  # noqa: PLC0415  # see above

        start = body if isinstance(body, str) else body.decode(errors="replace")
        kind = "text/html" if start.startswith("<") else "application/json"
        self.simulator.script(endpoint, Body(body, status, kind))

    def answer_rows(self, *rows: dict[str, Any], endpoint: str = "order") -> None:
        """Let the next request of an endpoint be answered with these rows."""
        from dfx_adapter.simulator import Body, encode  # noqa: PLC0415  # see above

        self.simulator.script(endpoint, Body(encode({"code": 0, "data": list(rows)})))

    def answer_code(self, code: int, *, times: int = 1, endpoint: str = "order") -> None:
        """Let the next requests of an endpoint be answered with an error code."""
        from dfx_adapter.simulator import Code  # noqa: PLC0415  # see above

        self.simulator.script(endpoint, *[Code(code)] * times)

    def drop(self, *, handled: bool = False, times: int = 1, endpoint: str = "order") -> None:
        """Let the next requests of an endpoint have no answer, handled or not."""
        from dfx_adapter.simulator import Drop  # noqa: PLC0415  # see above

        self.simulator.script(endpoint, *[Drop(handled)] * times)

    # What is asked.

    def connect(self, **config: Any) -> Any:
        """Make an exchange object that talks to the simulator."""
        base = {"apiKey": self.simulator.api_key, "secret": self.simulator.secret}
        given = {**base, "enableRateLimit": False, "timeout": 5000, **config}
        connect: Any = self._session.subject.connect
        exchange = self._session.call(connect, self.simulator.url, **given)
        self._opened.append(exchange)
        return exchange

    @property
    def exchange(self) -> Any:
        """The exchange object of this scenario, made when it is first needed."""
        return self._opened[0] if self._opened else self.connect()

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the exchange object, and wait for its answer."""
        exchange = self.exchange
        called = f"{method}({', '.join(map(repr, args))})"
        try:
            answer = self._session.call(lambda: getattr(exchange, method)(*args, **kwargs))
        except Exception as error:
            self._calls.append(f"{called} raised {describe(error)}")
            raise
        self._calls.append(f"{called} gave {_written(answer)}")
        return answer

    def attempt(self, method: str, *args: Any) -> Exception | None:
        """Call a method that may raise; return the error. `answer_given` has the answer."""
        try:
            self.answer_given = self.call(method, *args)
        except Exception as error:
            if error is not self._session.raised:
                raise
            return error
        return None

    def order(self, *args: Any) -> Mapping[str, Any]:
        """Ask for one order, by default aaa."""
        return self.one("fetch_order", *(args or ("aaa",)))

    def one(self, method: str, *args: Any) -> Mapping[str, Any]:
        """Call a method that gives one order."""
        answer = self.call(method, *args)
        if not isinstance(answer, Mapping):
            self._stop(f"{method} gave {_written(answer)}, expected an order")
        return cast("Mapping[str, Any]", answer)

    def many(self, method: str, *args: Any) -> list[Mapping[str, Any]]:
        """Call a method that gives a list of orders."""
        answer = self.call(method, *args)
        if not isinstance(answer, list) or not all(isinstance(one, Mapping) for one in answer):
            self._stop(f"{method} gave {_written(answer)}, expected a list of orders")
        return cast("list[Mapping[str, Any]]", answer)

    def refusal(
        self, class_name: str, method: str, *args: Any, but: tuple[str, ...] = (), rule: str = ""
    ) -> Exception | None:
        """Expect a call to raise an error that is one of a class, and none of others.

        Args:
            class_name: The class of ccxt.
            method: What is called.
            args: With what.
            but: The classes that it must not be.
            rule: Whose fault it is if not; by default that of the scenario's first rule.
        """
        rule = rule or self._rules[0]
        besides = f", not {' or '.join(but)}" if but else ""
        error = self.attempt(method, *args)
        if error is not None:
            names = class_names(error)
            fits = class_name in names and not names & set(but)
            wanted = f"{class_name}{besides}"
            text = describe(error)
            self.expect(rule, fits, f"raised {text}, expected {wanted}", text, wanted)
            if "BaseError" not in names:
                self.wrong("ERR-016", f"{text} is none of ccxt's errors")
            return error
        message = f"gave {_written(self.answer_given)}, expected {class_name}{besides}"
        self.wrong(rule, message, _brief(self.answer_given), class_name)
        return None

    # What is noted.

    def expect(
        self, rule: str, holds: object, message: str, got: object = None, expected: object = None
    ) -> None:
        """Note a problem with a rule, unless it holds."""
        if not holds:
            self.wrong(rule, message, got, expected)

    def wrong(self, rule: str, message: str, got: object = None, expected: object = None) -> None:
        """Note a problem with a rule; the same problem only one time."""
        if not any((one.rule.id, one.said) == (rule, message) for one in self._problems):
            self._problems.append(Problem(rules.find(rule), message, got, expected))

    def equal(self, rule: str, what: str, got: object, expected: object) -> None:
        """Note a problem, unless both are equal."""
        self.expect(
            rule,
            is_equal(got, expected),
            f"{what} is {written(got)}, expected {expected!r}",
            got,
            expected,
        )

    def whole(self, order: Any, rule: str | None = None) -> None:
        """Check an order by the rules of an order; `rule` is blamed instead of them, if given."""
        for problem in check(order):
            self.wrong(rule or problem.rule.id, problem.said)

    def names(self, error: Exception | None, field: str) -> None:
        """Look for the field that an error is about, in its path or its text."""
        if error is not None:
            text = f"{written(getattr(error, 'path', ''))} {text_of(error)}"
            self.expect("ERR-020", field in text, f"the error does not name {field}", text, field)

    def digits(self, order: Any) -> None:
        """Look for `DIGITS` in the info of an order, as numbers of any type."""
        info = order.get("info")
        found = (
            {name: exact(info.get(name)) for name in DIGITS} if isinstance(info, Mapping) else {}
        )
        self.expect("WIRE-020", found == DIGITS, f"info is {written(info)}", info, plain(DIGITS))

    def failed(self, message: str) -> None:
        """Note that the subject gave nothing to prove a rule with."""
        for rule in blamed(self._rules):
            self.wrong(rule.id, message)

    def _stop(self, message: str) -> NoReturn:
        self.failed(message)
        raise Stop

    # What was sent.

    @property
    def sent(self) -> list[Any]:
        """Every request about orders so far, without those for markets and the time."""
        return [one for one in self.simulator.requests if "/order" in one.path]

    @property
    def raw(self) -> list[Any]:
        """The same as they came, with their headers as they were."""
        return [one for one in self.simulator.raw if "/order" in one.path]

    def last(self, *, raw: bool = False) -> Any:
        """The last request about orders; as it came, where its headers matter."""
        sent = self.raw if raw else self.sent
        if not sent:
            self._stop("nothing was sent, expected a request")
        return sent[-1]

    def post(self, ending: str) -> Any:
        """The one POST request of an endpoint."""
        posts = self.posts(ending)
        if len(posts) != 1:
            self._stop(f"{len(posts)} requests were sent to {ending}, expected 1")
        return posts[0]

    def posts(self, ending: str) -> list[Any]:
        """The POST requests of an endpoint."""
        return [one for one in self.sent if one.method == "POST" and one.path.endswith(ending)]

    @contextmanager
    def logged(self) -> Iterator[io.StringIO]:
        """Collect all that is logged, at every level, or printed."""
        log = io.StringIO()
        handler, root = logging.StreamHandler(log), logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            with redirect_stdout(log), redirect_stderr(log):
                yield log
        finally:
            root.setLevel(level)
            root.removeHandler(handler)

    def close(self) -> None:
        """Close what was opened."""
        for exchange in self._opened:
            with suppress(Exception):
                self._session.call(closed, exchange)

    def findings(self) -> Findings:
        """Return what was noted, what was sent and what was called."""
        sent = [
            f"{one.method} {one.path}{_query(one.query)} -> "
            f"{one.status or 'dropped'} {_shortened(one.answer.decode(errors='replace'))}"
            for one in self.simulator.requests
        ]
        return Findings(self._problems, "\n".join(sent), plain(self._calls))


def _query(fields: dict[str, str]) -> str:
    text = "&".join(f"{name}={_shortened(value)}" for name, value in fields.items())
    return text and f"?{text}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _written(answer: Any) -> str:
    return _shortened(written(_brief(answer)))


def ids_of(orders: Any) -> Any:
    """Return the ids of a list of orders; of anything else what it is, which equals no list."""
    if not isinstance(orders, list | tuple):
        return f"no list: {_written(orders)}"
    return [one.get("id") if isinstance(one, Mapping) else _written(one) for one in orders]


def as_float(value: Any) -> float | None:
    """Return a number of any type as a float, and None for what is no number."""
    found = exact(value)
    return None if found is None else float(found)


def _brief(answer: Any) -> Any:
    """Return of orders what identifies them."""
    if isinstance(answer, list):
        return [_brief(one) for one in answer]
    if isinstance(answer, dict) and "status" in answer:
        names = ("id", "symbol", "status", "amount", "filled", "price")
        return {name: answer.get(name) for name in names}
    return answer
