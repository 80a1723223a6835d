"""Parks of real endpoints on loopback, for the tests that talk over TLS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.winrm_park.park_samples import LOGIN, PASSWORD
from tests.winrm_park import profiles
from tests.winrm_park.park import Park

_STATES = {
    "off": ["off"],
    "silent": ["silent"],
    "hung": ["hung"],
    "refuses": ["refuses_logon"],
    "denied": ["denied"],
    "expired": ["expired_certificate"],
    "renamed": ["wrong_certificate"],
    "old": [],
    "on": [],
}


@pytest.fixture(scope="module")
def park() -> Iterator[Park]:
    """Machines in every state; tests that change one make a park of their own."""
    made = [
        profiles.profile(name, "7" if name == "old" else "10", states, {"sessions": [{"login": "user01"}]})
        for name, states in _STATES.items()
    ]
    with Park(made, {LOGIN: PASSWORD}) as started:
        yield started
