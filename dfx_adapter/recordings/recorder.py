"""Recording: an exchange object whose answers are written down, each with what it was asked for.

The class of such an object is made at run time, over the one that it has; an object that records
nothing has none of this.
"""

from __future__ import annotations

import inspect
import itertools
import os
import re
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from functools import cache, partial, wraps
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import uuid4

from dfx_adapter.exchanges import pickled
from dfx_adapter.guards.guarded import Guarded
from dfx_adapter.limits import bans
from dfx_adapter.options import DEFAULTS
from dfx_adapter.recordings import asked, files, hiding, needed, outermost
from dfx_adapter.recordings.lines import Answer, Failure, Markets, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dfx_adapter.recordings.files import Settings

OPTION: Final = "record"
_OVER: Final = "_dfx_recording_class"  # of a class: the one over it that records
_BODY: Final = 5  # its place among what ccxt calls `on_rest_response` with
_URL: Final = re.compile(r"\w+://[^\s;'\"]+")  # that of a proxy may have a password
_WHO: Final = ("apiKey", "walletAddress", "login", "token", "uid")  # the first of which tells whose
_numbers: Final = itertools.count(1)  # of the calls of this process, as they are made


@cache
def _process(pid: int) -> str:  # noqa: ARG001  # another one in a child
    """Return what tells a process from all others that write to a file."""
    return uuid4().hex[:8]


class RecordedCall(outermost.Call):
    """A call whose answers are written down, or are not."""

    def __init__(self, owner: Any, name: str, args: list[Any] | None, where: Settings) -> None:
        super().__init__(owner, name, args or [])
        self.where = where
        self.id = f"{_process(os.getpid())}-{next(_numbers)}"
        self.requests = 0
        self.is_recorded = args is not None


class Sent:
    """A request on its way, and what came of it."""

    __slots__ = ("body", "call", "error", "n", "request", "since", "status")

    def __init__(self, call: RecordedCall, request: hiding.Request, since: int) -> None:
        self.call = call
        self.request = request
        self.since = since
        self.n = call.requests
        self.status: int | None = None
        self.body: str | None = None
        self.error: Exception | None = None
        call.requests += 1


_default: list[Any] = []  # of all objects of this process, where one is launched to record
_waiting: Final[list[RecordedCall]] = []  # for a request that others may send
_written: Final[set[tuple[Any, ...]]] = set()  # markets that stand in a file already

_running: Final = outermost.Outermost[RecordedCall]("dfx_adapter_recorded_call")
_sent: Final[ContextVar[Sent | None]] = ContextVar("dfx_adapter_recorded_request", default=None)
_together: Final[ContextVar[Sequence[RecordedCall]]] = ContextVar(
    "dfx_adapter_recorded_together", default=()
)


def record_all(option: Any) -> None:
    """Record what every object of this process is answered that is built from now on."""
    _default[:] = [option]


def bind(exchange: Any) -> Any:
    """Let an exchange object record, where its options say so, and return it."""
    option = getattr(exchange, "options", {}).get(OPTION, DEFAULTS[OPTION])
    option = next(iter(_default), None) if option is None else option
    if option is not None and not isinstance(exchange, Guarded):
        reason = f"{type(exchange).__name__}: what a plugin's own class is answered is not recorded"
        files.warn(files.settings(option).file, reason)
    elif isinstance(exchange, Guarded) and option is not None:
        cls: Any = type(exchange)
        exchange.__class__ = recording_over(cls)
        vars(cast("Any", exchange))["_dfx_recording"] = files.settings(option)
    elif is_recording(type(exchange)):
        exchange._dfx_recording = None
    return exchange


def unbind(exchange: Any) -> None:
    """Leave nothing of recording on an object that gets its own class back."""
    vars(exchange).pop("_dfx_recording", None)


def is_recording(cls: type) -> bool:
    """Tell whether a class is one whose objects can record."""
    return hasattr(cls, "_dfx_recording")


def recording_over(base: Any) -> Any:
    """Return a class over one of ours, whose objects record; as long as that one is, the same."""
    if is_recording(base):
        return base
    if _OVER in vars(base):
        return vars(base)[_OVER]
    is_async = inspect.iscoroutinefunction(base.fetch)
    own: dict[str, Any] = outermost.methods(base, _entered)
    own |= {"__module__": base.__module__, "_dfx_recording": None}
    own["fetch"] = outermost.within(base.fetch, _sending, is_async=is_async)
    own["on_rest_response"] = _keeping_text(base.on_rest_response)
    own |= _of_shared_requests(base)
    cls = pickled.remember_over(type(base.__name__, (base,), own), recording_over, base)
    setattr(base, _OVER, cls)
    return cls


def _keeping_text(on_rest_response: Callable[..., str]) -> Callable[..., str]:
    """Keep the text of an answer for the line that is written of it."""

    @wraps(on_rest_response)
    def keep(self: Any, *answered: Any) -> str:
        sent = _sent.get()
        if sent is not None and sent.call.owner is self:
            sent.status, sent.body = answered[0], str(answered[_BODY])
        return on_rest_response(self, *answered)

    return keep


# A call.


@contextmanager
def _entered(
    exchange: Any,
    name: str,
    method: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Iterator[Callable[[Any], Any]]:
    """Note a call, where it is the outermost, and the markets that its answer is about."""
    where = exchange._dfx_recording
    if where is None or _running.has(exchange, name):
        yield outermost.nothing
        return
    given: list[Any] | None = None
    if where.all or asked.is_about_orders(name):
        with suppress(Exception):  # what a bot has given may be anything
            bound = asked.bound(name, method, (exchange, *args), kwargs)
            given = None if bound is None else hiding.BY_NAME.args(bound)
    call = RecordedCall(exchange, name, given, where)
    with _running.entered(call):
        try:
            yield partial(_note_markets, call) if call.is_recorded else outermost.nothing
        except Exception:
            _note_markets(call, None)
            raise


# A request.


@contextmanager
def _sending(exchange: Any, url: str, *args: Any, **kwargs: Any) -> Iterator[None]:
    """Write down what comes of a request."""
    call = next(iter(_together.get()), None) or _running.of(exchange)
    if call is None or call.owner is not exchange or not call.is_recorded:
        yield
        return
    sent = Sent(call, hiding.request_of(url, args, kwargs), exchange.milliseconds())
    token = _sent.set(sent)
    try:
        yield
    except Exception as error:
        sent.error = error
        raise
    finally:
        with suppress(ValueError):
            _sent.reset(token)
        _safely(call, partial(_note, exchange, sent))


def _safely(call: RecordedCall, write_down: Callable[[], None]) -> None:
    """Write, whatever goes wrong: a recording never breaks a bot."""
    with suppress(Exception):
        try:
            write_down()
        except Exception as error:  # noqa: BLE001  # the bot trades on
            reason = call.owner.dfx_masked(f"an answer cannot be recorded: {error!r}")
            files.warn(call.where.file, reason)


def _note(exchange: Any, sent: Sent) -> None:
    """Write the line of an answer, or of what kept it away."""
    request, call = sent.request, sent.call
    is_done = sent.status is not None or sent.error is not None  # else it was cancelled
    if not is_done or hiding.answers_with_token(request.url):
        return
    hidden, now = hiding.hidden_of(exchange, request), exchange.milliseconds()
    line = Answer(
        **_head(exchange, now),
        method=call.method,
        args=hidden.args(call.args),
        http=request.http,
        url=hidden.url(request.url),
        status=sent.status,
        body=None if sent.body is None else hidden.body(sent.body),
        error=_failure(hidden, sent) if sent.status is None else None,
        call=call.id,
        n=sent.n,
        took=max(0, now - sent.since),
        shared=[hidden.args(other.args) for other in _together.get()[1:]],
    )
    files.append(call.where, write(line))
    if sent.body is not None and asked.is_about_orders(call.name):
        _write_markets(call, set(needed.symbols_in(exchange, sent.body)))


def _failure(hidden: hiding.Hidden, sent: Sent) -> Failure:
    """Return why there is no answer, with path and query in the place of URLs."""
    text = _URL.sub(lambda found: hidden.url(found[0]), str(sent.error))
    return Failure(type(sent.error).__name__, hidden.text(text))


def _head(exchange: Any, now: int) -> dict[str, Any]:
    """Return what lines of an object share."""
    import ccxt  # noqa: PLC0415  # the object is of its

    who = next((who for name in _WHO if (who := getattr(exchange, name, None))), "")
    id_ = getattr(exchange, "_dfx_served_as", exchange.id)
    account = bans.account(id_, str(who))[:8] if who else None
    return {"time": now, "exchange": id_, "account": account, "ccxt": ccxt.__version__}


# Markets.


def _note_markets(call: RecordedCall, answer: Any) -> Any:
    """Write the markets that the arguments of a call or its orders name; return the answer."""
    if call.is_recorded and call.requests:
        found = partial(needed.symbols, call.owner, *call.args, answer)
        _safely(call, lambda: _write_markets(call, set(found())))
    return answer


def _write_markets(call: RecordedCall, symbols: set[str]) -> None:
    exchange, where = call.owner, call.where
    head = _head(exchange, exchange.milliseconds())
    key = (where.file, files.identity(where), head["exchange"], head["account"])
    new = {symbol for symbol in symbols if (*key, symbol) not in _written}
    if not new and key in _written:
        return
    masked = hiding.hidden_of(exchange).values
    markets, options = needed.markets(exchange, new), needed.options(exchange, new)
    line = Markets(**head, markets=masked(markets), options=masked(options))
    if not (markets or options) or files.append(where, write(line)):
        _written.update({key}, ((*key, symbol) for symbol in new))


# Requests that several calls share.


def _of_shared_requests(base: Any) -> dict[str, Any]:
    """Return what notes whose calls wait for a request, and which of them one is for."""
    if not hasattr(base, "_dfx_ask_together"):
        return {}
    is_async = inspect.iscoroutinefunction(base._dfx_outcomes)
    arounds = {"_dfx_ask_together": _waits, "_dfx_outcomes": _asking_for}
    return {
        name: outermost.within(getattr(base, name), around, is_async=is_async)
        for name, around in arounds.items()
    }


@contextmanager
def _waits(exchange: Any, *_: Any) -> Iterator[None]:
    call = _running.of(exchange)
    if call is None or not call.is_recorded:
        yield
        return
    _waiting.append(call)
    try:
        yield
    finally:
        with suppress(ValueError):  # its request was sent
            _waiting.remove(call)


def _asking_for(exchange: Any, ids: Sequence[str], *_: Any) -> Any:
    """Note which calls a request for several orders is for; they wait for no other one."""
    leader = _running.of(exchange)
    if leader is None:
        return nullcontext()
    with suppress(ValueError):
        _waiting.remove(leader)
    place = {order_id: index for index, order_id in enumerate(ids)}
    calls = [
        call
        for call in (leader, *_waiting)
        if call.owner is exchange and call.name == leader.name and _id(call) in place
    ]
    for call in calls[calls[:1] == [leader] :]:
        with suppress(ValueError):
            _waiting.remove(call)
    return _set_together(sorted(calls, key=lambda call: place[_id(call)]))


def _id(call: RecordedCall) -> str:
    return str(call.args[0]) if call.args else ""


@contextmanager
def _set_together(calls: Sequence[RecordedCall]) -> Iterator[None]:
    """Let a request be one of the first of some calls, and for the others, too."""
    token = _together.set(calls)
    try:
        yield
    finally:
        with suppress(ValueError):
            _together.reset(token)
