"""`dfx-adapter map` on JSON Lines: how many orders a second, and how much memory."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import answers
import child
import orjson
from pace import pace_of_seconds
from report import Row

_MAPPER = Path(__file__).with_name("line_mapper.py")
_SIDES = ("stock", "ours", "floor")
_ENOUGH = 100_000  # orders; more of them only show that the memory does not grow


class Mapping:
    """The mapping of one file by every side, each in a process, and the most memory of each."""

    def __init__(self, source: Path) -> None:
        self.peaks = dict.fromkeys(_SIDES, 0)
        self._source = source

    def side(self, name: str) -> Callable[[], float]:
        """Return what maps the file to nowhere and tells the processor time, start included."""

        def run() -> float:
            printed = child.run(str(_MAPPER), name, str(self._source), os.devnull)
            lasted, peak = printed.split()
            self.peaks[name] = max(self.peaks[name], int(peak))
            return float(lasted)

        return run


def mapping(count: int, rounds: int) -> list[Row]:
    """Measure lines of a row, of an answer with one row and with twenty; and the memory."""
    rows = []
    fewer = min(count, _ENOUGH)
    with tempfile.TemporaryDirectory() as folder:
        for shape, per_line, lines in (
            ("a row", 0, count),
            ("an answer of 1 row", 1, fewer),
            ("an answer of 20 rows", 20, fewer),
        ):
            many = Mapping(_written(Path(folder), lines, per_line))
            sides = {name: many.side(name) for name in _SIDES}
            paced = pace_of_seconds(sides, rounds if lines <= _ENOUGH else 1)
            rates = [lines / paced.seconds(name) for name in _SIDES]
            ratios = [paced.ratio("stock", "ours"), paced.ratio("ours", "floor")]
            what = f"`dfx-adapter map`, {lines:,} orders, {shape} a line: orders a second"
            rows.append(Row(what, "{:,.0f}".format, *rates, *ratios, paced=paced, share=lines))
            if not per_line:
                few = Mapping(_written(Path(folder), fewer // 10, per_line))
                for name in _SIDES:
                    few.side(name)()
                rows += [_memory(fewer // 10, few), _memory(count, many)]
    return rows


def _memory(count: int, mapped: Mapping) -> Row:
    what = f"`dfx-adapter map`, {count:,} orders: most memory"
    return Row(what, _mebibytes, *mapped.peaks.values())


def _mebibytes(kibibytes: float) -> str:
    return f"{kibibytes / 1024:.1f} MiB"


def _written(folder: Path, count: int, per_line: int) -> Path:
    """Write so many rows, `per_line` to an answer and a line; 0 writes rows that stand alone."""
    path = folder / f"{count}-{per_line}.jsonl"
    with path.open("wb") as stream:
        for start in range(0, count, per_line or 1):
            rows = answers.rows(per_line or 1, seed=start)
            stream.write(orjson.dumps({"code": 0, "data": rows} if per_line else rows[0]) + b"\n")
    return path
