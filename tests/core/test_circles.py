"""No two modules import each other, not even for types or inside a function."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"dfx_adapter": ROOT, "dfx_conformance": ROOT / "conformance"}


def modules(package, folder):
    """The module of every file, by its name."""
    found = {}
    for path in sorted((folder / package).rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path.read_text("utf-8")
    return found


def imports(source, known):
    """The known modules that a source imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & known.keys() or {node.module}
    return found & known.keys()


def circle(sources):
    """Some modules that import each other in a circle; None where no modules do."""
    graph = {name: imports(source, sources) - {name} for name, source in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return None


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_is_in_a_circle_of_imports(package):
    assert circle(modules(package, PACKAGES[package])) is None


def test_a_circle_for_types_alone_is_found():
    sources = {
        "a.one": "if TYPE_CHECKING:\n    from a.two import Two",
        "a.two": "def two():\n    from a import one",
    }
    assert sorted(set(circle(sources))) == ["a.one", "a.two"]
