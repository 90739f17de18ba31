"""The native plug-ins, as far as they go without their bots, which are not installed here.

What they do inside the bots is checked by `tests/bots/real`.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

BOTS = {
    "dfx_adapter.bots.octobot": "octobot_trading",
    "dfx_adapter.bots.investing_algorithm_framework": "investing_algorithm_framework",
}
FINDS_NOTHING_OF_IT = """
import sys
sys.modules[{package!r}] = None  # as if it were not installed
try:
    import {module}
except ModuleNotFoundError as error:
    print(error)
"""


def run(*arguments):
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(("module", "package"), BOTS.items())
def test_without_its_bot_a_plug_in_names_what_it_needs(module, package):
    (line,) = run("-c", FINDS_NOTHING_OF_IT.format(module=module, package=package)).splitlines()
    assert line.startswith(module)
    assert package.replace("_", "-") in line


def test_registering_imports_no_plug_in():
    code = "import dfx_adapter, sys; dfx_adapter.register(); print(*sys.modules)"
    modules = set(run("-c", code).split())
    assert "dfx_adapter.bots.registry" in modules
    assert not modules & {*BOTS, *BOTS.values()}


def test_the_tentacle_names_the_class_that_it_exports():
    folder = Path(run("-m", "dfx_adapter.bots.tentacle").strip())
    metadata = json.loads(folder.joinpath("metadata.json").read_text(encoding="utf-8"))
    exported = ast.parse(folder.joinpath("__init__.py").read_text(encoding="utf-8")).body[1]
    assert exported.module == "dfx_adapter.bots.octobot"
    assert [alias.name for alias in exported.names] == metadata["tentacles"]
