"""No key, secret or signature in any output, whatever an exchange answers.

Output is every log at DEBUG, what `verbose` prints, warnings, and errors with all that led to
them and all that hangs on them - but not the local variables of a traceback's frames.
"""

import gc
import logging
import subprocess
import sys
import traceback
import types
import warnings

import aiohttp
import ccxt
import pytest
import requests
from typer.testing import CliRunner

from dfx_adapter.cli import app
from dfx_adapter.digifinex.answers import tables
from dfx_adapter.digifinex.exchange import SECRETS
from dfx_adapter.simulator import Code, Drop, Response, Simulator
from tests.conftest import ROW

METHODS = {
    "fetch_order": ("a",),
    "fetch_orders_by_ids": (["a", "b"],),
    "fetch_open_orders": (),
    "fetch_orders": (),
    "fetch_order_trades": ("a",),
    "create_order": ("BTC/USDT", "limit", "buy", 1, 9000),
    "cancel_order": ("a",),
    "fetch_balance": (),
    "fetch_my_trades": (),
    "fetch_positions": (),
}

# Answers that print the request they answer: the key, the secret, the signature.
JSON = "application/json"
ECHOES = {
    "an HTML page": lambda echo: Response(f"<p>{echo}".encode(), 200, "text/html"),
    **{
        f"a page under {status}": lambda echo, status=status: Response(
            f"<p>{echo}".encode(), status, "text/html"
        )
        for status in (400, 401, 403, 418, 429, 500, 502, 503)
    },
    "a redirect": lambda echo: Response(b"", 302, JSON, {"Location": f"/{echo.split()[1]}"}),
    "a header": lambda echo: Response(b"{}", 200, JSON, {"X-Echo": echo}),
    "a message": lambda echo: Response(b'{"code":20018,"msg":"%b"}' % echo.encode()),
    "a code": lambda echo: Response(b'{"code":"%b"}' % echo.encode()),
    "data": lambda echo: Response(b'{"code":0,"data":"%b"}' % echo.encode()),
    "a row": lambda echo: Response(b'{"code":0,"data":["%b"]}' % echo.encode()),
    "an object": lambda echo: Response(b'{"code":0,"data":{"a":"%b"}}' % echo.encode()),
    "a list of ids": lambda echo: Response(
        b'{"code":0,"success":[],"error":["%b"]}' % echo.encode()
    ),
    "an order id": lambda echo: Response(row_with("order_id", echo, '"status":1')),
    "a symbol": lambda echo: Response(row_with("symbol", echo, '"status":0')),
    "half a body": lambda echo: Response(b'{"code":0,"data":["%b' % echo.encode()),
}


def row_with(field, echo, status):
    row = ",".join(f'"{key}":"{value}"' for key, value in {**ROW, field: echo}.items())
    return f'{{"code":0,"data":[{{{row},{status}}}]}}'.encode()


class Echoing(Simulator):
    """A simulator that prints every private request in its answer, and remembers its secrets."""

    def __init__(self):
        super().__init__(api_key="Kk" + "7f3a" * 8, secret="Ss" + "91bc" * 8)
        self.echo = None
        self.secrets = {self.api_key, self.secret}

    def respond(self, request):
        answer = super().respond(request)
        signature = request.header("ACCESS-SIGN")
        if signature is None:
            return answer
        self.secrets |= {signature, signature.upper()}
        text = f"{self.api_key} {signature} {self.secret} {signature.upper()} ACCESS-KEY: abc"
        return answer if self.echo is None else self.echo(text)


@pytest.fixture
def simulator():
    with Echoing() as exchange:
        yield exchange


def everything(error):
    """Return all texts that can be reached from an error without going through its frames."""
    passed_by = (types.FrameType, types.TracebackType, types.ModuleType, type, types.FunctionType)
    passed_by += (types.MethodType, types.BuiltinMethodType, ccxt.Exchange, types.CodeType)
    passed_by += (requests.Session, aiohttp.ClientSession, logging.Logger)
    seen, pending, texts = {}, [error], []
    while pending:
        value = pending.pop()
        if id(value) in seen or isinstance(value, passed_by):
            continue
        seen[id(value)] = value
        if isinstance(value, str | bytes | bytearray):
            texts.append(value if isinstance(value, str) else bytes(value).decode("latin-1"))
        pending += gc.get_referents(value)
    return texts


class Output:
    """All that was logged, printed, warned of or raised so far."""

    def __init__(self, caplog, capsys, caught):
        self._caplog, self._capsys, self._caught = caplog, capsys, caught
        self._errors = []

    def by(self, error):
        orders = [error.__dict__.pop("orders", None)]  # data, not a message
        self._errors += [*traceback.format_exception(error), repr(error), repr(vars(error))]
        self._errors += [] if orders == [] else everything(error)

    def texts(self):
        """Take everything that came since the last time."""
        logged = [repr(vars(record)) + record.getMessage() for record in self._caplog.records]
        warned = [str(warning.message) for warning in self._caught]
        errors, self._errors = self._errors, []
        self._caplog.clear()
        return [*logged, *warned, *errors, *self._capsys.readouterr()]


@pytest.fixture
def output(caplog, capsys):
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        yield Output(caplog, capsys, caught)


def revealed(simulator, texts):
    return [text[:2000] for text in texts if any(secret in text for secret in simulator.secrets)]


async def call_all(exchange, output):
    for method, args in METHODS.items():
        try:
            await getattr(exchange, method)(*args)
        except ccxt.BaseError as error:
            output.by(error)


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
async def test_an_answer_that_prints_the_request_reveals_nothing(simulator, connect, output, echo):
    exchange = connect(simulator, verbose=True, options={"banGuard": False})
    await exchange.load_markets()
    simulator.echo = echo
    await call_all(exchange, output)
    texts = output.texts()
    assert any("/v3/spot/order" in text for text in texts)
    assert any("***" in text for text in texts)
    assert len(simulator.secrets) > len(METHODS)
    assert revealed(simulator, texts) == []


@pytest.mark.parametrize("skip", ["raise", "skip"])
async def test_a_skipped_row_reveals_nothing(simulator, connect, output, skip):
    exchange = connect(simulator, options={"badRow": skip})
    simulator.echo = ECHOES["a symbol"]
    await call_all(exchange, output)
    assert revealed(simulator, output.texts()) == []


async def test_no_error_code_reveals_anything(simulator, connect, output):
    exchange = connect(simulator, verbose=True, options={"banGuard": False})
    for code in tables.CODES:
        simulator.script("order", Code(int(code)), Code(int(code)))
        simulator.script("time", Code(50000))
        with pytest.raises(ccxt.BaseError) as caught:
            await exchange.fetch_order("a")
        output.by(caught.value)
    assert revealed(simulator, output.texts()) == []


async def test_no_failure_of_the_network_reveals_anything(simulator, connect, output):
    exchange = connect(simulator, verbose=True, timeout=300)
    simulator.script("order", Drop(), Drop(), Drop())
    await call_all(exchange, output)
    simulator.stop()
    await call_all(exchange, output)
    assert revealed(simulator, output.texts()) == []


async def test_what_an_exchange_object_and_a_host_show_of_themselves(simulator, exchange):
    texts = (repr(exchange.exchange), str(exchange.exchange), repr(exchange.exchange.dfx_host))
    assert revealed(simulator, [*texts, repr(exchange.exchange.dfx_host.plugins)]) == []


@pytest.mark.parametrize(
    "key", ["k\N{LATIN SMALL LETTER E WITH ACUTE}y-9", "key-9 ", "key-9\n", "\x7fkey-9"]
)
async def test_a_key_that_no_header_takes_is_refused_unprinted(simulator, connect, output, key):
    for config in ({"apiKey": key}, {"secret": key}):
        with pytest.raises(ccxt.AuthenticationError) as caught:
            await connect(simulator, verbose=True, **config).fetch_order("a")
        output.by(caught.value)
    assert [text for text in output.texts() if "y-9" in text] == []
    assert simulator.requests == []


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_the_command_line_reveals_nothing(simulator, monkeypatch, echo):
    monkeypatch.setenv("DIGIFINEX_URL", simulator.url)
    monkeypatch.setenv("DIGIFINEX_APIKEY", simulator.api_key)
    monkeypatch.setenv("DIGIFINEX_SECRET", simulator.secret)
    simulator.echo = echo
    for command in (["order", "a"], ["orders"]):
        done = CliRunner().invoke(app, command, prog_name="dfx-adapter")
        assert revealed(simulator, [done.output]) == []


def test_a_signature_is_masked_and_an_order_id_is_not():
    signature, order_id = "0A" * 32, "0a" * 16
    assert SECRETS.masked(f"({signature}) {order_id}", ()) == f"(***) {order_id}"


def test_an_object_that_nobody_closed_still_says_so_at_the_exit(simulator):
    """ccxt logs it from `__del__`, when nothing can be imported any more."""
    config = simulator.ccxt_config()
    script = (
        "import asyncio, dfx_adapter\n"
        f"exchange = dfx_adapter.connect('digifinex', {config!r}, asynchronous=True)\n"
        "asyncio.run(exchange.fetch_time())\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "requires to release all resources" in done.stderr
    assert "Traceback" not in done.stderr
