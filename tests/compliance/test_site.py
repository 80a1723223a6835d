"""The site as it stands: every control of the client's charter, on every host that it applies to.

The simulated workstations are in test_windows.py: some of them are not as they should be, on purpose.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.model import load_policies

from tests.compliance.conftest import Verdicts, hosts_of, inventory
from tests.conftest import ROOT

CLIENT = next(host["client"] for host in inventory()["_meta"]["hostvars"].values())
CONTROLS = load_policies(ROOT, CLIENT).controls
PAIRS = [
    (control.id, host)
    for control in CONTROLS.values()
    for host in hosts_of(control.definition["applies_to"])
    if host not in hosts_of("windows_workstations")
]


@pytest.mark.parametrize(("control", "host"), PAIRS, ids=[f"{control}-{host}" for control, host in PAIRS])
def test_the_site_respects(first_audit: Verdicts, control: str, host: str) -> None:
    verdict = first_audit[(control, host)]
    said = f"{verdict['title']}: expected {verdict['expected_text']}, observed {verdict['observed_text']} {verdict['reason']}"
    assert verdict["verdict"] in ("pass", "waived"), said


def test_every_host_was_measured(evidence: dict[str, Any]) -> None:
    assert {host: sorted(facts) for host, facts in evidence.items() if not facts} == {}
    assert set(evidence) == {
        host for control in CONTROLS.values() for host in hosts_of(control.definition["applies_to"])
    }
