"""Plugins made in a line, answers to read, and installed distributions that nobody installed."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import pytest

from dfx_adapter import AdapterHost, hookimpl


@pytest.fixture(scope="session")
def plugin() -> Callable[..., object]:
    """Make a plugin: its name, and its hooks as functions."""

    def made(name: str, **hooks: Any) -> object:
        marked = {
            hook: function if hasattr(function, "dfx_adapter_impl") else hookimpl(function)
            for hook, function in hooks.items()
        }
        return type(name, (), {hook: staticmethod(function) for hook, function in marked.items()})()

    return made


@pytest.fixture(scope="session")
def hosting() -> Callable[..., AdapterHost]:
    """Give a host with these plugins and no installed ones."""
    return lambda *plugins: AdapterHost(plugins, entry_points=False)


class Site:
    """A directory of installed distributions."""

    def __init__(self, path: Any) -> None:
        self.path = path
        self.modules: list[str] = []

    def install(self, distribution: str, *, version: str = "1.0", **entry_points: str) -> None:
        """Install a distribution: each entry point has a module with this source."""
        info = self.path / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        lines = ["[dfx_adapter]"]
        for name, source in entry_points.items():
            module = f"{distribution.replace('-', '_')}_{name}_module"
            (self.path / f"{module}.py").write_text(source, encoding="utf-8")
            self.modules.append(module)
            lines.append(f"{name} = {module}")
        (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def new_site(tmp_path_factory, monkeypatch):
    """Make site directories, each put before the others on sys.path."""
    sites: list[Site] = []

    def made() -> Site:
        site = Site(tmp_path_factory.mktemp("site"))
        sites.append(site)
        monkeypatch.syspath_prepend(site.path)
        importlib.invalidate_caches()
        return site

    yield made
    for site in sites:
        for module in site.modules:
            sys.modules.pop(module, None)


@pytest.fixture
def site(new_site) -> Site:
    return new_site()
