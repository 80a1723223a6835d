"""Facts about Group Policy of an invented, healthy site: one root unit, one unit of workstations, one of people."""

from __future__ import annotations

import copy
from typing import Any

DOMAIN, SID = "DC=site,DC=lan", "S-1-5-21-1-2-3"
ROOT_OU = f"OU=Site,{DOMAIN}"
DESKS, PEOPLE = f"OU=Postes,{ROOT_OU}", f"OU=Personnes,{ROOT_OU}"
ATELIER = f"{SID}-1101"
_DESKTOP = r"user/registry/Software\Policies\Microsoft\Windows\Control Panel\Desktop"
_OPTIONS = r"computer/security/Registry Values/MACHINE\Software\Microsoft\Windows\CurrentVersion\Policies\System"
LOCK_ACTIVE, LOCK_DELAY = rf"{_DESKTOP}\ScreenSaveActive", rf"{_DESKTOP}\ScreenSaveTimeOut"
LOCK_SAVER, LOCK_SECURE = rf"{_DESKTOP}\SCRNSAVE.EXE", rf"{_DESKTOP}\ScreenSaverIsSecure"
MACHINE_DELAY = rf"{_OPTIONS}\InactivityTimeoutSecs"
CAPTION, NOTICE = rf"{_OPTIONS}\LegalNoticeCaption", rf"{_OPTIONS}\LegalNoticeText"
REMOTE = r"computer/registry/SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services\DisablePasswordSaving"
CHROME = r"computer/registry/Software\Policies\Google\Chrome\PasswordManagerEnabled"
EDGE = r"computer/registry/SOFTWARE\Policies\Microsoft\Edge\PasswordManagerEnabled"
FIREFOX = r"computer/registry/Software\Policies\Mozilla\Firefox"
DENIED = ("computer/privilege/SeDenyInteractiveLogonRight", "computer/privilege/SeDenyRemoteInteractiveLogonRight")
SHELL = r"user/registry/Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
ACCESS, TICKETS = "computer/security/System Access", "computer/security/Kerberos Policy"

COMPUTER: dict[str, Any] = {
    MACHINE_DELAY: "4,600",
    CAPTION: '1,"Charte informatique"',
    NOTICE: "7,Ici vaut la charte informatique.",
    REMOTE: 1,
    CHROME: 0,
    EDGE: 0,
    rf"{FIREFOX}\PasswordManagerEnabled": 0,
    rf"{FIREFOX}\OfferToSaveLogins": 0,
}
USER: dict[str, Any] = {
    LOCK_ACTIVE: "1",
    LOCK_SAVER: "scrnsave.scr",
    LOCK_SECURE: "1",
    LOCK_DELAY: "600",
    rf"{SHELL}\Personal": {"type": "REG_EXPAND_SZ", "data": r"\\fs1\perso\%USERNAME%\Documents"},
    rf"{SHELL}\Desktop": {"type": "REG_EXPAND_SZ", "data": r"\\fs1\perso\%USERNAME%\Bureau"},
    "user/drives/N": {
        "path": r"\\fs1\atelier",
        "label": "Atelier",
        "action": "U",
        "persistent": False,
        "groups": [ATELIER],
    },
    "user/drives/P": {
        "path": r"\\fs1\perso\%LogonUser%",
        "label": "Moi",
        "action": "U",
        "persistent": False,
        "groups": [],
    },
}
ACCOUNTS: dict[str, Any] = {
    **{
        f"{ACCESS}/{name}": value
        for name, value in {
            "MinimumPasswordLength": 12,
            "MaximumPasswordAge": 90,
            "MinimumPasswordAge": 1,
            "PasswordHistorySize": 24,
            "PasswordComplexity": 1,
            "ClearTextPassword": 0,
            "LockoutBadCount": 5,
            "LockoutDuration": 15,
            "ResetLockoutCount": 15,
        }.items()
    },
    f"{TICKETS}/MaxTicketAge": 10,
    f"{TICKETS}/MaxRenewAge": 7,
    f"{TICKETS}/MaxServiceAge": 600,
    f"{TICKETS}/MaxClockSkew": 5,
}
LOGONS: dict[str, Any] = {right: [f"{SID}-512"] for right in DENIED}


def _row(unit: str, scope: str, side: str, settings: dict[str, Any]) -> dict[str, Any]:
    told = {
        name: {"value": copy.deepcopy(value), "policy": "Postes", "linked_at": ROOT_OU, "overridden": []}
        for name, value in settings.items()
    }
    return {"unit": unit, "scope": scope, "side": side, "settings": told}


def group_policy() -> dict[str, Any]:
    """What the controller says of its policies."""
    rows = [_row(DOMAIN, "domain", "computer", ACCOUNTS), _row(DOMAIN, "domain", "user", {})]
    for unit in (ROOT_OU, DESKS, PEOPLE):
        rows.append(_row(unit, "site", "computer", {**COMPUTER, **(LOGONS if unit == DESKS else {})}))
        rows.append(_row(unit, "site", "user", USER))
    return {
        "policies": [
            {
                "name": "Postes",
                "version": {"directory": {"user": 1, "computer": 2}, "sysvol": {"user": 1, "computer": 2}},
            }
        ],
        "inheritance_blocked": [],
        "differences": [],
        "effective": rows,
        "not_effective": [],
    }


def directory_checks() -> dict[str, Any]:
    """What the controller's own tools find."""
    return {name: {"problems": []} for name in ("aclcheck", "sysvolcheck", "dbcheck")}


def tickets() -> dict[str, Any]:
    """What the controller does with tickets and clocks."""
    return {"ticket_hours": 10.0, "renewal_days": 7.0, "service_ticket_hours": 10.0, "clock_skew_minutes": 5}


def resultant_policy() -> dict[str, Any]:
    """What a client reads on a workstation."""
    drives = {
        name: {"path": value["path"], "label": value["label"]} if name.startswith("user/drives/") else value
        for name, value in USER.items()
    }
    rows = [
        {
            "login": login,
            "sid": f"{SID}-{rid}",
            "administrator": boss,
            "enabled": True,
            "service": service,
            "allowed": not boss,
        }
        for login, rid, boss in (("durandpau", 1101, False), ("adm-morellea", 1105, True))
        for service in ("sshd", "login")
    ]
    return {
        "reader": "another client",
        "computer": {
            "dn": f"CN=WS1,{DESKS}",
            "settings": {**copy.deepcopy(COMPUTER), **copy.deepcopy(LOGONS), f"{ACCESS}/MinimumPasswordLength": 12},
        },
        "users": {"durandpau": {"dn": f"CN=Paul Durand,OU=Atelier,{PEOPLE}", "settings": drives}},
        "logon_rights": rows,
    }
