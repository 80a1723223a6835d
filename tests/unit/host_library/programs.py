"""The library that programs of several roles share, where the tests find it; and those programs, run with it."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.conftest import ROOT

LIBRARY = str(ROOT / "roles" / "host_library" / "files" / "usr" / "local" / "lib" / "host-library")
if LIBRARY not in sys.path:
    sys.path.append(LIBRARY)

#: As a program runs on a host, but that the library lies in the files of another role.
_RUN = f"""
import runpy, sys
sys.path.insert(0, {LIBRARY!r})
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def command(program: Path) -> list[str]:
    """A program, by the interpreter of the tests."""
    return [sys.executable, "-IBc", _RUN, str(program)]
