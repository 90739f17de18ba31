"""Where ccxt is met: what both classes override of it, none of which awaits.

ccxt calls `sign`, `on_rest_response`, `parse_json`, `handle_errors` and `parse_order` as plain
methods whether it is called or awaited. There the body of an order answer is kept as exact text,
and every answer is checked by one table. What a method does is in `methods`.

Documents: "API Endpoints Description", "Rate Limit" (docs.digifinex.com/en-ww/spot/v3/rest.html).
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple
from urllib.parse import unquote

from ccxt.base.decimal_to_precision import TRUNCATE
from msgspec.structs import replace

from dfx_adapter import errors, exact_json
from dfx_adapter.digifinex import options
from dfx_adapter.digifinex.answers import envelope, mapping, tables
from dfx_adapter.digifinex.answers.rows import is_order_row
from dfx_adapter.exchanges import answering, rows, words
from dfx_adapter.exchanges.unified import Unified
from dfx_adapter.guards import accounts, bounds, pacing
from dfx_adapter.guards.masking import Secrets
from dfx_adapter.limits import address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dfx_adapter.exchanges.calls import Call
    from dfx_adapter.hookspecs import BadRow, HookCaller, ParseContext
    from dfx_adapter.order import Order

# What can be looked up again, and may hold what a plugin remembers; orders asked for on the account
# of this object, the tasks that ask, and its stream.
_NOT_COPIED: Final = frozenset({"_dfx_lookup", "_dfx_batches", "_dfx_tasks", "_dfx_watching"})

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
LIMITS: Final = pacing.Limits(
    envelope.EXCHANGE,
    address.Limit(*tables.WEIGHT_LIMIT),
    tables.BANS,
    frozenset(code for code, row in tables.CODES.items() if row.begins_ban),
)
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class OrderBody(str):
    """The text of an answer that has order numbers in it, to be decoded without loss."""

    __slots__ = ()


class DigiFinexExchange(Unified):
    """What both classes have beside their methods: the overrides of ccxt's."""

    _dfx_options = options.OPTIONS
    _dfx_secrets = SECRETS
    _dfx_limits = LIMITS
    _dfx_needs_private_urls = True
    _dfx_clock_offset: int = 0  # milliseconds that the exchange's clock is ahead of ours
    _dfx_lookup: Lookup | None = None

    # Of the one class or the other: whether nobody could share the request for an order, and what
    # asks for one together with others. See `sharing`.
    _dfx_asks_alone: ClassVar[Callable[[Any], bool]]
    _dfx_ask_together: ClassVar[Callable[[Any, str, str, Mapping[str, Any]], Any]]

    _dfx_swaps: Any  # ccxt's own order methods, to whose rows the rules of any exchange apply

    apiKey = accounts.Credential("apiKey", 0)  # noqa: N815  # ccxt's name
    secret = accounts.Credential("secret", 1)

    @property
    def _dfx_served_as(self) -> str:
        """The id by which the host serves it, under an alias, too."""
        return envelope.EXCHANGE

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

    # A request.

    def nonce(self) -> int:
        """Return the exchange's time in seconds, as far as it is known."""
        return int(self.milliseconds() + self._dfx_clock_offset) // 1000

    def sign(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Sign as ccxt does, and say that private answers must not come from a cache.

        Raises:
            ccxt.AuthenticationError: a private endpoint without a key or a secret, or with white
                space or letters beyond ASCII in one, which an HTTP library would refuse by printing
                it.
        """
        api = args[1] if len(args) > 1 else kwargs.get("api", ("public",))
        if api[0] == "private":
            key, secret = accounts.account_of(self)
            if not (key and secret):
                self.check_required_credentials()
            if not _VISIBLE.fullmatch(key + secret):
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

    def cost_to_precision(self, symbol: str, cost: Any) -> Any:
        """Round quote money as ccxt does; it cannot with `number=Decimal`, which it hands on."""
        tick = float(self.market(symbol)["precision"]["price"])
        modes = (self.precisionMode, self.paddingMode)
        return self.decimal_to_precision(str(cost), TRUNCATE, tick, *modes)

    # Its answer.

    def _dfx_longest_body(self, url: str) -> int:
        """Return the bytes that the body of an answer may have: `options["maxBody"]`."""
        longest: int = self.options.get("maxBody", options.DEFAULTS["maxBody"])
        return longest if tables.ORDER_PATHS.search(url) else max(longest, bounds.ANY_BODY)

    def on_rest_response(self, *answered: Any) -> str:
        """Mark the bodies that carry order numbers."""
        text: str = super().on_rest_response(*answered)
        url = answered[2]
        # A relay has the URL in its own, encoded.
        is_marked = tables.ORDER_PATHS.search(url) or tables.ORDER_PATHS.search(unquote(url))
        return OrderBody(text) if is_marked else text

    def parse_json(self, http_response: str) -> Any:
        """Decode a marked body with its fractions as text; anything else as ccxt does."""
        if not isinstance(http_response, OrderBody):
            return super().parse_json(http_response)
        try:
            decoded = exact_json.decode(http_response)
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
        body: Any,
        response: Any,
        request_headers: Any = None,  # noqa: ARG002  # same
        request_body: Any = None,  # noqa: ARG002  # same
    ) -> None:
        """Raise what the answer says is wrong; HTTP errors without a code are left to ccxt.

        A frequency error begins a ban.
        """
        is_decoded = isinstance(response, dict)
        if code in _SUCCEEDING and is_decoded and envelope.is_success(response, url):
            return
        request = f"{method} {url.partition('?')[0]}"
        try:
            _raise_fault(self, request, (code, reason), url, body, response)
        except errors.RateLimited as error:
            raise pacing.begin_ban(self, error) from None

    def parse_order(self, order: Any, market: Any = None) -> Any:
        """Map one row of order status; other rows (swap, the stub of a creation) as ccxt does."""
        if not is_order_row(order):
            return super().parse_order(order, market)
        [parsed] = orders_of(self, [order], bad_row="raise")
        return parsed

    def parse_number(self, value: Any, default: Any = None) -> Any:
        """Turn text into the caller's number, outside of parsing: DigiFinex's code bears all."""
        if rows.running() is None:
            return super(Unified, self).parse_number(value, default)
        return super().parse_number(value, default)

    # Swap orders: ccxt parses them, then the rules of any exchange apply.

    def _dfx_context(self, **given: Any) -> ParseContext:
        """Return the context of one answer: ccxt gives unified words, and codes that it lacks."""
        context = super()._dfx_context(warn=self.dfx_warn, **given)
        return replace(context, statuses={**words.statuses(()), **context.statuses})

    def _dfx_answered(self, call: Call, answer: Any) -> Any:
        orders = answer if isinstance(answer, list) else [answer]
        if not all(isinstance(order, dict) and rows.KEY in order for order in orders):
            return answer  # ours
        return super()._dfx_answered(call, answer)

    def _dfx_read(self, orders: Sequence[dict[str, Any]], bad_row: Any) -> list[Order]:
        """Ask no plugin: those of DigiFinex know rows of spot and margin."""
        context = self._dfx_context(**({"bad_row": bad_row} if bad_row else {}))
        return answering.completed(self, orders, context)

    def dfx_warn(self, about: str, sentence: str) -> None:
        """Warn of something about an order, one time only, without credentials."""
        self.dfx_host.warn(self.dfx_masked(about), self.dfx_masked(sentence))


def _raise_fault(
    exchange: DigiFinexExchange,
    request: str,
    status: tuple[int, str],
    url: str,
    body: str,
    response: Any,
) -> None:
    """Raise what is wrong with an answer that is none of success."""
    code, reason = status
    masked = partial(exchange.dfx_masked_body, body)
    if code in _REDIRECTING:
        raise errors.describe(
            errors.named("NetworkError"),
            f"{request}: HTTP {code} {reason}; no redirect is followed",
            exchange_id=envelope.EXCHANGE,
            body=masked(),
        )
    has_code = isinstance(response, dict) and str(response.get("code")) in tables.CODES
    if code in _SUCCEEDING or has_code:
        classes = partial(exchange.dfx_host.error_classes, envelope.EXCHANGE)
        envelope.check(response, classes, request=request, text=masked, path=url)
    elif code == HTTPStatus.TOO_MANY_REQUESTS or str(code) not in exchange.httpExceptions:
        raise errors.describe(
            _class_of_status(code),
            f"{request}: HTTP {code} {reason}",
            exchange_id=envelope.EXCHANGE,
            code=str(code) if code == HTTPStatus.TOO_MANY_REQUESTS else None,
            body=masked(),
        )


def _class_of_status(code: int) -> type[Exception]:
    """Return the class for an HTTP status without a known code, where ccxt has none for it."""
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.RateLimited
    server_failed = code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return errors.named("ExchangeNotAvailable" if server_failed else "BadResponse")


# From an answer to orders.


class Lookup(NamedTuple):
    """The loaded markets and the names of currencies, and what was made of them."""

    host: HookCaller
    markets: Any
    size: int
    codes: Mapping[str, str]
    symbol_of: Callable[[str], str | None]
    contexts: dict[Any, ParseContext]
    remembered: dict[Any, Any]


def orders_of(
    exchange: DigiFinexExchange,
    payload: object,
    market_type: str | None = None,
    *,
    bad_row: BadRow | None = None,
) -> list[Order]:
    """Send an answer through the hooks; `bad_row` where what was asked for is not skipped."""
    lookup = _lookup(exchange)
    bad_row = bad_row or exchange.options.get("badRow", options.DEFAULTS["badRow"])
    key = (market_type, bad_row, exchange.number)
    context = lookup.contexts.get(key)
    if context is None:
        context = lookup.contexts[key] = exchange.dfx_host.context(
            envelope.EXCHANGE,
            number=exchange.number,
            symbol_of=lookup.symbol_of,
            market_type=market_type,
            bad_row=bad_row,
            remembered=lookup.remembered,
        )
    context = replace(context, warn=exchange.dfx_warn)  # kept, it would keep the object
    return exchange.dfx_host.map_orders(envelope.EXCHANGE, payload, context)


def _lookup(exchange: DigiFinexExchange) -> Lookup:
    """Return what symbols are looked up in; kept while it is what it is."""
    host, markets, kept = exchange.dfx_host, exchange.markets_by_id, exchange._dfx_lookup
    size, codes = len(markets or ()), codes_of(exchange)
    if (
        kept is None
        or kept.host is not host
        or kept.markets is not markets
        or kept.size != size
        or kept.codes != codes
    ):
        codes = dict(codes)
        symbol_of = partial(_symbol_in, markets or {}, codes)
        kept = exchange._dfx_lookup = Lookup(host, markets, size, codes, symbol_of, {}, {})
    return kept


def codes_of(exchange: Any) -> Mapping[str, str]:
    """Return the unified codes of currencies by id, as ccxt gives them to loaded markets."""
    return (exchange.commonCurrencies or {}) if exchange.substituteCommonCurrencyCodes else {}


def _symbol_in(markets: Mapping[str, Any], codes: Mapping[str, str], market_id: str) -> str | None:
    """Return what the loaded markets say, or the exchange object's names of currencies."""
    for market in markets.get(market_id, ()):
        if not market["swap"]:
            return str(market["symbol"])
    return mapping.spelled(market_id, codes)
