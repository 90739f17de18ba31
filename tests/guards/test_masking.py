"""Credentials are masked however they are written, and nothing else is."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import ccxt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dfx_adapter
from dfx_adapter.digifinex.exchange import SECRETS
from dfx_adapter.guards.masking import ANY_EXCHANGE, credentials_of
from tests.guards import peers

SPELLINGS = {
    "as it is": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "in a URL": lambda text: quote(text, safe=""),
    "in a URL in a URL": lambda text: quote(quote(text, safe=""), safe=""),
    "in a form": quote_plus,
    "in JSON": lambda text: json.dumps(text)[1:-1],
    "in JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "in JSON with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "a repr": lambda text: repr(text)[1:-1],
    "in HTML": html.escape,
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper(),
}
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=70)
RSA = "-----BEGIN KEY-----\n" + "\n".join("aB/+9zQ0" * 8 for _ in range(20)) + "\n-----END KEY-----"


@pytest.mark.parametrize("secrets", [SECRETS, ANY_EXCHANGE], ids=["digifinex", "any"])
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@settings(deadline=None, max_examples=25)
@given(key=KEYS | st.just(RSA))
def test_a_credential_of_eight_characters_is_masked_however_it_is_written(secrets, spelling, key):
    written = spelling(key)
    masked = secrets.masked(f"<{written}>", (None, "", key))
    assert masked == "<***>"


NUMBERS = {
    "of bytes in a URL": "%{:02X}",
    "of bytes in a URL in a URL": "%25{:02x}",
    "of JSON": "\\u{:04x}",
    "of Python": "\\x{:02x}",
    "of C": "\\{:03o}",
    "of HTML": "&#{};",
    "of HTML in hexadecimal": "&#x{:X};",
}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@settings(deadline=None, max_examples=25)
@given(key=KEYS)
def test_a_credential_written_in_numbers_is_masked(number, key):
    written = "".join(number.format(ord(character)) for character in key)
    assert SECRETS.masked(f"<{written}>", (key,)) == "<***>"


@settings(deadline=None, max_examples=25)
@given(
    key=KEYS,
    before=st.text("xyz", max_size=5),
    after=st.text("xyz", max_size=5),
    encode=st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]),
)
def test_a_credential_in_base64_is_masked_wherever_it_begins(key, before, after, encode):
    written = encode(f"{before}{key}{after}".encode()).decode()
    masked = SECRETS.masked(f"({written})", (key,))
    assert "***" in masked
    for start in range(len(written) - 6):  # no six digits, four bytes of the key, are left
        digits = written[start : start + 6]
        inside = len(before) * 8 <= start * 6 and (start + 6) * 6 <= (len(before) + len(key)) * 8
        if inside and len(set(key)) > 6:
            assert digits not in masked


@pytest.mark.parametrize("key", ["s", "a", "0", " ", "secret", "1234567"])
def test_a_short_credential_garbles_nothing(key):
    text = "no such order: 0123456789 at https://openapi.digifinex.com/v3/spot/order?a=secret"
    for secrets in (SECRETS, ANY_EXCHANGE):
        assert secrets.masked(text, (key,)) == text


def test_a_short_credential_is_masked_where_it_is_a_header():
    text = "{'ACCESS-KEY': 'k', 'ACCESS-SIGN': 's', 'User-Agent': 'ccxt'}"
    masked = "{'ACCESS-KEY': '***', 'ACCESS-SIGN': '***', 'User-Agent': 'ccxt'}"
    assert SECRETS.masked(text, ("k", "s")) == masked
    assert ANY_EXCHANGE.masked(text, ("k", "s")) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("'X-MBX-APIKEY': 'k'", "'X-MBX-APIKEY': '***'"),
        ("'Authorization': 'Bearer abc.def'", "'Authorization': '***'"),
        ("'KC-API-PASSPHRASE': 'p', 'a': 'b'", "'KC-API-PASSPHRASE': '***', 'a': 'b'"),
        ("https://a/b?x=1&signature=abc&y=2", "https://a/b?x=1&signature=***&y=2"),
        ("symbol=BTC&sign=0a", "symbol=BTC&sign=***"),
        (f"({'0A' * 32}) ({'0a' * 48}) ({'0a' * 64})", "(***) (***) (***)"),
        (f"({'aB3' * 14}a=)", "(***)"),
        ("the key is wrong, the sign is, too", "the key is wrong, the sign is, too"),
        (f"order {'0a' * 16}", f"order {'0a' * 16}"),
    ],
)
def test_what_other_exchanges_send_is_known(text, masked):
    assert ANY_EXCHANGE.masked(text, ()) == masked


def test_masking_a_page_takes_no_time_to_speak_of():
    ANY_EXCHANGE.masked("A" * 100_000 + "-" * 100_000, ("k" * 64, "s" * 64))  # quadratic: minutes


def test_every_credential_that_ccxt_knows_is_one():
    names = ccxt.Exchange.requiredCredentials
    values = {name: f"the-{name}-of-mine" for name in names}
    exchange = dfx_adapter.connect("kraken", values)
    assert set(credentials_of(exchange)) >= set(values.values())
    text = " ".join(values.values())
    assert exchange.dfx_masked(text) == " ".join(["***"] * len(values))


class Peer:
    """What `connect` wants of a simulator."""

    @staticmethod
    def ccxt_config():
        return {"apiKey": "a-key-of-mine", "secret": "YS1zZWNyZXQtb2YtbWluZQ=="}


ECHO = b'{"error":["a-key-of-mine YS1zZWNyZXQtb2YtbWluZQ== A-KEY-OF-MINE API-Key: 1"]}'
ANSWERS = {
    "an error": peers.OK + b"Content-Length: %d\r\n\r\n" % len(ECHO) + ECHO,
    "a status": peers.OK.replace(b"200", b"500") + b"Content-Length: %d\r\n\r\n" % len(ECHO) + ECHO,
    "half a body": peers.OK + b"Content-Length: 999\r\n\r\n" + ECHO,
    "no HTTP": b"a-key-of-mine YS1zZWNyZXQtb2YtbWluZQ==\r\n\r\n",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_no_error_of_another_exchange_reveals_a_credential(connect, answer, caplog, capsys):
    caplog.set_level("DEBUG")
    with peers.serving(lambda: [answer]) as port:
        url = f"http://127.0.0.1:{port}"
        urls = {"api": {"public": url, "private": url, "zendesk": url}}
        exchange = connect(Peer, "kraken", urls=urls, verbose=True)
        with pytest.raises(ccxt.BaseError) as caught:
            await exchange.fetch_balance()
    texts = [repr(caught.value), caplog.text, *capsys.readouterr()]
    cause = caught.value
    while cause is not None:
        texts += [repr(cause), repr(vars(cause))]
        cause = cause.__cause__ or cause.__context__
    assert [text for text in texts if "key-of-mine" in text.lower() or "YS1z" in text] == []


@pytest.mark.parametrize("line", [b"no header: secret-of-the-test\0", b"secret-of-the-test"])
def test_no_library_logs_what_stands_in_the_place_of_headers(line, caplog):
    caplog.set_level("DEBUG")
    pieces = [peers.OK + line + b"\r\nContent-Length: 2\r\n\r\n{}"]
    config = {"apiKey": "key-of-the-test", "secret": "secret-of-the-test"}
    with peers.serving(lambda: pieces) as port:
        urls = {"api": {"rest": f"http://127.0.0.1:{port}"}}
        exchange = dfx_adapter.connect("digifinex", {**config, "urls": urls})
        with pytest.raises(ccxt.BaseError) as caught:
            exchange.fetch_order("a")
    assert "secret-of-the-test" not in f"{caplog.text}{caught.value!r}"
