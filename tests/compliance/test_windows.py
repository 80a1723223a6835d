"""The simulated Windows workstations of the lab: under the policies that its domain serves, read by Kerberos, judged.

They are this repository's simulation. What is real: the domain, its tickets, its SYSVOL, and all that travels.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.policy.model import load_policies

from tests.compliance.conftest import Verdicts, connect, hosts_of, latest, play, red_twice, run_audit, verdicts_of
from tests.compliance.sabotages_group_policy import registry
from tests.compliance.test_site import CLIENT
from tests.conftest import ROOT

pytestmark = pytest.mark.disruptive
DC = hosts_of("domain_controllers")[0]
STATIONS = hosts_of("windows_workstations")
OLD, OFF = "ws5", "ws6"
CONTROLS = load_policies(ROOT, CLIENT).controls
PAIRS = [
    (control.id, host)
    for control in CONTROLS.values()
    for host in hosts_of(control.definition["applies_to"])
    if host in STATIONS
]
#: What no policy mends on a Windows 7 that was never activated nor updated, and opens a session by itself.
OF_OLD = {
    *("windows_activation", "windows_approved_software", "windows_automatic_logon", "windows_supported_system"),
    *("windows_update_delay", "windows_antivirus_signature_age", "windows_supported_office"),
}


def test_each_control_has_a_machine_on_which_it_is_measured(first_audit: Verdicts) -> None:
    measured = {control for control, host in PAIRS if first_audit[(control, host)]["verdict"] in ("pass", "fail")}
    assert {control for control, _ in PAIRS} - measured == set()


@pytest.mark.parametrize("host", sorted(set(STATIONS) - {OLD, OFF}))
def test_a_machine_under_the_policies_of_the_domain_respects_the_charter(first_audit: Verdicts, host: str) -> None:
    wrong = {control: first_audit[(control, host)] for control, of in PAIRS if of == host}
    assert {
        control: (verdict["verdict"], verdict["observed_text"], verdict["reason"])
        for control, verdict in wrong.items()
        if verdict["verdict"] not in ("pass", "not_applicable")
    } == {}


def test_an_old_machine_is_red_where_no_policy_helps_and_nowhere_else(first_audit: Verdicts) -> None:
    assert {control for control, host in PAIRS if host == OLD and first_audit[(control, host)]["verdict"] in
            ("fail", "not_evaluated")} == OF_OLD  # fmt: skip


def test_a_machine_that_is_off_is_never_green(first_audit: Verdicts) -> None:
    told = {first_audit[(control, host)]["verdict"] for control, host in PAIRS if host == OFF}
    assert told == {"not_evaluated"}
    assert all("éteint : rien ne répond" in first_audit[pair]["reason"] for pair in PAIRS if pair[1] == OFF)


def test_they_are_told_to_be_simulated(evidence: dict[str, Any], runs: Path) -> None:
    read = {host: evidence[host]["workstation"].get("simulated_by") for host in STATIONS if host != OFF}
    assert set(map(bool, read.values())) == {True}
    assert "Parc simulé" in (latest(runs) / "report.html").read_text(encoding="utf-8")


def test_a_policy_that_is_weakened_in_the_domain_is_seen_on_the_machines(
    audit: Callable[[], Verdicts], tmp_path: Path
) -> None:
    """The last audit of the lab: whatever was broken before is healed, and this alone is seen."""
    weakened = registry("EnableFirewall", r"\x01", r"\x00", r"\PublicProfile")
    done = connect(DC).run(weakened)
    assert done.rc == 0, done.stdout + done.stderr
    play("lab_park")
    broken = {("group_policy_as_declared", DC), ("group_policy_in_force", DC)}
    seen, verdicts = red_twice(audit, broken)
    play("domain")
    play("lab_park")
    stations = {host for host in STATIONS if verdicts[("windows_firewall", host)]["verdict"] == "fail"}
    assert stations == set(STATIONS) - {OFF}
    assert seen == broken
    finished = run_audit("--limit", f"{DC},{','.join(STATIONS)}", runs=tmp_path)
    healed = verdicts_of(latest(tmp_path))
    assert finished.returncode in (1, 2)
    assert {healed[("windows_firewall", host)]["verdict"] for host in stations} == {"pass"}
