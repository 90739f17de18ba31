"""Reading parameters: a reader returns a checked value or refuses the request.

Documents: the "Request Parameters" tables of V3. A missing or illegal value is code 10004; the
tables do not say so for each case, but that is the code's text ("Illegal request parameters").
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from dfx_adapter.simulator.documents import DEFAULT_SPAN, MAX_SPAN, Fault

_NUMBER: Final = re.compile(r"\d{1,40}(\.\d{1,40})?([eE][-+]?\d{1,2})?", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,15}", re.ASCII)

Params = Mapping[str, str]


class Refused(Exception):
    """The request is answered with an error code instead of a result."""

    def __init__(self, code: int) -> None:
        super().__init__(int(code))
        self.code = int(code)


def whole(text: str | None) -> int | None:
    """Read a whole number, or return None where the text is none."""
    return int(text) if text is not None and _WHOLE.fullmatch(text) else None


def required(params: Params, name: str) -> str:
    """Read a text that must be there and not empty."""
    value = params.get(name, "")
    if not value:
        raise Refused(Fault.ILLEGAL_PARAMETER)
    return value


def positive(params: Params, name: str) -> Decimal:
    """Read a quantity that must be there and be more than nothing."""
    text = required(params, name)
    number = Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)
    if number <= 0:
        raise Refused(Fault.ILLEGAL_PARAMETER)
    return number


def between(params: Params, name: str, default: int, low: int, high: int) -> int:
    """Read an optional whole number within bounds."""
    number = whole(params[name]) if name in params else default
    if number is None or not low <= number <= high:
        raise Refused(Fault.ILLEGAL_PARAMETER)
    return number


def seconds(params: Params, name: str, default: int) -> int:
    """Read an optional point in time."""
    number = whole(params[name]) if name in params else default
    if number is None:
        raise Refused(Fault.ILLEGAL_PARAMETER)
    return number


def order_ids(params: Params, most: int | None = None) -> list[str]:
    """Read a comma list of ids: none of them empty, at most `most`; in the order asked, no repeats.

    What the exchange does with too many or with an empty id is not documented; here it refuses them
    all with 10004. A repeated id counts against the limit, but has one row.
    """
    ids = required(params, "order_id").split(",")
    if not all(ids) or (most is not None and len(ids) > most):
        raise Refused(Fault.ILLEGAL_PARAMETER)
    return list(dict.fromkeys(ids))


def window(params: Params, now: int) -> tuple[int, int]:
    """Read `start_time` and `end_time`, in seconds; both ends belong to the window (assumed)."""
    start = seconds(params, "start_time", now - DEFAULT_SPAN)
    end = seconds(params, "end_time", now)
    if end < start:
        raise Refused(Fault.END_BEFORE_START)
    if end - start > MAX_SPAN:
        raise Refused(Fault.DATE_EXCEEDS)
    return start, end
