"""Replaying a recording with the plugins of a host."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast, overload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex
    from dfx_adapter.digifinex.sync import DigiFinex
    from dfx_adapter.exchanges.kinds import (
        AsyncExchange,
        Exchange,
        StockAsyncExchange,
        StockExchange,
    )
    from dfx_adapter.recordings.lines import Source


class Replay(Protocol):
    """The types of `dfx_adapter.replay`, and of a host's."""

    @overload
    def __call__(
        self,
        file: Source,
        exchange: Literal["digifinex"],
        config: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
        asynchronous: Literal[False] = False,
    ) -> DigiFinex: ...
    @overload
    def __call__(
        self,
        file: Source,
        exchange: Literal["digifinex"],
        config: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
        asynchronous: Literal[True],
    ) -> AsyncDigiFinex: ...
    @overload
    def __call__(
        self,
        file: Source,
        exchange: str | StockExchange | None = None,
        config: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
        asynchronous: Literal[False] = False,
    ) -> Exchange: ...
    @overload
    def __call__(
        self,
        file: Source,
        exchange: str | StockAsyncExchange | None = None,
        config: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
        asynchronous: Literal[True],
    ) -> AsyncExchange: ...
    @overload
    def __call__(
        self,
        file: Source,
        exchange: str | None = None,
        config: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
        asynchronous: bool,
    ) -> Exchange | AsyncExchange: ...


def by(host: Any) -> Replay:
    """Return what replays with the plugins of a host."""
    return cast("Replay", partial(_replay, host))


def _replay(
    host: Any,
    file: Source,
    exchange: Any = None,
    config: Mapping[str, Any] | None = None,
    *,
    account: str | None = None,
    asynchronous: bool = False,
) -> Any:
    from dfx_adapter.recordings import replayer  # noqa: PLC0415  # imports ccxt

    is_id = isinstance(exchange, str | None)
    recording = replayer.chosen(file, exchange if is_id else exchange.id, account)
    if is_id:
        given = {**(config or {}), "enableRateLimit": False}
        exchange = host.connect(recording.exchange_id, given, asynchronous=asynchronous)
    return replayer.answer_from(exchange, recording)
