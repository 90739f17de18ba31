"""Keeps credentials out of texts and errors. What an exchange's requests carry is given as data."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors, excerpts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MASK: Final = "***"
# What is shorter stands in many a text by chance, and is masked in headers and signatures alone.
SHORTEST: Final = 8

_BEGINNING: Final = 100 * excerpts.LONGEST
_FACTS: Final = ("found", "expected")
# Visible characters of ASCII, many in a row and all written as their numbers. No encoder needs to
# write letters so; a peer that echoes a credential may.
_NUMBERS: Final = re.compile(
    r"(?:(?:%(?:25)*|\\+x|\\+u00|&#x0*)[2-7][0-9a-f];?|\\+[01][0-7]{2}|&#0*[1-9][0-9]{1,2};)"
    rf"{{{SHORTEST},}}",
    re.IGNORECASE,
)
_MARKS: Final = re.compile(r"[%\\&]")  # one of which each of them begins with
_SCHEME: Final = r"(?:(?:Basic|Bearer|Digest|Token)\s+)?"


class Secrets(NamedTuple):
    """What the requests of an exchange carry that no text may show, beside the credentials.

    `headers` are patterns of whole names of headers and parameters, `signature` is one of a whole
    signature.
    """

    headers: tuple[str, ...]
    signature: str

    def masked(self, text: str, credentials: Iterable[object]) -> str:
        """Take credentials, values of headers and signatures out of a text.

        Credentials are found in capitals, too, quoted for a URL, for JSON or for HTML, as Base64
        and in hexadecimal digits; what is written in numbers of characters alone is not shown.
        """
        text = values_masked(text, credentials)
        return _signature(self).sub(MASK, _header(self).sub(_header_masked, text))

    def masked_beginning(self, text: str, credentials: Iterable[object]) -> str:
        """Take credentials out of as much of a text as an error can show; it may be megabytes long.

        The rest stays, for the error says how long the text was. No credential is so long that
        masking could bring it into what is shown.
        """
        return self.masked(text[:_BEGINNING], credentials) + text[_BEGINNING:]

    def are_in(self, names: Iterable[str]) -> bool:
        """Tell whether one of these headers is secret."""
        return any(_name(self).fullmatch(name) for name in names)


# What ccxt's classes send, by their `sign` (ccxt 4.5.90); signatures by SHA-2 as most write them.
ANY_EXCHANGE: Final = Secrets(
    headers=(
        r"(?<![A-Z0-9-])[A-Z0-9-]*-(?:API-?)?(?:KEY|SIGN|SIGNATURE|PASSPHRASE|PASSWORD|TOKEN|SECRET)",
        r"(?:Proxy-)?Authorization",
        r"(?:Set-)?Cookie",
        r"(?<=['\"?&])(?:api_?|access_?|mdu|list)?(?:key|sign|sig|signature|token|passphrase)",
        r"(?<=['\"?&])(?:AccessKeyId|listenKey|signed)",
    ),
    signature=(
        r"(?<![0-9a-f])(?:[0-9a-f]{32}){2,4}(?![0-9a-f])"
        r"|(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)"
    ),
)


def values_masked(text: str, credentials: Iterable[object]) -> str:
    """Take credentials out of a text, however they are written, and nothing else."""
    known = tuple(one for one in credentials if isinstance(one, str) and len(one) >= SHORTEST)
    if not known:
        return text
    lower = text.lower()
    if any(_may_be_in(text, lower, *_runs(one)) for one in known):
        text = _pattern_of(known).sub(MASK, text)
    return _NUMBERS.sub(MASK, text) if _MARKS.search(text) else text


def credentials_of(exchange: Any) -> tuple[object, ...]:
    """Return the credentials of an exchange object of ccxt."""
    return tuple(getattr(exchange, name, None) for name in exchange.requiredCredentials)


@lru_cache(maxsize=32)
def _name(secrets: Secrets) -> re.Pattern[str]:
    return re.compile("|".join(secrets.headers), re.IGNORECASE)


@lru_cache(maxsize=32)
def _header(secrets: Secrets) -> re.Pattern[str]:
    names = "|".join(secrets.headers)
    value = rf"{_SCHEME}[^'\",}}&\s]+"
    return re.compile(rf"((?:{names})['\"]?\s*[:=]\s*['\"]?){value}", re.IGNORECASE)


@lru_cache(maxsize=32)
def _signature(secrets: Secrets) -> re.Pattern[str]:
    return re.compile(secrets.signature, re.IGNORECASE)


def _header_masked(found: re.Match[str]) -> str:
    """A call, since re would import to read a template, and nothing is imported at the exit."""
    return found[1] + MASK


@lru_cache(maxsize=32)
def _pattern_of(credentials: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds credentials however they are written, the longest first."""
    forms: list[str] = []
    for credential in sorted(credentials, key=len, reverse=True):
        data = credential.encode("utf-8", "surrogatepass")
        forms += ["".join(map(_written, credential)), data.hex(), *_in_base64(data)]
    return re.compile("|".join(forms), re.IGNORECASE)


_RUN: Final = re.compile("[A-Za-z0-9]+")


@lru_cache(maxsize=64)
def _runs(credential: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return letters and digits of a credential, one of which stands in each form of it.

    The first are of any case, the others, of Base64, of that one. Only to look for them is twenty
    times as fast as the pattern.
    """
    data = credential.encode("utf-8", "surrogatepass")
    plain = (_longest_run(credential).lower(), data.hex())
    return plain, tuple(map(_longest_run, _digits_in_base64(data)))


def _longest_run(text: str) -> str:
    return max(_RUN.findall(text), key=len, default="")


def _may_be_in(text: str, lower: str, plain: Iterable[str], base64: Iterable[str]) -> bool:
    return any(run in lower for run in plain) or any(run in text for run in base64)


def _written(character: str) -> str:
    """Return a pattern of one character: as it is, or quoted for a URL, JSON or HTML."""
    if character.isascii() and character.isalnum():
        return character
    data = character.encode("utf-8", "surrogatepass")
    forms = {
        r"\\*" + re.escape(character),
        "".join(f"%(?:25)*{byte:02x}" for byte in data),
        "" if character.isprintable() else json.dumps(character)[1:-1].replace("\\", r"\\+"),
        rf"\\+u{ord(character):04x}",
        re.escape(html.escape(character)),
        rf"&#(?:0*{ord(character)}|x0*{ord(character):x});",
        r"\+" if character == " " else "",
    }
    return f"(?:{'|'.join(sorted(filter(None, forms), key=len, reverse=True))})"


def _in_base64(data: bytes) -> Iterator[str]:
    """Yield patterns of data in Base64."""
    for digits in _digits_in_base64(data):
        pattern = digits.replace("+", r"(?:[+-]|%2B)").replace("/", r"(?:\\*/|_|%2F)")
        yield f"(?-i:{pattern})"


def _digits_in_base64(data: bytes) -> Iterator[str]:
    """Yield data in Base64: its digits differ with where in a longer text it begins.

    The digits at the ends that hold bits of what is beside the data are left out.
    """
    for before in range(3):
        digits = b64encode(bytes(before) + data).decode()
        yield digits[(8 * before + 5) // 6 : 8 * (before + len(data)) // 6]


def mask_error(error: BaseException, mask: Callable[[str], str], secrets: Secrets) -> None:
    """Take credentials out of an error and of those that led to it.

    The errors of requests and aiohttp carry the request, headers and all, which a tracker of errors
    or a `repr` would show.
    """
    for one in errors.chain(error):
        one.args = tuple(_masked_value(arg, mask) for arg in one.args)
        for name, value in vars(one).items():
            if name in _FACTS:
                text = value if isinstance(value, str) else excerpts.safe_repr(value)
                if mask(text) != text:
                    setattr(one, name, mask(text))
            elif name != "args":
                _mask_attribute(one, name, value, mask)
        _drop_request(one, mask, secrets)
        _drop_headers(one)


def _mask_attribute(error: Any, name: str, value: object, mask: Callable[[str], str]) -> None:
    masked = _masked_value(value, mask)
    if masked is not value:
        with suppress(AttributeError):  # of a class that freezes its errors
            setattr(error, name, masked)


def _masked_value(value: object, mask: Callable[[str], str]) -> object:
    """Return a text, bytes or list of texts without credentials; anything else as it is."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bytes):
        text = value.decode("latin-1")
        masked = mask(text)
        return value if masked == text else masked.encode("latin-1", "replace")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [mask(item) for item in value]
    return value


def _drop_request(error: Any, mask: Callable[[str], str], secrets: Secrets) -> None:
    """Take a signed request, and what was answered to it, from an error of requests."""
    response = getattr(error, "response", None)
    request = getattr(error, "request", None) or getattr(response, "request", None)
    if request is None:
        return
    url = str(getattr(request, "url", ""))
    if secrets.are_in(getattr(request, "headers", None) or ()) or mask(url) != url:
        error.request = error.response = None


def _drop_headers(error: Any) -> None:
    """Put the request of an aiohttp error without its headers in the place of the request."""
    info = getattr(error, "request_info", None)
    if info is None:
        return
    plain = type(info)(info.url, info.method, {}, info.real_url)
    error.request_info = plain
    error.args = tuple(plain if arg is info else arg for arg in error.args)
