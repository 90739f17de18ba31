"""What a line shows of a request and its answer: neither credentials nor what was made of them.

Credentials are known by their values, however they are written; a signature or token by where it
stands in the request, and from then on by its value. Nothing else of an answer is touched: the ids
of some exchanges look like signatures.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import partial
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from dfx_adapter.guards import masking
from dfx_adapter.guards.masking import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# Names of parameters whose values are secret, by what ccxt's classes sign with (ccxt 4.5.90).
_SECRET: Final = re.compile(
    r".*(?:sign(?:ature|ed)?|hmac|secret|passw(?:or)?d|passphrase|pwd|token|jwt|auth|cookie|otp|2fa)"
    r"|.*(?:api|access|secret|private|listen|session)[_-]?key(?:[_-]?id)?|key|sig|mdukey"
    r"|user|signer",
    re.IGNORECASE,
)
# Headers that say nothing of who asks. The values of all others are hidden where they are long.
_PLAIN_HEADERS: Final = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-type"}
    | {"content-length", "host", "origin", "referer", "user-agent"}
)
_LONG: Final = 16
_SHORTEST_WHOLE: Final = 4  # of a credential that is a whole value of a query, or part of a path
# Endpoints that answer with a token or a key, by ccxt's tables of endpoints (ccxt 4.5.90).
_TOKEN_PATHS: Final = re.compile(
    r"(?:^|[/_.-])(?:\w*listen[_-]?key\w*|user-?data-?stream|user-?listen-?token|terminal-token"
    r"|\w*web-?_?sockets?_?token|ws-?token|bullet(?:-\w+)?|oauth\w*|(?:refresh_?)?token|login|log-in"
    r"|sign_?-?in|sessions?|session_keys?|authenticate|\w*api_?-?keys?)(?=[/?.]|$)",
    re.IGNORECASE,
)
# In an answer; the value of `token` may be a currency's name or address.
_TOKENS: Final = re.compile(
    r'("(?:listen_?key|(?:access|refresh|session|auth|ws|websocket)_?token|jwt|password|passphrase'
    r'|(?:api_?|private_?)?secret(?:_?key)?|private_?key)"\s*:\s*")((?:[^"\\]|\\.)+)',
    re.IGNORECASE,
)
_TOKEN_WORDS: Final = ("key", "token", "jwt", "passw", "passphrase", "secret")  # one in each name


_STANDARD: Final = frozenset({"builtins", "decimal"})  # modules of the types that JSON has
_NEEDLESS: Final = ("info", "trades", "fees")  # of an order that is an argument


class Request(NamedTuple):
    """A request as ccxt sends it."""

    url: str
    http: str = "GET"
    headers: Mapping[str, Any] | None = None
    body: Any = None


def request_of(url: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Request:
    """Return the request that ccxt's `fetch` was called with."""
    names = ("http", "headers", "body")
    given = dict(zip(names, args, strict=False))
    given |= {{"method": "http"}.get(name, name): value for name, value in kwargs.items()}
    return Request(url, **{name: given[name] for name in names if name in given})


def answers_with_token(url: str) -> bool:
    """Tell whether a request is one for a token."""
    return bool(_TOKEN_PATHS.search(unquote(urlsplit(url).path)))


class Hidden:
    """What is hidden of one request and its answer.

    Args:
        masked: takes credentials out of a text, however they are written.
        credentials: their values.
        request: the request, whose own signature is hidden, too.
    """

    def __init__(
        self,
        masked: Callable[[str], str] = str,
        credentials: Collection[str] = (),
        request: Request | None = None,
    ) -> None:
        self._masked = masked
        self._credentials = credentials
        self._signatures = [] if request is None else sorted(_signatures(request), key=len)[::-1]

    def text(self, text: str) -> str:
        """Return a text without credentials."""
        for signature in self._signatures:  # first: some have the key in them
            text = _without(text, signature)
        return self._masked(text)

    def body(self, text: str) -> str:
        """Return a body without credentials, and without what is a new one."""
        lower = text.lower()
        may_have_one = any(word in lower for word in _TOKEN_WORDS)
        text = self.text(text)
        return _TOKENS.sub(_value_masked, text) if may_have_one else text

    def url(self, url: str) -> str:
        """Return path and query without the values that are secret."""
        parts = urlsplit(url)
        path = "/".join(map(self._value, parts.path.split("/")))
        pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
        query = "&".join(
            name + equals + (MASK if _SECRET.fullmatch(unquote(name)) else self._value(value))
            for name, equals, value in pairs
        )
        return self.text(f"{path}?{query}" if query else path)

    def _value(self, value: str) -> str:
        found = unquote(value)
        is_credential = len(found) >= _SHORTEST_WHOLE and found in self._credentials
        return MASK if is_credential else value

    def values(self, value: Any) -> Any:
        """Return a value as it is, its texts without credentials: of what an exchange publishes."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.values(inner) for name, inner in value.items()}
        return [self.values(inner) for inner in value] if isinstance(value, list) else value

    def args(self, args: Sequence[Any]) -> list[Any]:
        """Return the arguments of a call as JSON has them, without what is secret."""
        return [self.plain(shortened(one)) for one in args]

    def plain(self, value: Any, name: str = "") -> Any:
        """Return a value of an argument as JSON has it, without what is secret."""
        if value is None or isinstance(value, bool):
            return value
        if _SECRET.fullmatch(name):
            return MASK
        if isinstance(value, Mapping):
            return {str(key): self.plain(inner, str(key)) for key, inner in value.items()}
        if isinstance(value, str):
            return MASK if value in self._credentials else self.text(value)
        if isinstance(value, Collection) and not isinstance(value, bytes | bytearray):
            plain = [self.plain(inner, name) for inner in value]
            return sorted(plain, key=str) if isinstance(value, set | frozenset) else plain
        return _number(value)


BY_NAME: Final = Hidden()  # what is secret by its name alone


def hidden_of(exchange: Any, request: Request | None = None) -> Hidden:
    """Return what is hidden of a request of a guarded exchange object."""
    if exchange._dfx_secrets is masking.ANY_EXCHANGE:
        return hidden_by_value(exchange, request)
    # No id of this exchange looks like a signature.
    return Hidden(exchange.dfx_masked, _credentials(exchange), request)


def hidden_by_value(exchange: Any, request: Request | None = None) -> Hidden:
    """Return what is hidden where nothing is known of an exchange but the credentials."""
    credentials = _credentials(exchange)
    return Hidden(partial(masking.values_masked, credentials=credentials), credentials, request)


def _credentials(exchange: Any) -> tuple[str, ...]:
    found = masking.credentials_of(exchange)
    return tuple(value for value in found if isinstance(value, str) and value)


def _signatures(request: Request) -> set[str]:
    """Return the values of a request that are secret, or that nobody needs to see."""
    found = {
        str(value).rpartition(" ")[2]
        for name, value in (request.headers or {}).items()
        if name.lower() not in _PLAIN_HEADERS
    }
    found |= set(_secret_values(dict(parse_qsl(urlsplit(request.url).query))))
    found |= set(_secret_values(_decoded(request.body)))
    return {value for value in found if len(value) >= _LONG}


def _decoded(body: Any) -> Any:
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return dict(parse_qsl(body))


def _secret_values(value: Any, *, is_secret: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            hidden = is_secret or bool(_SECRET.fullmatch(str(name)))
            yield from _secret_values(inner, is_secret=hidden)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _secret_values(inner, is_secret=is_secret)
    elif is_secret and isinstance(value, str):
        yield value


def _without(text: str, signature: str) -> str:
    """Take a signature out of a text, in the ways in which an answer may write it."""
    in_url = quote(signature, safe="")
    forms = {signature, in_url, quote(in_url, safe=""), signature.replace("/", "\\/")}
    for form in forms | {html.escape(signature), signature.encode().hex()}:
        if form.lower() in text.lower():
            text = re.sub(re.escape(form), MASK, text, flags=re.IGNORECASE)
    return text


def _value_masked(found: re.Match[str]) -> str:
    return found[1] + MASK


def _number(value: Any) -> Any:
    """Return a number as JSON has it; of what is none, its type: it may be read one time only."""
    if isinstance(value, int | float | Decimal) and type(value).__module__ in _STANDARD:
        return value
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value)
    return f"<{type(value).__name__}>"


def shortened(value: Any) -> Any:
    """Return an argument without what an order in it has of no use for the question."""
    if isinstance(value, list | tuple):
        return [shortened(inner) for inner in value]
    if isinstance(value, Mapping) and "id" in value:
        return {name: inner for name, inner in value.items() if name not in _NEEDLESS}
    return value
