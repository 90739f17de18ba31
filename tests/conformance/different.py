"""Adapters that are right, and built otherwise than ours: nobody may accuse them."""

import logging
import threading
import warnings
from collections import OrderedDict, UserDict
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import ccxt

from dfx_adapter.steps import NO_PARAMS
from dfx_conformance import Subject
from tests.conformance.broken_requests import Signing
from tests.conformance.right import ALL, connecting, parse, quiet

WITHOUT_EXACT: Final = ALL - {"exact-numbers"}


def _mapped(change):
    return lambda body: [change(order) for order in parse(body)]


class Order(dict):
    """An order with a word of its own."""

    is_over = property(lambda self: self["status"] != "open")


def _whole_as_int(order):
    return {
        key: int(value) if isinstance(value, Decimal) and value == int(value) else value
        for key, value in order.items()
    }


def _info_as_text(order):
    texts = {
        key: str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for key, value in order["info"].items()
    }
    return order | {"info": texts}


def _as_text(order):
    return {
        key: str(value) if isinstance(value, Decimal) else value for key, value in order.items()
    }


def _created(order):
    return order["timestamp"] or 0


async def _awaited(body):
    return parse(body)


def _yielded(body):
    yield from parse(body)


class NoSuchOrder(ccxt.OrderNotFound):
    """An error of the adapter's own."""


class NoAnswer(ccxt.BadResponse):
    """Another."""


_OWN: Final = {ccxt.OrderNotFound: NoSuchOrder, ccxt.BadResponse: NoAnswer}


def _own_errors(body):
    try:
        return parse(body)
    except ccxt.BaseError as error:
        own = _OWN.get(type(error), type(error))(str(error))
        own.orders = tuple(getattr(error, "orders", ()))
        raise own from error


def _path_in_an_attribute(body):
    try:
        return parse(body)
    except ccxt.BaseError as error:
        if not getattr(error, "path", None):
            raise
        other = type(error)("digifinex: the answer is wrong")
        other.path, other.orders = error.path, error.orders
        raise other from None


def _path_in_a_sentence(body):
    try:
        return parse(body)
    except ccxt.BaseError as error:
        if not getattr(error, "path", None):
            raise
        other = type(error)(f"digifinex: the value at '{error.path}', is wrong.")
        other.orders = error.orders
        raise other from None


class _Warning(logging.Handler):
    def emit(self, record):
        warnings.warn(record.getMessage(), stacklevel=2)


def _warned_by_python(body):
    handler = _Warning()
    quiet.addHandler(handler)
    quiet.propagate = False
    try:
        return parse(body)
    finally:
        quiet.removeHandler(handler)
        quiet.propagate = True


def _computed_in_floats(body):
    return [_in_floats(order) for order in parse(body, float)]


def _in_floats(order):
    amount, filled, average = order["amount"], order["filled"], order["average"]
    rest = amount if amount is None else max(amount - filled, 0.0)
    return order | {"remaining": rest, "cost": filled * average if average else order["cost"]}


def _with_zeros(number):
    text = format(number, "f")
    return f"{text}0" if "." in text else f"{text}.0"


def _zeros_in_text(order):
    return {
        key: _with_zeros(value) if isinstance(value, Decimal) else value
        for key, value in order.items()
    }


_lock = threading.Lock()


def _one_at_a_time(body):
    with _lock:
        return parse(body)


def _old(body):
    warnings.warn("use another name", DeprecationWarning, stacklevel=2)
    logging.getLogger("mine").info("read %d bytes", len(body))
    return parse(body)


def _without_market_orders(body):
    if b'_market"' in body:
        raise ccxt.NotSupported("digifinex market orders are not supported")
    return parse(body)


def _without_errors(body):
    try:
        return parse(body)
    except ccxt.BaseError:
        return []


def _spot_only(body):
    orders = parse(body)
    if any(order["marginMode"] for order in orders):
        raise ccxt.NotSupported("digifinex margin orders are not supported")
    return orders


def _reader(name: str, parse: Any, capabilities: frozenset[str] = ALL) -> Subject:
    return Subject(name, parse, capabilities=capabilities)


READERS: Final = {
    one.name: one
    for one in (
        _reader("Decimal", parse),
        _reader("float", lambda body: parse(body, float), WITHOUT_EXACT),
        _reader("text", lambda body: parse(body, str)),
        _reader("int where it is whole", _mapped(_whole_as_int)),
        _reader("more keys", _mapped(lambda order: order | {"exchange": "digifinex", "fee2": 0})),
        _reader("keys in another sequence", _mapped(lambda order: dict(reversed(order.items())))),
        _reader("read-only orders", _mapped(MappingProxyType)),
        _reader("orders that are no dict", _mapped(UserDict)),
        _reader("a class of orders", _mapped(Order)),
        _reader("info as text", _mapped(_info_as_text)),
        _reader("oldest first", lambda body: sorted(parse(body), key=_created)),
        _reader("a tuple", lambda body: tuple(parse(body))),
        _reader("a generator", _yielded),
        _reader("a coroutine", _awaited),
        _reader("errors of its own", _own_errors),
        _reader("the path in an attribute", _path_in_an_attribute),
        _reader("the path in a sentence", _path_in_a_sentence),
        _reader("warnings of Python", _warned_by_python),
        _reader("computed in floats", _computed_in_floats, WITHOUT_EXACT),
        _reader("zeros at the end of text", _mapped(_zeros_in_text)),
        _reader("text with exponents", _mapped(_as_text)),
        _reader("an OrderedDict", _mapped(OrderedDict)),
        _reader("read-only info", _mapped(lambda o: o | {"info": MappingProxyType(o["info"])})),
        _reader("one answer at a time", _one_at_a_time),
        _reader("a coroutine of a lambda", lambda body: _awaited(body)),  # noqa: PLW0108
        _reader("what developers are warned of", _old),
        Subject(
            "no market orders",
            _without_market_orders,
            capabilities=ALL,
            lacks=frozenset({"market-orders"}),
        ),
        Subject("no errors", _without_errors, capabilities=ALL, lacks=frozenset({"errors"})),
        _reader("spot alone", _spot_only, frozenset({"spot", "exact-numbers"})),
        _reader(
            "no capability but the least", lambda body: parse(body, float), frozenset({"spot"})
        ),
    )
}


NO_COST: Final = _reader(
    "no cost where nothing is filled",
    _mapped(lambda order: order if order["filled"] else order | {"cost": None}),
)


# Exchange objects, and the rules for which the difference could matter.


class UpperCaseSignature(Signing):
    def changed(self, request):
        signature = request["headers"]["ACCESS-SIGN"]
        return self.with_headers(request, ACCESS_SIGN=signature.upper())


class LowerCaseHeaders(Signing):
    def changed(self, request):
        headers = {name.lower(): value for name, value in request["headers"].items()}
        return {**request, "headers": headers}


class OtherSequence(Signing):
    """Sends the parameters the other way round, and signs them so."""

    def changed(self, request):
        return self.requeried(request, lambda query: "&".join(reversed(query.split("&"))))


class SaysTheMarket(Signing):
    """Names the market of the path in the query, too, as the documents do."""

    def changed(self, request):
        market = "margin" if "/v3/margin/" in request["url"] else "spot"
        with_market = urlencode({"market": market})
        return self.requeried(request, lambda query: f"{query}&{with_market}")


class CommasAsTheyAre(Signing):
    def changed(self, request):
        return self.requeried(
            request, lambda query: "&".join(f"{key}={value}" for key, value in parse_qsl(query))
        )


class AsksTwice:
    """A GET may be repeated."""

    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().fetch_order(order_id, symbol, params)
        except ccxt.NetworkError:
            return super().fetch_order(order_id, symbol, params)


class OfText:
    def spoil(self):
        self.number = str


class OfDecimals:
    def spoil(self):
        self.number = Decimal


class TuplesInErrors:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        try:
            return super().fetch_orders_by_ids(ids, symbol, params)
        except ccxt.BaseError as error:
            error.orders, error.ids = tuple(error.orders), tuple(error.ids)
            raise


class DecimalsInInfo:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        order = super().fetch_order(order_id, symbol, params)
        exact = {name: Decimal(str(order["info"][name])) for name in ("price", "amount")}
        return {**order, "info": {**order["info"], **exact}}


class NewestFirst:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(symbol, since, limit, params)[::-1]


class OwnErrors:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().fetch_order(order_id, symbol, params)
        except ccxt.OrderNotFound as error:
            raise NoSuchOrder(str(error)) from error


_HOW_IT_LIVES: Final = ("LIFE-001", "WIRE-019", "MAP-024", "LIST-005", "MAP-001")
_HOW_IT_SIGNS: Final = ("WIRE-002", "WIRE-003", "WIRE-004", "WIRE-005")

ON_THE_WIRE: Final = {
    "a signature in upper case": (connecting(UpperCaseSignature), ("WIRE-004", "WIRE-005")),
    "headers in lower case": (connecting(LowerCaseHeaders), ("WIRE-004", "WIRE-005")),
    "parameters in another sequence": (connecting(OtherSequence), _HOW_IT_SIGNS),
    "the market in the query": (connecting(SaysTheMarket), _HOW_IT_SIGNS),
    "commas as they are": (connecting(CommasAsTheyAre), _HOW_IT_SIGNS),
    "a GET that is repeated": (connecting(AsksTwice), ("ERR-018", "WIRE-009", "ERR-001")),
    "numbers that are text": (connecting(OfText), _HOW_IT_LIVES),
    "numbers that are Decimal": (connecting(OfDecimals), _HOW_IT_LIVES),
    "tuples in errors": (connecting(TuplesInErrors), ("LIST-002", "LIST-010", "LIST-013")),
    "numbers of info that are Decimal": (connecting(DecimalsInInfo), ("WIRE-020",)),
    "lists with the newest first": (
        connecting(NewestFirst),
        ("LIST-015", "LIST-016", "LIST-017"),
    ),
    "an error of its own": (connecting(OwnErrors), ("ERR-001",)),
    "asyncio": (connecting(asynchronous=True), _HOW_IT_SIGNS),
}
