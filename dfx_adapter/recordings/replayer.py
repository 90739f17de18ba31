"""Replaying: an exchange object that is answered from a recording, and that sends nothing.

It is what `connect` gives, but for its session, its clock and its keys. The class is made at run
time, over the one that the object has.
"""

from __future__ import annotations

import inspect
import math
import re
from contextlib import contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from dfx_adapter import errors
from dfx_adapter.exchanges import pickled
from dfx_adapter.exchanges.drivers import awaited, called
from dfx_adapter.guards import accounts, pacing
from dfx_adapter.guards.masking import MASK
from dfx_adapter.limits import bans
from dfx_adapter.order import FINAL
from dfx_adapter.recordings import asked, hiding, index, lines, needed, outermost, sessions
from dfx_adapter.steps import NO_PARAMS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from dfx_adapter.order import Order
    from dfx_adapter.recordings.index import Chosen, Found, Index, RecordedCall
    from dfx_adapter.recordings.lines import Answer
    from dfx_adapter.steps import Steps

# Stand-ins for what ccxt's classes want before they sign, in the form that each of them needs.
_CREDENTIALS: Final[Mapping[str, str]] = {
    "secret": "cmVwbGF5ZWQtc2VjcmV0",  # Base64
    "privateKey": "0x" + "11" * 32,
    "walletAddress": "0x" + "11" * 20,
    "twofa": "JBSWY3DPEHPK3PXP",  # Base32
}
_OTHER_CREDENTIAL: Final = "replayed-credential"
# Parameters that are another one in each request.
_OF_THE_MOMENT: Final = re.compile(
    r"(?:\w*time_?stamp|nonce|tonce|ts|recv_?window|request_?time|expires?|req_?id)", re.IGNORECASE
)


class Playing(outermost.Call):
    """A call that is answered from a recording."""

    def __init__(self, owner: Any, name: str, args: list[Any]) -> None:
        super().__init__(owner, name, args)
        self._given: list[Answer] = []

    @cached_property
    def _found(self) -> Found:
        """What is recorded of the call; looked up when it is about to send something.

        A call that was refused before that is not in the recording.
        """
        found: Found = self.owner._dfx_index.take(self.method, self.args) or index.NOTHING
        if found.answers:
            self.owner._dfx_now = found.answers[0].time - found.answers[0].took
        return found

    @cached_property
    def _left(self) -> list[Answer]:
        return list(self._found.answers)

    @property
    def ids(self) -> list[str]:
        """Those that its request is for, where several calls have shared it."""
        return self._found.ids

    @property
    def now(self) -> int:
        """Milliseconds since 1970, on the recorded clock."""
        if self._given:
            return self._given[-1].time
        first = next(iter(self._found.answers), None)
        return int(self.owner._dfx_now) if first is None else first.time - first.took

    def answer(self, http: str, url: str) -> Answer:
        """Return the answer to a request of the call.

        Raises:
            NotRecorded: there is none.
        """
        found = _matching(self._left, http, url)
        if found is not None:
            self._left.remove(found)
            self._given.append(found)
        elif http == "GET" or asked.is_reading(self.method):
            found = _matching(self._given[::-1], http, url)
            self._given += [found] if found else []
        if found is None:
            raise _not_recorded(self, http, url)
        self.owner._dfx_now = found.time
        return found


def _matching(answers: list[Answer], http: str, url: str) -> Answer | None:
    """Return the answer to a URL: to this very one, else to one of the same path."""
    same = [answer for answer in answers if answer.http == http]
    for form in (str, _without_moment, _path):
        wanted = form(url)
        for answer in same:
            if form(answer.url) == wanted:
                return answer
    of_endpoint = (answer for answer in same if _path(answer.url).endswith(_path(url)))
    return next(of_endpoint, None)  # of a request that could not be signed


def _without_moment(url: str) -> str:
    path, _, query = url.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    kept = (
        name + value
        for name, _, value in pairs
        if value != MASK and not _OF_THE_MOMENT.fullmatch(name)
    )
    return "?".join((path, *sorted(kept)))


def _path(url: str) -> str:
    return url.partition("?")[0]


def _not_recorded(call: Playing, http: str, url: str) -> Exception:
    exchange = call.owner
    asked_for = f"{call.method}({index.written(call.args)})"
    if call._given or call._left:
        reason = f"{asked_for} has no answer left to {http} {_path(url)}"
    else:
        reason = f"{asked_for} is not in it: {exchange._dfx_index.nearest(call.method, call.args)}"
    return errors.describe(
        errors.named("NotRecorded"),
        f"recording: {reason}; nothing was sent",
        exchange_id=exchange.id,
        found=asked_for,
        expected="a call that was recorded",
    )


_running: Final = outermost.Outermost[Playing]("dfx_adapter_replayed_call")


class Replaying:
    """What an exchange object has that is answered from a recording."""

    id: str
    _dfx_index: Index
    _dfx_now: int = 0
    _dfx_is_closed = False  # asyncio: until the first request is sent

    session: Any

    def recorded_calls(self) -> list[RecordedCall]:
        """Return the calls that are in the recording, in its order: line, time, method, args."""
        return list(self._dfx_index.calls)

    def milliseconds(self) -> int:
        """Return the time of the recording, since 1970."""
        call = _running.of(self)
        return self._dfx_now if call is None else call.now

    def seconds(self) -> int:
        """Return the time of the recording, as ccxt has it."""
        return self.milliseconds() // 1000

    def microseconds(self) -> int:
        """Return the time of the recording, as ccxt has it."""
        return self.milliseconds() * 1000

    def get_socks_proxy_session(self, *_: Any) -> Any:
        """Return what sends nothing."""
        return self.session

    def prepare_request_headers(self, headers: Any = None) -> Any:
        """Return the headers of a request that is not sent; no ban keeps it back."""
        if getattr(self, "_dfx_limits", None) is not None:
            bans.forgive(pacing.account(self))
        return super().prepare_request_headers(headers)  # type: ignore[misc]  # of ccxt's class

    def sign(self, path: Any, *args: Any, **kwargs: Any) -> Any:
        """Sign a request that is not sent; where the stand-in for a key cannot, do without."""
        stock: Any = super()
        try:
            return stock.sign(path, *args, **kwargs)
        except errors.NotSupported:
            raise
        except Exception:  # noqa: BLE001  # whatever a class, or a library of it, says of the key
            given = {**dict(zip(("api", "method", "params"), args, strict=False)), **kwargs}
            url = f"https://recording/{stock.implode_params(path, given.get('params') or {})}"
            method = given.get("method", "GET")
            return {"url": url, "method": method, "headers": None, "body": None}


def _ask(exchange: Any, http: str, url: str) -> Answer:
    """Return the recorded answer to a request."""
    call = _running.of(exchange)
    if call is None:
        call = Playing(exchange, asked.REQUEST, [url])
    return call.answer(http, hiding.hidden_by_value(exchange).url(url))


def replaying_over(base: Any) -> Any:
    """Return a class whose objects are answered from a recording, over one of ours or ccxt's."""
    if issubclass(base, Replaying):
        return base
    is_async = inspect.iscoroutinefunction(base.fetch)
    own: dict[str, Any] = outermost.methods(base, _entered)
    own |= _sockets(base)
    own["__module__"] = base.__module__
    own["session"] = property(partial(_session, is_async), _close_session)
    if is_async:
        own["open"] = _open
    if hasattr(base, "wait_for_order"):
        wait = (awaited if is_async else called)(wait_for_order, accounts.asking_anew)
        own |= {"wait_for_order": wait, "waitForOrder": wait}
    if hasattr(base, "_dfx_ask_together"):
        own["_dfx_asks_alone"] = _asks_alone
        own["_dfx_ask_together"] = _ask_together_on_loop if is_async else _ask_together
    cls = type(base.__name__, (Replaying, base), own)
    return pickled.remember_over(cls, replaying_over, base)


def _session(is_async: bool, exchange: Any) -> Any:  # noqa: FBT001  # bound by partial
    """Return what sends nothing; None once it is closed, by which ccxt knows that it is."""
    make = sessions.AwaitingSession if is_async else sessions.CallingSession
    return None if exchange._dfx_is_closed else make(partial(_ask, exchange))


def _close_session(exchange: Any, session: Any) -> None:
    """Keep the session that sends nothing, whichever is given, until there is to be none."""
    exchange._dfx_is_closed = session is None


def _open(exchange: Any, *args: Any, **kwargs: Any) -> None:
    """Open as ccxt does, but for the session."""
    was_closed, exchange._dfx_is_closed = exchange._dfx_is_closed, False
    try:
        stock: Any = super(Replaying, exchange)
        stock.open(*args, **kwargs)
    except BaseException:
        exchange._dfx_is_closed = was_closed
        raise


def _sockets(base: type) -> dict[str, Any]:
    """Return what stands for methods that would open a socket."""
    names = (name for name in dir(base) if name.startswith(("watch", "un_watch", "unWatch")))
    more = (name for name in dir(base) if name.endswith(("_ws", "Ws")) and name[:1] != "_")
    return {name: _refused(name) for name in (*names, *more) if callable(getattr(base, name))}


def _refused(name: str) -> Callable[..., Any]:
    def call(self: Any, *_: Any, **__: Any) -> Any:
        raise errors.describe(
            errors.named("NotRecorded"),
            f"recording: {name}: what comes over a socket is not recorded; none was opened",
            exchange_id=self.id,
        )

    call.__name__ = name
    return call


@contextmanager
def _entered(
    exchange: Any,
    name: str,
    method: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Iterator[Callable[[Any], Any]]:
    """Find the answers of a call, where it is the outermost."""
    is_inner = _running.has(exchange, name)
    given = None if is_inner else asked.bound(name, method, (exchange, *args), kwargs)
    if given is None:
        yield outermost.nothing
        return
    with _running.entered(Playing(exchange, name, hiding.BY_NAME.args(given))):
        yield outermost.nothing


# Requests that several calls have shared: each call is answered by the whole of it.


def _asks_alone(exchange: Any) -> bool:
    call = _running.of(exchange)
    return call is None or not call.ids


def _ask_together(exchange: Any, order_id: str, *args: Any) -> Any:
    call = _running.of(exchange)
    return exchange._dfx_outcomes(call.ids if call else [order_id], *args)[order_id]


async def _ask_together_on_loop(exchange: Any, order_id: str, *args: Any) -> Any:
    call = _running.of(exchange)
    return (await exchange._dfx_outcomes(call.ids if call else [order_id], *args))[order_id]


def wait_for_order(  # `exchange` is the object whose method it becomes
    exchange: Any,
    id: str,  # noqa: A002  # ccxt's name
    symbol: str | None = None,
    timeout: float | None = None,
    params: Mapping[str, Any] = NO_PARAMS,
    *,
    until: Collection[str] | None = None,
) -> Steps[Order]:
    """Take the recorded answers about an order until it is over, without waiting between them.

    Raises:
        ccxt.RequestTimeout: it is not over in the recording, or not within the time to wait.
        NotRecorded: it is not over in the recording, and none was given.
    """
    wanted = FINAL.union(until or ())
    deadline: float | None = None
    while True:
        try:
            order: Order = yield partial(exchange.fetch_order, id, symbol, params)
        except (errors.OperationFailed, errors.OrderNotFound):
            pass
        else:
            if order["status"] in wanted:
                return order
        now = exchange.milliseconds()
        if deadline is None:
            deadline = math.inf if timeout is None else now + timeout * 1000
        if now >= deadline or _is_last(exchange, (id, symbol, params)):
            name = "NotRecorded" if timeout is None else "RequestTimeout"
            reason = f"waitForOrder: {id!r} is not over in the recording"
            raise errors.describe(errors.named(name), reason, exchange_id=exchange.id, ids=[id])


def _is_last(exchange: Any, args: tuple[Any, ...]) -> bool:
    """Tell whether there is no further answer to a question about an order."""
    fetch = type(exchange).fetch_order
    given = asked.bound("fetch_order", fetch, (exchange, *args), {}) or []
    over: bool = exchange._dfx_index.is_over("fetchOrder", hiding.BY_NAME.args(given))
    return over


# Making one.


def chosen(source: lines.Source, exchange_id: str | None, account: str | None) -> Chosen:
    """Read a recording, and take what is of one exchange and account.

    Raises:
        OSError: it cannot be read.
        ccxt.BadRequest: it has several exchanges, or accounts of one, and none is named; or not
            the one that is.
    """
    return index.choose(lines.read(source), exchange_id, account)


def answer_from(exchange: Any, recording: Chosen) -> Any:
    """Let an exchange object be answered from a recording, and return it."""
    cls: Any = type(exchange)
    exchange.__class__ = replaying_over(cls)
    vars(exchange)["_dfx_recording"] = None
    exchange.enableRateLimit = False
    exchange._dfx_is_closed = inspect.iscoroutinefunction(cls.fetch)
    for name, is_needed in exchange.requiredCredentials.items():
        if is_needed and not getattr(exchange, name, None):
            setattr(exchange, name, _CREDENTIALS.get(name, f"{_OTHER_CREDENTIAL}-{uuid4().hex}"))
    _take_options(exchange, needed.typed(recording.options, exchange.number))
    if recording.markets:
        exchange.set_markets(needed.typed(recording.markets, exchange.number))
    symbol_of = partial(asked.symbol_by, exchange.markets or {}, exchange.markets_by_id or {})
    exchange._dfx_index = index.Index(recording.answers, symbol_of)
    return exchange


def _take_options(exchange: Any, recorded: Mapping[str, Any]) -> None:
    """Take the options of a recording, where the object has none of its own."""
    described = exchange.describe().get("options") or {}
    for name, value in recorded.items():
        own = exchange.options.get(name)
        if own == described.get(name):
            is_deep = isinstance(own, dict) and isinstance(value, dict)
            exchange.options[name] = exchange.deep_extend(own, value) if is_deep else value
