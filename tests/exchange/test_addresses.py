"""Credentials go to https or to this machine, by no detour, and nothing rides along with them."""

import http.server
import ssl
import threading
from urllib.parse import parse_qsl

import ccxt
import ccxt.async_support
import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dfx_adapter
from dfx_adapter import AdapterHost
from dfx_adapter.simulator import Body, Simulator
from tests.conftest import EitherKind

SAFE = [
    "https://openapi.digifinex.com",
    "HTTPS://openapi.digifinex.vip/",
    "https://10.0.0.1:8443",
    "http://127.0.0.1:8000",
    "HTTP://127.0.0.1",
    "http://127.8.8.8:1",
    "http://localhost:8000/path",
    "http://LOCALHOST",
    "http://[::1]:8000",
]
UNSAFE = [
    "http://openapi.digifinex.com",
    "HTTP://openapi.digifinex.com",
    "http://127.0.0.1.evil.com",
    "http://127.0.0.1@evil.com",
    "http://user:pass-word@127.0.0.1",
    "https://openapi.digifinex.com@evil.com",
    "https://user:pass-word@openapi.digifinex.com",
    "http://localhost.evil.com",
    "http://localhost.",
    "http://evil.localhost",
    "http://evil.com#@127.0.0.1",
    "http://evil.com\\@127.0.0.1",
    "http://127.0.0.1\\.evil.com",
    "http://local\thost",
    "http://127.0.0.1\n.evil.com",
    " http://127.0.0.1",
    "http://2130706433",
    "http://0x7f.1",
    "http://127.1",
    "http://0177.0.0.1",
    "http://0.0.0.0",
    "http://[::]",
    "http://[::1%25eth0]",
    "http://[fe80::1]",
    "http://[::1",
    "http://127.0.0.1:port",
    "http://192.168.0.1",
    "http://１２７.0.0.1",  # noqa: RUF001  # digits of full width
    "http:///openapi.digifinex.com",
    "https://",
    "https:openapi.digifinex.com",
    "//127.0.0.1",
    "127.0.0.1:8000",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "",
]


def config(url):
    return {"apiKey": "k", "secret": "s", "urls": {"api": {"rest": url}}}


@pytest.mark.parametrize("url", SAFE)
def test_https_and_loopback_are_taken(url):
    exchange = AdapterHost(entry_points=False).connect("digifinex", config(url))
    assert exchange.urls["api"]["rest"] == url


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("url", UNSAFE)
def test_any_other_base_url_is_refused_when_the_object_is_built(url, asynchronous):
    with pytest.raises(ccxt.BadRequest, match="expected an https URL") as caught:
        dfx_adapter.connect("digifinex", config(url), asynchronous=asynchronous)
    assert "pass-word" not in str(caught.value)


@pytest.mark.parametrize("url", UNSAFE)
def test_an_object_with_such_a_url_is_not_attached_to(url):
    with pytest.raises(ccxt.BadRequest):
        dfx_adapter.attach(ccxt.digifinex(config(url)))


@pytest.mark.parametrize("method", ["fetch_order", "fetch_ticker"])
async def test_a_url_that_is_changed_later_is_refused_before_anything_is_sent(
    simulator, exchange, method, mocker
):
    sending = [
        mocker.patch.object(module.Exchange, "fetch") for module in (ccxt, ccxt.async_support)
    ]
    exchange.exchange.urls["api"]["rest"] = "http://openapi.digifinex.com"
    with pytest.raises(ccxt.BadRequest, match="nothing is sent there"):
        await getattr(exchange, method)("BTC/USDT")
    assert [one.call_count for one in sending] == [0, 0]


async def test_a_proxy_url_that_would_read_along_is_refused(simulator, connect):
    exchange = connect(simulator, proxyUrl="http://cors.example.com/")
    with pytest.raises(ccxt.BadRequest, match="expected an https URL"):
        await exchange.fetch_order("a")
    assert simulator.requests == []


# Redirects.

REDIRECTS = [301, 302, 303, 307, 308]


@pytest.fixture
def thief():
    with Simulator() as other:
        yield other


def redirect(status, exchange):
    return Body(b"", status=status, headers={"Location": f"{exchange.url}/v3/spot/order?a=1"})


@pytest.mark.parametrize("status", REDIRECTS)
async def test_no_redirect_is_followed(simulator, thief, exchange, status):
    simulator.script("order", redirect(status, thief))
    simulator.script("time", redirect(status, thief))
    with pytest.raises(ccxt.NetworkError, match=f"HTTP {status} .*no redirect is followed"):
        await exchange.fetch_order("a")
    with pytest.raises(ccxt.NetworkError):
        await exchange.fetch_time()
    assert thief.requests == []


@pytest.mark.parametrize("body", [b'{"code":0,"data":[]}', b'{"code":20013}'])
async def test_a_redirect_with_an_answer_is_none(simulator, thief, exchange, body):
    answer = Body(body, status=302, headers={"Location": thief.url})
    simulator.script("order", answer)
    with pytest.raises(ccxt.NetworkError):
        await exchange.fetch_order("a")
    assert thief.requests == []


@pytest.mark.parametrize("module", [ccxt, ccxt.async_support])
async def test_stock_ccxt_hands_the_key_to_whoever_is_named(simulator, thief, module):
    """What makes the tests above ones that could fail."""
    stock = EitherKind(module.digifinex({**simulator.ccxt_config(), "timeout_on_exit": 0}))
    await stock.load_markets()
    simulator.script("order", redirect(302, thief))
    with pytest.raises(ccxt.BaseError):
        await stock.fetch_order("a", "BTC/USDT")
    if module is ccxt.async_support:
        await stock.close()
    [request] = thief.requests
    assert "ACCESS-SIGN" in {name.upper() for name in request.headers}


# TLS.


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers every request with no rows, and remembers it."""

    def do_GET(self):
        self.server.seen.append(self.headers)
        body = b'{"code":0,"data":[]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(params=["127.0.0.1", "openapi.digifinex.com"])
def unknown_to_us(request):
    """A server on loopback whose certificate is of an authority that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(request.param).configure_cert(context)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.seen = []
        server.url = f"https://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_a_certificate_of_nobody_is_refused_before_a_request(
    simulator, connect, unknown_to_us
):
    exchange = connect(simulator, urls={"api": {"rest": unknown_to_us.url}})
    with pytest.raises(ccxt.BaseError) as caught:
        await exchange.fetch_order("a")
    assert isinstance(caught.value, ccxt.NetworkError) or type(caught.value) is ccxt.ExchangeError
    assert not isinstance(caught.value, ccxt.OrderNotFound)
    assert "certificate" in repr(caught.value.__cause__).lower()
    assert unknown_to_us.seen == []


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
async def test_only_who_switches_verification_off_talks_to_it(simulator, connect, unknown_to_us):
    exchange = connect(simulator, urls={"api": {"rest": unknown_to_us.url}}, verify=False)
    with pytest.raises(ccxt.OrderNotFound):
        await exchange.fetch_order("a")
    assert len(unknown_to_us.seen) == 1


# What a caller gives as an id or a symbol.

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    [
        "a&order_id=b",
        "a?b",
        "a#b",
        "../new",
        "a/../b",
        "a%2Cb",
        "%00",
        "a;b=c",
        "a=b",
        "\r\nX: y",
        "\ud800",
        "\0",
    ]
)
FEW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def sent(simulator, call):
    """Return the queries that went out, or None where the call was refused unsent."""
    simulator.clear_log()
    try:
        await call
    except (ccxt.BadRequest, ccxt.BadSymbol) as error:
        refused = "expected" in str(error) and simulator.requests == []
        return None if refused else pytest.fail(f"{error!r} {simulator.requests}")
    except ccxt.OrderNotFound:
        pass  # not AuthenticationError: what is signed is what was sent
    return [(request.path, request.query) for request in simulator.requests]


@given(order_id=ANY_TEXT)
@FEW
async def test_an_id_is_refused_unsent_or_one_parameter(simulator, exchange, order_id):
    seen = await sent(simulator, exchange.fetch_order(order_id))
    assert seen in (None, [("/v3/spot/order", {"order_id": order_id})])


@given(symbol=(ANY_TEXT | ANY_TEXT.map("{}/USDT".format)).filter(lambda text: ":" not in text))
@FEW
async def test_a_symbol_is_refused_unsent_or_one_parameter(simulator, exchange, symbol):
    seen = await sent(simulator, exchange.fetch_open_orders(symbol))
    if seen is not None:
        [(path, query)] = seen
        assert (path, query["symbol"]) == ("/v3/spot/order/current", symbol.replace("/", "_"))
        assert query.keys() == {"symbol"}


@pytest.mark.parametrize("market", ["margin/../spot", "spot/order/new?a=", "../../swap"])
async def test_a_parameter_cannot_change_the_path(simulator, exchange, market):
    with pytest.raises(ccxt.OrderNotFound):
        await exchange.fetch_order("a", params={"market": market})
    assert [request.path for request in simulator.requests] == ["/v3/spot/order"]


def test_what_an_implicit_method_is_given_is_encoded_one_time_only(simulator):
    """Beside the ids: any parameter of ccxt's own methods, on the wire as it was signed."""
    exchange = AdapterHost(entry_points=False).connect("digifinex", simulator.ccxt_config())
    signed = exchange.sign(
        "{market}/order", ["private", "spot"], "GET", {"market": "spot", "a&b": "c=d"}
    )
    assert parse_qsl(signed["url"].partition("?")[2]) == [("a&b", "c=d")]
