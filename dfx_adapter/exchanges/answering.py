"""The end of an order method of any class of ccxt: its answer goes through hooks and rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from dfx_adapter import errors
from dfx_adapter.exchanges import asked, calls, rows
from dfx_adapter.exchanges.methods import BY_IDS
from dfx_adapter.exchanges.parsing import Parsing, completed
from dfx_adapter.exchanges.rules import UNIFIED
from dfx_adapter.hookspecs import ParseContext
from dfx_adapter.options import DEFAULTS
from dfx_adapter.order import BLANK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dfx_adapter.exchanges.calls import Call
    from dfx_adapter.exchanges.rows import Row
    from dfx_adapter.hookspecs import HookCaller
    from dfx_adapter.order import Order


class Answering(Parsing):
    """What `methods.wrapped` gives the answer of an outermost order method to."""

    dfx_host: HookCaller
    id: str
    number: Any
    options: dict[str, Any]

    def _dfx_context(self, **given: Any) -> ParseContext:
        given.setdefault("bad_row", self.options.get("badRow", DEFAULTS["badRow"]))
        return self.dfx_host.context(self.id, number=self.number, **given)

    def _dfx_answered(self, call: Call, answer: Any) -> Any:
        """Bring the answer of the outermost order method to the rules; what is no order stays."""
        many = isinstance(answer, list)
        orders = answer if many else [answer]
        if call.kind == "change":
            return self._dfx_changed(call, answer, orders)
        if call.is_unanswered and (call.method == BY_IDS if not orders else not many):
            self._dfx_check_row(call, orders)
        if not orders or not all(map(_is_order, orders)):
            return answer
        mapped = self._dfx_read(orders, bad_row=None if many else "raise")
        return mapped if many else mapped[0]

    def _dfx_check_row(self, call: Call, orders: Sequence[Any]) -> None:
        """Refuse an order that a class has made of nothing, and the lack of those asked for.

        Raises:
            ccxt.BadResponse: what came last says nothing.
        """
        if not any(_is_order(order) and _raw(order) for order in orders):
            reason = f"{call.method}: there is no order in the answer"
            raise errors.describe(errors.BadResponse, reason, exchange_id=self.id)

    def _dfx_read(self, orders: Sequence[dict[str, Any]], bad_row: Any) -> list[Order]:
        """Send the rows of an answer through the hooks, in the order of its orders."""
        raws = [_raw(order) for order in orders]
        parsed = {id(raw): order for raw, order in zip(raws, orders, strict=True)}

        def parse_order(raw: Any) -> Order:
            order = parsed.get(id(raw))
            if order is None:
                with calls.entered("parse_order", "read") as (call, _):
                    order = self._dfx_row(
                        call, partial(super(Answering, self).parse_order, raw), raw
                    )
            return self._dfx_completed(order, context)

        given: dict[str, Any] = {"bad_row": bad_row} if bad_row else {}
        symbols = frozenset(order.get("symbol") for order in orders)
        context = self._dfx_context(
            parse_order=parse_order, symbol_of=partial(_symbol_of, self, symbols), **given
        )
        if any(raw is None for raw in raws):  # orders that the class made without a row
            done = [self._dfx_completed(order, context) for order in orders]
            self.dfx_host.orders_parsed(self.id, done)
            return done
        mapped = self.dfx_host.map_orders(self.id, raws, context)
        if bad_row and len(mapped) != 1:
            reason = f"answer: its row was mapped to {len(mapped) or 'no'} orders"
            raise errors.describe(errors.BadResponse, reason, exchange_id=self.id)
        return mapped

    def _dfx_completed(self, order: Mapping[str, Any], context: ParseContext) -> Order:
        """Bring one order that the class has parsed to the rules."""
        return completed(self, order, context, {})

    def _dfx_changed(self, call: Call, answer: Any, orders: list[Any]) -> Any:
        """Complete what was placed or cancelled by the call; a mapping error never hides it."""
        many = isinstance(answer, list)
        if not many and not _is_order(answer):
            if call.method not in _OF_ONE:
                return answer
            orders = [{"info": answer}]
        if not all(isinstance(order, dict) for order in orders):
            return answer
        if all(rows.KEY in order and order[rows.KEY].index for order in orders):
            orders = sorted(orders, key=_index)
        context = self._dfx_context_of_change()
        money = asked.spends_money(cast("Any", type(self)))
        known = asked.of_orders(call.asked, len(orders), spends_money=money)
        done = [
            self._dfx_whole(order, context, words)
            for order, words in zip(orders, known, strict=True)
        ]
        for order in done:
            order["info"] = order["info"] or call.answer or order["info"]
        self.dfx_host.orders_parsed(self.id, done)
        return done if many else done[0]

    def _dfx_context_of_change(self) -> ParseContext:
        """Return the context of what was changed; a plugin's wrong table does not hide it."""
        try:
            return self._dfx_context()
        except Exception as error:  # noqa: BLE001  # the order was placed, whatever is wrong here
            self.dfx_host.warn(f"{self.id} statuses", f"the tables cannot be used: {error!r}")
            given = {"number": self.number, "warn": self.dfx_host.warn, "exchange_id": self.id}
            return ParseContext(statuses=UNIFIED, **given)

    def _dfx_whole(
        self, order: dict[str, Any], context: ParseContext, known: dict[str, Any]
    ) -> Order:
        words = {**known, "symbol": self._dfx_symbol(known.get("symbol"))}
        try:
            return completed(self, order, context, words)
        except Exception as error:  # noqa: BLE001  # the order was placed, whatever is wrong here
            id_ = order.get("id") or known.get("id")
            context.warn(
                f"{self.id} order {id_}", f"the answer cannot be brought in form: {error!r}"
            )
            known = {"id": id_, "symbol": words["symbol"], "info": order.get("info")}
            return cast("Order", {**BLANK, **known, "trades": [], "fees": []})

    def _dfx_symbol(self, symbol: Any) -> str | None:
        """Return the unified symbol of what the caller may have named by a market id."""
        if symbol is None or not isinstance(symbol, str):
            return None
        try:
            return str(self.market(symbol)["symbol"])
        except Exception:  # noqa: BLE001  # not loaded, or not known: as the caller said
            return symbol


# The methods that answer by one order, even where a class gives the exchange's answer as it is.
_OF_ONE: Final = frozenset({"create_order", "edit_order", "cancel_order"})


_OF_ORDERS: Final = ("info", "status")  # a bot's own method may give no more


def _is_order(answer: Any) -> bool:
    if not isinstance(answer, dict):
        return False
    return rows.KEY in answer or ("id" in answer and not answer.keys().isdisjoint(_OF_ORDERS))


def _raw(order: Mapping[str, Any]) -> Any:
    """Return the row that an order was made of; None where its class made it without."""
    row: Row | None = order.get(rows.KEY)
    return None if row is None else row.raw


def _symbol_of(exchange: Any, symbols: Collection[str | None], market_id: str) -> str | None:
    """Return the symbol of a market by the exchange's id, or by the other name that it has.

    A spot market and a contract may share an id; then that one is meant which ccxt took the rows
    to be of, if it is one alone.
    """
    markets = (exchange.markets_by_id or {}).get(market_id) or []
    other = exchange.options.get("marketsByAltname", {}).get(market_id)  # Kraken's
    found = {market["symbol"] for market in (markets or ([other] if other else []))}
    found = found if len(found) == 1 else found.intersection(symbols)
    return found.pop() if len(found) == 1 else None


def _index(order: Mapping[str, Any]) -> int:
    row: Row = order[rows.KEY]
    return row.index
