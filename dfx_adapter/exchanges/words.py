"""Words for the status of an order that ccxt's classes let through untranslated.

Of 82 classes with a table of statuses, 78 give a word that is not in it to the bot as it is. A row
says what it means, and how that is known:

- CLASS: the class itself puts this word into the order, as the translation of the exchange's.
- DOCS: the exchange's documents list the word, and the class's table lacks it.

A word that means two things (`done`, of KuCoin: filled or canceled) has no row. Letters compare in
lower case. The unified words, in any case, and those of `COMMON` hold for every exchange.
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

CLASS: Final = "CLASS"
DOCS: Final = "DOCS"

# Class of ccxt -> word -> what it means, and how that is known. Classes that inherit from a class
# here inherit its rows.
WORDS: Final[Mapping[str, Mapping[str, tuple[Status, str]]]] = {
    "alpaca": {
        "accepted_for_bidding": ("open", DOCS),
        "pending_review": ("open", DOCS),
    },
    "arkham": {"pending": ("open", CLASS)},
    "binance": {
        "ok": ("closed", CLASS),  # S: the conversion succeeded
        "pending_new": ("open", DOCS),
        "expired_in_match": ("expired", DOCS),
    },
    "aster": {"expired_in_match": ("canceled", DOCS)},  # as the class has EXPIRED
    "bigone": {"opening": ("open", DOCS), "fired": ("open", DOCS)},
    "bingx": {
        "activated": ("open", DOCS),
        "running": ("open", DOCS),
        "partially_filled": ("open", DOCS),
        "failed": ("canceled", DOCS),
        "cancelled": ("canceled", DOCS),
    },
    "bitbank": {"inactive": ("open", DOCS)},  # a stop order that waits for its trigger
    "bitfinex": {
        "partially filled": ("open", DOCS),
        "insufficient balance": ("canceled", DOCS),
        "insufficient margin": ("canceled", DOCS),
    },
    "bitget": {"executing": ("open", DOCS)},
    "bitmart": {"failed": ("rejected", DOCS), "partially_filled": ("open", DOCS)},
    "bitso": {"cancelled": ("canceled", DOCS)},
    "bittrade": {"pre-submitted": ("open", DOCS), "submitting": ("open", DOCS)},
    "blofin": {"pause": ("open", DOCS), "partially_canceled": ("canceled", DOCS)},
    "btse": {
        "refunded": ("canceled", CLASS),
        "trigger_inserted": ("open", DOCS),
        "trigger_activated": ("open", DOCS),
        "order_rejected": ("rejected", DOCS),
        "order_refunded": ("canceled", DOCS),
    },
    "bydfi": {"part_filled": ("open", DOCS)},
    "coinbase": {
        "queued": ("open", DOCS),
        "cancel_queued": ("open", DOCS),
        "edit_queued": ("open", DOCS),
    },
    "coinbaseexchange": {"received": ("open", DOCS)},
    "coinex": {"cancelled": ("canceled", DOCS), "part_canceled": ("canceled", DOCS)},
    "coinone": {
        "not_triggered": ("open", DOCS),
        "triggered": ("open", DOCS),
        "not_triggered_canceled": ("canceled", DOCS),
        "not_triggered_partially_canceled": ("canceled", DOCS),
        "canceled_no_order": ("canceled", DOCS),
        "canceled_limit_price_exceed": ("canceled", DOCS),
        "canceled_under_product_unit": ("canceled", DOCS),
    },
    "cryptomus": {"failed": ("canceled", CLASS)},
    "deribit": {"triggered": ("open", DOCS)},
    "gate": {
        # finish_as and status of spot, futures and triggered orders
        "stp": ("canceled", DOCS),
        "poc": ("canceled", DOCS),
        "fok": ("canceled", DOCS),
        "small": ("canceled", DOCS),
        "inactive": ("open", DOCS),
        "invalid": ("canceled", DOCS),
        "reduce_only": ("canceled", DOCS),
        "reduce_out": ("canceled", DOCS),
        "position_closed": ("canceled", DOCS),
        "auto_deleveraged": ("closed", DOCS),
        "depth_not_enough": ("canceled", DOCS),
        "trader_not_enough": ("canceled", DOCS),
        "liquidate_cancelled": ("canceled", DOCS),
    },
    "hitbtc": {"failed": ("expired", CLASS)},  # the only word that the class makes `failed`
    "htx": {
        "pre-submitted": ("open", DOCS),
        "submitting": ("open", DOCS),
        "partial-canceled": ("canceled", DOCS),
    },
    "hyperliquid": {
        "scheduledcancel": ("canceled", DOCS),
        "margincanceled": ("canceled", DOCS),
        "delistedcanceled": ("canceled", DOCS),
        "liquidatedcanceled": ("canceled", DOCS),
        "selftradecanceled": ("canceled", DOCS),
        "reduceonlycanceled": ("canceled", DOCS),
        "siblingfilledcanceled": ("canceled", DOCS),
        "vaultwithdrawalcanceled": ("canceled", DOCS),
        "openinterestcapcanceled": ("canceled", DOCS),
        "tickrejected": ("rejected", DOCS),
        "badalopxrejected": ("rejected", DOCS),
        "ioccancelrejected": ("rejected", DOCS),
        "perpmarginrejected": ("rejected", DOCS),
        "reduceonlyrejected": ("rejected", DOCS),
        "mintradentlrejected": ("rejected", DOCS),
        "badtriggerpxrejected": ("rejected", DOCS),
        "marketordernoliquidityrejected": ("rejected", DOCS),
    },
    "krakenfutures": {
        "rejected_by_engine": ("rejected", DOCS),
        "trigger_activation_failure": ("rejected", DOCS),
        "wouldcauseliquidation": ("rejected", DOCS),
        "contractsuspended": ("rejected", DOCS),
    },
    "luno": {"awaiting": ("open", DOCS)},
    "mexc": {"5": ("rejected", DOCS)},  # invalid, of a contract order; failed, of a planned one
    "modetrade": {"edit_sent": ("open", DOCS), "partially_filled": ("open", DOCS)},
    "nado": {"waiting_price": ("open", DOCS)},
    "okx": {
        "pause": ("open", DOCS),
        "order_failed": ("canceled", DOCS),
        "partially_failed": ("canceled", DOCS),
    },
    "onetrading": {"stop_triggered": ("open", DOCS)},
    "pacifica": {"failed": ("rejected", CLASS)},
    "paradex": {"queued_for_cancellation": ("open", DOCS)},
    "phemex": {
        "init": ("open", DOCS),
        "pendingnew": ("open", DOCS),
        "pendingcancel": ("open", DOCS),
    },
    "poloniex": {"partially_canceled": ("canceled", DOCS)},
    "polymarket": {
        "live": ("open", DOCS),
        "delayed": ("open", DOCS),
        "unmatched": ("open", DOCS),
        "matched": ("closed", DOCS),
    },
    "toobit": {"order_new": ("open", DOCS), "partially_canceled": ("canceled", DOCS)},
    "upbit": {"watch": ("open", DOCS), "prevented": ("canceled", DOCS)},
    "weex": {"partially_filled": ("open", DOCS)},
    "woo": {"partially_filled": ("open", DOCS)},
    "woofipro": {"edit_sent": ("open", DOCS), "partially_filled": ("open", DOCS)},
    "xt": {"partially_canceled": ("canceled", DOCS)},
    "zebpay": {"cancelled": ("canceled", DOCS), "partially_filled": ("open", DOCS)},
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
