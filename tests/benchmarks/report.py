"""The table of what was measured, in Markdown."""

import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pace import Paced
from pyperf import Benchmark

_HEAD = (
    "| what | stock ccxt | dfx-adapter | floor | stock / ours | ours / floor |\n"
    "|---|---:|---:|---:|---:|---:|\n"
)
_BEGIN, _END = "<!-- benchmarks: begin -->\n", "<!-- benchmarks: end -->"
Format = Callable[[float], str]


@dataclass(frozen=True)
class Row:
    """One line of the table; `stock_ratio` where it is not the quotient of the two figures.

    `paced` has the samples, where time was measured, of calls of which each did `share` of it.
    """

    what: str
    written: Format
    stock: float | None
    ours: float
    floor: float | None = None
    stock_ratio: float | None = None
    floor_ratio: float | None = None
    more_is_better: bool = False
    paced: Paced | None = None
    share: int = 1

    @classmethod
    def of_pace(cls, what: str, paced: Paced, written: Format, share: int = 1) -> "Row":
        """Make a row of timed sides, `share` to a call; stock is its fastest side."""
        stock = paced.fastest(*(name for name in paced.sides if name.startswith("stock")))
        has_floor = "floor" in paced.sides
        return cls(
            what,
            written,
            paced.seconds(stock) / share,
            paced.seconds("ours") / share,
            paced.seconds("floor") / share if has_floor else None,
            paced.ratio(stock, "ours"),
            paced.ratio("ours", "floor") if has_floor else None,
            paced=paced,
            share=share,
        )

    def markdown(self) -> str:
        """Return the line."""
        figures = [self.stock, self.ours, self.floor]
        ratios = [
            self.stock_ratio or self._ratio(self.stock, self.ours),
            self.floor_ratio or self._ratio(self.ours, self.floor),
        ]
        cells = [
            self.what,
            *("" if figure is None else self.written(figure) for figure in figures),
            *("" if ratio is None else f"{ratio:.1f}" for ratio in ratios),
        ]
        return f"| {' | '.join(cells)} |\n"

    def benchmarks(self) -> list[Benchmark]:
        """Return the samples as pyperf keeps them."""
        what = self.what.partition(": ")[0]
        return self.paced.named(what, self.share) if self.paced else []

    def _ratio(self, slow: float | None, fast: float | None) -> float | None:
        if slow is None or not fast:
            return None
        return fast / slow if self.more_is_better else slow / fast


def microseconds(value: float) -> str:
    """Write seconds as microseconds."""
    return f"{value * 1e6:.1f} µs"


def milliseconds(value: float) -> str:
    """Write seconds as milliseconds."""
    return f"{value * 1e3:.3g} ms" if value < 0.1 else f"{value * 1e3:,.0f} ms"


def seconds(value: float) -> str:
    """Write seconds."""
    return f"{value:.3g} s" if value < 100 else f"{value:.0f} s"


def table(rows: Iterable[Row]) -> str:
    """Return the table, and on what it was measured."""
    machine = (
        f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}, "
        f"ccxt {version('ccxt')}"
    )
    return f"{_HEAD}{''.join(row.markdown() for row in rows)}\nMeasured on {machine}.\n"


def put_into(readme: Path, text: str) -> None:
    """Replace what stands between the two marks."""
    before, begin, rest = readme.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{readme.name}: expected {_BEGIN.strip()} and {_END}")
    readme.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")
