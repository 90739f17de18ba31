"""A few seconds of the soak, by the command that runs it for minutes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_a_short_soak_ends_with_nothing_wrong():
    command = [sys.executable, "-m", "tests.soak.soak", "--minutes", "0.1", "--seed", "7"]
    paths = os.pathsep.join([str(ROOT), *sys.path])
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert (done.returncode, report["wrong"]) == (0, 0)
    assert sum(report["calls"].values()) > 200
    assert sum(report["the exchange"]["faults"].values()) > 20
    assert report["orders placed"]["placed"] > 0
