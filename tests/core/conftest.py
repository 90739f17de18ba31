"""Rows as the exchange sends them, and a host of its own for every test to read them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from dfx_adapter import AdapterHost


@pytest.fixture(scope="session")
def unquoted() -> Callable[[str], msgspec.Raw]:
    """Give JSON text that stands in a body as it is: `unquoted("1e309")`."""
    return lambda text: msgspec.Raw(text.encode())


@pytest.fixture(scope="session")
def body() -> Callable[..., bytes]:
    """Give the body of an answer with these rows."""

    def encoded(*rows: Any) -> bytes:
        return msgspec.json.encode({"code": 0, "data": list(rows)})

    return encoded


@pytest.fixture
def host() -> AdapterHost:
    return AdapterHost(entry_points=False)


@pytest.fixture
def parse(host: AdapterHost) -> Callable[..., list[Any]]:
    """Read an answer of DigiFinex offline, with a host that has not warned of anything yet."""
    return partial(host.parse_orders, "digifinex")
