"""What every task of every host loads is little."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

FILTERS = sorted(file.stem for file in (ROOT / "plugins" / "filter").glob("*.py"))
LOADED = """
import sys
import ansible.errors, ansible.module_utils
before = set(sys.modules)
import plugins.filter.{name} as loaded
assert loaded.FilterModule().filters()
print(*(each for each in set(sys.modules) - before if each.startswith("ansible.module_utils.")))
"""


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_is_not_used_loads_nothing_of_ours(name: str) -> None:
    """Ansible loads all filters anew in the process of each task: a third of a second more for each is an hour in a day."""
    program = LOADED.format(name=name)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
