"""Order status inside an engine that exists already, on a real cluster; and the guide's plan."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from dfx_adapter import AdapterHost

HERE = Path(__file__).parent


@pytest.fixture
def files(tmp_path, row):
    """Two files of answers: 3 lines of 20 orders, and 1 line of 1."""
    first = [
        {"code": 0, "data": [row(order_id=f"{line}-{n}", status=0) for n in range(20)]}
        for line in range(3)
    ]
    second = [{"code": 0, "data": [row(order_id="last", status=3, finished_date=1_600_000_001)]}]
    paths = []
    for name, bodies in (("first", first), ("second", second)):
        paths.append(tmp_path / f"{name}.jsonl")
        paths[-1].write_text("\n".join(map(json.dumps, bodies)), encoding="utf-8")
    return paths


@pytest.mark.long
def test_a_dask_cluster_maps_files_of_answers(files):
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    command = [sys.executable, str(HERE / "map_files.py"), *map(str, files)]
    done = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines() == ["60 2-19 open", "1 last canceled"]


def test_a_host_and_its_orders_travel(row):
    host = pickle.loads(pickle.dumps(AdapterHost(entry_points=False)))  # noqa: S301  # our own
    orders = host.parse_orders("digifinex", [row()])
    assert pickle.loads(pickle.dumps(orders)) == orders  # noqa: S301  # our own


def test_the_plan_of_the_guide_is_what_its_command_prints(mocker, capsys):
    from tests.scale import measure

    mocker.patch.object(measure, "measure_redis")
    mocker.patch.object(measure, "measure_requests")
    measure.main()
    guide = HERE.parents[1].joinpath("dfx_adapter/limits/README.md").read_text(encoding="utf-8")
    plan = capsys.readouterr().out.splitlines()
    assert plan
    for line in plan:
        assert f"    {line}\n" in guide
