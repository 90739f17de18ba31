"""Keeps credentials out of texts, errors and the hands of another host."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Self

from dfx_adapter import excerpts
from dfx_adapter.digifinex.wire import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MASK: Final = "***"
HEADERS: Final = ("ACCESS-KEY", "ACCESS-SIGN")

_HEADER: Final = re.compile(
    r"(ACCESS-(?:KEY|SIGN)['\"]?\s*[:=]\s*['\"]?)[^'\",}\s]+", re.IGNORECASE
)
# HMAC-SHA256 in hex. An order id has half as many digits; a transaction id in a log is lost to it.
_SIGNATURE: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", re.IGNORECASE)
_BEGINNING: Final = 100 * excerpts.LONGEST
_TEXTS: Final = ("body", "found", "expected")


def masked(text: str, *credentials: str | None) -> str:
    """Take credentials and all signatures out of a text."""
    for credential in filter(None, credentials):
        text = text.replace(credential, MASK)
    return _SIGNATURE.sub(MASK, _HEADER.sub(_header_masked, text))


def masked_beginning(text: str, *credentials: str | None) -> str:
    """Take credentials out of as much of a text as an error can show; it may be megabytes long.

    The rest stays, for the error says how long the text was. No credential is so long that masking
    could bring it into what is shown.
    """
    return masked(text[:_BEGINNING], *credentials) + text[_BEGINNING:]


def _header_masked(found: re.Match[str]) -> str:
    """A call, since re would import to read a template, and nothing is imported at the exit."""
    return found[1] + MASK


class StayingSession:
    """A session of requests or aiohttp that follows no redirect; in all else, the session itself.

    Both libraries send the headers of a request, credentials among them, on to whatever host a
    redirect names, and a POST once more with 307 and 308.
    """

    _session: Any

    def __init__(self, session: Any) -> None:
        object.__setattr__(self, "_session", session)

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


def bare(session: Any) -> Any:
    """Return the session itself, free to follow redirects."""
    return session._session if isinstance(session, StayingSession) else session  # noqa: SLF001


def _sender(name: str) -> property:
    """Return what reads a method of the session, so that it may be replaced by one around it."""

    def read(self: StayingSession) -> Callable[..., Any]:
        send = getattr(self._session, name)

        def send_and_stay(*args: Any, **kwargs: Any) -> Any:
            return send(*args, **{**kwargs, "allow_redirects": False})

        return send_and_stay

    return property(read)


for _name in ("request", "get", "options", "head", "post", "put", "patch", "delete"):
    setattr(StayingSession, _name, _sender(_name))
for _name in ("headers", "cookies", "cookie_jar"):  # asked for at each request; this is faster
    setattr(StayingSession, _name, property(attrgetter(f"_session.{_name}")))


def withheld(error: BaseException, mask: Callable[[str], str]) -> None:
    """Take credentials out of an error and of those that led to it.

    The errors of requests and aiohttp carry the request, headers and all, which a tracker of errors
    or a `repr` would show.
    """
    for each in _chain(error):
        each.args = tuple(mask(arg) if isinstance(arg, str) else arg for arg in each.args)
        for name in _TEXTS:
            said = getattr(each, name, None)
            text = said if isinstance(said, str) else shown(said)
            if mask(text) != text:
                setattr(each, name, mask(text))
        if getattr(each, "ids", None):
            each.ids = [mask(order_id) for order_id in each.ids]  # type: ignore[attr-defined]  # as describe does
        _withhold_request(each)
        _withhold_request_info(each)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    pending: list[Any] = [error]
    while pending:
        each = pending.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            pending += (each.__cause__, each.__context__, *each.args)
            pending += (getattr(each, "row_errors", None) or {}).values()


def _withhold_request(error: Any) -> None:
    """Take a signed request, and what was answered to it, from an error of requests."""
    response = getattr(error, "response", None)
    request = getattr(error, "request", None) or getattr(response, "request", None)
    if any(name in (getattr(request, "headers", None) or ()) for name in HEADERS):
        error.request = error.response = None


def _withhold_request_info(error: Any) -> None:
    """Put the request of an aiohttp error without its headers in the place of the request."""
    info = getattr(error, "request_info", None)
    if info is None:
        return
    bare = type(info)(info.url, info.method, {}, info.real_url)
    error.request_info = bare
    error.args = tuple(bare if arg is info else arg for arg in error.args)
