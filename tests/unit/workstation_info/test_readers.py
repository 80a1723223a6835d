"""What each fact rests on: one thing is changed on a healthy machine and the fact follows, or is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.windows.facts_source import UnreadError, patch_days
from ansible.module_utils.wsman.client import USERS

from tests.unit.workstation_info.evidence import LOCAL, PERSON, Evidence, at, denied

Change = Callable[[Evidence], Any]
_SYSTEM_POLICY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
_POLICIES = r"SOFTWARE\Policies\Microsoft"
_SERVICES = r"SYSTEM\CurrentControlSet\Services"
_WINLOGON = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
_TERMINAL = rf"{_POLICIES}\Windows NT\Terminal Services"
_REMOVABLE = rf"{_POLICIES}\Windows\RemovableStorageDevices"
_DISK = rf"{_REMOVABLE}\{{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}}"
_LOCAL_FIREWALL = rf"{_SERVICES}\SharedAccess\Parameters\FirewallPolicy"
_AU = rf"{_POLICIES}\Windows\WindowsUpdate\AU"
_INTERNET = rf"{_POLICIES}\Windows\CurrentVersion\Internet Settings"
_DESKTOP = rf"{PERSON}\Software\Policies\Microsoft\Windows\Control Panel\Desktop"
_SERVICING = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"
_SERVER = rf"{_SERVICES}\LanmanServer\Parameters"
_CONTROL = r"SYSTEM\CurrentControlSet\Control"
_SECURE = rf"{_CONTROL}\SecureBoot\State"
_FIREWALL = rf"{_POLICIES}\WindowsFirewall"
_STATUS = "MSFT_MpComputerStatus"
_LISTENER = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener"
_LOCAL_WINRM = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Service"
_WINRM = rf"{_POLICIES}\Windows\WinRM\Service"
_OWN_DESKTOP = rf"{LOCAL}-1001\Control Panel\Desktop"
_SAVER, _NO_SAVER = {"SCRNSAVE.EXE": "scrnsave.scr"}, {"SCRNSAVE.EXE": " "}
_RDP = r"SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp"


def put(key: str, hive: int | None = None, **values: Any) -> Change:
    return lambda it: it.put(key, hive, **values) if hive else it.put(key, **values)


def rows(name: str, *changed: dict[str, Any]) -> Change:
    return lambda it: it.classes.__setitem__(name, list(changed))


def row(name: str, **values: Any) -> Change:
    return lambda it: it.classes[name][0].update(values)


def build(number: int) -> Change:
    return row("Win32_OperatingSystem", BuildNumber=str(number))


def without(key: str, *listed: str) -> Change:
    return lambda it: it.drop(key, *listed)


def both(*changes: Change) -> Change:
    return lambda it: [change(it) for change in changes]


def somebody_has_another_proxy(it: Evidence) -> None:
    it.put(_INTERNET, ProxySettingsPerUser=1)
    it.put(rf"{LOCAL}-1001\{_INTERNET}", USERS, ProxyServer="x:1")


def nobody_is_there(it: Evidence) -> None:
    it.registry = {place: values for place, values in it.registry.items() if place[0] != USERS}


def licences(*states: str) -> Change:
    common = {"LicenseIsAddon": "false", "ProductKeyChannel": "x"}
    return rows("SoftwareLicensingProduct", *({"LicenseStatus": each, **common} for each in states))


unsigned = without(_SERVER, "RequireSecuritySignature")


CASES: list[tuple[str, Change, str, Any]] = [
    ("the sum of the modules", rows("Win32_PhysicalMemory", {"Capacity": "2147483648"}), "memory_bytes", 2147483648),
    ("two processors", lambda it: it.classes["Win32_Processor"].append(it.classes["Win32_Processor"][0]), "processor.cores", 12),
    ("a 32-bit Windows", row("Win32_Processor", AddressWidth="32"), "os.architecture", "x86"),
    ("a laptop", row("Win32_SystemEnclosure", ChassisTypes=["10", "3"]), "model.portable", True),
    ("no chip", rows("Win32_Tpm"), "tpm.present", False),
    ("an old chip", row("Win32_Tpm", SpecVersion="1.2, 2, 3"), "tpm.version", "1.2"),
    ("a chip that is off", row("Win32_Tpm", IsEnabled_InitialValue="false"), "tpm.enabled", False),
    ("Secure Boot off", put(_SECURE, UEFISecureBootEnabled=0), "secure_boot", False),
    ("a BIOS", both(without(_SECURE),
                    put(_CONTROL, PEFirmwareType=1)), "firmware", "bios"),
    ("not activated", licences("5"), "activation.licensed", False),
    ("one of two not activated", licences("1", "2"), "activation.status", 2),
    ("updates off", put(_AU, NoAutoUpdate=1), "updates.automatic", 1),
    ("updates told only", put(_AU, AUOptions=2), "updates.automatic", 2),
    ("no policy on Windows 10", without(_AU), "updates.automatic", 4),
    ("a company's server", both(put(_AU, UseWUServer=1), put(rf"{_POLICIES}\Windows\WindowsUpdate", WUServer="https://wsus")),
     "updates.source", "https://wsus"),
    ("a restart that waits", put(rf"{_SERVICING}\RebootPending"), "updates.pending_reboot", True),
    ("the firewall's service stopped", row("Win32_Service", State="Stopped"), "firewall.private", False),
    ("a policy over the machine", put(rf"{_FIREWALL}\PublicProfile", EnableFirewall=0), "firewall.public", False),
    ("the old policy for two profiles", put(rf"{_FIREWALL}\StandardProfile", EnableFirewall=0), "firewall.private", False),
    ("the machine's own setting", put(rf"{_LOCAL_FIREWALL}\PublicProfile", EnableFirewall=0), "firewall.public", False),
    ("the machine over nothing", put(rf"{_LOCAL_FIREWALL}\DomainProfile", EnableFirewall=0), "firewall.domain", True),
    ("USB open", put(rf"{_SERVICES}\USBSTOR", Start=3), "usb_storage.start", 3),
    ("all storage denied", put(_REMOVABLE, Deny_All=1), "usb_storage.denied", True),
    ("writing denied alone", put(_DISK, Deny_Write=1), "usb_storage.denied", False),
    ("reading and writing denied", put(_DISK, Deny_Write=1, Deny_Read=1), "usb_storage.denied", True),
    ("an automatic logon", put(_WINLOGON, AutoAdminLogon="1"), "autologon", True),
    ("an automatic logon as a number", put(_WINLOGON, AutoAdminLogon=1), "autologon", True),
    ("a password in clear", put(_WINLOGON, DefaultPassword="x"), "autologon_password_kept", True),
    ("SMB 1 served", put(_SERVER, SMB1=1), "smb.server_v1", True),
    ("SMB 1 by default before 1709", both(without(_SERVER, "SMB1"), build(7601)), "smb.server_v1", True),
    ("SMB 1 not there from 1709 on", without(_SERVER, "SMB1"), "smb.server_v1", False),
    ("SMB 1 added after 1709", both(without(_SERVER, "SMB1"), put(rf"{_SERVICES}\srv", Start=3)), "smb.server_v1", True),
    ("SMB 1 asked for", put(rf"{_SERVICES}\mrxsmb10", Start=2), "smb.client_v1_start", 2),
    ("no signatures", put(_SERVER, RequireSecuritySignature=0), "smb.signing_required", False),
    ("signatures by default before 24H2", unsigned, "smb.signing_required", False),
    ("signatures by default in 24H2", both(unsigned, build(26100)), "smb.signing_required", True),
    ("the level of Windows itself", without(rf"{_CONTROL}\Lsa", "LmCompatibilityLevel"), "lan_manager_level", 3),
    ("LLMNR by default", without(rf"{_POLICIES}\Windows NT\DNSClient"), "llmnr", True),
    ("Remote Desktop by policy", put(_TERMINAL, fDenyTSConnections=0), "remote_control.desktop", True),
    ("a session taken without consent", put(_TERMINAL, Shadow=2), "remote_control.consent", False),
    ("a session seen without consent", put(_RDP, Shadow=4), "remote_control.consent", False),
    ("a session taken with consent", put(_TERMINAL, Shadow=1), "remote_control.consent", True),
    ("Basic allowed", put(_WINRM, AllowBasic=1), "winrm.basic", True),
    ("Basic allowed by hand", both(without(_WINRM), put(_LOCAL_WINRM, auth_basic=1)), "winrm.basic", True),
    ("clear text by hand", both(without(_WINRM), put(_LOCAL_WINRM, allow_unencrypted=1)), "winrm.unencrypted", True),
    ("a policy that wins over the hand", put(_LOCAL_WINRM, auth_basic=1), "winrm.basic", False),
    ("neither policy nor hand", without(_WINRM), "winrm.basic", False),
    ("a listener in clear", put(rf"{_LISTENER}\*+HTTP"), "winrm.listeners", ["http", "https"]),
    ("a listener of the policy", put(_WINRM, AllowAutoConfig=1, IPv4Filter="*"), "winrm.listeners", ["http", "https"]),
    ("a policy that listens nowhere", put(_WINRM, AllowAutoConfig=1), "winrm.listeners", ["https"]),
    ("an old listener of the policy", put(_WINRM, HttpCompatibilityListener=1), "winrm.listeners", ["http", "https"]),
    ("no user account control", put(_SYSTEM_POLICY, EnableLUA=0), "elevation.user_account_control", False),
    ("no notice", put(_SYSTEM_POLICY, LegalNoticeText=" "), "logon_notice", False),
    ("a notice that is not there", without(_SYSTEM_POLICY, "LegalNoticeText"), "logon_notice", False),
    ("a notice in lines", put(_SYSTEM_POLICY, LegalNoticeText=["", "Réservé"]), "logon_notice", True),
    ("lines without a notice", put(_SYSTEM_POLICY, LegalNoticeText=["", " "]), "logon_notice", False),
    ("no lock", put(_SYSTEM_POLICY, InactivityTimeoutSecs=0), "lock.inactivity_seconds", None),
    ("no lock as absence", without(_SYSTEM_POLICY, "InactivityTimeoutSecs"), "lock.inactivity_seconds", None),
    ("a lock that Windows 7 does not know", build(7601), "lock.inactivity_seconds", None),
    ("a screen saver switched off", put(_DESKTOP, USERS, ScreenSaveActive="0"), "lock.screensaver_seconds", None),
    ("a delay without a screen saver", put(_DESKTOP, USERS, **_NO_SAVER), "lock.screensaver_seconds", None),
    ("a screen saver without a lock", put(_DESKTOP, USERS, ScreenSaverIsSecure="0"), "lock.secure", False),
    ("the slowest of two", put(_OWN_DESKTOP, USERS, ScreenSaveTimeOut="1200", **_SAVER), "lock.screensaver_seconds", 1200),
    ("one of two without a screen saver", put(_OWN_DESKTOP, USERS), "lock.screensaver_seconds", None),
    ("no proxy", put(_INTERNET, ProxyEnable=0), "proxy.enabled", False),
    ("each person's proxy", put(_INTERNET, ProxySettingsPerUser=1), "proxy.enabled", False),
    ("the antivirus off", row("AntiVirusProduct", productState="393472"), "antivirus.0.on", False),
    ("the antivirus out of date", row("AntiVirusProduct", productState="397584"), "antivirus.0.fresh", False),
    ("Defender not watching", row(_STATUS, RealTimeProtectionEnabled="false"), "antivirus.0.on", False),
    ("old signatures", row(_STATUS, AntivirusSignatureLastUpdated="2026-11-11T12:00Z"),
     "antivirus.0.signature_age_hours", 240),
    ("no antivirus", rows("AntiVirusProduct"), "antivirus", []),
    ("not encrypted", row("Win32_EncryptableVolume", ProtectionStatus="0"), "encryption.0.protected", False),
    ("the guest let in", lambda it: it.classes["Win32_UserAccount"][1].update(Disabled="false"), "guest.enabled", True),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_fact_follows_what_it_rests_on(change: Change, path: str, expected: Any) -> None:
    evidence = Evidence()
    change(evidence)
    assert at(evidence.facts(), path) == expected


MISSING: list[tuple[str, Change, str]] = [
    ("no module", rows("Win32_PhysicalMemory"), "memory_bytes"),
    ("a module without a size", rows("Win32_PhysicalMemory", {"Capacity": None}), "memory_bytes"),
    ("a volume without free space", row("Win32_LogicalDisk", FreeSpace=None), "disks"),
    ("no build", row("Win32_OperatingSystem", BuildNumber=""), "os.build"),
    ("a build that is none", row("Win32_OperatingSystem", BuildNumber="vista"), "os.build"),
    ("a processor of another kind", row("Win32_Processor", Architecture="6"), "os.architecture"),
    ("no processor", rows("Win32_Processor"), "processor.cores"),
    ("no licence", rows("SoftwareLicensingProduct"), "activation.licensed"),
    ("no patch", rows("Win32_QuickFixEngineering"), "updates.last_installed_at"),
    ("a patch without a date", rows("Win32_QuickFixEngineering", {"HotFixID": "x", "InstalledOn": "?"}),
     "updates.last_installed_at"),
    ("no service", rows("Win32_Service"), "services"),
    ("services refused", lambda it: it.classes.__setitem__("Win32_Service", denied()), "firewall.domain"),
    ("no driver", without(rf"{_SERVICES}\USBSTOR"), "usb_storage.start"),
    ("a level that means nothing", put(rf"{_CONTROL}\Lsa", LmCompatibilityLevel=9), "lan_manager_level"),
    ("nobody there", nobody_is_there, "lock.screensaver_seconds"),
    ("an administrators' group without members", rows("Win32_GroupUser"), "administrators"),
    ("no administrators' group", rows("Win32_Group"), "administrators"),
    ("a group that cannot be asked for", row("Win32_Group", Name="a'b"), "administrators"),
    ("no guest", rows("Win32_UserAccount", {"Name": "a", "Domain": "PC-12", "SID": "S-1-5-21-1-2-3-500", "Disabled": "true",
                                            "PasswordRequired": "true"}), "guest.enabled"),
    ("a locked volume", row("Win32_EncryptableVolume", ProtectionStatus="2"), "encryption.0.protected"),
    ("somebody who is no longer there", lambda it: it.classes["instances"].clear(), "administrators.1.sid"),
    ("people who differ", somebody_has_another_proxy,
     "proxy.server"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path"), [case[1:] for case in MISSING], ids=[case[0] for case in MISSING])
def test_what_cannot_be_told_is_missing(change: Change, path: str) -> None:
    evidence = Evidence()
    change(evidence)
    with pytest.raises(KeyError):
        at(evidence.facts(), path)


def test_a_member_that_comes_without_its_reference_costs_its_own_fact_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Evidence()
    asked = evidence.rows
    monkeypatch.setattr(evidence, "rows", lambda where, wql: [{}] if "GroupUser" in wql else asked(where, wql))
    facts = evidence.facts()
    assert "administrators" not in facts
    assert facts["software"]


def test_the_password_of_an_automatic_logon_is_never_asked_for() -> None:
    evidence = Evidence()
    evidence.put(_WINLOGON, AutoAdminLogon="1", DefaultPassword="x")
    assert evidence.facts()["autologon_password_kept"] is True
    assert not [question for question in evidence.asked if "defaultpassword" in question.lower()]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["11/12/2026"], ["2026-11-12"]),
        (["11/12/2026", "25/12/2025"], ["2026-12-11", "2025-12-25"]),
        (["01d9f0a0b0c0d000", ""], ["2023-09-26"]),
    ],
)
def test_days_of_patches_are_read_in_each_of_their_forms(texts: list[str], expected: list[str]) -> None:
    assert sorted(day.isoformat() for day in patch_days(texts)) == sorted(expected)


def test_days_that_contradict_each_other_are_no_answer() -> None:
    with pytest.raises(UnreadError, match="contradict"):
        patch_days(["25/12/2026", "12/25/2026"])
