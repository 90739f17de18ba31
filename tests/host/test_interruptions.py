"""A signal that comes while a plugin is asked: what its handler raises reaches the bot as it is."""

import signal
import sys

import pytest

from dfx_adapter import hookimpl


class StoppedError(Exception):
    """What a bot's own handler may raise."""


class Bot:
    def stop(self, signum, frame):
        signal.signal(signum, signal.SIG_DFL)  # a second signal is to kill
        self.leave()

    def leave(self):
        sys.exit(5)


def exit_by_name(signum, frame):
    sys.exit(5)


def raise_own(signum, frame=None):
    raise StoppedError


HANDLERS = {
    "a function": (exit_by_name, SystemExit),
    "a lambda that takes anything": (lambda *_: sys.exit(5), SystemExit),
    "a method that takes itself off": (Bot().stop, SystemExit),
    "an error of the bot's own": (raise_own, StoppedError),
    "Python's own for Ctrl-C": (signal.default_int_handler, KeyboardInterrupt),
}


@pytest.fixture(params=HANDLERS)
def interrupted(request):
    """Give what interrupts whoever calls it by a signal, and what its handler raises."""
    handler, error_class = HANDLERS[request.param]
    before = signal.signal(signal.SIGUSR1, handler)
    yield lambda *args: signal.raise_signal(signal.SIGUSR1), error_class
    signal.signal(signal.SIGUSR1, before)


def test_in_an_observer(interrupted, plugin, hosting, row, caplog):
    interrupt, error_class = interrupted
    host = hosting(plugin("Observer", dfx_orders_parsed=lambda orders: interrupt()))
    with pytest.raises(error_class):
        host.parse_orders("digifinex", [row()])
    assert caplog.messages == []


def test_in_a_mapping(interrupted, plugin, hosting, row):
    interrupt, error_class = interrupted
    mapping = hookimpl(tryfirst=True)(lambda payload: interrupt())
    with pytest.raises(error_class):
        hosting(plugin("Mapping", dfx_parse_orders=mapping)).parse_orders("digifinex", [row()])


def test_in_a_table(interrupted, plugin, hosting, row):
    interrupt, error_class = interrupted
    host = hosting(plugin("Table", dfx_order_statuses=lambda exchange_id: interrupt()))
    with pytest.raises(error_class):
        host.parse_orders("digifinex", [row()])


def test_while_a_plugin_is_registered(interrupted, plugin, hosting):
    interrupt, error_class = interrupted
    with pytest.raises(error_class):
        hosting(plugin("Registering", dfx_register_exchanges=interrupt))


def test_while_a_plugin_is_imported(interrupted, new_site):
    from dfx_adapter import AdapterHost

    _, error_class = interrupted
    source = "import signal; signal.raise_signal(signal.SIGUSR1); raise ValueError"
    new_site().install("interrupted", slow=source)
    with pytest.raises(error_class):
        AdapterHost()


@pytest.mark.parametrize("interrupted", ["an error of the bot's own"], indirect=True)
async def test_in_an_observer_of_a_connected_exchange(
    interrupted, plugin, hosting, simulator, connect
):
    interrupt, error_class = interrupted
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    host = hosting(plugin("Observer", dfx_orders_parsed=lambda orders: interrupt()))
    with pytest.raises(error_class):
        await connect(simulator, host=host).fetch_order(order_id)
