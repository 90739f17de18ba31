"""Keeps credentials out of texts and errors. What an exchange's requests carry is given as data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import excerpts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MASK: Final = "***"

_BEGINNING: Final = 100 * excerpts.LONGEST
_TEXTS: Final = ("body", "found", "expected")


class Secrets(NamedTuple):
    """What the requests of an exchange carry that no text may show, beside the credentials.

    `headers` are patterns of whole names, `signature` is one of a whole signature.
    """

    headers: tuple[str, ...]
    signature: str

    def masked(self, text: str, credentials: Iterable[str | None]) -> str:
        """Take credentials, values of headers and signatures out of a text."""
        for credential in filter(None, credentials):
            text = text.replace(credential, MASK)
        header = rf"((?:{'|'.join(self.headers)})['\"]?\s*[:=]\s*['\"]?)[^'\",}}\s]+"
        text = re.sub(header, _header_masked, text, flags=re.IGNORECASE)
        return re.sub(self.signature, MASK, text, flags=re.IGNORECASE)

    def masked_beginning(self, text: str, credentials: Iterable[str | None]) -> str:
        """Take credentials out of as much of a text as an error can show; it may be megabytes long.

        The rest stays, for the error says how long the text was. No credential is so long that
        masking could bring it into what is shown.
        """
        return self.masked(text[:_BEGINNING], credentials) + text[_BEGINNING:]

    def are_in(self, names: Iterable[str]) -> bool:
        """Tell whether one of these headers is secret."""
        pattern = re.compile("|".join(self.headers), re.IGNORECASE)
        return any(pattern.fullmatch(name) for name in names)


def _header_masked(found: re.Match[str]) -> str:
    """A call, since re would import to read a template, and nothing is imported at the exit."""
    return found[1] + MASK


def mask_error(error: BaseException, mask: Callable[[str], str], secrets: Secrets) -> None:
    """Take credentials out of an error and of those that led to it.

    The errors of requests and aiohttp carry the request, headers and all, which a tracker of errors
    or a `repr` would show.
    """
    for one in _chain(error):
        one.args = tuple(mask(arg) if isinstance(arg, str) else arg for arg in one.args)
        for name in _TEXTS:
            value = getattr(one, name, None)
            text = value if isinstance(value, str) else excerpts.safe_repr(value)
            if mask(text) != text:
                setattr(one, name, mask(text))
        if getattr(one, "ids", None):
            one.ids = [mask(order_id) for order_id in one.ids]  # type: ignore[attr-defined]  # as describe does
        _drop_request(one, secrets)
        _drop_headers(one)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    pending: list[Any] = [error]
    while pending:
        one = pending.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            pending += (one.__cause__, one.__context__, *one.args)
            pending += (getattr(one, "row_errors", None) or {}).values()


def _drop_request(error: Any, secrets: Secrets) -> None:
    """Take a signed request, and what was answered to it, from an error of requests."""
    response = getattr(error, "response", None)
    request = getattr(error, "request", None) or getattr(response, "request", None)
    if secrets.are_in(getattr(request, "headers", None) or ()):
        error.request = error.response = None


def _drop_headers(error: Any) -> None:
    """Put the request of an aiohttp error without its headers in the place of the request."""
    info = getattr(error, "request_info", None)
    if info is None:
        return
    plain = type(info)(info.url, info.method, {}, info.real_url)
    error.request_info = plain
    error.args = tuple(plain if arg is info else arg for arg in error.args)
