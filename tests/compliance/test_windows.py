"""The simulated Windows workstations of the lab: under the policies that its domain serves, read by Kerberos, judged.

They are this repository's simulation. What is real: the domain, its tickets, its SYSVOL, and all that travels.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.policy.model import load_policies
from ansible.module_utils.wsman.tickets import settings

from tests.compliance.conftest import (
    BIN,
    ENVIRONMENT,
    INVENTORIES,
    Verdicts,
    connect,
    hosts_of,
    inventory,
    latest,
    play,
    red,
    run_audit,
    verdicts_of,
)
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


def test_they_are_told_to_be_simulated(evidence: dict[str, Any], first_run: Path) -> None:
    read = {host: evidence[host]["workstation"].get("simulated_by") for host in STATIONS if host != OFF}
    assert set(map(bool, read.values())) == {True}
    assert "Parc simulé" in (first_run / "report.html").read_text(encoding="utf-8")


#: How each of Ansible's connections is told to take Kerberos and nothing else.
BY_KERBEROS: dict[str, dict[str, Any]] = {
    "psrp": {
        "ansible_psrp_auth": "kerberos",
        "ansible_psrp_negotiate_service": "HTTP",
        "ansible_psrp_protocol": "https",
        "ansible_psrp_ca_cert": "{{ site_pki_certificate }}",
        "ansible_psrp_negotiate_hostname_override": "{{ inventory_hostname }}.{{ ad_domain }}",
    },
    "winrm": {
        "ansible_winrm_transport": "kerberos",
        "ansible_winrm_kinit_env_vars": ["KRB5_CONFIG"],
        "ansible_winrm_ca_trust_path": "{{ site_pki_certificate }}",
        "ansible_winrm_kerberos_hostname_override": "{{ inventory_hostname }}.{{ ad_domain }}",
    },
}


def ping(connection: str, password: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the smallest module on a workstation."""
    given = {
        "ansible_connection": connection,
        "ansible_port": 5986,
        "ansible_user": "{{ site_workstation_audit_user }}",
        "ansible_password": password,
        **BY_KERBEROS[connection],
    }
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    return subprocess.run(
        [str(BIN / "ansible"), *INVENTORIES, STATIONS[0], "-m", "ansible.windows.win_ping", "-e", f"@{folder}/given.json"],
        cwd=ROOT, env={**ENVIRONMENT, "KRB5_CONFIG": str(folder / "krb5.conf")}, check=False, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("connection", sorted(BY_KERBEROS))
def test_modules_reach_a_machine_with_a_ticket_of_the_domain_and_not_with_a_wrong_password(
    connection: str, tmp_path: Path
) -> None:
    values = inventory()["_meta"]["hostvars"][DC]
    conf = settings(values["ad_realm"], [values["ansible_host"]])
    (tmp_path / "krb5.conf").write_text(conf, encoding="utf-8")
    password = "{{ site_workstation_audit_password }}"
    done = ping(connection, password, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ping: pong" in done.stdout
    assert ping(connection, f"not {password}", tmp_path).returncode != 0


def test_a_policy_that_is_weakened_in_the_domain_is_seen_on_the_machines(
    audit: Callable[..., Verdicts], tmp_path: Path
) -> None:
    """Whatever was broken before is healed, and this alone is seen."""
    weakened = registry("EnableFirewall", r"\x01", r"\x00", r"\PublicProfile")
    done = connect(DC).run(weakened)
    assert done.rc == 0, done.stdout + done.stderr
    play("lab_park")
    broken = {("group_policy_as_declared", DC), ("group_policy_in_force", DC)}
    verdicts = audit()
    play("domain")
    play("lab_park")
    stations = {host for host in STATIONS if verdicts[("windows_firewall", host)]["verdict"] == "fail"}
    assert stations == set(STATIONS) - {OFF}
    assert red(verdicts) == broken
    finished = run_audit("--limit", f"{DC},{','.join(STATIONS)}", runs=tmp_path)
    healed = verdicts_of(latest(tmp_path))
    assert finished.returncode in (1, 2)
    assert {healed[("windows_firewall", host)]["verdict"] for host in stations} == {"pass"}
