"""Access lists of folders: from names of rights to descriptors, what a child inherits, what differs. Pure.

An inherited list is computed as Windows does when a folder's list changes ([MS-DTYP] 2.5.3.4), so that what is already
below a folder gets the same list as what will be made there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ansible.module_utils.ad.security_descriptor import (
    ALLOWED,
    CONTAINER_INHERIT,
    DACL_AUTO_INHERITED,
    DACL_PRESENT,
    DACL_PROTECTED,
    DENIED,
    INHERIT_ONLY,
    INHERITED,
    NO_PROPAGATE,
    OBJECT_INHERIT,
    Ace,
    SecurityDescriptor,
)

_CREATOR_OWNER, _CREATOR_GROUP = "S-1-3-0", "S-1-3-1"
_BELOW = OBJECT_INHERIT | CONTAINER_INHERIT
#: Access masks of files and folders ([MS-SMB2] 2.2.13.1). deposit: enter and put in, list nothing.
RIGHTS = {
    "read": 0x1200A9,
    "write": 0x1201BF,
    "delete": 0x1301BF,
    "full": 0x1F01FF,
    "traverse": 0x1200A0,
    "deposit": 0x1200A6,
}
#: Where an entry holds: here and below, here only, below only.
SCOPES = {"all": _BELOW, "this": 0, "below": _BELOW | INHERIT_ONLY}
_NAMES = {mask: name for name, mask in RIGHTS.items()}
_KINDS = {ALLOWED: "allow", DENIED: "deny"}
_COMPARED = OBJECT_INHERIT | CONTAINER_INHERIT | NO_PROPAGATE | INHERIT_ONLY


@dataclass(frozen=True)
class Entry:
    """Who has what right, and where."""

    sid: str
    rights: str
    scope: str = "all"

    def ace(self) -> Ace:
        return Ace(ALLOWED, SCOPES[self.scope], RIGHTS[self.rights], self.sid)


@dataclass(frozen=True)
class Folder:
    """A folder of a share and the list it must have; path "" is the share itself.

    spreads: what lies below has what it inherits from here and nothing else.
    """

    share: str
    path: str
    owner: str
    entries: tuple[Entry, ...]
    protected: bool = True
    spreads: bool = True

    @property
    def key(self) -> str:
        return path_key(self.path)

    @property
    def label(self) -> str:
        return label(self.share, self.path)


def wanted_descriptor(folder: Folder, above: SecurityDescriptor | None = None) -> SecurityDescriptor:
    """The descriptor of a folder; above is that of the folder it lies in, when it inherits."""
    own = [entry.ace() for entry in folder.entries]
    given = [] if folder.protected or above is None else inherited(above, True, folder.owner, None)
    control = DACL_PRESENT | DACL_AUTO_INHERITED | (DACL_PROTECTED if folder.protected else 0)
    return SecurityDescriptor(owner=folder.owner, control=control, dacl=ordered([*own, *given]))


def inherited(above: SecurityDescriptor, is_folder: bool, owner: str | None, group: str | None) -> list[Ace]:
    """What a file or folder gets from the folder it lies in ([MS-DTYP] 2.5.3.4.1 and .2)."""
    found = []
    creators = {_CREATOR_OWNER: owner, _CREATOR_GROUP: group}
    for ace in above.dacl or ():
        passes = ace.flags & NO_PROPAGATE == 0 and is_folder
        if not ace.flags & (_BELOW if is_folder else OBJECT_INHERIT):
            continue
        here = not is_folder or bool(ace.flags & CONTAINER_INHERIT)
        kept = ace.flags & _BELOW if passes else 0
        who = creators.get(ace.sid, ace.sid)
        if ace.sid in creators:
            if here and who:
                found.append(replace(ace, sid=who, flags=INHERITED))
            if kept:
                found.append(replace(ace, flags=kept | INHERIT_ONLY | INHERITED))
        elif here or kept:
            found.append(replace(ace, flags=kept | INHERITED | (0 if here else INHERIT_ONLY)))
    return found


def explicit(descriptor: SecurityDescriptor) -> list[Ace]:
    """The entries that a file or folder has of its own."""
    return [ace for ace in descriptor.dacl or () if not ace.flags & INHERITED]


def ordered(aces: Iterable[Ace]) -> tuple[Ace, ...]:
    """The canonical order: own refusals, own permissions, then what is inherited, nearest folder first."""
    return tuple(sorted(aces, key=lambda ace: (bool(ace.flags & INHERITED), _rank(ace))))


def _rank(ace: Ace) -> int:
    return 0 if ace.type == DENIED and not ace.flags & INHERITED else 1 if not ace.flags & INHERITED else 2


def same(one: SecurityDescriptor, other: SecurityDescriptor) -> bool:
    """Whether two descriptors mean the same: owner, protection, and entries in any order that does not matter."""
    return one.owner == other.owner and one.protected == other.protected and _sense(one) == _sense(other)


def _sense(descriptor: SecurityDescriptor) -> object:
    """The list without what has no meaning. Permissions commute, and so do refusals; the order of both counts."""
    if descriptor.dacl is None:
        return None
    runs: list[tuple[int, set[tuple[object, ...]]]] = []
    for ace in descriptor.dacl:
        if not runs or runs[-1][0] != ace.type:
            runs.append((ace.type, set()))
        runs[-1][1].add(_meaning(ace))
    return runs


def _meaning(ace: Ace) -> tuple[object, ...]:
    """An entry for comparison: whether it was inherited tells where it comes from, so it counts too."""
    return (ace.sid, ace.mask, ace.flags & (_COMPARED | INHERITED), ace.data)


def describe(descriptor: SecurityDescriptor, names: Mapping[str, str]) -> list[str]:
    """A descriptor as lines that a person reads, sorted so that two of them can be compared."""
    if descriptor.dacl is None:
        return [f"owner: {named(descriptor.owner, names)}", "no list: everything is allowed to everybody"]
    return [
        f"owner: {named(descriptor.owner, names)}",
        f"inherits: {'no' if descriptor.protected else 'yes'}",
        *sorted(tell(ace, names) for ace in descriptor.dacl),
    ]


def tell(ace: Ace, names: Mapping[str, str]) -> str:
    """One entry as a line."""
    kind = _KINDS.get(ace.type, f"type {ace.type}")
    scope = next((name for name, flags in SCOPES.items() if flags == ace.flags & _COMPARED), f"flags {ace.flags:#x}")
    right = _NAMES.get(ace.mask, f"{ace.mask:#x}")
    return f"{named(ace.sid, names)}: {kind} {right}, {scope}" + (", inherited" if ace.flags & INHERITED else "")


def named(sid: str | None, names: Mapping[str, str]) -> str:
    """What a person calls a principal; the SID when nobody knows."""
    return "nobody" if sid is None else names.get(sid, sid)


def entries_of(descriptor: SecurityDescriptor, names: Mapping[str, str]) -> list[dict[str, object]]:
    """The entries as data, in the words of the options."""
    return [
        {
            "principal": named(ace.sid, names),
            "sid": ace.sid,
            "type": _KINDS.get(ace.type, str(ace.type)),
            "rights": _NAMES.get(ace.mask, f"{ace.mask:#x}"),
            "scope": next((n for n, flags in SCOPES.items() if flags == ace.flags & _COMPARED), f"{ace.flags:#x}"),
            "inherited": bool(ace.flags & INHERITED),
        }
        for ace in descriptor.dacl or ()
    ]


def differences(wanted: SecurityDescriptor, found: SecurityDescriptor, names: Mapping[str, str]) -> list[str]:
    """What is wrong with a folder, one line each; empty when both mean the same."""
    if same(wanted, found):
        return []
    before, after = describe(found, names), describe(wanted, names)
    lines = [f"missing {line}" for line in after if line not in before]
    lines += [f"too much {line}" for line in before if line not in after]
    return lines or ["the entries are in an order that changes their meaning"]


def path_key(path: str) -> str:
    """A path for comparison: neither case nor the kind of slash counts."""
    return path.replace("/", "\\").strip("\\").casefold()


def label(share: str, path: str) -> str:
    """A folder as a person writes it."""
    return "/".join(part for part in (share, path.replace("\\", "/").strip("/")) if part)
