"""A campaign of twelve machines."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.module_utils.windows.upgrade_campaign import Campaign
from ansible.module_utils.windows.upgrade_store import Store
from ansible.module_utils.windows.upgrade_waves import plan

from tests.unit.upgrade.samples import MACHINES, TODAY, terms


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A campaign that was planned and not begun."""
    made = Store(str(tmp_path / "campaign"))
    made.create(plan(MACHINES, terms(), TODAY))
    return made


@pytest.fixture
def campaign(store: Store) -> Campaign:
    """Who decides in it."""
    return Campaign(store, terms())
