"""Exchange objects broken on purpose in what they send: path, query, signature, how often."""

import hashlib
import hmac
import time
from typing import Any, Final
from urllib.parse import unquote

import ccxt

from dfx_adapter.digifinex.exchange import orders_of
from dfx_adapter.guards.guarded import stock
from dfx_adapter.steps import NO_PARAMS
from tests.conformance.right import Broken, connecting


class Signing:
    """Changes a request after it was signed; `resigned` signs it anew."""

    def sign(self, *args, **kwargs):
        request = super().sign(*args, **kwargs)
        return self.changed(request) if request["headers"] else request

    def resigned(self, request, text):
        signature = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        headers = {**request["headers"], "ACCESS-SIGN": signature}
        return {**request, "headers": headers}

    def requeried(self, request, change):
        path, _, query = request["url"].partition("?")
        if not query:
            return request
        changed = change(query)
        return self.resigned({**request, "url": f"{path}?{changed}"}, changed)

    def with_headers(self, request, **headers):
        changed = {**request["headers"], **{k.replace("_", "-"): v for k, v in headers.items()}}
        return {**request, "headers": {k: v for k, v in changed.items() if v is not None}}


def sending(change, endpoint="privateSpotGetMarketOrder"):
    """Change the parameters of an endpoint before they are signed."""

    def call(self, params=NO_PARAMS):
        return getattr(super(fault, self), endpoint)({**params, **change(params)})

    fault = type("Sending", (), {endpoint: call})
    return fault


def placing(change):
    """Change the parameters of a new order."""
    return sending(change, "privateSpotPostMarketOrderNew")


class FromTheHistory:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        orders = self.fetch_orders(symbol, None, None, params)
        return next(order for order in orders if order["id"] == order_id)


class SpotForMargin(Signing):
    def changed(self, request):
        return {**request, "url": request["url"].replace("/v3/margin/", "/v3/spot/")}


class ManyIds:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        query = {"market": "spot", "order_id": ",".join(ids)}
        return orders_of(self, self.privateSpotGetMarketOrder(query))


class RepeatedIds(Signing):
    def changed(self, request):
        return self.requeried(request, lambda query: unquote(query).replace(",", "&order_id="))


class MarketOfStock(Signing):
    def changed(self, request):
        return self.requeried(request, lambda query: f"{query}&market=spot")


class SignsTheUrl(Signing):
    def changed(self, request):
        return self.resigned(request, request["url"])


class SignsNothing(Signing):
    def changed(self, request):
        return self.resigned(request, "")


class SignsBackwards(Signing):
    def changed(self, request):
        query = request["url"].partition("?")[2]
        text = query or request["body"] or ""
        return self.resigned(request, "&".join(sorted(text.split("&"), reverse=True)))


class SignsReadableText(Signing):
    def changed(self, request):
        query = request["url"].partition("?")[2]
        return self.resigned(request, unquote(query or request["body"] or ""))


class SignsWithMd5(Signing):
    def changed(self, request):
        query = request["url"].partition("?")[2]
        signed = hmac.new(self.secret.encode(), query.encode(), hashlib.md5).hexdigest()
        return self.with_headers(request, ACCESS_SIGN=signed)


class SignsWithKey(Signing):
    def changed(self, request):
        query = request["url"].partition("?")[2]
        signed = hmac.new(self.apiKey.encode(), query.encode(), hashlib.sha256).hexdigest()
        return self.with_headers(request, ACCESS_SIGN=signed)


class NoTimestamp(Signing):
    def changed(self, request):
        return self.with_headers(request, ACCESS_TIMESTAMP=None)


class Milliseconds(Signing):
    def changed(self, request):
        return self.with_headers(request, ACCESS_TIMESTAMP=str(int(time.time() * 1000)))


class NoKey(Signing):
    def changed(self, request):
        return self.with_headers(request, ACCESS_KEY=None)


class KeyUnderAnotherName(Signing):
    def changed(self, request):
        key = request["headers"]["ACCESS-KEY"]
        return self.with_headers(request, ACCESS_KEY=None, ACCESS_APIKEY=key)


def deaf_to(word):
    class Deaf:
        def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
            heard = {key: value for key, value in params.items() if key != word}
            return super().fetch_order(order_id, symbol, heard)

    return Deaf


class NoDefaultType:
    def spoil(self):
        self.options["defaultType"] = "spot"


class NoMarginHistory:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_orders(symbol, since, limit)


class NoMarginOpenOrders:
    def fetch_open_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        return super().fetch_open_orders(symbol, since, limit)


class CancelsSpotOnly:
    def cancel_order(self, order_id, symbol=None, params=NO_PARAMS):
        return super().cancel_order(order_id, symbol)


class NoMarginBatch:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        return super().fetch_orders_by_ids(ids, symbol)


class PlacesSpotOnly:
    def create_order(self, symbol, kind, side, amount, price=None, params=NO_PARAMS):
        return super().create_order(symbol, kind, side, amount, price)


class IsolatedIsCross:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        cross = {"marginMode": "cross"} if "marginMode" in params else {}
        return super().fetch_order(order_id, symbol, {**params, **cross})


class IsolatedAfterAsking:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        order = super().fetch_order(order_id, symbol, {"type": "margin"})
        if params.get("marginMode") == "isolated":
            raise ccxt.NotSupported(f"{self.id} has no isolated margin")
        return order


class ClockAsItIs:
    def request(self, *args, **kwargs):
        return stock(self).request(*args, **kwargs)


class ClockAgainAndAgain:
    def request(self, *args, **kwargs):
        for _ in range(4):
            try:
                return stock(self).request(*args, **kwargs)
            except ccxt.InvalidNonce:
                pass
        return stock(self).request(*args, **kwargs)


class ClockForgotten:
    def nonce(self):
        self._dfx_clock_offset, offset = 0, self._dfx_clock_offset
        return (self.milliseconds() + offset) // 1000


class PlacesAgain:
    def create_order(self, *args, **kwargs):
        try:
            return super().create_order(*args, **kwargs)
        except ccxt.NetworkError:
            return super().create_order(*args, **kwargs)


class RetriesAnything:
    def fetch2(self, path, api="public", method="GET", params=NO_PARAMS, *rest, **kwargs):
        asked = {key: value for key, value in params.items() if key != "maxRetriesOnFailure"}
        return super().fetch2(path, api, method, asked, *rest, **kwargs)


class PlacesAgainAfterAPage:
    def create_order(self, *args, **kwargs):
        try:
            return super().create_order(*args, **kwargs)
        except ccxt.BadResponse:
            super().create_order(*args, **kwargs)
            raise


class FromACache(Signing):
    def changed(self, request):
        return self.with_headers(request, Cache_Control=None)


class MarketsFirst:
    def fetch_order(self, order_id, symbol=None, params=NO_PARAMS):
        self.load_markets()
        return super().fetch_order(order_id, symbol, params)


class OneByOne:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        return [self.fetch_order(order_id, symbol, params) for order_id in ids]


class TenAtATime:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        ids = list(ids)
        fetch = super().fetch_orders_by_ids
        parts = [ids[start : start + 10] for start in range(0, len(ids), 10)]
        return [order for part in parts for order in fetch(part, symbol, params)]


class AsksForNothing:
    def fetch_orders_by_ids(self, ids, symbol=None, params=NO_PARAMS):
        if not ids:
            self.privateSpotGetMarketOrderCurrent({"market": "spot"})
        return super().fetch_orders_by_ids(ids, symbol, params)


class DeafToBans:
    def spoil(self):
        self.options["banGuard"] = False


class CostNotHeard:
    def create_order(self, symbol, kind, side, amount, price=None, params=NO_PARAMS):
        return super().create_order(symbol, kind, side, amount, price or 9000)


class AnyMarketBuy:
    def create_order(self, symbol, kind, side, amount, price=None, params=NO_PARAMS):
        return super().create_order(symbol, kind, side, amount, price or 1, params)


class RefusesAfterPlacing:
    def create_order(self, symbol, kind, side, amount, price=None, params=NO_PARAMS):
        order = super().create_order(symbol, kind, side, amount, price or 9000, params)
        if price is None and side == "buy":
            raise ccxt.InvalidOrder(f"{self.id} a market buy needs a price")
        return order


class NoWindow:
    def spoil(self):
        self.options.pop("recvWindow", None)


class NinetyDays:
    def fetch_orders(self, symbol=None, since=None, limit=None, params=NO_PARAMS):
        query = {"market": "spot", "symbol": "BTC_USDT", "start_time": (since or 0) // 1000}
        return orders_of(self, self.privateSpotGetMarketOrderHistory(query))


class PlacesAStub:
    def create_order(self, *args, **kwargs):
        order = super().create_order(*args, **kwargs)
        return {"id": order["id"], "info": order["info"]}


class CancelsAStub:
    def cancel_order(self, order_id, symbol=None, params=NO_PARAMS):
        order = super().cancel_order(order_id, symbol, params)
        return {"id": order["id"], "info": order["info"]}


class CancelsUnfilled:
    def cancel_order(self, order_id, symbol=None, params=NO_PARAMS):
        order = super().cancel_order(order_id, symbol, params)
        return {**order, "filled": 0.0, "remaining": order["amount"], "average": None, "cost": 0.0}


class CancelsInAnyCase:
    def cancel_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().cancel_order(order_id, symbol, params)
        except ccxt.InvalidOrder:
            return {**self.fetch_order(order_id, symbol, params), "status": "canceled"}


class CancelsNamelessly:
    def cancel_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().cancel_order(order_id, symbol, params)
        except ccxt.InvalidOrder:
            raise ccxt.InvalidOrder(f"{self.id} an order was not cancelled") from None


class CancelsFilledAsInvalid:
    def cancel_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().cancel_order(order_id, symbol, params)
        except ccxt.OrderNotFound as error:
            raise ccxt.InvalidOrder(str(error)) from None


class CancelsOpenAsUnknown:
    def cancel_order(self, order_id, symbol=None, params=NO_PARAMS):
        try:
            return super().cancel_order(order_id, symbol, params)
        except ccxt.InvalidOrder as error:
            raise ccxt.OrderNotFound(str(error)) from None


def _margin_mode(params):
    return {"marginMode": "cross"}


def _symbol(params):
    return {"symbol": "btc_usdt"}


def _thousand(params):
    return {"limit": 1000}


def _base_for_quote(params):
    return {"amount": "0.01"} if params["type"] == "buy_market" else {}


def _side_flipped(params):
    flipped = {"buy": "sell", "sell": "buy", "buy_market": "sell_market", "sell_market": "buy"}
    return {"type": flipped[params["type"]]}


_FAULTS: Final[tuple[tuple[str, str, Any], ...]] = (
    ("one order from the history", "WIRE-001", FromTheHistory),
    ("45 ids in a request", "WIRE-002", ManyIds),
    ("ids as parameters of one name", "WIRE-002", RepeatedIds),
    ("market of the query against the path", "WIRE-003", MarketOfStock),
    ("params left over in the query", "WIRE-003", sending(_margin_mode)),
    ("a symbol in the query", "WIRE-003", sending(_symbol)),
    ("the URL is signed", "WIRE-004", SignsTheUrl),
    ("nothing is signed", "WIRE-004", SignsNothing),
    ("parameters signed in another sequence", "WIRE-004", SignsBackwards),
    ("parameters signed as they read", "WIRE-004", SignsReadableText),
    ("MD5", "WIRE-004", SignsWithMd5),
    ("signed with the key", "WIRE-004", SignsWithKey),
    ("no timestamp", "WIRE-005", NoTimestamp),
    ("a timestamp in milliseconds", "WIRE-005", Milliseconds),
    ("no key", "WIRE-005", NoKey),
    ("the key under another name", "WIRE-005", KeyUnderAnotherName),
    ("margin asked for at the spot path", "WIRE-006", SpotForMargin),
    ("marginMode not heard", "WIRE-006", deaf_to("marginMode")),
    ("margin not heard", "WIRE-006", deaf_to("margin")),
    ("type not heard", "WIRE-006", deaf_to("type")),
    ("defaultType not heard", "WIRE-006", NoDefaultType),
    ("history of spot orders only", "WIRE-006", NoMarginHistory),
    ("open orders of spot only", "WIRE-006", NoMarginOpenOrders),
    ("spot orders cancelled only", "WIRE-006", CancelsSpotOnly),
    ("batches of spot orders only", "WIRE-006", NoMarginBatch),
    ("spot orders placed only", "WIRE-006", PlacesSpotOnly),
    ("isolated is cross", "WIRE-007", IsolatedIsCross),
    ("isolated refused after asking", "WIRE-007", IsolatedAfterAsking),
    ("the clock never mended", "WIRE-008", ClockAsItIs),
    ("asks until the clock is right", "WIRE-008", ClockAgainAndAgain),
    ("the clock mended anew for every request", "WIRE-008", ClockForgotten),
    ("placed again after a lost answer", "WIRE-009", PlacesAgain),
    ("ccxt's retries place again", "WIRE-009", RetriesAnything),
    ("placed again after a page", "WIRE-009", PlacesAgainAfterAPage),
    ("no word to caches", "WIRE-010", FromACache),
    ("markets first", "WIRE-011", MarketsFirst),
    ("ids one by one", "WIRE-012", OneByOne),
    ("ten ids a request", "WIRE-012", TenAtATime),
    ("a request for no ids", "WIRE-012", AsksForNothing),
    ("bans ignored", "WIRE-013", DeafToBans),
    ("base for quote money", "WIRE-014", placing(_base_for_quote)),
    ("cost not heard", "WIRE-014", CostNotHeard),
    ("sides flipped", "WIRE-014", placing(_side_flipped)),
    ("the price left out", "WIRE-014", placing(lambda params: {"price": ""})),
    ("the amount rounded", "WIRE-014", placing(lambda params: {"amount": "1"})),
    ("another market", "WIRE-014", placing(lambda params: {"symbol": "ETH_USDT"})),
    ("a refused cancel is a cancel", "WIRE-015", CancelsInAnyCase),
    ("a refused cancel of nobody", "WIRE-015", CancelsNamelessly),
    ("a filled order is merely not canceled", "WIRE-015", CancelsFilledAsInvalid),
    ("an open order is not found", "WIRE-015", CancelsOpenAsUnknown),
    ("a market buy of amount in quote money", "WIRE-016", AnyMarketBuy),
    ("a market buy refused when it is placed", "WIRE-016", RefusesAfterPlacing),
    ("no receive window", "WIRE-017", NoWindow),
    ("a thousand rows", "WIRE-018", sending(_thousand, "privateSpotGetMarketOrderHistory")),
    ("45 days in one request", "WIRE-018", NinetyDays),
    ("what was placed is a stub", "WIRE-019", PlacesAStub),
    ("what was cancelled is a stub", "WIRE-019", CancelsAStub),
    ("what was cancelled was never filled", "WIRE-019", CancelsUnfilled),
)

REQUESTS: Final = tuple(Broken(name, rule, connecting(fault)) for name, rule, fault in _FAULTS)
