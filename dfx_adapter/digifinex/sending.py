"""Sending a request: a POST a single time, and on the exchange's own clock.

Documents: "API Endpoints Description" (timestamps at most 5 s behind and 1 s ahead of the
exchange's clock) (docs.digifinex.com/en-ww/spot/v3/rest.html). A POST is not repeated; only after
10008, when the exchange has refused its timestamp unread, is it sent again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dfx_adapter import errors
from dfx_adapter.guards import pacing
from dfx_adapter.guards.guarded import Guarded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.digifinex.exchange import DigiFinexExchange
    from dfx_adapter.steps import Steps

# The places of these arguments in ccxt's `request(path, api, method, params, config)`.
_METHOD: Final = 2
_PARAMS: Final = 3


def request(exchange: DigiFinexExchange, *args: Any, **kwargs: Any) -> Steps[Any]:
    """Send one request, on a corrected clock and not during a ban; the arguments are ccxt's."""
    if args[_METHOD:][:1] != ("GET",):
        args, kwargs = _without_retries(args, kwargs)
    try:
        return (yield partial(super(Guarded, exchange).request, *args, **kwargs))
    except Exception as error:  # noqa: BLE001  # what follows decides what it means
        return (yield from _recovered(exchange, error, args, kwargs))


def _recovered(
    exchange: DigiFinexExchange,
    refused: Exception,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Steps[Any]:
    """Send again what was refused for its timestamp; report a ban to others on the key."""
    try:
        return (yield from _sent_on_time(exchange, refused, args, kwargs))
    except errors.RateLimited as error:
        yield from pacing.report_ban(exchange, error)
        raise


def _sent_on_time(
    exchange: DigiFinexExchange,
    refused: Exception,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Steps[Any]:
    """Correct the clock and send again, one time."""
    if not isinstance(refused, errors.InvalidNonce):
        raise refused
    try:
        time = yield exchange.fetch_time
    except errors.BaseError as error:
        raise refused from error
    if not isinstance(time, int):  # an answer of success without a time in it
        raise refused
    # The answer counts whole seconds: taken for the start of its second, our timestamp is at most
    # one second and the way behind, and never ahead.
    exchange._dfx_clock_offset = time - exchange.milliseconds()
    return (yield partial(super(Guarded, exchange).request, *args, **kwargs))


def _without_retries(
    args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Keep ccxt from repeating what is no GET: `maxRetriesOnFailure` places no order twice."""
    method = args[_METHOD] if len(args) > _METHOD else kwargs.get("method", "GET")
    by_position = len(args) > _PARAMS
    params = args[_PARAMS] if by_position else kwargs.get("params", {})
    if method == "GET" or not isinstance(params, dict):
        return args, kwargs
    unrepeated = {**params, "maxRetriesOnFailure": 0}
    if by_position:
        return (*args[:_PARAMS], unrepeated, *args[_PARAMS + 1 :]), kwargs
    return args, {**kwargs, "params": unrepeated}
