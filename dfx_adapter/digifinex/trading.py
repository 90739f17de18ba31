"""What the trading methods do, as steps; they answer complete orders, not two-key stubs.

Documents: "Create new order", "Create multiple order", "Cancel order"
(docs.digifinex.com/en-ww/spot/v3/rest.html). A POST is sent once; only after 10008, when the
exchange has refused its timestamp unread, is it sent again.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex import requests
from dfx_adapter.digifinex.protocol import EXCHANGE
from dfx_adapter.digifinex.reading import Reading
from dfx_adapter.digifinex.tables import ORDERS_PER_BATCH
from dfx_adapter.order import completed
from dfx_adapter.unified import by_ids
from dfx_adapter.unified.steps import Step, Together

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from dfx_adapter.order import Order

# A fault of the exchange's side: it may have placed the order before it failed.
_DOUBTFUL_CODES: Final = frozenset({None, "50000"})
_MAY_EXIST: Final = (
    "the order may have been placed all the same: look for it in fetch_open_orders and "
    "fetch_orders before placing it again"
)
_TYPES: Final = frozenset({"limit", "market"})
# What "Create new order" has no parameter for: an order without it would be another order.
_NOT_HAD: Final = (
    *("triggerPrice", "stopPrice", "stopLossPrice", "takeProfitPrice", "stopLoss", "takeProfit"),
    *("trailingAmount", "trailingPercent", "reduceOnly"),
)


class Trading(Reading):
    """The methods that place and cancel orders, without the awaiting."""

    def _dfx_create_order(
        self,
        symbol: str,
        type_: str,
        side: str,
        amount: Any,
        price: Any,
        params: Mapping[str, Any],
    ) -> Generator[Any, Any, Order]:
        """Place one order; the answer is made of what was asked and answered, without a request."""
        kind, rest = requests.market_type("createOrder", symbol, params, self.options)
        if kind == "swap":
            args = (symbol, type_, side, amount, price, dict(params))
            order: Order = yield Step("create_order", args, stock=True)
            return order
        yield Step("load_markets")
        asked = self._dfx_order_request(symbol, type_, side, amount, price, rest)
        request = {**asked, "market": kind}
        try:
            answer = yield Step("privateSpotPostMarketOrderNew", (request,))
        except errors.BaseError as error:
            _add_doubt(error)
            raise
        [order] = self._dfx_placed([asked], [answer.get("order_id")], kind, answer)
        return order

    def _dfx_create_orders(
        self, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        """Place up to ten orders of one market at once: all of them, or none."""
        merged = [
            {**order, "params": {**params, **(order.get("params") or {})}} for order in orders
        ]
        kinds = {
            requests.market_type("createOrders", each["symbol"], each["params"], self.options)[0]
            for each in merged
        }
        if kinds == {"swap"}:
            placed: list[Order] = yield Step(
                "create_orders", (list(orders), dict(params)), stock=True
            )
            return placed
        if len(kinds) != 1 or len({each["symbol"] for each in merged}) != 1:
            raise _bad_request("createOrders: all orders must be of one market and market type")
        if len(merged) > ORDERS_PER_BATCH:
            raise _bad_request(f"createOrders: {len(merged)} orders; at most {ORDERS_PER_BATCH}")
        yield Step("load_markets")
        [kind] = kinds
        asked = [self._dfx_batched_request(each) for each in merged]
        batch = {"symbol": asked[0]["symbol"], "list": self.json(asked), "market": kind}
        try:
            answer = yield Step("privateSpotPostMarketOrderBatchNew", (batch,))
        except errors.BaseError as error:
            _add_doubt(error)
            raise
        return self._dfx_placed(asked, answer.get("order_ids") or [], kind, answer)

    def _dfx_batched_request(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is sent for one order of a batch."""
        _, rest = requests.market_type(
            "createOrders", order["symbol"], order["params"], self.options
        )
        words = (order["symbol"], order["type"], order["side"])
        return self._dfx_order_request(*words, order["amount"], order.get("price"), rest)

    def _dfx_order_request(
        self, symbol: Any, type_: Any, side: Any, amount: Any, price: Any, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the parameters of "Create new order"; what it cannot express is refused.

        Raises:
            ccxt.NotSupported: an order type, trigger or time in force that DigiFinex does not have.
            ccxt.BadRequest: a limit order without a price.
        """
        type_ = str(type_).lower()
        unknown = [name for name in _NOT_HAD if params.get(name)]
        force = str(params.get("timeInForce") or "GTC").upper()
        if type_ not in _TYPES or unknown or force not in {"GTC", "PO"}:
            found = ", ".join(unknown) or f"type {type_} with timeInForce {force}"
            raise requests.not_supported(
                f"createOrder: {found} is not supported: DigiFinex takes limit and market orders, "
                "GTC or post-only, without triggers; nothing was sent"
            )
        if type_ == "limit" and price is None:
            raise _bad_request("createOrder: a limit order needs a price")
        if side not in {"buy", "sell"}:
            raise _bad_request(f"createOrder: side {side!r}: expected buy or sell")
        if not (_is_quantity(amount) or params.get("cost")):
            raise _bad_request(f"createOrder: amount {amount!r}: expected a number above 0")
        rest = {
            key: value for key, value in params.items() if key not in {*_NOT_HAD, "timeInForce"}
        }
        if force == "PO":
            rest["postOnly"] = True
        if rest.get("cost") is not None:
            rest["cost"] = str(rest["cost"])
        request: dict[str, Any] = self.create_order_request(
            symbol, type_, side, amount, price, rest
        )
        del request["market"]
        return request

    def _dfx_placed(
        self, asked: Sequence[Mapping[str, Any]], ids: Sequence[Any], kind: str, answer: Any
    ) -> list[Order]:
        """Return new orders as the exchange would report them: nothing filled, created just now."""
        if len(ids) != len(asked) or not all(isinstance(each, str) and each for each in ids):
            raise errors.describe(
                errors.BadResponse,
                f"answer: expected {len(asked)} order ids, found {ids!r}; {_MAY_EXIST}",
                exchange_id=EXCHANGE,
                found=ids,
                expected=f"{len(asked)} order ids",
            )
        rows = [
            _new_row(request, order_id, kind, self.nonce())
            for request, order_id in zip(asked, ids, strict=True)
        ]
        try:
            orders = self._dfx_orders(rows, kind, bad_row="raise")
        except errors.BaseError as error:
            error.ids = list(ids)
            error.args = (f"{error}; the order was placed: {', '.join(ids)}",)
            raise
        for order in orders:
            order["info"] = answer
        return orders

    def _dfx_cancel_orders(
        self, method: str, order_ids: Sequence[Any], symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        """Cancel, then ask once for the orders: only their status tells what was filled."""
        kind, rest = requests.market_type(method, symbol, params, self.options)
        asked = requests.valid_ids(order_ids)
        posts = [
            {**rest, "market": kind, "order_id": ",".join(ids)} for ids in requests.chunks(asked)
        ]
        answers = yield Together([Step("privateSpotPostMarketOrderCancel", (p,)) for p in posts])
        succeeded = _listed(answers, "success") - _listed(answers, "error")
        cancelled = [each for each in asked if each in succeeded]
        refused = [each for each in asked if each not in succeeded]
        orders = yield from self._dfx_status_after(cancelled, kind, symbol, answers)
        for answer in answers:
            if isinstance(answer, Exception):
                failed = by_ids.carried(answer, orders)
                failed.ids = refused  # type: ignore[attr-defined]  # as errors.describe does
                raise failed
        if refused:
            raise _not_cancelled(refused, answers, orders)
        return orders

    def _dfx_cancel_for_symbols(
        self, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        """Cancel orders given as ids with symbols; DigiFinex needs no symbols for it."""
        kinds = {
            requests.market_type(
                "cancelOrdersForSymbols", each.get("symbol"), params, self.options
            )[0]
            for each in orders
        }
        if kinds == {"swap"}:
            cancelled: list[Order] = yield Step(
                "cancel_orders_for_symbols", (list(orders), dict(params)), stock=True
            )
            return cancelled
        if len(kinds) > 1:
            raise _bad_request("cancelOrdersForSymbols: all orders must be of one market type")
        ids = [each.get("id") for each in orders]
        return (yield from self._dfx_cancel_orders("cancelOrdersForSymbols", ids, None, params))

    def _dfx_edit_order(
        self,
        order_id: str,
        symbol: str,
        type_: str,
        side: str,
        amount: Any,
        price: Any,
        params: Mapping[str, Any],
    ) -> Generator[Any, Any, Order]:
        """Cancel and place again, in the same market type; DigiFinex edits no orders.

        What was filled of the old order until then stays filled: it is not taken off the amount.
        """
        words = {key: params[key] for key in ("type", "marginMode", "margin") if key in params}
        yield from self._dfx_cancel_order(order_id, symbol, words)
        return (yield from self._dfx_create_order(symbol, type_, side, amount, price, params))

    def _dfx_cancel_order(
        self, order_id: str, symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, Order]:
        kind, _ = requests.market_type("cancelOrder", symbol, params, self.options)
        if kind == "swap":
            order: Order = yield Step("cancel_order", (order_id, symbol, dict(params)), stock=True)
            return order
        [order] = yield from self._dfx_cancel_orders("cancelOrder", [order_id], symbol, params)
        return order

    def _dfx_status_after(
        self, order_ids: Sequence[str], kind: str, symbol: str | None, answers: list[Any]
    ) -> Generator[Any, Any, list[Order]]:
        """Return the cancelled orders; without a readable status, what is known of them."""
        outcomes = yield from self._dfx_outcomes(order_ids, kind, {})
        known = {"symbol": symbol, "status": "canceled", "info": answers[0] if answers else None}
        return [
            completed({**known, "id": each}, self.number)
            if isinstance(outcomes[each], Exception)
            else outcomes[each]  # type: ignore[misc]  # no exception is left
            for each in order_ids
        ]


def _is_quantity(amount: Any) -> bool:
    try:
        return 0 < Decimal(str(amount)) < Decimal("Infinity")
    except InvalidOperation:  # no number, or NaN
        return False


def _new_row(request: Mapping[str, Any], order_id: str, kind: str, created: int) -> dict[str, Any]:
    """Return the row of a new order, as "Get order status" documents it."""
    in_quote = request["type"] == "buy_market"
    quantity = Decimal(str(request["amount"]))
    return {
        "symbol": request["symbol"],
        "order_id": order_id,
        "created_date": created,
        "finished_date": 0,
        "price": Decimal(str(request.get("price") or 0)),
        "amount": Decimal(0) if in_quote else quantity,
        "cash_amount": quantity if in_quote else Decimal(0),
        "executed_amount": 0,
        "avg_price": 0,
        "status": 0,
        "type": request["type"],
        "kind": kind,
    }


def _listed(answers: Sequence[Any], key: str) -> set[str]:
    """Return the ids that cancel answers list under `success` or `error`."""
    lists = [answer.get(key) for answer in answers if isinstance(answer, dict)]
    return {str(each) for ids in lists if isinstance(ids, list) for each in ids}


def _not_cancelled(refused: Sequence[str], answers: list[Any], orders: list[Order]) -> Exception:
    """Build the InvalidOrder that names the ids a cancel answer lists as failed, or not at all."""
    return errors.describe(
        errors.InvalidOrder,
        f"answer: not cancelled: {', '.join(map(repr, refused))}; the exchange gives no reason "
        "(finished or unknown orders are refused so)",
        exchange_id=EXCHANGE,
        found=answers,
        expected="the ids under success",
        ids=refused,
        orders=orders,
    )


def _add_doubt(error: Exception) -> None:
    """Say on an error that leaves it open that the order may exist.

    A refusal leaves nothing open: it has the exchange's code, or nothing was sent at all.
    """
    refused = isinstance(error, errors.RateLimited | errors.InvalidNonce)
    unclear = isinstance(error, errors.OperationFailed) or type(error) is errors.ExchangeError
    if unclear and not refused and getattr(error, "code", None) in _DOUBTFUL_CODES:
        error.args = (f"{error}; {_MAY_EXIST}", *error.args[1:])


def _bad_request(summary: str) -> Exception:
    return errors.describe(errors.BadRequest, summary, exchange_id=EXCHANGE)
