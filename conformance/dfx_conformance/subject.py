"""What is tested: an adapter, by the ways in that it offers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Order = Mapping[str, Any]
Orders = Iterable[Order]

CAPABILITIES: Final[Mapping[str, str]] = {
    "spot": "orders of spot markets; without it no answer about them is read",
    "margin": "orders of margin markets; without it no answer about them is read",
    "exact-numbers": "parse gives numbers of a type that loses no digit: Decimal, or text; without "
    "it floats may differ in the last place",
    "lists": "fetch_open_orders and fetch_orders; without it neither is called",
    "batch": "fetch_orders_by_ids; without it it is not called",
    "trading": "create_order and cancel_order; without it nothing is placed or canceled",
    "market-orders": "orders of type market; without it no answer that has one is read",
    "errors": "answers that are no orders become errors; without it none of them is read",
    "threads": "parse can be called from several threads; without it it is called from one",
}
"""What a subject can do, and what is not run without it."""
ASSUMED: Final = frozenset({"market-orders", "errors", "threads"})
"""What every subject can do unless it says that it lacks it."""
DEFAULT: Final = frozenset({"spot", "margin"})


@dataclass(frozen=True, slots=True)
class Subject:
    """An adapter to be tested; each way in may be a function or a coroutine function.

    Args:
        name: What reports call it.
        parse: Body of an order-status answer (bytes) -> its unified orders. Profile
            digifinex-mapping, and order.
        connect: ``connect(base_url, **config)`` -> an exchange object with ccxt's methods, whose
            private requests go to base_url. `config` is ccxt's: apiKey, secret, enableRateLimit,
            timeout, options, verbose. Profile digifinex-wire.
        orders: Gives unified orders of any exchange. Profile order.
        snapshots: Gives successive answers, oldest first, each a list of unified orders; the rules
            of life follow an order through them by its id. Profile order.
        capabilities: What it can do, of `CAPABILITIES`; what needs another is not run but reported
            as unsupported. What is in `ASSUMED` need not be named.
        lacks: What of `CAPABILITIES` it cannot do, though it is assumed.
        xfail: Id of a vector, scenario or rule -> why it is expected to fail. If it does not, that
            is a failure.
        timeout: Seconds that one answer may take. One computation in C that never lets go of the
            interpreter cannot be ended, and stops the run.
        command: How `dfx-conformance run` names it, for the command that repeats a failure.
    """

    name: str
    parse: Callable[[bytes], Orders | Awaitable[Orders]] | None = None
    connect: Callable[..., Any] | None = None
    orders: Callable[[], Orders | Awaitable[Orders]] | None = None
    snapshots: Callable[[], Iterable[Orders] | Awaitable[Iterable[Orders]]] | None = None
    capabilities: frozenset[str] = DEFAULT
    lacks: frozenset[str] = field(default=frozenset(), kw_only=True)
    xfail: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    command: str | None = None

    def __post_init__(self) -> None:
        named = frozenset(self.capabilities) | frozenset(self.lacks)
        unknown = named - CAPABILITIES.keys()
        if unknown:
            raise ValueError(
                f"{self.name}: unknown capability {', '.join(sorted(unknown))}; "
                f"known are {', '.join(CAPABILITIES)}"
            )
        able = (frozenset(self.capabilities) | ASSUMED) - frozenset(self.lacks)
        object.__setattr__(self, "capabilities", able)
        unexplained = [name for name, reason in self.xfail.items() if not reason.strip()]
        if unexplained:
            raise ValueError(f"{self.name}: xfail {', '.join(unexplained)} without a reason")
        if not (self.parse or self.connect or self.orders or self.snapshots):
            raise ValueError(f"{self.name}: none of parse, connect, orders and snapshots is given")


def as_subject(thing: Any) -> Subject:
    """Make a subject of any object: a function is taken as parse, a module by its functions.

    An object with `parse` or `parse_orders`, and maybe `connect`, gives these. Where they take the
    exchange's id first, as dfx_adapter's do, they get it.

    Raises:
        TypeError: nothing of it can be tested.
    """
    if isinstance(thing, Subject):
        return thing
    name = getattr(thing, "__name__", type(thing).__name__)
    parse = getattr(thing, "parse", None)
    if hasattr(thing, "parse_orders") and hasattr(thing, "connect"):
        return Subject(name, _parse_by_id(thing), _connect_by_id(thing))
    if callable(parse):
        return Subject(name, parse, getattr(thing, "connect", None))
    if callable(thing) and not isinstance(thing, type):
        return Subject(name, thing)
    raise TypeError(
        f"{name} is no subject: give a dfx_conformance.Subject, a function from the body of an "
        "answer to orders, or an object with parse or connect"
    )


def _parse_by_id(adapter: Any) -> Callable[[bytes], Orders]:
    return lambda body: adapter.parse_orders("digifinex", body)


def _connect_by_id(adapter: Any) -> Callable[..., Any]:
    def connect(base_url: str, **config: Any) -> Any:
        return adapter.connect("digifinex", {"urls": {"api": {"rest": base_url}}, **config})

    return connect
