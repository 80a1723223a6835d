"""The collectors tell the truth: the same thing asked by another road than theirs."""

from __future__ import annotations

import re
from typing import Any

from tests.compliance.conftest import connect, hosts_of, resolved

DC = hosts_of("domain_controllers")[0]
WORKSTATION = hosts_of("linux_workstations")[0]


def test_the_password_policy_is_what_samba_itself_says(evidence: dict[str, Any]) -> None:
    shown = connect(DC).check_output("samba-tool domain passwordsettings show")
    numbers = {key.strip(): value.strip() for key, value in re.findall(r"^([^:\n]+): (.+)$", shown, re.MULTILINE)}
    policy = evidence[DC]["password_policy"]["domain"]
    assert int(numbers["Minimum password length"]) == policy["min_length"]
    assert int(numbers["Maximum password age (days)"]) == policy["max_age_days"]
    assert int(numbers["Minimum password age (days)"]) == policy["min_age_days"]
    assert int(numbers["Password history length"]) == policy["history_length"]
    assert int(numbers["Account lockout threshold (attempts)"]) == policy["lockout_threshold"]
    assert int(numbers["Account lockout duration (mins)"]) == policy["lockout_duration_minutes"]
    assert (numbers["Password complexity"] == "on") is policy["complexity"]


def test_the_accounts_are_those_that_samba_itself_lists(evidence: dict[str, Any]) -> None:
    listed = set(connect(DC).check_output("samba-tool user list").split())
    assert {account["login"] for account in evidence[DC]["directory"]["accounts"]} == listed


def test_the_administrators_are_those_that_samba_itself_lists(evidence: dict[str, Any]) -> None:
    listed = set(connect(DC).check_output("samba-tool group listmembers 'Domain Admins'").split())
    collected = next(group for group in evidence[DC]["directory"]["privileged"] if group["group_sid"].endswith("-512"))
    assert set(collected["members"]) == listed


def test_every_person_at_work_is_known_to_the_workstation(evidence: dict[str, Any]) -> None:
    workstation = connect(WORKSTATION)
    active = [person["login"] for person in evidence[DC]["directory"]["people"] if person["status"] == "active"]
    unknown = [login for login in active if workstation.run("getent passwd %s", login).rc != 0]
    assert unknown == []


def test_the_workstation_resolves_names_by_the_domain_controller() -> None:
    workstation = connect(WORKSTATION)
    domain = workstation.check_output("hostname -d")
    assert workstation.run(f"grep -w {DC} /etc/hosts").rc == 1, "a hosts file would answer instead"
    for name in (f"{DC}.{domain}", domain):
        assert workstation.check_output(f"getent hosts {name}").split()[0] == resolved("address", DC)


def test_the_controllers_certificate_is_signed_by_the_authority_the_hosts_trust() -> None:
    workstation = connect(WORKSTATION)
    name = f"{DC}.{workstation.check_output('hostname -d')}"
    shown = workstation.run(
        f"openssl s_client -connect {name}:636 -verify_hostname {name} -verify_return_error </dev/null 2>&1 | grep 'Verif'"
    )
    assert "Verification: OK" in shown.stdout


def test_local_accounts_are_those_of_the_shadow_file(evidence: dict[str, Any]) -> None:
    for account in evidence[WORKSTATION]["linux_host"]["local_accounts"]:
        field = connect(WORKSTATION).check_output("getent shadow %s", account["login"]).split(":")[1]
        assert (field[:1] in ("!", "*")) is (account["password"] == "locked"), account["login"]


def test_secrets_are_in_no_evidence(evidence: dict[str, Any]) -> None:
    text = repr(evidence).lower()
    assert not re.search(r"unicodepwd|supplementalcredentials|'(bind_)?password': '[^']{12,}'|\$y\$|\$6\$", text)
