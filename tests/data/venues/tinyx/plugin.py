"""Tinyx's hooks."""

from dfx_adapter.tinyx import answers

from dfx_adapter.hookspecs import ExchangeInfo, hookimpl


def connect(config, *, asynchronous):
    """Build the exchange object."""
    from dfx_adapter.tinyx.exchange import AsyncTinyx, Tinyx  # imports ccxt

    return (AsyncTinyx if asynchronous else Tinyx)(dict(config))


@hookimpl
def dfx_register_exchanges():
    """Serve Tinyx."""
    return [ExchangeInfo(answers.EXCHANGE, "Tinyx", connect)]


@hookimpl(trylast=True)
def dfx_order_statuses(exchange_id):
    """Give the statuses."""
    return answers.STATUSES if exchange_id == answers.EXCHANGE else {}


@hookimpl(trylast=True)
def dfx_error_classes(exchange_id):
    """Give the code of a ban."""
    if exchange_id != answers.EXCHANGE:
        return {}
    from dfx_adapter import errors  # imports ccxt

    return {answers.BANNED: errors.RateLimited}


dfx_parse_orders = hookimpl(trylast=True)(answers.parse_orders)
