"""Faults of plugins, as errors; raising may import ccxt, which the way of an order must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


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


def unknown_exchange(exchange_id: str, known: Iterable[str]) -> Exception:
    """Return, to be raised, the error of an id that nobody serves, with the ids that are near."""
    import difflib  # noqa: PLC0415  # a process that makes no mistake does without

    from dfx_adapter import errors  # noqa: PLC0415  # imports ccxt

    close = difflib.get_close_matches(exchange_id, list(known), n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return errors.describe(
        errors.UnknownExchange,
        f"is served by no plugin and no ccxt class{hint}",
        exchange_id=exchange_id,
    )
