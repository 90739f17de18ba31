"""What a person sees of a method: completed, in help(), as a signature; and kinds of objects."""

import inspect
import pydoc

import ccxt
import pytest

import dfx_adapter
from dfx_adapter import AdapterHost

METHODS = [
    *("fetch_order", "fetch_orders", "fetch_open_orders", "fetch_closed_orders"),
    *("fetch_orders_by_ids", "create_order", "edit_order", "cancel_order", "wait_for_order"),
]
CONNECTED = [
    'dfx_adapter.connect("digifinex")',
    'dfx_adapter.connect("digifinex", {}, asynchronous=True)',
    'dfx_adapter.connect("kraken")',
    'dfx_adapter.connect("kraken", {}, asynchronous=True)',
    "dfx_adapter.AdapterHost().connect(name)",
]


@pytest.mark.parametrize("connected", CONNECTED)
@pytest.mark.parametrize("name", ["fetch_order", "fetchOrdersByIds", "wait_for_order"])
def test_an_editor_completes_our_methods(connected, name):
    jedi = pytest.importorskip("jedi")
    code = f"import dfx_adapter\nexchange = {connected}\nexchange.{name[:8]}"
    found = [completion.name for completion in jedi.Script(code).complete()]
    assert name in found


@pytest.fixture(params=[False, True], ids=["sync", "asyncio"])
def connect(request):
    def connect(exchange_id):
        host = AdapterHost(entry_points=False)
        return host.connect(exchange_id, asynchronous=request.param)

    connect.asynchronous = request.param
    return connect


@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
@pytest.mark.parametrize("name", METHODS)
def test_a_signature_has_the_arguments_and_the_order(connect, exchange_id, name):
    method = getattr(connect(exchange_id), name)
    signature = inspect.signature(method)
    first = {"fetch_order": "id", "cancel_order": "id", "wait_for_order": "id", "edit_order": "id"}
    expected = first.get(name, "symbol" if name != "fetch_orders_by_ids" else "ids")
    assert next(iter(signature.parameters)) == expected
    assert "params" in signature.parameters
    answered = "list[Order]" if name.endswith(("orders", "by_ids")) else "Order"
    assert signature.return_annotation == answered
    assert inspect.iscoroutinefunction(method) is connect.asynchronous
    text = pydoc.plain(pydoc.render_doc(method))
    assert f"{name}(" in text
    assert f"-> '{answered}'" in text or f"-> {answered}" in text
    assert "Steps" not in text
    assert "Generator" not in text


def test_an_object_is_of_its_kind(connect):
    kind, other = dfx_adapter.Exchange, dfx_adapter.AsyncExchange
    if connect.asynchronous:
        kind, other = other, kind
    for exchange_id in ("digifinex", "kraken"):
        exchange = connect(exchange_id)
        assert isinstance(exchange, kind)
        assert not isinstance(exchange, other)


def test_what_is_not_attached_is_of_no_kind():
    exchange = ccxt.kraken()
    assert not isinstance(exchange, dfx_adapter.Exchange)
    assert isinstance(dfx_adapter.attach(exchange), dfx_adapter.Exchange)
    dfx_adapter.detach(exchange)
    assert not isinstance(exchange, dfx_adapter.Exchange)
