"""What can become of a push of an order on its way, and of a handshake."""

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrives as it should."""


@dataclass(frozen=True, slots=True)
class Lost:
    """It never arrives."""


@dataclass(frozen=True, slots=True)
class Duplicated:
    """It arrives twice."""


@dataclass(frozen=True, slots=True)
class Late:
    """It arrives so many seconds later, after those that come meanwhile."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Moved:
    """It arrives after the next one."""


PushFault = Sent | Lost | Duplicated | Late | Moved


@dataclass(frozen=True, slots=True)
class Refusal:
    """A handshake that is answered with a status of HTTP, and with where to go instead."""

    status: int = 502
    location: str | None = None

    def response(self) -> web.Response:
        """Return that answer."""
        headers = {"Location": self.location} if self.location else {}
        return web.Response(status=self.status, headers=headers, text="<html>no</html>")
