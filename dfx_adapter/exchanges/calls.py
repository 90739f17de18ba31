"""One call of an order method, from its arguments to its answer, whatever it calls meanwhile.

ccxt's methods call each other, and one answer is one hook call: only the outermost call counts. It
also remembers what the exchange answered, because ccxt's classes take much for "no such order" that
is no answer at all.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from dfx_adapter import errors
from dfx_adapter.excerpts import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dfx_adapter.exchanges.asked import Asked

Kind = Literal["read", "change", "message"]

_NOTHING: Final = object()


class Call:
    """The outermost order method that is running in this thread or task.

    Attributes:
        method: its name.
        kind: whether it reads orders or changes them; or a message of a socket is being read.
        asked: its arguments, and those of the methods that it calls.
        rows: how many rows have been parsed.
    """

    __slots__ = ("_answer", "_refused", "asked", "kind", "method", "rows")

    def __init__(self, method: str, kind: Kind) -> None:
        self.method = method
        self.kind: Kind = kind
        self.asked: list[Asked] = []
        self.rows = 0
        self._answer: Any = _NOTHING
        self._refused: Exception | None = None

    def hear(self, answer: object) -> None:
        """Remember what the exchange answered last; None for what is no JSON."""
        self._answer = answer

    def refuse(self, error: Exception) -> None:
        """Remember the error that the exchange's own words mean."""
        self._refused = error

    @property
    def answer(self) -> Any:
        """What the exchange answered last; None where nothing came, or no JSON."""
        return None if self._answer is _NOTHING else self._answer

    @property
    def is_unanswered(self) -> bool:
        """Whether what came last says nothing: neither rows nor a place where they would stand."""
        return self._answer is not _NOTHING and not _has_data(self._answer)

    def judged(self, error: Exception, exchange_id: str) -> Exception:
        """Return the error that a method's own error should have been.

        "Not found" is said by an exchange, in words or by an answer that has room for the order,
        and not by a class that finds no order in nothing. What a class raises that is none of
        ccxt's errors, it raises because an answer is not what it expects.
        """
        known: type[Exception] = errors.BaseError
        not_found: type[Exception] = errors.OrderNotFound
        if isinstance(error, not_found):
            if error is self._refused or not self.is_unanswered:
                return error
            reason = f"neither the order nor an error is in the answer ({error})"
        elif isinstance(error, known) or self._answer is _NOTHING:
            return error
        else:
            reason = f"the answer cannot be read: {error!r}"
        return errors.describe(
            errors.BadResponse, f"{self.method}: {reason}", exchange_id=exchange_id
        )


_call: ContextVar[Call | None] = ContextVar("dfx_adapter_order_method", default=None)


def current() -> Call | None:
    """Return the outermost call of an order method that this code is part of."""
    return _call.get()


def hear(answer: Any) -> Any:
    """Let the running order method hear an answer, and return it."""
    call = _call.get()
    if call is not None:
        call.hear(answer)
    return answer


@contextmanager
def entered(method: str, kind: Kind) -> Iterator[tuple[Call, bool]]:
    """Give the outermost call, and whether this is it."""
    call = _call.get()
    if call is not None:
        yield call, False
        return
    call = Call(method, kind)
    token = _call.set(call)
    try:
        yield call, True
    finally:
        _call.reset(token)


@contextmanager
def left() -> Iterator[None]:
    """Do what is no part of the order method that needs it: loading the markets."""
    token = _call.set(None)
    try:
        yield
    finally:
        _call.reset(token)


def _has_data(answer: object) -> bool:
    if isinstance(answer, dict):
        return any(
            isinstance(value, dict | list) and "err" not in str(name).lower()
            for name, value in answer.items()
        )
    return isinstance(answer, list)


# Bodies.

_decode: Final = msgspec.json.Decoder(float_hook=str).decode
_LONGEST_WORD: Final = 100  # of an answer in plain text
_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500


def decoded(text: Any) -> Any:
    """Decode an object or an array with its fractions as text; None for anything else."""
    if not isinstance(text, str) or text[:1] not in {"{", "["}:
        return None
    try:
        return _decode(text)
    except (ValueError, RecursionError):
        return None


def is_answer(text: str, code: int, kind: Kind) -> bool:
    """Tell whether what is no JSON can be an answer to a method that changes orders.

    Some exchanges confirm a cancellation by a word, by the bare id, or by HTTP 204 and nothing.
    """
    if kind == "read":
        return False
    text = text.strip()
    if not text:
        return code == HTTPStatus.NO_CONTENT
    return len(text) <= _LONGEST_WORD and text[0] not in "<{[" and text != "null"


def check(call: Call, code: int, reason: str, text: str, exchange_id: str) -> None:
    """Refuse a body that is no JSON, under a status that ccxt has no error for.

    Raises:
        ccxt.BadResponse: a page of HTML, an empty or a broken body under a status of success.
        ccxt.ExchangeNotAvailable: the status says that the server failed.
    """
    if code < _CLIENT_ERROR and is_answer(text, code, call.kind):
        return
    failed = "ExchangeNotAvailable" if code >= _SERVER_ERROR else "BadResponse"
    found = excerpt(text) if text.strip() else "nothing"
    raise errors.describe(
        errors.named(failed),
        f"{call.method}: HTTP {code} {reason}: expected JSON, found {found}",
        exchange_id=exchange_id,
        path="$",
        found=found,
        expected="JSON",
    )


def heard(call: Call, handle: Callable[[], Any], *, is_json: bool) -> Any:
    """Let a class read errors out of a body; what is no JSON never says "not found".

    Raises:
        ccxt.BaseError: what the exchange's words mean.
    """
    try:
        return handle()
    except errors.OrderNotFound as error:
        if not is_json:
            return None
        call.refuse(error)
        raise
    except errors.BaseError:
        raise
    except Exception:
        if is_json:
            raise
        return None
