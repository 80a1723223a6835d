"""The registry that a machine starts with, from its profile: what the system writes of itself, then the profile's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.winrm_park import VENDOR
from tests.winrm_park.classes import EIGHT, SEVEN

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

CURRENT_VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
UNINSTALL_32 = r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
FIREWALL = r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
FIREWALL_PROFILES = {"domain": "DomainProfile", "private": "StandardProfile", "public": "PublicProfile"}
UPDATE = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update"
SERVICING = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"
PROFILE_LIST = rf"{CURRENT_VERSION}\ProfileList"
BANNER = r"HKLM\SOFTWARE\Garant\Simulator"
_FIRMWARE = {"bios": 1, "uefi": 2}


def fill(machine: Machine) -> None:
    """Write everything, in an order in which the profile has the last word."""
    held, where = machine.registry, f"profile of {machine.name}"
    for part in (_system, _services, _firewall, _software, _sessions):
        held.load(part(machine), where)
    held.load(machine.profile["registry"], where)
    held.load({BANNER: {"Simulated": 1, "By": VENDOR}}, where)


def _system(machine: Machine) -> dict[str, Any]:
    system, hardware = machine.profile["os"], machine.profile["hardware"]
    installed = int(machine.installed_at.timestamp())
    current: dict[str, Any] = {
        "ProductName": system["product_name"],
        "CurrentBuild": str(system["build"]),
        "CurrentBuildNumber": str(system["build"]),
        "CurrentVersion": "6.3" if machine.nt_version >= (10, 0) else system["version"],
        "EditionID": system["edition_id"] if machine.nt_version >= SEVEN else None,
        "InstallationType": "Client" if machine.nt_version >= SEVEN else None,
        "InstallDate": installed,
        "CSDVersion": f"Service Pack {system['service_pack']}" if system.get("service_pack") else None,
        "UBR": system.get("ubr"),
        "DisplayVersion": system.get("display_version"),
    }
    if machine.nt_version >= (10, 0):
        current |= {"CurrentMajorVersionNumber": 10, "CurrentMinorVersionNumber": 0}
    content: dict[str, Any] = {
        CURRENT_VERSION: current,
        rf"{CURRENT_VERSION}\Winlogon": {},
        r"HKLM\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName": {"ComputerName": machine.name},
        r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters": {
            "Hostname": machine.name,
            "Domain": machine.profile["domain"]["dns"],
        },
        r"HKLM\SYSTEM\CurrentControlSet\Control\Nls\Language": {"InstallLanguage": f"{machine.words['lcid']:04x}"},
        f"HKLM\\{UNINSTALL}": {},
        UPDATE: {},
    }
    if machine.nt_version >= EIGHT:
        content[r"HKLM\SYSTEM\CurrentControlSet\Control"] = {"PEFirmwareType": _FIRMWARE[hardware["firmware"]]}
        if hardware["firmware"] == "uefi" and hardware["secure_boot"] is not None:
            content[r"HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\State"] = {
                "UEFISecureBootEnabled": int(hardware["secure_boot"])
            }
    if machine.profile["updates"]["pending_reboot"]:
        content[rf"{UPDATE}\RebootRequired"] = {}
        if machine.nt_version >= SEVEN:
            content[rf"{SERVICING}\RebootPending"] = {}
    if machine.nt_version <= SEVEN:
        content[rf"{UPDATE}\Results\Install"] = {"LastSuccessTime": f"{machine.updated_at:%Y-%m-%d %H:%M:%S}"}
    return content


def _services(machine: Machine) -> dict[str, Any]:
    return {
        rf"HKLM\SYSTEM\CurrentControlSet\Services\{name}": {"Start": service["start"]}
        for name, service in machine.profile["services"].items()
        if service
    }


def _firewall(machine: Machine) -> dict[str, Any]:
    known = [name for name in FIREWALL_PROFILES if name != "public" or machine.nt_version >= SEVEN]
    states = machine.profile["firewall"]
    return {rf"{FIREWALL}\{FIREWALL_PROFILES[name]}": {"EnableFirewall": states[name]} for name in known}


def _software(machine: Machine) -> dict[str, Any]:
    content: dict[str, Any] = {f"HKLM\\{UNINSTALL_32}": {}} if machine.bits == 64 else {}
    for item in machine.profile["software"]:
        root = UNINSTALL_32 if item["bits"] == 32 and machine.bits == 64 else UNINSTALL
        path = f"HKLM\\{root}"
        if item.get("user"):
            path = f"HKU\\{machine.session_sid(item['user'])}\\{UNINSTALL}"
        content[rf"{path}\{item['key']}"] = {
            "DisplayName": item["name"],
            "DisplayVersion": str(item["version"]),
            "Publisher": item["publisher"],
            "UninstallString": {"expand_string": rf'"%ProgramFiles%\{item["name"]}\uninstall.exe"'},
            **({"SystemComponent": 1} if item.get("hidden") else {}),
        }
    return content


def _sessions(machine: Machine) -> dict[str, Any]:
    content: dict[str, Any] = {r"HKU\.DEFAULT": {}, r"HKU\S-1-5-18": {}, r"HKU\S-1-5-19": {}, r"HKU\S-1-5-20": {}}
    for session in machine.profile["sessions"]:
        sid = machine.session_sid(session["login"])
        content[rf"{PROFILE_LIST}\{sid}"] = {"ProfileImagePath": {"expand_string": rf"C:\Users\{session['login']}"}}
        if session.get("loaded", True):
            content[rf"HKU\{sid}"] = {}
            content[rf"HKU\{sid}\Control Panel\Desktop"] = {}
            for path, values in (session.get("registry") or {}).items():
                content[rf"HKU\{sid}\{path}"] = values
    return content
