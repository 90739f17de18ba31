"""The markets on offer, with the values the documents and real answers show for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A trading pair: fields of V3 "Spot trading pair symbol", and a price for the ticker."""

    symbol: str
    price_precision: int
    amount_precision: int
    minimum_amount: Decimal
    minimum_value: Decimal
    last: Decimal
    order_types: tuple[str, ...] = ("LIMIT", "MARKET")
    margin: bool = False

    @property
    def base(self) -> str:
        """The asset bought and sold."""
        return self.symbol.partition("_")[0]

    @property
    def quote(self) -> str:
        """The money it is paid with."""
        return self.symbol.partition("_")[2]

    @property
    def step(self) -> Decimal:
        """The least that two prices differ by."""
        return Decimal(1).scaleb(-self.price_precision)


DEFAULT_MARKETS: Final = (
    Market(  # V3 "All the market description", the example; last: V3 "ticker price"
        symbol="BTC_USDT",
        price_precision=2,
        amount_precision=4,
        minimum_amount=Decimal("0.0001"),
        minimum_value=Decimal(2),
        last=Decimal("9592.22"),
        margin=True,
    ),
    Market(  # precision and minima as V3 gives them for LTC_USDT; in margin: V3 "currencys"
        symbol="ETH_USDT",
        price_precision=2,
        amount_precision=4,
        minimum_amount=Decimal("0.001"),
        minimum_value=Decimal(2),
        last=Decimal("214.36"),
        margin=True,
    ),
    Market(  # prices of four decimals: ccxt issue 6097; limit orders only: as in ccxt issue 7465
        symbol="DFT_USDT",
        price_precision=4,
        amount_precision=2,
        minimum_amount=Decimal(1),
        minimum_value=Decimal(2),
        last=Decimal("0.6165"),
        order_types=("LIMIT",),
    ),
    Market(  # V3 "Authentication": an order of 1 at 0.01 in its example
        symbol="TRX_USDT",
        price_precision=6,
        amount_precision=2,
        minimum_amount=Decimal(1),
        minimum_value=Decimal(2),
        last=Decimal("0.014321"),
    ),
)


def assets(markets: Iterable[Market]) -> list[str]:
    """Name every currency that the markets deal in, in alphabetical order."""
    return sorted({name for market in markets for name in (market.base, market.quote)})
