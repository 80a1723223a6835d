"""From a clause to a verdict, on simulated machines: the bytes of a site's policies, applied, read and judged.

The machines are this repository's simulation. What it shows is that what our definitions write is what our audit looks for;
how Windows itself applies them was never seen.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from ansible.module_utils.ad.group_policy import gpt_ini, sysvol
from ansible.module_utils.ad.group_policy.model import GroupPolicy
from ansible.module_utils.policy.judge import judge
from ansible.module_utils.policy.model import load_policies
from ansible.module_utils.policy.windows_register import workstation_register
from ansible.module_utils.windows.facts_park import read_park
from ansible.module_utils.wsman.channel import Account, Limits

from tests.conftest import ROOT
from tests.unit.ad.group_policy.definition_samples import DOMAIN
from tests.unit.ad.group_policy.test_definition_sites import SITES, TEXTS, definitions
from tests.unit.policy.test_windows_register import MEMBERS, publisher
from tests.winrm_park import policies, profiles
from tests.winrm_park.machine import Member
from tests.winrm_park.park import Park

LOGIN, PASSWORD = "releve", "Essai-Releve-1"
TODAY = date(2026, 11, 21)
#: First days as they are found, in the three languages; a session is open on each.
MACHINES = {"pc-10-fr": ("10", "fr"), "pc-11-en": ("11", "en"), "pc-11-de": ("11", "de")}
SICK = ["usb_open", "everybody_administrator", "smb1"]
#: What a policy brings about by itself. The template holds the notice before a logon as a list of lines; as which type Windows
#: then keeps it was never seen, so both are read.
BY_POLICY = {
    *("windows_logon_notice", "windows_lock_delay", "windows_sensitive_lock_delay", "windows_local_administrators"),
    *("windows_install_rights", "windows_usb_storage", "windows_input_devices", "windows_automatic_updates"),
    *("windows_firewall", "windows_proxy", "windows_remote_control", "windows_file_protocol", "windows_file_signing"),
    *("windows_lan_manager_level", "windows_name_broadcast"),
}


def written(folder: Path, wanted: GroupPolicy) -> str:
    """A policy as it would lie in SYSVOL; its GUID."""
    guid = "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, wanted.name)).upper() + "}"
    for name, half in (("Machine", wanted.computer), ("User", wanted.user)):
        for kind, part in sysvol.kinds(half).items():
            for path, data in sysvol.encode(kind, part).items():
                file = folder / "Policies" / guid / name / path.replace("\\", "/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
    (folder / "Policies" / guid / "GPT.INI").write_bytes(gpt_ini.pack(gpt_ini.new(1, 1)))
    return guid


def reaching(site: str, unit: str) -> list[GroupPolicy]:
    """The policies that reach a unit of workstations, those that win last: what takes another's place comes after it."""
    found = [
        policy
        for policy in definitions(site)
        for link in policy.links
        if link.target.partition("OU=Postes,")[0] in ("", unit) or "OU=Postes" not in link.target
    ]
    return sorted(found, key=lambda policy: bool(policy.overrides))


def audited(park: Park) -> dict[str, Any]:
    hosts = [
        {"name": name, "address": each["ansible_host"], "port": each["ansible_port"]}
        for name, each in park.hosts().items()
    ]
    account = Account(f"EXAMPLE\\{LOGIN}", PASSWORD, str(park.ca_file))
    return read_park(hosts, account, Limits(20.0, 1.0, 10.0), 4)[0]


def verdicts(
    results: dict[str, Any], site: str, programs: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, dict[str, tuple[str, Any]]]:
    """By machine and control; programs are the site's lists of them."""
    declared = {name: value for policy in definitions(site) for name, value in policy.settings().items()}
    held = {"effective": [{"side": "computer", "scope": "site", "settings": {MEMBERS: {"value": declared[MEMBERS]}}}]}
    demanded = load_policies(ROOT, site)
    lists = {
        "proxy_server": TEXTS["proxy_server"],
        "banned": demanded.controls["windows_banned_software"].charter["banned"],
        **programs,
    }
    park = {
        host: result["workstation"].get("software", ()) for host, result in results.items() if "workstation" in result
    }
    evidence = {}
    for host, result in results.items():
        register = workstation_register(
            host, TODAY.isoformat(), site=lists, publisher=publisher(), park=park, unread=0, group_policy=held
        )
        facts = {"workstation_register": register, "workstation_reading": {"state": result["state"]}}
        facts |= {"workstation": result["workstation"]} if "workstation" in result else {}
        evidence[host] = {"facts": facts, "failures": result.get("failures", {})}
    groups = ["windows_workstations", "sensitive_workstations", "portable_workstations"]
    run = {"site": site, "groups_of": dict.fromkeys(evidence, groups)}
    found: dict[str, dict[str, tuple[str, Any]]] = {}
    for each in judge(demanded, run, evidence, TODAY):
        if each["topic"] == "windows_workstations":
            found.setdefault(each["host"], {})[each["control"]] = (each["verdict"], each["observed"] or each["reason"])
    return found


@pytest.fixture(scope="module", params=SITES)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Verdicts before the site's policies, with them, and after what they say was undone by hand."""
    site = request.param
    made = [
        profiles.profile(
            name, system, SICK, {"language": language, "sessions": [{"login": "user01"}], "domain": {"sid": DOMAIN}}
        )
        for name, (system, language) in MACHINES.items()
    ]
    folder = tmp_path_factory.mktemp(site)
    order = [written(folder, policy) for policy in reaching(site, "OU=Sensibles,")]
    with Park(made, {LOGIN: PASSWORD}) as park:
        before = verdicts(audited(park), site)
        for machine in park.machines.values():
            policies.apply(machine, policies.load(folder, order))
            machine.boot()
        after = verdicts(audited(park), site)
    return before, after


@pytest.mark.parametrize("machine", MACHINES)
def test_the_policies_of_a_site_turn_their_controls_green(told: Any, machine: str) -> None:
    _, after = told
    assert {name: found for name, found in after[machine].items() if name in BY_POLICY and found[0] != "pass"} == {}


@pytest.mark.parametrize("machine", MACHINES)
def test_without_them_the_same_machine_is_red_in_what_is_open(told: Any, machine: str) -> None:
    before, _ = told
    green = {name for name in BY_POLICY if before[machine][name][0] == "pass"}
    assert green <= {"windows_input_devices", "windows_firewall", "windows_automatic_updates", "windows_install_rights",
                     "windows_remote_control", "windows_file_signing"}  # fmt: skip


def test_the_language_of_a_machine_changes_no_verdict(told: Any) -> None:
    for found in told:
        english, german = found["pc-11-en"], found["pc-11-de"]
        assert {name: each[0] for name, each in english.items()} == {name: each[0] for name, each in german.items()}


SYSTEM, PANEL = r"SYSTEM\CurrentControlSet", r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
FIREWALL, SERVER = r"SOFTWARE\Policies\Microsoft\WindowsFirewall", r"Services\LanmanServer\Parameters"
INTERNET = r"SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"
TERMINAL, STORAGE = (
    r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services",
    r"SOFTWARE\Policies\Microsoft\Windows\RemovableStorageDevices",
)
PROGRAMS = {
    "software": [
        {"name": "7-Zip", "keys": ["7-Zip"]},
        {"name": "Firefox", "keys": ["Mozilla Firefox *"]},
        {"name": "Office", "keys": ["Office16.*"]},
    ],
    "licences": [{"name": "Office 2016", "keys": ["Office16.*"], "owned": 0}],
}


def installed(key: str, name: str) -> dict[str, Any]:
    return {"software": [{"key": key, "name": name, "version": "1", "publisher": "Somebody", "bits": 64}]}


#: What is broken on a machine that had everything: values by hand, a state of the simulation, what is a machine's own, or who
#: is put in a group; and what turns red.
SABOTAGES: dict[str, tuple[list[tuple[str, str, str | int]] | str | dict[str, Any] | Member, set[str]]] = {
    "storage": ([(rf"{SYSTEM}\Services\USBSTOR", "Start", 3), (STORAGE, "Deny_All", 0)], {"windows_usb_storage"}),
    "input": ([(rf"{SYSTEM}\Services\HidUsb", "Start", 4)], {"windows_input_devices"}),
    "lock": ([(PANEL, "InactivityTimeoutSecs", 1200)], {"windows_lock_delay", "windows_sensitive_lock_delay"}),
    "late": ([(PANEL, "InactivityTimeoutSecs", 540)], {"windows_sensitive_lock_delay"}),
    "filter": ([(rf"{FIREWALL}\PublicProfile", "EnableFirewall", 0)], {"windows_firewall"}),
    "updates": (
        [(r"SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU", "AUOptions", 3)],
        {"windows_automatic_updates"},
    ),
    "ntlm": ([(rf"{SYSTEM}\Control\Lsa", "LmCompatibilityLevel", 3)], {"windows_lan_manager_level"}),
    "names": (
        [(r"SOFTWARE\Policies\Microsoft\Windows NT\DNSClient", "EnableMulticast", 1)],
        {"windows_name_broadcast"},
    ),
    "smb": ([(rf"{SYSTEM}\{SERVER}", "SMB1", 1)], {"windows_file_protocol"}),
    "signing": ([(rf"{SYSTEM}\{SERVER}", "RequireSecuritySignature", 0)], {"windows_file_signing"}),
    "screen": ([(TERMINAL, "Shadow", 2)], {"windows_remote_control"}),
    "desktop": ([(TERMINAL, "fDenyTSConnections", 0)], {"windows_remote_control"}),
    "notice": ([(PANEL, "LegalNoticeText", "")], {"windows_logon_notice"}),
    "rights": ([(PANEL, "EnableLUA", 0)], {"windows_install_rights"}),
    "setups": (
        [(r"SOFTWARE\Policies\Microsoft\Windows\Installer", "AlwaysInstallElevated", 1)],
        {"windows_install_rights"},
    ),
    "proxy": ([(INTERNET, "ProxyServer", "ailleurs.site.lan:8080")], {"windows_proxy"}),
    "channel": ([(r"SOFTWARE\Policies\Microsoft\Windows\WinRM\Service", "AllowBasic", 1)], {"windows_audit_channel"}),
    "antivirus": ("antivirus_off", {"windows_antivirus", "windows_antivirus_signature_age"}),
    "licence": ("not_activated", {"windows_activation"}),
    "session": ("autologon", {"windows_automatic_logon"}),
    "guest": ("guest_enabled", {"windows_guest_account", "windows_accounts_without_password"}),
    "copies": ("unwanted_software", {"windows_banned_software", "windows_approved_software"}),
    "tool": (installed("Outil", "Outil"), {"windows_approved_software"}),
    "suite": (installed("Office16.STANDARD", "Office"), {"windows_supported_office", "windows_licences"}),
    "release": ({"os": {"build": 22000}}, {"windows_supported_system"}),
    "waiting": ({"updates": {"last_installed_days_ago": 4000}}, {"windows_update_delay"}),
    "disk": ({"encryption": [{"letter": "C:", "protection": 0, "method": 0, "conversion": 0}]}, {"windows_encryption"}),
    "member": (Member("Everybody", 513, domain=True, group=True), {"windows_local_administrators"}),
    "stranger": ("wrong_certificate", {"windows_reading"}),
}


def test_every_control_of_windows_workstations_is_seen_red_here() -> None:
    controls = load_policies(ROOT, SITES[0]).controls.values()
    wanted = {control.id for control in controls if control.topic == "windows_workstations"}
    assert set().union(*(red for _, red in SABOTAGES.values())) == wanted


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[str, Any]]]:
    """One machine that has everything, and one for each thing that is broken; read at once."""
    site, common = SITES[0], {"sessions": [{"login": "user01"}], "domain": {"sid": DOMAIN}}
    wrong: dict[str, Any] = {"whole": None, **{name: what for name, (what, _) in SABOTAGES.items()}}
    made = [
        profiles.profile(
            name,
            "11",
            ["current", "encrypted", *([what] if isinstance(what, str) else [])],
            {**common, **(what if isinstance(what, dict) else {})},
        )
        for name, what in wrong.items()
    ]
    folder = tmp_path_factory.mktemp("broken")
    order = [written(folder, policy) for policy in reaching(site, "OU=Sensibles,")]
    with Park(made, {LOGIN: PASSWORD}) as park:
        for name, machine in park.machines.items():
            policies.apply(machine, policies.load(folder, order))
            what = wrong[name.lower()]
            for key, value, data in what if isinstance(what, list) else ():
                machine.registry.set(f"HKLM\\{key}", value, "REG_DWORD" if isinstance(data, int) else "REG_SZ", data)
            machine.administrators += [what] if isinstance(what, Member) else []
        return verdicts(audited(park), site, PROGRAMS)


def test_a_machine_that_has_everything_is_red_in_nothing_that_a_sabotage_turns_red(broken: dict[str, Any]) -> None:
    turned = {control for _, controls in SABOTAGES.values() for control in controls}
    assert {name: each for name, each in broken["whole"].items() if name in turned and each[0] != "pass"} == {}


@pytest.mark.parametrize("name", SABOTAGES)
def test_what_is_broken_on_a_machine_turns_exactly_its_controls_red(broken: dict[str, Any], name: str) -> None:
    before = {control for control, each in broken["whole"].items() if each[0] == "fail"}
    assert {control for control, each in broken[name].items() if each[0] == "fail"} - before == SABOTAGES[name][1]
