"""Answers that come through aiohttp: what is read of a body is bounded.

The library's own timeout is one of the whole call, and it bounds headers itself. Before 3.13.3 it
inflates each piece as a whole, up to a thousand times what came; there, bodies are inflated here.
"""

from __future__ import annotations

import inspect
import io
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from aiohttp.http_parser import DeflateBuffer

from dfx_adapter.guards.bounds import Measured
from dfx_adapter.guards.inflating import Inflating
from dfx_adapter.guards.sessions import GuardedSession

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from dfx_adapter.guards.bounds import Bounds

INFLATES_IN_PIECES: Final = "max_decompress_size" in inspect.signature(DeflateBuffer).parameters


# Where an answer breaks off or cannot be read as HTTP.
FAILED_TRANSFERS: Final = (aiohttp.ClientPayloadError, aiohttp.ClientResponseError)


class AwaitingSession(GuardedSession):
    """A session of aiohttp."""

    def _send(
        self, send: Callable[..., Any], args: Any, kwargs: dict[str, Any], bounds: Bounds
    ) -> Any:
        inflates_here = not INFLATES_IN_PIECES and isinstance(self._session, aiohttp.ClientSession)
        if inflates_here:
            kwargs["auto_decompress"] = False
        return _BoundedRequest(send(*args, **kwargs), bounds, inflates_here=inflates_here)


class _BoundedRequest:
    """What aiohttp returns for a request: to be awaited, or entered."""

    def __init__(self, request: Any, bounds: Bounds, *, inflates_here: bool) -> None:
        self._request = request
        self._bounds = bounds
        self._inflates_here = inflates_here

    def __await__(self) -> Generator[Any, Any, Any]:
        answer = yield from self._request.__await__()
        return self._bound(answer)

    async def __aenter__(self) -> Any:
        return self._bound(await self._request.__aenter__())

    async def __aexit__(self, *error: object) -> Any:
        return await self._request.__aexit__(*error)

    def _bound(self, answer: Any) -> Any:
        """Bound the body, unless it is read already, or in a way of a stand-in's own."""
        if getattr(type(answer), "read", None) is not aiohttp.ClientResponse.read:
            return answer
        try:
            if not self._bounds.check_headers(answer.headers):
                encoding = answer.headers.get("Content-Encoding", "") if self._inflates_here else ""
                answer.content = _BoundedBody(answer.content, Inflating(encoding), self._bounds)
        except BaseException:
            answer.close()
            raise
        return answer


class _BoundedBody:
    """The body of aiohttp's answer; in all else, the stream itself."""

    def __init__(self, stream: Any, inflating: Inflating, bounds: Bounds) -> None:
        self._stream = stream
        self._inflating = inflating
        self._bounds = bounds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    async def read(self, n: int = -1) -> bytes:
        """Read all that is left, or a part of it as it came."""
        if n >= 0:
            part: bytes = await self._stream.read(n)
            return part
        measured = Measured(self._bounds)
        body = io.BytesIO()  # gives its bytes away without a copy
        try:
            while read := await self._stream.readany():
                for piece in self._inflating.pieces(read):
                    measured.add(piece)
                    body.write(piece)
            return body.getvalue()
        except ValueError as error:
            raise aiohttp.ClientPayloadError(str(error)) from error
        finally:
            body.close()  # an error, which somebody may keep, keeps none of it
