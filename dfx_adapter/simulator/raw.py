"""An answer written to the socket byte for byte, so that it can be as wrong as a fault wants it."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from dfx_adapter.simulator.messages import Ending, Response, Wire

_LOOK: Final = 0.02  # seconds between two looks at whether a stalled client has hung up
_LINGER_NOT: Final = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: closing sends a RST


class RawResponse(web.StreamResponse):
    """Takes the place of aiohttp's own answer, and writes what the fault lets through."""

    def __init__(self, response: Response, wire: Wire) -> None:
        super().__init__(status=response.status)
        self._response = response
        self._wire = wire

    @property
    def keep_alive(self) -> bool:
        """Tell whether the connection serves the next request."""
        return self._wire.ending is None

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write the answer, and do to the connection what the fault does."""
        transport = request.transport
        if not isinstance(transport, asyncio.Transport):  # the client has hung up
            return None
        for piece in _pieces(_sent(self._response, self._wire), self._wire.drip):
            transport.write(piece)
            await asyncio.sleep(self._wire.drip or 0)
        if self._wire.ending is not None:
            await _end(transport, self._wire.ending)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Write nothing more."""


def _sent(response: Response, wire: Wire) -> bytes:
    """Return the bytes that go over the socket."""
    body = response.body
    length = len(body)
    if wire.until in {"start", "headers"}:
        body = b""
    elif wire.until == "middle":
        body = body[: length // 2]
    if wire.chunked:
        body = b"%x\r\n%s\r\n" % (len(body), body)
    return b"" if wire.until == "start" else _head(response, wire, length) + body


def _head(response: Response, wire: Wire, length: int) -> bytes:
    headers = {"Content-Type": response.content_type, **response.headers}
    if wire.chunked:
        headers["Transfer-Encoding"] = "chunked"
    else:
        headers["Content-Length"] = str(length + wire.length_error)
    if wire.encoding is not None:
        headers["Content-Encoding"] = wire.encoding
    lines = [
        f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def _pieces(sent: bytes, drip: float | None) -> Iterator[bytes]:
    if drip is None:
        yield sent
    else:
        yield from (sent[index : index + 1] for index in range(len(sent)))


async def _end(transport: asyncio.Transport, ending: Ending) -> None:
    if ending == "stall":
        while not transport.is_closing():  # noqa: ASYNC110  # aiohttp has no event for it
            await asyncio.sleep(_LOOK)
    elif ending == "reset":
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()
    else:
        transport.close()
