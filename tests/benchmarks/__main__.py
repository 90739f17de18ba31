"""How fast the adapter is, beside stock ccxt and beside what no mapping can be faster than.

Nothing here is a test: what is measured depends on the machine, and no figure is demanded.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import lines
import loopback
import offline
import plots
import report
import starting

_HERE = Path(__file__).parent
_RESULTS = _HERE / "results"
_README = _HERE.parents[1] / "README.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python tests/benchmarks", description=__doc__)
    parser.add_argument("--million", action="store_true", help="map 1,000,000 rows, not 100,000")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true", help="everything once, and little of it")
    extent.add_argument("--write", action="store_true", help="write results/ and README's table")
    return parser.parse_args()


def main() -> None:
    """Measure all, print the tables, and write them where that is wanted."""
    given = _arguments()
    quick = given.quick
    timed = offline.by_size(1_000 if quick else 100_000, 1 if quick else 5)
    rows = offline.parsing({20: 1, 1: 1} if quick else {20_000: 9, 20: 25, 1: 25})
    rows.append(offline.hooks(1 if quick else 25))
    with loopback.connected(40 if quick else 1_000) as (both, exchange, ids):
        rows += loopback.many_orders(both, exchange, ids, 1 if quick else 5)
        by_count = loopback.by_count(both, ids, 1 if quick else 3)
        rows += loopback.one_order(both, ids, 3 if quick else 500)
    rows.append(starting.imports(1 if quick else 11))
    rows.append(starting.first_order(1 if quick else 11))
    count = 2_000 if quick else 1_000_000 if given.million else 100_000
    rows += lines.mapping(count, 1 if quick or given.million else 3)
    table = report.table(rows)
    sys.stdout.write(f"{table}\n{offline.growth(timed)}")
    if given.write:
        _RESULTS.mkdir(exist_ok=True)
        (_RESULTS / "table.md").write_text(f"{table}\n{offline.growth(timed)}", encoding="utf-8")
        report.put_into(_README, table)
        plots.draw(timed, by_count, _RESULTS)
    else:
        with tempfile.TemporaryDirectory() as folder:
            plots.draw(timed, by_count, Path(folder))


if __name__ == "__main__":
    main()
