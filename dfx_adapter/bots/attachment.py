"""Attaching: an exchange object that a bot has built gains the adapter's methods, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ccxt.async_support

from dfx_adapter import errors
from dfx_adapter.bots.classes import class_over
from dfx_adapter.guards.sessions import unwrapped
from dfx_adapter.recordings import recorder

if TYPE_CHECKING:
    from dfx_adapter.hookspecs import HookCaller

# The parts of `describe` that ccxt copies onto an object when it is built.
_DESCRIBED: Final = ("has", "exceptions", "features")
# What the adapter's class has a property for, under the name of which it holds the object's own.
_HELD: Final = {"logger": "_dfx_logger", "session": "_dfx_session"}
_BEFORE: Final = "_dfx_before"


def attach(exchange: Any, host: HookCaller) -> Any:
    """Put the adapter's class under the object, and what it describes onto it.

    The object stays itself: its options, rate limit, markets, session and credentials do not
    change.
    """
    if not _is_ccxts(exchange):
        raise errors.describe(
            errors.BadRequest,
            f"attach: expected an exchange object of ccxt, found {exchange!r}",
            exchange_id="dfx_adapter",
            found=exchange,
            expected="an exchange object of ccxt",
        )
    before = type(exchange)
    cls = class_over(before)
    if cls is not before:
        kept = {name: getattr(exchange, name) for name in _DESCRIBED if hasattr(exchange, name)}
        held = {name: exchange.__dict__.pop(name, None) for name in _HELD}
        exchange.__class__ = cls
        for name, own in held.items():
            setattr(exchange, name, own)
        described = exchange.describe()
        for name, value in kept.items():
            setattr(exchange, name, exchange.deep_extend(value, described.get(name) or {}))
        exchange.__dict__[_BEFORE] = (before, kept)
    exchange.dfx_bind(host)
    return recorder.bind(exchange)


def _is_ccxts(exchange: object) -> bool:
    return isinstance(exchange, ccxt.Exchange | ccxt.async_support.Exchange)


def detach(exchange: Any) -> Any:
    """Make an attached object again what it was; any other is left alone."""
    before = exchange.__dict__.pop(_BEFORE, None)
    if before is not None:
        exchange.__class__, kept = before
        recorder.unbind(exchange)
        own = {name: unwrapped(exchange.__dict__.pop(held, None)) for name, held in _HELD.items()}
        exchange.__dict__ |= {**own, **exchange.__dict__, **kept}
    return exchange
