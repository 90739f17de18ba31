"""What may not be seen."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Final

from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("spot")


def _secrets(wire: Wire) -> Mapping[str, str]:
    """Name what may not be seen: the key, the secret, and every signature sent so far."""
    signatures = (request.header("ACCESS-SIGN") or "" for request in wire.raw)
    named = {f"signature {number}": one for number, one in enumerate(signatures) if one}
    return {"key": wire.simulator.api_key, "secret": wire.simulator.secret, **named}


def _unseen(wire: Wire, rule: str, where: str, texts: Iterable[str]) -> None:
    text = "\n".join(texts)
    for name, secret in _secrets(wire).items():
        wire.expect(rule, secret not in text, f"{where} shows the {name}")


def _all_of(error: BaseException | None) -> Iterable[str]:
    """Give all that an error says: text, attributes, traceback with its causes."""
    if error is None:
        return
    yield str(error)
    yield repr(error)
    yield repr(vars(error))
    yield from traceback.format_exception(error)


@SCENARIOS.add("secrets-in-an-error", "SEC-001", "ERR-006")
def in_an_error(wire: Wire) -> None:
    """An error of the exchange shows no secret."""
    wire.place()
    wire.answer_code(10003)
    error = wire.refusal("AuthenticationError", "fetch_order", "aaa", rule="ERR-006")
    _unseen(wire, "SEC-001", "the error", _all_of(error))


@SCENARIOS.add("secrets-in-a-page", "SEC-001", "ERR-002")
def in_a_page(wire: Wire) -> None:
    """A page that repeats the request under HTTP 200 is not repeated as it is."""
    _echoed(wire, 200, "BadResponse", "ERR-002")


@SCENARIOS.add("secrets-in-a-502", "SEC-001", "ERR-017")
def in_a_502(wire: Wire) -> None:
    """The same under HTTP 502."""
    _echoed(wire, 502, "ExchangeNotAvailable", "ERR-017")


def _echoed(wire: Wire, status: int, error_class: str, rule: str) -> None:
    wire.place()
    wire.answer(_repeating(wire), status=status)
    error = wire.refusal(error_class, "fetch_order", "aaa", but=("OrderNotFound",), rule=rule)
    _unseen(wire, "SEC-001", "the error", _all_of(error))


def _repeating(wire: Wire) -> str:
    return f"<html>{wire.simulator.api_key} {wire.simulator.secret}</html>"


@SCENARIOS.add("secrets-in-a-broken-connection", "SEC-001", "ERR-018")
def in_a_broken_connection(wire: Wire) -> None:
    """An error of the transport shows no secret."""
    wire.place()
    wire.drop(times=5)
    error = wire.refusal("NetworkError", "fetch_order", "aaa", rule="ERR-018")
    _unseen(wire, "SEC-001", "the error", _all_of(error))


@SCENARIOS.add("secrets-in-a-log", "SEC-002")
def in_a_log(wire: Wire) -> None:
    """All logging on, at DEBUG, shows no secret."""
    _logged(wire, verbose=False)


@SCENARIOS.add("secrets-when-verbose", "SEC-002")
def when_verbose(wire: Wire) -> None:
    """Neither does ccxt's verbose."""
    _logged(wire, verbose=True)


@SCENARIOS.add("secrets-when-placing", "SEC-002", capability="trading")
def when_placing(wire: Wire) -> None:
    """Neither does an order that is placed."""
    with wire.logged() as log:
        wire.connect(verbose=True)
        wire.one("create_order", "BTC/USDT", "limit", "buy", 0.5, 9000)
    wire.last()
    _unseen(wire, "SEC-002", "the log", [log.getvalue()])


@SCENARIOS.add("secrets-of-a-logged-page", "SEC-002", "ERR-002")
def of_a_logged_page(wire: Wire) -> None:
    """Neither does a page that repeats the request, and is logged."""
    wire.place()
    wire.answer(_repeating(wire))
    with wire.logged() as log:
        wire.connect(verbose=True)
        wire.refusal("BadResponse", "fetch_order", "aaa", but=("OrderNotFound",), rule="ERR-002")
    _unseen(wire, "SEC-002", "the log", [log.getvalue()])


def _logged(wire: Wire, *, verbose: bool) -> None:
    wire.place()
    with wire.logged() as log:
        wire.connect(verbose=verbose)
        wire.order()
    wire.last()
    _unseen(wire, "SEC-002", "the log", [log.getvalue()])


@SCENARIOS.add("secret-never-sent", "SEC-003")
def never_sent(wire: Wire) -> None:
    """The secret is in no request, and the exchange object does not show it."""
    wire.place()
    wire.order()
    wire.last()
    secret = wire.simulator.secret
    for request in wire.simulator.raw:
        whole = f"{request.path}?{request.query} {request.headers} {request.body!r}"
        wire.expect("SEC-003", secret not in whole, f"{request.method} {request.path} has it")
    printed = f"{wire.exchange!r} {wire.exchange}"
    wire.expect("SEC-003", secret not in printed, "repr or str of the exchange object shows it")
