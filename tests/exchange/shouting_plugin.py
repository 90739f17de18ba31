"""A plugin that leaves a mark on every order."""

import dfx_adapter


@dfx_adapter.hookimpl(wrapper=True)
def dfx_parse_orders():
    orders = yield
    return [{**order, "clientOrderId": "HEARD"} for order in orders]
