"""When a request may be sent: the budget of its key, and the silence while the exchange bans.

Document: "Rate Limit" (docs.digifinex.com/en-ww/spot/v3/rest.html): a limit on the weights of a
key's requests, and bans of 2, 10 and 30 minutes for exceeding it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dfx_adapter import errors
from dfx_adapter.digifinex.answers import tables
from dfx_adapter.digifinex.answers.envelope import EXCHANGE
from dfx_adapter.digifinex.exchange import Seams
from dfx_adapter.exchanges import configured
from dfx_adapter.exchanges.steps import Step
from dfx_adapter.limits import address, bans, registry
from dfx_adapter.options import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Generator

    from dfx_adapter.hookspecs import HookCaller

# What begins a ban: the codes that say so, and HTTP 429.
_FREQUENCY: Final = {code for code, row in tables.CODES.items() if row.begins_ban} | {"429"}

_LIMIT: Final = address.Limit(*tables.WEIGHT_LIMIT)
_duration: Final = partial(bans.length, tables.BANS)

T = TypeVar("T")


class Paced(Seams):
    """ccxt's throttle, with a budget that processes can share and a ban that is waited out."""

    def dfx_bind(self, host: HookCaller) -> None:
        """Bind to a host, with a budget that can be.

        Raises:
            ccxt.BadRequest: the config has a type of number or an option that cannot be.
        """
        option = self.options.get("limiter", DEFAULTS["limiter"])
        configured.check_limiter(self.id, option, _LIMIT, paced=bool(self.enableRateLimit))
        self._dfx_budget()  # a store's own refusal, and its imports, come now or never
        super().dfx_bind(host)

    def _dfx_guarded(self) -> bool:
        return bool(self.options.get("banGuard", DEFAULTS["banGuard"]))

    def _dfx_account(self) -> str:
        return bans.account(EXCHANGE, self.apiKey or "")

    def _dfx_silent(self) -> bool:
        return self._dfx_guarded() and bool(bans.left(self._dfx_account()))

    def _dfx_budget(self) -> registry.Budget:
        """Return what the requests of this key wait for, shared with all that send on it."""
        option = self.options.get("limiter", DEFAULTS["limiter"])
        try:
            return registry.budget(option, self._dfx_account(), _LIMIT, bans.hear)
        except ValueError as error:
            raise configured.wrong_limiter(self.id, str(error), option) from None

    def _dfx_throttle(self, cost: float | None) -> Generator[Step, Any, None]:
        """Wait for this request's turn; during a ban there is none to wait for."""
        budget = self._dfx_budget()
        pauses = budget.pauses(1 if cost is None else cost, self.rateLimit)
        try:
            while not self._dfx_silent():
                ask = Step("_dfx_aside", (next, pauses, None))
                pause = (yield ask) if budget.blocks else next(pauses, None)
                if pause is None:
                    return
                yield Step("sleep", (1000 * pause,))
        finally:
            with suppress(ValueError):  # a thread is asking still; it closes them
                pauses.close()
        if budget.blocks:
            yield Step("_dfx_aside", (budget.retell,))

    def prepare_request_headers(self, headers: Any = None) -> Any:
        """Raise instead of sending while banned; ccxt asks for the headers of each request here."""
        if self._dfx_silent():
            raise errors.describe(
                errors.RateLimited,
                "was told of a frequency error and bans",
                exchange_id=EXCHANGE,
                retry_after=bans.left(self._dfx_account()),
            )
        return super().prepare_request_headers(headers)

    def handle_errors(self, *args: Any) -> None:
        """Raise what the answer says is wrong; a frequency error begins a ban."""
        try:
            super().handle_errors(*args)
        except errors.RateLimited as error:
            if not self._dfx_guarded() or error.code not in _FREQUENCY:
                raise
            bans.strike(self._dfx_account(), tables.BANS)
            raise errors.delayed(error, bans.left(self._dfx_account())) from None

    def _dfx_telling(self, steps: Generator[Step, Any, T]) -> Generator[Step, Any, T]:
        """Take the same steps; a ban that they meet is told to all that share the key."""
        try:
            return (yield from steps)
        except errors.RateLimited as error:
            budget = self._dfx_budget()
            if budget.blocks and self._dfx_guarded() and error.code in _FREQUENCY:
                yield Step("_dfx_aside", (budget.strike, error.retry_after, _duration))
            raise
