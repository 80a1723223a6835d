"""What has to be written so that a policy is as declared, and only that. Pure."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.group_policy import extensions, sysvol
from ansible.module_utils.ad.group_policy.difference import PRESENCE, Difference, compare_settings, equal
from ansible.module_utils.ad.group_policy.model import AUTHENTICATED_USERS, STATUS_FLAGS, GroupPolicy, Half
from ansible.module_utils.ad.group_policy.plan_rights import container_rights, filtering, folder_rights, wrong_rights
from ansible.module_utils.ad.group_policy.plan_versions import marker_of, next_version, version_file
from ansible.module_utils.ad.group_policy.store_model import (
    COMMENT,
    EXTENSION_NAMES,
    FOLDERS,
    MARKER,
    SIDES,
    Container,
    GroupPolicyError,
    Marker,
    StoredPolicy,
    reach,
    versions,
)

Attributes = dict[str, list[bytes]]


@dataclass(frozen=True)
class Circumstances:
    """What a plan depends on besides the policies."""

    every_file: bool = True  # whether the rights of a folder stand on each of its files
    site: str = ""  # store_model.site_mark
    now: str = ""  # "YYYY-MM-DD HH:MM:SS" in UTC


@dataclass(frozen=True)
class PolicyPlan:
    """The writes that one policy needs; none when it is as it should be."""

    name: str
    guid: str
    stored: StoredPolicy | None  # None: it has to be made
    marker: Marker | None
    files: Mapping[str, bytes] = field(default_factory=dict)
    delete: tuple[str, ...] = ()
    version_file: bytes | None = None
    attributes: Mapping[str, list[bytes]] = field(default_factory=dict)
    rights: bytes | None = None  # of the container
    wrong_rights: tuple[str, ...] = ()  # of the folder and below
    applies_to: tuple[str, ...] = (AUTHENTICATED_USERS,)

    @property
    def changes(self) -> bool:
        return self.stored is None or bool(
            self.files or self.delete or self.version_file or self.attributes or self.rights or self.wrong_rights
        )


def plan_policy(wanted: GroupPolicy, guid: str, stored: StoredPolicy | None, run: Circumstances) -> PolicyPlan:
    """The writes that bring one policy in line; its links are planned for all policies at once."""
    _refuse(wanted, stored)
    declared = {side: wanted.half(side) for side in SIDES}
    standing = {side: _standing(stored, side) for side in SIDES}
    halves = {side: sysvol.merge(standing[side], declared[side]) if wanted.merge else declared[side] for side in SIDES}
    files: dict[str, bytes] = {}
    delete: list[str] = []
    for side in SIDES:
        written, removed = _half_files(side, standing[side], halves[side], stored, merge=wanted.merge, now=run.now)
        files.update(written)
        delete += removed
    if stored is None or (stored.policy.comment != wanted.comment and not wanted.merge):
        files.update({COMMENT: codecs.BOM_UTF16_LE + wanted.comment.encode("utf-16-le")} if wanted.comment else {})
        delete += [COMMENT] if stored and stored.folder.file(COMMENT) and not wanted.comment else []
    marker = marker_of(wanted, run.site)
    listed = {side: _extension_names(side, halves[side], stored, wanted.merge) for side in SIDES}
    version = next_version(stored, marker, (*files, *delete), listed)
    present = stored.container if stored else None
    container = Container(
        dn=present.dn if present else "",
        guid=guid,
        name=present.name if present and wanted.merge else wanted.name,
        flags=(present.flags & ~3 if present else 0) | STATUS_FLAGS[wanted.status],
        version=version,
        extensions=listed,
        marker=marker,
        descriptor=b"",
        reach=_reach(present) if present else {},
    )
    rights, wrong = _rights(wanted, stored, run.every_file)
    return PolicyPlan(
        name=wanted.name,
        guid=guid,
        stored=stored,
        marker=marker,
        files=files,
        delete=tuple(delete),
        version_file=version_file(stored, version, run.site),
        attributes=container_changes(container, present),
        rights=rights,
        wrong_rights=tuple(path for path in wrong if path not in delete),
        applies_to=wanted.applies_to,
    )


def _refuse(wanted: GroupPolicy, stored: StoredPolicy | None) -> None:
    if wanted.merge and stored is None:
        raise GroupPolicyError(
            f"{wanted.source or wanted.name}: the domain has no policy {wanted.guid or wanted.name} to merge into; "
            "restore it (dcgpofix on Microsoft, samba-tool domain provision's defaults on Samba), or take merge out"
        )
    for side in SIDES:
        half = wanted.half(side)
        if half.files or (side == "user" and half.security):
            raise GroupPolicyError(f"{wanted.source or wanted.name}: {side}: this cannot be declared in a policy")
    if stored is None:
        return
    if stored.folder.unread:
        raise GroupPolicyError(
            f"{wanted.name}: {stored.folder.unread[0]} in the folder {stored.container.guid} is too large to be kept "
            "before a change; move it elsewhere"
        )
    bad = [
        f"{FOLDERS[side]}\\{name} ({reason})"
        for side in SIDES
        for name, reason in sysvol.unreadable(_standing(stored, side)).items()
    ]
    if wanted.merge and bad:
        raise GroupPolicyError(
            f"{wanted.name}: {bad[0]}: what it sets besides the declared settings cannot be kept; put a backup back"
        )


def _standing(stored: StoredPolicy | None, side: str) -> Half:
    return stored.policy.half(side) if stored else Half()


def _half_files(
    side: str, standing: Half, wanted: Half, stored: StoredPolicy | None, *, merge: bool, now: str
) -> tuple[dict[str, bytes], list[str]]:
    """The files of a half that are written, and those that go; a kind whose settings are right is left as it is."""
    present, future = sysvol.kinds(standing), sysvol.kinds(wanted)
    write: dict[str, bytes] = {}
    remove: list[str] = [] if merge else list(standing.files)
    for kind in sorted({*present, *future}):
        before, after = present.get(kind, Half()), future.get(kind, Half())
        if not any(compare_settings("", after.settings(), before.settings())):
            continue
        new = sysvol.encode(kind, after, before, now) if kind in future else {}
        old = sysvol.encode(kind, before) if kind in present else {}
        write.update(new)
        remove += [name for name in old if name.casefold() not in {each.casefold() for each in new}]
    top = FOLDERS[side]
    spelled = stored.folder.spelled if stored else str
    written = {spelled(f"{top}\\{name}"): data for name, data in write.items()}
    kept = {name.casefold() for name in written}
    gone = [spelled(f"{top}\\{name}") for name in remove]
    return written, [
        name for name in gone if name.casefold() not in kept and stored and stored.folder.file(name) is not None
    ]


def _extension_names(side: str, half: Half, stored: StoredPolicy | None, merge: bool) -> str:
    """The extensions of a half: what it holds, and (merge) all that stood there before."""
    make = extensions.machine_names if side == "computer" else extensions.user_names
    names = make(sysvol.kinds(half))
    if not (merge and stored):
        return names
    current = extensions.parse(stored.container.extensions[side])
    together = extensions.format_names((*current, *extensions.parse(names)))
    return together if extensions.parse(together) != current else stored.container.extensions[side]


def container_changes(wanted: Container, present: Container | None) -> Attributes:
    """The attributes of the container that have to be written, all in one request."""
    nothing = dict.fromkeys(SIDES, "")
    before = present or Container(wanted.dn, wanted.guid, wanted.name, 0, 0, nothing, None, b"", wanted.reach)
    rows: list[tuple[str, Any, Any]] = [
        ("displayName", wanted.name, before.name),
        ("flags", wanted.flags, before.flags),
        ("versionNumber", wanted.version, before.version),
        (MARKER, _marked(wanted), _marked(before)),
        *((EXTENSION_NAMES[side], wanted.extensions[side], before.extensions[side]) for side in SIDES),
        *((name, value, before.reach.get(name, "")) for name, value in wanted.reach.items()),
    ]
    return {name: [_signed(value).encode()] if value != "" else [] for name, value, found in rows if value != found}


def _reach(present: Container) -> dict[str, str]:
    """How clients are to find a policy; a path that only spells itself otherwise is right."""
    wanted = reach(names.dns_domain(present.dn), present.guid)
    return {
        name: present.reach.get(name, "") if present.reach.get(name, "").casefold() == value.casefold() else value
        for name, value in wanted.items()
    }


def _marked(container: Container) -> str:
    return container.marker.text() if container.marker else ""


def _signed(value: Any) -> str:
    """A value as the directory takes it: its integers are signed ([MS-ADTS] 3.1.1.2.2.2.9)."""
    return str(value - 2**32 if isinstance(value, int) and value >= 2**31 else value)


def _rights(wanted: GroupPolicy, stored: StoredPolicy | None, every_file: bool) -> tuple[bytes | None, tuple[str, ...]]:
    if stored is None:
        return None, ()
    rights = container_rights(stored.container.descriptor, wanted.applies_to)
    if not stored.folder.exists:
        return rights, ()
    folder = folder_rights(rights or stored.container.descriptor)
    return rights, wrong_rights(stored.folder.descriptors, folder, every_file)


def differences(wanted: GroupPolicy, stored: StoredPolicy | None, run: Circumstances) -> Iterator[Difference]:
    """Everything that is not as declared, apart from links, in words."""
    if stored is None:
        yield Difference(wanted.name, PRESENCE, "present", None)
        yield Difference(wanted.name, "applies_to", sorted(set(wanted.applies_to)), None)
        yield from compare_settings(wanted.name, wanted.settings(), {})
        return
    found = [
        *compare_settings(wanted.name, wanted.settings(), stored.policy.settings(), wanted.merge),
        *(
            Difference(wanted.name, setting, expected, observed)
            for setting, expected, observed in _object_rows(wanted, stored, run.every_file)
            if not equal(expected, observed)
        ),
    ]
    yield from found
    if not found and marker_of(wanted, run.site) != stored.container.marker:
        yield Difference(wanted.name, "version", "raised since the last change", "an earlier run did not end")


def _object_rows(wanted: GroupPolicy, stored: StoredPolicy, every_file: bool) -> Iterator[tuple[str, Any, Any]]:
    """What is declared of the policy besides its settings, and what stands."""
    container, present = stored.container, stored.policy
    yield "status", wanted.status, present.status
    if not wanted.merge:
        yield "name", wanted.name, present.name
        yield "comment", wanted.comment or None, present.comment or None
    rights = filtering(container.descriptor)
    yield "applies_to", sorted(set(wanted.applies_to)), list(rights.applies_to)
    yield "denied", [], list(rights.denied)
    for sid in sorted({*wanted.applies_to, AUTHENTICATED_USERS}):
        yield f"read/{sid}", True, sid in rights.readers
    for name, value in _reach(container).items():
        yield f"reach/{name}", value or None, container.reach.get(name, "") or None
    for side in SIDES:
        half = sysvol.merge(_standing(stored, side), wanted.half(side)) if wanted.merge else wanted.half(side)
        listed = _extension_names(side, half, stored, wanted.merge)
        yield f"extensions/{side}", listed or None, container.extensions[side] or None
    yield (
        "version",
        versions(container.version),
        None if stored.sysvol_version is None else versions(stored.sysvol_version),
    )
    _, wrong = _rights(wanted, stored, every_file)
    yield "rights", [], [path or "(folder)" for path in wrong]
    if not stored.folder.exists:
        yield "folder", "present", None
