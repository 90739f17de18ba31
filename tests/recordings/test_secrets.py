"""No credential and no signature in a recording, whatever an exchange answers, in any encoding."""

import base64
from contextlib import suppress

import ccxt
import pytest

from dfx_adapter.recordings import lines
from dfx_adapter.simulator import Body
from tests.exchange.test_secrets import ECHOES, METHODS, Echoing
from tests.guards.test_masking import NUMBERS, SPELLINGS


def written(secret):
    """Return a secret in every form that the tests of masking know."""
    forms = {spell(secret) for spell in SPELLINGS.values()}
    forms |= {"".join(form.format(ord(one)) for one in secret) for form in NUMBERS.values()}
    for before in range(3):  # where in a longer text of Base64 it begins
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            digits = encode(b"x" * before + secret.encode() + b"xyz").decode()
            forms.add(digits[4 : 4 + len(secret)])
    return forms


def revealed(text, secrets):
    return sorted(form for secret in secrets for form in written(secret) if form in text)


async def call_all(exchange):
    for method, args in METHODS.items():
        with suppress(ccxt.BaseError):
            await getattr(exchange, method)(*args)


async def test_nothing_that_is_answered_reveals_anything(connect, file):
    with Echoing() as simulator:
        options = {"banGuard": False, "record": {"file": file, "all": True}}
        exchange = connect(simulator, options=options)
        await exchange.load_markets()
        await call_all(exchange)
        for echo in ECHOES.values():
            simulator.echo = echo
            await call_all(exchange)
        simulator.stop()
        await call_all(exchange)
    text = file.read_text()
    answers = list(lines.answers(file))
    assert len(answers) > 6 * len(ECHOES)
    assert len(simulator.secrets) > 10  # signatures of a second are the same
    assert "***" in text
    assert "127.0.0.1" not in text
    assert revealed(text, simulator.secrets) == []
    assert not any(name in text for name in ("ACCESS-SIGN", "User-Agent", "Cookie"))
    assert "fetchBalance" in text


ENCODED = {
    **{name: (lambda text, spell=spell: spell(text)) for name, spell in SPELLINGS.items()},
    "Base64": lambda text: base64.b64encode(f"<{text}>".encode()).decode(),
    **{
        name: (lambda text, form=form: "".join(form.format(ord(one)) for one in text))
        for name, form in NUMBERS.items()
    },
}


async def test_no_encoding_of_a_credential_gets_into_a_line(connect, file, simulator):
    secrets = {simulator.api_key, simulator.secret}
    exchange = connect(simulator, options={"record": file})
    for encode in ENCODED.values():
        echo = " ".join(map(encode, secrets))
        simulator.script("order", Body(f'{{"code":0,"data":["{echo}"]}}'))
        with pytest.raises(ccxt.BaseError):
            await exchange.fetch_order("a")
    answers = list(lines.answers(file))
    assert len(answers) == len(ENCODED)
    for name, answer in zip(ENCODED, answers, strict=True):
        assert "***" in answer.body, name
        assert revealed(answer.body, secrets) == [], name
    assert revealed(file.read_text(), secrets) == []
