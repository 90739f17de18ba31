"""Read first by every Python that `dfx-adapter run` starts: registers when ccxt is imported."""

import copy
import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

# What a bot may import, reload, or import anew: the adapter is put in again every time.
_PACKAGES = ("ccxt", "ccxt.async_support", "ccxt.pro")
_EXCHANGES = (os.environ.get("DFX_ADAPTER_EXCHANGES") or "digifinex").split(",")
_WATCHED = {*_PACKAGES, *(f"{package}.{id_}" for package in _PACKAGES for id_ in _EXCHANGES)}

_loading = []


class _Finder:
    """Lets ccxt's modules load as ever, and registers the adapter right after."""

    def __init__(self):
        self._looking = set()

    def find_spec(self, name, path=None, target=None):
        if name not in _WATCHED or name in self._looking:
            return None
        self._looking.add(name)
        try:
            spec = importlib.util.find_spec(name) if path is None else self._found(name, path)
        finally:
            self._looking.discard(name)
        if spec is not None and spec.loader is not None:
            spec.loader = copy.copy(spec.loader)  # one loader may load many modules
            spec.loader.exec_module = _then_register(name, spec.loader.exec_module)
        return spec

    def _found(self, name, path):
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path)
            if spec is not None:
                return spec
        return None


def _then_register(name, load):
    def exec_module(module):
        _loading.append(name)
        try:
            load(module)
        finally:
            _loading.remove(name)
        if "ccxt" not in _loading and _is_loaded(sys.modules.get("ccxt"), name):
            _register()

    return exec_module


def _is_loaded(package, name):
    if name == "ccxt":
        return True
    spec = getattr(package, "__spec__", None)
    return spec is not None and not getattr(spec, "_initializing", False)


def _register():
    import dfx_adapter
    from dfx_adapter.bots import launch

    launch.register(dfx_adapter.register)


def _run_the_next_sitecustomize():
    """Run the one that this file stands before, as Python would have."""
    here = str(Path(__file__).parent)
    rest = [path for path in sys.path if path != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


sys.meta_path.insert(0, _Finder())
if "ccxt" in sys.modules:  # by a .pth file, before this
    _register()
_run_the_next_sitecustomize()
