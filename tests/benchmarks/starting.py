"""What a fresh interpreter needs until it has the adapter, and until its first order."""

from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter

import answers
import child
import stock
from pace import Paced, pace_of_seconds
from report import Row, milliseconds

_IMPORT = """
from time import perf_counter
start = perf_counter()
import {module}
print(perf_counter() - start)
"""
_OURS = """
import dfx_adapter
[order] = dfx_adapter.parse_orders("digifinex", {body!r})
"""
_STOCK = """
import ccxt
exchange = ccxt.digifinex()
exchange.set_markets([exchange.safe_market_structure({market!r})])
[row] = exchange.parse_json({body!r}.decode())["data"]
order = exchange.parse_order(row)
"""
_FLOOR = """
import orjson
[row] = orjson.loads({body!r})["data"]
"""


def imports(rounds: int) -> Row:
    """Measure the import as the importing process sees it."""
    modules = {"stock": "ccxt", "ours": "dfx_adapter"}
    codes = {side: _IMPORT.format(module=module) for side, module in modules.items()}
    return Row.of_pace(
        "`import dfx_adapter`, `import ccxt`", _paced(_seconds_of, codes, rounds), milliseconds
    )


def first_order(rounds: int) -> Row:
    """Measure a process from its start to its end; the floor has an interpreter and orjson."""
    given = {"body": answers.body(1), "market": stock.market(answers.rows(1)[0]["symbol"])}
    sources = {"stock": _STOCK, "ours": _OURS, "floor": _FLOOR}
    codes = {side: source.format(**given) for side, source in sources.items()}
    return Row.of_pace(
        "fresh interpreter → first offline order", _paced(_lasting, codes, rounds), milliseconds
    )


def _paced(measure: Callable[[str], float], codes: Mapping[str, str], rounds: int) -> Paced:
    for code in codes.values():  # once before, so that all is compiled and read from the disk
        child.run("-c", code)
    return pace_of_seconds({side: partial(measure, code) for side, code in codes.items()}, rounds)


def _seconds_of(code: str) -> float:
    return float(child.run("-c", code))


def _lasting(code: str) -> float:
    start = perf_counter()
    child.run("-c", code)
    return perf_counter() - start
