"""What holds for every request, whoever makes it: the clock, and what a log may show.

Documents: "API Endpoints Description" (timestamps at most 5 s behind and 1 s ahead of the
exchange's clock; ACCESS-RECV-WINDOW) (docs.digifinex.com/en-ww/spot/v3/rest.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.digifinex.answers import envelope
from dfx_adapter.digifinex.exchange import SECRETS
from dfx_adapter.digifinex.methods import results
from dfx_adapter.digifinex.pacing import Paced
from dfx_adapter.exchanges.steps import Step
from dfx_adapter.guards import addresses, bounds
from dfx_adapter.guards.guarded import Guarded
from dfx_adapter.options import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping


class Transport(Guarded, Paced):
    """ccxt's request, with a clock that is corrected and credentials that stay here."""

    _dfx_secrets = SECRETS

    _dfx_clock_offset: int = 0  # milliseconds that the exchange's clock is ahead of ours

    def check_proxy_url_settings(self, *args: Any, **kwargs: Any) -> Any:
        """Return the URL that ccxt puts before each request's own, where one is set: `proxyUrl`.

        Raises:
            ccxt.BadRequest: it is neither https nor on loopback.
        """
        proxy_url = super().check_proxy_url_settings(*args, **kwargs)
        addresses.check_all(envelope.EXCHANGE, proxy_url)
        return proxy_url

    def nonce(self) -> int:
        """Return the exchange's time in seconds, as far as it is known."""
        return self._dfx_now() // 1000

    def _dfx_now(self) -> int:
        return int(self.milliseconds() + self._dfx_clock_offset)

    def _dfx_longest_body(self, url: str) -> int:
        """Return the bytes that the body of an answer may have: `options["maxBody"]`."""
        longest: int = self.options.get("maxBody", DEFAULTS["maxBody"])
        return longest if results.ORDER_PATHS.search(url) else max(longest, bounds.ANY_BODY)

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
