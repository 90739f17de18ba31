"""Ready subjects, by name: no other module knows of adapters, and this imports them late."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance import recordings
from dfx_conformance.calling import awaited, closed
from dfx_conformance.subject import CAPABILITIES, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

ALL: Final = frozenset(CAPABILITIES)
READY: Final[Mapping[str, str]] = {
    "digifinex": "dfx_adapter, sync",
    "digifinex-async": "dfx_adapter, asyncio",
    "stock": "ccxt's own digifinex, sync",
    "stock-async": "ccxt's own digifinex, asyncio",
    "ccxt:ID": "any exchange of ccxt: recorded rows through its parse_order (profile order)",
    "adapter:ID": "the same through dfx_adapter, with the plugins that are installed",
    "ID": "with a recording of the option `record`: the exchange through dfx_adapter",
}
NAMES: Final = tuple(READY)
# What answers from a recording by name, beside ccxt:ID, adapter:ID and ID: whether it is ccxt's own
# class, and whether that of asyncio.
_OF_DIGIFINEX: Final[Mapping[str, tuple[bool, bool]]] = {
    "digifinex": (False, False),
    "digifinex-async": (False, True),
    "stock": (True, False),
    "stock-async": (True, True),
}

LISTED: Final = (
    *("BTC_USDT", "ETH_USDT", "DFT_USDT", "TRX_USDT", "LTC_USDT", "ETH_BTC", "ETH_XBT"),
    *("EPS_USDT", "TEL_USDT", "BTC3L_USDT", "1INCH_USDT", "USDT_EUR"),
)
"""The markets of the vectors, without those that are delisted."""

# asyncio: do not sleep a quarter of a second when closing, as ccxt does for the sake of TLS.
_QUICK: Final = {"timeout_on_exit": 0}
_LONG: Final = 3600.0  # seconds, for all calls of a recording


class UnknownSubject(ValueError):
    """No ready subject has this name, or it lacks what it needs."""


def ready(name: str, recorded: Path | None = None) -> Subject:
    """Make a ready subject.

    Args:
        name: One of `NAMES`.
        recorded: For `ccxt:ID` and `adapter:ID`, a JSON file ``{"rows": [...], "markets": [...]}``:
            orders as the exchange sent them, and what ccxt must know of their markets (each with
            `id` and `symbol` at least); or ``{"snapshots": [[...], ...]}`` for successive answers.
            See `recorded_exchange`.

            Or, for any name, what dfx_adapter's option `record` has written.

    Raises:
        UnknownSubject: there is none of that name, or `recorded` is missing.
    """
    kind, _, exchange_id = name.partition(":")
    if recorded is not None and recordings.is_recording(recorded):
        stock, asynchronous = _OF_DIGIFINEX.get(name, (kind == "ccxt", False))
        id_ = "digifinex" if name in _OF_DIGIFINEX else exchange_id or name
        return _replayed(name, recorded, id_, stock=stock, asynchronous=asynchronous)
    if exchange_id and kind in {"ccxt", "adapter"}:
        if recorded is None:
            raise UnknownSubject(f"{name} needs a file of recorded rows: --recorded FILE")
        return recorded_exchange(
            exchange_id, json.loads(recorded.read_bytes()), adapter=kind == "adapter"
        )
    makers: dict[str, Callable[[], Subject]] = {
        "digifinex": lambda: _adapter(asynchronous=False),
        "digifinex-async": lambda: _adapter(asynchronous=True),
        "stock": lambda: _stock(asynchronous=False),
        "stock-async": lambda: _stock(asynchronous=True),
    }
    if name not in makers:
        raise UnknownSubject(f"{name!r} is none of {', '.join(NAMES)}, nor MODULE:SUBJECT")
    return makers[name]()


def _replayed(
    name: str, recorded: Path, exchange_id: str, *, stock: bool, asynchronous: bool
) -> Subject:
    """Make a subject of all calls of a recording, which are made again, for profile order."""
    accounts = recordings.accounts(recorded, exchange_id)
    if not accounts:
        raise UnknownSubject(f"{name}: {recorded.name} has no answer of {exchange_id}")

    done: list[recordings.Played] = []

    async def play() -> recordings.Played:
        if not done:
            played = recordings.Played([], [])
            for account in accounts:
                exchange = _answered(recorded, exchange_id, account, stock, asynchronous)
                try:
                    await recordings.play(exchange, played)
                finally:
                    await closed(exchange)
            done.append(played)
        return done[0]

    async def orders() -> list[Any]:
        return (await play()).changed

    async def snapshots() -> list[list[Any]]:
        return (await play()).read

    title = f"{'ccxt' if stock else 'adapter'} {exchange_id}{', async' if asynchronous else ''}"
    command = f"{name} --recorded FILE"
    return Subject(title, orders=orders, snapshots=snapshots, timeout=_LONG, command=command)


def _answered(
    recorded: Path,
    exchange_id: str,
    account: str | None,
    stock: bool,  # noqa: FBT001  # as the name of the subject says
    asynchronous: bool,  # noqa: FBT001  # same
) -> Any:
    """Return an exchange object that a recording answers: dfx_adapter's, or ccxt's own."""
    import ccxt.async_support  # noqa: PLC0415  # late, as all of this module

    import dfx_adapter  # noqa: PLC0415  # same

    module = ccxt.async_support if asynchronous else ccxt
    which: Any = getattr(module, exchange_id)(dict(_QUICK)) if stock else exchange_id
    return dfx_adapter.replay(
        recorded, which, dict(_QUICK), account=account, asynchronous=asynchronous
    )


def _adapter(*, asynchronous: bool) -> Subject:
    from dfx_adapter import AdapterHost  # noqa: PLC0415  # late, as all of this module

    def parse(body: bytes) -> Any:
        host = AdapterHost(entry_points=False)  # one that has not yet warned of anything
        return host.parse_orders("digifinex", body, number=Decimal)

    def connect(base_url: str, **config: Any) -> Any:
        host = AdapterHost(entry_points=False)
        return host.connect("digifinex", _config(base_url, config), asynchronous=asynchronous)

    name = "digifinex-async" if asynchronous else "digifinex"
    title = f"dfx-adapter, {'async' if asynchronous else 'sync'}"
    return Subject(title, parse, connect, capabilities=ALL, command=name)


def _stock(*, asynchronous: bool) -> Subject:
    import ccxt.async_support  # noqa: PLC0415  # late, as all of this module

    module = ccxt.async_support if asynchronous else ccxt

    def connect(base_url: str, **config: Any) -> Any:
        return module.digifinex(_config(base_url, config))

    name = "stock-async" if asynchronous else "stock"
    title = f"ccxt {ccxt.__version__}, {'async' if asynchronous else 'sync'}"
    capabilities = frozenset({"spot", "margin", "exact-numbers", "lists", "trading"})
    parse = _Answering(connect)
    return Subject(title, parse, connect, capabilities=capabilities, command=name)


class _Answering:
    """Makes a parse of an exchange object: the body is the answer to fetch_open_orders.

    Stock ccxt reads answers in its transport, and the request for open orders is the one that gives
    every row of an answer as an order. It knows the markets that the vectors trade in, so that
    it is blamed only for what it makes of one that is delisted.
    """

    def __init__(self, connect: Callable[..., Any]) -> None:
        self._connect = connect

    async def __call__(self, body: bytes) -> Any:
        from dfx_adapter.simulator import Body, Simulator  # noqa: PLC0415  # late

        with Simulator() as simulator:
            config: dict[str, Any] = {"apiKey": simulator.api_key, "secret": simulator.secret}
            config |= {"enableRateLimit": False, "number": str}  # ccxt's way to keep every digit
            exchange = self._connect(simulator.url, **config)
            exchange.set_markets([_market(exchange, market_id) for market_id in LISTED])
            simulator.script("order/current", Body(body))
            try:
                return await awaited(exchange.fetch_open_orders())
            finally:
                await closed(exchange)


def _market(exchange: Any, market_id: str) -> Any:
    base_id, quote_id = market_id.split("_")
    base, quote = map(exchange.safe_currency_code, (base_id, quote_id))
    ids = {"id": market_id, "baseId": base_id, "quoteId": quote_id}
    names = {"symbol": f"{base}/{quote}", "base": base, "quote": quote}
    kinds = {"type": "spot", "spot": True, "margin": True, "active": True}
    return exchange.safe_market_structure({**ids, **names, **kinds})


def _config(base_url: str, config: Mapping[str, Any]) -> dict[str, Any]:
    return {"urls": {"api": {"rest": base_url}}, **_QUICK, **config}


def recorded_exchange(
    exchange_id: str, recording: Mapping[str, Any], *, adapter: bool = False
) -> Subject:
    """Make a subject of rows recorded from any exchange that ccxt knows, for profile order.

    Args:
        exchange_id: ccxt's id, such as kraken.
        recording: `rows`: orders as the exchange sent them, or `snapshots`: lists of them,
            successive answers; `markets`: what ccxt must know, with `id` and `symbol` at least;
            `symbol`: the market that was asked for, where a row does not say it; `options`: ccxt's
            own, such as kraken's `marketsByAltname`, which it makes when it loads markets.
        adapter: Whether the orders go through dfx_adapter, with the plugins that are installed.
    """
    import ccxt  # noqa: PLC0415  # late, as all of this module

    if exchange_id not in ccxt.exchanges:
        raise UnknownSubject(f"ccxt has no exchange {exchange_id!r}")
    exchange = getattr(ccxt, exchange_id)({"options": recording.get("options", {})})
    markets = recording.get("markets", ())
    exchange.set_markets([exchange.safe_market_structure(dict(market)) for market in markets])

    if adapter:
        _attach(exchange)
    asked = exchange.market(recording["symbol"]) if "symbol" in recording else None

    def mapped(rows: Sequence[Any]) -> list[Any]:
        return [exchange.parse_order(row, asked) for row in rows]

    kind = "adapter" if adapter else "ccxt"
    snapshots = recording.get("snapshots")
    return Subject(
        f"{kind} {exchange_id}",
        orders=(lambda: mapped(recording["rows"])) if "rows" in recording else None,
        snapshots=(lambda: [mapped(rows) for rows in snapshots]) if snapshots else None,
        command=f"{kind}:{exchange_id} --recorded FILE",
    )


def _attach(exchange: Any) -> None:
    from dfx_adapter import AdapterHost  # noqa: PLC0415  # late, as all of this module

    AdapterHost().attach(exchange)
