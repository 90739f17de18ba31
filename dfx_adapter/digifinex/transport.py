"""What holds for every request, whoever makes it: the clock, and what a log may show.

Documents: "API Endpoints Description" (timestamps at most 5 s behind and 1 s ahead of the
exchange's clock; ACCESS-RECV-WINDOW) (docs.digifinex.com/en-ww/spot/v3/rest.html).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex import protocol
from dfx_adapter.digifinex.mixin import SECRETS
from dfx_adapter.digifinex.pacing import Paced
from dfx_adapter.excerpts import excerpt, printable
from dfx_adapter.guards import addresses, masking
from dfx_adapter.guards.sessions import GuardedSession, unwrapped
from dfx_adapter.unified.steps import Step

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping


class Transport(Paced):
    """ccxt's request, with a clock that is corrected and credentials that stay here."""

    _dfx_clock_offset: int = 0  # milliseconds that the exchange's clock is ahead of ours

    # What the HTTP library raises where an answer breaks off or cannot be read as HTTP.
    _dfx_failed_transfers: tuple[type[Exception], ...]

    _dfx_logger: logging.Logger | None = None

    @property
    def logger(self) -> MaskedLogger | None:
        """The logger that ccxt prints every request's headers to at DEBUG, masked."""
        return None if self._dfx_logger is None else MaskedLogger(self._dfx_logger, self)

    @logger.setter
    def logger(self, logger: logging.Logger | None) -> None:
        self._dfx_logger = logger

    _dfx_session: GuardedSession | None = None

    @property
    def session(self) -> Any:
        """The session of requests or aiohttp, kept from following redirects."""
        return self._dfx_session

    @session.setter
    def session(self, session: Any) -> None:
        self._dfx_session = session and GuardedSession(unwrapped(session))

    def get_socks_proxy_session(self, *args: Any) -> Any:
        """Return the session of a SOCKS proxy, kept from following redirects."""
        return GuardedSession(super().get_socks_proxy_session(*args))

    def check_proxy_url_settings(self, *args: Any, **kwargs: Any) -> Any:
        """Return the URL that ccxt puts before each request's own, where one is set: `proxyUrl`.

        Raises:
            ccxt.BadRequest: it is neither https nor on loopback.
        """
        proxy_url = super().check_proxy_url_settings(*args, **kwargs)
        addresses.check_all(protocol.EXCHANGE, proxy_url)
        return proxy_url

    def nonce(self) -> int:
        """Return the exchange's time in seconds, as far as it is known."""
        return self._dfx_now() // 1000

    def _dfx_now(self) -> int:
        return int(self.milliseconds() + self._dfx_clock_offset)

    def log(self, *args: Any) -> None:
        """Print what `verbose` asks for, without credentials."""
        super().log(*(self.dfx_masked(str(arg)) for arg in args))

    def handle_http_status_code(
        self, code: int, reason: str, url: str, method: str, body: str
    ) -> None:
        """Raise what ccxt raises for a status; ccxt's message has the whole page in it."""
        if str(code) in self.httpExceptions:
            text = printable(excerpt(self.dfx_shown(body)))
            super().handle_http_status_code(code, reason, url, method, text)

    def _dfx_reread(self, error: Exception) -> None:
        """Withhold what nobody may see of an error of `fetch`, and raise a better one in its stead.

        Raises:
            ccxt.NetworkError: the answer broke off, for which ccxt has an ExchangeError, too, which
                no bot asks again after.
        """
        self._dfx_withhold(error)
        cause = error.__cause__
        broke_off = isinstance(cause, self._dfx_failed_transfers)
        if broke_off and isinstance(error, errors.ExchangeError):
            raise errors.named("NetworkError")(str(error)) from cause

    def _dfx_withhold(self, error: Exception) -> None:
        """Take credentials out of an error, and of what led to it."""
        masking.mask_error(error, self.dfx_masked, SECRETS)

    def _dfx_recovered(
        self, refused: Exception, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Generator[Step, Any, Any]:
        """Send once more what was refused for its timestamp; tell others on the key of a ban."""
        return (yield from self._dfx_telling(self._dfx_sent_on_time(refused, args, kwargs)))

    def _dfx_sent_on_time(
        self, refused: Exception, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Generator[Step, Any, Any]:
        """Correct the clock and send again, once."""
        if not isinstance(refused, errors.InvalidNonce):
            raise refused
        try:
            answered = yield Step("fetch_time")
        except errors.BaseError as error:
            raise refused from error
        if not isinstance(answered, int):  # an answer of success without a time in it
            raise refused
        # The answer counts whole seconds: taken for the start of its second, our timestamp is at
        # most one second and the way behind, and never ahead.
        self._dfx_clock_offset = answered - self.milliseconds()
        return (yield Step("request", args, kwargs, stock=True))


_METHOD: Final = 2
_PARAMS: Final = 3


def once(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Keep ccxt from repeating what is no GET: `maxRetriesOnFailure` places no order twice.

    The arguments are those of ccxt's `request`: path, api, method, params, by position or name.
    """
    method = args[_METHOD] if len(args) > _METHOD else kwargs.get("method", "GET")
    by_position = len(args) > _PARAMS
    params = args[_PARAMS] if by_position else kwargs.get("params", {})
    if method == "GET" or not isinstance(params, dict):
        return args, kwargs
    once = {**params, "maxRetriesOnFailure": 0}
    if by_position:
        return (*args[:_PARAMS], once, *args[_PARAMS + 1 :]), kwargs
    return args, {**kwargs, "params": once}


class MaskedLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger that shows no credentials of an exchange object."""

    def __init__(self, logger: logging.Logger, exchange: Transport) -> None:
        super().__init__(logger, {})
        self._exchange = exchange

    def debug(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Log at DEBUG; ccxt asks for that twice a request, mostly in vain."""
        if self.logger.isEnabledFor(logging.DEBUG):
            self.log(logging.DEBUG, msg, *args, **kwargs)

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log the finished text, masked."""
        if self.isEnabledFor(level):
            text = str(msg) % args if args else str(msg)
            self.logger.log(level, "%s", self._exchange.dfx_masked(text), **kwargs)
