"""Faults of plugins, as errors; raising may import ccxt, which the way of an order must not."""

from __future__ import annotations

from typing import Any


def is_ccxts(error: BaseException) -> bool:
    """Tell whether an error is one of ccxt's, or of ours, which derive from them."""
    return is_ccxts_class(type(error))


def is_ccxts_class(value: object) -> bool:
    """Tell whether a value is a class of such errors."""
    from dfx_adapter import errors  # noqa: PLC0415  # imports ccxt

    return isinstance(value, type) and issubclass(value, errors.BaseError)


def plugin_error(exchange_id: str, reason: str, **facts: Any) -> Exception:
    """Return, to be raised, a PluginError about an exchange."""
    from dfx_adapter import errors  # noqa: PLC0415  # imports ccxt

    return errors.describe(errors.PluginError, reason, exchange_id=exchange_id, **facts)
