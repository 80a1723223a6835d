"""The site as it stands: every control of the client's charter, on every host that it applies to.

The simulated workstations are in test_windows.py: some of them are not as they should be, on purpose.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.model import load_policies

from tests.compliance.conftest import REHEARSED, Verdicts, hosts_of, inventory, resolved
from tests.conftest import ROOT

CLIENT = next(host["client"] for host in inventory()["_meta"]["hostvars"].values())
CONTROLS = load_policies(ROOT, CLIENT).controls
#: What the lab leaves out, and says so in the report: by host, the groups that its machine cannot stand for.
LEFT_OUT = {
    host: set(resolved("audit_left_out", host))
    for host, variables in inventory()["_meta"]["hostvars"].items()
    if "audit_left_out" in variables
}
PAIRS = [
    (control.id, host)
    for control in CONTROLS.values()
    for host in hosts_of(control.definition["applies_to"])
    if host not in hosts_of("windows_workstations")
    if control.definition["applies_to"] not in LEFT_OUT.get(host, ()) and control.id not in REHEARSED
]


@pytest.mark.parametrize(("control", "host"), PAIRS, ids=[f"{control}-{host}" for control, host in PAIRS])
def test_the_site_respects(first_audit: Verdicts, control: str, host: str) -> None:
    verdict = first_audit[(control, host)]
    said = f"{verdict['title']}: expected {verdict['expected_text']}, observed {verdict['observed_text']} {verdict['reason']}"
    assert verdict["verdict"] in ("pass", "waived"), said


@pytest.mark.parametrize("control", REHEARSED)
def test_what_was_never_rehearsed_is_not_green(first_audit: Verdicts, evidence: dict[str, Any], control: str) -> None:
    """A lab on which make lab-disaster was run has its proof; any other has none."""
    for host in hosts_of(CONTROLS[control].definition["applies_to"]):
        made = (evidence[host].get("restore_drill") or {}).get("rehearsal")
        assert first_audit[(control, host)]["verdict"] == ("pass" if made else "not_evaluated")


def test_what_the_lab_leaves_out_has_no_verdict(first_audit: Verdicts) -> None:
    left = [
        (control.id, host)
        for host, groups in LEFT_OUT.items()
        for control in CONTROLS.values()
        if control.definition["applies_to"] in groups
    ]
    assert left
    assert not set(left) & set(first_audit)


def test_every_host_was_measured(evidence: dict[str, Any]) -> None:
    assert {host: sorted(facts) for host, facts in evidence.items() if not facts} == {}
    assert set(evidence) == {
        host for control in CONTROLS.values() for host in hosts_of(control.definition["applies_to"])
    }
