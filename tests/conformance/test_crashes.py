"""The suite's own crash is loud, and never taken for a fault of the subject, or for none."""

import json

import pytest
from typer.testing import CliRunner

from dfx_conformance import Subject, cli, reports, run
from dfx_conformance.profiles import mapping
from dfx_conformance.profiles.wire import asking

from .conftest import good, vector

ONLY = ["spot/partial-canceled-1"]


@pytest.fixture
def crashing(mocker, vectors):
    """Give a run whose check of a vector fails by itself."""
    made = vectors(vector())
    mocker.patch.object(mapping, "compare_orders", side_effect=KeyError("own fault"))

    def report(**given):
        return run(Subject("good", good, **given), ["digifinex-mapping"], made, only=ONLY)

    return report


def test_it_is_a_verdict_of_its_own(crashing):
    report = crashing()
    (result,) = report["results"]
    assert (result["verdict"], result["problems"]) == ("crashed", [])
    assert "KeyError('own fault')" in result["reason"]
    assert "not of the subject" in result["reason"]
    assert "test_crashes" in result["got"] or "mapping.py" in result["got"]
    assert (report["ok"], report["conforms"], report["crashed"]) == (False, False, 1)
    assert report["rules"]["MAP-003"] == "crashed"


@pytest.mark.parametrize("name", [*ONLY, "MAP-003"])
def test_no_expected_failure_covers_it_nor_is_any_missed(crashing, name):
    report = crashing(xfail={name: "we know"})
    assert [result["verdict"] for result in report["results"]] == ["crashed"]


def test_every_report_has_it(crashing, tmp_path):
    done = [crashing()]
    for name in ("report.json", "report.html", "report.md", "report.xml"):
        reports.write(done, tmp_path / name)
        assert "own fault" in (tmp_path / name).read_text(encoding="utf-8")
    assert '<error message="a fault of the suite' in (tmp_path / "report.xml").read_text("utf-8")
    assert 'errors="1"' in (tmp_path / "report.xml").read_text("utf-8")
    assert json.loads((tmp_path / "report.json").read_bytes())
    assert "CRASHED spot/partial-canceled-1" in reports.failures(done[0])
    assert "not known: the suite itself failed in 1 cases" in reports.counts(done)


def test_the_command_says_so_by_its_exit_code(mocker):
    mocker.patch.object(mapping, "compare_orders", side_effect=KeyError("own fault"))
    result = CliRunner().invoke(cli.app, ["run", "digifinex", "--vector", "spot/mode-1"])
    assert result.exit_code == cli.CRASHED == 70
    assert "own fault" in result.output


def test_a_crash_within_a_scenario_is_the_suites(mocker):
    mocker.patch.object(asking, "_signed_as_sent", side_effect=TypeError("own fault"))
    result = CliRunner().invoke(cli.app, ["run", "digifinex", "--vector", "wire/signature"])
    assert result.exit_code == 70


def test_what_the_subject_raised_within_a_scenario_is_its_own():
    def connect(_url, **_config):
        raise TypeError("its own")

    report = run(Subject("broken", connect=connect), only=["wire/signature"])
    (result,) = report["results"]
    assert (result["verdict"], report["crashed"]) == ("failed", 0)
    assert "TypeError: its own" in result["problems"][0]["said"]
