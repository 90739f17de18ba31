"""How fast the adapter is, beside stock ccxt and beside what no mapping can be faster than.

Nothing here is a test: what is measured depends on the machine, and no figure is demanded.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import lines
import loopback
import offline
import plots
import pyperf
import report
import starting

_HERE = Path(__file__).parent
_RESULTS = _HERE / "results"
_README = _HERE / "README.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python tests/benchmarks", description=__doc__)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true", help="everything once, and little of it")
    extent.add_argument(
        "--write", action="store_true", help="write results/ and the table of README.md here"
    )
    parser.add_argument("--output", type=Path, help="write all samples, for `python -m pyperf`")
    return parser.parse_args()


@dataclass(frozen=True)
class Plan:
    """How much of each is measured; rounds, unless it says otherwise."""

    parsing: dict[int, int]  # rows -> rounds
    rows: int  # at most, where the cost is measured by the size of the answer
    ids: int
    lines: int
    few: int
    many: int


_QUICK = Plan({20: 1, 1: 1}, rows=1_000, ids=40, lines=2_000, few=1, many=3)
_FULL = Plan({20_000: 15, 20: 25, 1: 25}, rows=100_000, ids=1_000, lines=1_000_000, few=3, many=300)


def main() -> None:
    """Measure all, print the tables, and write them where that is wanted."""
    given = _arguments()
    plan = _QUICK if given.quick else _FULL
    _say("from bytes to orders")
    by_size = offline.by_size(plan.rows, plan.few)
    rows = [*offline.parsing(plan.parsing), offline.hooks(plan.parsing[20])]
    _say("over loopback")
    with loopback.connected(plan.ids) as (both, exchange, ids):
        rows += loopback.many_orders(both, exchange, ids, 3 * plan.few)
        by_count = loopback.by_count(both, ids, plan.few)
        rows += loopback.one_order(both, ids, plan.many)
    _say("fresh interpreters")
    rows += [starting.imports(3 * plan.few), starting.first_order(3 * plan.few)]
    _say(f"{plan.lines:,} lines")
    rows += lines.mapping(plan.lines, plan.few)
    tables = f"{report.table(rows)}\n{offline.growth(by_size)}"
    sys.stdout.write(tables)
    if given.output:
        samples = [benchmark for row in rows for benchmark in row.benchmarks()]
        pyperf.BenchmarkSuite(samples).dump(str(given.output), replace=True)
    if given.write:
        _RESULTS.mkdir(exist_ok=True)
        (_RESULTS / "table.md").write_text(tables, encoding="utf-8")
        report.put_into(_README, report.table(rows))
        plots.draw(by_size, by_count, _RESULTS)
    else:
        with tempfile.TemporaryDirectory() as folder:
            plots.draw(by_size, by_count, Path(folder))


def _say(what: str) -> None:
    sys.stderr.write(f"measuring: {what}\n")


if __name__ == "__main__":
    main()
