"""Shares of the invented site, the matrix that was tried on them, and its policies, all as the collectors return them."""

from __future__ import annotations

import copy
from typing import Any

Record = dict[str, Any]


def share(name: str, title: str, **other: Any) -> Record:
    """A row of the site's table, complete."""
    return {
        "name": name,
        "title": title,
        "kind": "department",
        "stem": name.capitalize(),
        "manager": "morellea@site.example",
        "read": [],
        "write": [],
        "delete": ["manager"],
        "sensitive": False,
        "drive": "P",
        **other,
    }


TABLE = [
    share("atelier", "Atelier", write=["GG_Atelier"]),
    share("paie", "Paie", write=["GG_Bureau"], sensitive=True, drive="Q", manager="durandpau@site.example"),
    share("commun", "Commun", kind="common", read=["GG_Atelier", "GG_Bureau"], write=["GG_Bureau"], drive="S"),
    share("perso", "Dossier personnel", kind="personal", read=["GG_Atelier", "GG_Bureau"], delete=[], drive="U"),
]
_WANTED = {
    ("atelier", "workshop"): "see read write",
    ("atelier", "boss"): "see read write delete",
    ("paie", "office"): "see read write",
    ("commun", "workshop"): "see read",
    ("commun", "boss"): "see read delete",
    ("commun", "office"): "see read write",
}
KINDS = [
    {"id": "workshop", "title": "Atelier", "person": "petitcam", "people": 3, "groups": ["GG_Atelier"]},
    {"id": "boss", "title": "Responsable de l'atelier", "person": "morellea", "people": 1, "groups": ["GG_Atelier"]},
    {"id": "office", "title": "Bureau", "person": "durandpau", "people": 2, "groups": ["GG_Bureau"]},
]


def share_access(**other: Any) -> Record:
    """What the probe brings when everything is as the table says."""
    attempts = [
        {
            "kind": kind["id"],
            "person": kind["person"],
            "share": row["name"],
            "action": action,
            "granted": action in _WANTED.get((row["name"], kind["id"]), "").split(),
            "expected": action in _WANTED.get((row["name"], kind["id"]), "").split(),
            "status": "NT_STATUS_ACCESS_DENIED",
        }
        for row in TABLE[:3]
        for kind in KINDS
        for action in ("see", "read", "write", "delete")
    ]
    return copy.deepcopy(
        {
            "kinds": KINDS,
            "attempts": attempts,
            "personal": [
                {
                    "person": "petitcam",
                    "folder": folder,
                    "action": action,
                    "granted": own,
                    "expected": own,
                    "status": "",
                }
                for folder, own in (("petitcam", True), ("morellea", False))
                for action in ("read", "write")
            ],
            "anonymous": [{"share": row["name"], "granted": False, "status": "x"} for row in TABLE],
            "protocols": {"smb1": {"accepted": False, "detail": ""}, "smb3": {"accepted": True, "detail": ""}},
            "unsigned": {"accepted": False},
            "unencrypted": {"paie": False},
            "own_files": [{"kind": "workshop", "share": "atelier", "granted": True, "expected": True}],
            "recycle": [
                {
                    "share": "atelier",
                    "person": "petitcam",
                    "found": True,
                    "others": [{"reads": False}],
                    "restored": True,
                }
            ],
            "closed": [{"person": "gonejul", "status": "NT_STATUS_ACCOUNT_DISABLED"}],
            "untried": [],
            "duration_seconds": 74.2,
            "table_digest": "0f0f",
            **other,
        }
    )


def attempt(facts: Record, name: str, kind: str, action: str) -> Record:
    """One attempt, to be changed."""
    keys = {"share": name, "kind": kind, "action": action}
    (found,) = (each for each in facts["attempts"] if keys.items() <= each.items())
    return found


SAYS = {
    "fr": "Verrouillage de session passe avant, au même endroit (OU=Site,DC=site,DC=lan)",
    "en": "Verrouillage de session comes first at the same place (OU=Site,DC=site,DC=lan)",
}
_LOCK = r"user/registry/Software\Policies\Microsoft\Windows\Control Panel\Desktop\ScreenSaveTimeOut"


def group_policy(**other: Any) -> Record:
    """What the reader of policies brings: one policy that wins over another on a unit."""
    policy = {"name": "Verrouillage de session", "guid": "{1}", "settings": {_LOCK: 600}}
    wins = {
        _LOCK: {
            "value": 600,
            "policy": policy["name"],
            "overridden": [{"policy": "Ancien essai", "value": 1800, "why": "order", "says": SAYS}],
        }
    }
    units = ["OU=Site,DC=site,DC=lan", "OU=Postes,OU=Site,DC=site,DC=lan"]
    return copy.deepcopy(
        {
            "policies": [policy],
            "effective": [{"unit": unit, "side": "user", "settings": copy.deepcopy(wins)} for unit in units],
            "not_effective": [],
            "differences": [],
            "inheritance_blocked": [],
            **other,
        }
    )


def account(login: str, name: str, *groups: str, kind: str = "person", **other: Any) -> Record:
    return {
        "login": login,
        "display_name": name,
        "kind": kind,
        "enabled": True,
        "created": "2020-01-02T08:00:00+00:00",
        "all_groups": list(groups),
        **other,
    }


def worker(login: str, department: str, group: str, status: str = "active") -> Record:
    return {
        "login": login,
        "mail": f"{login}@site.example",
        "status": status,
        "department": department,
        "department_group": group,
    }


def directory(**other: Any) -> Record:
    """Four people, one of whom left, a technical account, an administrator; groups as the table wants them."""
    return copy.deepcopy(
        {
            "accounts": [
                account("petitcam", "Camille Petit", "GG_Atelier", "DL_Atelier_RW", "DL_Commun_R"),
                account(
                    "morellea", "Léa Morel", "GG_Atelier", "DL_Atelier_RW", "DL_Atelier_D", "DL_Commun_R", "DL_Commun_D"
                ),
                account("durandpau", "Paul Durand", "GG_Bureau", "DL_Paie_RW", "DL_Paie_D", "DL_Commun_RW"),
                account("gonejul", "Jules Gone", "DL_Atelier_RW", enabled=False),
                account("adm-morellea", "Léa Morel (administration)", "Domain Admins", kind="administrator"),
            ],
            "people": [
                worker("petitcam", "Atelier", "GG_Atelier"),
                worker("morellea", "Atelier", "GG_Atelier"),
                worker("durandpau", "Bureau", "GG_Bureau"),
                worker("gonejul", "Atelier", "GG_Atelier", "left"),
            ],
            "groups": [
                {"name": "GG_Maison", "members": ["GG_Atelier", "GG_Bureau"]},
                {"name": "GG_Atelier", "members": ["petitcam", "morellea"]},
                {"name": "GG_Bureau", "members": ["durandpau"]},
            ],
            "privileged": [{"group_sid": "S-1-5-21-1-2-3-512", "members": ["Administrator", "adm-morellea"]}],
            **other,
        }
    )


def evidence(access: Record | None = None, policies: Record | None = None) -> dict[str, Record]:
    """Evidence of a run that tried the shares and read the policies."""
    when = "2026-11-21T05:52:00+00:00"
    return {
        "dc1": {
            "collected_at": when,
            "facts": {"directory": directory(), "group_policy": policies or group_policy()},
            "failures": {},
        },
        "ws1": {
            "collected_at": when,
            "facts": {"share_access": access or share_access(), "share_table": TABLE},
            "failures": {},
        },
    }
