"""Answers that come through requests: bounded from the first byte on the wire to the last inflated.

What requests reads, it reads by http.client from a file over the socket; there, each read gets the
time that is left of the whole, and bytes are counted: interim answers, headers, chunks, the answer
of a proxy. What it inflates is counted as it comes out.
"""

from __future__ import annotations

import http.client
import io
import socket
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family

from dfx_adapter.guards.bounds import Bounds, Measured, current
from dfx_adapter.guards.sessions import GuardedSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# Where an answer breaks off or cannot be read as HTTP.
FAILED_TRANSFERS: Final = (
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


_NOT_CONNECTED: Final = (NewConnectionError, ConnectTimeoutError)


class CallingSession(GuardedSession):
    """A session of requests. An adapter that a user has mounted stays; it has no total time."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        if isinstance(session, requests.Session):
            _mount(session)

    def _send(
        self, send: Callable[..., Any], args: Any, kwargs: dict[str, Any], bounds: Bounds
    ) -> Any:
        # Streamed, so that what another adapter answers is bounded before it is read.
        answer = send(*args, **{**kwargs, "stream": True})
        if isinstance(answer, requests.Response):
            _bound(answer, bounds)
        return answer


def _mount(session: requests.Session) -> None:
    """Put our adapter in the place of the library's own; without bounds it is the same."""
    for prefix, adapter in session.adapters.items():
        if type(adapter) is HTTPAdapter:
            bounded = BoundedAdapter.__new__(BoundedAdapter)
            bounded.__setstate__(adapter.__getstate__())
            session.adapters[prefix] = bounded


class BoundedAdapter(HTTPAdapter):
    """The adapter of requests, whose connections heed the bounds of the request that is sent."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of connections."""
        super().init_poolmanager(*args, **kwargs)
        _bound_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pools of connections to a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        _bound_pools(manager)
        return manager

    def build_response(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Return the answer.

        Where it says to go, nobody goes, but requests would look at that all the same, and leave
        the connection open where it cannot be read.
        """
        answer = super().build_response(*args, **kwargs)
        bounds = current.get()
        if bounds is not None:
            answer.headers.pop("Location", None)
            _bound(answer, bounds)
        return answer


def _bound_pools(manager: Any) -> None:
    classes = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _bounded_pool(cls) for scheme, cls in classes.items()}


@cache
def _bounded_pool(cls: Any) -> Any:
    """Return a class of pools of urllib3 whose connections read bounded answers."""
    if issubclass(cls, _BoundedPool):
        return cls
    own = {"__module__": cls.__module__, "ConnectionCls": _bounded_connection(cls.ConnectionCls)}
    return type(cls.__name__, (_BoundedPool, cls), own)


@cache
def _bounded_connection(cls: Any) -> Any:
    """Return a class of connections whose addresses share the time, except to a proxy of SOCKS."""
    if getattr(cls, "_new_conn", None) is not HTTPConnection._new_conn:
        return cls
    return type(cls.__name__, (_BoundedConnection, cls), {"__module__": cls.__module__})


class _BoundedConnection:
    """A connection to one of the addresses of a name; urllib3 gives each the whole timeout."""

    _dns_host: str
    port: int
    timeout: Any

    def _new_conn(self) -> Any:
        bounds = current.get()
        addresses = [] if bounds is None else _addresses(self._dns_host, self.port)
        if bounds is None or len(addresses) <= 1:
            return super()._new_conn()  # type: ignore[misc]  # of the connection beside it
        name, timeout = self._dns_host, self.timeout
        try:
            for left in range(len(addresses), 0, -1):
                self._dns_host = addresses[-left]
                self.timeout = bounds.seconds_left() / left
                with suppress(*(_NOT_CONNECTED if left > 1 else ())):
                    return super()._new_conn()  # type: ignore[misc]
        finally:
            self._dns_host, self.timeout = name, timeout


def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a name; none where it is not found, which urllib3 says best."""
    try:
        found = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _BoundedPool:
    def _new_conn(self) -> Any:
        connection = super()._new_conn()  # type: ignore[misc]  # of the pool beside it
        connection.response_class = _BoundedAnswer
        return connection


class _BoundedAnswer(http.client.HTTPResponse):
    """An answer that is read within the bounds of the request that it answers."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        bounds = current.get()
        if bounds is not None:
            self.fp = io.BufferedReader(_BoundedSocket(self.fp, sock, bounds))

    def begin(self) -> None:
        """Read the headers; urllib3 would log lines that are none, whatever somebody put there."""
        super().begin()
        if current.get() is not None:
            self.msg.defects.clear()
            self.msg.set_payload("")


class _BoundedSocket(io.RawIOBase):
    """The bytes of a socket, each read of which has the time that is left."""

    def __init__(self, file: Any, sock: Any, bounds: Bounds) -> None:
        self._file = file.detach()
        self._sock = sock
        self._bounds = bounds
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._bounds.seconds_left())
        size: int = self._file.readinto(buffer)
        self._size += size
        self._bounds.check_wire(self._size)
        return size

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _bound(answer: requests.Response, bounds: Bounds) -> None:
    """Bound what is inflated of a body that is not read yet."""
    raw = answer.raw
    if isinstance(raw, _BoundedBody) or getattr(answer, "_content_consumed", True):
        return
    try:
        if raw is not None and not bounds.check_headers(answer.headers):
            answer.raw = _BoundedBody(raw, bounds)
    except BaseException:
        answer.close()
        raise


class _BoundedBody:
    """The body of urllib3's answer; in all else, the answer itself."""

    def __init__(self, raw: Any, bounds: Bounds) -> None:
        self._raw = raw
        self._bounds = bounds

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._raw, name)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        """Read piece by piece; a piece is never longer than requests asks for."""
        measured = Measured(self._bounds)
        try:
            for piece in self._raw.stream(*args, **kwargs):
                measured.add(piece)
                yield piece
        except BaseException:
            self._raw.close()
            raise
