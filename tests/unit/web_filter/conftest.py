"""A site whose lists are in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.web_filter.programs import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    done = made.update()
    assert done.returncode == 0, done.stdout + done.stderr
    return made
