"""What the trading methods do, as steps; they answer complete orders, not two-key stubs.

Documents: "Create new order", "Create multiple order", "Cancel order"
(docs.digifinex.com/en-ww/spot/v3/rest.html). A POST is sent once; only after 10008, when the
exchange has refused its timestamp unread, is it sent again.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.answers.tables import ORDERS_PER_BATCH
from dfx_adapter.digifinex.methods import arguments, canceling, placing, results
from dfx_adapter.digifinex.methods.reading import Reading
from dfx_adapter.exchanges import waiting
from dfx_adapter.exchanges.rules import Rules, completed
from dfx_adapter.exchanges.steps import Step, Together
from dfx_adapter.guards import accounts
from dfx_adapter.order import plain, storable

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from dfx_adapter.digifinex.methods.placing import NewOrder
    from dfx_adapter.order import Order

_KIND_WORDS: Final = ("type", "defaultType", "marginMode", "margin")


class Trading(Reading):
    """The methods that place and cancel orders, without the awaiting."""

    @accounts.on_one_account
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
        kind, rest = self._dfx_kind("createOrder", symbol, params)
        if kind == "swap":
            placing.check_numbers("createOrder", type_, amount, price)
            args = (symbol, type_, side, amount, price, dict(params))
            order: Order = yield Step("create_order", args, stock=True)
            return order
        wanted = self._dfx_new_order("createOrder", (symbol, type_, side), amount, price, rest)
        yield Step("load_markets")
        request = self._dfx_order_request("createOrder", wanted)
        return (yield from self._dfx_post_order(request, kind))

    def _dfx_post_order(self, request: Mapping[str, Any], kind: str) -> Generator[Any, Any, Order]:
        """Send an order that was checked, once."""
        try:
            answer = yield Step("privateSpotPostMarketOrderNew", ({**request, "market": kind},))
        except errors.BaseError as error:
            placing.add_doubt(error)
            raise
        [order] = self._dfx_placed([request], [answer.get("order_id")], kind, answer)
        return order

    @accounts.on_one_account
    def _dfx_create_orders(
        self, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        """Place up to ten orders of one market at once: all of them, or none."""
        given = placing.dicts("createOrders", orders)
        kinds, wanted = set(), []
        for index, order in enumerate(given):
            with placing.at_index(index):
                both = placing.params_of(order, params)
                kind, rest = self._dfx_kind("createOrders", order.get("symbol"), both)
                kinds.add(kind)
                words = (order.get("symbol"), order.get("type"), order.get("side"))
                numbers = (order.get("amount"), order.get("price"))
                if kind == "swap":
                    placing.check_numbers("createOrders", words[1], *numbers)
                else:
                    wanted.append(self._dfx_new_order("createOrders", words, *numbers, rest))
        if kinds == {"swap"}:
            args = (given, dict(params))
            placed: list[Order] = yield Step("create_orders", args, stock=True)
            return placed
        symbols = {self._dfx_market("createOrders", order.symbol).symbol for order in wanted}
        if len(kinds) != 1 or len(symbols) != 1:
            raise results.bad_request(
                "createOrders: all orders must be of one market and market type"
            )
        if len(given) > ORDERS_PER_BATCH:
            raise results.bad_request(
                f"createOrders: {len(given)} orders; at most {ORDERS_PER_BATCH}"
            )
        yield Step("load_markets")
        asked = []
        for index, new_order in enumerate(wanted):
            with placing.at_index(index):
                asked.append(self._dfx_order_request("createOrders", new_order))
        return (yield from self._dfx_post_orders(asked, *kinds))

    def _dfx_post_orders(
        self, asked: Sequence[Mapping[str, Any]], kind: str
    ) -> Generator[Any, Any, list[Order]]:
        """Send orders that were checked, once."""
        batch = {"symbol": asked[0]["symbol"], "list": self.json(asked), "market": kind}
        try:
            answer = yield Step("privateSpotPostMarketOrderBatchNew", (batch,))
        except errors.BaseError as error:
            placing.add_doubt(error)
            raise
        return self._dfx_placed(asked, answer.get("order_ids"), kind, answer)

    def _dfx_new_order(
        self, method: str, words: tuple[Any, Any, Any], amount: Any, price: Any, params: Any
    ) -> NewOrder:
        """Check all of a new order but its precision, which takes the markets."""
        if self._dfx_market(method, words[0]).symbol is None:
            raise results.bad_symbol(f"{method}: symbol None: expected BASE/QUOTE", None)
        order = placing.new_order(method, words, amount, price, params, self.options)
        if params.get("clientOrderId"):
            self._dfx_warn(
                f"{EXCHANGE} {method}",
                "clientOrderId is not sent, and no order has it: DigiFinex has no client ids",
            )
        return order

    def _dfx_order_request(self, method: str, order: NewOrder) -> dict[str, Any]:
        """Return the parameters of "Create new order", rounded to the steps of the market.

        Raises:
            ccxt.BadSymbol: no such market, or one of swaps.
            ccxt.InvalidOrder: nothing is left of a number where it is rounded.
            ccxt.BadRequest: a number of more digits than can be rounded.
        """
        market = self.market(order.symbol)
        if market["swap"]:
            raise results.bad_symbol(
                f"{method}: {order.symbol!r} is a market of swaps: {market['symbol']}", order.symbol
            )
        is_market = order.type == "market"
        request = {"symbol": market["id"], "type": order.side + "_market" * is_market}
        try:
            if order.cost is not None:
                request["amount"] = str(self.cost_to_precision(order.symbol, plain(order.cost)))
            elif order.amount is not None:
                request["amount"] = self.amount_to_precision(order.symbol, plain(order.amount))
            if order.price is not None:
                request["price"] = self.price_to_precision(order.symbol, plain(order.price))
        except ArithmeticError as error:
            raise results.bad_request(
                f"{method}: amount, cost or price has too many digits for {market['symbol']}"
            ) from error
        if not Decimal(request["amount"]):
            raise errors.describe(
                errors.InvalidOrder,
                f"{method}: cost {order.cost} is less than a step of {market['symbol']}",
                exchange_id=EXCHANGE,
            )
        return {**request, "post_only": 1} if order.post_only else request

    def _dfx_placed(
        self, asked: Sequence[Mapping[str, Any]], ids: Any, kind: str, answer: Any
    ) -> list[Order]:
        """Return new orders as the exchange would report them: nothing filled, created just now."""
        placing.check_ids(ids, len(asked))
        rows = [
            placing.new_row(request, order_id, kind, self.nonce())
            for request, order_id in zip(asked, ids, strict=True)
        ]
        try:
            orders = self._dfx_orders(rows, kind, bad_row="raise")
        except errors.BaseError as error:
            error.ids = list(ids)
            error.args = (f"{error}; the order was placed: {', '.join(ids)}",)
            raise
        raw = storable(answer)
        for order in orders:
            order["info"] = raw
        return orders

    @accounts.on_one_account
    def _dfx_cancel_order(
        self, order_id: str, symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, Order]:
        kind, rest = self._dfx_kind("cancelOrder", symbol, params)
        if kind == "swap":
            order: Order = yield Step("cancel_order", (order_id, symbol, dict(params)), stock=True)
            return order
        asked = self._dfx_asked("cancelOrder", [order_id], symbol)
        [order] = yield from self._dfx_cancel(asked, kind, rest)
        return order

    @accounts.on_one_account
    def _dfx_cancel_orders(
        self, order_ids: Sequence[Any], symbol: str | None, params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        kind, rest = self._dfx_kind("cancelOrders", symbol, params)
        if kind == "swap":
            # Not by ccxt's own cancel_orders: that of ccxt 4.5.22 cancels the ids on spot.
            pairs = canceling.swap_pairs(arguments.order_ids("cancelOrders", order_ids), symbol)
            orders: list[Order] = yield Step("cancel_orders_for_symbols", (pairs, rest), stock=True)
            return orders
        asked = self._dfx_asked("cancelOrders", order_ids, symbol)
        return (yield from self._dfx_cancel(asked, kind, rest))

    @accounts.on_one_account
    def _dfx_cancel_for_symbols(
        self, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        """Cancel orders given as ids with symbols; DigiFinex needs no symbols for it."""
        method = "cancelOrdersForSymbols"
        asked: dict[str, str | None] = {}
        results.check_params(method, params)
        kinds, kind, rest = set(), "spot", dict(params)
        given = placing.dicts(method, orders)
        for index, order in enumerate(given):
            symbol = order.get("symbol")
            with placing.at_index(index):
                kind, rest = self._dfx_kind(method, symbol, params)
                kinds.add(kind)
                if kind != "swap":
                    asked |= self._dfx_asked(method, [order.get("id")], symbol)
        if kinds == {"swap"}:
            args = (given, dict(params))
            canceled: list[Order] = yield Step("cancel_orders_for_symbols", args, stock=True)
            return canceled
        if len(kinds) > 1:
            raise results.bad_request(f"{method}: all orders must be of one market type")
        return (yield from self._dfx_cancel(asked, kind, rest))

    def _dfx_asked(
        self, method: str, order_ids: Sequence[Any], symbol: str | None
    ) -> dict[str, str | None]:
        """Return what is to be canceled: ids, and the symbol that each is said to be of.

        Raises:
            ccxt.BadRequest: an id that cannot be one.
            ccxt.BadSymbol: a symbol that cannot be one.
        """
        unified = self._dfx_market(method, symbol).symbol
        return dict.fromkeys(arguments.order_ids(method, order_ids), unified)

    def _dfx_cancel(
        self, asked: Mapping[str, str | None], kind: str, rest: Mapping[str, Any]
    ) -> Generator[Any, Any, list[Order]]:
        """Cancel, and return the orders as they are then: only their status tells what was filled.

        Raises:
            ccxt.OrderNotFound, ccxt.InvalidOrder: some were not canceled; see `canceling.failed`.
            ccxt.BaseError: an answer is lost, so that it is not known of some; `ids` names them.
        """
        posts = results.chunks(list(asked))
        queries = [{**rest, "market": kind, "order_id": ",".join(ids)} for ids in posts]
        steps = [Step("privateSpotPostMarketOrderCancel", (query,)) for query in queries]
        answers = yield Together(steps)
        answered = canceling.answered(posts, answers)
        succeeded = canceling.succeeded(answers)
        canceled = [order_id for order_id in answered if order_id in succeeded]
        outcomes = yield from self._dfx_state_after_cancel(answered, canceled, kind)
        for order_id in canceled:
            symbol = asked[order_id]
            outcomes[order_id] = self._dfx_canceled(order_id, symbol, outcomes[order_id], answers)
        left = [order_id for order_id in asked if order_id not in canceled]
        if left:
            raise canceling.failed(left, answers, outcomes)
        return [outcomes[order_id] for order_id in asked]  # type: ignore[misc]  # all are orders

    def _dfx_state_after_cancel(
        self, order_ids: Sequence[str], canceled: Sequence[str], kind: str
    ) -> Generator[Any, Any, dict[str, Order | Exception]]:
        """Ask for orders after a cancel; again, for about a second, for those not canceled yet."""
        began = waiting.clock()
        outcomes = yield from self._dfx_statuses(order_ids, kind)
        for pause in canceling.PAUSES:
            late = canceling.open_still(canceled, outcomes)
            if not late or self._dfx_silent() or waiting.clock() - began > canceling.LONGEST:
                break
            # To a multiple of the pause: others who wait for the like can share the request then.
            yield Step("_dfx_sleep_until", ((waiting.clock() // pause + 1) * pause,))
            again = yield from self._dfx_statuses(late, kind)
            outcomes |= {
                each: order for each, order in again.items() if not isinstance(order, Exception)
            }
        return outcomes

    def _dfx_statuses(
        self, order_ids: Sequence[str], kind: str
    ) -> Generator[Any, Any, dict[str, Order | Exception]]:
        """Ask for orders; for a single one together with others who ask for theirs."""
        if len(order_ids) != 1 or self._dfx_asks_alone():
            return (yield from self._dfx_outcomes(order_ids, kind, {}))
        [order_id] = order_ids
        return {order_id: (yield Step("_dfx_shared_outcome", (order_id, kind, {})))}

    def _dfx_canceled(
        self, order_id: str, symbol: str | None, outcome: Order | Exception, answers: Sequence[Any]
    ) -> Order:
        """Return a canceled order; without a readable status, what is known of it."""
        about = f"{EXCHANGE} cancel of order {order_id}"
        if isinstance(outcome, Exception):
            self._dfx_warn(about, f"confirmed; what was filled of it is not known: {outcome}")
            info = canceling.answer_about(order_id, answers)
            known = {"id": order_id, "symbol": symbol, "status": "canceled", "info": info}
            return completed(known, Rules(self.number))
        if symbol is not None and outcome["symbol"] != symbol:
            self._dfx_warn(
                about, f"confirmed; the order is of {outcome['symbol']}, asked was {symbol}"
            )
        if outcome["status"] == "open":
            self._dfx_warn(about, "confirmed, but the order's row says that it is open still")
        return outcome

    @accounts.on_one_account
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

        All that can be known of the new order is checked before the old one is canceled. What was
        filled of the old one stays filled, so the new one may be of no more than its rest.
        """
        kind, rest = self._dfx_kind("editOrder", symbol, params)
        if kind == "swap":
            args = (order_id, symbol, type_, side, amount, price, dict(params))
            return (yield from self._dfx_edit_swap(*args))
        asked = self._dfx_asked("editOrder", [order_id], symbol)
        wanted = self._dfx_new_order("editOrder", (symbol, type_, side), amount, price, rest)
        yield Step("load_markets")
        request = self._dfx_order_request("editOrder", wanted)
        placing.check_limits("editOrder", self.market(symbol), request)
        yield from self._dfx_check_old(asked, kind, wanted, request)
        try:
            [canceled] = yield from self._dfx_cancel(asked, kind, {})
        except errors.BaseError as error:
            error.args = (f"{error}; no new order was placed", *error.args[1:])
            raise
        why = placing.why_not_after(wanted, request, canceled)
        if why is not None:
            raise canceling.not_replaced(canceled, why)
        try:
            return (yield from self._dfx_post_order(request, kind))
        except errors.BaseError as error:
            canceling.add_canceled(error, order_id, canceled)
            raise

    def _dfx_check_old(
        self,
        asked: Mapping[str, str | None],
        kind: str,
        wanted: NewOrder,
        request: Mapping[str, Any],
    ) -> Generator[Any, Any, None]:
        """Read the order that is to be canceled, and compare it with the new one."""
        [(order_id, symbol)] = asked.items()
        old = (yield from self._dfx_statuses([order_id], kind))[order_id]
        if isinstance(old, Exception):
            raise old
        results.check_symbol_of(old, symbol)
        if old["status"] != "open":
            raise canceling.not_edited(old, f"it is {old['status']}")
        if (why := placing.why_not_beside(wanted, request, old)) is not None:
            raise canceling.not_edited(old, why)

    def _dfx_edit_swap(
        self,
        order_id: str,
        symbol: str,
        type_: str,
        side: str,
        amount: Any,
        price: Any,
        params: dict[str, Any],
    ) -> Generator[Any, Any, Order]:
        """Do as ccxt's own edit_order, by the rules of spot: no more is ordered than was left."""
        placing.check_numbers("editOrder", type_, amount, price)
        yield Step("load_markets")
        self.create_order_request(symbol, type_, side, amount, price, params)
        wanted = placing.of_swap("editOrder", (symbol, type_, side), amount)
        asked = (order_id, symbol, _words(params))
        old = yield Step("fetch_order", asked, stock=True)
        if old["status"] != "open":
            raise canceling.not_edited(old, f"it is {old['status']}")
        if (why := placing.why_not_beside(wanted, {"amount": wanted.amount}, old)) is not None:
            raise canceling.not_edited(old, why)
        canceled = yield Step("cancel_order", asked, stock=True)
        canceled = yield from self._dfx_canceled_swap(asked, canceled)
        if (why := placing.why_not_after(wanted, {"amount": wanted.amount}, canceled)) is not None:
            raise canceling.not_replaced({**canceled, "id": order_id}, why)
        args = (symbol, type_, side, amount, price, params)
        try:
            order: Order = yield Step("create_order", args, stock=True)
        except errors.BaseError as error:
            canceling.add_canceled(error, order_id, canceled)
            raise
        return order

    def _dfx_canceled_swap(
        self, asked: tuple[str, str, dict[str, Any]], answer: Order
    ) -> Generator[Any, Any, Order]:
        """Ask for a swap order after its cancel; where it cannot be read, its fill is not known."""
        order = answer
        for pause in (0, *canceling.PAUSES):
            try:
                if pause:
                    yield Step("_dfx_sleep_until", (waiting.clock() + pause,))
                order = yield Step("fetch_order", asked, stock=True)
            except errors.BaseError:
                return {**order, "filled": None}
            if order["status"] != "open":
                break
        return order


def _words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the params that say the market type."""
    return {key: params[key] for key in _KIND_WORDS if key in params}
