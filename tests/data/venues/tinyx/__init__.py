"""A small exchange of its own, as `dfx_adapter/digifinex` is one: luno's class, with other rows."""
