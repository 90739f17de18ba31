"""Run the adapter, and stock ccxt, inside real bots.

    python tests/bots/real/run.py [BOT...] [--ci] [--table] [--environments DIR]

The exit code is 1 where a check fails with the adapter, where one that stock ccxt should fail
does not fail with it (or the other way round), and where a check says nothing. Needs nothing but
Python, pip and an index.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bots import BOTS, PASSES, Bot

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SIDES = ("stock", "ours")
PATIENCE = 900
"""Seconds for all the checks of one bot on one side."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found on one side."""

    ok: bool
    saw: str


Lines = Mapping[str, Result]
"""By check."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was seen of one bot."""

    bot: Bot
    ccxt: str
    sides: Mapping[str, Lines]

    def faults(self) -> list[str]:
        """Tell what is not as it should be."""
        return [*self._silent(), *self._unannounced(), *self._failed()]

    def _silent(self) -> Iterable[str]:
        if not self.bot.checks:
            yield f"{self.bot.name}: no check is listed"
        for side in SIDES:
            for name in self.bot.checks:
                if name not in self.sides[side]:
                    yield f"{self.bot.name}: {name} said nothing ({side})"

    def _unannounced(self) -> Iterable[str]:
        for side in SIDES:
            for name in set(self.sides[side]) - set(self.bot.checks):
                yield f"{self.bot.name}: {name} is not listed ({side})"

    def _failed(self) -> Iterable[str]:
        for name, expected in self.bot.checks.items():
            ours, stock = (self.sides[side].get(name) for side in ("ours", "stock"))
            if ours is not None and not ours.ok:
                yield f"{self.bot.name}: {name} fails: {ours.saw}"
            if stock is not None and stock.ok != (expected == PASSES):
                yield f"{self.bot.name}: {name}: the table says {expected!r}, but: {stock.saw}"

    def summary(self) -> str:
        """Give the row of the table: bot, ccxt, how much passes, and where stock ccxt fails."""
        count = len(self.bot.checks)
        passed = [sum(result.ok for result in self.sides[side].values()) for side in SIDES]
        failed = [name for name, result in self.sides["stock"].items() if not result.ok]
        counts = (f"{number} of {count}" for number in passed)
        cells = [f"{self.bot.name} {self.bot.version}", self.ccxt, *counts, "; ".join(failed)]
        return f"| {' | '.join(cells)} |"

    def details(self) -> Iterable[str]:
        """Give what was seen in each check."""
        yield f"{self.bot.name} {self.bot.version}, ccxt {self.ccxt}"
        for name in self.bot.checks:
            yield f"  {name}"
            for side in SIDES:
                result = self.sides[side].get(name, Result(ok=False, saw="nothing"))
                yield f"    {'✓' if result.ok else '✗'} {side}: {result.saw}"


def table(reports: Iterable[Report]) -> str:
    """Write the guide's table of results."""
    head = [
        "| bot | ccxt | stock passes | dfx-adapter passes | stock fails |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(report.summary() for report in reports)])


def environment(bot: Bot, home: Path) -> Path:
    """Make a bot's virtual environment, or find one of the same pins; give its Python."""
    python = home / bot.name / "bin" / "python"
    stamp = home / bot.name / "pins.json"
    wanted = json.dumps([sys.version, *bot.pins])
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(home / bot.name, clear=True, with_pip=True)
        pip(python, *bot.pins)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def pip(python: Path, *arguments: str) -> None:
    """Install into an environment, with uv where there is one; show what it says of a failure."""
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "-q", "--python", str(python)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"pip install {' '.join(arguments)}\n{done.stdout}{done.stderr}")


def build_wheel(home: Path) -> Path:
    """Build the adapter's wheel, by itself in its directory."""
    builder = home / ".build"
    python = builder / "bin" / "python"
    if not python.exists():
        venv.create(builder, with_pip=True)
    directory = Path(tempfile.mkdtemp(dir=builder))
    command = [
        str(python),
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(directory),
        str(ROOT),
    ]
    subprocess.run(command, check=True)
    (wheel,) = directory.glob("*.whl")
    return wheel


def run_script(python: Path, script: Path, side: str, directory: Path) -> dict[str, Result]:
    """Run the checks of one side; where the script breaks, show the end of its log."""
    log = directory / f"{side}.log"
    cleared = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [str(python), str(script), side],
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=directory,
            env=cleared,
            text=True,
        ) as process,
    ):
        try:
            out, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
    if process.returncode:
        print(
            f"{script.name} {side}: exit code {process.returncode}; its log ends:", file=sys.stderr
        )
        print("\n".join(log.read_text(encoding="utf-8").splitlines()[-20:]), file=sys.stderr)
    return read_lines(out)


def read_lines(out: str) -> dict[str, Result]:
    """Read what a script printed."""
    lines = map(json.loads, filter(None, out.splitlines()))
    return {line["check"]: Result(line["ok"], line["saw"]) for line in lines}


def report_on(bot: Bot, python: Path) -> Report:
    """Run both sides of one bot."""
    directory = Path(tempfile.mkdtemp(prefix=f"{bot.name}-"))
    sides = {side: run_script(python, HERE / bot.script, side, directory) for side in SIDES}
    ask = f"import importlib.metadata as m; print(m.version({bot.ccxt!r}))"
    version = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout
    return Report(bot, version.strip(), sides)


def chosen(names: Sequence[str], *, ci: bool) -> list[Bot]:
    """Find the bots asked for; without names, all of them or those of CI."""
    known = {bot.name.lower(): bot for bot in BOTS}
    unknown = [name for name in names if name.lower() not in known]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; known: {', '.join(bot.name for bot in BOTS)}")
    bots = [known[name.lower()] for name in names] or [bot for bot in BOTS if bot.ci or not ci]
    young = [bot.name for bot in bots if sys.version_info < bot.python]
    if young:
        sys.exit(f"Python is too old for {', '.join(young)}")
    return bots


def main() -> int:
    """Run the bots asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bots", nargs="*", metavar="BOT", help="one of the table in bots.py")
    parser.add_argument("--ci", action="store_true", help="those that CI runs")
    parser.add_argument(
        "--table", action="store_true", help="end with the table of dfx_adapter/bots/README.md"
    )
    parser.add_argument("--environments", type=Path, help="where the environments are kept")
    asked = parser.parse_args()
    home = asked.environments or Path(tempfile.gettempdir()) / "dfx-adapter-bots"
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    wheel = build_wheel(home)
    reports = []
    for bot in chosen(asked.bots, ci=asked.ci):
        print(f"{bot.name}: {' '.join(bot.pins)}", file=sys.stderr)
        python = environment(bot, home)
        pip(python, "--force-reinstall", "--no-deps", str(wheel))
        pip(python, *(part.format(wheel=wheel) for part in bot.wheel))
        reports.append(report_on(bot, python))
    print(*chain.from_iterable(report.details() for report in reports), sep="\n")
    if asked.table:
        print(table(reports))
    faults = [fault for report in reports for fault in report.faults()]
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
