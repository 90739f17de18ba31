"""No line has a credential, a signature or a token in it, and nothing else is taken from one."""

import json
from decimal import Decimal
from urllib.parse import unquote

import ccxt
import pytest
from msgspec.structs import replace

from dfx_adapter import AdapterHost
from dfx_adapter.recordings import hiding, lines
from dfx_adapter.recordings.hiding import Request
from tests.guards.test_masking import NUMBERS, SPELLINGS
from tests.recordings.test_lines import ANSWER

CREDENTIALS = {
    "apiKey": "AkEy-0123456789abcdefKEY",
    "secret": "c2VjcmV0LW9mLW1pbmUtMTIzNDU2Nzg5MDEyMzQ1Njc4OTA=",
    "uid": "uid-98765432",
    "password": "passw0rd-of-mine",
    "login": "login-of-mine",
    "twofa": "JBSWY3DPEHPK3PXP",
    "privateKey": "0x" + "1a" * 32,
    "walletAddress": "0x" + "2b" * 20,
    "token": "token-of-mine-123",
    "accountId": "account-of-mine-1",
}
ORDER = {"symbol": "BTCUSDT", "orderId": "123", "id": "5", "timestamp": 1}
# Signed in a query, in a body, in headers, by a JWT, by a wallet, by a key in the path.
SOME = (
    "binance",
    "htx",
    "bingx",
    "kraken",
    "kucoin",
    "coinbase",
    "hyperliquid",
    "coinone",
    "bitfinex",
)


def signed(exchange):
    """Yield the requests that a class signs, one of each section and method."""
    entries = [one for cls in type(exchange).__mro__ for one in vars(cls).values()]
    done = set()
    for entry in entries:
        section = type(entry).__name__ == "Entry" and (str(entry.api), entry.method)
        if not section or section in done:
            continue
        try:
            made = exchange.sign(entry.path, entry.api, entry.method, dict(ORDER))
        except Exception:  # noqa: BLE001, S112  # it wants other parameters, or another key
            continue
        done.add(section)
        yield Request(made["url"], made["method"], made["headers"], made["body"])


def revealed(exchange_id):
    """Return the credentials and signatures that stand in lines of signed requests."""
    exchange = AdapterHost(entry_points=False).connect(exchange_id, dict(CREDENTIALS))
    found, requests = [], list(signed(exchange))
    for request in requests:
        hidden = hiding.hidden_of(exchange, request)
        url = hidden.url(request.url)
        echo = json.dumps([request.url, request.headers, request.body, list(CREDENTIALS.values())])
        for text in (unquote(url), hidden.body(echo), hidden.text(echo)):
            secrets = [*CREDENTIALS.values(), *hidden._signatures]
            found += [(text, one) for one in secrets if one.lower() in text.lower()]
        assert url[:1] in {"/", "?"}, url  # no host
    return found, len(requests)


@pytest.mark.parametrize("exchange_id", SOME)
def test_no_request_of_these_exchanges_reveals_anything(exchange_id):
    found, count = revealed(exchange_id)
    assert found == []
    assert count


@pytest.mark.long
def test_no_request_of_any_exchange_reveals_anything():
    counts = 0
    for exchange_id in ccxt.exchanges:
        found, count = revealed(exchange_id)
        assert found == [], exchange_id
        counts += count
    assert counts > 250


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.com/v3/order?a=1&b=x%2Cy", "/v3/order?a=1&b=x%2Cy"),
        ("https://a.com/v3/order", "/v3/order"),
        ("https://a.com/v3/order?", "/v3/order"),
        ("https://user:pass@a.com:8/o?a", "/o?a"),
        ("/v1/o?signature=0a&symbol=B&timestamp=5", "/v1/o?signature=***&symbol=B&timestamp=5"),
        (
            "/o?AccessKeyId=k&Signature=s&SignatureMethod=m",
            "/o?AccessKeyId=***&Signature=***&SignatureMethod=m",
        ),
        (
            "/o?apiKey=k&api_key=k&apikey=k&key=k&sign=s&sig=s",
            "/o?apiKey=***&api_key=***&apikey=***&key=***&sign=***&sig=***",
        ),
        (
            "/o?token=t&passphrase=p&listenKey=l&jwt=j",
            "/o?token=***&passphrase=***&listenKey=***&jwt=***",
        ),
        ("/accounts/my-key/orders?who=my-key", "/accounts/***/orders?who=***"),
        ("/o?x=key-of-mine-1", "/o?x=***"),
        ("/o?x=a%20key-of-mine-1b", "/o?x=a%20***b"),
    ],
)
def test_only_path_and_query_are_shown_without_what_is_secret(url, expected):
    exchange = AdapterHost(entry_points=False).connect(
        "kraken", {"apiKey": "key-of-mine-1", "secret": "my-key"}
    )
    assert hiding.hidden_of(exchange).url(url) == expected


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://a.com/sapi/v1/userDataStream", True),
        ("https://a.com/fapi/v1/listenKey?x=1", True),
        ("https://a.com/0/private/GetWebSocketsToken", True),
        ("https://a.com/api/v1/bullet-private", True),
        ("https://a.com/oauth/token", True),
        ("https://a.com/v1/auth/signin", True),
        ("https://a.com/api/v2/user/login", True),
        ("https://a.com/v1/ws-token", True),
        ("https://a.com/v2/auth/r/orders", False),
        ("https://a.com/v3/spot/order?token=5", False),
        ("https://a.com/api/v1/orders/tokens-list", False),
        ("https://a.com/0/private/QueryOrders", False),
    ],
)
def test_endpoints_that_answer_with_a_token_are_known(url, is_one):
    assert hiding.answers_with_token(url) is is_one


def test_a_body_is_exact_but_for_credentials_and_tokens():
    exchange = AdapterHost(entry_points=False).connect("hyperliquid", dict(CREDENTIALS))
    hidden = hiding.hidden_of(exchange)
    order = '{"hash":"0x' + "ab" * 32 + '","sign":"buy","key":"B-1","token":"0x' + "cd" * 20 + '"}'
    assert hidden.body(order) == order
    assert hidden.body('{"listenKey" : "pqia91ma19a5s61c"}') == '{"listenKey" : "***"}'
    assert hidden.body('{"access_token":"a\\"b","x":1}') == '{"access_token":"***","x":1}'


@pytest.mark.parametrize("spelling", {**SPELLINGS, **NUMBERS})
def test_a_body_that_echoes_a_credential_shows_none(spelling):
    exchange = AdapterHost(entry_points=False).connect("kraken", dict(CREDENTIALS))
    hidden = hiding.hidden_of(exchange)
    for name in ("apiKey", "secret", "password", "uid"):
        if spelling in SPELLINGS:
            echo = SPELLINGS[spelling](CREDENTIALS[name])
        else:
            echo = "".join(NUMBERS[spelling].format(ord(one)) for one in CREDENTIALS[name])
        assert hidden.body(f"<{echo}>") == "<***>"


def test_arguments_are_json_without_secrets():
    exchange = AdapterHost(entry_points=False).connect("kraken", dict(CREDENTIALS))
    given = ["a", Decimal("0.10"), {"password": "x", "tradePwd": 1, "otp": None, "n": (1, 2.5)}]
    more = ["BTC/USDT", {"x": f"<{CREDENTIALS['apiKey']}>", "y": CREDENTIALS["twofa"]}, True]
    assert hiding.hidden_of(exchange).args([*given, *more]) == [
        "a",
        Decimal("0.10"),
        {"password": "***", "tradePwd": "***", "otp": None, "n": [1, 2.5]},
        "BTC/USDT",
        {"x": "<***>", "y": "***"},
        True,
    ]


class Whole(int):
    """A number of another library's, as NumPy's are."""


class Fraction(float):
    """Likewise."""


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Whole(5), 5),
        (Fraction(0.5), 0.5),
        ({"b", "a"}, ["a", "b"]),
        ({"a": 1}.keys(), ["a"]),
        (iter(["a"]), "<list_iterator>"),
        ((one for one in "a"), "<generator>"),
        (b"a", "<bytes>"),
        (object(), "<object>"),
        (float("inf"), float("inf")),
    ],
)
def test_arguments_of_any_type_can_be_written(value, plain):
    [found] = hiding.BY_NAME.args([value])
    assert (found, type(found)) == (plain, type(plain))
    assert lines.write(replace(ANSWER, args=[found]))


def test_of_orders_among_the_arguments_their_rows_are_left_out():
    order = {"id": "a", "symbol": "BTC/USDT", "info": {"x": 1}, "trades": [], "fees": []}
    assert hiding.BY_NAME.args([[order], order]) == [
        [{"id": "a", "symbol": "BTC/USDT"}],
        {"id": "a", "symbol": "BTC/USDT"},
    ]


@pytest.mark.parametrize(
    ("args", "kwargs", "request_"),
    [
        ((), {}, Request("u")),
        (("POST", {"a": "b"}, "c"), {}, Request("u", "POST", {"a": "b"}, "c")),
        (("POST",), {"body": "c"}, Request("u", "POST", None, "c")),
        ((), {"method": "PUT", "headers": {}, "timeout": 5}, Request("u", "PUT", {}, None)),
    ],
)
def test_a_request_is_read_however_it_is_made(args, kwargs, request_):
    assert hiding.request_of("u", args, kwargs) == request_
