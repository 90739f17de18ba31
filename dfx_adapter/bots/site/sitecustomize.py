"""Read first by every Python that `dfx-adapter run` starts: registers when ccxt is imported."""

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path


class _Finder:
    """Lets ccxt load as ever, and registers the adapter right after."""

    def find_spec(self, name, path=None, target=None):
        if name != "ccxt":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = _then_register(spec.loader.exec_module)
        return spec


def _then_register(load):
    def exec_module(module):
        load(module)
        import dfx_adapter

        alias = os.environ.get("DFX_ADAPTER_ALIAS") or None
        dfx_adapter.register(alias, pro=bool(os.environ.get("DFX_ADAPTER_PRO")))

    return exec_module


def _run_the_next_sitecustomize():
    """Run the one that this file stands before, as Python would have."""
    here = str(Path(__file__).parent)
    rest = [path for path in sys.path if path != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


sys.meta_path.insert(0, _Finder())
_run_the_next_sitecustomize()
