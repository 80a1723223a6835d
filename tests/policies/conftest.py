"""The policies of every client, loaded once."""

from __future__ import annotations

from functools import cache

import pytest
from ansible.module_utils.policy.model import Policies, load_policies

from tests.conftest import ROOT

CLIENTS = sorted(file.parent.name for file in (ROOT / "policies").glob("*/charter.yml"))


@cache
def policies_of(client: str) -> Policies:
    return load_policies(ROOT, client)


@pytest.fixture(params=CLIENTS)
def policies(request: pytest.FixtureRequest) -> Policies:
    return policies_of(request.param)
