"""An exchange whose clock stands still, and a way to ask it without a socket."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from dfx_adapter.simulator import Request, Simulator, signed_request

NOW = 1_589_873_762


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time: float = NOW

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def exchange(clock: Clock) -> Simulator:
    return Simulator(clock=clock)


Ask = Callable[..., Any]


@pytest.fixture
def ask(exchange: Simulator, clock: Clock) -> Ask:
    """Send a signed request and give what the JSON body says; fractions come as Decimal."""
    decoder = msgspec.json.Decoder(float_hook=Decimal)

    def send(method: str, path: str, **params: object) -> Any:
        request = signed_request(
            method,
            path,
            params,
            api_key=exchange.api_key,
            secret=exchange.secret,
            timestamp=int(clock.time + exchange.skew),
        )
        return decoder.decode(exchange.respond(request).body)

    return send


@pytest.fixture
def ask_public(exchange: Simulator) -> Ask:
    """Send a request without credentials."""

    def send(path: str, query: str = "", method: str = "GET") -> Any:
        return msgspec.json.decode(exchange.respond(Request(method, path, query)).body)

    return send
