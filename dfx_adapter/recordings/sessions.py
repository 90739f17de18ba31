"""What stands in the place of a session of requests or aiohttp, and answers from a recording.

All that ccxt does with an answer - decoding, errors, hooks - is done by its own code.
"""

from __future__ import annotations

from http import HTTPStatus
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import requests
from requests.structures import CaseInsensitiveDict

from dfx_adapter import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from dfx_adapter.recordings.lines import Answer

    Ask = Callable[[str, str], Answer]

_HEADERS: Final = {"Content-Type": "application/json"}


def _error(answer: Answer) -> Exception:
    """Return the error of a request that was not answered."""
    failure = answer.error
    name, text = (
        ("NetworkError", "no answer") if failure is None else (failure.class_, failure.text)
    )
    try:
        return errors.named(name)(text)
    except (AttributeError, TypeError):  # a class that neither ccxt nor we have any more
        return errors.named("NetworkError")(f"{name}: {text}")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


class Session:
    """A session that sends nothing.

    Args:
        ask: gives the recorded answer to an HTTP method and a URL.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.headers: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.connector = None

    def answer(self, method: str, url: str) -> Answer:
        """Return the recorded answer.

        Raises:
            ccxt.BaseError: there was none; as recorded.
            NotRecorded: it is not in the recording.
        """
        answer = self._ask(method.upper(), url)
        if answer.status is None or answer.body is None:
            raise _error(answer)
        return answer


class CallingSession(Session):
    """One that stands for a session of requests."""

    def request(self, method: str, url: str, **_: Any) -> requests.Response:
        """Return a recorded answer."""
        found = self.answer(method, url)
        answer = requests.Response()
        answer.status_code = int(found.status or 0)
        answer.reason = _reason(answer.status_code)
        answer.url = url
        answer.headers = CaseInsensitiveDict(_HEADERS)
        vars(answer).update(_content=str(found.body).encode(), _content_consumed=True)
        return answer

    def close(self) -> None:
        """Close nothing."""


class AwaitingSession(Session):
    """One that stands for a session of aiohttp."""

    def __getattr__(self, name: str) -> Any:
        if name not in {"get", "post", "put", "delete", "patch", "head", "options"}:
            raise AttributeError(name)
        return lambda url, **_: _Awaited(self, name, str(url))

    async def close(self) -> None:
        """Close nothing."""


class _Awaited:
    """What aiohttp returns for a request: to be entered."""

    def __init__(self, session: Session, method: str, url: str) -> None:
        self._session = session
        self._asked = (method, url)

    async def __aenter__(self) -> Any:
        found = self._session.answer(*self._asked)

        async def text(**_: Any) -> str:
            return str(found.body)

        status = int(found.status or 0)
        headers = dict(_HEADERS)
        return SimpleNamespace(
            status=status, reason=_reason(status), headers=headers, text=text, content=b""
        )

    async def __aexit__(self, *error: object) -> None:
        """Close nothing."""

    def __await__(self) -> Any:
        return self.__aenter__().__await__()
