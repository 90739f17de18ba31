"""Where ccxt is met: the overrides that both colours share, none of which awaits.

ccxt calls `sign`, `on_rest_response`, `parse_json`, `handle_errors` and `parse_order` as plain
methods in its sync and async transport alike; through these seams the body of an order answer
reaches the protocol as exact text, and every answer is checked by one table. What a method does is
in `reading` and `trading`.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from ccxt.base.decimal_to_precision import TRUNCATE

from dfx_adapter import errors
from dfx_adapter.digifinex import options
from dfx_adapter.digifinex.answers import envelope, mapping, rows, tables
from dfx_adapter.digifinex.methods import arguments, results
from dfx_adapter.exchanges import configured
from dfx_adapter.guards import accounts, addresses
from dfx_adapter.guards.masking import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccxt import digifinex as _Exchange  # noqa: N812  # the class it stands for

    from dfx_adapter.hookspecs import BadRow, HookCaller, ParseContext
    from dfx_adapter.order import Order
else:
    _Exchange = object

# What can be looked up again, and may hold what a plugin remembers; orders asked for on the account
# of this object, and the tasks that ask.
_NOT_COPIED: Final = frozenset({"_dfx_lookup", "_dfx_batches", "_dfx_tasks"})

_STATUS_KEYS: Final = {"order_id", "created_date", "executed_amount", "status"}

# What this class can do beyond ccxt's own; `True` and never "emulated": freqtrade tests `is True`.
_HAS: Final = dict.fromkeys(options.METHODS, True)

# V3 API Endpoints Description. An answer of the private GET carried max-age=604800 (ccxt#6097): a
# cache that believes it would serve an order's state for a week.
_PRIVATE_HEADERS: Final = {"Cache-Control": "no-cache"}
_SUCCEEDING: Final = range(200, 300)
_REDIRECTING: Final = range(300, 400)
_VISIBLE: Final = re.compile("[!-~]*")  # of ASCII
# HMAC-SHA256 in hex. An order id has half as many digits; a transaction id in a log is lost to it.
SECRETS: Final = Secrets(("ACCESS-KEY", "ACCESS-SIGN"), "(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def _error_of_status(code: int) -> type[Exception]:
    """Return the class for an HTTP status without a known code, where ccxt has none for it."""
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.RateLimited
    server_failed = code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return errors.named("ExchangeNotAvailable" if server_failed else "BadResponse")


class OrderBody(str):
    """The text of an answer that has order numbers in it, to be decoded without loss."""

    __slots__ = ()


class Lookup(NamedTuple):
    """The loaded markets and the names of currencies, and what was found in them."""

    markets: Any
    size: int
    codes: Mapping[str, str]
    symbol_of: Callable[[str], str | None]
    remembered: dict[Any, Any]


def _symbol_in(markets: Mapping[str, Any], codes: Mapping[str, str], market_id: str) -> str | None:
    """Return what the loaded markets say, or the exchange object's names of currencies."""
    for market in markets.get(market_id, ()):
        if not market["swap"]:
            return str(market["symbol"])
    return mapping.spelled(market_id, codes)


class Seams(_Exchange):  # type: ignore[misc]  # ccxt is untyped
    """ccxt's seams, overridden once for both colours."""

    dfx_host: HookCaller
    _dfx_options = options.OPTIONS

    _dfx_lookup: Lookup | None = None

    apiKey = accounts.Credential("apiKey", 0)  # noqa: N815  # ccxt's name
    secret = accounts.Credential("secret", 1)

    def dfx_bind(self, host: HookCaller) -> None:
        """Send the answers through the hooks of this host's plugins.

        Raises:
            ccxt.BadRequest: the config has a type of number or an option that cannot be, or a URL
                that is neither https nor on loopback.
        """
        configured.check(self, host)
        addresses.check_all(envelope.EXCHANGE, self.urls["api"])
        self.dfx_host = host

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what a copy must not share: lookups, and who waits for an answer."""
        return {name: value for name, value in vars(self).items() if name not in _NOT_COPIED}

    def describe(self) -> dict[str, Any]:
        """Return ccxt's description with our abilities and error classes."""
        codes = {code: [errors.named(row.error), row.meaning] for code, row in tables.CODES.items()}
        described: dict[str, Any] = self.deep_extend(
            super().describe(),
            {
                "has": _HAS,
                "rateLimit": tables.RATE_LIMIT,
                "exceptions": {"exact": codes},
                "features": {"default": {"fetchOrder": {"symbolRequired": False}}},
            },
        )
        return described

    def sign(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Sign as ccxt does, and say that private answers must not come from a cache.

        Raises:
            ccxt.AuthenticationError: a private endpoint without a key or a secret, or with white
                space or letters beyond ASCII in one, which an HTTP library would refuse by printing
                it.
            ccxt.BadRequest: the base URL was changed to one that is neither https nor on loopback.
        """
        addresses.check_all(envelope.EXCHANGE, self.urls["api"])
        api = args[1] if len(args) > 1 else kwargs.get("api", ("public",))
        if api[0] == "private":
            if not (self.apiKey and self.secret):
                self.check_required_credentials()
            if not _VISIBLE.fullmatch(self.apiKey + self.secret):
                raise errors.describe(
                    errors.named("AuthenticationError"),
                    "apiKey or secret has white space in it, or is not of ASCII",
                    exchange_id=envelope.EXCHANGE,
                    found="white space, or letters beyond ASCII",
                    expected="visible characters of ASCII",
                )
        request: dict[str, Any] = super().sign(*args, **kwargs)
        if request["headers"]:
            form = _FORM if request["body"] and api[1] == "spot" else {}  # /swap takes JSON
            request["headers"] = {**form, **request["headers"], **_PRIVATE_HEADERS}
            if (window := self.options.get("recvWindow")) is not None:
                request["headers"]["ACCESS-RECV-WINDOW"] = str(window)
        return request

    def on_rest_response(
        self, code: int, reason: str, url: str, method: str, response_headers: Any, *rest: Any
    ) -> str:
        """Mark the bodies that carry order numbers."""
        text: str = super().on_rest_response(code, reason, url, method, response_headers, *rest)
        # A relay has the URL in its own, encoded.
        is_marked = results.ORDER_PATHS.search(url) or results.ORDER_PATHS.search(unquote(url))
        return OrderBody(text) if is_marked else text

    def parse_json(self, http_response: str) -> Any:
        """Decode a marked body with its fractions as text; anything else as ccxt does."""
        if not isinstance(http_response, OrderBody):
            return super().parse_json(http_response)
        try:
            decoded = rows.decode(http_response)
        except ValueError:
            return None  # handle_errors has the text and says what is wrong with it
        return decoded if isinstance(decoded, dict) else None

    def handle_errors(  # noqa: PLR0917  # ccxt's signature
        self,
        code: int,
        reason: str,
        url: str,
        method: str,
        headers: Any,  # noqa: ARG002  # ccxt's signature
        body: str,
        response: Any,
        request_headers: Any,  # noqa: ARG002  # ccxt's signature
        request_body: Any,  # noqa: ARG002  # ccxt's signature
    ) -> None:
        """Raise what the answer says is wrong; HTTP errors without a code are left to ccxt."""
        is_decoded = isinstance(response, dict)
        if code in _SUCCEEDING and is_decoded and envelope.is_success(response, url):
            return
        request = f"{method} {url.partition('?')[0]}"
        shown = partial(self.dfx_shown, body)
        if code in _REDIRECTING:
            told = f"{request}: HTTP {code} {reason}; no redirect is followed"
            network_error = errors.named("NetworkError")
            raise errors.describe(network_error, told, exchange_id=envelope.EXCHANGE, body=shown())
        if code in _SUCCEEDING or (is_decoded and str(response.get("code")) in tables.CODES):
            classes = partial(self.dfx_host.error_classes, envelope.EXCHANGE)
            envelope.check(response, classes, request=request, shown=shown, path=url)
        elif code == HTTPStatus.TOO_MANY_REQUESTS or str(code) not in self.httpExceptions:
            raise errors.describe(
                _error_of_status(code),
                f"{request}: HTTP {code} {reason}",
                exchange_id=envelope.EXCHANGE,
                code=str(code) if code == HTTPStatus.TOO_MANY_REQUESTS else None,
                body=shown(),
            )

    def cost_to_precision(self, symbol: str, cost: Any) -> Any:
        """Round quote money as ccxt does; it cannot with `number=Decimal`, which it hands on."""
        tick = float(self.market(symbol)["precision"]["price"])
        modes = (self.precisionMode, self.paddingMode)
        return self.decimal_to_precision(str(cost), TRUNCATE, tick, *modes)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        """Map one row of order status; other rows (swap, the stub of a creation) as ccxt does."""
        if not isinstance(order, dict) or not order.keys() >= _STATUS_KEYS:
            return super().parse_order(order, market)
        [parsed] = self._dfx_orders([order], bad_row="raise")
        return parsed

    def _dfx_orders(
        self, payload: object, market_type: str | None = None, *, bad_row: BadRow | None = None
    ) -> list[Order]:
        """Send an answer through the hooks; `bad_row` where what was asked for is not skipped."""
        lookup = self._dfx_markets()
        context: ParseContext = self.dfx_host.context(
            envelope.EXCHANGE,
            number=self.number,
            symbol_of=lookup.symbol_of,
            market_type=market_type,
            bad_row=bad_row or self.options.get("badRow", options.DEFAULTS["badRow"]),
            warn=self._dfx_warn,
            remembered=lookup.remembered,
        )
        return self.dfx_host.map_orders(envelope.EXCHANGE, payload, context)

    def _dfx_markets(self) -> Lookup:
        """Return what symbols are looked up in; kept while it is what it is."""
        markets, kept = self.markets_by_id, self._dfx_lookup
        size, codes = len(markets or ()), self._dfx_codes()
        if kept is None or kept.markets is not markets or kept.size != size or kept.codes != codes:
            codes = dict(codes)
            symbol_of = partial(_symbol_in, markets or {}, codes)
            kept = self._dfx_lookup = Lookup(markets, size, codes, symbol_of, {})
        return kept

    def _dfx_codes(self) -> Mapping[str, str]:
        """Return the unified codes of currencies by id, as ccxt gives them to loaded markets."""
        return (self.commonCurrencies or {}) if self.substituteCommonCurrencyCodes else {}

    def _dfx_warn(self, about: str, sentence: str) -> None:
        self.dfx_host.warn(self.dfx_masked(about), self.dfx_masked(sentence))

    def _dfx_market(self, method: str, symbol: object) -> arguments.Market:
        """Return the spot market of a symbol or market id: of the loaded ones, else as it says.

        Raises:
            ccxt.BadSymbol: it can be neither; nothing was sent.
        """
        if symbol is None:
            return arguments.ALL_MARKETS
        if isinstance(symbol, str):
            known = (self.markets or {}).get(symbol)
            by_id = (self.markets_by_id or {}).get(symbol, ())
            for market in (known, *by_id):
                if market and not market["swap"]:
                    return arguments.Market(market["id"], market["symbol"])
        return arguments.market(method, symbol, self._dfx_codes())
