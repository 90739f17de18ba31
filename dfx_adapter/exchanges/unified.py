"""What an exchange object of ccxt gains whose rows ccxt parses: hooks and rules for its orders."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, cast

from dfx_adapter.exchanges import answering, calls, configured, parsing, rows
from dfx_adapter.guards import addresses, pacing
from dfx_adapter.guards.guarded import Guarded
from dfx_adapter.options import DEFAULTS, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dfx_adapter.exchanges.calls import Call
    from dfx_adapter.hookspecs import HookCaller, ParseContext
    from dfx_adapter.order import Order


class Unified(Guarded):
    """Where ccxt's code is met: the answers that it decodes, the rows that it parses.

    Outside the order methods, and without a host, all this does as ccxt does.
    """

    dfx_host: HookCaller
    _dfx_options = OPTIONS
    _dfx_limits: pacing.Limits | None = None  # of an exchange whose limits are known

    def dfx_bind(self, host: HookCaller) -> None:
        """Send the orders through the hooks of this host's plugins.

        Raises:
            ccxt.BadRequest: the config has a type of number or an option that cannot be; or a URL
                that others can read on the way, where the exchange needs private ones.
            ccxt.NotSupported: a budget that is shared, which this exchange has not.
        """
        if self._dfx_limits is not None:
            pacing.check(self)
        configured.check(self, host)
        if self._dfx_limits is None:
            pacing.refuse_sharing(self)
        if self._dfx_needs_private_urls:
            addresses.check_all(self.id, self.urls["api"])
        self.dfx_host = host
        self.has["fetchOrdersByIds"] = True

    def prepare_request_headers(self, headers: Any = None) -> Any:
        """Raise instead of sending while banned; ccxt asks for the headers of each request here."""
        if self._dfx_limits is not None:
            pacing.check_silence(self)
        return super().prepare_request_headers(headers)

    @property
    def _dfx_served_as(self) -> str:
        """The id by which the host serves it; a bot's own class may have one of its own."""
        served = self.dfx_host.serves(self.id)
        return str(self.id) if served else _name_in_ccxt(cast("type", type(self)))

    def _dfx_context(self, **given: Any) -> ParseContext:
        """Return the context of one answer."""
        given.setdefault("bad_row", self.options.get("badRow", DEFAULTS["badRow"]))
        return self.dfx_host.context(self._dfx_served_as, number=self.number, **given)

    def _dfx_answered(self, call: Call, answer: Any) -> Any:
        """Bring the answer of the outermost order method to the rules; what is no order stays."""
        return answering.answered(self, call, answer)

    def _dfx_read(self, orders: Sequence[dict[str, Any]], bad_row: Any) -> list[Order]:
        """Send the rows of an answer through the hooks, in the order of its orders."""
        return answering.read(self, orders, bad_row)

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
            calls.check(call, code, reason, self.dfx_masked_body(str(body or "")), self.id)
        return handled

    def parse_number(self, value: Any, default: Any = None) -> Any:
        """Turn text into a number for ccxt's own code, which computes with floats and with text."""
        running = rows.running()
        if running is not None and running.as_text:
            return default if value is None else str(value)
        computes = self.number is float or (self.number is str and running is None)
        if computes or value is None:
            return super().parse_number(value, default)
        try:
            return float(value)
        except (TypeError, ValueError):
            return default

    def safe_order(self, order: Any, market: Any = None) -> Any:
        """Complete an order as ccxt does, and note what the exchange gave of it."""
        running, call = rows.running(), calls.current()
        if running is not None:
            running.given = dict(order or {})
        if running is not None or call is None or call.kind == "message":
            return super().safe_order(order, market)
        parse = partial(super().safe_order, order, market)
        return rows.parsed(parse, None, exactly=parsing.is_exact(self), given=order)

    def parse_order(self, order: Any, *args: Any, **kwargs: Any) -> Any:
        """Parse one row as ccxt's class does; called alone, the order goes through the hooks."""
        parse = partial(super().parse_order, order, *args, **kwargs)
        if rows.running() is not None or not hasattr(self, "dfx_host"):
            return parse()
        with calls.entered("parse_order", "read") as (call, is_outermost):
            parsed = parsing.parsed(self, call, parse, order)
        if is_outermost:
            return self._dfx_answered(call, parsed)
        if call.kind == "message":
            return parsing.completed(self, parsed, self._dfx_context(), {})
        return parsed


@lru_cache(maxsize=256)
def _name_in_ccxt(cls: type) -> str:
    """Return the name that ccxt has for a class, or for the one of ccxt's that it is over."""
    return next(base.__name__ for base in cls.__mro__ if base.__module__.startswith("ccxt."))
