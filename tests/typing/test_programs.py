"""What users write, under the type checkers: some of it both accept, some of it both refuse.

A line of `refused` that is wrong ends in `# E:` and a word of what each checker says about it.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROGRAMS = sorted([*HERE.glob("accepted/*.py"), *HERE.glob("refused/*.py")])
MARK = re.compile(r"  # E: (.+)$")
MYPY_ERROR = re.compile(r"^(?P<file>.+?\.py):(?P<line>\d+): error: (?P<message>.*)$")


def by_mypy(tmp_path):
    """Check as a user does, to whom the package is installed: without our own configuration."""
    options = ["--strict", "--config-file=", "--python-version=3.11", f"--cache-dir={tmp_path}"]
    for folder in ("accepted", "refused"):
        command = [sys.executable, "-m", "mypy", *options, "."]
        done = subprocess.run(
            command, cwd=HERE / folder, capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 1}, done.stdout + done.stderr
        for match in filter(None, map(MYPY_ERROR.match, done.stdout.splitlines())):
            yield HERE / folder / match["file"], int(match["line"]), match["message"]


def by_pyright(_):
    options = ["--outputjson", "--project", HERE, "--pythonpath", sys.executable]
    command = [sys.executable, "-m", "pyright", *options]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    for found in json.loads(done.stdout)["generalDiagnostics"]:
        if found["severity"] == "error":
            yield Path(found["file"]), found["range"]["start"]["line"] + 1, found["message"]


@pytest.fixture(scope="module", params=[by_mypy, by_pyright], ids=["mypy", "pyright"])
def errors(request, tmp_path_factory):
    """What a checker says, by program and line."""
    name = request.param.__name__.removeprefix("by_")
    pytest.importorskip(name, reason="the type checkers are among the tools of development")
    found = defaultdict(lambda: defaultdict(str))
    for path, line, message in request.param(tmp_path_factory.mktemp("cache")):
        found[path.resolve()][line] += message
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_program_has_the_errors_that_are_marked_and_no_other(errors, program):
    lines = program.read_text(encoding="utf-8").splitlines()
    marked = {
        number: match[1] for number, line in enumerate(lines, 1) if (match := MARK.search(line))
    }
    found = errors[program]
    assert found.keys() == marked.keys(), dict(found)
    for number, word in marked.items():
        assert word.lower() in found[number].lower(), (number, word)


def test_each_folder_has_what_it_is_for():
    marks = {path: "  # E: " in path.read_text(encoding="utf-8") for path in PROGRAMS}
    assert all(is_marked == (path.parent.name == "refused") for path, is_marked in marks.items())
    assert len(set(marks.values())) == 2
