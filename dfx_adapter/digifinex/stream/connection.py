"""One connection to the WebSocket: opened by the rules of REST, requests answered by their ids.

Document: Websocket_API_en.md (github DigiFinex/api). The signature covers only the time: whoever
reads one frame can open a stream of the account, so it goes to wss or loopback and nowhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.stream import frames
from dfx_adapter.guards import addresses, causes
from dfx_adapter.guards.sessions import unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dfx_adapter.digifinex.stream.frames import Update

URL: Final = "wss://openapi.digifinex.com/ws/v1/"  # WSDOC, "Endpoint": spot and margin
PER_REQUEST: Final = 100  # symbols; not documented, what another client sends at most
_OVER: Final = frozenset(
    {
        aiohttp.WSMsgType.CLOSE,
        aiohttp.WSMsgType.CLOSING,
        aiohttp.WSMsgType.CLOSED,
        aiohttp.WSMsgType.ERROR,
    }
)


class Refused(Exception):  # it is an answer
    """The exchange answered a request with an error."""


class Lost(Exception):  # as ccxt's names
    """The connection is of no use any more."""


class Connection:
    """An open connection."""

    def __init__(self, session: aiohttp.ClientSession, socket: Any, patience: float) -> None:
        self._session = session
        self._socket = socket
        self._patience = patience
        self._next_id = 0
        self._asked: dict[int, asyncio.Future[None]] = {}

    async def listen(self, take: Callable[[Update], None]) -> None:
        """Hand on what is pushed, until the connection is lost.

        Raises:
            Lost: it was closed, or a frame cannot be read.
        """
        try:
            while True:
                message = await self._socket.receive()
                if message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                    self._take(frames.read(message.data), take)
                elif message.type in _OVER:
                    raise Lost(f"closed by the exchange, code {self._socket.close_code}")
        except frames.Unreadable as error:
            raise Lost(f"a frame that cannot be read: {error}") from None

    def _take(self, message: frames.Message, take: Callable[[Update], None]) -> None:
        if isinstance(message, list):
            for update in message:
                take(update)
            return
        future = self._asked.pop(message.id, None) if isinstance(message.id, int) else None
        if future is None or future.done():
            return
        if message.error is None:
            future.set_result(None)
        else:
            future.set_exception(Refused(message.error))

    async def authenticate(self, key: str, secret: str, milliseconds: int) -> None:
        """Say whose orders are wanted.

        Raises:
            Refused: the exchange does not take it.
        """
        self._next_id += 1
        await self._ask(frames.auth(self._next_id, key, secret, milliseconds))

    async def subscribe(self, symbols: Sequence[str]) -> None:
        """Subscribe; as `authenticate`."""
        await self._request("order.subscribe", symbols)

    async def unsubscribe(self, symbols: Sequence[str]) -> None:
        """Subscribe no more; as `authenticate`."""
        await self._request("order.unsubscribe", symbols)

    async def ping(self) -> None:
        """Ask whether the exchange is there; as `authenticate`."""
        await self._request("server.ping")

    async def _request(self, method: str, params: Sequence[str] = ()) -> None:
        self._next_id += 1
        await self._ask(frames.request(self._next_id, method, params))

    async def _ask(self, text: str) -> None:
        request_id = self._next_id
        future = asyncio.get_running_loop().create_future()
        self._asked[request_id] = future
        try:
            await self._socket.send_str(text)
            await asyncio.wait_for(future, self._patience)
        except TimeoutError:
            raise Lost(f"no answer within {self._patience} s") from None
        except (ConnectionError, aiohttp.ClientError) as error:
            raise Lost(f"closed: {error}") from None
        finally:
            self._asked.pop(request_id, None)

    async def close(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._socket.close(), self._patience)
        await self._session.close()


async def opened(exchange: Any, patience: float) -> Connection:
    """Connect as an exchange object does for REST: its TLS, its proxies, its rules for URLs.

    Args:
        exchange: the object; it is open.
        patience: seconds for the handshake, and for each answer.

    Raises:
        ccxt.BadRequest: the URL, or the lack of verification, would show the stream to others.
        Lost: there is no connection; the reason is in the text.
    """
    url = exchange.urls["api"].get("ws") or URL
    addresses.check(EXCHANGE, url)
    exchange.open()
    addresses.check_verified(exchange, url)
    session, proxy = _session(exchange, url)
    try:
        # No heartbeat of the library's: it is not documented that control frames are answered.
        connecting = session.ws_connect(url, proxy=proxy, max_msg_size=frames.LARGEST)
        socket = await asyncio.wait_for(connecting, patience)
    except (aiohttp.ClientError, OSError, TimeoutError, Lost) as error:
        await session.close()
        raise Lost(_reason(error)) from None
    except BaseException:
        await session.close()
        raise
    return Connection(session, socket, patience)


def _session(exchange: Any, url: str) -> tuple[aiohttp.ClientSession, str | None]:
    """Return a session on the connector of the object's own, and the proxy to go by."""
    scheme = "https" if url.startswith("wss") else "http"
    http, https, socks = exchange.check_proxy_settings(f"{scheme}{url[url.index(':') :]}", "GET")
    ws, wss, ws_socks = exchange.check_ws_proxy_settings()
    socks = ws_socks or socks
    own = unwrapped(exchange.get_socks_proxy_session(socks) if socks else exchange.session)
    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(_refuse_redirect)
    session = aiohttp.ClientSession(
        connector=own.connector,
        connector_owner=False,
        trust_env=exchange.aiohttp_trust_env,
        trace_configs=[tracing],
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    by = (wss if scheme == "https" else ws) or http or https or exchange.aiohttp_proxy
    return session, (None if socks else by or None)


async def _refuse_redirect(*_: object) -> None:
    raise Lost("a redirect, which is not followed")


def _reason(error: BaseException) -> str:
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"HTTP {error.status} at the handshake"
    return causes.cause(error) or str(error)


def unanswered(reason: str, attempts: int) -> Exception:
    """Return the error of a stream that does not come about, while it is tried further."""
    return errors.describe(
        errors.named("NetworkError"),
        f"stream: no connection in {attempts} attempts, the last: {reason}; it is tried again",
        exchange_id=EXCHANGE,
        found=reason,
    )
