"""The socket: an exchange on loopback, for sync and async callers alike.

The server runs in a thread with an event loop of its own, so that neither a blocking client nor
the loop of an async test can starve it. Bodies are compressed where the client accepts gzip,
connections are kept alive: both as the real exchange does (headers in ccxt issue 6097).
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from dfx_adapter.simulator.api import Exchange
from dfx_adapter.simulator.exact import Number
from dfx_adapter.simulator.markets import DEFAULT_MARKETS, Market
from dfx_adapter.simulator.messages import Request, Response
from dfx_adapter.simulator.raw import RawResponse
from dfx_adapter.simulator.stream import STREAM_PATH, Stream
from dfx_adapter.simulator.venue import DetailShape, UnknownId

HOST: Final = "127.0.0.1"
_PATIENCE: Final = 0.1
"""Seconds that answers under way are given when the server stops."""
_LARGE: Final = 1024 * 1024
"""Bytes above which compressing is worth the way to another thread."""


class Server:
    """A running server; it stops when asked to, and then nothing of it is left."""

    def __init__(
        self, respond: Callable[[Request], Response], port: int, stream: Stream | None = None
    ) -> None:
        self._respond = respond
        self._stream = stream
        self._socket = socket.create_server((HOST, port))
        self.port: int = self._socket.getsockname()[1]
        self._server: web.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="dfx-simulator", daemon=True)
        self._thread.start()

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return 0 if self._server is None else len(self._server.connections)

    def stop(self) -> None:
        """Close every connection and end the thread."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._server = web.Server(self._answer, access_log=None)
        runner = web.ServerRunner(self._server, shutdown_timeout=_PATIENCE)
        await runner.setup()
        await web.SockSite(runner, self._socket).start()
        await self._stopped.wait()
        await runner.cleanup()

    async def _answer(self, incoming: web.BaseRequest) -> web.StreamResponse:
        path, _, query = incoming.raw_path.partition("?")
        if path == STREAM_PATH and self._stream is not None:
            return await self._stream.serve(incoming)
        body = await incoming.read()
        request = Request(incoming.method, path, query, dict(incoming.headers), body)
        response = self._respond(request)
        if response.delay:
            await asyncio.sleep(response.delay)
        if response.dropped and incoming.transport is not None:
            incoming.transport.close()
        if response.wire is not None:
            return RawResponse(response, response.wire)
        return _outgoing(response, incoming.headers.get("Accept-Encoding", ""))


def _outgoing(response: Response, accepted: str) -> web.Response:
    headers = {"Content-Type": response.content_type, **response.headers}
    outgoing = web.Response(
        body=response.body,
        status=response.status,
        headers=headers,
        zlib_executor_size=_LARGE,
    )
    if "gzip" in accepted.lower():
        outgoing.enable_compression(web.ContentCoding.gzip)
    return outgoing


class Simulator(Exchange):
    """A DigiFinex v3 exchange on loopback.

    It serves between `start` and `stop`, or within ``with`` or ``async with``, and comes back on
    the same port; `respond` works at any time.

    Args:
        port: Where to listen, 0 for any free port, which it then keeps.
        api_key: The key that private requests must show.
        secret: The secret that they must be signed with.
        clock: Gives the seconds since the epoch.
        markets: What is traded.
        balances: Balances by currency, the same for spot and margin; a million where not given.
        unknown_id: See `Venue`.
        detail_shape: See `Venue`.

    Attributes:
        stream: Its WebSocket, see `Stream`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        api_key: str = "simulated-key",
        secret: str = "simulated-secret",  # noqa: S107 - it opens nothing but this simulator
        clock: Callable[[], float] = time.time,
        markets: Iterable[Market] = DEFAULT_MARKETS,
        balances: Mapping[str, Number] | None = None,
        unknown_id: UnknownId = "drop",
        detail_shape: DetailShape = "list",
    ) -> None:
        super().__init__(
            api_key=api_key,
            secret=secret,
            clock=clock,
            markets=markets,
            balances=balances,
            unknown_id=unknown_id,
            detail_shape=detail_shape,
        )
        self._port = port
        self._server: Server | None = None
        self.stream = Stream(self, api_key, secret)

    @property
    def stream_url(self) -> str:
        """Where its WebSocket is."""
        return self.url.replace("http://", "ws://") + STREAM_PATH

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        if self._server is None:
            raise RuntimeError("the simulator is not started")
        return f"http://{HOST}:{self._server.port}"

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return 0 if self._server is None else self._server.connections

    def ccxt_config(self) -> dict[str, Any]:
        """Return the config that points ccxt's digifinex here."""
        return {
            "apiKey": self.api_key,
            "secret": self.secret,
            "urls": {"api": {"rest": self.url, "ws": self.stream_url}},
        }

    def start(self) -> Self:
        """Begin to listen; an OSError says that the port is taken."""
        if self._server is not None:
            raise RuntimeError("the simulator is already started")
        self._server = Server(self.respond, self._port, self.stream)
        self._port = self._server.port
        return self

    def stop(self) -> None:
        """Stop listening, where it was; orders and log stay."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
