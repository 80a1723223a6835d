"""The programs that the roles install, as modules."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

from tests.conftest import ROOT


def program(role: str, name: str) -> ModuleType:
    """A program of a role's files, without a cache left beside it."""
    file = ROOT / "roles" / role / "files" / "usr" / "local" / "sbin" / name
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader = SourceFileLoader(name.replace("-", "_"), str(file))
        specification = importlib.util.spec_from_loader(loader.name, loader)
        assert specification is not None
        module = importlib.util.module_from_spec(specification)
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module
