"""`help()` is enough to use each public name."""

import inspect

import pytest

import dfx_adapter
from dfx_adapter import hookspecs, kit

NAMES = ("fetch_orders_by_ids", "wait_for_order")
FUNCTIONS = [
    value
    for owner in (dfx_adapter, kit)
    for value in (getattr(owner, name) for name in owner.__all__ if not name.startswith("__"))
    if inspect.isfunction(value) and inspect.signature(value).parameters
]


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_what_any_exchange_gains_says_what_it_does(asynchronous, name):
    cls = type(dfx_adapter.connect("kraken", asynchronous=asynchronous))
    text = inspect.getdoc(getattr(cls, name))
    assert "see `" not in text
    assert {"Args:", "Raises:"} <= set(text.split())
    for parameter in list(inspect.signature(getattr(cls, name)).parameters)[1:]:
        assert f"{parameter}: " in text


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda value: value.__qualname__)
def test_a_public_function_says_what_its_arguments_are(function):
    text = inspect.getdoc(function)
    for name in inspect.signature(function).parameters:
        assert name in text, name


@pytest.mark.parametrize("hook", [name for name in vars(hookspecs) if name.startswith("dfx_")])
def test_a_hook_says_what_it_is_given_and_what_it_gives(hook):
    function = getattr(hookspecs, hook)
    text = inspect.getdoc(function)
    assert text.split()[0] in {"Return", "Map", "Observe"}
    assert len(text) > 100


@pytest.mark.parametrize("name", [name for name in vars(kit.Row) if not name.startswith("_")])
def test_every_reader_of_a_row_says_what_it_gives(name):
    assert name in {"path", "raw"} or len(inspect.getdoc(getattr(kit.Row, name))) > 15
