"""Exchange objects broken on purpose in what they make of answers, and in what they let be seen."""

import logging
from typing import Any, Final

import ccxt

from dfx_adapter.digifinex.answers.mapping import symbol_of
from dfx_adapter.digifinex.exchange import orders_of
from dfx_adapter.steps import NO_PARAMS
from dfx_conformance.subjects import LISTED
from tests.conformance.broken_requests import Signing
from tests.conformance.right import Broken, connecting

_LISTED: Final = {symbol_of(market_id) for market_id in LISTED}
_LOST: Final = ccxt.OrderNotFound


def _asked(self, ids):
    return self.privateSpotGetMarketOrder({"market": "spot", "order_id": ",".join(ids)})


# One order.


class FirstRow:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return orders_of(self, _asked(self, [order_id]))[0]


class FirstRowRelabelled:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return {**orders_of(self, _asked(self, [order_id]))[0], "id": order_id}


class KindNotSeen:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        orders = orders_of(self, _asked(self, [order_id]))
        return next(order for order in orders if order["id"] == order_id)


class SymbolRelabelled:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        order = super().fetch_order(order_id, None, params)
        return {**order, "symbol": symbol or order["symbol"]}


class SymbolNotSeen:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return super().fetch_order(order_id, None, params)


class ListedOnly:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        order = super().fetch_order(order_id, symbol, params)
        if order["symbol"] not in _LISTED:
            raise ccxt.BadSymbol(f"{self.id} does not have market symbol {order['symbol']}")
        return order


class AnyId:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        rows = orders_of(self, _asked(self, [str(order_id)]))
        if not rows:
            raise _LOST(f"{self.id} {order_id}")
        return rows[0]


class IdsTrimmed:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return super().fetch_order("".join(str(order_id).split()) or "0", symbol, params)


class LastTime:
    """Answers with what came the first time."""

    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        known = self.__dict__.setdefault("_known", {})
        if order_id not in known:
            known[order_id] = super().fetch_order(order_id, symbol, params)
        return known[order_id]


# Many orders.


class MissingDropped:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        return super().fetch_orders_by_ids(ids, symbol, {**params, "missing": "omit"})


class MissingNameless:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        try:
            return super().fetch_orders_by_ids(ids, symbol, params)
        except _LOST as error:
            error.ids = []
            raise


class FoundLost:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        try:
            return super().fetch_orders_by_ids(ids, symbol, params)
        except ccxt.BaseError as error:
            error.orders = []
            raise


class AllOrNothing:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        try:
            _asked(self, list(ids)[:20])
        except _LOST as error:
            error.orders, error.ids = [], list(ids)
            raise
        return super().fetch_orders_by_ids(ids, symbol, params)


class BadRowDropped:
    def spoil(self):
        self.options["badRow"] = "skip"


class ByPosition:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        orders = orders_of(self, _asked(self, ids))
        return [{**order, "id": order_id} for order_id, order in zip(ids, orders, strict=False)]


class AsTheRowsCame:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        return orders_of(self, _asked(self, ids))


class SortedById:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        orders = super().fetch_orders_by_ids(ids, symbol, params)
        return sorted(orders, key=lambda order: order["id"])


class AsOftenAsAsked:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        found = {order["id"]: order for order in super().fetch_orders_by_ids(ids, symbol, params)}
        return [found[order_id] for order_id in ids]


class LastRowCounts:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        found = {order["id"]: order for order in orders_of(self, _asked(self, ids))}
        return [found[order_id] for order_id in ids]


class ForeignRowsDropped:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        orders = orders_of(self, _asked(self, ids))
        return [order for order in orders if order["id"] in ids]


class AnyIds:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        split = [part for given_id in ids for part in given_id.split(",")]
        return super().fetch_orders_by_ids(split, symbol, params)


# Lists.


class DelistedCostsTheList:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return self._all_listed(super().fetch_open_orders(symbol, since, limit, params))

    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return self._all_listed(super().fetch_orders(symbol, since, limit, params))

    def _all_listed(self, orders):
        for order in orders:
            if order["symbol"] not in _LISTED:
                raise ccxt.BadSymbol(f"{self.id} does not have market symbol {order['symbol']}")
        return orders


class DelistedDropped:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        orders = super().fetch_open_orders(symbol, since, limit, params)
        return [order for order in orders if order["symbol"] in _LISTED]


class PageIsNoOrder:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        try:
            return super().fetch_open_orders(symbol, since, limit, params)
        except ccxt.BadResponse:
            return []


class OpenIsAnything:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(symbol, since, limit, params)


class EmptyIsAnError:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        orders = super().fetch_open_orders(symbol, since, limit, params)
        if not orders:
            raise _LOST(f"{self.id} there is no open order")
        return orders


class SymbolNotSent:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_open_orders(None, since, limit, params)


class SymbolOfTheHistoryNotSent:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(None, since, limit, params)


class PagesOverlap:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        orders = super().fetch_orders(symbol, since, limit, params)
        return orders[:100] + orders[99:]


class AllThatIsOpen:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_open_orders(symbol, None, None, params)


class SinceNotKept:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        earlier = None if since is None else since - 60_000
        return super().fetch_orders(symbol, earlier, limit, params)


class LimitNotKept:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(symbol, since, None, params)


class NewestOfAll:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(symbol, since, None, params)[-(limit or 0) :]


class NewestOpen:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_open_orders(symbol, since, None, params)[-(limit or 0) :]


class OldestOfAll:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(symbol, since, None, params)[:limit]


class OldestOpen:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_open_orders(symbol, since, None, params)[:limit]


class OldestOfAPage:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        page = super().fetch_orders(symbol, since, None, params)[-100:]
        return page[-(limit or 0) :] if since is None else page[:limit]


class FloatsInInfo:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        return _with_floats(super().fetch_order(order_id, symbol, params))


class FloatsInInfoOfLists:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        orders = super().fetch_open_orders(symbol, since, limit, params)
        return [_with_floats(order) for order in orders]


def _with_floats(order):
    floats = {name: float(order["info"][name]) for name in ("price", "amount")}
    return {**order, "info": {**order["info"], **floats}}


class OnePage:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(symbol, since, limit or 100, params)


class HasNoBatches:
    def spoil(self):
        self.has = {**self.has, "fetchOrdersByIds": False}


# Errors.


def raising(error_class, *instead_of, method="fetch_order"):
    """Raise an error for others, or, without a class, give None."""

    def call(self, *args, **kwargs):
        try:
            return getattr(super(fault, self), method)(*args, **kwargs)
        except instead_of as error:
            if error_class is None:
                return None
            raise error_class(str(error)) from None

    fault = type("Raising", (), {method: call})
    return fault


class DeafAfterAPage:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        if self.__dict__.get("_failed"):
            raise self._failed
        try:
            return super().fetch_order(order_id, symbol, params)
        except ccxt.BadResponse as error:
            self._failed = error
            raise


# Secrets.


class Seen(Signing):
    """Keeps the signature of the last request."""

    def changed(self, request):
        self._signature = request["headers"]["ACCESS-SIGN"]
        return request


def with_secret(secret):
    """Put a secret into every error."""

    class WithSecret(Seen):
        def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
            try:
                return super().fetch_order(order_id, symbol, params)
            except ccxt.BaseError as error:
                raise type(error)(f"{error} ({secret(self)})") from None

    return WithSecret


class TellsInAnAttribute(Seen):
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().fetch_order(order_id, symbol, params)
        except ccxt.BaseError as error:
            error.request = {"ACCESS-SIGN": self._signature}
            raise


class TellsInACause:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().fetch_order(order_id, symbol, params)
        except ccxt.BaseError as error:
            raise error from ValueError(f"apiKey={self.apiKey}")


class PagesAsTheyAre:
    def dfx_masked(self, text):
        return text

    def dfx_masked_body(self, text):
        return text


class Logs(Signing):
    def changed(self, request):
        logging.getLogger("an.adapter").debug("%s", request["headers"])
        return request


class LogsPosts(Signing):
    def changed(self, request):
        if request["method"] == "POST":
            logging.getLogger("an.adapter").debug("%s", request["headers"])
        return request


class LogsAnswers:
    def on_rest_response(self, code, reason, url, method, headers, body, *rest):
        logging.getLogger("an.adapter").debug("%s", body)
        return super().on_rest_response(code, reason, url, method, headers, body, *rest)


class LogsTheKey(Signing):
    def changed(self, request):
        logging.getLogger("an.adapter").info("sent with key %s", self.apiKey)
        return request


class Prints:
    def log(self, *args):
        print(*args)  # noqa: T201  # it is what ccxt does


class Shows:
    def __repr__(self):
        return f"digifinex({self.apiKey!r}, {self.secret!r})"


class SendsTheSecret(Signing):
    def changed(self, request):
        return self.with_headers(request, X_Secret=self.secret)


class SendsTheSecretInTheQuery(Signing):
    def changed(self, request):
        return self.requeried(request, lambda query: f"{query}&secret={self.secret}")


_FAULTS: Final[tuple[tuple[str, str, Any], ...]] = (
    ("the first row, whosever it is", "LIST-004", FirstRow),
    ("another order under the id asked for", "LIST-004", FirstRowRelabelled),
    ("rows that nobody asked for dropped", "LIST-004", ForeignRowsDropped),
    ("the first of two rows", "LIST-005", FirstRow),
    ("rows of a batch by position", "LIST-005", ByPosition),
    ("the symbol relabelled", "LIST-006", SymbolRelabelled),
    ("the symbol not looked at", "LIST-006", SymbolNotSeen),
    ("kind not looked at", "LIST-007", KindNotSeen),
    ("a delisted order costs the list", "LIST-008", DelistedCostsTheList),
    ("a delisted order left out", "LIST-008", DelistedDropped),
    ("a delisted order cannot be read", "MAP-010", ListedOnly),
    ("an id with a comma is sent", "LIST-009", AnyId),
    ("white space taken out of ids", "LIST-009", IdsTrimmed),
    ("ids of a batch split at commas", "LIST-009", AnyIds),
    ("missing ids left out in silence", "LIST-010", MissingDropped),
    ("missing ids not named", "LIST-010", MissingNameless),
    ("found orders lost with the missing", "LIST-010", FoundLost),
    ("found orders lost with a bad row", "LIST-002", FoundLost),
    ("a bad row of a batch left out in silence", "LIST-002", BadRowDropped),
    ("an id asked twice is two orders", "LIST-011", AsOftenAsAsked),
    ("a row sent twice is two orders", "LIST-011", AsTheRowsCame),
    ("the last of two rows counts", "LIST-011", LastRowCounts),
    ("orders as the rows came", "LIST-012", AsTheRowsCame),
    ("orders sorted by id", "LIST-012", SortedById),
    ("20013 costs the batch", "LIST-013", AllOrNothing),
    ("has does not say it", "LIST-014", HasNoBatches),
    ("since not kept", "LIST-015", SinceNotKept),
    ("limit not kept", "LIST-015", LimitNotKept),
    ("since and limit of open orders not kept", "LIST-015", AllThatIsOpen),
    ("the newest since then", "LIST-017", NewestOfAll),
    ("the newest open ones since then", "LIST-017", NewestOpen),
    ("the oldest of all", "LIST-017", OldestOfAll),
    ("the oldest of all that are open", "LIST-017", OldestOpen),
    ("the oldest of a page", "LIST-017", OldestOfAPage),
    ("floats in info", "WIRE-020", FloatsInInfo),
    ("floats in info of lists", "WIRE-020", FloatsInInfoOfLists),
    ("open orders of another market", "LIST-006", SymbolNotSent),
    ("a history of another market", "LIST-006", SymbolOfTheHistoryNotSent),
    ("rows of two pages are two orders", "LIST-011", PagesOverlap),
    ("one page", "LIST-016", OnePage),
    ("any order is open", "LIST-001", OpenIsAnything),
    ("no open order is an error", "LIST-003", EmptyIsAnError),
    ("a page is no open order", "ERR-002", PageIsNoOrder),
    ("an error stays", "ERR-002", DeafAfterAPage),
    ("no order is None", "ERR-001", raising(None, _LOST)),
    ("no order is a BadResponse", "ERR-001", raising(ccxt.BadResponse, _LOST)),
    ("a page is OrderNotFound", "ERR-002", raising(_LOST, ccxt.BadResponse)),
    (
        "frequency can be retried without a wait",
        "ERR-003",
        raising(ccxt.NetworkError, ccxt.DDoSProtection),
    ),
    ("a wrong clock is a BadRequest", "ERR-005", raising(ccxt.BadRequest, ccxt.InvalidNonce)),
    (
        "a server's fault is an ExchangeError",
        "ERR-010",
        raising(ccxt.ExchangeError, ccxt.ExchangeNotAvailable),
    ),
    (
        "a proxy's page is a BadResponse",
        "ERR-017",
        raising(ccxt.BadResponse, ccxt.ExchangeNotAvailable),
    ),
    (
        "a broken connection is OrderNotFound",
        "ERR-018",
        raising(_LOST, ccxt.NetworkError),
    ),
    (
        "a broken connection is an ExchangeError",
        "ERR-018",
        raising(ccxt.ExchangeError, ccxt.NetworkError),
    ),
    (
        "a lost answer is an InvalidOrder",
        "ERR-018",
        raising(ccxt.InvalidOrder, ccxt.NetworkError, method="create_order"),
    ),
    ("errors of Python from a method", "ERR-016", raising(ValueError, ccxt.ExchangeError)),
    ("orders as they were", "MAP-002", LastTime),
    ("the key in an error", "SEC-001", with_secret(lambda self: self.apiKey)),
    ("the secret in an error", "SEC-001", with_secret(lambda self: self.secret)),
    ("the signature in an error", "SEC-001", with_secret(lambda self: self._signature)),
    ("the signature in an attribute", "SEC-001", TellsInAnAttribute),
    ("the key in a cause", "SEC-001", TellsInACause),
    ("a page repeated as it is", "SEC-001", PagesAsTheyAre),
    ("headers logged at DEBUG", "SEC-002", Logs),
    ("headers of a POST logged", "SEC-002", LogsPosts),
    ("answers logged as they are", "SEC-002", LogsAnswers),
    ("the key logged", "SEC-002", LogsTheKey),
    ("verbose prints headers", "SEC-002", Prints),
    ("repr shows the secret", "SEC-003", Shows),
    ("the secret in a header", "SEC-003", SendsTheSecret),
    ("the secret in the query", "SEC-003", SendsTheSecretInTheQuery),
)


class FirstRowAsync:
    async def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        answer = await _asked(self, [order_id])
        return orders_of(self, answer)[0]


class SecretAsync:
    async def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return await super().fetch_order(order_id, symbol, params)
        except ccxt.BaseError as error:
            raise type(error)(f"{error} {self.secret}") from None


_ASYNCHRONOUS: Final = (
    ("asyncio: the first row, whosever it is", "LIST-004", FirstRowAsync),
    ("asyncio: the secret in an error", "SEC-001", SecretAsync),
)

ANSWERS: Final = (
    *(Broken(name, rule, connecting(fault)) for name, rule, fault in _FAULTS),
    *(
        Broken(name, rule, connecting(fault, asynchronous=True))
        for name, rule, fault in _ASYNCHRONOUS
    ),
)
