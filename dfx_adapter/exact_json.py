"""JSON with every number exact: whole numbers as int, any other as the text that was sent.

Nearly all exchanges send ids as text. Where one must stand, a number stays a number, so that nobody
takes it for the text of an id: a Decimal, or a float where it is beyond a Decimal.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

# An id that could have been a number with a fraction: of 32 hexadecimal digits one in a million
# could.
_find_fraction: Final = re.compile(r" -?[0-9]++(?:\.|[eE][+-]?[0-9]++(?: |$))").search
# Under which ids stand, or what has ids in it; and under which nothing but a text may stand.
_ID_KEYS: Final = frozenset(
    {"data", "order_id", "order_ids", "success", "error", "list", "detail", "tid"}
)
_TEXT_KEYS: Final = (_ID_KEYS | {"symbol", "type", "kind"}) - {"data", "list", "detail"}
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_BEGINNINGS: Final = (b"{", b"[")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class _Fraction(str):
    """The exact text of a number, of another type than a text that says the same."""

    __slots__ = ()


_decoder: Final = msgspec.json.Decoder(float_hook=str)
_fraction_decoder: Final = msgspec.json.Decoder(float_hook=_Fraction)


def decode(body: bytes | bytearray | memoryview | str) -> object:
    """Decode JSON with whole numbers as int and every other number as its exact text.

    Args:
        body: text, or bytes in UTF-8; a byte order mark is no fault.

    Raises:
        ValueError: the body is not JSON, in UTF-16, or nested too deeply to be an answer.
    """
    try:
        content = body if type(body) is bytes and body[:1] in _BEGINNINGS else _utf8(body)
        decoded: Any = _decoder.decode(content)
        try:
            ids = " ".join(map(_id_of, decoded["data"]))
        except (KeyError, TypeError):  # no answer with rows, or some of them are none
            ids = " ".join(_ids(decoded))
        if _find_fraction(" " + ids):
            return _with_fractions_as_text(_fraction_decoder.decode(content))
    except (
        ValueError,
        RecursionError,
    ) as error:  # msgspec's errors and those of UTF-8 are ValueErrors
        raise ValueError(str(error)) from error
    return decoded


def without_mark(content: bytes) -> bytes:
    """Return UTF-8 without the byte order mark that some editors write in front of it."""
    return content.removeprefix(_BYTE_ORDER_MARK)


def _utf8(body: bytes | bytearray | memoryview | str) -> bytes:
    if isinstance(body, str):
        return without_mark(body.encode())
    content = bytes(body)  # bytes stay the same object
    if content.startswith(_UTF16):
        raise ValueError("it is in UTF-16, and JSON that is exchanged is in UTF-8 (RFC 8259)")
    return without_mark(content)


_id_of: Final = itemgetter("order_id")


def _ids(decoded: Any) -> Iterator[str]:
    """Yield what stands as an id in an answer of any kind, however deeply it is nested."""
    rest = [("data", decoded)]
    while rest:
        key, value = rest.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            rest += ((key, inner) for inner in value)
        elif isinstance(value, dict):
            rest += ((name, value[name]) for name in _ID_KEYS & value.keys())


def _with_fractions_as_text(decoded: Any) -> Any:
    """Make fractions text, but numbers where only a text belongs."""
    whole = [decoded]
    rest: list[tuple[Any, Any]] = [("data", whole)]
    while rest:
        key, holder = rest.pop()
        in_object = type(holder) is dict
        for place, value in list(holder.items() if in_object else enumerate(holder)):
            name = place if in_object else key
            if type(value) is _Fraction:
                holder[place] = _number(value) if name in _TEXT_KEYS else str(value)
            elif isinstance(value, dict | list):
                rest.append((name, value))
    return whole[0]


def _number(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of more digits than Decimal counts
        return float(text)
