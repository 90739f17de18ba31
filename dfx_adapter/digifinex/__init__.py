"""DigiFinex spot and margin, v3: from the bytes of an order-status answer to unified orders.

`answers` reads, without I/O and without ccxt; `methods` has what each method does, a function each;
`exchange` overrides what ccxt does itself, and `sync` and `asynchronous` bind all of it to the two
classes. `plugin` has the hooks, by which the host finds the rest.
"""
