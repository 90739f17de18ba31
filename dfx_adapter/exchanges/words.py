"""Words for the status of an order that ccxt's classes let through untranslated.

Of 82 classes with a table of statuses, 78 give a word that is not in it to the bot as it is. A row
says what such a word means, and where that is written: in ccxt's own code, the documents of the
exchange or an SDK. A word whose meaning stands nowhere has no row: its status is None, with a
warning. Nor has a word that means two things: `done` of KuCoin (filled or canceled), `prevented` of
Upbit (the rest may stand in the book), `auto_deleveraged` of Gate, `triggered` of a stop order that
another order follows. Letters compare in lower case. The unified words, in any case, and those of
`COMMON` hold for every exchange.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dfx_adapter.order import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dfx_adapter.order import Status

COMMON: Final[Mapping[str, Status]] = {
    "new": "open",
    "pending": "open",
    "working": "open",
    "accepted": "open",
    "filled": "closed",
    "canceling": "open",  # ccxt's own word, of eight classes: cancelled is what it is not yet
}

_GATE: Final = "gate.com/docs/developers/apiv4, spot order, finish_as"
_GATE_FUTURES: Final = "gateio/gateapi SDKs, docs/FuturesOrder.md, finish_as"
_COINONE: Final = "an SDK's enum OrderStatus, by Coinone's documents"
_COINBASE: Final = "docs.cdp.coinbase.com, advanced trade, List Orders, order_status"

# Class of ccxt -> word -> what it means, and where that is written. Classes that inherit from a
# class here inherit its rows.
WORDS: Final[Mapping[str, Mapping[str, tuple[Status, str]]]] = {
    "alpaca": {
        # 4.5.90 translates it; older classes do not
        "accepted_for_bidding": ("open", "ccxt alpaca.parse_order_status; alpacahq/alpaca-ts"),
    },
    "binance": {
        "pending_new": ("open", "Binance, spot API, enums, order status"),
    },
    "bingx": {
        # the class knows RUNNING; the rows of a TWAP order have Running
        "running": ("open", "ccxt bingx.parse_order_status, and the rows of fetch_order"),
    },
    "bitso": {"cancelled": ("canceled", "bitsoex/bitso-java, BitsoOrder.STATUS")},
    "bittrade": {"pre-submitted": ("open", "ccxt bittrade.fetch_open_orders asks for it")},
    "btse": {
        # by the numbers 9, 10 and 15 of the same table
        "trigger_inserted": ("open", "ccxt btse.parse_order_status, 9"),
        "trigger_activated": ("open", "ccxt btse.parse_order_status, 10"),
        "order_rejected": ("rejected", "ccxt btse.parse_order_status, 15"),
    },
    "coinbase": {
        "queued": ("open", _COINBASE),
        "cancel_queued": ("open", _COINBASE),
        "edit_queued": ("open", _COINBASE),
    },
    "coinbaseexchange": {"received": ("open", "ccxt.pro coinbaseexchange.parse_ws_order_status")},
    "coinex": {"part_canceled": ("canceled", "JKorf/CoinEx.Net, OrderStatusV2")},
    "coinone": {
        "not_triggered": ("open", _COINONE),
        "not_triggered_canceled": ("canceled", _COINONE),
    },
    "gate": {
        "stp": ("canceled", _GATE),
        "poc": ("canceled", _GATE),
        "fok": ("canceled", _GATE),
        "small": ("canceled", _GATE),
        "depth_not_enough": ("canceled", _GATE),
        "trader_not_enough": ("canceled", _GATE),
        "liquidate_cancelled": ("canceled", _GATE),
        "reduce_only": ("canceled", _GATE_FUTURES),
        "position_closed": ("canceled", _GATE_FUTURES),
    },
    "hitbtc": {
        # the only word that the class makes `failed`
        "failed": ("expired", "ccxt hitbtc.parse_order_status, expired"),
    },
    "htx": {"pre-submitted": ("open", "ccxt bittrade.fetch_open_orders, of the same API")},
    "hyperliquid": {
        # the class knows what ends in Canceled and Rejected
        "scheduledcancel": ("canceled", "Hyperliquid, info endpoint, query order status"),
    },
    "krakenfutures": {
        "trigger_activation_failure": ("rejected", "docs.kraken.com, get specific orders' status"),
    },
    "modetrade": {"edit_sent": ("open", "ccxt modetrade.edit_order, the answer")},
    "nado": {
        "waiting_price": ("open", "ccxt nado.fetch_open_orders asks for it"),
        "waiting_dependency": ("open", "ccxt nado.fetch_open_orders asks for it"),
    },
    "okx": {"pause": ("open", "okx.com/docs-v5, algo orders, state")},
    "pacifica": {
        # the only word that the class makes `failed`
        "failed": ("rejected", "ccxt pacifica.parse_order_status, rejected"),
    },
    "upbit": {"watch": ("open", "docs.upbit.com, myOrder, state; ccxt.pro upbit")},
    "woofipro": {"edit_sent": ("open", "ccxt woofipro.edit_order, the answer")},
    "xt": {"partially_canceled": ("canceled", "ccxt.pro xt, state")},
}


def statuses(classes: Iterable[str]) -> dict[str, str]:
    """Return the words of an exchange, in lower case -> unified status.

    Args:
        classes: the names of its class of ccxt and of those that it inherits from, base first.
    """
    words: dict[str, str] = {**{status: status for status in STATUSES}, **COMMON}
    for name in classes:
        words |= {word: status for word, (status, _) in WORDS.get(name, {}).items()}
    return words
