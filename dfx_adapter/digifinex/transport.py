"""What holds for every request, whoever makes it: the clock, the ban, and what a log may show.

Documents: "API Endpoints Description" (timestamps at most 5 s behind and 1 s ahead of the
exchange's clock; ACCESS-RECV-WINDOW) and "Rate Limit" (docs.digifinex.com/en-ww/spot/v3/rest.html).
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex import bans
from dfx_adapter.digifinex.mixin import Seams
from dfx_adapter.digifinex.protocol import EXCHANGE
from dfx_adapter.unified.steps import Step

if TYPE_CHECKING:
    from collections.abc import Generator

# The codes of frequency. 20020 (trading rules) forbids trading, not asking, and starts no silence.
_FREQUENCY: Final = frozenset({"10005", "200005", "429"})

_CREDENTIALS: Final = re.compile(
    r"(ACCESS-(?:KEY|SIGN)['\"]?\s*[:=]\s*['\"]?)[^'\",}\s]+", re.IGNORECASE
)


class Transport(Seams):
    """ccxt's request, with a clock that is corrected and a ban that is waited out."""

    _dfx_clock_offset: int = 0  # milliseconds that the exchange's clock is ahead of ours

    _dfx_logger: logging.Logger | None = None

    @property
    def logger(self) -> MaskedLogger | None:
        """The logger that ccxt prints every request's headers to at DEBUG, masked."""
        return None if self._dfx_logger is None else MaskedLogger(self._dfx_logger, self)

    @logger.setter
    def logger(self, logger: logging.Logger | None) -> None:
        self._dfx_logger = logger

    def nonce(self) -> int:
        """Return the exchange's time in seconds, as far as it is known."""
        return int(self.milliseconds() + self._dfx_clock_offset) // 1000

    def log(self, *args: Any) -> None:
        """Print what `verbose` asks for, without credentials."""
        super().log(*(self.dfx_masked(str(arg)) for arg in args))

    def dfx_masked(self, text: str) -> str:
        """Take credentials and signatures out of a text."""
        return _CREDENTIALS.sub(r"\1***", self._dfx_masked(text, None))

    def _dfx_request(self, args: Any, kwargs: Any) -> Generator[Step, Any, Any]:
        """Send once; again, once, after the clock was wrong. Raise without sending while banned."""
        guarded = self.options.get("banGuard", True)
        if guarded and bans.left(self.apiKey or ""):
            raise self._dfx_banned()
        request = Step("request", args, kwargs, stock=True)
        try:
            try:
                return (yield request)
            except errors.InvalidNonce:
                answered = yield Step("fetch_time")
                # The answer counts whole seconds: taken for the start of its second, our timestamp
                # is at most one second and the way behind, and never ahead.
                self._dfx_clock_offset = answered - self.milliseconds()
                return (yield request)
        except errors.RateLimited as error:
            if guarded and getattr(error, "code", None) in _FREQUENCY:
                bans.strike(self.apiKey or "")
            raise

    def _dfx_banned(self) -> Exception:
        seconds = bans.left(self.apiKey or "")
        error = errors.describe(
            errors.RateLimited,
            f"was told of a frequency error and bans: nothing is sent for {seconds:.0f} s more",
            exchange_id=EXCHANGE,
        )
        error.retry_after = seconds  # type: ignore[attr-defined]  # a fact, like those of describe
        return error


class MaskedLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger that shows no credentials of an exchange object."""

    def __init__(self, logger: logging.Logger, exchange: Transport) -> None:
        super().__init__(logger, {})
        self._exchange = exchange

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log the finished text, masked."""
        if self.isEnabledFor(level):
            text = str(msg) % args if args else str(msg)
            self.logger.log(level, "%s", self._exchange.dfx_masked(text), **kwargs)
