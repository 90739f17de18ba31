"""Orders as they happen: the WebSocket of DigiFinex and order status together.

`watching` is what the methods call; under it `reader` (one per account and loop) keeps a
`connection` and a `book` of orders, whose changes each watcher is handed in their order. `frames`
is what goes over the wire. The guide is README.md beside this.
"""
