"""What a config may say to the adapter; said wrong, it is refused when the object is built."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.limits import address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dfx_adapter.limits.address import Limit

# Option -> what it must be, and a test for it. Options that are not here are ccxt's.
OPTIONS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "badRow": ("'raise' or 'skip'", lambda value: value in {"raise", "skip"}),
    "banGuard": ("True or False", lambda value: isinstance(value, bool)),
    "batchFetchOrder": ("True or False", lambda value: isinstance(value, bool)),
    "batchWindow": ("milliseconds", lambda value: isinstance(value, int | float) and value >= 0),
}
NUMBERS: Final = (float, Decimal, str)


def check(exchange_id: str, number: object, options: Mapping[str, Any]) -> None:
    """Check the type of numbers and our options.

    Raises:
        ccxt.BadRequest: one of them cannot be; the message says which, and what is expected.
    """
    if number not in NUMBERS:
        raise _wrong(exchange_id, "number", number, "float, Decimal or str")
    for name, (expected, is_right) in OPTIONS.items():
        if name in options and not is_right(options[name]):
            raise _wrong(exchange_id, f"options[{name!r}]", options[name], expected)


def check_limiter(exchange_id: str, option: object, default: Limit, *, paced: bool) -> None:
    """Check the option that says where the budget is kept; `paced` is ccxt's `enableRateLimit`.

    Raises:
        ccxt.BadRequest: it cannot be. The message does not show it: it may hold a password.
    """
    wrong = None
    try:
        if address.parse(option, default) and not paced:
            wrong = "a shared budget needs enableRateLimit to be True, as it is by default"
    except ValueError as error:
        wrong = str(error)
    if wrong:
        raise wrong_limiter(exchange_id, wrong)


def wrong_limiter(exchange_id: str, told: str) -> Exception:
    """Return the error of a budget that cannot be."""
    told = f"config: options['limiter']: {told}"
    return errors.describe(errors.BadRequest, told, exchange_id=exchange_id)


def _wrong(exchange_id: str, name: str, found: object, expected: str) -> Exception:
    return errors.describe(
        errors.BadRequest,
        f"config: {name}: expected {expected}, found {found!r}",
        exchange_id=exchange_id,
        found=found,
        expected=expected,
    )
