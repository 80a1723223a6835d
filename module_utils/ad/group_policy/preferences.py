"""Preferences: the XML files below Preferences ([MS-GPPREF] 2.2.1), mapped drives above all.

A file has a kind, by the name of its folder, and items in the order they are applied. Drives of the form that this
project writes are DriveMapping; every other item stays the element that it was, so that nothing of it is lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ansible.module_utils.ad.group_policy import GroupPolicyDataError, preferences_xml
from ansible.module_utils.ad.group_policy.preferences_xml import Element

DRIVES = "Drives"
#: [MS-GPPREF] 2.2.1.1.2: outer element and its CLSID by the folder that holds the file.
KINDS = {
    "Applications": ("Applications", "{16DB8EC4-EBFC-4958-98EE-712E9DD3A966}"),
    "DataSources": ("DataSources", "{380F820F-F21B-41ac-A3CC-24D4F80F067B}"),
    "Devices": ("Devices", "{4DD26924-3F32-47aa-BF33-36D51BD1E54E}"),
    DRIVES: ("Drives", "{8FDDCC1A-0C3C-43cd-A6B4-71A6DF20DA8C}"),
    "EnvironmentVariables": ("EnvironmentVariables", "{BF141A63-327B-438a-B9BF-2C188F13B7AD}"),
    "Files": ("Files", "{215B2E53-57CE-475c-80FE-9EEC14635851}"),
    "FolderOptions": ("FolderOptions", "{8AB5F5D7-F676-48ab-A94E-1186E120EFDC}"),
    "Folders": ("Folders", "{77CC39E7-3D16-4f8f-AF86-EC0BBEE2C861}"),
    "IniFiles": ("IniFiles", "{694C651A-08F2-47fa-A427-34C4F62BA207}"),
    "InternetSettings": ("InternetSettings", "{B611EB48-F531-42cd-A1F6-5E0D015377BA}"),
    "Groups": ("Groups", "{3125E937-EB16-4b4c-9934-544FC6D24D26}"),
    "NetworkOptions": ("NetworkOptions", "{09686AD1-5D80-48ee-A940-690A6DF02A90}"),
    "NetworkShares": ("NetworkShareSettings", "{520870D8-A6E7-47e8-A8D8-E6A4E76EAEC2}"),
    "PowerOptions": ("PowerOptions", "{7B0F9381-C3B8-4525-8167-87349B671D94}"),
    "Printers": ("Printers", "{1F577D12-3D1B-471e-A1B7-060317597B9C}"),
    "RegionalOptions": ("Regional", "{BDBA23C2-DE02-434e-8D89-13E53CB6710B}"),
    "Registry": ("RegistrySettings", "{A3CCFC41-DFDB-43a5-8D26-0FE8B954DA51}"),
    "ScheduledTasks": ("ScheduledTasks", "{CC63F200-7309-4ba0-B154-A71CD118DBCC}"),
    "Services": ("NTServices", "{2CFB484A-4E96-4b5d-A0B6-093D2F91E6AE}"),
    "Shortcuts": ("Shortcuts", "{872ECB34-B2EC-401b-A585-D32574AA90EE}"),
    "StartMenuTaskbar": ("StartMenuTaskbar", "{4C4059E4-2F6E-4630-9CB8-5D9A89252C3B}"),
}
_KIND_OF = {root: kind for kind, (root, _clsid) in KINDS.items()}
_DRIVE_CLSID = "{935D1B74-9CB8-4e3c-9914-7DD559B7A417}"
#: [MS-GPPREF] 2.2.1.4.1: create, replace, update, delete, in the order of the console's icons.
ACTIONS = ("C", "R", "U", "D")
#: Where the identifiers of our items come from: the same item gets the same one on every run.
_NAMESPACE = uuid.UUID("3c1f0c0e-5d0b-5b8e-9d57-6d0a1c1f7a10")


@dataclass(frozen=True)
class GroupFilter:
    """Item-level targeting at the members of a group ([MS-GPPREF] 2.2.1.22); the SID counts, the name is shown."""

    sid: str
    name: str


@dataclass(frozen=True)
class DriveMapping:
    """A drive letter for a share; for the members of any of the groups, or for everyone when there is none."""

    letter: str
    path: str
    label: str = ""
    action: str = "U"
    persistent: bool = False
    groups: tuple[GroupFilter, ...] = ()
    uid: str = ""
    changed: str = ""

    @property
    def name(self) -> str:
        return f"{self.letter}:"

    def readable(self) -> dict[str, Any]:
        """What the item does, without when it was made."""
        return {
            "path": self.path,
            "label": self.label,
            "action": self.action,
            "persistent": self.persistent,
            "groups": [group.sid for group in self.groups],
        }


Item = DriveMapping | Element


@dataclass(frozen=True)
class PreferenceFile:
    """A file by its kind; ``attributes`` of the outer element besides its CLSID (disabled="1")."""

    kind: str
    items: tuple[Item, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


def unpack(raw: bytes) -> PreferenceFile:
    """A file of preferences of any kind."""
    root = preferences_xml.parse(raw)
    kind = _KIND_OF.get(root.tag)
    if kind is None:
        raise GroupPolicyDataError(f"<{root.tag:.80}> is no preference; known are {', '.join(_KIND_OF)}", line=1)
    items: list[Item] = []
    for child in root.children:
        if isinstance(child, str):
            if child.strip(" \t\r\n"):
                raise GroupPolicyDataError(f"text among the items of <{root.tag}>: {child.strip()!r:.80}")
            continue
        items.append(_drive(child) or child if kind == DRIVES else child)
    attributes = tuple(pair for pair in root.attributes if pair != ("clsid", KINDS[kind][1]))
    return PreferenceFile(kind, tuple(items), attributes)


def pack(wanted: PreferenceFile) -> bytes:
    """The bytes of the file."""
    if wanted.kind not in KINDS:
        raise GroupPolicyDataError(f"{wanted.kind!r:.80} is no kind of preference; they are {', '.join(KINDS)}")
    tag, clsid = KINDS[wanted.kind]
    own = () if any(name == "clsid" for name, _value in wanted.attributes) else (("clsid", clsid),)
    children = tuple(_element(item) if isinstance(item, DriveMapping) else item for item in wanted.items)
    return preferences_xml.write(Element(tag, (*own, *wanted.attributes), children))


def stamped(wanted: Iterable[Item], current: Iterable[Item], now: str) -> tuple[Item, ...]:
    """The items with identifier and date: those they already have when nothing of them changes, so that a second run
    writes the same bytes; ``now`` as [MS-GPPREF] 2.2.1.1.3 wants it, "YYYY-MM-DD HH:MM:SS" in UTC."""
    known = {replace(each, uid="", changed=""): each for each in current if isinstance(each, DriveMapping)}
    done: list[Item] = []
    for item in wanted:
        if isinstance(item, DriveMapping):
            before = known.get(replace(item, uid="", changed=""))
            uid = item.uid or (
                before.uid if before else stable_uid(item.letter, item.path, *(g.sid for g in item.groups))
            )
            done.append(replace(item, uid=uid, changed=item.changed or (before.changed if before else now)))
        else:
            done.append(item)
    return tuple(done)


def stable_uid(*words: str) -> str:
    """An identifier that the same words always get."""
    return "{" + str(uuid.uuid5(_NAMESPACE, "\0".join(words))).upper() + "}"


def _element(drive: DriveMapping) -> Element:
    """A drive as the console writes it ([MS-GPPREF] 2.2.1.4.2), connected as the person who logs on."""
    if drive.action not in ACTIONS:
        raise GroupPolicyDataError(
            f"drive {drive.letter}: no action {drive.action!r:.40}; they are {', '.join(ACTIONS)}"
        )
    if not (len(drive.letter) == 1 and "A" <= drive.letter <= "Z"):
        raise GroupPolicyDataError(f"{drive.letter!r:.40} is no drive letter: one of A to Z is wanted")
    properties = (
        ("action", drive.action),
        ("thisDrive", "NOCHANGE"),
        ("allDrives", "NOCHANGE"),
        ("userName", ""),
        ("path", drive.path),
        ("label", drive.label),
        ("persistent", "1" if drive.persistent else "0"),
        ("useLetter", "1"),
        ("letter", drive.letter),
    )
    children = [Element("Properties", properties)]
    if drive.groups:
        children.append(Element("Filters", (), tuple(_filter(n, group) for n, group in enumerate(drive.groups))))
    own = (
        ("clsid", _DRIVE_CLSID),
        ("name", drive.name),
        ("status", drive.name),
        ("image", str(ACTIONS.index(drive.action))),
        ("changed", drive.changed),
        ("uid", drive.uid),
        ("userContext", "1"),
        ("bypassErrors", "1"),
    )
    return Element("Drive", own, tuple(children))


def _filter(number: int, group: GroupFilter) -> Element:
    """Any of the groups: the first condition stands alone, each further one is joined to it by OR."""
    return Element(
        "FilterGroup",
        (
            ("bool", "OR" if number else "AND"),
            ("not", "0"),
            ("name", group.name),
            ("sid", group.sid),
            ("userContext", "1"),
            ("primaryGroup", "0"),
            ("localGroup", "0"),
        ),
    )


def _drive(element: Element) -> DriveMapping | None:
    """The drive that an element is, when a DriveMapping says all of it."""
    found = {name: value for child in element.elements("Properties") for name, value in child.attributes}
    filters = [each for child in element.elements("Filters") for each in child.elements("FilterGroup")]
    try:
        drive = DriveMapping(
            letter=found["letter"],
            path=found["path"],
            label=found["label"],
            action=found["action"],
            persistent=found["persistent"] == "1",
            groups=tuple(GroupFilter(each.get("sid") or "", each.get("name") or "") for each in filters),
            uid=element.get("uid") or "",
            changed=element.get("changed") or "",
        )
        return drive if _element(drive) == element else None
    except (KeyError, GroupPolicyDataError):
        return None
