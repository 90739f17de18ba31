"""`dfx-adapter map` on JSON Lines: how many orders a second, and how much memory."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import answers
import child
import orjson
from pace import told
from report import Row

_MAPPER = Path(__file__).with_name("line_mapper.py")
_FEW = 10_000
_SIDES = ("stock", "ours", "floor")


class Mapping:
    """The mapping of one file by every side, each in a process, and the most memory of each."""

    def __init__(self, source: Path) -> None:
        self.peaks = dict.fromkeys(_SIDES, 0)
        self._source = source

    def side(self, name: str) -> Callable[[], float]:
        """Return what maps the file to nowhere and tells the seconds, start and end included."""

        def run() -> float:
            start = perf_counter()
            printed = child.run(str(_MAPPER), name, str(self._source), os.devnull)
            lasted = perf_counter() - start
            self.peaks[name] = max(self.peaks[name], int(printed))
            return lasted

        return run


def mapping(count: int, rounds: int) -> list[Row]:
    """Measure lines of one order and lines of twenty, and the memory of few and of many."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for each in (1, 20):
            many = _written(Path(folder), count, each)
            few = _written(Path(folder), min(_FEW, count // 10), each)
            rows += _rows(many, few, count, each, rounds)
    return rows


def _rows(many: Path, few: Path, count: int, each: int, rounds: int) -> list[Row]:
    large, small = Mapping(many), Mapping(few)
    paced = told({name: large.side(name) for name in _SIDES}, rounds)
    for name in _SIDES:
        small.side(name)()
    orders = "an order" if each == 1 else f"{each} orders"
    rates = [count / paced.seconds(name) for name in _SIDES]
    ratios = [paced.ratio("stock", "ours"), paced.ratio("ours", "floor")]
    what = f"`dfx-adapter map`, {count:,} orders, {orders} a line"
    return [
        Row(f"{what}, orders a second", "{:,.0f}".format, *rates, *ratios),
        *(
            Row(f"the same, most memory at {number:,} orders", _mebibytes, *found.peaks.values())
            for number, found in ((min(_FEW, count // 10), small), (count, large))
        ),
    ]


def _mebibytes(kibibytes: float) -> str:
    return f"{kibibytes / 1024:.1f} MiB"


def _written(folder: Path, count: int, each: int) -> Path:
    """Write answers of so many rows, one a line."""
    path = folder / f"{count}-{each}.jsonl"
    with path.open("wb") as stream:
        for start in range(0, count, each):
            rows = answers.rows(each, seed=start)
            stream.write(orjson.dumps({"code": 0, "data": rows}) + b"\n")
    return path
