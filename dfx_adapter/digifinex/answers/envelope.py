"""What is asked of DigiFinex and how its answers are read, without any I/O.

Documents: "API Endpoints Description", "Error codes" and "Get order status"
(docs.digifinex.com/en-ww/spot/v3/rest.html, read 2026-11-22). Application errors arrive as HTTP 200
with `{"code": N}`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from dfx_adapter.digifinex.answers.mapping import map_rows
from dfx_adapter.digifinex.answers.rows import MISSING, Fault
from dfx_adapter.digifinex.answers.tables import CODES, SUCCESS, SUCCESS_200_PATHS
from dfx_adapter.excerpts import excerpt, safe_repr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order

EXCHANGE: Final = "digifinex"

_CODE: Final = re.compile(r"-?[0-9]{1,9}")


def parse_orders(exchange_id: str, payload: object, context: ParseContext) -> list[Order] | None:
    """Map one decoded answer, the envelope or its rows alone; None for another exchange's.

    Raises:
        ccxt.ExchangeError: the answer is an error; the class that its code stands for.
        ccxt.BadResponse: the answer or a row breaks the documents; `path`, `found`, `expected` say
            where, and `orders` has the good rows.
        UnknownStatus: a status that no table knows, likewise.
    """
    if exchange_id != EXCHANGE:
        return None
    rows, path_of = _rows(payload, context)
    orders, faults = map_rows(rows, context)
    if faults and context.bad_row == "raise":
        raise _bad_rows(rows, faults, orders, path_of)
    for index, fault in faults.items():
        sentence = str(_placed(fault, path_of(index)))
        context.warn(f"{EXCHANGE} row skipped, {_name_of(rows[index])}", sentence)
    return orders


def _placed(fault: Fault, row_path: str) -> Fault:
    """Return a fault with the path from the beginning of the answer."""
    return fault._replace(path=row_path + fault.path)


def _bad_rows(
    rows: list[Any],
    faults: dict[int, Fault],
    orders: list[Order],
    path_of: Callable[[int], str],
) -> Exception:
    """Build the error of the first bad row; `row_errors` has those of all, by order id.

    The key None stands for rows whose id cannot be read, so that nobody knows whose they are.
    """
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    first = next(iter(faults))
    fault = _placed(faults[first], path_of(first))
    error = malformed(fault, rows[first], orders=orders, more=len(faults) - 1)
    bad_ids = {_id_of(rows[index]): index for index in faults}  # a million rows may have no id
    row_errors = {
        order_id: malformed(_placed(faults[index], path_of(index)), rows[index])
        for order_id, index in bad_ids.items()
    }
    carried = errors.facts(error).orders  # one list: they may be many
    for row_error in row_errors.values():
        errors.add(row_error, orders=carried)
    return errors.add(error, row_errors=row_errors)


def _id_of(row: Any) -> str | None:
    order_id = row.get("order_id") if isinstance(row, dict) else None
    return order_id if isinstance(order_id, str) and order_id else None


def _name_of(row: Any) -> str:
    """Return what a message calls a row that cannot be read."""
    order_id = _id_of(row)
    return f"order {order_id}" if order_id else f"without an id: {_text(row)}"


def _rows(payload: object, context: ParseContext) -> tuple[list[Any], Callable[[int], str]]:
    if isinstance(payload, list):
        return payload, "$[{}]".format
    if not (isinstance(payload, dict) and is_success(payload)):
        payload = check(payload, context.error_classes, request="answer")
    data = payload.get("data", MISSING)
    if isinstance(data, list):
        return data, "$.data[{}]".format
    if isinstance(
        data, dict
    ):  # order/detail answers one object; the field table says "object", too
        return [data], lambda _: "$.data"
    raise malformed(Fault("$.data", data, "a list of rows"), payload)


def check(
    payload: object,
    error_classes: Callable[[], Mapping[str, type[Exception]]],
    *,
    request: str,
    text: Callable[[], str] | None = None,
    path: str = "",
) -> dict[str, Any]:
    """Return an envelope that says success; raise what any other says is wrong.

    Args:
        payload: the decoded answer; None where the body was not JSON.
        error_classes: code -> exception class, asked only when there is an error.
        request: method and URL, for the message.
        text: gives the body as text, where there is one; called only for a message.
        path: the URL's path; a few sections answer `code: 200` for success.
    """
    if isinstance(payload, dict) and is_success(payload, path):
        return payload
    body = text() if text else payload
    if not isinstance(payload, dict):
        raise malformed(Fault("$", body, "a JSON object"), body, request=request)
    code = payload.get("code", MISSING)
    if isinstance(code, bool) or not isinstance(code, int | str) or not _CODE.fullmatch(str(code)):
        raise malformed(Fault("$.code", code, "a code"), body, request=request)
    raise _refused(str(code), error_classes(), body, request)


def is_success(envelope: Mapping[str, Any], path: str = "") -> bool:
    """Tell whether an envelope says success; a few sections say so with `code: 200`."""
    code = envelope.get("code")
    if code == 0 and type(code) is int:  # nearly every answer
        return True
    text = str(code) if isinstance(code, int | str) else None
    return text == SUCCESS or (text == "200" and any(part in path for part in SUCCESS_200_PATHS))


def _refused(
    code: str, classes: Mapping[str, type[Exception]], body: object, request: str
) -> Exception:
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    row = CODES.get(code)
    meaning = row.meaning if row else "a code that the documents do not know"
    return errors.describe(
        classes.get(code, errors.ExchangeError),
        f"{request}: {code} {meaning}",
        exchange_id=EXCHANGE,
        code=code,
        body=_text(body),
    )


def malformed(
    fault: Fault,
    body: object,
    *,
    request: str = "answer",
    orders: Iterable[Order] = (),
    more: int = 0,
) -> Exception:
    """Build the error of an answer that breaks the documents: where, what was found, expected."""
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    others = f" (and {more} more)" if more else ""
    found = None if fault.found is MISSING else fault.found
    if found is body and isinstance(found, str):  # a whole body may be megabytes long
        found = excerpt(found)
    return errors.describe(
        errors.UnknownStatus if fault.unknown_status else errors.BadResponse,
        f"{request}: {fault}{others}",
        exchange_id=EXCHANGE,
        body=_text(body),
        path=fault.path,
        found=found,
        expected=fault.expected,
        orders=orders,
    )


_encoder: Final = msgspec.json.Encoder(decimal_format="number")


def _text(payload: object) -> str:
    if isinstance(payload, str):
        return payload
    try:
        return _encoder.encode(payload).decode()
    except (TypeError, ValueError, RecursionError):
        return safe_repr(payload)
