"""Facts that Group Policy sets: lock, storage on USB, firewall, old protocols, remote control, what the registry holds.

A value that is not there has the meaning that this release of Windows gives to its absence; where that is not known,
the fact is not told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.windows.facts_source import Source, UnreadError
from ansible.module_utils.windows.facts_system import build

_POLICIES = r"SOFTWARE\Policies\Microsoft"
_SYSTEM_POLICY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
_SERVICES = r"SYSTEM\CurrentControlSet\Services"
_CONTROL = r"SYSTEM\CurrentControlSet\Control"
_REMOVABLE = rf"{_POLICIES}\Windows\RemovableStorageDevices"
#: Removable disks, as the policy names their class.
_DISK_CLASS = rf"{_REMOVABLE}\{{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}}"
_FIREWALL_POLICY = rf"{_POLICIES}\WindowsFirewall"
_FIREWALL_LOCAL = rf"{_SERVICES}\SharedAccess\Parameters\FirewallPolicy"
_WINLOGON = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
_TERMINAL_POLICY = rf"{_POLICIES}\Windows NT\Terminal Services"
_TERMINAL = rf"{_CONTROL}\Terminal Server"
_WINRM_POLICY = rf"{_POLICIES}\Windows\WinRM\Service"
_WINRM_LOCAL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Service"
_LISTENERS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener"
#: Builds: XP's last, the first with a lock of the machine itself (8), without SMB 1 by default (1709), and with signing
#: of SMB demanded by default (24H2).
_XP, _WINDOWS_8, _NO_SMB1, _SIGNED = 3790, 9200, 16299, 26100
#: Shadow: 2 and 4 look into a session, or act in it, without its user's consent.
_WITHOUT_CONSENT = frozenset({2, 4})
_MOST_LM_LEVEL = 5


def machine_lock(source: Source) -> int | None:
    """Seconds without a touch after which the machine locks whoever is logged on; None for never."""
    value = source.number(_SYSTEM_POLICY, "InactivityTimeoutSecs")
    if not value:
        return None
    if build(source) < _WINDOWS_8:
        return None  # what is written there has no effect before
    return value


def flag(key: str, name: str, absent: bool) -> Callable[[Source], bool]:
    """A reader of a value that is on when it is not 0, with what its absence means."""

    def read(source: Source) -> bool:
        value = source.number(key, name)
        return absent if value is None else value != 0

    return read


def start_type(service: str) -> Callable[[Source], int]:
    """A reader of how a driver or service starts: 4 never."""

    def read(source: Source) -> int:
        value = source.number(rf"{_SERVICES}\{service}", "Start")
        if value is None:
            raise UnreadError(f"{service} is not set up on this machine")
        return value

    return read


def storage_denied(source: Source) -> bool:
    """Whether a policy keeps people from removable disks, in both directions."""
    if source.number(_REMOVABLE, "Deny_All") == 1:
        return True
    return all(source.number(_DISK_CLASS, name) == 1 for name in ("Deny_Read", "Deny_Write"))


def firewall(policies: tuple[str, ...], local: str) -> Callable[[Source], bool]:
    """A reader of whether the firewall filters with a profile: its service runs, and policy or machine have it on."""

    def read(source: Source) -> bool:
        old = build(source) <= _XP
        if old and local == "PublicProfile":
            raise UnreadError("this release of Windows has no such profile")
        if not running(source, "SharedAccess" if old else "MpsSvc"):
            return False
        for key in (*(rf"{_FIREWALL_POLICY}\{name}" for name in policies), rf"{_FIREWALL_LOCAL}\{local}"):
            value = source.number(key, "EnableFirewall")
            if value is not None:
                return value != 0
        raise UnreadError("neither policy nor machine say whether the firewall is on with this profile")

    return read


def running(source: Source, name: str) -> bool:
    """Whether a service runs; State is a word of WMI and the same in every language."""
    for row in source.rows("services"):
        if str(row.get("Name")).lower() == name.lower():
            return row.get("State") == "Running"
    raise UnreadError(f"{name} is not set up on this machine")


def services(source: Source) -> dict[str, dict[str, Any]]:
    """State and start of the services that protect the machine or open it."""
    found = {
        str(row["Name"]): {"state": row.get("State"), "start": row.get("StartMode")} for row in source.rows("services")
    }
    if not found:
        raise UnreadError("Windows lists none of the services that were asked for")
    return found


def automatic_logon(source: Source) -> bool:
    """Whether the machine opens a session by itself."""
    source.names(_WINLOGON)
    return (source.text(_WINLOGON, "AutoAdminLogon") or "0").strip() not in ("", "0")


def password_kept(source: Source) -> bool:
    """Whether a password stands in clear beside the automatic logon; it is not read."""
    return bool({"defaultpassword", "altdefaultpassword"} & source.names(_WINLOGON))


def smb1_server(source: Source) -> bool:
    """Whether the machine would serve SMB 1."""
    value = source.number(rf"{_SERVICES}\LanmanServer\Parameters", "SMB1")
    if value is not None:
        return value != 0
    if build(source) < _NO_SMB1:
        return True
    # From 1709 on the driver is there only where SMB 1 was added, or kept by an upgrade.
    return source.number(rf"{_SERVICES}\srv", "Start") not in (None, 4)


def smb1_client(source: Source) -> int | None:
    """How the driver of SMB 1 starts; None where it is not there."""
    return source.number(rf"{_SERVICES}\mrxsmb10", "Start")


def signing(service: str) -> Callable[[Source], bool]:
    """A reader of whether SMB is refused without signatures."""

    def read(source: Source) -> bool:
        value = source.number(rf"{_SERVICES}\{service}\Parameters", "RequireSecuritySignature")
        if value is not None:
            return value != 0
        # 24H2 demands it on every edition but Home, whose identifier begins with Core.
        edition = source.text(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "EditionID") or "Core"
        return build(source) >= _SIGNED and not edition.startswith("Core")

    return read


def lan_manager_level(source: Source) -> int:
    """LmCompatibilityLevel: 5 refuses LM and NTLM of the first version."""
    value = source.number(rf"{_CONTROL}\Lsa", "LmCompatibilityLevel")
    if value is None:
        return 0 if build(source) <= _XP else 3
    if not 0 <= value <= _MOST_LM_LEVEL:
        raise UnreadError(f"LmCompatibilityLevel {value} means nothing")
    return value


def multicast_names(source: Source) -> bool:
    """Whether the machine asks its neighbours for names (LLMNR), as every Windows after XP does unless it is told not to."""
    value = source.number(rf"{_POLICIES}\Windows NT\DNSClient", "EnableMulticast")
    return build(source) > _XP and value != 0


def remote_desktop(source: Source) -> bool:
    """Whether the machine takes Remote Desktop."""
    source.names(_TERMINAL_POLICY)
    for key in (_TERMINAL_POLICY, _TERMINAL):
        value = source.number(key, "fDenyTSConnections")
        if value is not None:
            return value == 0
    raise UnreadError("neither policy nor machine say whether Remote Desktop is taken")


def network_authentication(source: Source) -> bool:
    """Whether Remote Desktop asks who comes before it shows a screen."""
    source.names(_TERMINAL_POLICY)
    for key in (_TERMINAL_POLICY, rf"{_TERMINAL}\WinStations\RDP-Tcp"):
        value = source.number(key, "UserAuthentication")
        if value is not None:
            return value == 1
    raise UnreadError("neither policy nor machine say whether Remote Desktop asks first")


def shadow(source: Source) -> int:
    """Who may look into a session: 0 nobody, 1 and 3 with consent, 2 and 4 without."""
    source.names(_TERMINAL_POLICY)
    value = source.number(_TERMINAL_POLICY, "Shadow")
    if value is None:
        value = source.number(rf"{_TERMINAL}\WinStations\RDP-Tcp", "Shadow")
    return 1 if value is None else value


def assistance(source: Source) -> bool:
    """Whether somebody may be asked to help over Remote Assistance; his user lets him in each time."""
    source.names(_TERMINAL_POLICY)
    value = source.number(_TERMINAL_POLICY, "fAllowToGetHelp")
    if value is None:
        value = source.number(rf"{_CONTROL}\Remote Assistance", "fAllowToGetHelp")
    return value != 0


def winrm(policy: str, local: str) -> Callable[[Source], bool]:
    """A reader of what the WinRM service allows: by policy, or else as the machine was set; not by default."""

    def read(source: Source) -> bool:
        for key, name in ((_WINRM_POLICY, policy), (_WINRM_LOCAL, local)):
            source.names(key)
            value = source.number(key, name)
            if value is not None:
                return value != 0
        return False

    return read


def listeners(source: Source) -> list[str]:
    """Where WinRM listens: the transports, as the keys of the registry name them. A policy's own listener is in clear."""
    found = source.keys(_LISTENERS)
    if found is None:
        raise UnreadError("no listener of WinRM is written in the registry")
    transports = {name.rsplit("+", 1)[-1].lower() for name in found}
    return sorted(transports | ({"http"} if _policy_listens(source) else set()))


def _policy_listens(source: Source) -> bool:
    """Whether a policy has WinRM listen: on its old port, or on the addresses of a filter, none when it is empty."""
    source.names(_WINRM_POLICY)
    if source.number(_WINRM_POLICY, "HttpCompatibilityListener"):
        return True
    filters = (source.text(_WINRM_POLICY, name) for name in ("IPv4Filter", "IPv6Filter"))
    return bool(source.number(_WINRM_POLICY, "AllowAutoConfig")) and any(each and each.strip() for each in filters)


def notice_shown(source: Source) -> bool:
    """Whether a notice stands before a logon. Templates hold it as a list of lines, editors of the registry as one text."""
    return any(line.strip() for line in source.lines(_SYSTEM_POLICY, "LegalNoticeText"))


POLICY: dict[str, Any] = {
    "services": services,
    "firewall": {
        "domain": firewall(("DomainProfile",), "DomainProfile"),
        "private": firewall(("PrivateProfile", "StandardProfile"), "StandardProfile"),
        "public": firewall(("PublicProfile", "StandardProfile"), "PublicProfile"),
    },
    "usb_storage": {"start": start_type("USBSTOR"), "denied": storage_denied},
    "usb_input": {"start": start_type("HidUsb")},
    "autologon": automatic_logon,
    "autologon_password_kept": password_kept,
    "smb": {
        "server_v1": smb1_server,
        "client_v1_start": smb1_client,
        "signing_required": signing("LanmanServer"),
        "client_signing_required": signing("LanmanWorkstation"),
    },
    "lan_manager_level": lan_manager_level,
    "llmnr": multicast_names,
    "remote_control": {
        "desktop": remote_desktop,
        "network_authentication": network_authentication,
        "shadow": shadow,
        "consent": lambda source: shadow(source) not in _WITHOUT_CONSENT,
        "assistance": assistance,
    },
    "winrm": {
        "basic": winrm("AllowBasic", "auth_basic"),
        "unencrypted": winrm("AllowUnencryptedTraffic", "allow_unencrypted"),
        "listeners": listeners,
    },
    "elevation": {
        "user_account_control": flag(_SYSTEM_POLICY, "EnableLUA", absent=False),
        "installer_elevated": flag(rf"{_POLICIES}\Windows\Installer", "AlwaysInstallElevated", absent=False),
    },
    "empty_passwords_local_only": flag(rf"{_CONTROL}\Lsa", "LimitBlankPasswordUse", absent=True),
    "logon_notice": notice_shown,
}
