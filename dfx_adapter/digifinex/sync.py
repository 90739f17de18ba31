"""The synchronous exchange class: what calls. What it does is in the modules of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ccxt

from dfx_adapter.digifinex import swaps
from dfx_adapter.digifinex.methods.reading import NO_PARAMS
from dfx_adapter.digifinex.methods.trading import Trading
from dfx_adapter.digifinex.transport import once
from dfx_adapter.exchanges import threads
from dfx_adapter.exchanges.drivers import Calling
from dfx_adapter.exchanges.waiting import wait_for_order
from dfx_adapter.guards import accounts, calling
from dfx_adapter.options import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from dfx_adapter.order import Order


_SwapOrders: Any = swaps.over(ccxt.digifinex)


class DigiFinex(Calling, Trading, _SwapOrders, ccxt.digifinex):  # type: ignore[misc]  # ccxt is untyped
    """`ccxt.digifinex` with exact order status; the rest of it is ccxt's own."""

    _dfx_session_class = calling.CallingSession
    _dfx_failed_transfers = calling.FAILED_TRANSFERS

    def _dfx_asks_alone(self) -> bool:
        """Tell whether threads do not share requests for orders: `options["batchWindow"]`."""
        return not self.options.get("batchWindow", DEFAULTS["batchWindow"])

    def _dfx_shared_outcome(
        self, order_id: str, kind: str, rest: Mapping[str, Any]
    ) -> Order | Exception:
        """Ask for one order, together with those that other threads ask for within the window."""
        account = accounts.account_of(self)

        def ask(ids: Sequence[str]) -> Mapping[str, Order | Exception]:
            with accounts.asking(self, account):
                return self._dfx_run(self._dfx_outcomes(ids, kind, rest))

        key = (id(self), *account, kind, repr(sorted(rest.items())))
        window = self.options["batchWindow"] / 1000
        outcome: Order | Exception = threads.shared(key, order_id, window, ask)
        return outcome

    def fetch(self, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request over HTTP and return what was answered, checked."""
        with self._dfx_sending(url):
            return super().fetch(url, *args, **kwargs)

    def request(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request, on a corrected clock and not during a ban."""
        args, kwargs = once(args, kwargs)
        with accounts.asking(self):
            try:
                return super().request(*args, **kwargs)
            except Exception as error:  # noqa: BLE001  # the steps decide what it means
                return self._dfx_run(self._dfx_recovered(error, args, kwargs))

    def throttle(self, cost: float | None = None) -> None:
        """Wait until the budget of the key allows a request; see `options["limiter"]`."""
        self._dfx_run(self._dfx_throttle(cost))

    def fetch_order(
        self,
        id: str,
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Fetch one order by its id, in one request and without loading markets.

        `params={"trades": True}` fills `trades`, from order/detail.

        Raises:
            ccxt.OrderNotFound: the exchange says that it has no such order.
            ccxt.BadSymbol: the order is of another market than `symbol`.
            ccxt.BadResponse: the answer breaks the documents; it says nothing about the order.
        """
        return self._dfx_run(self._dfx_fetch_order(id, symbol, params))

    def fetch_orders_by_ids(
        self,
        ids: Iterable[str],
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch any number of orders, 20 a request, in the order asked, one order per id.

        Raises:
            ccxt.OrderNotFound: some are missing: `ids` names them, `orders` has the others.
                `params={"missing": "omit"}` leaves them out instead.
            ccxt.BadRequest: an id is empty or has a comma or white space; nothing was sent.
            ccxt.BadResponse: a row that nobody asked for, or two different rows of one id.
        """
        return self._dfx_run(self._dfx_fetch_orders_by_ids(ids, symbol, params))

    def fetch_open_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the orders that are open now, sorted by time; `since` in milliseconds."""
        return self._dfx_run(self._dfx_fetch_open_orders(symbol, since, limit, params))

    def fetch_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch orders of any status, sorted by time, paging past 100 rows and 30 days.

        `since` and `params["until"]` in milliseconds; without `since` the last three days. `limit`
        gives the oldest with `since`, the newest without.
        """
        return self._dfx_run(self._dfx_fetch_orders("fetchOrders", symbol, since, limit, params))

    def fetch_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the fully executed orders; arguments as in `fetch_orders`."""
        return self._dfx_run(
            self._dfx_fetch_orders("fetchClosedOrders", symbol, since, limit, params)
        )

    def fetch_canceled_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the cancelled orders; arguments as in `fetch_orders`."""
        return self._dfx_run(
            self._dfx_fetch_orders("fetchCanceledOrders", symbol, since, limit, params)
        )

    def fetch_canceled_and_closed_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Fetch the orders that are over; arguments as in `fetch_orders`."""
        return self._dfx_run(
            self._dfx_fetch_orders("fetchCanceledAndClosedOrders", symbol, since, limit, params)
        )

    def fetch_order_trades(
        self,
        id: str,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[dict[str, Any]]:
        """Fetch the trades of one order, by time. They carry no fee: only fetch_my_trades does."""
        return self._dfx_run(self._dfx_fetch_order_trades(id, symbol, since, limit, params))

    def wait_for_order(
        self,
        id: str,
        symbol: str | None = None,
        timeout: float | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        until: Collection[str] | None = None,
    ) -> Order:
        """Poll until the order is over; `timeout` in seconds, None waits without end.

        `until` names statuses to wait for beside the final ones. Waiters of one object share
        requests. A question that fails is asked again.

        Raises:
            ccxt.RequestTimeout: the time is over; `orders` has the order as it was last seen.
        """
        return self._dfx_run(wait_for_order(self.id, (id, symbol, params), timeout, until))

    def create_order(
        self,
        symbol: str,
        type: str,
        side: str,
        amount: Any,
        price: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Place one order and return it complete: open, nothing filled, created now.

        Price, amount and cost may be of any type of number. A market buy needs a price or
        `params={"cost": ...}`; with `createMarketBuyOrderRequiresPrice` False, as a parameter or an
        option, its amount is in quote money. DigiFinex has no client ids: none is sent.

        Raises:
            ccxt.NotSupported: a type or parameter that DigiFinex does not have; nothing was sent.
            ccxt.BadRequest, ccxt.InvalidOrder: among others, a number or a value that cannot be.
            ccxt.OperationFailed: among others; the message says where the order may exist all the
                same, because the request was sent and its answer lost. It is not sent again.
        """
        return self._dfx_run(self._dfx_create_order(symbol, type, side, amount, price, params))

    def create_orders(
        self,
        orders: list[Mapping[str, Any]],
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Place up to ten orders of one market: all of them, or none.

        Each is checked as in `create_order` before anything is sent; an error names its index.
        """
        return self._dfx_run(self._dfx_create_orders(orders, params))

    def cancel_order(
        self,
        id: str,
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Cancel one order, and return it with what was filled until then: one more request.

        Where its row still says open, it is asked for again for about a second. `filled` is None,
        with a warning, where its status cannot be read.

        Raises:
            ccxt.OrderNotFound: it was not canceled, because it is over or unknown; `orders` has it.
            ccxt.InvalidOrder: it was not canceled, and is open, or its status cannot be read.
            ccxt.BadSymbol: the symbol cannot be one; nothing was sent.
        """
        return self._dfx_run(self._dfx_cancel_order(id, symbol, params))

    def cancel_orders(
        self,
        ids: list[str],
        symbol: str | None = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Cancel orders, 20 a request; as `cancel_order`.

        Raises:
            ccxt.OrderNotFound, ccxt.InvalidOrder: `ids` names those not canceled, `orders` has all
                that can be read, as they are now. OrderNotFound if those are all over or unknown.
        """
        return self._dfx_run(self._dfx_cancel_orders(ids, symbol, params))

    def cancel_orders_for_symbols(
        self,
        orders: list[Mapping[str, Any]],
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> list[Order]:
        """Cancel orders given as `{"id": ..., "symbol": ...}`; as `cancel_orders`."""
        return self._dfx_run(self._dfx_cancel_for_symbols(orders, params))

    def edit_order(
        self,
        id: str,
        symbol: str,
        type: str,
        side: str,
        amount: Any = None,
        price: Any = None,
        params: Mapping[str, Any] = NO_PARAMS,
    ) -> Order:
        """Cancel an order and place another in its stead; what was filled stays filled.

        The new order is checked first, as in `create_order`, and against the market's limits; it
        needs an amount, and a limit order a price: None does not stand for the old one.

        Raises:
            ccxt.InvalidOrder: the old order is over, or partly filled and the new amount above what
                remains, before the cancel; or what was filled until the cancel leaves less than the
                new amount, or is not known: then nothing new was placed.
            ccxt.BaseError: an error after the cancel names the canceled order; `orders` has it.
        """
        steps = self._dfx_edit_order(id, symbol, type, side, amount, price, params)
        return self._dfx_run(steps)
