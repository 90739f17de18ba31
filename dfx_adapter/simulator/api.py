"""The exchange without a socket: a request goes in, a response comes out.

Document: V3, the list of interfaces and the error codes. Errors come under HTTP 200, as
``{"code": N}`` (the page of ccxt's wiki on the raw DigiFinex API). The order of the steps is
assumed: path, method, frequency, credentials, then the endpoint itself.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dfx_adapter.simulator import public, queries, quotes, trading
from dfx_adapter.simulator.answers import Answer, Drop, Script
from dfx_adapter.simulator.auth import authenticate
from dfx_adapter.simulator.documents import KINDS, SUCCESS, Fault, Kind
from dfx_adapter.simulator.exact import Number
from dfx_adapter.simulator.faults import Spoiling
from dfx_adapter.simulator.log import Log
from dfx_adapter.simulator.markets import Market
from dfx_adapter.simulator.messages import LoggedRequest, Request, Response, encode, logged
from dfx_adapter.simulator.orders import Row
from dfx_adapter.simulator.parameters import Params, Refused
from dfx_adapter.simulator.venue import DetailShape, UnknownId, Venue

Handler = Callable[[Venue, Kind, Params], Row]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the list of interfaces; what it does is documented on the handler."""

    method: str
    path: str
    handler: Handler
    private: bool


ENDPOINTS: Final = (  # V3 "Trading Interface List", except the last
    Endpoint("GET", "/v3/ping", public.ping, private=False),
    Endpoint("GET", "/v3/time", public.time, private=False),
    Endpoint("GET", "/v3/markets", public.markets, private=False),
    Endpoint("GET", "/v3/ticker", public.ticker, private=False),
    Endpoint("GET", "/v3/order_book", quotes.order_book, private=False),
    Endpoint("GET", "/v3/trades", quotes.trades, private=False),
    Endpoint("GET", "/v3/kline", quotes.kline, private=False),
    Endpoint("GET", "/v3/trades/symbols", public.trades_symbols, private=False),
    Endpoint("GET", "/v3/{market}/symbols", public.symbols, private=False),
    Endpoint("GET", "/v3/currencies", public.currencies, private=False),
    Endpoint("GET", "/v3/{market}/order", queries.order_status, private=True),
    Endpoint("GET", "/v3/{market}/order/detail", queries.detail, private=True),
    Endpoint("GET", "/v3/{market}/order/current", queries.current, private=True),
    Endpoint("GET", "/v3/{market}/order/history", queries.history, private=True),
    Endpoint("GET", "/v3/{market}/mytrades", queries.mytrades, private=True),
    Endpoint("GET", "/v3/{market}/assets", queries.balances, private=True),
    Endpoint("POST", "/v3/{market}/order/new", trading.new_order, private=True),
    Endpoint("POST", "/v3/{market}/order/batch_new", trading.new_batch, private=True),
    Endpoint("POST", "/v3/{market}/order/cancel", trading.cancel, private=True),
    Endpoint("GET", "/swap/v2/public/instruments", public.instruments, private=False),
)

PATHS: Final[Mapping[str, tuple[Endpoint, Kind]]] = {
    endpoint.path.replace("{market}", kind): (endpoint, kind)
    for endpoint in ENDPOINTS
    for kind in (KINDS if "{market}" in endpoint.path else KINDS[:1])
}

_MINUTE: Final = 60


class Exchange(Venue):
    """A venue that answers requests.

    Attributes:
        api_key: The one key that is known.
        secret: Its secret.
        limit: Requests a minute before code 10005, None for no limit. A refused request does not
            count, and no ban follows, as the documents have it.
    """

    def __init__(
        self,
        *,
        api_key: str,
        secret: str,
        clock: Callable[[], float],
        markets: Iterable[Market],
        balances: Mapping[str, Number] | None = None,
        unknown_id: UnknownId = "drop",
        detail_shape: DetailShape = "list",
    ) -> None:
        super().__init__(
            clock=clock,
            markets=markets,
            balances=balances,
            unknown_id=unknown_id,
            detail_shape=detail_shape,
        )
        self.api_key = api_key
        self.secret = secret
        self.limit: int | None = None
        self._script = Script()
        self._log = Log()
        self._served: deque[float] = deque()

    @property
    def requests(self) -> list[LoggedRequest]:
        """The requests so far, oldest first: the last 10,000 or, of long ones, the last 64 MiB."""
        with self.lock:
            return self._log.all()

    def clear_log(self) -> None:
        """Forget the requests so far."""
        with self.lock:
            self._log.clear()

    def script(self, endpoint: str, *answers: Answer) -> None:
        """Set what an endpoint answers next, one answer per request.

        Args:
            endpoint: A path ("/v3/margin/order"), a path of both markets ("/v3/{market}/order"),
                or either without its beginning ("margin/order", "order", "order/new", "time").
            answers: Code, Body and Drop stand in for the endpoint, after the credentials were
                checked; the faults let it answer, and spoil what it says.
        """
        with self.lock:
            self._script.add(_script_key(endpoint), answers)

    def clear_script(self) -> None:
        """Forget the scripted answers not yet given."""
        with self.lock:
            self._script.clear()

    def respond(self, request: Request) -> Response:
        """Answer one request, and log it."""
        with self.lock:
            at = self._clock()
            try:
                response = self._respond(request)
            except Refused as refusal:
                response = Response(encode({"code": refusal.code}))
            size = len(request.query) + len(request.body) + len(response.body)
            self._log.add(logged(request, response, at), size)
            return response

    def _respond(self, request: Request) -> Response:
        endpoint, kind = self._endpoint(request)
        self._check_frequency()
        if endpoint.private:
            authenticate(request, api_key=self.api_key, secret=self.secret, now=self.now())
        answer = self._script.take(request.path, endpoint.path)
        if answer is None:
            return self._handle(endpoint, kind, request)
        if isinstance(answer, Spoiling):
            return answer.spoil(self._handle(endpoint, kind, request))
        if isinstance(answer, Drop) and answer.handled:
            self._handle(endpoint, kind, request)
        return answer.response()

    def _handle(self, endpoint: Endpoint, kind: Kind, request: Request) -> Response:
        """Let the endpoint answer; as in real bodies, `code` comes last."""
        try:
            answer = endpoint.handler(self, kind, request.params())
        except Refused as refusal:
            answer = {"code": refusal.code}
        return Response(encode(answer | {"code": answer.get("code", SUCCESS)}))

    def _endpoint(self, request: Request) -> tuple[Endpoint, Kind]:
        if request.path not in PATHS:
            raise Refused(Fault.NO_ENDPOINT)
        endpoint, kind = PATHS[request.path]
        if request.method != endpoint.method:
            raise Refused(Fault.WRONG_METHOD)
        return endpoint, kind

    def _check_frequency(self) -> None:
        now = self._clock()
        while self._served and self._served[0] <= now - _MINUTE:
            self._served.popleft()
        if self.limit is not None and len(self._served) >= self.limit:
            raise Refused(Fault.TOO_FREQUENT)
        self._served.append(now)


def _script_key(name: str) -> str:
    known = set(PATHS) | {endpoint.path for endpoint in ENDPOINTS}
    path = name.strip("/")
    for key in (f"/{path}", f"/v3/{path}", f"/v3/{{market}}/{path}"):
        if key in known:
            return key
    raise ValueError(f"there is no endpoint {name!r}")
