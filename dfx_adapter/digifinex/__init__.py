"""DigiFinex spot and margin, v3: from the bytes of an order-status answer to unified orders.

`wire` types the rows as documented and `tables` says what codes mean; `mapping` turns a row into an
order; `protocol` knows envelopes and answers. None of them does any I/O or knows ccxt. The exchange
classes, sync and async over one mixin, do, and are therefore imported only by `connect`.
"""
