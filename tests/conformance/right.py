"""A right adapter, to be broken: as parse and as connect, both of them ours."""

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, NamedTuple

import ccxt
import msgspec

from dfx_adapter import AdapterHost
from dfx_adapter.simulator import encode
from dfx_conformance import CAPABILITIES, Subject

ALL: Final = frozenset(CAPABILITIES)

FIELDS: Final = (
    *("symbol", "order_id", "created_date", "finished_date", "price", "amount", "cash_amount"),
    *("executed_amount", "avg_price", "status", "type", "kind"),
)
"""The fields of a row, as STATUS lists them."""

host: Final = AdapterHost(entry_points=False)
_decode: Final = msgspec.json.Decoder(float_hook=Decimal).decode


class Broken(NamedTuple):
    """An adapter that is wrong in one way, and the rule that must catch it."""

    name: str
    rule: str
    subject: Subject
    vectors: str | tuple[str, ...] = ""
    """How the ids of the vectors start that it is run on; all of them where it is empty."""


def parse(body, number=Decimal):
    """Read an answer as it should be read."""
    host._warned.clear()  # else it warns only of the first answer: all have the same orders
    return host.parse_orders("digifinex", body, number=number)


def connect(url, *, asynchronous=False, **config):
    """Connect as one should."""
    merged = {"urls": {"api": {"rest": url}}, "timeout_on_exit": 0, **config}
    return host.connect("digifinex", merged, asynchronous=asynchronous)


# Ways to break parse.


def spoiling(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Subject:
    """Change every order that was read rightly; `...` takes a key away."""

    def spoiled(body):
        return [
            {key: value for key, value in (order | change(order)).items() if value is not ...}
            for order in parse(body)
        ]

    return _subject(spoiled)


def misreading(change: Callable[[Any], object]) -> Subject:
    """Change every row, in place, before it is read rightly."""

    def misread(body):
        return parse(_rows_changed(body, change))

    return _subject(misread)


def _rows_changed(body, change):
    try:
        envelope = _decode(body)
    except ValueError:
        return body
    rows = envelope.get("data") if isinstance(envelope, dict) else None
    if not isinstance(rows, list):
        return body
    for row in rows:
        if isinstance(row, dict):
            change(row)
    return encode(envelope)


def refusing(change: Callable[[Exception], Any]) -> Subject:
    """Raise another error than the right one; where there is none, give its orders."""

    def refused(body):
        try:
            return parse(body)
        except ccxt.BaseError as error:
            other = change(error)
            if not isinstance(other, BaseException):
                return other
            raise other from None

    return _subject(refused)


def reading(read: Callable[[bytes], Any]) -> Subject:
    """Read in a way of its own."""
    return _subject(read)


def _subject(broken):
    return Subject("broken on purpose", broken, capabilities=ALL)


def decoded(body):
    """Decode an answer with its fractions exact, or give None where it is no JSON."""
    try:
        return _decode(body)
    except ValueError:
        return None


encoded = encode


# Ways to break connect.


def connecting(*faults: type, asynchronous: bool = False) -> Subject:
    """Put methods before those of the right exchange object; `spoil` is called one time."""

    def broken(url, **config):
        exchange = connect(url, asynchronous=asynchronous, **config)
        exchange.__class__ = type("Broken", (*faults, type(exchange)), {})
        for fault in faults:
            getattr(fault, "spoil", lambda _: None)(exchange)
        return exchange

    return Subject("broken on purpose", connect=broken, capabilities=ALL)


quiet: Final = logging.getLogger("dfx_adapter")
