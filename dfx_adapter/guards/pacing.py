"""When a request may be sent: the budget of its key, and the silence while the exchange bans.

What an exchange says of its limits is given as data; the functions are for exchange objects whose
class has it as `_dfx_limits`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.limits import address, bans, registry
from dfx_adapter.options import DEFAULTS
from dfx_adapter.steps import InThread

if TYPE_CHECKING:
    from dfx_adapter.steps import Steps

_TOO_MANY: Final = str(HTTPStatus.TOO_MANY_REQUESTS.value)


class Limits(NamedTuple):
    """What an exchange says of its limits, and of what follows when they are exceeded."""

    exchange_id: str
    weights: address.Limit  # of a budget that is shared
    bans: bans.Lengths
    codes: frozenset[str]  # that begin a ban, beside HTTP 429

    def length(self, times: int) -> float:
        """Return the seconds of the ban that is so many in 24 hours."""
        return bans.length(self.bans, times)


def check(exchange: Any) -> None:
    """Check the option that says where the budget is kept; a store's refusal comes now or never.

    Raises:
        ccxt.BadRequest: it cannot be. The message does not show it: it may hold a password.
    """
    limits: Limits = exchange._dfx_limits
    option = exchange.options.get("limiter", DEFAULTS["limiter"])
    try:
        is_shared = address.parse(option, limits.weights) is not None
    except ValueError as error:
        raise _wrong(exchange, str(error), option) from None
    if is_shared and not exchange.enableRateLimit:
        reason = "a shared budget needs enableRateLimit to be True, as it is by default"
        raise _wrong(exchange, reason, option)
    budget(exchange)


def refuse_sharing(exchange: Any) -> None:
    """Refuse a budget that is shared, for an exchange whose limits are not known.

    Raises:
        ccxt.NotSupported: the option asks for one.
    """
    option = exchange.options.get("limiter", DEFAULTS["limiter"])
    if option != DEFAULTS["limiter"]:
        raise errors.describe(
            errors.NotSupported,
            "options['limiter']: this exchange has no budget that processes can share",
            exchange_id=exchange.id,
            found=address.without_password(option),
            expected=repr(DEFAULTS["limiter"]),
        )


def budget(exchange: Any) -> registry.Budget:
    """Return what the requests of this key wait for, shared with all that send on it.

    Raises:
        ccxt.BadRequest: as `check`.
    """
    limits: Limits = exchange._dfx_limits
    option = exchange.options.get("limiter", DEFAULTS["limiter"])
    try:
        return registry.budget(option, account(exchange), limits.weights, bans.hear)
    except ValueError as error:
        raise _wrong(exchange, str(error), option) from None


def account(exchange: Any) -> str:
    """Return what stands for the key in budgets and bans: a digest."""
    return bans.account(exchange._dfx_limits.exchange_id, exchange.apiKey or "")


def silence(exchange: Any) -> float:
    """Return the seconds for which nothing may be sent, 0 for none; see `options["banGuard"]`."""
    return (
        bans.left(account(exchange))
        if exchange.options.get("banGuard", DEFAULTS["banGuard"])
        else 0.0
    )


def throttle(exchange: Any, cost: float | None = None) -> Steps[None]:
    """Wait until the budget of the key allows a request; see `options["limiter"]`.

    During a ban there is no turn to wait for: the request is refused then.
    """
    waited_for = budget(exchange)
    pauses = waited_for.pauses(1 if cost is None else cost, exchange.rateLimit)
    ask = partial(next, pauses, None)
    try:
        while not silence(exchange):
            pause = (yield InThread(ask)) if waited_for.blocks else ask()
            if pause is None:
                return
            yield partial(exchange.sleep, 1000 * pause)
    finally:
        with suppress(ValueError):  # a thread is asking still; it closes them
            pauses.close()
    if waited_for.blocks:
        yield InThread(waited_for.retell)


def check_silence(exchange: Any) -> None:
    """Refuse to send a request during a ban.

    Raises:
        RateLimited: there is one; `retry_after` says for how long.
    """
    seconds = silence(exchange)
    if seconds:
        raise errors.describe(
            errors.RateLimited,
            "was told of a frequency error and bans",
            exchange_id=exchange._dfx_limits.exchange_id,
            retry_after=seconds,
        )


def begin_ban(exchange: Any, error: Any) -> Exception:
    """Begin a ban, where an error of the exchange says so; return the error that tells of it."""
    if not _is_ban(exchange, error):
        refused: Exception = error
        return refused
    banned = account(exchange)
    bans.strike(banned, exchange._dfx_limits.bans)
    return errors.delayed(error, bans.left(banned))


def report_ban(exchange: Any, error: Any) -> Steps[None]:
    """Tell all who share the budget of a ban that an error of the exchange has begun."""
    shared = budget(exchange)
    if shared.blocks and isinstance(error, errors.RateLimited) and _is_ban(exchange, error):
        length = exchange._dfx_limits.length
        yield InThread(partial(shared.strike, error.retry_after or 0.0, length))


def _is_ban(exchange: Any, error: Any) -> bool:
    codes: frozenset[str] = exchange._dfx_limits.codes
    is_of_frequency = error.code in codes or error.code == _TOO_MANY
    return is_of_frequency and bool(exchange.options.get("banGuard", DEFAULTS["banGuard"]))


def _wrong(exchange: Any, reason: str, option: object) -> Exception:
    return errors.describe(
        errors.BadRequest,
        f"config: options['limiter']: {reason}",
        exchange_id=exchange.id,
        found=address.without_password(option),
        expected=address.EXPECTED,
    )
