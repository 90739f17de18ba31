"""A session of requests or aiohttp that sends nothing to a host that nobody has named."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

from dfx_adapter.guards.bounds import Bounds, current

if TYPE_CHECKING:
    from collections.abc import Callable


class GuardedSession:
    """A session that follows no redirect, and bounds answers; in all else, the session itself.

    Both libraries send the headers of a request, credentials among them, on to whatever host a
    redirect names, and a POST once more with 307 and 308.
    """

    _session: Any

    def __init__(self, session: Any) -> None:
        object.__setattr__(self, "_session", session)

    def _send(
        self, send: Callable[..., Any], args: Any, kwargs: dict[str, Any], bounds: Bounds
    ) -> Any:
        """Send a request whose answer is bounded."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked for by copy and pickle before there is a session
            raise AttributeError(name)
        return getattr(self._session, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._session, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._session, name)

    # Python looks these up on the class.

    def __enter__(self) -> Self:
        self._session.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._session.__exit__(*error)

    async def __aenter__(self) -> Self:
        await self._session.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._session.__aexit__(*error)


def unwrapped(session: Any) -> Any:
    """Return the session itself, free to follow redirects."""
    return session._session if isinstance(session, GuardedSession) else session


def _sender(name: str) -> property:
    """Return what reads a method of the session, so that it may be replaced by one around it."""

    def read(self: GuardedSession) -> Callable[..., Any]:
        send = getattr(self._session, name)

        def send_here(*args: Any, **kwargs: Any) -> Any:
            kwargs["allow_redirects"] = False
            bounds = current.get()
            if bounds is None:
                return send(*args, **kwargs)
            return self._send(send, args, kwargs, bounds)

        return send_here

    return property(read)


for _name in ("request", "get", "options", "head", "post", "put", "patch", "delete"):
    setattr(GuardedSession, _name, _sender(_name))
for _name in ("headers", "cookies", "cookie_jar"):  # asked for at each request; this is faster
    setattr(GuardedSession, _name, property(attrgetter(f"_session.{_name}")))
