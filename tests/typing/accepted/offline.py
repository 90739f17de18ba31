"""Recorded answers, the numbers of their orders, and errors."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal, assert_type

import dfx_adapter
from dfx_adapter import AdapterHost, Order

Status = Literal["open", "closed", "canceled", "expired", "rejected"]

[order] = dfx_adapter.parse_orders("digifinex", b"{}")
assert_type(order, Order)
assert_type(order["amount"], float | None)
assert_type(order["status"], Status | None)
assert_type(order["timestamp"], int | None)
assert_type(order["id"], str)

[exact] = dfx_adapter.parse_orders("digifinex", "{}", number=Decimal)
assert_type(exact, Order[Decimal])
assert_type(exact["amount"], Decimal | None)
assert_type(exact["cashAmount"], Decimal | None)
assert_type(exact["cost"], Decimal | None)

[text] = dfx_adapter.parse_orders("digifinex", {"code": 0, "data": []}, number=str)
assert_type(text, Order[str])
assert_type(text["filled"], str | None)
assert_type(dfx_adapter.parse_orders("kraken", [], number=float), list[Order])

host = AdapterHost()
assert_type(host.parse_orders("digifinex", b"{}"), list[Order])
assert_type(host.parse_orders("digifinex", b"{}", number=Decimal), list[Order[Decimal]])


def total(orders: Sequence[Order[Decimal]]) -> Decimal:
    """Add up exactly."""
    return sum((order["cost"] or Decimal(0) for order in orders), Decimal(0))


total([exact])

assert_type(dfx_adapter.UnknownStatus("x").path, str | None)
try:
    pass
except dfx_adapter.RateLimited as error:
    assert_type(error.retry_after, float | None)
    assert_type(error.code, str | None)
except dfx_adapter.PluginError as error:
    assert_type(error.orders, Sequence[Order[Any]])
    assert_type(error.found, object)
except dfx_adapter.UnknownExchange as error:
    assert_type(error.exchange_id, str | None)
except dfx_adapter.UnknownStatus as error:
    assert_type(error.ids, Sequence[str])
    raise
