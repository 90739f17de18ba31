"""What must hold of any body whatever: it is orders that keep the rules, or a documented error."""

import logging
import re
from decimal import Decimal, localcontext
from typing import Any

import ccxt

from dfx_adapter import AdapterHost, exact_json
from dfx_adapter.errors import PluginError
from dfx_adapter.excerpts import excerpt
from dfx_conformance import check as broken_rules

HOST = AdapterHost(entry_points=False)
TABLES = HOST.context("digifinex")
# Characters of an error's text and of a warning, whatever came: 300 of the body and 80 of a value,
# each of which may be written as an escape of ten.
LONGEST_TEXT = 4500
# An order is reported as the exchange said it, so a row that puts its end before its beginning, or
# its beginning into the first years of Unix, breaks these rules without any fault of the adapter.
_SAID_BY_THE_EXCHANGE = {"ORD-007", "ORD-009"}
_FIRST_SECOND = 10**8


def decoded(body: bytes) -> Any:
    """Decode JSON with fractions as text; a ValueError says that it is none.

    `tests/core/test_decoding.py` holds this against a decoder of its own.
    """
    return exact_json.decode(body)


def check(body: bytes) -> None:
    """Parse a body in every way; an AssertionError says what it broke."""
    orders, error = outcome(body)
    if error is not None:
        _check_error(error)
    for order in orders:
        _check_order(order)
    try:
        payload = decoded(body)
    except ValueError:
        assert isinstance(error, ccxt.BadResponse), error
        assert error.path == "$"
        return
    _check_alike(payload, orders, error)
    rows = _rows(payload)
    if rows is not None:
        _check_row_by_row(rows, orders, error)
        _check_skipping(payload, orders)
    elif error is not None and error.path:
        there = _at(payload, error.path)
        text = excerpt(there) if error.path == "$" and isinstance(there, str) else there
        assert text in (error.found, _MISSING), error.path


def outcome(payload: Any, number: Any = Decimal) -> tuple[list[Any], Any]:
    """Return the orders, those on an error included, and the error."""
    try:
        return HOST.parse_orders("digifinex", payload, number=number), None
    except ccxt.BaseError as error:
        return error.orders, error


def _check_error(error: Any) -> None:
    assert not isinstance(error, PluginError), error
    assert error.exchange_id == "digifinex"
    assert len(str(error)) <= LONGEST_TEXT, len(str(error))
    assert len(error.body) <= LONGEST_TEXT, len(error.body)
    str(error).encode()  # no lone surrogate: a log that is UTF-8 takes it
    if error.code is None:
        assert isinstance(error, ccxt.ExchangeError | ccxt.BadResponse)
        assert error.path.startswith("$")
        assert error.expected
        assert error.path in str(error)
        assert error.expected[:20] in str(error)
    else:
        assert re.fullmatch(r"-?\d{1,9}", error.code)


def _check_order(order: Any) -> None:
    excused = {"ORD-015"}  # SHOULD: a contradiction is reported as it came
    row = order["info"]
    finished, created, status = (
        int(Decimal(row[name])) for name in ("finished_date", "created_date", "status")
    )
    if finished < created or min(created, finished or created) < _FIRST_SECOND:
        excused |= _SAID_BY_THE_EXCHANGE
    with localcontext(prec=2000):  # a product may have more digits than the usual 28
        broken = [problem for problem in broken_rules(order) if problem.rule.id not in excused]
    assert not broken, broken
    assert (order["id"], order["status"]) == (row["order_id"], TABLES.statuses[str(status)])


def _check_alike(payload: Any, orders: list[Any], error: Any) -> None:
    """Check that decoded JSON and other types of number make the same of it."""
    for number in (Decimal, str, float):
        again, other = outcome(payload, number)
        assert (type(other), getattr(other, "path", None)) == (
            type(error),
            getattr(error, "path", None),
        )
        assert len(again) == len(orders)
        for one, two in zip(orders, again, strict=True):
            assert one["id"] == two["id"]
            for name in ("price", "amount", "filled", "remaining", "average", "cost", "cashAmount"):
                text = None if one[name] is None else number(format(one[name], "f"))
                assert two[name] == text, name


def _rows(payload: Any) -> list[Any] | None:
    """Return the rows of an answer that says success."""
    if isinstance(payload, list):
        return payload
    if not isinstance(payload, dict) or str(payload.get("code")) != "0":
        return None
    data = payload.get("data")
    if isinstance(payload["code"], bool):
        return None
    return data if isinstance(data, list) else [data] if isinstance(data, dict) else None


def _check_row_by_row(rows: list[Any], orders: list[Any], error: Any) -> None:
    """Check that a row says the same alone: no bad one costs a good one, or changes it."""
    alone = [outcome([row]) for row in rows]
    assert [one for good, _ in alone for one in good] == orders
    errors = [one for _, one in alone if one is not None]
    assert (error is None) == (not errors)
    if errors:
        assert type(error) is type(errors[0])
        assert error.path.endswith(errors[0].path.removeprefix("$[0]"))


def _check_skipping(payload: Any, orders: list[Any]) -> None:
    """Check that skipping gives the good rows, and warnings that a log can bear."""
    heard = _Heard()
    logger = logging.getLogger("dfx_adapter")
    logger.addHandler(heard)
    try:
        context = HOST.context("digifinex", number=Decimal, bad_row="skip")
        assert HOST.map_orders("digifinex", payload, context) == orders
    finally:
        logger.removeHandler(heard)
    assert max(map(len, heard.texts), default=0) <= LONGEST_TEXT


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


_MISSING = object()


def _at(payload: Any, path: str) -> Any:
    for index, key in re.findall(r"\[(\d+)\]|\.(\w+)", path):
        try:
            payload = payload[int(index)] if index else payload[key]
        except (LookupError, TypeError):
            return _MISSING
    return payload
