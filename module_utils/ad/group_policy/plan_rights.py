"""Whom a policy applies to: the rights on its container ([MS-GPOL] 3.2.5.1.6), and those its folder must have. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ansible.module_utils.ad import security_descriptor as descriptors
from ansible.module_utils.ad.group_policy.model import AUTHENTICATED_USERS
from ansible.module_utils.ad.security_descriptor import (
    ALLOWED,
    ALLOWED_OBJECT,
    CONTAINER_INHERIT,
    DACL_PROTECTED,
    DENIED,
    DENIED_OBJECT,
    INHERIT_ONLY,
    INHERITED,
    Ace,
    SecurityDescriptor,
)

#: The extended right Apply-Group-Policy ([MS-ADTS] 5.1.3.2.1).
APPLY = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"
_CONTROL_ACCESS = 0x100
#: List, read and read the rights: what the management console gives to those who apply a policy.
_READ = 0x00020094
_READ_PROPERTIES = 0x10


@dataclass(frozen=True)
class Filtering:
    """Who applies a policy, who is kept from it, who can read it."""

    applies_to: tuple[str, ...]
    denied: tuple[str, ...]
    readers: tuple[str, ...]


def filtering(descriptor: bytes) -> Filtering:
    """What the rights on a container mean for those who should apply it."""
    entries = [ace for ace in descriptors.unpack(descriptor).dacl or () if not ace.flags & INHERIT_ONLY]
    allowed = [ace for ace in entries if ace.type in (ALLOWED, ALLOWED_OBJECT)]
    return Filtering(
        applies_to=_sids(ace for ace in allowed if _applies(ace)),
        denied=_sids(ace for ace in entries if ace.type in (DENIED, DENIED_OBJECT) and (_applies(ace) or _hides(ace))),
        readers=_sids(ace for ace in allowed if ace.type == ALLOWED and ace.mask & _READ_PROPERTIES),
    )


def _sids(aces: Iterable[Ace]) -> tuple[str, ...]:
    return tuple(sorted({ace.sid for ace in aces}))


def _applies(ace: Ace) -> bool:
    """Whether an entry is about applying: by its own right, or by all the extended ones."""
    return bool(ace.mask & _CONTROL_ACCESS) and ace.object_type in (None, APPLY)


def _hides(ace: Ace) -> bool:
    return bool(ace.mask & _READ_PROPERTIES) and ace.object_type is None


def container_rights(descriptor: bytes, applies_to: Iterable[str]) -> bytes | None:
    """The rights on a container that apply it to these and to nobody else; None when they are so already.

    Authenticated users can always read: since MS16-072 a client reads the policies of a user as the computer.
    What other entries allow (who may edit) is left as it is.
    """
    found = descriptors.unpack(descriptor)
    wanted = tuple(dict.fromkeys(applies_to))
    entries = list(found.dacl or ())
    dropped = {ace.sid for ace in entries if _is_ours(ace) and ace.sid not in wanted}
    kept = [
        ace
        for ace in entries
        if not (_is_ours(ace) and ace.sid not in wanted)
        and not (ace.type in (DENIED, DENIED_OBJECT) and (_applies(ace) or _hides(ace)))
        and not (ace.type == ALLOWED and ace.mask == _READ and ace.sid in dropped - {AUTHENTICATED_USERS})
    ]
    for sid in wanted:
        if not any(ace.sid == sid and ace.type in (ALLOWED, ALLOWED_OBJECT) and _applies(ace) for ace in kept):
            kept.append(Ace(ALLOWED_OBJECT, CONTAINER_INHERIT, _CONTROL_ACCESS, sid, APPLY))
    for sid in dict.fromkeys((*wanted, AUTHENTICATED_USERS)):
        if not any(ace.sid == sid and ace.type == ALLOWED and ace.mask & _READ == _READ for ace in kept):
            kept.append(Ace(ALLOWED, CONTAINER_INHERIT, _READ, sid))
    if kept == entries:
        return None
    return descriptors.pack(replace(found, dacl=tuple(_ordered(kept)), sacl=None))


def _is_ours(ace: Ace) -> bool:
    """An entry that lets somebody apply the policy and nothing else."""
    return ace.type == ALLOWED_OBJECT and ace.object_type == APPLY and not ace.flags & INHERITED


def _ordered(aces: Iterable[Ace]) -> list[Ace]:
    """The canonical order ([MS-DTYP] 2.4.5): own entries before inherited ones, refusals before permissions."""
    return sorted(
        aces,
        key=lambda ace: (bool(ace.flags & INHERITED), ace.type not in (DENIED, DENIED_OBJECT), ace.type != ALLOWED),
    )


def folder_rights(container: bytes) -> bytes:
    """The descriptor of a policy's folder, made from the one of its container."""
    wanted = descriptors.directory_to_folder(descriptors.unpack(container))
    return descriptors.pack(replace(wanted, control=wanted.control | DACL_PROTECTED))


def wrong_rights(present: Mapping[str, bytes], wanted: bytes, every_file: bool) -> tuple[str, ...]:
    """The paths of a folder that have other rights than these: "" is the folder itself.

    Samba's own check wants them explicit on every file and folder; on Microsoft they are inherited from the folder.
    """
    right = _comparable(wanted)
    return tuple(path for path, found in present.items() if (every_file or not path) and _comparable(found) != right)


def _comparable(raw: bytes) -> tuple[object, ...]:
    """A descriptor without the bits that a server sets on its own."""
    found: SecurityDescriptor = descriptors.unpack(raw)
    return found.owner, found.group, found.control & DACL_PROTECTED, found.dacl
