"""The plots: SVG, small, without a background, in colours that stand out on white and on black."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from pace import Paced

_GREY = "#7d858e"
_COLOURS = {"stock ccxt": "#d1661b", "dfx-adapter": "#2f81f7", "floor": _GREY}
_STYLE = {
    "svg.fonttype": "none",  # text stays text: smaller, and readable by a screen reader
    "svg.hashsalt": "dfx-adapter",  # the same figures give the same file
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": _GREY,
    "axes.labelcolor": _GREY,
    "axes.edgecolor": _GREY,
    "axes.titlecolor": _GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _GREY,
    "grid.alpha": 0.25,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
    "savefig.transparent": True,
}
_OFFLINE = {"stock, one by one": "stock ccxt", "ours": "dfx-adapter", "floor": "floor"}
_LOOPBACK = {"stock": "stock ccxt", "ours": "dfx-adapter"}


def draw(
    by_size: Mapping[int, Paced], by_count: Mapping[str, Mapping[int, Paced]], folder: Path
) -> None:
    """Write the three plots."""
    with mpl.rc_context(_STYLE):
        _save(_throughput(by_size), folder / "throughput.svg")
        _save(_cost(by_size), folder / "cost.svg")
        _save(_ids(by_count), folder / "ids.svg")


def _throughput(by_size: Mapping[int, Paced]) -> Figure:
    sizes = [size for size in (1, 20, max(by_size)) if size in by_size]
    figure, axes = _axes("Orders a second, from the bytes of one answer")
    for place, (side, name) in enumerate(_OFFLINE.items()):
        rates = [size / by_size[size].seconds(side) for size in sizes]
        at = [index + 0.27 * (place - 1) for index in range(len(sizes))]
        bars = axes.barh(at, rates, height=0.24, color=_COLOURS[name], label=name)
        axes.bar_label(bars, [f"{name} {rate:,.0f}" for rate in rates], padding=4, fontsize=9)
    axes.set_yticks(range(len(sizes)), [f"{size:,} row{'s' * (size > 1)}" for size in sizes])
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.locator_params(axis="x", nbins=5)
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.25)
    return figure


def _cost(by_size: Mapping[int, Paced]) -> Figure:
    figure, axes = _axes("Cost per order, by the number of rows in an answer", "rows", "µs")
    for side, name in _OFFLINE.items():
        costs = [1e6 * paced.seconds(side) / size for size, paced in by_size.items()]
        _line(axes, list(by_size), costs, name, _COLOURS[name])
    axes.set_ylim(bottom=0)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    return figure


def _ids(by_count: Mapping[str, Mapping[int, Paced]]) -> Figure:
    figure, axes = _axes("Asking for known ids over loopback, no rate limit", "ids", "seconds")
    for side, name in _LOOPBACK.items():
        ends = {kind: list(timed.values())[-1].seconds(side) for kind, timed in by_count.items()}
        upper = max(ends, key=ends.__getitem__)
        for (kind, timed), style in zip(by_count.items(), ("-", "--"), strict=True):
            times = [paced.seconds(side) for paced in timed.values()]
            up = 6 if kind == upper else -6
            _line(axes, list(timed), times, f"{name}, {kind}", _COLOURS[name], style, up)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:g}")
    return figure


def _axes(title: str, across: str = "", up: str = "") -> tuple[Figure, Any]:
    figure = Figure(figsize=(7.2, 3.6))
    # Room for the names at the ends of the lines, in a font that may be wider than ours.
    figure.set_layout_engine("constrained", rect=(0, 0, 0.97, 1))
    axes = figure.subplots()
    axes.set_title(title, loc="left", fontsize=12)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    return figure, axes


def _line(
    axes: Any,
    x: Sequence[float],
    y: Sequence[float],
    name: str,
    colour: str,
    style: str = "-",
    up: int = 0,  # points that the name stands above the end of its line
) -> None:
    axes.plot(x, y, style, color=colour, marker="o", markersize=4, linewidth=2)
    axes.annotate(
        name, (x[-1], y[-1]), (8, up), textcoords="offset points", color=colour, va="center"
    )


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None, "Creator": None})
