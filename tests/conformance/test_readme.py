"""The suite's README tells the truth: a stranger who does what it says sees what it shows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dfx_conformance.report import VERDICTS

README = Path(__file__).parents[2].joinpath("conformance/README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def place(tmp_path):
    """A directory that has the files of the README and nothing else."""
    for language, text in BLOCKS:
        named = re.match(r"# (\w+\.py)\n", text)
        if language == "python" and named:
            tmp_path.joinpath(named[1]).write_text(text, encoding="utf-8")
    return tmp_path


def run(place, *arguments):
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


def test_one_vector_shows_what_stands_there(place):
    (expected,) = [text for language, text in BLOCKS if language == "text"]
    line = next(one for one in README.splitlines() if "--vector timestamps/" in one)
    done = run(place, *line.strip().replace("dfx-conformance", "dfx_conformance").split())
    assert (done.stdout, done.returncode) == (expected, 1)


def test_the_command_writes_its_report(place):
    line = next(one for one in README.splitlines() if "--report report.html" in one)
    done = run(place, *line.strip().replace("dfx-conformance", "dfx_conformance").split(), "-q")
    assert "does not conform" in done.stdout
    assert place.joinpath("report.html").stat().st_size > 0


def test_the_class_is_collected_and_fails_as_it_should(place):
    options = ("-p", "no:cacheprovider", "-k", "timestamps/open-finished or budget-open")
    done = run(place, "pytest", "-q", *options)
    assert done.returncode == 1
    assert "lastTradeTimestamp is 0, expected None" in done.stdout


def test_every_verdict_has_its_row():
    rows = re.findall(r"^\| (\w+) \| .* \|$", README, re.MULTILINE)
    assert [row for row in rows if row in VERDICTS] == list(VERDICTS)
