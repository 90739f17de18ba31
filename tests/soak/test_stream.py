"""A few seconds of the stream's soak, by the command that runs it for minutes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_a_short_soak_ends_with_nothing_wrong():
    command = [sys.executable, "-m", "tests.soak.stream", "--minutes", "0.1", "--seed", "7"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert (done.returncode, report["wrong"], report["examples"]) == (0, 0, [])
    assert report["changes"] > 200
    assert sum(report["faults"].values()) > 10
