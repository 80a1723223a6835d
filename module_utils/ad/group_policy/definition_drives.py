r"""Network drives of a definition: written there, or one for each share of the site's table ([MS-GPPREF] 2.2.1.4).

A drive of a share is for the groups that may read or write it, by SID; the drive of the personal share is everyone's
own folder in it (%LogonUser% is filled in by the client).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from ansible.module_utils.ad.group_policy.definition_purpose import SERVES, Purpose
from ansible.module_utils.ad.group_policy.definition_values import Binding
from ansible.module_utils.ad.group_policy.definition_yaml import Source
from ansible.module_utils.ad.group_policy.preferences import DriveMapping, GroupFilter

_FIELDS = ("letter", "path", "label", "groups", "persistent", "from_shares", *SERVES)
#: A and B are floppy disks, C is the system's own.
_LETTERS = "DEFGHIJKLMNOPQRSTUVWXYZ"
_PATH = re.compile(r"\\\\[^\\/:*?\"<>|]+(\\[^\\/:*?\"<>|]+)+")
PERSONAL = "personal"


def read_drives(source: Source, node: yaml.Node | None, binding: Binding, purpose: Purpose) -> tuple[DriveMapping, ...]:
    """The drives of a definition, by letter."""
    drives: dict[str, DriveMapping] = {}
    for item in source.items(node, "drives"):
        fields = source.fields(item, _FIELDS, what="a drive")
        control = purpose.read(source, item, fields)
        if "from_shares" in fields:
            if not source.yes(fields["from_shares"], "from_shares", True) or set(fields) & {"letter", "path"}:
                source.problem(
                    item, "from_shares: true stands for every share of the table; it takes no letter or path"
                )
                continue
            found = list(_of_shares(source, item, binding))
        else:
            found = list(_written(source, item, fields, binding))
        for drive in found:
            if drive.letter in drives:
                other = drives[drive.letter].path
                source.problem(item, f"the drive {drive.letter} of {drive.path} is already that of {other}; change one")
                continue
            drives[drive.letter] = drive
            purpose.note(f"user/drives/{drive.letter}", control)
    return tuple(drives[letter] for letter in sorted(drives))


def _written(
    source: Source, item: yaml.Node, fields: Mapping[str, yaml.Node], binding: Binding
) -> Iterator[DriveMapping]:
    letter = source.text(fields.get("letter"), "letter").rstrip(":").upper()
    path = binding.value(source, fields["path"]) if "path" in fields else ""
    if not isinstance(path, str) or not _checked(source, item, letter, path):
        return
    label = binding.value(source, fields["label"]) if "label" in fields else ""
    groups = []
    for each in source.items(fields.get("groups"), "groups"):
        sid = binding.sid(source, each, "groups")
        named = source.plain(each) if isinstance(each, yaml.ScalarNode) else sid
        if sid:
            groups.append(_filter(sid, str(named), binding))
    persistent = source.yes(fields.get("persistent"), "persistent", False)
    yield DriveMapping(letter, path, str(label), persistent=persistent, groups=tuple(groups))


def _checked(source: Source, item: yaml.Node, letter: str, path: str) -> bool:
    if len(letter) != 1 or letter not in _LETTERS:
        source.problem(item, f"{letter!r} is not a letter that a network drive can have (D to Z)")
    elif not _PATH.fullmatch(path):
        source.problem(item, rf"{path!r} is not the path of a share; write it as \\server\share")
    else:
        return True
    return False


def _filter(sid: str, name: str, binding: Binding) -> GroupFilter:
    return GroupFilter(sid, f"{binding.context['netbios_name']}\\{name}")


def _of_shares(source: Source, item: yaml.Node, binding: Binding) -> Iterator[DriveMapping]:
    shares: Sequence[Mapping[str, Any]] = binding.context.get("shares") or ()
    server = binding.context.get("file_server")
    if not shares or not server:
        source.problem(item, "from_shares needs the table of shares and the name of the file server in the context")
        return
    sids = {str(name).casefold(): str(sid) for name, sid in binding.context["sids"].items()}
    for share in shares:
        letter, name = str(share.get("drive") or "").rstrip(":").upper(), str(share.get("name"))
        path = f"\\\\{server}\\{name}"
        if not letter:
            continue
        if not _checked(source, item, letter, path):
            continue
        named = dict.fromkeys((*share.get("read", ()), *share.get("write", ())))
        unknown = [group for group in named if group.casefold() not in sids]
        if unknown:
            source.problem(item, f"share {name}: the directory has no group {', '.join(unknown)}")
            continue
        own = share.get("kind") == PERSONAL
        groups = () if own else tuple(_filter(sids[group.casefold()], group, binding) for group in named)
        yield DriveMapping(letter, path + r"\%LogonUser%" if own else path, str(share.get("title", "")), groups=groups)
