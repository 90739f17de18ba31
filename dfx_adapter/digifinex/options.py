"""The options that DigiFinex has beside those of any exchange; most are ccxt's own, with its names.

Documents: "API Endpoints Description" for the header ACCESS-RECV-WINDOW, of which neither the unit
nor the greatest value is documented (docs.digifinex.com/en-ww/spot/v3/rest.html); ccxt's manual,
"Overriding Unified API Params".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dfx_adapter import options
from dfx_adapter.options import Option

# ccxt's names of the methods that are ours; an option of such a name is of this method alone.
METHODS: Final = (
    "cancelOrder",
    "cancelOrders",
    "createOrder",
    "createOrders",
    "editOrder",
    "fetchCanceledAndClosedOrders",
    "fetchCanceledOrders",
    "fetchClosedOrders",
    "fetchOpenOrders",
    "fetchOrder",
    "fetchOrderTrades",
    "fetchOrders",
    "fetchOrdersByIds",
)
MARKET_TYPES: Final = ("spot", "margin", "swap")
REQUIRES_PRICE: Final = "createMarketBuyOrderRequiresPrice"


def _is_market_type(value: Any) -> bool:
    return value is None or value in MARKET_TYPES  # of any type


def _is_margin_mode(value: Any) -> bool:
    return value is None or value is False or value == "cross"


def _is_dict(value: Any) -> bool:
    return isinstance(value, Mapping)


_TOO_LARGE: Final = 10**18
_TYPE_EXPECTED: Final = "'spot', 'margin' or 'swap'"
_MODE_EXPECTED: Final = "'cross' or None"
ROWS: Final = (
    *options.ROWS,
    Option(
        "defaultType",
        "spot",
        _TYPE_EXPECTED,
        _is_market_type,
        "`'margin'` asks the margin endpoints, as do `{'marginMode': 'cross'}`, "
        "`{'margin': True}` and `{'type': 'margin'}` in `params`",
    ),
    Option("type", None, _TYPE_EXPECTED, _is_market_type, "the same, where `defaultType` is none"),
    Option("marginMode", None, _MODE_EXPECTED, _is_margin_mode, "`'cross'` is margin, too"),
    Option(
        "defaultMarginMode", None, _MODE_EXPECTED, _is_margin_mode, "the same, as ccxt has it, too"
    ),
    Option(
        REQUIRES_PRICE,
        True,  # noqa: FBT003  # the default
        options.EXPECTED_BOOL,
        options.is_bool,
        "`False`, here or in `params`: the amount of a market buy is in quote money, as ccxt has "
        "it",
    ),
    Option(
        "recvWindow",
        None,
        "a whole number above 0, of at most 18 digits",
        lambda value: options.is_whole(value) and value < _TOO_LARGE,
        "the header ACCESS-RECV-WINDOW, sent where this is given; its unit is not documented",
    ),
    Option(
        "createOrder",
        None,
        "a dict",
        _is_dict,
        "options for this method alone, which go before the others; so for every other order "
        "method, by ccxt's name of it",
    ),
)
OPTIONS: Final[Mapping[str, Option]] = {
    **{name: ROWS[-1]._replace(name=name) for name in METHODS},
    **options.by_name(ROWS),
}
DEFAULTS: Final[Mapping[str, Any]] = {row.name: row.default for row in ROWS}
