"""A DigiFinex v3 exchange on loopback, written from the exchange's documents alone.

It shares no code with the adapter that is tested against it, so a misreading of the documents
cannot hide by being made twice.

    with Simulator() as exchange:
        order_id = exchange.place("BTC_USDT", "buy", price="9500.5", amount="0.4")
        exchange.fill(order_id, "0.1")
        client = ccxt.digifinex(exchange.ccxt_config())
        client.fetch_order(order_id, "BTC/USDT")

Prices, amounts and the lives of orders are moved by hand: `place`, `fill`, `settle`, `cancel`.
`set_row`, `add_row` and `script` make it answer what a well-behaved exchange would not, down to
connections that are reset in the middle of a body. Its WebSocket (`stream`) pushes every change of
an order, and can lose, repeat, delay and reorder pushes, or fall silent. Stopped and started, it is
back on its port.
"""

from dfx_adapter.simulator.answers import Body, Code, Drop
from dfx_adapter.simulator.auth import signature, signed_request
from dfx_adapter.simulator.documents import Fault, Status
from dfx_adapter.simulator.faults import (
    Break,
    Changed,
    ChangedRows,
    Delay,
    Drip,
    Encoding,
    Length,
)
from dfx_adapter.simulator.markets import DEFAULT_MARKETS, Market
from dfx_adapter.simulator.messages import LoggedRequest, Request, Response, encode
from dfx_adapter.simulator.server import Simulator
from dfx_adapter.simulator.stream import Stream
from dfx_adapter.simulator.stream_faults import Duplicated, Late, Lost, Moved, Refusal, Sent
from dfx_adapter.simulator.stream_frames import stream_signature

__all__ = [
    "DEFAULT_MARKETS",
    "Body",
    "Break",
    "Changed",
    "ChangedRows",
    "Code",
    "Delay",
    "Drip",
    "Drop",
    "Duplicated",
    "Encoding",
    "Fault",
    "Late",
    "Length",
    "LoggedRequest",
    "Lost",
    "Market",
    "Moved",
    "Refusal",
    "Request",
    "Response",
    "Sent",
    "Simulator",
    "Status",
    "Stream",
    "encode",
    "signature",
    "signed_request",
    "stream_signature",
]
