"""The steps of a method: what it asks its coloured class to do. Plain data, without ccxt."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Step(NamedTuple):
    """One thing that only a coloured class can do: a method of the exchange object to call.

    `stock` says that ccxt's own method is meant, where the adapter has one of the same name.
    """

    method: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = MappingProxyType({})
    stock: bool = False


class Together(NamedTuple):
    """Steps that do not wait for each other; answered by a list of answers and exceptions.

    A sync class takes them one by one, and stops after the first exception that is not about the
    orders asked for: the list is then shorter.
    """

    steps: list[Step]
