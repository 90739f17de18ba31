"""What the exchange answers instead of an order, and the error which that is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from dfx_conformance.compare import has_code
from dfx_conformance.profiles.wire.scenario import Scenarios

if TYPE_CHECKING:
    from dfx_conformance.profiles.wire.driver import Wire

SCENARIOS: Final = Scenarios("spot")

HTML: Final = "<html><body>bad day</body></html>"
CUT: Final = '{"code":0,"data":[{"symbol":"BTC_USDT","order_id":"aa'


class Answer(NamedTuple):
    """A body that is no order, and its error."""

    name: str
    title: str
    rule: str
    body: str
    error: str
    but: tuple[str, ...] = ()
    status: int = 200


class Code(NamedTuple):
    """An error code, and its error."""

    code: int
    rule: str
    error: str
    but: tuple[str, ...] = ()


_LOST: Final = ("OrderNotFound",)
# What only a code that is known can mean.
_KNOWN: Final = ("InvalidOrder", "BadResponse", "AuthenticationError", "InsufficientFunds")
_OTHER_KEY: Final = ("PermissionDenied", "AccountSuspended")

ANSWERS: Final = (
    Answer("html", "an HTML page under HTTP 200", "ERR-002", HTML, "BadResponse", _LOST),
    Answer("empty-body", "nothing under HTTP 200", "ERR-002", "", "BadResponse", _LOST),
    Answer("cut-body", "half an answer under HTTP 200", "ERR-002", CUT, "BadResponse", _LOST),
    Answer("data-null", "data null", "ERR-002", '{"code":0,"data":null}', "BadResponse", _LOST),
    Answer("data-missing", "no data", "ERR-002", '{"code":0}', "BadResponse", _LOST),
    Answer("row-null", "a row null", "ERR-002", '{"code":0,"data":[null]}', "BadResponse", _LOST),
    Answer("a-list", "a list for the envelope", "ERR-002", "[]", "BadResponse", _LOST),
    Answer("no-code", "no code", "ERR-013", '{"data":[]}', "BadResponse", _LOST),
    Answer("no-rows", "no row at all", "ERR-001", '{"code":0,"data":[]}', "OrderNotFound"),
    Answer("http-403", "a page under HTTP 403", "ERR-017", HTML, "ExchangeNotAvailable", (), 403),
    Answer("http-502", "a page under HTTP 502", "ERR-017", HTML, "ExchangeNotAvailable", (), 502),
    Answer("http-503", "a page under HTTP 503", "ERR-017", HTML, "ExchangeNotAvailable", (), 503),
    Answer(
        "http-500-50000",
        "code 50000 under HTTP 500",
        "ERR-010",
        '{"code":50000}',
        "ExchangeNotAvailable",
        (),
        500,
    ),
    Answer("http-429", "a page under HTTP 429", "ERR-003", HTML, "RateLimitExceeded", (), 429),
)

CODES: Final = (
    Code(10001, "ERR-011", "BadRequest"),
    Code(10002, "ERR-006", "AuthenticationError", _OTHER_KEY),
    Code(10003, "ERR-006", "AuthenticationError", _OTHER_KEY),
    Code(10004, "ERR-011", "BadRequest"),
    Code(10005, "ERR-003", "RateLimitExceeded"),
    Code(10006, "ERR-007", "PermissionDenied"),
    Code(10007, "ERR-007", "PermissionDenied"),
    Code(10009, "ERR-009", "ExchangeError", ("NetworkError", "OperationFailed")),
    Code(10011, "ERR-006", "AuthenticationError", _OTHER_KEY),
    Code(20002, "ERR-008", "MarketClosed", ("AuthenticationError",)),
    Code(20013, "ERR-001", "OrderNotFound"),
    Code(20018, "ERR-007", "PermissionDenied"),
    Code(20020, "ERR-003", "RateLimitExceeded"),
    Code(50000, "ERR-010", "ExchangeNotAvailable"),
    Code(200005, "ERR-003", "RateLimitExceeded"),
)


def _play_answer(answer: Answer, wire: Wire) -> None:
    wire.place()
    wire.answer(answer.body, status=answer.status)
    error = wire.refusal(answer.error, "fetch_order", "aaa", but=answer.but, rule=answer.rule)
    if error is not None and answer.rule == "ERR-003":
        _either_class(wire, error)


def _play_code(code: Code, wire: Wire) -> None:
    wire.place()
    wire.answer_code(code.code)
    error = wire.refusal(code.error, "fetch_order", "aaa", but=code.but, rule=code.rule)
    if error is None:
        return
    named = has_code(str(error), code.code)
    wire.expect("ERR-014", named, f"the error does not say {code.code}", str(error), str(code.code))
    if code.rule == "ERR-003":
        _either_class(wire, error)


def _either_class(wire: Wire, error: Exception) -> None:
    names = [base.__name__ for base in type(error).__mro__]
    wire.expect("ERR-004", "DDoSProtection" in names, f"{names[0]} is no DDoSProtection", names)


def _rules(rule: str, *more: str) -> tuple[str, ...]:
    return (rule, *more, *(("ERR-004",) if rule == "ERR-003" else ()), "ERR-016")


for _answer in ANSWERS:
    SCENARIOS.put(
        f"answer-{_answer.name}",
        f"The answer is {_answer.title}",
        _rules(_answer.rule),
        partial(_play_answer, _answer),
    )
for _code in CODES:
    SCENARIOS.put(
        f"code-{_code.code}",
        f"The answer is code {_code.code}",
        _rules(_code.rule, "ERR-014"),
        partial(_play_code, _code),
    )


@SCENARIOS.add("unknown-code", "ERR-012", "ERR-014", "ERR-015")
def unknown_code(wire: Wire) -> None:
    """A code that no document knows is an error that shows what came."""
    wire.place()
    wire.answer('{"code":31337,"msg":"what happened"}')
    error = wire.refusal("ExchangeError", "fetch_order", "aaa", but=_KNOWN, rule="ERR-012")
    _expect_parts(wire, error, "ERR-012", "31337", "what happened")


@SCENARIOS.add("error-text", "ERR-014", "ERR-015", "ERR-007")
def error_text(wire: Wire) -> None:
    """An error says which exchange, which code and what came."""
    wire.place()
    wire.answer_code(20018)
    error = wire.refusal("PermissionDenied", "fetch_order", "aaa", rule="ERR-007")
    _expect_parts(wire, error, "ERR-014", "20018")
    _expect_parts(wire, error, "ERR-015", "digifinex", '{"code":20018}')


def _expect_parts(wire: Wire, error: Exception | None, rule: str, *parts: str) -> None:
    for part in parts:
        if error is not None:
            message = f"the error does not say {part!r}"
            wire.expect(rule, part in str(error), message, str(error), part)


@SCENARIOS.add("dropped", "ERR-018")
def dropped(wire: Wire) -> None:
    """The connection breaks before the answer."""
    wire.place()
    wire.drop(times=5)  # some clients repeat a GET by themselves
    wire.refusal("NetworkError", "fetch_order", "aaa", but=("OrderNotFound",))


@SCENARIOS.add("after-an-error", "ERR-002", "LIST-004")
def after_an_error(wire: Wire) -> None:
    """The call after a bad answer is answered."""
    wire.place()
    wire.answer(HTML)
    wire.refusal("BadResponse", "fetch_order", "aaa", but=("OrderNotFound",))
    wire.equal("LIST-004", "id", wire.order().get("id"), "aaa")
