"""Evidence of an invented, healthy site: two people, one administrator, one workstation."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.evidence import sealed, write_json

from tests.unit.policy import (
    samples_antivirus,
    samples_backup,
    samples_backup_repository,
    samples_dns,
    samples_firewall,
    samples_logs,
    samples_raid,
    samples_restore,
    samples_user_data,
    samples_vpn,
    samples_web,
    samples_web_filter,
    samples_windows,
)
from tests.unit.policy.samples.file_server import file_server
from tests.unit.policy.samples.shares import share
from tests.unit.policy.samples_group_policy import directory_checks, group_policy, resultant_policy, tickets

PEOPLE_OU = "OU=Atelier,OU=Personnes,OU=Site,DC=site,DC=lan"
_ACCOUNT = {
    "enabled": True,
    "mail": None,
    "employee_key": None,
    "password_required": True,
    "password_never_expires": False,
    "must_change_password": False,
    "ever_logged_on": True,
    "reversible_encryption": False,
    "groups": [],
    "ou": "CN=Users,DC=site,DC=lan",
}


def account(login: str, kind: str, **other: Any) -> dict[str, Any]:
    return {
        **copy.deepcopy(_ACCOUNT),
        "login": login,
        "kind": kind,
        "sid": f"S-1-5-21-1-2-3-{other.pop('rid', 1100)}",
        **other,
    }


def person(login: str, status: str = "active") -> dict[str, Any]:
    return {
        "login": login,
        "key": f"{login}.2020-01-01",
        "mail": f"{login}@site.example",
        "status": status,
        "department": "atelier",
        "department_ou": PEOPLE_OU,
        "department_group": "GG_Atelier",
    }


def _directory() -> dict[str, Any]:
    worker = {
        "employee_key": "durandpau.2020-01-01",
        "mail": "durandpau@site.example",
        "ou": PEOPLE_OU,
        "groups": ["GG_Atelier"],
    }
    boss = {**worker, "employee_key": "morellea.2020-01-01", "mail": "morellea@site.example"}
    return {
        "guest_enabled": False,
        "accounts": [
            account("Administrator", "builtin", rid=500),
            account("Guest", "builtin", rid=501, enabled=False, password_required=False),
            account("durandpau", "person", rid=1101, **copy.deepcopy(worker)),
            account("morellea", "person", rid=1102, **copy.deepcopy(boss)),
            account("gonejul", "person", rid=1103, enabled=False, employee_key="gonejul.2020-01-01"),
            account("soonlou", "person", rid=1104, enabled=False, employee_key="soonlou.2020-01-01"),
            account("adm-morellea", "administrator", rid=1105, employee_key="morellea.2020-01-01"),
        ],
        "people": [person("durandpau"), person("morellea"), person("gonejul", "left"), person("soonlou", "future")],
        "groups": [
            {"name": "GG_Atelier", "kind": "people", "members": ["durandpau", "morellea"]},
            {"name": "DL_Plans_Lecture", "kind": "rights", "members": ["GG_Atelier"]},
        ],
        "privileged": [{"group_sid": "S-1-5-21-1-2-3-512", "members": ["Administrator", "adm-morellea"]}],
    }


def _policy(**other: Any) -> dict[str, Any]:
    return {
        "min_length": 12,
        "max_age_days": 90,
        "min_age_days": 1,
        "history_length": 24,
        "complexity": True,
        "reversible_encryption": False,
        "lockout_threshold": 5,
        "lockout_duration_minutes": 15,
        "lockout_window_minutes": 15,
        **other,
    }


_KINDS = ("too_short", "dictionary", "own_name", "brand", "published_example", "keyboard_walk")


def domain_controller() -> dict[str, Any]:
    """Facts of a domain controller that respects every control."""
    return {
        "directory": _directory(),
        "group_policy": group_policy(),
        "directory_checks": directory_checks(),
        "share_table": [share("atelier", "Atelier", read=["GG_Atelier"], write=["GG_Atelier"])],
        "password_policy": {
            "domain": _policy(),
            "fine_grained": [_policy(name="PSO-Administrateurs", min_length=16)],
            "resultant": [
                _policy(login="adm-morellea", min_length=16, lockout_threshold=3),
                _policy(login="Administrator"),
            ],
        },
        "logon_probe": {
            "samples": [{"kind": kind, "label": kind, "accepted": False} for kind in _KINDS]
            + [
                {"kind": "character_classes", "label": label, "accepted": False}
                for label in ("lower", "upper", "digit", "special")
            ],
            "compliant_accepted": True,
            "first_logon_change_demanded": True,
            "previous_password_accepted": False,
            "old_password_still_works": False,
            "tickets": tickets(),
            "locked_after_attempts": 5,
            "right_password_refused_while_locked": True,
            "anonymous_search_refused": True,
            "cleartext_bind_refused": True,
            "anonymous_smb_refused": True,
        },
    }


def workstation() -> dict[str, Any]:
    """Facts of a workstation that respects every control."""
    return {
        "group_policy": group_policy(),
        "resultant_policy": resultant_policy(),
        "linux_host": {
            "domain": {"realm": "SITE.LAN", "trusted": True},
            "administrators": ["gg_informatique"],
            "automatic_logons": [],
            "local_accounts": [{"login": "root", "password": "yescrypt"}, {"login": "daemon", "password": "locked"}],
            "password_hash_method": "yescrypt",
            "clock": {"source": "10.0.0.1", "synchronised": True, "offset_seconds": 0.01},
            "sshd": {"permit_empty_passwords": False, "root_password_logon": False, "password_logon": True},
        },
        "session_probe": {
            "opened_with_right_password": True,
            "opened_with_wrong_password": False,
            "opened_without_password": False,
            "opened_when_disabled": False,
        },
    }


def gateway() -> dict[str, Any]:
    """A gateway in line with the charter."""
    return {
        **samples_firewall.facts(),
        **samples_dns.facts(),
        **samples_web_filter.facts(),
        **samples_web.facts(),
        **samples_vpn.facts(),
        **samples_logs.gateway(),
    }


def log_server() -> dict[str, Any]:
    """A log server in line with the charter."""
    return {**samples_logs.server(), **samples_backup_repository.facts()}


def evidence() -> dict[str, dict[str, Any]]:
    """Evidence by host."""
    facts = {
        "dc1": domain_controller(),
        "fs1": file_server(),
        "ws1": workstation(),
        "gw1": gateway(),
        "log1": log_server(),
        "pc1": samples_windows.facts(),
    }
    facts["fs1"] |= samples_user_data.file_server()
    facts["ws1"] |= samples_user_data.workstation()
    facts["fs1"] |= samples_antivirus.file_server()
    facts["ws1"] |= samples_antivirus.host()
    facts["fs1"] |= {"raid": samples_raid.raid()}
    for host in ("dc1", "fs1", "gw1", "log1"):
        facts[host] |= samples_restore.facts()
        facts[host] |= samples_backup.facts()
    return {host: {"facts": each, "failures": {}} for host, each in facts.items()}


def run() -> dict[str, Any]:
    """What was to be read."""
    return {
        "site": "site",
        "client": "autoconcept",
        "started_at": "2026-11-21T03:00:00+00:00",
        "groups_of": {
            "dc1": ["domain_controllers", "saved_hosts"],
            "fs1": ["file_servers", "scanned_hosts", "mirrored_servers", "saved_hosts"],
            "ws1": ["workstations", "linux_workstations", "scanned_hosts"],
            "pc1": ["workstations", "windows_workstations", "sensitive_workstations", "portable_workstations"],
            "gw1": ["gateways", "log_keepers", "saved_hosts"],
            "log1": ["log_servers", "saved_hosts", "backup_keepers", "backup_repositories"],
        },
    }


def write_run(directory: Path, given: dict[str, dict[str, Any]] | None = None, **other: Any) -> Path:
    """A run as the audit leaves it before it is judged: run.json and the sealed evidence."""
    described = {**run(), **other}
    write_json(directory / "run.json", described)
    for host, found in (evidence() if given is None else given).items():
        content = sealed(host, described["started_at"], found["facts"], found["failures"])
        write_json(directory / "evidence" / f"{host}.json", content)
    return directory
