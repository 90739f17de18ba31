"""Where the code of any class of ccxt is met: the answers it decodes, the rows it parses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.exchanges import calls, rows, rules
from dfx_adapter.order import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccxt import Exchange as _Exchange

    from dfx_adapter.exchanges.calls import Call
    from dfx_adapter.exchanges.rows import Row
    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order
else:
    _Exchange = object


class Parsing(_Exchange):  # type: ignore[misc]  # ccxt is untyped
    """Where ccxt's code is met: the answers that it decodes, the rows that it parses.

    Outside the order methods, and without a host, all this does as ccxt does.
    """

    def parse_json(self, http_response: Any) -> Any:
        """Decode an answer about orders with its fractions as text; anything else as ccxt does."""
        call = calls.current()
        if call is None:
            return super().parse_json(http_response)
        answer = calls.decoded(http_response)
        if answer is None:
            answer = super().parse_json(http_response)
        call.hear(answer)
        return answer

    def handle_errors(  # noqa: PLR0917  # ccxt's signature
        self,
        code: int,
        reason: str,
        url: str,
        method: str,
        headers: Any,
        body: Any,
        response: Any,
        request_headers: Any,
        request_body: Any,
    ) -> Any:
        """Raise what ccxt's class reads out of an answer; what is no answer is an error of its own.

        Raises:
            ccxt.BadResponse: HTML, an empty or a broken body under a status of success, asked for
                orders.
        """
        facts = (code, reason, url, method, headers, body, response, request_headers, request_body)
        call = calls.current()
        if call is None:
            return super().handle_errors(*facts)
        is_json = response is not None
        handled = calls.heard(call, partial(super().handle_errors, *facts), is_json=is_json)
        is_known = str(code) in self.httpExceptions
        if not is_json and not is_known:
            shown = self.dfx_shown(str(body or ""))
            calls.check(call, code, reason, shown, self.id)
        return handled

    def parse_number(self, value: Any, default: Any = None) -> Any:
        """Turn text into a number for ccxt's own code, which computes with floats and with text."""
        parsing = rows.running()
        if parsing is not None and parsing.as_text:
            return default if value is None else str(value)
        computes = self.number is float or (self.number is str and parsing is None)
        if computes or value is None:
            return super().parse_number(value, default)
        try:
            return float(value)
        except (TypeError, ValueError):
            return default

    def safe_order(self, order: Any, market: Any = None) -> Any:
        """Complete an order as ccxt does, and note what the exchange told of it."""
        parsing, call = rows.running(), calls.current()
        if parsing is not None:
            parsing.given = dict(order or {})
        if parsing is not None or call is None or call.kind == "message":
            return super().safe_order(order, market)
        parse = partial(super().safe_order, order, market)
        return rows.parsed(parse, None, exactly=self._dfx_is_exact, given=order)

    def parse_order(self, order: Any, *args: Any, **kwargs: Any) -> Any:
        """Parse one row as ccxt's class does; called alone, the order goes through the hooks."""
        parse = partial(super().parse_order, order, *args, **kwargs)
        if rows.running() is not None or not hasattr(self, "dfx_host"):
            return parse()
        with calls.entered("parse_order", "read") as (call, is_outermost):
            parsed = self._dfx_row(call, parse, order)
        if is_outermost:
            return self._dfx_answered(call, parsed)
        if call.kind == "message":
            return self._dfx_completed(parsed, self._dfx_context())
        return parsed

    def _dfx_row(self, call: Call, parse: Callable[[], Any], raw: Any) -> Any:
        """Parse a row; one that the class cannot read hides no order that was placed."""
        try:
            parsed = rows.parsed(parse, raw, exactly=self._dfx_is_exact)
        except Exception as error:
            if call.kind != "change":
                raise
            self.dfx_host.warn(f"{self.id} {call.method}", f"the answer cannot be read: {error!r}")
            stub = {**BLANK, "info": raw, "trades": [], "fees": []}
            parsed = rows.parsed(lambda: stub, raw, exactly=False)
        call.rows += 1
        if isinstance(parsed, dict) and rows.KEY in parsed:
            parsed[rows.KEY].index = call.rows
        return parsed

    @property
    def _dfx_is_exact(self) -> bool:
        return self.number is not float


def completed(
    exchange: Any, order: Mapping[str, Any], context: ParseContext, known: Mapping[str, Any]
) -> Order:
    """Bring an order of ccxt's to the rules, and fill in what the caller said of it.

    Args:
        exchange: whose class has parsed it; its markets know the contracts.
        order: as the class left it, its `Row` in it where it has one.
        context: statuses, type of numbers, and whom to warn.
        known: what the caller said of the order; it holds where the exchange said nothing.
    """
    row: Row | None = order.get(rows.KEY)
    exact = row.order(order, context.number) if row else dict(order)
    exact["id"] = exact.get("id") or _id_in(row.raw if row and row.raw else exact.get("info"))
    for name, value in known.items():
        if value is not None and _lacks(exact, name):
            exact[name] = str(value) if name in {"amount", "price"} else value
    market = (exchange.markets or {}).get(exact.get("symbol"))
    return rules.completed(
        exact,
        rules.Rules(
            number=context.number,
            statuses=context.statuses,
            market=market,
            derived=row.derived if row else frozenset(),
            warn=partial(context.warn, f"{exchange.id} order {exact.get('id')}"),
        ),
    )


# How exchanges call the id of an order in its own row; a class older than the row may not look.
_IDS: Final = ("orderId", "order_id", "orderID", "ordId", "algoId", "txid")


def _id_in(row: object) -> str | None:
    ids = [row.get(name) for name in _IDS] if isinstance(row, dict) else []
    ids = [id_[0] if isinstance(id_, list) and len(id_) == 1 else id_ for id_ in ids]
    return next((str(id_) for id_ in ids if isinstance(id_, str | int) and id_), None)


def _lacks(order: Mapping[str, Any], name: str) -> bool:
    value = order.get(name)
    if name in {"amount", "price"}:
        return not rules.quantity(value)
    if name == "symbol":
        return not rules.is_symbol(value)
    return value is None or value == ""
