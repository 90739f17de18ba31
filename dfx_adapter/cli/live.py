"""`dfx-adapter order` and `orders`: asking the exchange itself."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer

from dfx_adapter.cli import output
from dfx_adapter.cli.failures import (
    OK,
    SOME_FAILED,
    UsageFailure,
    exit_code,
    facts,
    is_a,
    report,
)
from dfx_adapter.exchanges.rules import Rules, completed
from dfx_adapter.order import Order

# Where ccxt has one base URL for all that an order needs, under urls.api.
_URL_KEYS: Final[Mapping[str, str]] = {"digifinex": "rest"}

# An error of these classes is about one order; after any other there is no use in asking on.
_ABOUT_ONE: Final = ("InvalidOrder", "BadRequest", "UnknownStatus", "BadResponse")


class Market(StrEnum):
    """The kinds of market."""

    spot = "spot"
    margin = "margin"


Exchange = Annotated[
    str, typer.Option("--exchange", help="digifinex, a plugin's id, or any id of ccxt.")
]
Symbol = Annotated[str | None, typer.Option("--symbol", help="Unified symbol, as BTC/USDT.")]
Kind = Annotated[Market | None, typer.Option("--market", help="Default: the exchange's own.")]
Chosen = Annotated[
    output.Format | None,
    typer.Option("--format", help="Default: table on a terminal, else jsonl."),
]


def order(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Order ids.")],
    *,
    symbol: Symbol = None,
    market: Kind = None,
    format_: Chosen = None,
    exchange: Exchange = "digifinex",
) -> int:
    """Fetch orders by id from the exchange.

    The credentials come from the environment: DIGIFINEX_APIKEY and DIGIFINEX_SECRET; for another
    exchange its own id stands in front. DIGIFINEX_URL names another server, https or loopback.

    Exit codes: 0 all found; 1 some were not found or cannot be read, the others are printed;
    2 usage or credentials; 3 network or exchange.
    """
    unique = list(dict.fromkeys(ids))
    with _connected(exchange) as client:
        codes: list[int] = []
        by_ids = len(unique) > 1 and client.has.get("fetchOrdersByIds") is True
        fetched = _in_batches if by_ids and hasattr(client, "fetch_orders_by_ids") else _one_by_one
        _write(fetched(client, unique, symbol, _params(market), codes), format_)
    return max(codes, default=OK)


def orders(
    *,
    symbol: Symbol = None,
    since: Annotated[
        str | None,
        typer.Option(help="ISO 8601 (UTC where no offset is given) or milliseconds since 1970."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many orders at most.")] = None,
    market: Kind = None,
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are open.")] = False,
    format_: Chosen = None,
    exchange: Exchange = "digifinex",
) -> int:
    """Fetch the account's orders from the exchange.

    Without --since, those of the time that the exchange chooses: three days on DigiFinex.

    Credentials as for the command order.

    Exit codes: 0 all well; 1 some orders cannot be read, the others are printed; 2 usage or
    credentials; 3 network or exchange.
    """
    start = None if since is None else _milliseconds(since)
    with _connected(exchange) as client:
        fetch = client.fetch_open_orders if only_open else client.fetch_orders
        codes: list[int] = []
        found = _kept(lambda: fetch(symbol, start, limit, _params(market)), codes)
        _write(found, format_)
    return max(codes, default=OK)


def _in_batches(
    client: Any, ids: list[str], symbol: str | None, params: dict[str, str], codes: list[int]
) -> Iterator[Order]:
    yield from _kept(lambda: client.fetch_orders_by_ids(ids, symbol, params), codes)


def _one_by_one(
    client: Any, ids: list[str], symbol: str | None, params: dict[str, str], codes: list[int]
) -> Iterator[Order]:
    """Fetch one after the other, and stop where the next would fail for the same reason."""
    for order_id in ids:
        try:
            yield client.fetch_order(order_id, symbol, dict(params))
        except Exception as error:  # noqa: BLE001  # reported, and in the exit code
            report(error, f"{order_id}: ")
            codes.append(exit_code(error))
            yield from facts(error).orders
            if not any(is_a(error, name) for name in _ABOUT_ONE):
                return


def _kept(fetch: Callable[[], list[Order]], codes: list[int]) -> list[Order]:
    """Fetch a list; where part of it is bad, report that and keep the good part."""
    try:
        return fetch()
    except Exception as error:
        good = list(facts(error).orders)
        if not good:
            raise
        report(error)
        codes.append(SOME_FAILED)
        return good


def _write(found: Iterable[Order], chosen: output.Format | None) -> None:
    """Write to stdout, numbers with every digit that the exchange sent."""
    exact = ([completed(order, Rules(Decimal))] for order in found)
    with output.opened(None) as stream:
        output.write_orders(exact, stream, chosen or output.default_format(None))


@contextmanager
def _connected(exchange_id: str) -> Iterator[Any]:
    """Build the exchange object by the environment's variables, and close it in the end."""
    import dfx_adapter  # noqa: PLC0415  # the front door imports more than --help needs

    # ccxt's way to keep digits: it parses numbers into this type and calculates with strings.
    client = dfx_adapter.connect(exchange_id, {"number": str, **_urls(exchange_id)})
    try:
        for name, value in _credentials(exchange_id, client.requiredCredentials).items():
            setattr(client, name, value)
        yield client
    finally:
        client.session.close()


def _credentials(exchange_id: str, required: Mapping[str, bool]) -> dict[str, str]:
    names = {name: _variable(exchange_id, name) for name, needed in required.items() if needed}
    missing = [variable for variable in names.values() if not os.environ.get(variable)]
    if missing:
        raise UsageFailure(f"credentials missing in the environment: {', '.join(missing)}")
    return {name: os.environ[variable] for name, variable in names.items()}


def _urls(exchange_id: str) -> dict[str, Any]:
    """Return the config of another server, if the environment names one."""
    variable = _variable(exchange_id, "url")
    url = os.environ.get(variable)
    if not url:
        return {}
    if exchange_id not in _URL_KEYS:
        raise UsageFailure(f"{variable}: only DIGIFINEX_URL is supported")
    if not _is_safe(url):
        raise UsageFailure(f"{variable}: expected an https URL, or one of loopback: {url!r}")
    return {"urls": {"api": {_URL_KEYS[exchange_id]: url.rstrip("/")}}}


def _is_safe(url: str) -> bool:
    """Tell whether credentials may go there, and whether it is a URL for requests at all."""
    from dfx_adapter.guards import addresses  # noqa: PLC0415  # imports ccxt, more than --help needs

    return addresses.is_safe(url) and urlsplit(url).scheme in {"http", "https"}


def _variable(exchange_id: str, name: str) -> str:
    return f"{exchange_id}_{name}".upper().replace("-", "_")


def _params(market: Market | None) -> dict[str, str]:
    return {} if market is None else {"type": market.value}


def _milliseconds(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageFailure(f"--since {text!r}: expected ISO 8601 or milliseconds") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1000)
