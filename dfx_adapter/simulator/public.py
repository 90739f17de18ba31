"""Public endpoints: V3 "Common", "Market Data" (its prices: quotes.py), "Get currency deposit...".

The shapes are those of the example bodies there. Figures nobody trades on - volumes, withdrawal
fees - are constants.
"""

from decimal import Decimal
from typing import Final

from dfx_adapter.simulator.documents import LIQUIDATION_RATE, SUCCESS_WALLET, Fault, Kind
from dfx_adapter.simulator.exact import EXACT, plain
from dfx_adapter.simulator.markets import Market, assets
from dfx_adapter.simulator.orders import Row
from dfx_adapter.simulator.parameters import Params, Refused
from dfx_adapter.simulator.venue import Venue

_VOLUME: Final = Decimal(1000)


def ping(_venue: Venue, _kind: Kind, _params: Params) -> Row:
    """V3 "Server ping"."""
    return {"msg": "pong"}


def time(venue: Venue, _kind: Kind, _params: Params) -> Row:
    """V3 "Server timestamp"."""
    return {"server_time": venue.now()}


def markets(venue: Venue, _kind: Kind, _params: Params) -> Row:
    """V3 "All the market description"."""
    rows = [
        {
            "volume_precision": market.amount_precision,
            "price_precision": market.price_precision,
            "market": market.symbol.lower(),
            "min_amount": plain(market.minimum_value),
            "min_volume": plain(market.minimum_amount),
        }
        for market in venue.markets.values()
    ]
    return {"data": rows, "date": venue.now()}


def ticker(venue: Venue, _kind: Kind, params: Params) -> Row:
    """V3 "ticker price"."""
    wanted = params.get("symbol", "").upper()
    if wanted and wanted not in venue.markets:
        raise Refused(Fault.WRONG_SYMBOL)
    chosen = [venue.markets[wanted]] if wanted else venue.markets.values()
    return {"ticker": [_tick(market) for market in chosen], "date": venue.now()}


def _tick(market: Market) -> Row:
    return {
        "vol": plain(_VOLUME),
        "change": 0,
        "base_vol": plain(EXACT.multiply(_VOLUME, market.last)),
        "sell": plain(market.last + market.step),
        "last": plain(market.last),
        "symbol": market.symbol.lower(),
        "low": plain(market.last),
        "buy": plain(market.last - market.step),
        "high": plain(market.last),
    }


def symbols(venue: Venue, kind: Kind, _params: Params) -> Row:
    """V3 "Spot trading pair symbol" and "Margin trading pair symbol"."""
    if kind == "spot":
        return {"symbol_list": [_pair(market) for market in venue.markets.values()]}
    extra = {"liquidation_rate": Decimal(LIQUIDATION_RATE)}
    rows = [_pair(market) | extra for market in venue.markets.values() if market.margin]
    return {"symbol_list": rows}


def trades_symbols(venue: Venue, _kind: Kind, _params: Params) -> Row:
    """V3 "Whether is API trading enabled for the trading pair"."""
    return {"symbol_list": [_pair(market) | {"is_allow": 1} for market in venue.markets.values()]}


def _pair(market: Market) -> Row:
    return {
        "status": "TRADING",
        "symbol": market.symbol,
        "quote_asset": market.quote,
        "base_asset": market.base,
        "amount_precision": market.amount_precision,
        "price_precision": market.price_precision,
        "minimum_amount": plain(market.minimum_amount),
        "minimum_value": plain(market.minimum_value),
        "zone": "MAIN",
        "order_types": list(market.order_types),
    }


def currencies(venue: Venue, _kind: Kind, params: Params) -> Row:
    """V3 "Get currency deposit and withdrawal information": success is code 200 here."""
    wanted = params.get("currency", "").upper()
    names = [name for name in assets(venue.markets.values()) if wanted in {"", name}]
    return {"data": [_wallet(name) for name in names], "code": SUCCESS_WALLET}


def _wallet(currency: str) -> Row:
    return {
        "deposit_status": 1,
        "min_deposit_amount": 10,
        "withdraw_fee_rate": 0,
        "min_withdraw_amount": 10,
        "min_withdraw_fee": 5,
        "currency": currency,
        "withdraw_fee_currency": currency,
        "withdraw_status": 1,
        "chain": "",
    }


def instruments(_venue: Venue, _kind: Kind, _params: Params) -> Row:
    """Swap v2 "Instruments": none; ccxt asks for them whenever it loads markets."""
    return {"data": []}
