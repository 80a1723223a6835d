"""Facts of a Windows workstation that respects every control, in three languages."""

from __future__ import annotations

import copy
from typing import Any

DOMAIN, MACHINE = "S-1-5-21-7-8-9", "S-1-5-21-1-2-3"
TECHNICIANS = f"{DOMAIN}-1105"
OFFICE = "ProPlus2024Volume - fr-fr"
#: The words that change with the language of the machine, and nothing else does.
LANGUAGES: dict[str, dict[str, Any]] = {
    "fr": {"language": 1036, "administrator": "Administrateur", "office": "Microsoft Office Professionnel Plus 2024"},
    "en": {"language": 1033, "administrator": "Administrator", "office": "Microsoft Office Professional Plus 2024"},
    "de": {"language": 1031, "administrator": "Administrator", "office": "Microsoft Office Professional Plus 2024"},
}
_NAMES = {"fr": "Archiveur 7-Zip", "en": "7-Zip file manager", "de": "7-Zip-Dateimanager"}
_GROUPS = {"fr": "Techniciens", "en": "Technicians", "de": "Techniker"}


def program(key: str, name: str, publisher: str = "", **other: Any) -> dict[str, Any]:
    """An installed program."""
    return {
        "key": key,
        "name": name,
        "version": "1",
        "publisher": publisher,
        "view": "system",
        "hidden": False,
        **other,
    }


def workstation(language: str = "fr") -> dict[str, Any]:
    """What was read of it."""
    words = LANGUAGES[language]
    own = {"sid": f"{MACHINE}-500", "name": f"PC1\\{words['administrator']}", "kind": "user", "local": True}
    return {
        "name": "PC1",
        "os": {"build": 26200, "ubr": 7000, "edition_id": "Professional", "language": words["language"]},
        "activation": {"licensed": True, "status": 1, "channel": "Volume:MAK"},
        "updates": {"last_installed_at": "2026-11-12", "automatic": 4, "pending_reboot": False, "source": "microsoft"},
        "services": {"wuauserv": {"state": "Stopped", "start": "Manual"}},
        "antivirus": [{"id": "{D68DDC3A}", "on": True, "fresh": True, "signature_age_hours": 5, "windows": True}],
        "firewall": {"domain": True, "private": True, "public": True},
        "encryption": [
            {"letter": "C:", "protected": True, "method": 7, "kind": "system"},
            {"letter": "E:", "protected": False, "kind": "removable"},
        ],
        "administrators": [
            own,
            {"sid": TECHNICIANS, "name": f"SITE\\{_GROUPS[language]}", "kind": "group", "local": False},
        ],
        "local_accounts": [
            {"sid": f"{MACHINE}-500", "name": words["administrator"], "enabled": True, "password_required": True},
            {"sid": f"{MACHINE}-501", "name": "?", "enabled": False, "password_required": False},
        ],
        "guest": {"enabled": False},
        "usb_storage": {"start": 4, "denied": False},
        "usb_input": {"start": 3},
        "lock": {"inactivity_seconds": 300, "screensaver_seconds": None, "secure": False},
        "logon_notice": True,
        "autologon": False,
        "autologon_password_kept": False,
        "elevation": {"user_account_control": True, "installer_elevated": False},
        "proxy": {"per_machine": True, "enabled": True, "server": "proxy.site.lan:3128", "auto_url": None},
        "smb": {
            "server_v1": False,
            "client_v1_start": None,
            "signing_required": True,
            "client_signing_required": True,
        },
        "lan_manager_level": 5,
        "llmnr": False,
        "software": [
            program("7-Zip", _NAMES[language], "Igor Pavlov"),
            program("{8A69D345-D564-463C-AFF1-A69D9E530F96}", "Google Chrome", "Google LLC"),
            program(f"ProPlus2024Volume - {language}-{language}", words["office"], "Microsoft Corporation"),
            program("{90160000-008C-0000-1000-0000000FF1CE}", "?", "Microsoft Corporation", hidden=True),
        ],
        "remote_control": {"desktop": False, "shadow": 1, "consent": True, "assistance": True},
        "winrm": {"basic": False, "unencrypted": False, "listeners": ["https"]},
        "failures": {},
    }


_REGISTER: dict[str, Any] = {
    "day": "2026-11-21",
    "storage_exception": None,
    "editions": {"home_pro": ["Core", "Professional"], "enterprise": ["Enterprise"]},
    "releases": [
        {"build": 7601, "name": "Windows 7 SP1", "home_pro": "2020-01-14", "enterprise": "2020-01-14"},
        {"build": 26200, "name": "Windows 11 25H2", "home_pro": "2027-10-12", "enterprise": "2028-10-10"},
    ],
    "office_suites": ["{9???????-00[13]?-????-????-0000000FF1CE}", "*Retail - *-*", "*Volume - *-*"],
    "office": [
        {"name": "Office 2016", "until": "2025-10-14", "keys": ["{9?16????-00[13]?-????-????-0000000FF1CE}"]},
        {"name": "Office 2024", "until": "2029-10-09", "keys": ["*2024Volume - *"]},
    ],
    "software": [
        {"name": "7-Zip", "keys": ["7-Zip"], "publishers": []},
        {"name": "Chrome", "keys": [], "publishers": ["Google LLC"]},
        {"name": "Office", "keys": ["*Volume - *"], "publishers": []},
    ],
    "banned": ["utorrent", "popcorn time"],
    "licences": [{"name": "Office 2024", "keys": ["*2024Volume - *"], "owned": 8, "installed": 8, "unread": 0}],
    "administrators": [TECHNICIANS],
    "proxy_server": "proxy.site.lan:3128",
}


def facts(language: str = "fr") -> dict[str, Any]:
    """What was read, and what is known besides; a copy that a test may change."""
    return {
        "workstation": workstation(language),
        "workstation_register": copy.deepcopy(_REGISTER),
        "workstation_reading": {"state": "measured"},
    }
