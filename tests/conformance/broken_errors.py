"""Errors broken on purpose: another class, or a text that does not say what it should."""

import re
from typing import Final

import ccxt

from tests.conformance.right import Broken, decoded, encoded, parse, reading, refusing


def _as(error_class, *codes):
    """Raise another class for these codes; for any where none is named."""

    def reclassified(error):
        code = getattr(error, "code", None)
        if code is None or (codes and code not in codes):
            return error
        return error_class(str(error))

    return reclassified


def _without(pattern):
    """Leave out of the text what a pattern finds, and the attribute with it."""

    def shortened(error):
        return type(error)(re.sub(pattern, "", str(error)))

    return shortened


def _if_bad(error_class):
    return lambda error: error_class(str(error)) if type(error) is ccxt.BadResponse else error


def _no_order(code):
    return lambda error: [] if getattr(error, "code", None) == code else error


def _of_python(error):
    return ValueError(str(error))


def _code_optional(body):
    answer = decoded(body)
    if isinstance(answer, dict) and "code" not in answer:
        return parse(encoded({"code": 0, **answer}))
    return parse(body)


def _code_truthy(body):
    answer = decoded(body)
    if isinstance(answer, dict) and not answer.get("code"):
        return parse(encoded({**answer, "code": 0}))
    return parse(body)


def _rows_first(body):
    answer = decoded(body)
    if isinstance(answer, dict) and isinstance(answer.get("data"), list):
        return parse(encoded({**answer, "code": 0}))
    return parse(body)


def _data_optional(body):
    answer = decoded(body)
    if isinstance(answer, dict) and answer.get("code") == 0 and not answer.get("data"):
        return []
    return parse(body)


def _first_json(body):
    try:
        return parse(body)
    except ccxt.BadResponse:
        return [] if decoded(body) is None else parse(body)


def _unknown_is_success(error):
    known = "do not know" not in str(error)
    return error if known else []


_REFUSED: Final = (
    ("20013 is an InvalidOrder", "ERR-001", _as(ccxt.InvalidOrder, "20013")),
    ("20013 is no order", "ERR-001", lambda error: [] if error.code == "20013" else error),
    ("a bad answer is OrderNotFound", "ERR-002", _if_bad(ccxt.OrderNotFound)),
    ("a bad answer is a NetworkError", "ERR-002", _if_bad(ccxt.NetworkError)),
    ("10005 is an ExchangeError", "ERR-003", _as(ccxt.ExchangeError, "10005")),
    ("200005 is unknown", "ERR-003", _as(ccxt.ExchangeError, "200005")),
    ("20020 is PermissionDenied", "ERR-003", _as(ccxt.PermissionDenied, "20020")),
    ("frequency is one class", "ERR-004", _as(ccxt.RateLimitExceeded, "10005", "20020", "200005")),
    ("10008 is AuthenticationError", "ERR-005", _as(ccxt.AuthenticationError, "10008")),
    ("10011 is AccountSuspended", "ERR-006", _as(ccxt.AccountSuspended, "10011")),
    ("10003 is PermissionDenied", "ERR-006", _as(ccxt.PermissionDenied, "10003")),
    ("10002 is an ExchangeError", "ERR-006", _as(ccxt.ExchangeError, "10002")),
    ("10007 is AuthenticationError", "ERR-007", _as(ccxt.AuthenticationError, "10007")),
    ("20018 is AccountSuspended", "ERR-007", _as(ccxt.AccountSuspended, "20018")),
    ("20002 is PermissionDenied", "ERR-008", _as(ccxt.PermissionDenied, "20002")),
    ("20002 is BadSymbol", "ERR-008", _as(ccxt.BadSymbol, "20002")),
    ("10009 can be retried", "ERR-009", _as(ccxt.NetworkError, "10009")),
    ("50000 is an ExchangeError", "ERR-010", _as(ccxt.ExchangeError, "50000")),
    ("no balance is an InvalidOrder", "ERR-011", _as(ccxt.InvalidOrder, "20011")),
    ("every code is the same error", "ERR-011", _as(ccxt.ExchangeError)),
    ("an unknown code is success", "ERR-012", _unknown_is_success),
    ("an unknown code can be retried", "ERR-012", lambda error: ccxt.NetworkError(str(error))),
    ("the text without what came", "ERR-012", _without("(?s); body: .*")),
    ("the text without the code", "ERR-014", _without(r"\d{5,6}")),
    ("the text without the exchange", "ERR-015", _without("digifinex")),
    ("errors of Python", "ERR-016", _of_python),
    ("10001 is OrderNotFound", "ERR-021", _as(ccxt.OrderNotFound, "10001")),
    ("all codes are OrderNotFound", "ERR-021", _as(ccxt.OrderNotFound)),
    ("20010 is no order", "ERR-021", _no_order("20010")),
    ("20035 is success", "ERR-021", _no_order("20035")),
    ("the text without the path", "ERR-020", _without(r"\$\S*")),
    ("the path without its index", "ERR-020", _without(r"\[\d+\]")),
    ("the path of the row alone", "ERR-020", _without(r"(?<=\])\.\w+")),
)

_READ: Final = (
    ("no data is no orders", "ERR-002", _data_optional),
    ("no JSON is no orders", "ERR-002", _first_json),
    ("no code is success", "ERR-013", _code_optional),
    ("null and false are success", "ERR-013", _code_truthy),
    ("rows count more than the code", "ERR-019", _rows_first),
)

ERRORS: Final = (
    *(Broken(name, rule, refusing(change)) for name, rule, change in _REFUSED),
    *(Broken(name, rule, reading(read)) for name, rule, read in _READ),
)
