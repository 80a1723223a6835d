"""The definitions of the sites of this repository can be meant."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.ad.group_policy.model import GroupPolicy
from ansible.module_utils.policy.model import load_policies

from tests.conftest import ROOT
from tests.unit.ad.group_policy.definition_samples import (
    CONTEXT,
    DOMAIN,
)

SITES = sorted(folder.parent.name for folder in (ROOT / "inventories").glob("*/group_policies"))


#: What a site says of itself in the texts of its definitions.
TEXTS = {
    "client_name": "Site",
    "charter_title": "Charte",
    "contact": "nous",
    "proxy_server": "proxy.site.lan:3128",
    "audit_sources": "RA4=10.0.0.1|RA4=10.0.0.2",
}


@cache
def definitions(site: str) -> tuple[GroupPolicy, ...]:
    """The definitions of a site, with the values of its client's charter."""
    folder = ROOT / "inventories" / site
    client = yaml.safe_load((folder / "group_vars" / "all" / "site.yml").read_text(encoding="utf-8"))["client"]
    charter = load_policies(ROOT, client).controls
    groups = {group for share in shares(site) for group in (*share["read"], *share["write"])}
    groups |= set(charter["local_administrators"].expected)
    context = {
        **CONTEXT,
        "shares": shares(site),
        "sids": {group.casefold(): f"{DOMAIN}-{rid}" for rid, group in enumerate(sorted(groups), start=1100)},
        "texts": TEXTS,
        "controls": list(charter),
    }
    files = sorted(str(file) for file in (folder / "group_policies").glob("*.yml"))
    names = {name for file in files for name in re.findall(r"value_of: (\w+)", Path(file).read_text(encoding="utf-8"))}
    values = {name: charter[name].charter.get("banned", charter[name].expected) for name in names}
    return load_definitions(files, values, context)


def shares(site: str) -> list[dict[str, Any]]:
    file = ROOT / "inventories" / site / "group_vars" / "all" / "shares.yml"
    return list(yaml.safe_load(file.read_text(encoding="utf-8"))["site_shares"])


def settings(site: str) -> dict[str, Any]:
    """Every setting of the site's policies that holds unless another one is meant to take its place."""
    return {name: value for each in definitions(site) if not each.overrides for name, value in each.settings().items()}


@pytest.mark.parametrize("site", SITES)
def test_the_definitions_of_a_site_can_be_meant(site: str) -> None:
    assert {f"user/drives/{share['drive']}" for share in shares(site)} <= set(settings(site))


@pytest.mark.parametrize("site", SITES)
def test_a_setting_is_in_two_policies_only_where_one_takes_the_other_s_place(site: str) -> None:
    plain = [policy for policy in definitions(site) if not policy.overrides]
    assert sum(len(policy.settings()) for policy in plain) == len(settings(site)), "one setting in two policies"
    for policy in definitions(site):
        replaced = {name for other in plain if other.name in policy.overrides for name in other.settings()}
        assert not policy.overrides or set(policy.settings()) <= replaced, policy.name


@pytest.mark.parametrize("site", SITES)
def test_what_the_workstation_clauses_demand_is_set(site: str) -> None:
    held = settings(site)
    wanted = {
        r"computer/registry/Software\Policies\Microsoft\Windows\RemovableStorageDevices\Deny_All": 1,
        r"computer/registry/SYSTEM\CurrentControlSet\Services\USBSTOR\Start": 4,
        r"computer/registry/SOFTWARE\Policies\Microsoft\WindowsFirewall\DomainProfile\EnableFirewall": 1,
        r"computer/registry/SOFTWARE\Policies\Microsoft\WindowsFirewall\PrivateProfile\EnableFirewall": 1,
        r"computer/registry/SOFTWARE\Policies\Microsoft\WindowsFirewall\PublicProfile\EnableFirewall": 1,
        r"computer/registry/Software\Policies\Microsoft\Windows\WindowsUpdate\AU\AUOptions": 4,
        r"computer/registry/Software\Policies\Microsoft\Windows\Installer\AlwaysInstallElevated": 0,
        r"computer/registry/Software\Policies\Microsoft\Windows NT\DNSClient\EnableMulticast": 0,
        r"computer/registry/SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters\SMB1": 0,
        r"computer/registry/SYSTEM\CurrentControlSet\Services\MrxSmb10\Start": 4,
        r"computer/registry/SYSTEM\CurrentControlSet\Services\LanmanWorkstation\DependOnService": [
            *("Bowser", "MRxSmb20", "NSI")
        ],
        r"computer/registry/Software\Policies\Microsoft\FVE\OSRequireActiveDirectoryBackup": 1,
        r"computer/registry/SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services\Shadow": 1,
        r"computer/registry/SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services\fDenyTSConnections": 1,
        r"computer/registry/Software\Policies\Microsoft\Windows\WinRM\Service\AllowUnencryptedTraffic": 0,
        r"computer/registry/Software\Policies\Microsoft\Windows\WinRM\Service\AllowBasic": 0,
        r"computer/registry/Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings\ProxySettingsPerUser": 0,
    }
    assert {name: held.get(name) for name in wanted} == wanted
    rule = held[r"computer/registry/SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules\Audit-WinRM-HTTPS-In"]
    assert "|LPort=5986|RA4=10.0.0.1|RA4=10.0.0.2|" in rule
    assert any("winrm" in str(value) and "transport:https" in str(value) for value in held.values())


@pytest.mark.parametrize("site", SITES)
def test_nothing_keeps_a_keyboard_or_a_mouse_from_working(site: str) -> None:
    closing = re.compile(r"DeviceInstall|HidUsb|kbdhid|mouhid|USBHUB", re.IGNORECASE)
    assert [name for policy in definitions(site) for name in policy.settings() if closing.search(name)] == []


@pytest.mark.parametrize("site", SITES)
def test_every_setting_of_a_workstation_policy_serves_a_clause_or_gives_its_reason(site: str) -> None:
    """The loader refuses a setting with neither; here each clause that has settings is one that the charter knows."""
    served = {control for policy in definitions(site) for control in policy.controls.values()}
    assert {
        *("windows_audit_channel", "windows_usb_storage", "windows_firewall", "windows_automatic_updates"),
        *("windows_update_delay", "windows_install_rights", "windows_banned_software", "windows_local_administrators"),
        *("windows_proxy", "windows_remote_control", "windows_file_protocol", "windows_file_signing"),
        *("windows_lan_manager_level", "windows_name_broadcast", "windows_encryption", "windows_sensitive_lock_delay"),
    } <= served


@pytest.mark.parametrize("site", SITES)
def test_sensitive_workstations_lock_sooner_than_the_others(site: str) -> None:
    delay = r"computer/security/Registry Values/MACHINE\Software\Microsoft\Windows\CurrentVersion\Policies\System"
    usual = int(settings(site)[rf"{delay}\InactivityTimeoutSecs"].partition(",")[2])
    (sooner,) = (
        policy.settings()[rf"{delay}\InactivityTimeoutSecs"]
        for policy in definitions(site)
        if any(link.target.startswith("OU=Sensibles,OU=Postes,") for link in policy.links)
    )
    assert int(sooner.partition(",")[2]) < usual
