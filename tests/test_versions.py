"""What a bot needs has lower bounds alone; tests/known-good.txt has a version of everything."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = [
    requirement
    for texts in PROJECT["optional-dependencies"].values()
    for requirement in map(Requirement, texts)
    if requirement.name != PROJECT["name"]
]
PINS = [
    Requirement(line)
    for line in ROOT.joinpath("tests/known-good.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("needed", NEEDED, ids=lambda needed: needed.name)
def test_a_bot_is_given_no_upper_bound(needed):
    assert [one.operator for one in needed.specifier] == [">="]


@pytest.mark.parametrize("python", ["3.11.2", "3.11.9", "3.12.0", "3.13.0", "3.14.0"])
def test_a_known_good_version_of_everything_for_every_python(python):
    minor, marked = python.rpartition(".")[0], {"python_full_version": python}
    marked["python_version"] = minor
    known = {
        pin.name: str(pin.specifier).removeprefix("==")
        for pin in PINS
        if pin.marker is None or pin.marker.evaluate(marked)
    }
    for wanted in (*NEEDED, *EXTRAS):
        assert known[wanted.name] in wanted.specifier


def test_a_known_good_version_is_one_version():
    assert all(len(pin.specifier) == 1 for pin in PINS)
    assert all(pin.specifier != SpecifierSet() and "==" in str(pin.specifier) for pin in PINS)
