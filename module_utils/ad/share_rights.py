"""What follows from the table of shares: groups that carry rights, folders with their access lists, shares to serve.

Access lists name domain local groups only, so that the table changes memberships and hardly ever a folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.ad.share_table import RIGHTS, Share

#: Well-known principals ([MS-DTYP] 2.4.2.4).
ADMINISTRATORS, SYSTEM, OWNER_RIGHTS = "S-1-5-32-544", "S-1-5-18", "S-1-3-4"
_FULL = [
    {"principal": ADMINISTRATORS, "rights": "full", "scope": "all"},
    {"principal": SYSTEM, "rights": "full", "scope": "all"},
]


def department_groups(departments: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Groups that a right may name: those of the departments, and those above them."""
    named = [one.get(key) for key in ("group", "parent_group") for one in departments.values()]
    return [str(name) for name in dict.fromkeys(named) if name]


def rights_of(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """The groups of rights as ad_directory takes them; a right that nobody has makes no group."""
    return [
        {
            "name": share.group(right),
            "description": f"Entrer dans son dossier : {share.title}"
            if share.kind == "personal"
            else f"{RIGHTS[right]} : {share.title}",
            "members": list(share.holders(right)),
        }
        for share in shares
        for right in share.groups()
    ]


def folders_of(shares: Iterable[Share], recycle_folder: str = "") -> list[dict[str, Any]]:
    """The folders of the shares with their access lists, as share_acl takes them.

    Who writes creates and changes, and deletes only what is their own; deleting what others made is a right of its own.
    What its owner may do is said for OWNER RIGHTS, which takes from owners the right to open their files to others.
    The folder of deleted files is entered by everybody and listed by nobody: each finds there what they deleted.
    """
    found = []
    for share in shares:
        found.append(_folder(share, "", _entries(share)))
        if recycle_folder:
            found.append(_folder(share, recycle_folder, _bin_entries(share), spreads=False))
    return found


def _folder(share: Share, path: str, entries: list[dict[str, str]], spreads: bool = True) -> dict[str, Any]:
    return {
        "share": share.name,
        "path": path,
        "owner": ADMINISTRATORS,
        "protected": True,
        "spreads": spreads,
        "entries": _FULL + entries,
    }


def _entries(share: Share) -> list[dict[str, str]]:
    if share.kind == "personal":
        return [{"principal": group, "rights": "read", "scope": "this"} for group in share.groups().values()]
    entries = [{"principal": group, "rights": right, "scope": "all"} for right, group in share.groups().items()]
    if share.write or share.delete:
        entries.append({"principal": OWNER_RIGHTS, "rights": "delete", "scope": "below"})
    return entries


def _bin_entries(share: Share) -> list[dict[str, str]]:
    writers = share.groups() if share.kind == "personal" else {r: g for r, g in share.groups().items() if r != "read"}
    return [{"principal": group, "rights": "deposit", "scope": "this"} for group in writers.values()]


def definitions_of(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """The shares as the role file_shares takes them; groups are those that may see the share at all."""
    return [
        {
            "name": share.name,
            "title": share.title,
            "kind": share.kind,
            "sensitive": share.sensitive,
            "groups": list(share.groups().values()),
        }
        for share in shares
    ]
