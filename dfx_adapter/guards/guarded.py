"""The guards of one exchange object of ccxt: its session, its logs, the errors of its requests."""

from __future__ import annotations

import logging
from functools import partial
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.excerpts import excerpt, printable
from dfx_adapter.guards import addresses, bounds, causes, masking
from dfx_adapter.guards.sessions import GuardedSession, unwrapped

if TYPE_CHECKING:
    # What ccxt has of its own stays usable, camel case and implicit API, too; and an object of ours
    # passes for one of ccxt's. By ccxt's real class, pyright takes ours to return what ccxt's do.
    from typing import Any as _Exchange

    from dfx_adapter.steps import Steps
else:
    _Exchange = object


# What the HTTP libraries, and Python's own, raise raw at some headers, sizes of chunks and names of
# encodings; where such a name is of none for texts, it is LookupError itself.
_UNREADABLE: Final = (ValueError, RecursionError, OSError, HTTPException)


class Guarded(_Exchange):  # type: ignore[misc]  # ccxt is untyped
    """ccxt's transport, with bounds to what is answered and credentials that stay here."""

    _dfx_secrets: masking.Secrets = masking.ANY_EXCHANGE
    _dfx_needs_private_urls: bool = False  # https, or loopback

    _dfx_session_class: type[GuardedSession]
    # What the HTTP library raises where an answer breaks off or cannot be read as HTTP.
    _dfx_failed_transfers: tuple[type[Exception], ...]

    _dfx_logger: logging.Logger | None = None
    _dfx_session: GuardedSession | None = None

    @property
    def logger(self) -> MaskedLogger | None:
        """The logger that ccxt prints every request's headers to at DEBUG, masked."""
        return None if self._dfx_logger is None else MaskedLogger(self._dfx_logger, self)

    @logger.setter
    def logger(self, logger: logging.Logger | None) -> None:
        self._dfx_logger = logger

    @property
    def session(self) -> Any:
        """The session of requests or aiohttp, kept from following redirects."""
        return self._dfx_session

    @session.setter
    def session(self, session: Any) -> None:
        self._dfx_session = session and self._dfx_session_class(unwrapped(session))

    def get_socks_proxy_session(self, *args: Any) -> Any:
        """Return the session of a SOCKS proxy, kept from following redirects."""
        return self._dfx_session_class(super().get_socks_proxy_session(*args))

    def check_proxy_url_settings(self, *args: Any, **kwargs: Any) -> Any:
        """Return the URL that ccxt puts before each request's own, where one is set: `proxyUrl`.

        Raises:
            ccxt.BadRequest: the exchange needs private URLs, and it is neither https nor on
                loopback.
        """
        proxy_url = super().check_proxy_url_settings(*args, **kwargs)
        if self._dfx_needs_private_urls:
            addresses.check_all(self.id, proxy_url)
        return proxy_url

    def log(self, *args: Any) -> None:
        """Print what `verbose` asks for, without credentials."""
        super().log(*(self.dfx_masked(str(arg)) for arg in args))

    def handle_http_status_code(
        self, code: int, reason: str, url: str, method: str, body: str
    ) -> None:
        """Raise what ccxt raises for a status; ccxt's message has the whole page in it."""
        if str(code) in self.httpExceptions:
            text = printable(excerpt(self.dfx_masked_body(body)))
            super().handle_http_status_code(code, reason, url, method, text)

    def on_rest_response(self, *answered: Any) -> str:
        """Return the text of an answer, as ccxt calls it with, before it is decoded.

        Raises:
            ccxt.BadResponse: what it is decoded to would take too much memory.
        """
        text: str = super().on_rest_response(*answered)
        within = bounds.current.get()
        if within is not None:
            within.check_values(text)
        return text

    def dfx_masked(self, text: str) -> str:
        """Take credentials out of a text: a page may print the request that it answers."""
        return self._dfx_secrets.masked(text, masking.credentials_of(self))

    def dfx_masked_body(self, text: str) -> str:
        """Take credentials out of what an error can show of an answer."""
        return self._dfx_secrets.masked_beginning(text, masking.credentials_of(self))

    def _dfx_longest_body(self, url: str) -> int:  # noqa: ARG002  # for those that tell URLs apart
        """Return the bytes that the body of an answer may have, inflated."""
        return bounds.ANY_BODY

    def dfx_mask(self, error: Exception) -> None:
        """Take credentials out of an error, and of what led to it."""
        masking.mask_error(error, self.dfx_masked, self._dfx_secrets)


def stock(exchange: Any) -> Any:
    """Return the object as ccxt's own class has it: with the methods that ours stand before."""
    return super(Guarded, exchange)


def fetch(exchange: Guarded, url: str, *args: Any, **kwargs: Any) -> Steps[Any]:
    """Send one request over HTTP, within bounds and with its errors masked.

    Raises:
        ccxt.BadRequest: to a URL that others can read on the way, or with credentials to a host
            whose certificate nobody would look at; nothing was sent.
        ccxt.BadResponse: the answer exceeds its bounds.
        ccxt.NetworkError: the answer broke off, for which ccxt has an ExchangeError, too, which no
            bot asks again after.
    """
    if exchange._dfx_needs_private_urls:
        addresses.check(exchange.id, url.partition("?")[0])
    addresses.check_verified(exchange, url)
    deadline = bounds.clock() + exchange.timeout / 1000
    within = bounds.Bounds(exchange.id, exchange._dfx_longest_body(url), deadline)
    token = bounds.current.set(within)
    try:
        return (yield partial(stock(exchange).fetch, url, *args, **kwargs))
    except Exception as error:
        _explain(error)
        exchange.dfx_mask(error)
        cause = error.__cause__
        broke_off = isinstance(cause, exchange._dfx_failed_transfers)
        if broke_off and isinstance(error, errors.ExchangeError):
            raise errors.named("NetworkError")(str(error)) from cause
        if isinstance(error, _UNREADABLE) or type(error) is LookupError:
            raise _unreadable(exchange, error) from error
        raise
    finally:
        bounds.current.reset(token)


def _explain(error: Exception) -> None:
    """Add why there is no answer to ccxt's error, which has the URL alone."""
    if isinstance(error, errors.BaseError) and error.__cause__ is not None:
        cause = causes.cause(error.__cause__)
        if cause is not None:
            error.args = (f"{error}; {cause}", *error.args[1:])


def _unreadable(exchange: Guarded, error: Exception) -> Exception:
    """Return the error for what a library raises as it reads an answer, which ccxt lets by."""
    text = f"{type(error).__name__}: {excerpt(printable(str(error)))}"
    return errors.describe(
        errors.named("NetworkError"),
        f"answer: cannot be read ({text})",
        exchange_id=exchange.id,
        found=text,
        expected="an answer in HTTP",
    )


class MaskedLogger(logging.LoggerAdapter[logging.Logger]):
    """A logger that shows no credentials of an exchange object."""

    def __init__(self, logger: logging.Logger, exchange: Guarded) -> None:
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
