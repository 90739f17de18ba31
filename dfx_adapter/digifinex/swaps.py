"""Swap orders of DigiFinex: they are ccxt's to parse, and then by the same rules as all others.

Our methods leave them to ccxt's own, which stand below this class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from dfx_adapter.exchanges import methods, rows, words
from dfx_adapter.exchanges.answering import Answering
from dfx_adapter.exchanges.parsing import Parsing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dfx_adapter.exchanges.calls import Call
    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order


class SwapOrders(Answering):
    """Brings to the rules what ccxt has parsed; our own orders pass."""

    def parse_number(self, value: Any, default: Any = None) -> Any:
        """Turn text into the caller's number, outside of parsing: DigiFinex's code bears all."""
        if rows.running() is None:
            return super(Parsing, self).parse_number(value, default)
        return super().parse_number(value, default)

    def _dfx_context(self, **given: Any) -> ParseContext:
        """Return the context of one answer: ccxt gives unified words, and codes that it lacks."""
        context = super()._dfx_context(warn=self._dfx_warn, **given)
        return replace(context, statuses={**words.statuses(()), **context.statuses})

    def _dfx_answered(self, call: Call, answer: Any) -> Any:
        orders = answer if isinstance(answer, list) else [answer]
        if not all(isinstance(order, dict) and rows.KEY in order for order in orders):
            return answer
        return super()._dfx_answered(call, answer)

    def _dfx_read(self, orders: Sequence[dict[str, Any]], bad_row: Any) -> list[Order]:
        """Ask no plugin: those of DigiFinex know rows of spot and margin."""
        context = self._dfx_context(**({"bad_row": bad_row} if bad_row else {}))
        done = [self._dfx_completed(order, context) for order in orders]
        self.dfx_host.orders_parsed(self.id, done)
        return done


def over(stock: type) -> Any:
    """Return the class that stands between ours and ccxt's, whose own order methods it wraps."""
    return type("SwapOrders", (SwapOrders,), methods.delegating(stock))
