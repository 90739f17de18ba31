"""What tests/README.md says about working on this: its files and commands exist."""

import re
from pathlib import Path

import pytest

from dfx_conformance.cli import app
from dfx_conformance.rules import AREAS

ROOT = Path(__file__).parents[1]
TEXT = ROOT.joinpath("tests/README.md").read_text(encoding="utf-8")
PATHS = re.findall(r"`((?:dfx_adapter|conformance|tests)/[\w./*-]+)`", TEXT)


@pytest.mark.parametrize("path", sorted(set(PATHS)))
def test_every_file_that_is_named_is_there(path):
    assert list(ROOT.glob(path))


def test_files_are_named():
    assert len(PATHS) > 15


def test_every_room_is_named():
    rooms = {path.name for path in ROOT.joinpath("tests").iterdir() if path.is_dir()}
    named = set(re.findall(r"`(\w+)(?:/real)?`", TEXT))
    assert rooms - {"__pycache__", "data"} <= named


def test_every_area_of_rules_is_named():
    areas = re.findall(r"^   - ([A-Z, ]+):", TEXT, re.MULTILINE)
    assert {name for line in areas for name in line.split(", ")} == {one.prefix for one in AREAS}


def test_every_command_of_the_suite_is_one():
    used = set(re.findall(r"bin/dfx-conformance (\w+)", TEXT))
    commands = app.registered_commands
    assert used <= {command.name or command.callback.__name__ for command in commands}
