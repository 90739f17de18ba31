"""Asking for one order together with others who ask for theirs: 20 ids fit into a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dfx_adapter.digifinex.answers.tables import IDS_PER_REQUEST
from dfx_adapter.exchanges import threads, turns
from dfx_adapter.guards import accounts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from dfx_adapter.order import Order


def in_window(
    exchange: Any, order_id: str, kind: str, rest: Mapping[str, Any]
) -> Order | Exception:
    """Ask together with the threads that ask within `options["batchWindow"]`."""
    account = accounts.account_of(exchange)

    def ask(ids: Sequence[str]) -> Mapping[str, Order | Exception]:
        with accounts.asking(exchange, account):
            outcomes: Mapping[str, Order | Exception] = exchange._dfx_outcomes(ids, kind, rest)
            return outcomes

    key = (id(exchange), *account, kind, repr(sorted(rest.items())))
    window = exchange.options["batchWindow"] / 1000
    outcome: Order | Exception = threads.shared(key, order_id, window, ask)
    return outcome


def in_turn(
    exchange: Any, order_id: str, kind: str, rest: Mapping[str, Any]
) -> Awaitable[Order | Exception]:
    """Ask together with all that are asked for in this turn of the event loop."""
    question = (kind, repr(sorted(rest.items())) if rest else None)

    def ask(ids: Sequence[str]) -> Awaitable[Mapping[str, Order | Exception]]:
        outcomes: Awaitable[Mapping[str, Order | Exception]] = exchange._dfx_outcomes(
            ids, kind, rest
        )
        return outcomes

    return turns.shared(exchange, question, order_id, IDS_PER_REQUEST, ask)
