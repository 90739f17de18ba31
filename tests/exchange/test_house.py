"""How the house is built: few calls for one order, few classes, short functions, one field list."""

import ast
import asyncio
import inspect
import sys
from pathlib import Path

import ccxt
import pytest

import dfx_adapter
from dfx_adapter import AdapterHost
from dfx_adapter.digifinex.answers import mapping, rows
from dfx_adapter.digifinex.asynchronous import AsyncDigiFinex
from dfx_adapter.digifinex.sync import DigiFinex

ROOT = Path(dfx_adapter.__file__).parent
REPO = ROOT.parent
NESTED = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
RESUMABLE = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class Trace:
    """The calls of our own functions, in order; a generator that is resumed is not called."""

    def __init__(self):
        self.calls = []
        self._begun = []  # kept, so that no two have one identity

    def __call__(self, frame, event, _):
        code = frame.f_code
        path = Path(code.co_filename)
        if event != "call" or code.co_name in NESTED or not path.is_relative_to(ROOT):
            return
        if code.co_flags & RESUMABLE:
            if any(frame is begun for begun in self._begun):
                return
            self._begun.append(frame)
        self.calls.append((str(path.relative_to(ROOT)), code.co_qualname))

    @property
    def files(self):
        return {path for path, _ in self.calls}


@pytest.fixture
def opened(row):
    """An exchange object whose `fetch` is a stub."""
    config = {"apiKey": "key-of-a-test", "secret": "secret-of-it", "enableRateLimit": False}

    def connect(*, asynchronous):
        host = AdapterHost(entry_points=False)
        exchange = host.connect("digifinex", config, asynchronous=asynchronous)

        def answer(*_):
            return {"code": 0, "data": [row()]}

        async def answer_later(*_):
            return answer()

        exchange.fetch = answer_later if asynchronous else answer
        return exchange

    return connect


def traced(call):
    trace = Trace()
    sys.setprofile(trace)
    try:
        result = call()
    finally:
        sys.setprofile(None)
    return trace, result


def test_one_order_travels_through_few_rooms(opened, row):
    exchange = opened(asynchronous=False)
    exchange.fetch_order(row()["order_id"])
    trace, order = traced(lambda: exchange.fetch_order(row()["order_id"]))
    assert order["status"] == "open"
    assert 10 < len(trace.calls) <= 30, trace.calls
    assert len(trace.files) <= 10, trace.files


async def test_one_order_travels_through_few_rooms_on_asyncio(opened, row):
    exchange = opened(asynchronous=True)
    await exchange.fetch_order(row()["order_id"])
    trace = Trace()
    sys.setprofile(trace)
    try:
        order = await exchange.fetch_order(row()["order_id"])
    finally:
        sys.setprofile(None)
        await exchange.close()
        await asyncio.sleep(0)
    assert order["status"] == "open"
    assert 10 < len(trace.calls) <= 30, trace.calls
    assert len(trace.files) <= 10, trace.files


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("exchange_id", ["digifinex", "kraken"])
def test_at_most_four_classes_of_ours_stand_over_ccxts(exchange_id, asynchronous):
    exchange = AdapterHost(entry_points=False).connect(exchange_id, asynchronous=asynchronous)
    module = ccxt.async_support if asynchronous else ccxt
    classes = type(exchange).__mro__
    stock = classes.index(getattr(module, exchange_id))
    assert 1 < stock <= 4, classes


def test_an_attached_object_has_one_more():
    exchange = dfx_adapter.attach(ccxt.digifinex())
    classes = type(exchange).__mro__
    assert classes.index(ccxt.digifinex) <= 5, classes


METHODS = sorted(name for name, value in vars(DigiFinex).items() if hasattr(value, "__signature__"))


@pytest.mark.parametrize("name", METHODS)
def test_both_classes_have_one_method_with_its_own_signature_and_docstring(name):
    called, awaited = getattr(DigiFinex, name), getattr(AsyncDigiFinex, name)
    signature = inspect.signature(called)
    assert signature == inspect.signature(awaited)
    assert next(iter(signature.parameters)) == "self"
    assert "Steps" not in str(signature)
    assert "Generator" not in str(signature)
    assert called.__doc__ == awaited.__doc__ != None  # noqa: E711  # one comparison
    assert not hasattr(called, "__wrapped__")
    assert inspect.iscoroutinefunction(awaited)
    assert not inspect.isgeneratorfunction(called)


def test_the_methods_stand_under_ccxts_other_names_too():
    assert len(METHODS) > 30
    snake = [name for name in METHODS if "_" in name.strip("_") and not name.startswith("_")]
    for name in snake:
        first, *others = name.split("_")
        camel = first + "".join(map(str.capitalize, others))
        assert vars(DigiFinex)[camel] is vars(DigiFinex)[name]


# The files.

SOURCES = sorted([*ROOT.rglob("*.py"), *REPO.joinpath("conformance/dfx_conformance").rglob("*.py")])


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def lines_of(function):
    """Count the lines from `def` to the end, without the docstring."""
    docstring = ast.get_docstring(function, clean=False)
    length = function.end_lineno - function.lineno + 1
    return length - (len(docstring.splitlines()) if docstring else 0)


def test_no_module_is_long_and_no_function():
    long = [
        str(path) for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]
    for path in SOURCES:
        functions = [
            node
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        long += [f"{path}: {node.name}" for node in functions if lines_of(node) > 60]
    assert long == []


@pytest.mark.parametrize("room", ["guards", "exchanges"])
def test_what_serves_any_exchange_does_not_name_ours(room):
    for path in ROOT.joinpath(room).rglob("*.py"):
        assert "digifinex" not in path.read_text(encoding="utf-8").lower(), path


# A row's fields.


def test_a_rows_fields_stand_in_one_list(row):
    fields = rows.OrderRow._fields
    assert set(fields) == set(row())
    assert rows.OrderRow(*rows.read_row(row()))._asdict() == row()


@pytest.mark.parametrize("name", rows.OrderRow._fields)
def test_each_field_is_read_by_its_name(row, name):
    raw = row(**{name: None})
    fault = rows.read_row(raw)
    assert fault.path == f".{name}"


def test_the_simulator_has_the_same_fields(simulator):
    order_id = simulator.place("BTC_USDT", "buy", price=9000, amount=1)
    assert set(simulator.row(order_id)) == set(rows.OrderRow._fields)
    assert len(rows.OrderRow._fields) == mapping.FIELDS
