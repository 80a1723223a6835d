"""What was found of access lists and what changed, in words: the diff of share_acl and the facts of share_acl_info."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.ad import share_acl as acl
from ansible.module_utils.ad.security_descriptor import SecurityDescriptor
from ansible.module_utils.ad.share_acl import Folder
from ansible.module_utils.ad.share_reconcile import Outcome

#: How many names below folders are told; the others are counted.
_TOLD = 20


def changes(outcome: Outcome) -> dict[str, Any]:
    """What share_acl returns."""
    differing = outcome.differing
    below = [name for names in outcome.below_changed.values() for name in names]
    before: list[str] = []
    after: list[str] = []
    for one in differing:
        told = acl.describe(one.wanted, outcome.names)
        there = acl.describe(one.found, outcome.names) if one.found else []
        before += [f"{one.folder.label}: {line}" for line in there if line not in told]
        after += [f"{one.folder.label}: {line}" for line in told if line not in there]
        if one.found and not [line for line in there if line not in told] and set(told) == set(there):
            before.append(f"{one.folder.label}: entries in an order that changes their meaning")
    if below:
        after.append(
            f"below: what they inherit for {len(below)} of {sum(outcome.below_seen.values())} files and folders"
        )
    return {
        "changed": bool(differing or below),
        "created_folders": [one.folder.label for one in differing if one.found is None],
        "changed_folders": [one.folder.label for one in differing if one.found is not None],
        "below": {"seen": sum(outcome.below_seen.values()), "changed": len(below), "names": below[:_TOLD]},
        "closed_folders": outcome.nobodys,
        "diff": {"before": _text(before), "after": _text(after)},
    }


def facts(outcome: Outcome) -> list[dict[str, Any]]:
    """What share_acl_info returns: each folder with its list, and what differs from the one asked for."""
    found = []
    for folder, wanted, there in outcome.checked:
        found.append(
            {
                "share": folder.share,
                "path": folder.path,
                "exists": there is not None,
                "owner": acl.named(there.owner, outcome.names) if there else None,
                "owner_sid": there.owner if there else None,
                "protected": there.protected if there else None,
                "entries": acl.entries_of(there, outcome.names) if there else [],
                "below": {
                    "seen": outcome.below_seen.get(folder.label, 0),
                    "different": outcome.below_changed.get(folder.label, [])[:_TOLD],
                },
                "differences": _wrong(folder, wanted, there, outcome),
            }
        )
    return found


def _wrong(folder: Folder, wanted: SecurityDescriptor, there: SecurityDescriptor | None, outcome: Outcome) -> list[str]:
    if there is None:
        return ["the folder is not there"]
    below = len(outcome.below_changed.get(folder.label, []))
    return acl.differences(wanted, there, outcome.names) + (
        [f"{below} files and folders below have another list than the one they inherit"] if below else []
    )


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
