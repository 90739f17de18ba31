"""The WebSocket of the exchange, beside its REST interface: order updates as they happen.

Document: Websocket_API_en.md (github DigiFinex/api). Seen by clients: a connection whose client is
silent for 60 s is closed without a close frame; a connection lives for about two hours; there is no
snapshot, no sequence number and no replay. What nobody knows is an attribute of `Stream`.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from aiohttp import WSMsgType, web

from dfx_adapter.simulator import stream_frames
from dfx_adapter.simulator.stream_faults import Duplicated, Late, Lost, Moved, PushFault, Refusal

if TYPE_CHECKING:
    from dfx_adapter.simulator.orders import Order, Row
    from dfx_adapter.simulator.venue import Venue

STREAM_PATH: Final = "/ws/v1/"
MOST_MESSAGES: Final = 10_000
_LARGEST: Final = 1 << 20  # bytes of a message of a client
_BEHIND, _AHEAD = 5000, 1000  # milliseconds, as REST has it; of the stream it is not documented
_MASK: Final = "***"


class Stream:
    """The streams of one exchange, and what its owner can do to them.

    Attributes:
        acks: Whether answers to requests come as "text" or as "binary" frames. Both were seen.
        errors: Whether an error is an "object" with a code and a message, or a "text".
        pushes_created: Whether a new order is pushed, too.
        timestamps: Whether the timestamp of a push is of the "created" order, or of the "change".
        repeats: Whether a second subscription of a symbol is "taken" or "refused".
        idle: Seconds of a client's silence after which its connection is dropped.
        lifetime: Seconds after which a connection is closed whatever happens; None for none.
        is_mute: Whether nothing is answered or pushed, though connections stay.
    """

    def __init__(self, venue: Venue, api_key: str, secret: str) -> None:
        self.acks: Literal["text", "binary"] = "text"
        self.errors: Literal["object", "text"] = "object"
        self.pushes_created = True
        self.timestamps: Literal["created", "change"] = "change"
        self.repeats: Literal["taken", "refused"] = "taken"
        self.idle: float = 60
        self.lifetime: float | None = None
        self.is_mute = False
        self.handshakes = 0
        self._venue = venue
        self._api_key, self._secret = api_key, secret
        self._connections: set[_Connection] = set()
        self._messages: deque[dict[str, Any]] = deque(maxlen=MOST_MESSAGES)
        self._faults: deque[PushFault] = deque()
        self._refusals: deque[Refusal] = deque()
        self._held: list[Row] = []
        venue.book.watchers.append(self._on_change)

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The last 10,000 messages of clients, oldest first; keys and signatures are masked."""
        with self._venue.lock:
            return list(self._messages)

    def script(self, *faults: PushFault) -> None:
        """Spoil the next pushes, one fault each."""
        with self._venue.lock:
            self._faults.extend(faults)

    def refuse(self, *refusals: Refusal) -> None:
        """Refuse the next handshakes."""
        with self._venue.lock:
            self._refusals.extend(refusals)

    def drop(self) -> None:
        """End all connections without a close frame, as a lost network does."""
        self._each(_Connection.drop)

    def close(self, code: int = 1001) -> None:
        """Close all connections with a close frame."""
        self._each(lambda connection: connection.close(code))

    def send(self, frame: str | bytes) -> None:
        """Send a frame to every client, just as it is."""
        self._each(lambda connection: connection.put(frame))

    def push(self, *rows: Row) -> None:
        """Push rows just as they are, whatever the orders are, to every client that subscribed."""
        with self._venue.lock:
            for row in rows:
                self._publish(row)

    def _each(self, act: Callable[[_Connection], None]) -> None:
        with self._venue.lock:
            for connection in list(self._connections):
                connection.loop.call_soon_threadsafe(act, connection)

    def _on_change(self, order: Order, *, is_new: bool) -> None:
        if not self._connections or (is_new and not self.pushes_created):
            return
        created = self.timestamps == "created"
        row = stream_frames.push_of(order, self._venue.now(), created=created)
        fault = self._faults.popleft() if self._faults else None
        if isinstance(fault, Lost):
            return
        if isinstance(fault, Moved):
            self._held.append(row)
            return
        self._publish(row, fault.seconds if isinstance(fault, Late) else 0)
        if isinstance(fault, Duplicated):
            self._publish(row)
        held, self._held = self._held, []
        for late in held:
            self._publish(late)

    def _publish(self, row: Row, delay: float = 0) -> None:
        frame = stream_frames.update([row])
        for connection in self._connections:
            if not self.is_mute and row["symbol"] in connection.symbols:
                connection.loop.call_soon_threadsafe(connection.put_later, delay, frame)

    async def serve(self, incoming: web.BaseRequest) -> web.StreamResponse:
        """Serve one client until it, or a fault, ends the connection."""
        self.handshakes += 1
        if self._refusals:
            return self._refusals.popleft().response()
        socket = web.WebSocketResponse(autoping=True, compress=False, max_msg_size=_LARGEST)
        if not socket.can_prepare(incoming):
            return web.Response(status=400)
        await socket.prepare(incoming)
        connection = _Connection(socket, incoming.transport)
        with self._venue.lock:
            self._connections.add(connection)
        try:
            await self._converse(connection)
        finally:
            with self._venue.lock:
                self._connections.discard(connection)
            await connection.end()
        return socket

    async def _converse(self, connection: _Connection) -> None:
        loop = asyncio.get_running_loop()
        end = None if self.lifetime is None else loop.time() + self.lifetime
        while True:
            left = self.idle if end is None else min(self.idle, end - loop.time())
            try:
                message = await connection.socket.receive(timeout=max(left, 0))
            except TimeoutError:
                connection.drop()
                return
            if message.type is not WSMsgType.TEXT:
                return
            with self._venue.lock:
                reply = self._reply(connection, message.data)
            if not self.is_mute:
                connection.put(self._framed(reply))

    def _framed(self, reply: Mapping[str, Any]) -> str | bytes:
        return json.dumps(reply) if self.acks == "text" else stream_frames.packed(reply)

    def _reply(self, connection: _Connection, text: str) -> dict[str, Any]:
        try:
            request = json.loads(text)
            request_id, method, params = request["id"], request["method"], request["params"]
        except (ValueError, TypeError, KeyError):
            return self._error(None, 2, "bad request")
        hidden = [_MASK] * len(params) if method == "server.auth" else params
        self._messages.append({"id": request_id, "method": method, "params": hidden})
        handler = _METHODS.get(method)
        if handler is None:
            return self._error(request_id, 1, "unknown method")
        return handler(self, connection, request_id, params)

    def _error(self, request_id: object, code: int, text: str) -> dict[str, Any]:
        error = {"code": code, "message": text} if self.errors == "object" else text
        return stream_frames.answer(request_id, None, error)

    def _ping(self, _: _Connection, request_id: object, __: list[Any]) -> dict[str, Any]:
        return stream_frames.answer(request_id, "pong")

    def _time(self, _: _Connection, request_id: object, __: list[Any]) -> dict[str, Any]:
        return stream_frames.answer(request_id, self._venue.now())

    def _auth(
        self, connection: _Connection, request_id: object, params: list[Any]
    ) -> dict[str, Any]:
        """Check the key, the signature of the time, and the time."""
        given = [part for part in params if isinstance(part, str)]
        if len(given) != 3 or not given[1].isdigit():  # noqa: PLR2004  # key, time, signature
            return self._error(request_id, 2, "bad parameters")
        key, stamp, sign = given
        is_signed = hmac.compare_digest(
            sign.encode(), stream_frames.stream_signature(self._secret, stamp).encode()
        )
        if not hmac.compare_digest(key.encode(), self._api_key.encode()) or not is_signed:
            return self._error(request_id, 3, "auth fail")
        if not -_AHEAD <= 1000 * self._venue.now() + 999 - int(stamp) <= _BEHIND + 999:
            return self._error(request_id, 3, "auth fail: timestamp")
        connection.is_authenticated = True
        return stream_frames.answer(request_id, {"status": "success"})

    def _subscribe(
        self, connection: _Connection, request_id: object, params: list[Any]
    ) -> dict[str, Any]:
        if not connection.is_authenticated:
            return self._error(request_id, 4, "need auth")
        if self.repeats == "refused" and connection.symbols & set(params):
            return self._error(request_id, 5, "repeat subscribe")
        if not set(params) <= self._venue.markets.keys() or not params:
            return self._error(request_id, 2, "unknown symbol")
        connection.symbols |= set(params)
        return stream_frames.answer(request_id, {"status": "success"})

    def _unsubscribe(
        self, connection: _Connection, request_id: object, params: list[Any]
    ) -> dict[str, Any]:
        connection.symbols -= set(params) or connection.symbols.copy()
        return stream_frames.answer(request_id, {"status": "success"})


_Handler = Callable[[Stream, "_Connection", object, list[Any]], dict[str, Any]]
_METHODS: Final[Mapping[str, _Handler]] = {
    "server.ping": Stream._ping,  # noqa: SLF001  # the table of the class
    "server.time": Stream._time,  # noqa: SLF001
    "server.auth": Stream._auth,  # noqa: SLF001
    "order.subscribe": Stream._subscribe,  # noqa: SLF001
    "order.unsubscribe": Stream._unsubscribe,  # noqa: SLF001
}


class _Connection:
    """One client; frames go out one after the other, in the order in which they were put."""

    def __init__(self, socket: web.WebSocketResponse, transport: Any) -> None:
        self.socket = socket
        self.loop = asyncio.get_running_loop()
        self.is_authenticated = False
        self.symbols: set[str] = set()
        self._transport = transport
        self._frames: asyncio.Queue[str | bytes | int] = asyncio.Queue()
        self._sender = self.loop.create_task(self._send())

    def put(self, frame: str | bytes) -> None:
        """Send a frame after those before it."""
        self._frames.put_nowait(frame)

    def put_later(self, delay: float, frame: str | bytes) -> None:
        """Send a frame after so many seconds."""
        if delay:
            self.loop.call_later(delay, self.put, frame)
        else:
            self.put(frame)

    def close(self, code: int) -> None:
        """Close with that code, after what is to be sent before."""
        self._frames.put_nowait(code)

    def drop(self) -> None:
        """End the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def end(self) -> None:
        """Leave nothing behind."""
        self._sender.cancel()
        await asyncio.gather(self._sender, return_exceptions=True)

    async def _send(self) -> None:
        while True:
            frame = await self._frames.get()
            if isinstance(frame, int):
                await self.socket.close(code=frame)
            elif isinstance(frame, str):
                await self.socket.send_str(frame)
            else:
                await self.socket.send_bytes(frame)
